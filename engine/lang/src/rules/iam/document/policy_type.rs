//! IAM001 and IAM016: what stands in the place of a policy.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::iam::policy::Written;
use crate::inputs::DocumentKind;
use crate::rules::RuleContext;
use crate::rules::iam::{PolicyContext, edits};
use crate::text::TextRange;

declare_rule! {
    /// ## What it does
    /// Reports a policy that is not a map: text, a list, or nothing. Mostly it is the policy's JSON in a block of text.
    ///
    /// ## Why it matters
    /// The policy is sent to IAM as a document. A text is not one, also when it holds JSON.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy: |
    ///       {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::report-archive/*"}]}
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
    POLICY_TYPE = "IAM001", "Policy is not a map", Error, fix: Safe;

    /// ## What it does
    /// Reports a policy whose top level has the keys of a statement, and no `Statement`.
    ///
    /// ## Why it matters
    /// A policy is a `Version` and a list of statements. IAM refuses a statement that stands alone.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Effect: Allow
    ///       Action: s3:GetObject
    ///       Resource: arn:aws:s3:::report-archive/*
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
    BARE_STATEMENT = "IAM016", "Statement in place of a policy", Error, fix: Safe
}

/// The keys that tell a statement.
const STATEMENT_KEYS: [&str; 5] = ["Effect", "Action", "NotAction", "Resource", "NotResource"];

/// Reports a policy of its own that is empty: no value stands for it.
pub(in crate::rules::iam) fn check_empty(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.inputs.kind == DocumentKind::Policy && ctx.root().is_none() && ctx.tree().problems().is_empty() {
        let message = "The file is empty, and a policy belongs here: a map with `Version` and `Statement`.";
        acc.push(POLICY_TYPE.at(Place::new(TextRange::default(), ""), message));
    }
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let value = ctx.policy.value;
    let found = match ctx.written(value) {
        Written::Map if is_bare_statement(ctx) => {
            let message =
                "This is a statement, and a policy belongs here: a map with `Version` and a list under `Statement`.";
            acc.push(ctx.report(&BARE_STATEMENT, ctx.key(value), message).fix(wrap(ctx)));
            return;
        }
        Written::Map | Written::Unknown => return,
        Written::Text(text) if text.trim_start().starts_with('{') => "text that looks like JSON",
        Written::Text(_) => "text",
        Written::Null => "nothing",
        Written::Bool(_) => "a boolean",
        Written::Number(_) => "a number",
        Written::List => "a list",
        Written::Function(_) => "a function of CloudFormation",
    };
    let message = format!("There is {found} here, and a policy belongs here: a map with `Version` and `Statement`.");
    acc.push(ctx.report(&POLICY_TYPE, ctx.at(value), message).fix(convert(ctx)));
}

/// Whether the top level has keys of a statement, and none of a list of statements.
pub(super) fn is_bare_statement(ctx: &PolicyContext<'_>) -> bool {
    let policy = ctx.policy.value;
    let count = STATEMENT_KEYS.iter().filter(|key| policy.get(key).is_some()).count();
    count >= 2 && policy.get("Statement").is_none()
}

fn convert(ctx: &PolicyContext<'_>) -> Option<Fix> {
    let Written::Text(text) = ctx.written(ctx.policy.value) else { return None };
    let json: serde_json::Value = serde_json::from_str(text).ok().filter(serde_json::Value::is_object)?;
    let snippet = edits::yaml_of(&json, ctx.document)?;
    edits::safe("Convert to YAML", edits::rewrite(ctx, ctx.policy.value, &snippet))
}

fn wrap(ctx: &PolicyContext<'_>) -> Option<Fix> {
    let policy = ctx.policy.value;
    if ["Version", "Id"].iter().any(|key| policy.get(key).is_some()) || ctx.document.style().json {
        return None;
    }
    let inner = edits::unindented(ctx.document, policy).replace('\n', "\n    ");
    let snippet = format!("Version: '2012-10-17'\nStatement:\n  - {inner}");
    edits::safe("Make a policy of it", edits::rewrite(ctx, policy, &snippet))
}
