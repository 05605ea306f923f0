//! Real editors at work with the server, each in a fresh copy of the broken example project.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{build, command, has, root, step};
use crate::test::is_ci;
use crate::venv;

/// An editor that can be run without a screen.
struct Editor {
    name: &'static str,
    program: &'static str,
    packages: &'static [&'static str],
    arguments: &'static [&'static str],
}

const EDITORS: [Editor; 2] = [
    Editor {
        name: "Neovim",
        program: "nvim",
        packages: &["neovim"],
        arguments: &["--headless", "--clean", "-c", "luafile tests/editors/neovim.lua"],
    },
    Editor {
        name: "Emacs with eglot",
        program: "emacs",
        packages: &["emacs-nox", "elpa-eglot", "elpa-yaml-mode"],
        arguments: &["-Q", "--batch", "-l", "tests/editors/emacs.el"],
    },
];

pub(crate) fn run() -> Result<()> {
    let server = build("slipway-server", "slipway-lsp", "dev")?;
    // The server finds it beside itself, for the command that is run.
    build("slipway-engine", "slipway", "dev")?;
    for editor in &EDITORS {
        provide(editor)?;
        work(editor.name, command(editor.program, editor.arguments), &server)?;
    }
    let python = protocol_client()?;
    work("The protocol, as three editors speak it", command(python, PROTOCOL_TEST), &server)
}

/// Runs a client in a folder of its own that holds the broken example.
fn work(name: &str, client: Command, server: &Path) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("slipway-editors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let worked = work_in(&folder, name, client, server);
    std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    worked
}

fn work_in(folder: &Path, name: &str, mut client: Command, server: &Path) -> Result<()> {
    let file = folder.join("serverless.containers.yml");
    let text = std::fs::read_to_string(root().join("examples/acmeinc-broken/serverless.containers.yml"))?;
    std::fs::write(&file, text)?;
    client.env("SLIPWAY_LSP", server).env("SLIPWAY_FILE", &file).env("HOME", folder).env_remove("XDG_CACHE_HOME");
    step(name, client)
}

/// `-B` and the missing cache plug-in keep Python from leaving files in the checkout.
const PROTOCOL_TEST: &[&str] = &[
    "-B",
    "-m",
    "pytest",
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-o",
    "asyncio_default_fixture_loop_scope=function",
    "tests/editors/test_protocol.py",
];

/// A Python that has the protocol client.
fn protocol_client() -> Result<PathBuf> {
    if !has("python3", &["-c", "import venv, ensurepip"]) {
        let install = "apt-get install -y --no-install-recommends python3-venv";
        if !is_ci() {
            bail!("Python 3 with venv is missing. Install it with `{install}`, then run this again.");
        }
        step("Update the package lists", command("apt-get", &["update"]))?;
        step("Install Python", command("sh", &["-c", install]))?;
    }
    Ok(venv::provide("protocol-client", &["pytest-lsp==1.0.1", "pytest-asyncio==1.5.0"])?.join("python"))
}

/// Sees to it that the editor is there.
fn provide(editor: &Editor) -> Result<()> {
    if has(editor.program, &["--version"]) {
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", editor.packages.join(" "));
    if !is_ci() {
        bail!("{} is missing. Install it with `{install}`, then run this again.", editor.name);
    }
    step("Update the package lists", command("apt-get", &["update"]))?;
    step(&format!("Install {}", editor.name), command("sh", &["-c", &install]))
}
