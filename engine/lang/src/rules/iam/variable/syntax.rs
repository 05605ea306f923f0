//! IAM140 to IAM143: how variables are written.

use super::Spot;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::variables::{IamVariable, Variable};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a `${` without a `}`.
    ///
    /// ## Why it matters
    /// All of it is text then, and stands for nothing that a request has.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team/*
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
    VARIABLE_UNCLOSED = "IAM140", "Variable without its closing brace", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a variable without a name.
    ///
    /// ## Why it matters
    /// IAM has nothing to put in its place, and the text stands for nothing that a request has.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/daily/*
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_EMPTY = "IAM141", "Empty variable", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a blank in or around the name of a variable of IAM.
    ///
    /// ## Why it matters
    /// IAM takes it as a part of the name, which then is the name of nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team }/*
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
    VARIABLE_SPACE = "IAM142", "Blank in the name of a variable", Error, fix: Mixed;

    /// ## What it does
    /// Reports a default of a variable of IAM that is not in single quotes.
    ///
    /// ## Why it matters
    /// IAM does not take it for a default.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/${aws:PrincipalTag/team, shared}/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: "arn:aws:s3:::report-archive/${aws:PrincipalTag/team, 'shared'}/*"
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    VARIABLE_DEFAULT = "IAM143", "Default of a variable without quotes", Error, fix: Safe
}

pub(super) fn unclosed<'a>(ctx: &PolicyContext<'a>, spot: &Spot<'a>, variable: &Variable<'a>) -> Diagnostic {
    let message = "The variable has no closing brace, so that all of it is text. Add `}` behind its name.";
    let name = &variable.inside[..end_of_name(ctx, variable.inside)];
    let closed = format!("${{{name}}}{}", &variable.inside[name.len()..]);
    let edits = spot.replace(ctx, variable, &closed).filter(|_| !name.is_empty());
    let fix = edits::suggestion(format!("Close `${{{name}}}`"), edits);
    ctx.report(&VARIABLE_UNCLOSED, spot.place(ctx, variable), message).fix(fix)
}

/// Where the name of a variable without its brace ends: behind the first condition key, else before what no name has.
fn end_of_name(ctx: &PolicyContext<'_>, inside: &str) -> usize {
    let ends = inside.match_indices(['/', ':', '*', '?', ',', ' ', '$']).map(|(at, _)| at).chain([inside.len()]);
    let is_name = |end: &usize| {
        let name = &inside[..*end];
        name.contains(':')
            && (ctx.reference.key(name).is_some() || matches!(name, "aws:accountId" | "aws:region" | "aws:partition"))
    };
    ends.take(8).find(is_name).unwrap_or_else(|| inside.find(['/', '*', '?', ',', ' ', '$']).unwrap_or(inside.len()))
}

pub(super) fn empty<'a>(ctx: &PolicyContext<'a>, spot: &Spot<'a>, variable: &Variable<'a>) -> Diagnostic {
    let message = "The variable has no name, and nothing comes in its place. Name one, or remove it.";
    let fix = edits::suggestion("Remove it", spot.replace(ctx, variable, ""));
    ctx.report(&VARIABLE_EMPTY, spot.place(ctx, variable), message).fix(fix)
}

pub(super) fn space<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Diagnostic {
    let name: String = iam.key.split_whitespace().collect();
    let message = format!("IAM takes the blank as a part of the variable's name. Write `${{{name}}}`.");
    let default = variable.inside.split_once(',').map_or(String::new(), |(_, default)| format!(",{default}"));
    let (title, edits) = ("Remove the blanks", spot.replace(ctx, variable, &format!("${{{name}{default}}}")));
    // The name of a tag may have blanks that variables cannot have.
    let fix = if name == iam.key { edits::safe(title, edits) } else { edits::suggestion(title, edits) };
    ctx.report(&VARIABLE_SPACE, spot.place(ctx, variable), message).fix(fix)
}

pub(super) fn default<'a>(
    ctx: &PolicyContext<'a>,
    spot: &Spot<'a>,
    variable: &Variable<'a>,
    iam: &IamVariable<'a>,
) -> Option<Diagnostic> {
    let default = iam.default.filter(|_| !iam.default_is_quoted())?;
    let quoted = format!("${{{}, '{}'}}", iam.key, default.trim_matches(['\'', '"']));
    let message = format!("A default stands in single quotes, else IAM does not take it for one. Write `{quoted}`.");
    let fix = edits::safe("Put the default in quotes", spot.replace(ctx, variable, &quoted));
    Some(ctx.report(&VARIABLE_DEFAULT, spot.place(ctx, variable), message).fix(fix))
}
