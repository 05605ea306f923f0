//! SCF364: positions of a list in brackets.

use super::{place, replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::variables::grammar::{Part, Piece};

declare_rule! {
    /// ## What it does
    /// Reports a position of a list that is written in brackets.
    ///
    /// ## Why it matters
    /// Paths know dots alone: with brackets nothing is found.
    ///
    /// ## Example
    /// ```json settings.json
    /// { "hosts": ["a.example.com", "b.example.com"] }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):hosts[0]}
    /// ```
    ///
    /// ## Use instead
    /// ```json settings.json
    /// { "hosts": ["a.example.com", "b.example.com"] }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):hosts.0}
    /// ```
    INDEX_SYNTAX = "SCF364", "Index syntax", Error, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx).filter(|found| matches!(found.provider(), "self" | "file")) {
        // Without parentheses, what stands behind the colon of `file` is the path of the file.
        let Some(key) =
            found.reference.key.as_ref().filter(|_| found.provider() == "self" || found.reference.params.is_some())
        else {
            continue;
        };
        for piece in &key.pieces {
            let Piece::Text(range) = piece else { continue };
            for (part, position) in brackets(found.site.text, range) {
                let message =
                    format!("Positions of a list are written with a dot: `.{position}` in place of `[{position}]`.");
                let dot = if part.start == key.range.start { "" } else { "." };
                let edits = replace(ctx, found.site.node, &part, &format!("{dot}{position}"));
                let fix = edits.map(|edits| Fix::safe(format!("Write `.{position}`"), edits));
                acc.push(INDEX_SYNTAX.at(place(ctx, found.site.node, &part), message).fix(fix));
            }
        }
    }
}

/// The positions in brackets in a part of a text, each with the number between its brackets.
fn brackets<'t>(text: &'t str, range: &Part) -> Vec<(Part, &'t str)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(open) = text[at..range.end].find('[').map(|offset| at + offset) {
        let digits = text[open + 1..range.end].bytes().take_while(u8::is_ascii_digit).count();
        let close = open + 1 + digits;
        if digits > 0 && text[close..range.end].starts_with(']') {
            found.push((open..close + 1, &text[open + 1..close]));
        }
        at = close;
    }
    found
}
