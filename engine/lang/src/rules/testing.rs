//! Tests of rules as tables: a text in which the places of the findings are marked, and what the fixes make of it.

use super::{Check, RuleContext};
use crate::config::build;
use crate::diagnostic::{Diagnostic, Severity};
use crate::inputs::Inputs;
use crate::text::apply_edits;
use crate::yaml::Document;

/// Runs the checks on a text. Where `«…»` stand around a part of it, and nowhere else, the rule must report; the marks must not
/// be nested. Answers with the findings of the rule in the order of the text.
#[track_caller]
pub(super) fn expect(checks: &[Check], code: &str, marked: &str, inputs: &Inputs<'_>) -> Vec<Diagnostic> {
    let (text, ranges) = unmark(marked);
    let mut found = run(checks, &text, inputs);
    found.retain(|diagnostic| diagnostic.rule.code == code);
    found.sort_by_key(|diagnostic| diagnostic.range.start());
    let places: Vec<_> = found
        .iter()
        .map(|diagnostic| usize::from(diagnostic.range.start())..usize::from(diagnostic.range.end()))
        .collect();
    let messages: Vec<_> = found.iter().map(|diagnostic| &diagnostic.message).collect();
    assert_eq!(places, ranges, "{code} in\n{marked}\nfound {messages:?}");
    found
}

/// Whether the findings have this severity.
#[track_caller]
pub(super) fn all_are(severity: Severity, found: &[Diagnostic]) {
    assert!(!found.is_empty());
    for diagnostic in found {
        assert_eq!(diagnostic.severity, severity, "{}", diagnostic.message);
    }
}

/// What a fix of the first finding makes of the text.
#[track_caller]
pub(super) fn fixed(checks: &[Check], code: &str, marked: &str, inputs: &Inputs<'_>, safe: bool) -> String {
    let found = expect(checks, code, marked, inputs);
    let fix = found[0].fixes.first().unwrap_or_else(|| panic!("no fix in\n{marked}"));
    assert_eq!(fix.safe, safe, "{}", fix.title);
    apply_edits(&unmark(marked).0, &fix.edits).expect("the edits apply")
}

/// Everything that the checks report.
pub(super) fn run(checks: &[Check], text: &str, inputs: &Inputs<'_>) -> Vec<Diagnostic> {
    let document = Document::new(text);
    let config = build(&document, inputs);
    let ctx = RuleContext::new(&document, &config, inputs);
    let mut found = Vec::new();
    for check in checks {
        check(&ctx, &mut found);
    }
    found
}

fn unmark(marked: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let mut text = String::new();
    let mut ranges = Vec::new();
    let mut start = 0;
    for character in marked.chars() {
        match character {
            '«' => start = text.len(),
            '»' => ranges.push(start..text.len()),
            other => text.push(other),
        }
    }
    (text, ranges)
}
