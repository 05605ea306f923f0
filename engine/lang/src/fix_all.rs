//! Which fixes may be applied together.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Fix};
use crate::text::{TextEdit, TextSize};

/// The first safe fix of each finding, as far as the fixes leave each other's text alone, with the finding's index. The
/// others wait until the text has been analysed again.
pub fn compatible_fixes(findings: &[Diagnostic]) -> Vec<(usize, &Fix)> {
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
