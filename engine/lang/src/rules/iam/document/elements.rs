//! IAM002 and IAM012: the keys at the top level of a policy.

use super::policy_type;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Written;
use crate::rules::iam::elements::Elements;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a key at the top level of a policy that is not `Version`, `Id` or `Statement`.
    ///
    /// ## Why it matters
    /// IAM refuses a policy with other keys. Capitals count.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statements:
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
    ///
    /// ## Source
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    POLICY_ELEMENT = "IAM002", "Unknown policy element", Error, fix: Mixed;

    /// ## What it does
    /// Reports an `Id`.
    ///
    /// ## Why it matters
    /// The policy language keeps `Id` to policies of resources. A policy of a role has a name instead, and the `Id` is read
    /// by nobody.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Id: worker
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
    ///
    /// ## Source
    /// [Policy element `Id`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_id.html)
    POLICY_ID = "IAM012", "`Id` in an identity policy", Warning, fix: Safe
}

const ELEMENTS: Elements = Elements { of: "a policy", names: &["Version", "Id", "Statement"] };

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policy = ctx.policy.value;
    if ctx.written(policy) != Written::Map {
        return;
    }
    if let Some(id) = policy.get("Id") {
        let message = "`Id` belongs to policies of resources, and nobody reads it here. Remove it.";
        let fix = edits::safe("Remove `Id`", edits::remove(ctx, id));
        acc.push(ctx.report(&POLICY_ID, ctx.key(id), message).unnecessary().fix(fix));
    }
    if policy_type::is_bare_statement(ctx) {
        return;
    }
    for (key, value) in policy.entries().filter(|(key, _)| !ELEMENTS.has(key)) {
        acc.push(ELEMENTS.report(ctx, &POLICY_ELEMENT, policy, (key, value)));
    }
}

/// Whether an element is there, or a key that was meant for it.
pub(super) fn is_meant(ctx: &PolicyContext<'_>, element: &str) -> bool {
    let meant = |key: &str| key == element || !ELEMENTS.has(key) && ELEMENTS.meant(key) == Some(element);
    ctx.policy.value.entries().any(|(key, _)| meant(key))
}
