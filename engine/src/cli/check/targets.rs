//! Which files a check is about.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::project::{config_of, configs_below, named_config};
use slipway_project::display_path;

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
            named_config(path).map(|path| vec![path])
        } else if recursive {
            configs_below(path, &mut targets.failures)
        } else if config.is_some() {
            Err(Error::input(format!("{} is a folder, and --config names a file", display_path(path))))
        } else {
            config_of(path).map(|path| vec![path])
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
