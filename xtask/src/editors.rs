//! Real editors at work with the server, each in a fresh copy of the broken example project.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::{build, command, has, root, step};
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
        let folder = std::env::temp_dir().join(format!("slipway-editors-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let worked = work(editor, &server, &folder);
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        worked?;
    }
    Ok(())
}

fn work(editor: &Editor, server: &Path, folder: &Path) -> Result<()> {
    let file = folder.join("serverless.containers.yml");
    let text = std::fs::read_to_string(root().join("examples/acmeinc-broken/serverless.containers.yml"))?;
    std::fs::write(&file, text)?;
    let mut run = command(editor.program, editor.arguments);
    run.env("SLIPWAY_LSP", server).env("SLIPWAY_FILE", &file).env("HOME", folder).env_remove("XDG_CACHE_HOME");
    step(editor.name, run)
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
