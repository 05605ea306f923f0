//! IAM100 and IAM126: what conditions are made of.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Block, Operator, Qualifier, Test, Written};
use crate::rules::iam::{PolicyContext, variable};

declare_rule! {
    /// ## What it does
    /// Reports a `Condition` that is not made of operators, keys and values.
    ///
    /// ## Why it matters
    /// IAM refuses it. A condition is a map of operators; each of them has a map of condition keys; each of those has a value
    /// or a list of values.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringEquals: daily/
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringEquals:
    ///         s3:prefix: daily/
    /// ```
    ///
    /// ## Source
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    CONDITION_SHAPE = "IAM100", "Condition of a wrong shape", Error, fix: None;

    /// ## What it does
    /// Reports an operator without keys, and a key without values.
    ///
    /// ## Why it matters
    /// Without keys nothing is asked. Without values no request can fit, so that the test only holds where the operator lets
    /// an absent key pass.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:PrincipalTag/team: []
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:PrincipalTag/team: [api]
    /// ```
    ///
    /// ## Source
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    VALUES_EMPTY = "IAM126", "Condition without values", Hint, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.policy.statements {
        let Some(condition) = statement.value.get("Condition") else { continue };
        acc.extend(other_than_map(ctx, condition, "The condition", "operators, such as `StringEquals`"));
        for block in &statement.condition {
            acc.extend(other_than_map(ctx, block.value, &format!("`{}`", block.name), "condition keys"));
            let Some(operator) = block.operator else { continue };
            acc.extend(without_keys(ctx, block));
            for test in &block.tests {
                acc.extend(values(ctx, test));
                acc.extend(without_values(ctx, operator, test));
            }
        }
    }
}

fn other_than_map<'a>(ctx: &PolicyContext<'a>, value: Value<'a>, what: &str, of: &str) -> Option<Diagnostic> {
    let found = found(ctx, value)?;
    if ctx.written(value) == Written::Map {
        return None;
    }
    let message = format!("{what} is {found}, and must be a map of {of}. IAM refuses the policy.");
    Some(ctx.report(&CONDITION_SHAPE, ctx.at(value), message))
}

fn values<'a>(ctx: &PolicyContext<'a>, test: &Test<'a>) -> Vec<Diagnostic> {
    let fault = |value: Value<'a>, expected: &str| {
        if matches!(ctx.written(value), Written::Text(_) | Written::Number(_) | Written::Bool(_)) {
            return None;
        }
        let found = found(ctx, value)?;
        let message = format!("A value of `{}` is {found}, and must be {expected}. IAM refuses the policy.", test.key);
        Some(ctx.report(&CONDITION_SHAPE, ctx.at(value), message))
    };
    match ctx.written(test.value) {
        Written::List => test.value.items().filter_map(|item| fault(item, "text")).collect(),
        _ => fault(test.value, "text, or a list of texts").into_iter().collect(),
    }
}

/// What is there; `None` for what belongs to a template of another tool, and for what only a deployment knows.
fn found<'a>(ctx: &PolicyContext<'a>, value: Value<'a>) -> Option<&'static str> {
    if ctx.reader().is_unknown(value) || variable::is_function(ctx, value) {
        return None;
    }
    Some(match ctx.written(value) {
        Written::Null => "empty",
        Written::Bool(_) => "a boolean",
        Written::Number(_) => "a number",
        Written::Text(_) => "text",
        Written::List => "a list",
        Written::Map => "a map",
        Written::Function(_) | Written::Unknown => return None,
    })
}

fn without_keys<'a>(ctx: &PolicyContext<'a>, block: &Block<'a>) -> Option<Diagnostic> {
    if ctx.written(block.value) != Written::Map || block.value.entries().next().is_some() {
        return None;
    }
    let message = format!("`{}` has no condition keys, and asks for nothing. Name one, or remove it.", block.name);
    Some(ctx.report(&VALUES_EMPTY, ctx.at(block.value), message))
}

fn without_values<'a>(ctx: &PolicyContext<'a>, operator: Operator, test: &Test<'a>) -> Option<Diagnostic> {
    if ctx.written(test.value) != Written::List || test.value.items().len() > 0 {
        return None;
    }
    let holds = match operator.qualifier {
        Some(Qualifier::ForAllValues) => "With `ForAllValues:` it holds only where the key is absent",
        _ if operator.if_exists => "With `IfExists` it holds only where the key is absent",
        Some(Qualifier::ForAnyValue) => "With `ForAnyValue:` it never holds",
        None if operator.negated => "It always holds",
        None => "It never holds",
    };
    let message = format!("`{}` has no values to be held against. {holds}. Name a value, or remove it.", test.key);
    Some(ctx.report(&VALUES_EMPTY, ctx.at(test.value), message))
}
