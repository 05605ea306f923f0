//! Python programs, each set in a virtual environment of its own under the target folder.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::{command, step, target_dir};

/// Installs packages with exact versions, unless they are there, and returns the folder of their programs.
pub(crate) fn provide(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = target_dir()?.join("python").join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == packages.join(" ")) {
        return Ok(programs);
    }
    eprintln!("{} is installed with Python's venv and pip into {}.", packages.join(", "), folder.display());
    step("Make a virtual environment", command("python3", &["-m", "venv", &folder.to_string_lossy()]))?;
    let mut install = Command::new(programs.join("pip"));
    install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
    step(&format!("Install {}", packages.join(", ")), install)?;
    fs::write(&stamp, packages.join(" ")).with_context(|| stamp.display().to_string())?;
    Ok(programs)
}
