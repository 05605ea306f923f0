//! SCF134 and SCF136: the policy of a container, as far as the rules about policies do not look at it.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a statement that allows every action on every resource.
    ///
    /// ## Why it matters
    /// Whoever takes over the container takes over the account. Few containers need more than a handful of actions.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: "*"
    ///           Resource: "*"
    /// ```
    ///
    /// ## Use instead
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
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    ADMIN_POLICY = "SCF134", "Admin policy", Warning, fix: None;

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
    admin(statement, acc);
}

/// Calls `visit` with the text that stands under a key, or with each one of a list.
fn each_text<'a>(value: Option<Value<'a>>, mut visit: impl FnMut(Value<'a>, &'a str)) {
    for value in value.into_iter().flat_map(|value| std::iter::once(value).chain(value.items())) {
        if let Some(text) = value.as_str() {
            visit(value, text);
        }
    }
}

fn admin(statement: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let mut every_resource = false;
    each_text(statement.get("Resource"), |_, text| every_resource |= text == "*");
    if !every_resource || statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
        return;
    }
    each_text(statement.get("Action"), |action, text| {
        if matches!(text, "*" | "*:*") {
            let message =
                "This allows every action on every resource of the account. Name the actions that the container needs.";
            acc.push(ADMIN_POLICY.at(action, message));
        }
    });
}
