//! Writes the generated files.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use slipway_lang::{rules, schema};

use crate::run::root;

pub(crate) fn run() -> Result<()> {
    let files = files();
    let pages = root().join("docs/rules");
    fs::create_dir_all(&pages)?;
    for entry in fs::read_dir(&pages).context("docs/rules")? {
        let path = entry?.path();
        if !files.contains_key(&path) {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
            eprintln!("removed {}", path.display());
        }
    }
    for (path, text) in files {
        if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            fs::write(&path, text).with_context(|| path.display().to_string())?;
            eprintln!("wrote {}", path.display());
        }
    }
    Ok(())
}

fn files() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: String| files.insert(root().join(path), text);
    add("schema/serverless.containers.schema.json", schema::draft07());
    add("docs/rules/README.md", rules::index());
    for rule in rules::all() {
        add(&rule.url(), rules::page(rule));
    }
    files
}
