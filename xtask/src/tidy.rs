//! What no compiler checks.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::{cargo, root};

pub(crate) fn run() -> Result<()> {
    eprintln!("\n== Tidy");
    let mut faults = Vec::new();
    texts(&mut faults)?;
    map(&mut faults)?;
    layers(&mut faults)?;
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    bail!("{} places are not tidy", faults.len());
}

/// Marks that belong in an issue, written so that this file does not hold them itself.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!(")];

fn texts(faults: &mut Vec<String>) -> Result<()> {
    for entry in
        ignore::WalkBuilder::new(root()).hidden(false).filter_entry(|entry| entry.file_name() != ".git").build()
    {
        let entry = entry?;
        let path = entry.path();
        let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        let is = |extension: &str| path.extension().is_some_and(|own| own == extension);
        // Fixtures hold what users might have, untidiness included.
        if !entry.file_type().is_some_and(|kind| kind.is_file()) || shown.contains("fixtures") || is("snap") {
            continue;
        }
        let Ok(text) = fs::read_to_string(path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let at = format!("{shown}:{}", number + 1);
            if line.ends_with([' ', '\t']) && !is("md") {
                faults.push(format!("{at}: blanks at the end of the line"));
            }
            if is("rs") && MARKS.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{at}: an unfinished mark"));
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(format!("{shown}: no line end at the end of the file"));
        }
    }
    Ok(())
}

/// Every path that `ARCHITECTURE.md` names is there.
fn map(faults: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    let mut named = 0;
    for word in text.split('`').skip(1).step_by(2) {
        let path = word.trim_end_matches('/');
        if path.contains('/') && !path.contains([' ', '*', '<', '{', ':']) {
            named += 1;
            if !root().join(path).exists() {
                faults.push(format!("ARCHITECTURE.md names `{word}`, which does not exist"));
            }
        }
    }
    if named == 0 {
        faults.push("ARCHITECTURE.md names no path".to_owned());
    }
    Ok(())
}

/// Who may depend on whom, and on what.
const LAYERS: &[(&str, &[&str])] = &[
    (
        "slipway-lang",
        &["tokio", "hyper", "bollard", "aws-config", "clap", "slipway-engine", "slipway-server", "ls-types"],
    ),
    ("slipway-server", &["slipway-engine", "slipway-balancer", "slipway-lambda", "aws-config", "bollard"]),
    ("slipway-lambda", &["slipway-balancer", "slipway-dev", "slipway-engine", "bollard", "clap"]),
    ("slipway-balancer", &["slipway-dev", "slipway-engine", "bollard", "clap"]),
    ("slipway-dev", &["slipway-engine", "clap", "tower-lsp-server"]),
    ("slipway-engine", &["slipway-server", "tower-lsp-server"]),
];

fn layers(faults: &mut Vec<String>) -> Result<()> {
    let output = cargo(&["metadata", "--format-version=1", "--locked"]).output().context("cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo metadata lists no dependencies")?;
    let id_of = |name: &str| packages.iter().find(|package| package["name"] == name).map(|package| &package["id"]);
    let name_of =
        |id: &Value| packages.iter().find(|package| package["id"] == *id).and_then(|package| package["name"].as_str());
    for (package, forbidden) in LAYERS {
        let Some(start) = id_of(package) else { continue };
        let (mut open, mut seen) = (vec![start], BTreeSet::new());
        while let Some(id) = open.pop() {
            let Some(name) = name_of(id) else { continue };
            if !seen.insert(name.to_owned()) {
                continue;
            }
            let node = nodes.iter().find(|node| node["id"] == *id);
            let deps = node.and_then(|node| node["deps"].as_array()).into_iter().flatten();
            // What only tests use does not reach the user.
            let normal = deps.filter(|dep| {
                dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
            });
            open.extend(normal.map(|dep| &dep["pkg"]));
        }
        for name in *forbidden {
            if seen.contains(*name) {
                faults.push(format!("{package} reaches {name}, which its layer may not"));
            }
        }
        if seen.iter().any(|name| name.starts_with("aws-")) && *package != "slipway-engine" {
            faults.push(format!("{package} reaches an AWS crate"));
        }
    }
    let licence = fs::metadata(root().join(Path::new("LICENSE"))).is_ok();
    if !licence {
        faults.push("LICENSE is missing".to_owned());
    }
    Ok(())
}
