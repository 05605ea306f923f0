//! Packages of the registries of npm and Python, each in one exact version.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::run::{command, fill_once, has, need, need_node, step, target_dir};

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
    let wanted: Vec<String> = packages.iter().map(|(_, name, version)| format!("{name} {version}")).collect();
    fill_once(&folder, &wanted.join("\n"), || fill(&folder, packages))?;
    Ok(folder)
}

fn fill(folder: &Path, packages: &[(Registry, &str, &str)]) -> Result<()> {
    let uses = |wanted: Registry| packages.iter().any(|(registry, ..)| *registry == wanted);
    if uses(Registry::Npm) {
        need_node()?;
    }
    if uses(Registry::PyPi) {
        need("Python 3 with pip", &["python3-pip"], || has("python3", &["-m", "pip", "--version"]))?;
    }
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
    Ok(())
}
