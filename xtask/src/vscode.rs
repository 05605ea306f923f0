//! The extension of VS Code: its checks, its unit tests, and its tests within a real editor.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{build, command, has, root, step, target_dir};
use crate::test::is_ci;

/// VS Code's own server and web workbench, as a package.
const VSCODE: &str = "code-server@4.100.3";

/// What Debian calls the browser, a font and the search program that the editor wants.
const DEBIAN: [&str; 3] = ["chromium", "fonts-dejavu-core", "ripgrep"];

/// Checks the extension and runs it in the editor.
pub(crate) fn run() -> Result<()> {
    let server = build("slipway-server", "slipway-lsp", "dev")?;
    if !has("npm", &["--version"]) {
        bail!("Node.js is missing. Install Node.js 20 or newer, then run this again.");
    }
    provide_packages()?;
    step("Check the extension", npm(&["run", "--silent", "check"]))?;
    step("Test the extension", npm(&["run", "--silent", "test:unit"]))?;
    let vscode = provide_vscode()?;
    let chromium = provide_browser()?;

    let folder = std::env::temp_dir().join(format!("slipway-vscode-{}", std::process::id()));
    copy(&root().join("examples"), &folder)?;
    let mut test = npm(&["run", "--silent", "test:editor"]);
    test.env("SLIPWAY_VSCODE", vscode).env("SLIPWAY_LSP", server).env("SLIPWAY_PROJECT", &folder);
    test.env("SLIPWAY_CHROMIUM", chromium).env("SLIPWAY_PICTURES", target_dir()?);
    let tested = step("VS Code", test);
    fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    tested
}

/// Installs the packages that the lock file names, unless they are there.
fn provide_packages() -> Result<()> {
    let extension = root().join("vscode-extension");
    let lock = fs::read_to_string(extension.join("package-lock.json")).context("package-lock.json")?;
    let stamp = extension.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let install = npm(&["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"]);
    step("Install what the extension is built with", install)?;
    fs::write(&stamp, lock).with_context(|| stamp.display().to_string())
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(root().join("vscode-extension"));
    npm
}

/// Installs the editor beside what is built, and returns the folder of its server.
fn provide_vscode() -> Result<PathBuf> {
    let folder = target_dir()?.join("node/vscode");
    let server = folder.join("node_modules/code-server/lib/vscode");
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == VSCODE) {
        return Ok(server);
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{\"private\":true}")?;
    let install = |folder: &Path, arguments: &[&str]| {
        let mut install =
            command("npm", &["install", "--ignore-scripts", "--no-save", "--no-fund", "--no-audit", "--silent"]);
        install.args(arguments).current_dir(folder);
        install
    };
    // It names one version of Node.js and runs on others.
    step(&format!("Install {VSCODE}"), install(&folder, &["--force", VSCODE]))?;
    step("Install what it needs", install(&server, &["--omit=dev"]))?;
    link(Path::new("node_modules"), &server.join("node_modules.asar"))?;
    fs::write(&stamp, VSCODE)?;
    Ok(server)
}

/// The browser that shows the editor, and what else the editor wants of the system.
fn provide_browser() -> Result<PathBuf> {
    let find = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| has(name, &["--version"]));
    if let Some(browser) = find() {
        return which(browser);
    }
    if !is_ci() {
        bail!("A browser is missing. Install it with `apt-get install {}`, then run this again.", DEBIAN.join(" "));
    }
    step("Update the package lists", command("apt-get", &["update"]))?;
    let mut install = command("apt-get", &["install", "-y", "--no-install-recommends"]);
    install.args(DEBIAN);
    step("Install a browser", install)?;
    which(find().context("the browser is not on the search path")?)
}

fn which(program: &str) -> Result<PathBuf> {
    let output = command("sh", &["-c", &format!("command -v {program}")]).output()?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, link).with_context(|| link.display().to_string())
}

#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result<()> {
    bail!("{} cannot be linked: the editor is tested on Linux", link.display())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
