//! SCF283: how `dev.watchExtensions` are written.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a file extension that is written without its dot, or with a `*`.
    ///
    /// ## Why it matters
    /// Slipway takes `ts`, `.ts` and `*.ts` for the same. The original tool compares the text as it is when it builds a
    /// Dockerfile, and then only `.ts` ever matches.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   watchExtensions: [ts, "*.json"]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// dev:
    ///   watchExtensions: [.ts, .json]
    /// ```
    EXTENSION_SPELLING = "SCF283", "Extension spelling", Info, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let lists = ctx.containers().filter_map(|container| container.get(&["dev", "watchExtensions"]));
    for extension in lists.flat_map(Value::items) {
        let Some(written) = extension.as_str() else { continue };
        if written.starts_with('.') && !written.contains('*') {
            continue;
        }
        let name = written.trim_start_matches(['*', '.']);
        let expected = (!name.is_empty() && !name.contains(['*', '/'])).then(|| format!(".{name}"));
        let message = match &expected {
            Some(expected) => format!(
                "Write `{expected}` in the place of `{written}`: the original tool only takes the form with a dot."
            ),
            None => format!("`{written}` is no file extension. Write one with its dot, such as `.ts`."),
        };
        let fix = expected.and_then(|expected| {
            let edits = edits::replace(ctx, extension, Literal::Text(&expected))?;
            Some(Fix::safe(format!("Write `{expected}`"), edits))
        });
        acc.push(EXTENSION_SPELLING.at(extension, message).fix(fix));
    }
}
