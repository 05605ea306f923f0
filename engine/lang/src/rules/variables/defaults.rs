//! SCF353 to SCF356: what stands behind the comma of a variable.

use super::{place, replace};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::variables::Site;
use crate::variables::grammar::{Alternative, AlternativeKind, Part};

declare_rule! {
    /// ## What it does
    /// Reports a default without quotes that is no number, `true`, `false` or `null`.
    ///
    /// ## Why it matters
    /// A bare word is neither text nor a reference, and the deployment stops.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: ${env:MODE, fast}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: ${env:MODE, 'fast'}
    /// ```
    BARE_DEFAULT = "SCF353", "Bare default", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a comma with nothing behind it, and a provider without a key.
    ///
    /// ## Why it matters
    /// There is nothing to look up, and the deployment stops.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: ${env:MODE,}
    /// ```
    ///
    /// ## Use instead
    /// Leave the comma out, or write the default. An empty text is `''`.
    /// ```yaml container
    /// environment:
    ///   MODE: ${env:MODE, ''}
    /// ```
    EMPTY_DEFAULT = "SCF354", "Empty default", Error, fix: Safe;

    /// ## What it does
    /// Says that a quoted default holds a comma or a closing brace.
    ///
    /// ## Why it matters
    /// Slipway reads to the closing quote. Older tools cut the text at the comma or the brace and stop with an error.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   HOSTS: ${env:HOSTS, 'a.example.com,b.example.com'}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done, unless others use the original tool. For them, keep the text in a parameter.
    DEFAULT_OLDER_TOOLS_CANNOT_READ = "SCF355", "Default older tools cannot read", Info, fix: None;

    /// ## What it does
    /// Says that an alternative is a variable in braces of its own.
    ///
    /// ## Why it matters
    /// Slipway resolves it. Older tools leave the whole variable as text.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: ${opt:mode, ${env:MODE, 'fast'}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: ${opt:mode, env:MODE, 'fast'}
    /// ```
    NESTED_ALTERNATIVE = "SCF356", "Nested alternative", Info, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for site in ctx.config.variables().sites(ctx.document) {
        let alternatives = site.variable.alternatives();
        for (position, alternative) in alternatives.iter().enumerate() {
            match &alternative.kind {
                AlternativeKind::Bare(nested) if nested.is_empty() => acc.push(bare(ctx, site, alternative, position)),
                AlternativeKind::Literal(literal) if literal.value.is_none() => {
                    let message =
                        "The default is in double quotes, but is no text in JSON's notation. Use single quotes.";
                    acc.push(BARE_DEFAULT.at(place(ctx, site.node, &alternative.range), message));
                }
                AlternativeKind::Literal(literal) if !literal.older_tools_agree => {
                    let message = "Older tools cannot read this default: they take a comma or a brace for its end, also inside quotes and \
                                   brackets.";
                    acc.push(DEFAULT_OLDER_TOOLS_CANNOT_READ.at(place(ctx, site.node, &alternative.range), message));
                }
                AlternativeKind::Nested(variable) if variable.is_lookup() => {
                    let inside = &site.text[variable.range.start + 2..variable.range.end - 1];
                    let message = "Older tools leave a variable as text whose alternative stands in braces of its own.";
                    let edits = replace(ctx, site.node, &alternative.range, inside.trim());
                    let fix = edits.map(|edits| Fix::safe("Remove the inner braces", edits));
                    acc.push(NESTED_ALTERNATIVE.at(place(ctx, site.node, &alternative.range), message).fix(fix));
                }
                AlternativeKind::Reference(reference) if reference.params.is_none() && reference.key.is_none() => {
                    let provider = site.provider(reference);
                    let message = format!(
                        "`{provider}:` names nothing that could be looked up. Write the name behind the colon."
                    );
                    acc.push(EMPTY_DEFAULT.at(place(ctx, site.node, &alternative.range), message));
                }
                AlternativeKind::Empty => acc.push(empty(ctx, site, alternatives, position)),
                _ => {}
            }
        }
    }
}

fn bare(ctx: &RuleContext<'_>, site: Site<'_>, alternative: &Alternative, position: usize) -> Diagnostic {
    let word = site.part(&alternative.range);
    let diagnostic = |message: String| BARE_DEFAULT.at(place(ctx, site.node, &alternative.range), message);
    if position == 0 {
        return diagnostic(format!(
            "`{word}` says neither where a value comes from nor what it is. A variable begins with a source, as in `env:NAME`."
        ));
    }
    let quoted = format!("'{word}'");
    let edits = replace(ctx, site.node, &alternative.range, &quoted).filter(|_| !word.contains(['\'', '"']));
    diagnostic(format!(
        "`{word}` is neither text nor a reference. Put text in single quotes; only numbers, `true`, `false` and `null` stand without."
    ))
    .fix(edits.map(|edits| Fix::suggestion(format!("Write {quoted}"), edits)))
}

fn empty(ctx: &RuleContext<'_>, site: Site<'_>, alternatives: &[Alternative], position: usize) -> Diagnostic {
    let range = &alternatives[position].range;
    // The comma goes with the alternative that it announces; the first one has it behind.
    let comma: Part = match position.checked_sub(1).map(|before| &alternatives[before].range) {
        Some(before) => before.end..range.end.max(before.end + 1),
        None => range.start..alternatives.get(1).map_or(range.end, |next| next.range.start),
    };
    let message = "Nothing stands beside the comma, where a reference or a default belongs. Remove the comma, or write an empty text as `''`.";
    let edits = replace(ctx, site.node, &comma, "");
    EMPTY_DEFAULT
        .at(place(ctx, site.node, &comma), message)
        .fix(edits.map(|edits| Fix::safe("Remove the comma", edits)))
}
