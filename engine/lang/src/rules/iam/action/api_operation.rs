//! IAM046: operations of an API that are no actions.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Statement, Text};
use crate::iam::tables::api_operations;
use crate::rules::iam::{PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports an action that is the name of an operation, as SDKs and commands have it, but for which IAM checks another one.
    ///
    /// ## Why it matters
    /// IAM takes the policy, and the action grants nothing: to list the objects of a bucket with `ListObjectsV2`, one needs
    /// `s3:ListBucket`.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListObjectsV2
    ///     Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    API_OPERATION = "IAM046", "API operation in the place of an action", Error, fix: Unsafe
}

pub(super) fn operation<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &Text<'a>) -> Option<Diagnostic> {
    let checked: Vec<&str> = match api_operations::checked_instead(text.text) {
        Some(checked) => checked.to_vec(),
        None => vec![http_verb(text.text)?],
    };
    let names: Vec<String> = checked.iter().map(|action| format!("`{action}`")).collect();
    let message = format!(
        "`{}` is an operation of the API, but not an action. IAM checks {} when it is called. Use that.",
        text.text,
        in_words(&names)
    );
    let is_there = |action: &str| {
        let mut entries = statement.actions.iter().flat_map(|element| &element.entries);
        entries.any(|entry| entry.text.eq_ignore_ascii_case(action))
    };
    let missing: Vec<&str> = checked.iter().copied().filter(|action| !is_there(action)).collect();
    let title = format!("Use {}", in_words(&names));
    let fix = edits::suggestion(title, edits::replace_by_several(scope, text.value, &missing));
    Some(scope.report(&API_OPERATION, scope.at(text.value), message).fix(fix))
}

/// What is checked for an operation of API Gateway: the method of HTTP that it is called with.
fn http_verb(operation: &str) -> Option<&'static str> {
    const BY_START: &[(&str, &str)] = &[
        ("create", "apigateway:POST"),
        ("delete", "apigateway:DELETE"),
        ("flush", "apigateway:DELETE"),
        ("generate", "apigateway:POST"),
        ("get", "apigateway:GET"),
        ("import", "apigateway:POST"),
        ("put", "apigateway:PUT"),
        ("tag", "apigateway:PUT"),
        ("test", "apigateway:POST"),
        ("untag", "apigateway:DELETE"),
        ("update", "apigateway:PATCH"),
    ];
    let operation = operation.to_ascii_lowercase();
    let name = operation.strip_prefix("apigateway:")?;
    BY_START.iter().find(|(start, _)| name.len() > start.len() && name.starts_with(start)).map(|(_, action)| *action)
}

fn in_words(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}
