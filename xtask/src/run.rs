//! Starting programs, and saying so.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        manifest.parent().unwrap_or(manifest).to_path_buf()
    });
    &ROOT
}

/// A command in the root of the repository.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Cargo, the one that runs this.
pub(crate) fn cargo(args: &[&str]) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args)
}

/// Says what is run, runs it, and fails when it fails.
pub(crate) fn step(title: &str, mut command: Command) -> Result<()> {
    eprintln!("\n== {title}");
    let status = command.status().with_context(|| format!("{title}: {command:?} could not be started"))?;
    if !status.success() {
        bail!("{title}: failed ({status})");
    }
    Ok(())
}

/// Whether a program can be started.
pub(crate) fn has(program: &str, args: &[&str]) -> bool {
    let status = command(program, args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Whether this runs unattended: then nothing is asked for, and nothing is left out.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Sees to it that something of the system is there: unattended, Debian's packages are installed; else it is said which.
pub(crate) fn need(what: &str, packages: &[&str], is_there: impl FnOnce() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !is_ci() {
        bail!("{what} is missing. Install it with `{install}`, then run this again.");
    }
    step("Update the package lists", command("apt-get", &["update"]))?;
    step(&format!("Install {what}"), command("sh", &["-c", &install]))
}

/// Fails where Node.js is missing or too old, with a sentence that says so. No package of Debian's is new enough.
pub(crate) fn need_node() -> Result<()> {
    let is_new = "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)";
    if !has("node", &["-e", is_new]) || !has("npm", &["--version"]) {
        bail!("Node.js 20 or newer, with npm, is missing. Install it, then run this again.");
    }
    Ok(())
}

/// Fills a folder, unless that was done before for the same `wanted`. What an earlier or unfinished filling left goes first.
pub(crate) fn fill_once(folder: &Path, wanted: &str, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = folder.join(".filled-with");
    if fs::read_to_string(&stamp).is_ok_and(|filled| filled == wanted) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fill()?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let output =
        cargo(&["metadata", "--format-version=1", "--no-deps", "--locked"]).output().context("cargo metadata")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let folder = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
    Ok(PathBuf::from(folder))
}

/// Builds a binary and returns its path.
pub(crate) fn build(package: &str, binary: &str, profile: &str) -> Result<PathBuf> {
    Ok(build_target(package, "--bin", binary, profile)?.join(executable(binary)))
}

/// Builds an example program and returns its path.
pub(crate) fn build_example(package: &str, example: &str, profile: &str) -> Result<PathBuf> {
    Ok(build_target(package, "--example", example, profile)?.join("examples").join(executable(example)))
}

fn build_target(package: &str, kind: &str, name: &str, profile: &str) -> Result<PathBuf> {
    let arguments = ["build", "--locked", "--package", package, kind, name, "--profile", profile];
    step(&format!("Build {name}"), cargo(&arguments))?;
    Ok(target_dir()?.join(if profile == "dev" { "debug" } else { profile }))
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
