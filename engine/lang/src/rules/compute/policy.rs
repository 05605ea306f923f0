//! SCF132, SCF133 and SCF136: the policy of a container, as far as the rules about policies do not look at it.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::limits::arn::Arn;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an action that is neither `*` nor `service:Name`.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: every action begins with the prefix of its service and a colon.
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
    ///           Action: [GetItem, dynamodb.Query]
    ///           Resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders
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
    ///           Action: [dynamodb:GetItem, dynamodb:Query]
    ///           Resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    BAD_ACTION = "SCF132", "Bad action", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a resource that is neither `*` nor an ARN.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: a resource is named in full, with its service, region and account.
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
    ///           Action: dynamodb:GetItem
    ///           Resource: orders
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
    ///           Action: dynamodb:GetItem
    ///           Resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders
    /// ```
    ///
    /// ## Source
    /// [Policy element `Resource`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    BAD_RESOURCE = "SCF133", "Bad resource", Blocker, fix: None;

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
            statement(ctx, statements, acc);
        }
        statements.items().filter(|item| item.is_map()).for_each(|item| statement(ctx, item, acc));
    }
}

fn statement(ctx: &RuleContext<'_>, statement: Value<'_>, acc: &mut Vec<Diagnostic>) {
    for name in ["Sid", "Condition", "NotAction", "NotResource"] {
        if let Some(key) = statement.get(name) {
            let message = format!("`{name}` is fine. The original tool refuses a statement that has it.");
            acc.push(EXTENDED_POLICY_KEY.at(key.key_place(), message));
        }
    }
    for name in ["Action", "NotAction"] {
        each_text(statement.get(name), |value, text| acc.extend(bad_action(ctx, value, text)));
    }
    for name in ["Resource", "NotResource"] {
        each_text(statement.get(name), |value, text| acc.extend(bad_resource(value, text)));
    }
}

/// Calls `visit` with the text that stands under a key, or with each one of a list.
fn each_text<'a>(value: Option<Value<'a>>, mut visit: impl FnMut(Value<'a>, &'a str)) {
    for value in value.into_iter().flat_map(|value| std::iter::once(value).chain(value.items())) {
        if let Some(text) = value.as_str() {
            visit(value, text);
        }
    }
}

fn bad_action(ctx: &RuleContext<'_>, value: Value<'_>, text: &str) -> Option<Diagnostic> {
    if is_action(text) {
        return None;
    }
    // People part the service from the name in the ways of other places.
    let meant = text.replacen(['.', '/'], ":", 1);
    let meant = Some(meant).filter(|meant| !text.contains(':') && is_action(meant));
    let hint = meant.as_ref().map_or("such as `s3:GetObject`".to_owned(), |meant| format!("probably `{meant}`"));
    let message =
        format!("`{text}` is not an action. Write the service and the name with a colon between them, {hint}, or `*`.");
    let fix = meant.and_then(|meant| {
        let edits = edits::replace(ctx, value, Literal::Text(&meant))?;
        Some(Fix::suggestion(format!("Use `{meant}`"), edits))
    });
    Some(BAD_ACTION.at(value, message).fix(fix))
}

fn is_action(text: &str) -> bool {
    let Some((service, name)) = text.split_once(':') else { return text == "*" };
    let is_service = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'-' | b'_');
    let service_fits = service == "*" || (!service.is_empty() && service.bytes().all(is_service));
    service_fits && !name.is_empty() && name.bytes().all(is_name)
}

fn bad_resource(value: Value<'_>, text: &str) -> Option<Diagnostic> {
    // A wildcard may stand for several parts of an ARN, and a variable of IAM for any text.
    let open_ended = text.starts_with("arn:") && text.contains(['*', '?']) || text.starts_with("${");
    if text == "*" || Arn::parse(text).is_ok() || open_ended {
        return None;
    }
    let message = format!(
        "`{text}` is not a resource. Write its ARN, `arn:aws:<service>:<region>:<account>:<resource>`, or `*` for all."
    );
    Some(BAD_RESOURCE.at(value, message))
}

#[cfg(test)]
mod tests {
    use super::is_action;

    #[test]
    fn actions_are_told_from_other_text() {
        for yes in ["*", "*:*", "s3:*", "s3:Get?bject", "dynamodb:GetItem", "execute-api:Invoke", "S3:getobject"] {
            assert!(is_action(yes), "{yes}");
        }
        for no in
            ["", "GetItem", "s3:", ":GetObject", "s3:Get Object", "s3:Get:Object", "s3.GetObject", "s*:Get", "s3 :Get"]
        {
            assert!(!is_action(no), "{no}");
        }
    }
}
