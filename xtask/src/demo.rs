//! The main job on the example project.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use anyhow::{Result, bail};

use crate::run::{build, command};

pub(crate) fn run() -> Result<()> {
    let slipway = build("slipway-engine", "slipway", "dev")?;
    let show = |title: &str, args: &[&str], expected: i32| -> Result<()> {
        eprintln!("\n== {title}\n$ slipway {}", args.join(" "));
        let status = command(&slipway, args).status()?;
        if status.code() != Some(expected) {
            bail!("slipway {} ended with {status}, not with {expected}", args.join(" "));
        }
        Ok(())
    };
    show("The example project is in order", &["check", "examples/acmeinc"], 0)?;
    show("Its broken twin: every mistake in one run, with what to do", &["check", "examples/acmeinc-broken"], 1)?;
    show("Who answers a request, and why", &["--cwd", "examples/acmeinc", "route", "GET", "/api/products"], 0)?;
    eprintln!("\nNext: `slipway init my-shop` writes a project to start from; `slipway --help` lists everything.");
    Ok(())
}
