//! Real editors at work with the server, each in a fresh copy of the broken example project.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run::{build, command, has, need, root, step};
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
        need(editor.name, editor.packages, || has(editor.program, &["--version"]))?;
        work(editor.name, command(editor.program, editor.arguments), &server)?;
    }
    let python = venv::provide("protocol-client", &["pytest-lsp==1.0.1", "pytest-asyncio==1.5.0"])?.join("python");
    work("The protocol, as three editors speak it", command(python, PROTOCOL_TEST), &server)
}

/// Runs a client in a folder of its own that holds the broken example.
fn work(name: &str, mut client: Command, server: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("serverless.containers.yml");
    let text = std::fs::read_to_string(root().join("examples/acmeinc-broken/serverless.containers.yml"))?;
    std::fs::write(&file, text)?;
    client.env("SLIPWAY_LSP", server).env("SLIPWAY_FILE", &file).env("HOME", folder.path());
    client.env_remove("XDG_CACHE_HOME");
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
