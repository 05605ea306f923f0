//! SCF350: `${` without an end.

use super::{place, replace};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports `${` without the brace that ends it.
    ///
    /// ## Why it matters
    /// It is no variable then: the text stays as it is, and so does every variable behind it in the same text.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   URL: https://${env:HOST
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   URL: https://${env:HOST}
    /// ```
    UNCLOSED_VARIABLE = "SCF350", "Unclosed variable", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let variables = ctx.config.variables();
    let texts = ctx
        .tree()
        .nodes()
        .filter_map(|(node, _)| Some((node, ctx.tree().scalar_text(node)?, variables.template(node)?)));
    for (node, text, template) in texts {
        // Only the last piece of a text can be without an end, and everything in it is then part of it.
        let Some(variable) = template.own_variables().last().filter(|variable| !variable.closed) else { continue };
        let written = &text[variable.range.clone()];
        let word = written.find(char::is_whitespace).unwrap_or(written.len());
        let part = variable.range.start..variable.range.start + word;
        let message =
            "This variable has no closing brace, so that it stays text, and so does everything behind it. Add `}`.";
        let alone = word == written.len() && !written[2..].contains("${");
        let edits = replace(ctx, node, &part, &format!("{written}}}")).filter(|_| alone);
        acc.push(
            UNCLOSED_VARIABLE
                .at(place(ctx, node, &part), message)
                .fix(edits.map(|edits| Fix::suggestion("Add `}`", edits))),
        );
    }
}
