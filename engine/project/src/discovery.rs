//! Which file configures a folder.

use std::path::{Path, PathBuf};

/// The names that are looked for, first match first.
pub const CONFIG_NAMES: [&str; 3] =
    ["serverless.containers.yml", "serverless.containers.yaml", "serverless.containers.json"];

/// Names that the original tool takes as well, and that would have to be run or are in another language.
pub const UNREADABLE_NAMES: [&str; 5] = [
    "serverless.containers.toml",
    "serverless.containers.ts",
    "serverless.containers.js",
    "serverless.containers.cjs",
    "serverless.containers.mjs",
];

/// The configuration file of a folder: only that folder is looked at.
pub fn find_in(folder: &Path) -> Option<PathBuf> {
    CONFIG_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// Every configuration file below a folder, sorted by path, and the folders that could not be looked into.
/// What ignore files exclude, hidden folders and installed packages are left out; links are not followed.
pub fn find_all(folder: &Path) -> (Vec<PathBuf>, Vec<ignore::Error>) {
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
