//! The dashboard of `slipway dev` in a real browser.

use anyhow::Result;

use crate::run::{build, command, need_node, root, step, target_dir};
use crate::vscode::{copy, provide_browser, provide_packages};

/// Runs the example, and does with its dashboard what a user would.
pub(crate) fn run() -> Result<()> {
    let slipway = build("slipway-engine", "slipway", "dev")?;
    need_node()?;
    // The driver of the browser is among the packages of the extension's tests.
    provide_packages()?;
    let chromium = provide_browser()?;
    let folder = tempfile::tempdir()?;
    copy(&root().join("examples/acmeinc"), folder.path())?;
    let mut test = command("node", &["tests/dev/dashboard.mjs"]);
    test.env("SLIPWAY", slipway).env("SLIPWAY_PROJECT", folder.path()).env("SLIPWAY_CHROMIUM", chromium);
    test.env("SLIPWAY_PICTURES", target_dir()?).env("SLIPWAY_PACKAGES", root().join("vscode-extension/package.json"));
    step("Dashboard", test)
}
