//! Every test and check there is.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use anyhow::{Result, bail};

use crate::run::{cargo, has, is_ci, step};
use crate::{bench, dashboard, demo, editors, engine, iam_data, iam_managed, tidy, vscode};

pub(crate) fn run() -> Result<()> {
    step("Format", cargo(&["fmt", "--all", "--check"]))?;
    step("Lint", cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    tidy::run()?;
    licences()?;
    let mut docs = cargo(&["doc", "--locked", "--workspace", "--no-deps"]);
    docs.env("RUSTDOCFLAGS", "--deny warnings");
    step("Documentation", docs)?;
    // The tests run the binaries as a user would, so these come first.
    step("Build", cargo(&["build", "--locked", "--workspace", "--all-targets"]))?;
    let _engine = engine::ensure()?;
    tests()?;
    iam_data::check()?;
    iam_managed::check()?;
    editors::run()?;
    vscode::run()?;
    dashboard::run()?;
    bench::hold_to_the_protocol()?;
    demo::run()?;
    eprintln!("\nEverything passed.");
    Ok(())
}

/// Nextest runs each test in a process of its own; plain cargo serves where it is missing.
fn tests() -> Result<()> {
    if has("cargo", &["nextest", "--version"]) {
        step("Tests", cargo(&["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]))
    } else {
        eprintln!("cargo-nextest is not installed; `cargo test` runs the tests in its place.");
        step("Tests", cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]))
    }
}

/// Licences, advisories where the database is at hand, and crates that must not be there.
fn licences() -> Result<()> {
    if !has("cargo", &["deny", "--version"]) {
        if !is_ci() {
            bail!("cargo-deny is missing. Install it with `cargo install --locked cargo-deny`, then run this again.");
        }
        step("Install cargo-deny", cargo(&["install", "--locked", "cargo-deny"]))?;
    }
    // Also what only other systems build.
    step("Fetch", cargo(&["fetch", "--locked"]))?;
    step("Licences and sources", cargo(&["deny", "--locked", "--offline", "check", "bans", "licenses", "sources"]))
}
