//! What the tables of verdicts share.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use slipway_lang::analyze;
use slipway_lang::inputs::Inputs;
use slipway_lang::yaml::Document;

/// The findings of some rules about a text, as `CODE severity path`, sorted. The environment is empty, the disk unknown.
pub fn findings(text: &str, codes: RangeInclusive<&str>) -> Vec<String> {
    findings_with(&inputs(), text, codes)
}

/// An empty environment, an unknown disk.
pub fn inputs() -> Inputs<'static> {
    Inputs { env: Some(BTreeMap::new()), ..Inputs::default() }
}

/// The same as [`findings`], with other things known.
pub fn findings_with(inputs: &Inputs<'_>, text: &str, codes: RangeInclusive<&str>) -> Vec<String> {
    let diagnostics = analyze(&Document::new(text), inputs).diagnostics;
    let of_these_rules = diagnostics.iter().filter(|diagnostic| codes.contains(&diagnostic.rule.code));
    let mut findings: Vec<String> = of_these_rules
        .map(|each| format!("{} {} {}", each.rule.code, format!("{:?}", each.severity).to_lowercase(), each.path))
        .collect();
    findings.sort();
    findings
}

/// Holds findings against a table of fragments and what is to be found in each, as `findings` gives it; a path is
/// written from `below` on.
#[track_caller]
pub fn assert_verdicts(
    vectors: &[(&str, &[&str])],
    codes: &RangeInclusive<&str>,
    below: &str,
    document: impl Fn(&str) -> String,
) {
    let mut wrong = Vec::new();
    for (fragment, expected) in vectors {
        let found = findings(&document(fragment), codes.clone());
        let found: Vec<String> = found.iter().map(|each| each.replace(below, "")).collect();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        if found != expected {
            wrong.push(format!("{fragment}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
