//! IAM241: a policy next to a role.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a policy next to `roleArn`.
    ///
    /// ## Why it matters
    /// They exclude each other: the policy belongs to the role that is made for the container, and no role is made when one
    /// is named. The original tool takes no notice of `roleArn` then, and makes a role all the same.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     roleArn: arn:aws:iam::314159265358:role/existing
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
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
    ROLE_AND_POLICY = "IAM241", "Policy next to a role", Error, fix: Unsafe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.facts.role_arn.is_none() {
        return;
    }
    let policy = ctx.policy.value;
    let message = "A policy and `roleArn` exclude each other: the policy belongs to the role that is made for the container, and \
                   none is made when one is named. Remove one of them.";
    let remove = |value, what: &str| edits::suggestion(format!("Remove {what}"), edits::remove(ctx, value));
    let role = policy.parent().and_then(|iam| iam.get("roleArn"));
    let mut diagnostic = ctx.report(&ROLE_AND_POLICY, ctx.key(policy), message);
    if let Some(role) = role {
        diagnostic = diagnostic.related(ctx.key(role).range, "The role is named here.");
    }
    let policy_fix = remove(policy, "the policy").filter(|_| policy.parent().is_some());
    acc.push(diagnostic.fix(policy_fix).fix(role.and_then(|role| remove(role, "`roleArn`"))));
}
