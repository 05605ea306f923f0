//! Which file configures a folder.

use std::path::{Path, PathBuf};

use super::display_path;
use crate::error::Error;

/// The names that are looked for, first match first.
pub(crate) const CONFIG_NAMES: [&str; 3] =
    ["serverless.containers.yml", "serverless.containers.yaml", "serverless.containers.json"];

/// Names that the original tool takes as well, and that would have to be run or are in another language.
pub(crate) const UNREADABLE_NAMES: [&str; 5] = [
    "serverless.containers.toml",
    "serverless.containers.ts",
    "serverless.containers.js",
    "serverless.containers.cjs",
    "serverless.containers.mjs",
];

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

/// The configuration file of a folder: only that folder is looked at.
fn find_in(folder: &Path) -> Option<PathBuf> {
    CONFIG_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// Every configuration file below a folder, sorted by path, and the folders that could not be looked into.
/// What ignore files exclude, hidden folders and installed packages are left out; links are not followed.
fn find_all(folder: &Path) -> (Vec<PathBuf>, Vec<ignore::Error>) {
    let walk = ignore::WalkBuilder::new(folder)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .sort_by_file_path(Path::cmp)
        .build();
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| !kind.is_dir()) && is_config(&entry) => {
                found.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => failed.push(error),
        }
    }
    (found, failed)
}

fn is_config(entry: &ignore::DirEntry) -> bool {
    CONFIG_NAMES.iter().any(|name| entry.file_name() == *name) && entry.path().is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().prefix("slipway").tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, if *file == ".gitignore" { "ignored/\n" } else { "name: x\n" }).unwrap();
        }
        folder
    }

    #[test]
    fn the_first_name_wins() {
        let folder = folder(&["serverless.containers.json", "serverless.containers.yaml"]);
        assert_eq!(find_in(folder.path()), Some(folder.path().join("serverless.containers.yaml")));
    }

    #[test]
    fn a_folder_of_that_name_is_no_configuration() {
        let folder = folder(&["serverless.containers.yml/x", "serverless.containers.json"]);
        assert_eq!(find_in(folder.path()), Some(folder.path().join("serverless.containers.json")));
    }

    #[test]
    fn the_walk_honours_ignore_files() {
        let folder = folder(&[
            ".gitignore",
            "b/serverless.containers.json",
            "a/serverless.containers.yml",
            "a/serverless.containers.ts",
            "a/other.yml",
            "ignored/serverless.containers.yml",
            "a/node_modules/p/serverless.containers.yml",
            ".hidden/serverless.containers.yml",
        ]);
        let (found, failed) = find_all(folder.path());
        let found: Vec<_> = found.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(found, [Path::new("a/serverless.containers.yml"), Path::new("b/serverless.containers.json")]);
        assert!(failed.is_empty());
    }
}
