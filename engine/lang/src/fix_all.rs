//! Applying every fix that is safe.

use std::collections::BTreeMap;

use crate::analysis::analyze;
use crate::diagnostic::{Diagnostic, Fix};
use crate::inputs::Inputs;
use crate::text::{Patch, TextEdit, TextSize, apply_edits};
use crate::yaml::Document;

/// A fix may uncover another finding, so the text is analysed again; this many times at most.
const MAX_ROUNDS: usize = 10;

/// A text with its safe fixes applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// What leads to it, as edits of the text as it was.
    pub edits: Vec<TextEdit>,
    /// What was done, in the order in which it was done.
    pub applied: Vec<Applied>,
    /// The findings whose fixes were applied first, as indexes of those passed in.
    pub mended: Vec<usize>,
}

/// One fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The code of the rule.
    pub code: &'static str,
    /// The path of the finding.
    pub path: String,
    /// What the fix does.
    pub title: String,
}

/// Applies the safe fixes of a document until none is left. `findings` are those of the document as it is.
pub fn fix_all(document: &Document, findings: &[Diagnostic], inputs: &Inputs<'_>) -> Fixed {
    fix_all_with(document, findings, |document| analyze(document, inputs).diagnostics)
}

fn fix_all_with(document: &Document, findings: &[Diagnostic], analyze: impl Fn(&Document) -> Vec<Diagnostic>) -> Fixed {
    let text = document.source().text();
    let mut fixed = Fixed { text: text.to_owned(), edits: Vec::new(), applied: Vec::new(), mended: Vec::new() };
    let mut patch = Patch::new(TextSize::of(text));
    let mut problems = document.tree().problems().len();
    let mut later;
    let mut findings = findings;
    for round in 0..MAX_ROUNDS {
        let chosen = compatible_fixes(findings);
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
        let Ok(text) = apply_edits(&fixed.text, &edits) else { break };
        if text == fixed.text {
            break;
        }
        let next = Document::new(&*text);
        if next.tree().problems().len() > problems {
            // A fix that breaks the syntax is a mistake in its rule; the user's file must not suffer from it.
            break;
        }
        problems = next.tree().problems().len();
        patch.apply(&edits);
        fixed.text = text;
        fixed.applied.extend(chosen.iter().map(|(index, fix)| Applied {
            code: findings[*index].rule.code,
            path: findings[*index].path.clone(),
            title: fix.title.clone(),
        }));
        if round == 0 {
            fixed.mended = chosen.iter().map(|(index, _)| *index).collect();
        }
        later = analyze(&next);
        findings = &later;
    }
    fixed.edits = patch.edits();
    fixed
}

/// The first safe fix of each finding, as far as the fixes leave each other's text alone, with the finding's index. The
/// others wait for the next round.
fn compatible_fixes(findings: &[Diagnostic]) -> Vec<(usize, &Fix)> {
    // Start and end of what is taken. The stretches keep apart, so the last that starts before an edit's end decides.
    let mut taken: BTreeMap<TextSize, TextSize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let Some(fix) = finding.fixes.iter().find(|fix| fix.safe && !fix.edits.is_empty()) else { continue };
        let free = |edit: &TextEdit| {
            taken.range(..=edit.range.end()).next_back().is_none_or(|(_, end)| *end < edit.range.start())
        };
        if fix.edits.iter().all(free) {
            for edit in &fix.edits {
                let end = taken.entry(edit.range.start()).or_insert(edit.range.end());
                *end = (*end).max(edit.range.end());
            }
            chosen.push((index, fix));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare_rule;
    use crate::diagnostic::Place;
    use crate::text::TextRange;

    declare_rule! {
        /// A rule for these tests.
        WRONG = "SCF000", "Wrong", Error, fix: Mixed
    }

    fn finding(text: &str, old: &str, fix: fn(String, Vec<TextEdit>) -> Fix, new: &str) -> Diagnostic {
        let at = TextSize::new(text.find(old).unwrap() as u32);
        let range = TextRange::at(at, TextSize::of(old));
        let edit = TextEdit::replace(range, new);
        WRONG.at(Place::new(range, old), "Wrong.").fix(fix(format!("Use {new}"), vec![edit]))
    }

    /// Mends every `old` of the table that stands in the text by putting `new` there.
    fn fixed(text: &str, table: &[(&str, &str)]) -> Fixed {
        let analyze = |document: &Document| {
            let text = document.source().text();
            let standing = table.iter().filter(|(old, _)| text.contains(old));
            standing.map(|(old, new)| finding(text, old, Fix::safe, new)).collect::<Vec<_>>()
        };
        let document = Document::new(text);
        let fixed = fix_all_with(&document, &analyze(&document), analyze);
        assert_eq!(apply_edits(text, &fixed.edits).unwrap(), fixed.text);
        fixed
    }

    fn titles(fixed: &Fixed) -> Vec<&str> {
        fixed.applied.iter().map(|applied| applied.title.as_str()).collect()
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let fixed = fixed("one two", &[("one", "two"), ("two", "three")]);
        assert_eq!(fixed.text, "three three");
        assert_eq!(titles(&fixed), ["Use two", "Use three", "Use three"]);
        assert_eq!(fixed.mended, [0, 1]);
        assert_eq!(fixed.edits.len(), 2, "{:?}", fixed.edits);
    }

    #[test]
    fn fixes_that_overlap_wait_for_the_next_round() {
        let fixed = fixed("abcd", &[("bc", "x"), ("cd", "never"), ("xd", "y")]);
        assert_eq!(fixed.text, "ay");
        assert_eq!(titles(&fixed), ["Use x", "Use y"]);
    }

    #[test]
    fn insertions_at_one_place_wait_for_each_other() {
        let findings = [finding("x", "", Fix::safe, "a"), finding("x", "", Fix::safe, "b")];
        assert_eq!(compatible_fixes(&findings).len(), 1);
    }

    #[test]
    fn fixes_that_undo_each_other_come_to_an_end() {
        assert_eq!(fixed("a", &[("a", "b"), ("b", "a")]).applied.len(), MAX_ROUNDS);
        assert_eq!(fixed("a", &[("a", "a")]).applied, []);
    }

    #[test]
    fn fixes_that_break_the_syntax_are_dropped() {
        let fixed = fixed("a: b c", &[("b", "{")]);
        assert_eq!((fixed.text.as_str(), fixed.edits.len()), ("a: b c", 0));
    }

    #[test]
    fn fixes_that_need_a_look_are_left_alone() {
        let findings = [finding("a", "a", Fix::suggestion, "b")];
        assert_eq!(fix_all_with(&Document::new("a"), &findings, |_| Vec::new()).text, "a");
    }
}
