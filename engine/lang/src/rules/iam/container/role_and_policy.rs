//! IAM241: a policy next to a role.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::iam::PolicyContext;

declare_rule! {
    /// ## What it does
    /// Reports a policy next to `roleArn`.
    ///
    /// ## Why it matters
    /// They exclude each other: the policy belongs to the role that is made for the container, and no role is made when one
    /// is named. The original tool takes no notice of `roleArn` then, and makes a role all the same.
    ///
    /// In a configuration [SCF128](SCF128.md) says so; this rule is for policies that stand alone, where the role is named on
    /// the command line.
    ///
    /// ## Example
    /// <!-- with: role=arn:aws:iam::314159265358:role/existing -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// Leave out the role, or the policy:
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ROLE_AND_POLICY = "IAM241", "Policy next to a role", Error, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.facts.role_arn.is_none() || ctx.facts.in_configuration {
        return;
    }
    let message = "A policy and a role exclude each other: the policy belongs to the role that is made for the container, and \
                   none is made when one is named. Leave out one of them.";
    acc.push(ctx.report(&ROLE_AND_POLICY, ctx.key(ctx.policy.value), message));
}
