//! IAM240: what the original tool refuses.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Written;
use crate::rules::iam::PolicyContext;

declare_rule! {
    /// ## What it does
    /// Says, where the original tool has to read the policy as well, what it refuses: `Sid`, `Condition`, `NotAction`,
    /// `NotResource`, `Id`, a statement that stands in no list, and a missing `Version`.
    ///
    /// ## Why it matters
    /// Slipway takes all of IAM's language. The setting `compat: upstream` asks for this rule.
    ///
    /// ## Example
    /// <!-- with: compat=upstream -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Sid: Reports
    ///     Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
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
    UPSTREAM_ELEMENT = "IAM240", "Element that the original tool refuses", Info, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policy = ctx.policy.value;
    if !ctx.facts.compat_upstream || ctx.written(policy) != Written::Map {
        return;
    }
    let refused = |what: &str| format!("The original tool refuses {what}, and Slipway takes it.");
    if policy.get("Version").is_none() {
        acc.push(ctx.report(&UPSTREAM_ELEMENT, ctx.key(policy), refused("a policy without `Version`")));
    }
    if let Some(id) = policy.get("Id") {
        acc.push(ctx.report(&UPSTREAM_ELEMENT, ctx.key(id), refused("`Id`")));
    }
    if let Some(statement) = policy.get("Statement").filter(|statement| ctx.written(*statement) == Written::Map) {
        acc.push(ctx.report(&UPSTREAM_ELEMENT, ctx.key(statement), refused("a statement that stands in no list")));
    }
    for statement in &ctx.policy.statements {
        for name in ["Sid", "Condition", "NotAction", "NotResource"] {
            if let Some(value) = statement.value.get(name) {
                acc.push(ctx.report(&UPSTREAM_ELEMENT, ctx.key(value), refused(&format!("`{name}`"))));
            }
        }
    }
}
