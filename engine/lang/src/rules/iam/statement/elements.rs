//! IAM020 and IAM027: the keys of a statement.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Statement;
use crate::rules::iam::elements::Elements;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a key of a statement that IAM does not know.
    ///
    /// ## Why it matters
    /// IAM refuses a policy with other keys. Capitals count, and `Action` and `Resource` have no plural.
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
    ///           Actions: s3:GetObject
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
    STATEMENT_ELEMENT = "IAM020", "Unknown statement element", Error, fix: Mixed;

    /// ## What it does
    /// Reports `Principal` and `NotPrincipal`.
    ///
    /// ## Why it matters
    /// The policy is attached to the container's role, so that the role is the principal. IAM refuses to hear of another one.
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
    ///           Principal: '*'
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
    /// [Policy element `Principal`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    PRINCIPAL_NOT_ALLOWED = "IAM027", "Principal in an identity policy", Error, fix: Unsafe
}

const ELEMENTS: Elements = Elements {
    of: "a statement",
    names: &["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
};
const PRINCIPALS: [&str; 2] = ["Principal", "NotPrincipal"];

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.policy.statements {
        for (key, value) in statement.value.entries().filter(|(key, _)| !ELEMENTS.has(key)) {
            if PRINCIPALS.contains(&key) {
                let message = format!(
                    "`{key}` is not allowed here: the policy is attached to the container's role, which is its principal. Remove it."
                );
                let fix = edits::suggestion(format!("Remove `{key}`"), edits::remove(ctx, value));
                acc.push(ctx.report(&PRINCIPAL_NOT_ALLOWED, ctx.key(value), message).fix(fix));
                continue;
            }
            acc.push(ELEMENTS.report(ctx, &STATEMENT_ELEMENT, statement.value, (key, value)));
        }
    }
}

/// Whether one of some elements is there, or a key that was meant for it.
pub(super) fn is_meant(statement: &Statement<'_>, elements: &[&str]) -> bool {
    let known = |key: &str| ELEMENTS.has(key) || PRINCIPALS.contains(&key);
    let meant = |key: &str| {
        elements.contains(&key) || !known(key) && ELEMENTS.meant(key).is_some_and(|near| elements.contains(&near))
    };
    statement.value.entries().any(|(key, _)| meant(key))
}
