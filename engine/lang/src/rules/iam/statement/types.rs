//! IAM028: elements of a wrong type.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Written;
use crate::rules::iam::{PolicyContext, variable};

declare_rule! {
    /// ## What it does
    /// Reports a number, a boolean, a map, nothing or a nested list where text, or a list of texts, belongs.
    ///
    /// ## Why it matters
    /// IAM refuses the policy.
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
    ///           Action: {s3: GetObject}
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
    ELEMENT_TYPE = "IAM028", "Statement element of a wrong type", Error, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.policy.statements {
        for name in ["Sid", "Effect"] {
            if let Some(value) = statement.value.get(name) {
                acc.extend(no_text(ctx, value, &format!("`{name}`"), "text"));
            }
        }
        for name in ["Action", "NotAction", "Resource", "NotResource"] {
            let Some(value) = statement.value.get(name) else { continue };
            if ctx.written(value) == Written::List {
                acc.extend(
                    value.items().filter_map(|item| no_text(ctx, item, &format!("This item of `{name}`"), "text")),
                );
            } else {
                acc.extend(no_text(ctx, value, &format!("`{name}`"), "text, or a list of texts"));
            }
        }
    }
}

fn no_text<'a>(ctx: &PolicyContext<'a>, value: Value<'a>, what: &str, expected: &str) -> Option<Diagnostic> {
    let found = match ctx.written(value) {
        // What belongs to CloudFormation is told apart from the rest.
        Written::Map if variable::is_function(ctx, value) => return None,
        Written::Text(_) | Written::Unknown | Written::Function(_) => return None,
        Written::Null => "empty",
        Written::Bool(_) => "a boolean",
        Written::Number(_) => "a number",
        Written::List => "a list",
        Written::Map => "a map",
    };
    let message = format!("{what} is {found}, but must be {expected}.");
    Some(ctx.report(&ELEMENT_TYPE, ctx.at(value), message))
}
