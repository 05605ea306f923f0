//! SCF376: files that are run.

use super::{literal, uses};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::variables::is_program;

declare_rule! {
    /// ## What it does
    /// Says that a `file` variable names a program.
    ///
    /// ## Why it matters
    /// JavaScript and TypeScript files are run to get a value, which needs Node. An editor or a check runs nothing, so that the
    /// value is unknown to it.
    ///
    /// ## Example
    /// ```text settings.js
    /// module.exports = { host: "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.js):host}
    /// ```
    ///
    /// ## Use instead
    /// A file that holds the data, where that will do.
    /// ```json settings.json
    /// { "host": "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):host}
    /// ```
    NEEDS_NODE = "SCF376", "Needs Node", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx).filter(|found| found.provider() == "file") {
        let Some(word) = found.reference.params.as_ref().or(found.reference.key.as_ref()) else { continue };
        let path = literal(found.site, word).map(|path| path.split('#').next().unwrap_or(path));
        if path.is_some_and(is_program) {
            let message = "This file is a program: its value is only known when Node runs it, at deployment.";
            acc.push(NEEDS_NODE.at(found.place(ctx, &word.range), message));
        }
    }
}
