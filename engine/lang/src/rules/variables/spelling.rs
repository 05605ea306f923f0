//! SCF377: spellings that are only kept for old files.

use super::{replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::variables::stages::Source;

declare_rule! {
    /// ## What it does
    /// Points out `${ssm:…}`, `${s3:…}` and `${cf:…}`.
    ///
    /// ## Why it matters
    /// They mean the same as `${aws:ssm:…}` and so on, and are kept for old files. With parentheses, as in
    /// `${ssm(eu-west-1):…}`, there is no newer spelling, and nothing is reported.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   DATABASE_URL: ${ssm:/shop/database-url}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   DATABASE_URL: ${aws:ssm:/shop/database-url}
    /// ```
    OLD_SPELLING = "SCF377", "Old spelling", Hint, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx).filter(|found| found.reference.params.is_none() && found.reference.key.is_some()) {
        let Source::Provider(provider) = found.source else { continue };
        let Some(newer) = provider.replaced_by else { continue };
        let part = &found.reference.provider;
        let message = format!("`{}:` is the old spelling of `{newer}:`.", provider.name);
        let edits = replace(ctx, found.site.node, part, newer);
        acc.push(
            OLD_SPELLING
                .at(found.place(ctx, part), message)
                .fix(edits.map(|edits| Fix::safe(format!("Write `{newer}:`"), edits))),
        );
    }
}
