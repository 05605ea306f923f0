//! SCF373: the stage, read from the command line alone.

use super::{replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports `${opt:stage}` without a default.
    ///
    /// ## Why it matters
    /// It gives what `--stage` was given, and nothing without that option, although there always is a stage.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   STAGE: ${opt:stage}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   STAGE: ${sls:stage}
    /// ```
    STAGE_OPTION_WITHOUT_DEFAULT = "SCF373", "`${opt:stage}` without default", Warning, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx).filter(|found| found.provider() == "opt" && found.is_last() && found.key() == Some("stage"))
    {
        let message = "`opt:stage` has no value where `--stage` is not given. `sls:stage` is the stage in force, however it was chosen.";
        // A resolver of the user's own may be called `opt`; then there is no saying what it reads.
        let edits = replace(ctx, found.site.node, &found.alternative.range, "sls:stage");
        let fix = edits.map(|edits| Fix::safe("Use `sls:stage`", edits));
        acc.push(STAGE_OPTION_WITHOUT_DEFAULT.at(found.place(ctx, &found.alternative.range), message).fix(fix));
    }
}
