//! IAM150: variables that are left to IAM.

use super::Spot;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::variables::{IamVariable, Variable};
use crate::rules::iam::PolicyContext;

declare_rule! {
    /// ## What it does
    /// Reports a variable that is a condition key of IAM. It is a warning where the original tool has to read the policy,
    /// too.
    ///
    /// ## Why it matters
    /// It reaches IAM as it is written, and IAM puts in the value of each request. The original tool looks for it among the
    /// parameters of Systems Manager instead: the deployment fails, or a default in quotes takes its place for every caller.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${param:team}/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_KEPT_FOR_IAM = "IAM150", "Variable that is left to IAM", Info, fix: None
}

pub(super) fn kept<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Diagnostic {
    let is_global = iam.key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    let original = match (is_global, iam.default) {
        (true, Some(_)) => {
            "The original tool looks it up in Parameter Store, and may put the default in its place without a word."
        }
        (true, None) => "The original tool looks it up in Parameter Store instead, and the deployment fails.",
        (false, _) => "The original tool takes it for a value of its own, and the deployment may fail.",
    };
    let message = format!("`${{{}}}` goes to IAM as it is written. {original}", variable.inside);
    let severity = if ctx.facts.compat_upstream { Severity::Warning } else { Severity::Info };
    ctx.report(&VARIABLE_KEPT_FOR_IAM, spot.place(ctx, variable), message).severity(severity)
}
