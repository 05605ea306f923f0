//! SCF267: environment variables that are not set.

use super::{replace, report};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::variables::finding::FindingKind;

declare_rule! {
    /// ## What it does
    /// Reports an environment variable that is set neither in the environment nor in a `.env` file, without a default.
    ///
    /// ## Why it matters
    /// Deployed from here, the variable has no value and the deployment stops. It may be set elsewhere, so this is a warning.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   API_URL: ${env:API_URL}
    /// ```
    ///
    /// ## Use instead
    /// Set it, add it to `.env` or `.env.<stage>` beside the file, or give it a default.
    /// ```yaml container
    /// environment:
    ///   API_URL: ${env:API_URL, 'https://api.example.com'}
    /// ```
    UNDEFINED_LOCAL_VARIABLE = "SCF267", "Undefined local variable", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for finding in ctx.config.variables().findings() {
        let FindingKind::EnvironmentMissing { name } = &finding.kind else { continue };
        let message = format!(
            "`{name}` is set neither in the environment nor in a `.env` file, and the variable has no default. Set it, or add a default behind a comma."
        );
        let default = finding.part.as_ref().and_then(|part| {
            let written = ctx.tree().scalar_text(finding.node)?.get(part.clone())?;
            let is_reference = written.ends_with(name.as_str()) && !written.contains('$');
            replace(ctx, finding.node, part, &format!("{written}, ''")).filter(|_| is_reference)
        });
        let fix = default.map(|edits| Fix::suggestion("Add an empty default", edits));
        acc.push(report(ctx, &UNDEFINED_LOCAL_VARIABLE, finding, message).fix(fix));
    }
}
