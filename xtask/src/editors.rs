//! Real editors at work with the server, each in a fresh copy of the broken example project.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{build, command, has, root, step, target_dir};
use crate::test::is_ci;

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
    let python = provide_protocol_client()?;
    let arguments = ["-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "tests/editors/test_protocol.py"];
    work("A protocol client in Python", command(python, &arguments), &server)
}

/// Runs a client on a fresh copy of the example.
fn work(name: &str, mut run: Command, server: &Path) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("slipway-editors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let file = folder.join("serverless.containers.yml");
    std::fs::copy(root().join("examples/acmeinc-broken/serverless.containers.yml"), &file)?;
    run.env("SLIPWAY_LSP", server).env("SLIPWAY_FILE", &file).env("SLIPWAY_PROJECT", &folder);
    run.env("XDG_CACHE_HOME", folder.join("cache")).env("PYTHONDONTWRITEBYTECODE", "1");
    let worked = step(name, run);
    std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    worked
}

/// A Python that has the client, in a folder of its own beside what cargo builds.
fn provide_protocol_client() -> Result<PathBuf> {
    const PACKAGES: [&str; 2] = ["pytest-lsp==1.0.1", "pytest-asyncio"];
    let folder = target_dir()?.join("editors-python");
    let python = folder.join("bin/python3");
    if python.is_file() && has(&python.display().to_string(), &["-c", "import pytest_lsp"]) {
        return Ok(python);
    }
    if !has("python3", &["-m", "venv", "--help"]) {
        if !is_ci() {
            bail!(
                "Python 3 with `venv` is missing. Install it with `apt-get install python3-venv`, then run this again."
            );
        }
        let install = "apt-get update && apt-get install -y --no-install-recommends python3-venv";
        step("Install Python", command("sh", &["-c", install]))?;
    }
    step("Make a Python environment", command("python3", &["-m", "venv", &folder.display().to_string()]))?;
    let arguments = [&["-m", "pip", "install", "--quiet", "--disable-pip-version-check"][..], &PACKAGES].concat();
    step("Install the protocol client", command(&python, &arguments))?;
    Ok(python)
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
