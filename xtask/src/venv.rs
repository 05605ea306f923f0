//! Python programs, each set in a virtual environment of its own under the target folder.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::run::{command, fill_once, has, need, step, target_dir};

/// Installs packages with exact versions, unless they are there, and returns the folder of their programs.
pub(crate) fn provide(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = target_dir()?.join("python").join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    fill_once(&folder, &packages.join(" "), || {
        need("Python 3 with venv", &["python3-venv"], || has("python3", &["-c", "import venv, ensurepip"]))?;
        eprintln!("{} is installed with Python's venv and pip into {}.", packages.join(", "), folder.display());
        step("Make a virtual environment", command("python3", &["-m", "venv", &folder.to_string_lossy()]))?;
        let mut install = Command::new(programs.join("pip"));
        install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
        step(&format!("Install {}", packages.join(", ")), install)
    })?;
    Ok(programs)
}
