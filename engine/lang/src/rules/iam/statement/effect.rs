//! IAM021 and IAM022: what a statement does.

use super::elements;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::fix::Placement;
use crate::iam::policy::Written;
use crate::rules::iam::{PolicyContext, edits, variable};
use crate::suggest::nearest;

declare_rule! {
    /// ## What it does
    /// Reports a statement without `Effect`.
    ///
    /// ## Why it matters
    /// IAM refuses it: there is no default.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Effect`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html)
    EFFECT_MISSING = "IAM021", "Missing `Effect`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an `Effect` other than `Allow` and `Deny`.
    ///
    /// ## Why it matters
    /// IAM refuses every other word. Capitals count.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Effect`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html)
    EFFECT_INVALID = "IAM022", "Unknown effect", Error, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.policy.statements {
        let Some(effect) = statement.value.get("Effect") else {
            if !elements::is_meant(statement, &["Effect"]) {
                let message =
                    "The statement has no `Effect`, and IAM refuses it: there is no default. Add `Effect: Allow`.";
                // Most statements allow, but only their author knows.
                let edits = edits::add(ctx, statement.value, "Effect", "Allow", Placement::First);
                let fix = edits::suggestion("Add `Effect: Allow`", edits);
                acc.push(ctx.report(&EFFECT_MISSING, ctx.missing(statement.value, "Effect"), message).fix(fix));
            }
            continue;
        };
        let Written::Text(text) = ctx.written(effect) else { continue };
        let has_variable = || variable::is_for_iam(&ctx.reader().variables(text));
        if statement.effect.is_some() || ctx.reader().is_unknown(effect) || has_variable() {
            continue;
        }
        let near = nearest(text.trim(), ["Allow", "Deny"])
            .or_else(|| ["Allow", "Deny"].into_iter().find(|word| *word == text.trim()));
        let meant = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
        let message = format!("The effect must be `Allow` or `Deny`, in these capitals, and is `{text}`.{meant}");
        let fix = near.and_then(|near| edits::safe(format!("Use `{near}`"), edits::replace(ctx, effect, near)));
        acc.push(ctx.report(&EFFECT_INVALID, ctx.at(effect), message).fix(fix));
    }
}
