//! IAM023 to IAM026: actions and resources that are missing, or are said in two ways.

use super::elements;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fix::Placement;
use crate::iam::policy::Statement;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a statement with neither `Action` nor `NotAction`.
    ///
    /// ## Why it matters
    /// IAM refuses it: a statement is about actions.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    ACTION_MISSING = "IAM023", "Missing `Action`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a statement with both `Action` and `NotAction`.
    ///
    /// ## Why it matters
    /// IAM refuses it: a statement is about these actions, or about all others.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           NotAction: s3:DeleteObject
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    ACTION_AND_NOT_ACTION = "IAM024", "`Action` and `NotAction` together", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a statement with neither `Resource` nor `NotResource`.
    ///
    /// ## Why it matters
    /// IAM refuses it: a statement in the policy of a role is about resources.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    RESOURCE_MISSING = "IAM025", "Missing `Resource`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a statement with both `Resource` and `NotResource`.
    ///
    /// ## Why it matters
    /// IAM refuses it: a statement is about these resources, or about all others.
    ///
    /// ## Example
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
    ///           NotResource: arn:aws:s3:::report-archive/secret/*
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    RESOURCE_AND_NOT_RESOURCE = "IAM026", "`Resource` and `NotResource` together", Error, fix: Unsafe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for each in &ctx.statements {
        let statement = each.statement;
        one_of(ctx, statement, ["Action", "NotAction"], [&ACTION_MISSING, &ACTION_AND_NOT_ACTION], String::new, acc);
        let resources = || edits::resources_for(ctx.document, each).unwrap_or_default();
        one_of(
            ctx,
            statement,
            ["Resource", "NotResource"],
            [&RESOURCE_MISSING, &RESOURCE_AND_NOT_RESOURCE],
            resources,
            acc,
        );
    }
}

fn one_of<'a>(
    ctx: &PolicyContext<'a>,
    statement: &Statement<'a>,
    [name, opposite]: [&str; 2],
    [missing, both]: [&'static Rule; 2],
    snippet: impl FnOnce() -> String,
    acc: &mut Vec<Diagnostic>,
) {
    match (statement.value.get(name), statement.value.get(opposite)) {
        (None, None) if !elements::is_meant(statement, &[name, opposite]) => {
            let message = format!("The statement has no `{name}`, and IAM refuses a statement without one. Add it.");
            let edits = edits::add(ctx, statement.value, name, &snippet(), Placement::Last);
            let fix = edits::suggestion(format!("Add `{name}`"), edits);
            acc.push(ctx.report(missing, ctx.missing(statement.value, name), message).fix(fix));
        }
        (Some(first), Some(second)) => {
            let message = format!(
                "The statement has `{name}` and `{opposite}`, and IAM refuses it: it is about one of them. Remove the other."
            );
            let remove = |value, name: &str| edits::suggestion(format!("Remove `{name}`"), edits::remove(ctx, value));
            acc.push(
                ctx.report(both, ctx.key(second), message)
                    .related(ctx.key(first).range, format!("`{name}` is here."))
                    .fix(remove(second, opposite))
                    .fix(remove(first, name)),
            );
        }
        _ => {}
    }
}
