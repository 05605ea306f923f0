//! SCF372: a blank behind the colon of a variable.

use super::{replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a blank between the colon of a variable and the key behind it.
    ///
    /// ## Why it matters
    /// The blank becomes part of the key, and nothing is called that: the variable has no value, or always the default.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: "${env: MODE, 'fast'}"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: "${env:MODE, 'fast'}"
    /// ```
    SPACE_AFTER_COLON = "SCF372", "Space after colon", Warning, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx) {
        let Some(start) = found
            .reference
            .resolver
            .as_ref()
            .map(|resolver| resolver.start)
            .or_else(|| found.reference.key.as_ref().map(|key| key.range.start))
        else {
            continue;
        };
        let rest = &found.site.text[start..found.alternative.range.end];
        let blanks = rest.len() - rest.trim_start().len();
        if blanks == 0 {
            continue;
        }
        let part = start..start + blanks;
        let message =
            "The blank behind the colon is taken for a part of the name, and nothing has that name. Remove it.";
        let edits = replace(ctx, found.site.node, &part, "");
        acc.push(
            SPACE_AFTER_COLON
                .at(found.place(ctx, &part), message)
                .fix(edits.map(|edits| Fix::safe("Remove the blank", edits))),
        );
    }
}
