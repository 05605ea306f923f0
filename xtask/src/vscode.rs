//! The extension of VS Code: its checks, its unit tests, and its tests within a real editor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::{build, command, fill_once, need, need_node, root, step, target_dir};

/// VS Code's own server and web workbench, as a package.
const VSCODE: &str = "code-server@4.100.3";

/// Checks the extension and runs it in the editor.
pub(crate) fn run() -> Result<()> {
    let server = build("slipway-server", "slipway-lsp", "dev")?;
    need_node()?;
    provide_packages()?;
    step("Check the extension", npm(&["run", "--silent", "check"]))?;
    step("Test the extension", npm(&["run", "--silent", "test:unit"]))?;
    let vscode = provide_vscode()?;
    let chromium = provide_browser()?;

    let folder = tempfile::tempdir()?;
    copy(&root().join("examples"), folder.path())?;
    let mut test = npm(&["run", "--silent", "test:editor"]);
    test.env("SLIPWAY_VSCODE", vscode).env("SLIPWAY_LSP", server).env("SLIPWAY_PROJECT", folder.path());
    test.env("SLIPWAY_CHROMIUM", chromium).env("SLIPWAY_PICTURES", target_dir()?);
    step("VS Code", test)
}

/// Installs the packages that the lock file names, unless they are there.
pub(crate) fn provide_packages() -> Result<()> {
    let extension = root().join("vscode-extension");
    let lock = fs::read_to_string(extension.join("package-lock.json")).context("package-lock.json")?;
    fill_once(&extension.join("node_modules"), &lock, || {
        let install = npm(&["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"]);
        step("Install what the extension is built with", install)
    })
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
    let install = |folder: &Path, arguments: &[&str]| {
        let mut install =
            command("npm", &["install", "--ignore-scripts", "--no-save", "--no-fund", "--no-audit", "--silent"]);
        install.args(arguments).current_dir(folder);
        install
    };
    fill_once(&folder, VSCODE, || {
        fs::write(folder.join("package.json"), "{\"private\":true}")?;
        // It names one version of Node.js and runs on others.
        step(&format!("Install {VSCODE}"), install(&folder, &["--force", VSCODE]))?;
        step("Install what it needs", install(&server, &["--omit=dev"]))?;
        link(Path::new("node_modules"), &server.join("node_modules.asar"))
    })?;
    Ok(server)
}

/// The browser that shows what is tested.
pub(crate) fn provide_browser() -> Result<PathBuf> {
    need("A browser", &["chromium", "fonts-dejavu-core"], || browser().is_some())?;
    browser().context("the browser is not on the search path")
}

fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(|name| which::which(name).ok())
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, link).with_context(|| link.display().to_string())
}

#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result<()> {
    anyhow::bail!("{} cannot be linked: the editor is tested on Linux", link.display())
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
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
