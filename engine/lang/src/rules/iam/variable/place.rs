//! IAM144 to IAM146: where variables may stand.

use super::{Role, Spot};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::Arn;
use crate::iam::policy::Family;
use crate::iam::variables::{IamVariable, Kind, Variable};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a variable of IAM in `Action`, `NotAction`, `Effect`, an operator or a condition key.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: it resolves variables in resources and in the values of conditions only.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:${aws:PrincipalTag/verb}Object
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_PLACE = "IAM144", "Variable where IAM takes none", Error, fix: None;

    /// ## What it does
    /// Reports a variable of IAM before the fifth colon of a resource.
    ///
    /// ## Why it matters
    /// IAM resolves variables in the last field only. Variables that a deployment resolves may stand everywhere.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_EARLY = "IAM145", "Variable in an early field of an ARN", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a variable of IAM as the value of an operator for numbers, dates, addresses or bytes, and of `Null`.
    ///
    /// ## Why it matters
    /// IAM resolves variables in texts, ARNs and booleans only, so that the value is none.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       NumericLessThan:
    ///         s3:max-keys: ${aws:PrincipalTag/limit}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       NumericLessThan:
    ///         s3:max-keys: 10
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_OPERATOR = "IAM146", "Variable under an operator that takes none", Error, fix: None
}

/// Whether a variable of IAM stands in a text: where none may, that is reported, and nothing else about the text.
pub(in crate::rules::iam) fn is_for_iam(variables: &[Variable<'_>]) -> bool {
    variables.iter().any(|variable| matches!(variable.kind, Kind::Iam(_)))
}

pub(super) fn fixed<'a>(ctx: &PolicyContext<'a>, spot: &Spot<'a>, variable: &Variable<'a>, what: &str) -> Diagnostic {
    let message = format!(
        "IAM resolves variables in resources and in values of conditions only, and refuses `${{{}}}` in {what}. Write it out.",
        variable.inside
    );
    ctx.report(&VARIABLE_PLACE, spot.place(ctx, variable), message)
}

pub(super) fn early<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Option<Diagnostic> {
    let is_early = |arn: Arn<'_>| variable.range.start < arn.resource.range.start;
    if !matches!(spot.role, Role::Resource) || !Arn::split(spot.text.text).is_ok_and(is_early) {
        return None;
    }
    let is = |key: &str| key.eq_ignore_ascii_case(iam.key);
    let other = match () {
        () if is("aws:PrincipalAccount") || is("aws:ResourceAccount") => Some("${aws:accountId}"),
        () if is("aws:RequestedRegion") => Some("${aws:region}"),
        () => None,
    };
    let advice =
        other.map_or("Write it out.".to_owned(), |other| format!("Use `{other}`, which the deployment resolves."));
    let message = format!(
        "IAM resolves variables behind the fifth colon of an ARN only, and `${{{}}}` stands before it. {advice}",
        variable.inside
    );
    let fix = other.and_then(|other| edits::suggestion(format!("Use `{other}`"), spot.replace(ctx, variable, other)));
    Some(ctx.report(&VARIABLE_EARLY, spot.place(ctx, variable), message).fix(fix))
}

pub(super) fn operator<'a>(ctx: &PolicyContext<'a>, spot: &Spot<'a>, variable: &Variable<'a>) -> Option<Diagnostic> {
    let Role::Value(operator) = spot.role else { return None };
    let wanted = match operator.family {
        Family::Numeric => "a number",
        Family::Date => "a date",
        Family::Ip => "an address",
        Family::Binary => "bytes",
        Family::Null => "`true` or `false`",
        Family::String | Family::Arn | Family::Bool => return None,
    };
    let message = format!(
        "IAM does not resolve variables under `{}`, and `${{{}}}` is not {wanted}. Write the value out.",
        operator.name, variable.inside
    );
    Some(ctx.report(&VARIABLE_OPERATOR, spot.place(ctx, variable), message))
}
