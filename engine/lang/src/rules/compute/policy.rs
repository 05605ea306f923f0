//! SCF129 to SCF137: the policy of a container. What the actions and resources mean is not looked at here.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::limits::arn::Arn;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a policy or a statement in which a required part is absent, or an `Effect` that is neither `Allow` nor `Deny`.
    ///
    /// ## Why it matters
    /// IAM refuses the policy. A statement needs its effect, its actions (`Action` or `NotAction`) and its resources (`Resource`
    /// or `NotResource`).
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
    ///           Action: s3:GetObject
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    POLICY_SHAPE = "SCF129", "Policy shape", Error, fix: Mixed;

    /// ## What it does
    /// Reports a version of the policy language that does not exist.
    ///
    /// ## Why it matters
    /// `Version` is not a date to be chosen: there are the versions `2012-10-17` and `2008-10-17`, and IAM refuses any other text.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2025-01-01"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
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
    /// [Policy element `Version`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    POLICY_VERSION = "SCF130", "Policy version", Blocker, fix: Safe;

    /// ## What it does
    /// Reports a policy without statements.
    ///
    /// ## Why it matters
    /// IAM refuses a policy that says nothing. A container without further permissions needs no policy.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement: []
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    EMPTY_STATEMENT_LIST = "SCF131", "Empty statement list", Blocker, fix: Unsafe;

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
    /// Reports a policy of more than 6144 characters; blanks do not count.
    ///
    /// ## Why it matters
    /// That is the limit of a managed policy, and IAM refuses a longer one.
    ///
    /// ## Example
    /// An alias counts as often as it is used.
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - &tables
    ///           Effect: Allow
    ///           Action:
    ///             - dynamodb:BatchGetItem
    ///             - dynamodb:BatchWriteItem
    ///             - dynamodb:ConditionCheckItem
    ///             - dynamodb:DeleteItem
    ///             - dynamodb:DescribeTable
    ///             - dynamodb:GetItem
    ///             - dynamodb:PutItem
    ///             - dynamodb:Query
    ///             - dynamodb:Scan
    ///             - dynamodb:UpdateItem
    ///           Resource:
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/orders
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/customers
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/products
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/payments
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/shipments
    ///             - arn:aws:dynamodb:eu-west-1:123456789012:table/returns
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    ///         - *tables
    /// ```
    ///
    /// ## Use instead
    /// Merge statements with the same actions, and name resources by their common prefix, such as
    /// `arn:aws:dynamodb:eu-west-1:123456789012:table/shop-*`.
    ///
    /// ## Source
    /// [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    POLICY_TOO_LARGE = "SCF135", "Policy too large", Blocker, fix: None;

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
    EXTENDED_POLICY_KEY = "SCF136", "Extended policy key", Info, fix: None;

    /// ## What it does
    /// Reports a `Principal` in a container's policy.
    ///
    /// ## Why it matters
    /// The policy is attached to the container's role, so the role is the principal. IAM refuses to hear of another one.
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
    ///           Principal: "*"
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
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
    /// [Policy element `Principal`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    PRINCIPAL_IN_IDENTITY_POLICY = "SCF137", "Principal in identity policy", Error, fix: Unsafe
}

/// Most characters of a managed policy, blanks not counted.
const LONGEST: usize = 6144;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policies = ctx.containers().filter_map(|container| container.get(&["compute", "awsIam", "customPolicy"]));
    for policy in policies.filter(|policy| policy.is_map()) {
        version(ctx, policy, acc);
        size(policy, acc);
        let Some(statements) = policy.get("Statement") else { continue };
        if statements.is_map() {
            let message = "A single statement is fine. The original tool wants a list of statements.";
            acc.push(EXTENDED_POLICY_KEY.at(statements.key_place(), message));
            statement(ctx, statements, acc);
        } else if statements.is_list() && statements.items().len() == 0 {
            let message = "`Statement` is empty, and IAM refuses a policy that says nothing. Add a statement, or remove `customPolicy`.";
            let fix = edits::remove(ctx, policy).map(|edits| Fix::suggestion("Remove `customPolicy`", edits));
            acc.push(EMPTY_STATEMENT_LIST.at(statements, message).fix(fix));
        }
        statements.items().filter(|item| item.is_map()).for_each(|item| statement(ctx, item, acc));
    }
}

fn version(ctx: &RuleContext<'_>, policy: Value<'_>, acc: &mut Vec<Diagnostic>) {
    const CURRENT: &str = "2012-10-17";
    let Some((version, text)) = policy.get("Version").and_then(|version| Some((version, version.as_str()?))) else {
        return;
    };
    if ![CURRENT, "2008-10-17"].contains(&text) {
        let message = format!("`{text}` is no version of the policy language. Use `{CURRENT}`, whatever day it is.");
        let fix = edits::replace(ctx, version, Literal::Text(CURRENT));
        acc.push(
            POLICY_VERSION.at(version, message).fix(fix.map(|edits| Fix::safe(format!("Use `{CURRENT}`"), edits))),
        );
    }
}

fn size(policy: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(json) = policy.json() else { return };
    let size = json.to_string().chars().filter(|character| !character.is_whitespace()).count();
    if size > LONGEST {
        let message = format!(
            "The policy has {size} characters, and IAM takes {LONGEST} at most. Merge statements, or name resources by a common prefix."
        );
        acc.push(POLICY_TOO_LARGE.at(policy.key_place(), message));
    }
}

fn statement(ctx: &RuleContext<'_>, statement: Value<'_>, acc: &mut Vec<Diagnostic>) {
    for (name, opposite) in [("Action", "NotAction"), ("Resource", "NotResource")] {
        if statement.get(name).is_none() && statement.get(opposite).is_none() {
            let message = format!("The statement has no `{name}`, and IAM refuses a statement without one.");
            let edits = edits::add_entry(ctx, statement, name, "");
            let fix = edits.map(|edits| Fix::suggestion(format!("Add `{name}`"), edits));
            acc.push(POLICY_SHAPE.at(statement.missing_place(name), message).fix(fix));
        }
    }
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
