//! SCF136: the policy of a container, as far as the rules about policies do not look at it.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Says that the original tool refuses a part of the policy: `Sid`, `Condition`, `NotAction`, `NotResource`, or a statement
    /// that does not stand in a list.
    ///
    /// ## Why it matters
    /// Slipway takes all of IAM's language for such policies. It matters only while somebody still uses the original tool with
    /// the same file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Sid: ReadReports
    ///           Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done. For both tools to take the file, leave the key out:
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
    /// ```
    EXTENDED_POLICY_KEY = "SCF136", "Extended policy key", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.inputs.iam.compat_upstream {
        // IAM240 says it, and more.
        return;
    }
    let policies = ctx.containers().filter_map(|container| container.get(&["compute", "awsIam", "customPolicy"]));
    for statements in policies.filter_map(|policy| policy.get("Statement")) {
        if statements.is_map() {
            let message = "A single statement is fine. The original tool wants a list of statements.";
            acc.push(EXTENDED_POLICY_KEY.at(statements.key_place(), message));
            statement(statements, acc);
        }
        statements.items().filter(|item| item.is_map()).for_each(|item| statement(item, acc));
    }
}

fn statement(statement: Value<'_>, acc: &mut Vec<Diagnostic>) {
    for name in ["Sid", "Condition", "NotAction", "NotResource"] {
        if let Some(key) = statement.get(name) {
            let message = format!("`{name}` is fine. The original tool refuses a statement that has it.");
            acc.push(EXTENDED_POLICY_KEY.at(key.key_place(), message));
        }
    }
}
