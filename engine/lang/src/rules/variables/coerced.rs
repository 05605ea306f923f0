//! SCF363: text in the place of a number or a boolean. The shape checks report text that can be read as what is asked for.

use super::report;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::RuleContext;
use crate::variables::finding::FindingKind;

declare_rule! {
    /// ## What it does
    /// Says that a variable gives text where a number or a boolean is needed, and that the text is read as one. Text that
    /// `strToBool` cannot read is an error.
    ///
    /// ## Why it matters
    /// Environment variables and options are always text. Slipway reads `"512"` as 512 in such a place; older tools refuse
    /// the file.
    ///
    /// ## Example
    /// <!-- with: env.MEMORY=512 -->
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: ${env:MEMORY}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done, unless others use the original tool. For them, a parameter keeps its type:
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     params:
    ///       memory: 512
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///       awsLambda:
    ///         memory: ${param:memory}
    /// ```
    TEXT_AS_OTHER_TYPE = "SCF363", "Text used as number or boolean", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for finding in ctx.config.variables().findings() {
        if finding.kind == FindingKind::NotBoolean {
            let message = "`strToBool` reads `true` and `1`, `false` and `0`, and this text is none of them.";
            acc.push(report(ctx, &TEXT_AS_OTHER_TYPE, finding, message).severity(Severity::Error));
        }
    }
}
