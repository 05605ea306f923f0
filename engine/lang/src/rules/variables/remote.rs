//! SCF370: values that only AWS knows.

use super::uses;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::variables::Effective;
use crate::variables::providers::Reach;

declare_rule! {
    /// ## What it does
    /// Says that the value of a variable is kept in AWS.
    ///
    /// ## Why it matters
    /// Editor and check ask nobody: whatever depends on the value is not looked at until the deployment.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   DATABASE_URL: ${aws:ssm:/shop/database-url}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    NEEDS_AWS = "SCF370", "Needs AWS", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let variables = ctx.config.variables();
    for found in uses(ctx) {
        let is_remote = found.source.provider().is_some_and(|provider| provider.reach == Reach::Aws);
        let before = &found.site.variable.alternatives()[..found.position];
        let needed = || {
            before.iter().all(|alternative| {
                matches!(variables.effective(found.site.node, alternative), Effective::Missing | Effective::Unknown)
            })
        };
        if is_remote && needed() {
            let message = "This value is kept in AWS. Checks that need it wait for the deployment.";
            acc.push(NEEDS_AWS.at(found.place(ctx, &found.alternative.range), message));
        }
    }
}
