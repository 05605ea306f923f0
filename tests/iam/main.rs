//! The cases of the policy lint: `slipway iam lint` finds what is written in each of them, and no other error or warning.

mod case;
mod commands;
mod explain;
mod reference;

use std::fs;
use std::path::{Path, PathBuf};

use case::Case;

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/iam");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // What the policies of AWS get is held against another program's answer: `xtask/src/iam_managed.rs`.
    files.retain(|file| !file.ends_with("managed-baseline.yaml"));
    files.sort();
    files.iter().flat_map(|file| case::read(file)).collect()
}

#[test]
fn every_case_gets_what_is_expected_and_nothing_graver() {
    let cases = cases();
    assert!(cases.len() >= 143, "there are {} cases only", cases.len());
    let complaints: Vec<String> = cases.iter().flat_map(Case::complaints).collect();
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}
