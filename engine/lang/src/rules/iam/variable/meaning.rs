//! IAM147 to IAM149: what variables stand for.

use super::Spot;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::tables::contains;
use crate::iam::tables::never_present::NEVER_PRESENT;
use crate::iam::variables::{IamVariable, Variable};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a variable that neither a deployment nor IAM resolves.
    ///
    /// ## Why it matters
    /// The text stands for nothing that a request has.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTags/team}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team}/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_UNKNOWN = "IAM147", "Unknown variable in a policy", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a variable, without a default, of a key that requests with the role of a function or a task never have.
    ///
    /// ## Why it matters
    /// IAM has nothing to put in its place, and the text fits no request.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:username}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:userid}/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_NEVER_SET = "IAM148", "Variable that a container never has", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a variable of a condition key that may have several values.
    ///
    /// ## Why it matters
    /// IAM only puts single values into texts, so that the text fits no request.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:TagKeys}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team}/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_MULTIVALUED = "IAM149", "Variable with several values", Warning, fix: None
}

pub(super) fn unknown<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    near: Option<&str>,
) -> Diagnostic {
    let (name, rest) = match variable.inside.split_once(',') {
        Some((name, _)) => (name, &variable.inside[name.len()..]),
        None => (variable.inside, ""),
    };
    let near = near.and_then(|near| ctx.reference.key(near)).map(|near| near.spelt_like(name.trim()));
    let advice = match &near {
        Some(near) => format!("Did you mean `${{{near}}}`?"),
        None => "A deployment resolves `${self:…}`, `${param:…}`, `${env:…}`, `${opt:…}`, `${aws:…}`, `${ssm:…}` and `${file(…)}`.".to_owned(),
    };
    let message = format!(
        "`${{{}}}` is neither a variable that a deployment resolves nor a condition key of IAM. {advice}",
        variable.inside
    );
    let fix = near.and_then(|near| {
        let edits = spot.replace(ctx, variable, &format!("${{{near}{rest}}}"));
        edits::suggestion(format!("Use `${{{near}}}`"), edits)
    });
    ctx.report(&VARIABLE_UNKNOWN, spot.place(ctx, variable), message).fix(fix)
}

pub(super) fn never_set<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Option<Diagnostic> {
    // A default would come in its place.
    if iam.default.is_some() || !contains(NEVER_PRESENT, iam.key) {
        return None;
    }
    let message = format!(
        "Requests with the role of a container never have `{}`, so that this never fits. Use `${{aws:userid}}`, or a tag of the role: `${{aws:PrincipalTag/…}}`.",
        iam.key
    );
    let fix = edits::suggestion("Use `${aws:userid}`", spot.replace(ctx, variable, "${aws:userid}"));
    Some(ctx.report(&VARIABLE_NEVER_SET, spot.place(ctx, variable), message).fix(fix))
}

pub(super) fn multivalued<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Option<Diagnostic> {
    ctx.reference.key(iam.key).filter(|key| key.is_multivalued())?;
    let message = format!(
        "`{}` may have several values, and IAM puts none of them into a text. Use a key with one value.",
        iam.key
    );
    Some(ctx.report(&VARIABLE_MULTIVALUED, spot.place(ctx, variable), message))
}
