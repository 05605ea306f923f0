//! Packages of the registries of npm and Python, each in one exact version.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::run::{command, has, step, target_dir};

/// Where a package comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registry {
    Npm,
    PyPi,
}

/// Unpacks packages, given by registry, name and version, unless they are there. Each has a folder of its last name in the folder
/// that is returned, which is under the target folder; what Python packages need is left out, and none of their
/// programs is run.
pub(crate) fn fetch(folder: &str, packages: &[(Registry, &str, &str)]) -> Result<PathBuf> {
    let folder = target_dir()?.join(folder);
    let stamp = folder.join("fetched");
    let wanted: Vec<String> = packages.iter().map(|(_, name, version)| format!("{name} {version}")).collect();
    let wanted = wanted.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        return Ok(folder);
    }
    ensure!(has("npm", &["--version"]), "npm, which comes with Node.js, is missing; it fetches data about IAM.");
    ensure!(has("python3", &["-m", "pip", "--version"]), "Python 3 with pip is missing; it fetches data about IAM.");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for (registry, name, version) in packages {
        let into = folder.join(name.rsplit('/').next().unwrap_or(name));
        let into = into.to_string_lossy();
        let title = format!("Fetch {name} {version}");
        match registry {
            Registry::Npm => {
                let wanted = format!("{name}@{version}");
                let install =
                    ["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
                step(&title, command("npm", &[&install[..], &["--prefix", &into, &wanted]].concat()))?;
            }
            Registry::PyPi => {
                let wanted = format!("{name}=={version}");
                let install = [
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "--root-user-action=ignore",
                    "--no-compile",
                ];
                step(&title, command("python3", &[&install[..], &["--target", &into, &wanted]].concat()))?;
            }
        }
    }
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
    Ok(folder)
}
