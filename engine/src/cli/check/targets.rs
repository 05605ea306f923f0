//! Which files a check is about.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::project::{CONFIG_NAMES, UNREADABLE_NAMES, display_path, find_all, find_in};

/// The files to check, each once, and what stands in the way of the others.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// In the order in which they were named.
    pub(crate) files: Vec<PathBuf>,
    /// Paths that lead to no file.
    pub(crate) failures: Vec<Error>,
}

/// Finds the files: those named, those in the folders named, else the one in the working directory.
pub(crate) fn find(paths: &[PathBuf], config: Option<&Path>, recursive: bool) -> Targets {
    let mut targets = Targets::default();
    let mut seen = HashSet::new();
    let here = [PathBuf::from(".")];
    let named: Vec<&Path> = match config {
        Some(config) => vec![config],
        None if paths.is_empty() => here.iter().map(PathBuf::as_path).collect(),
        None => paths.iter().map(PathBuf::as_path).collect(),
    };
    for path in named {
        let found = if !path.is_dir() {
            readable(path).map(|path| vec![path])
        } else if recursive {
            below(path, &mut targets.failures)
        } else if config.is_some() {
            Err(Error::input(format!("{} is a folder, and --config names a file", display_path(path))))
        } else {
            inside(path).map(|path| vec![path])
        };
        match found {
            Ok(files) => {
                let unseen = files.into_iter().filter(|file| seen.insert(file.canonicalize().unwrap_or(file.clone())));
                targets.files.extend(unseen);
            }
            Err(error) => targets.failures.push(error),
        }
    }
    targets
}

/// A path that was named, unless it is missing or in a language that is not read.
fn readable(path: &Path) -> Result<PathBuf, Error> {
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
fn inside(folder: &Path) -> Result<PathBuf, Error> {
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
fn below(folder: &Path, failures: &mut Vec<Error>) -> Result<Vec<PathBuf>, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().prefix("slipway").tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "name: x\n").unwrap();
        }
        folder
    }

    fn only_failure(targets: &Targets) -> String {
        assert!(targets.files.is_empty());
        let [failure] = targets.failures.as_slice() else { panic!("{:?}", targets.failures) };
        format!("{} | {}", failure.chain(), failure.advice().unwrap_or_default())
    }

    #[test]
    fn a_file_named_twice_is_checked_once() {
        let folder = folder(&["serverless.containers.yml", "sub/x"]);
        let file = folder.path().join("serverless.containers.yml");
        let again = folder.path().join("sub/../serverless.containers.yml");
        let targets = find(&[file.clone(), again, folder.path().to_owned()], None, false);
        assert_eq!(targets.files, [file]);
        assert!(targets.failures.is_empty());
    }

    #[test]
    fn a_folder_without_configuration_is_explained() {
        let cases = [
            (&["x"][..], "were looked for", "slipway init"),
            (&["serverless.containers.yml/x"], "serverless.containers.yml is a folder", "Rename"),
            (&["serverless.containers.ts"], "serverless.containers.ts is there", "Move"),
        ];
        for (files, reason, help) in cases {
            let folder = folder(files);
            let failure = only_failure(&find(&[folder.path().to_owned()], None, false));
            assert!(failure.contains(reason) && failure.contains(help), "{failure}");
        }
    }

    #[test]
    fn the_nearest_configuration_above_is_named() {
        let folder = folder(&["serverless.containers.yml", "a/b/x"]);
        let failure = only_failure(&find(&[folder.path().join("a/b")], None, false));
        assert!(failure.contains("--cwd"), "{failure}");
    }

    #[test]
    fn paths_that_lead_nowhere_are_explained() {
        let folder = folder(&["serverless.containers.yml", "other.ts"]);
        let failure = |name: &str| only_failure(&find(&[folder.path().join(name)], None, false));
        assert!(
            failure("serverless.container.yml").contains("Did you mean"),
            "{}",
            failure("serverless.container.yml")
        );
        assert!(failure("other.ts").contains("reads YAML and JSON"), "{}", failure("other.ts"));
        let config = only_failure(&find(&[], Some(folder.path()), false));
        assert!(config.contains("--config names a file"), "{config}");
    }

    #[test]
    fn folders_are_searched_when_asked() {
        let folder = folder(&["a/serverless.containers.yml", "b/serverless.containers.json"]);
        assert_eq!(find(&[folder.path().to_owned()], None, true).files.len(), 2);
        let empty = folder.path().join("a/empty");
        std::fs::create_dir(&empty).unwrap();
        assert!(only_failure(&find(&[empty], None, true)).contains("any folder below it"));
    }
}
