//! Which file configures a folder.

use std::path::{Path, PathBuf};

use slipway_project::{CONFIG_NAMES, UNREADABLE_NAMES, display_path, find_all, find_in};

use crate::error::Error;

/// A path that was named, unless it is missing or in a language that is not read.
pub(crate) fn named_config(path: &Path) -> Result<PathBuf, Error> {
    let shown = display_path(path);
    if let Err(error) = std::fs::metadata(path) {
        if error.kind() != std::io::ErrorKind::NotFound {
            return Err(Error::input(format!("cannot read {shown}")).because(error));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let error = Error::input(format!("there is no file {shown}"));
        return Err(match find_in(folder) {
            Some(other) => error.help(format!("Did you mean {}?", display_path(&other))),
            None => error.help("Check the spelling and the working directory."),
        });
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    if let Some(extension) = extension.filter(|name| ["toml", "ts", "js", "cjs", "mjs"].contains(&name.as_str())) {
        return Err(Error::input(format!("{shown} is a .{extension} file, and Slipway reads YAML and JSON"))
            .help(format!("Move the configuration to {}.", CONFIG_NAMES[0])));
    }
    Ok(path.to_owned())
}

/// The configuration file of a folder.
pub(crate) fn config_of(folder: &Path) -> Result<PathBuf, Error> {
    find_in(folder).ok_or_else(|| {
        let place = folder.canonicalize().unwrap_or(folder.to_owned());
        let error =
            |reason: &str| Error::input(format!("there is no configuration file in {}{reason}", display_path(&place)));
        if let Some(name) = CONFIG_NAMES.iter().find(|name| place.join(name).is_dir()) {
            return error(&format!(": {name} is a folder")).help("Rename the folder, or name the file to check.");
        }
        if let Some(name) = UNREADABLE_NAMES.iter().find(|name| place.join(name).exists()) {
            return error(&format!(": {name} is there, but Slipway reads YAML and JSON"))
                .help(format!("Move the configuration to {}.", CONFIG_NAMES[0]));
        }
        let looked_for = format!(": {} and {} were looked for", CONFIG_NAMES[..2].join(", "), CONFIG_NAMES[2]);
        error(&looked_for).help(match place.ancestors().skip(1).find_map(find_in) {
            Some(above) => {
                let above = above.parent().unwrap_or(&above).display();
                format!("There is one in {above}: add `--cwd {above}`. `slipway init` writes a new project here.")
            }
            None => "`slipway init` writes a starter project here; `--config FILE` names a file elsewhere.".to_owned(),
        })
    })
}

/// Every configuration file below a folder.
pub(crate) fn configs_below(folder: &Path, failures: &mut Vec<Error>) -> Result<Vec<PathBuf>, Error> {
    let (files, failed) = find_all(folder);
    let shown = display_path(&folder.canonicalize().unwrap_or(folder.to_owned()));
    let failed: Vec<Error> =
        failed.into_iter().map(|error| Error::input(format!("cannot search all of {shown}")).because(error)).collect();
    if files.is_empty() && failed.is_empty() {
        return Err(Error::input(format!("there is no configuration file in {shown} or any folder below it"))
            .help("What .gitignore excludes and hidden folders are not searched; name such a file itself."));
    }
    failures.extend(failed);
    Ok(files)
}
