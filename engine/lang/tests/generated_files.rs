//! What is generated and checked in is what the code makes today. `cargo xtask generate` writes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use slipway_lang::{rules, schema};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[track_caller]
fn assert_fresh(path: &str, made: &str) {
    let stored = fs::read_to_string(root().join(path)).unwrap_or_default();
    assert!(stored == made, "{path} is out of date: run `cargo xtask generate`");
}

#[test]
fn the_schema_is_fresh() {
    assert_fresh("schema/serverless.containers.schema.json", &schema::draft07());
}

#[test]
fn the_rule_pages_are_fresh_and_no_others_are_there() {
    assert_fresh("docs/rules/README.md", &rules::index());
    let mut pages = BTreeSet::from(["README.md".to_owned()]);
    for rule in rules::all() {
        assert_fresh(&rule.url(), &rules::page(rule));
        pages.insert(format!("{}.md", rule.code));
    }
    let stored = fs::read_dir(root().join("docs/rules")).unwrap();
    let stored: BTreeSet<String> = stored.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(stored, pages);
}
