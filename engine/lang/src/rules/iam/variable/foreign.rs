//! IAM151: templates of other tools.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Place};
use crate::iam::policy::{Text, Written};
use crate::iam::variables::{Kind, Template, Variable};
use crate::rules::iam::{PolicyContext, PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports expressions of CloudFormation, Terraform and the AWS CDK in a policy.
    ///
    /// ## Why it matters
    /// Nothing resolves them here: there is no such template behind a container, and IAM does not know them.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${AWS::AccountId}:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Source
    /// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    FOREIGN_TEMPLATE = "IAM151", "Template of another tool", Error, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let mut open = vec![ctx.policy.value];
    while let Some(value) = open.pop() {
        // What stands inside of a function is a part of it.
        if let Some((place, name)) = function(ctx, value) {
            let message = format!(
                "`{name}` is a function of CloudFormation, and nothing resolves it here. Write the value, or use a variable, such as `${{aws:accountId}}` or `${{aws:cf:stack.Output}}`."
            );
            acc.push(ctx.report(&FOREIGN_TEMPLATE, place, message));
            continue;
        }
        match ctx.written(value) {
            Written::Map => {
                for (key, child) in value.entries() {
                    let variables = ctx.reader().variables(key);
                    acc.extend(variables.iter().filter_map(|variable| {
                        Some(ctx.report(&FOREIGN_TEMPLATE, ctx.key(child), message(variable, None)?))
                    }));
                    open.push(child);
                }
            }
            Written::List => open.extend(value.items()),
            Written::Text(_) => {
                let text = ctx.reader().text(value);
                acc.extend(text.iter().flat_map(|text| in_text(ctx, text)));
            }
            _ => {}
        }
    }
}

/// Whether a value is a function of CloudFormation, as a tag or as a map of one key.
pub(in crate::rules::iam) fn is_function<'a>(scope: &PolicyScope<'a>, value: Value<'a>) -> bool {
    function(scope, value).is_some()
}

/// The place and the name of a function.
fn function<'a>(scope: &PolicyScope<'a>, value: Value<'a>) -> Option<(Place, &'a str)> {
    if let Written::Function(name) = scope.written(value) {
        let tag = scope.document.tree().node(value.node()).tag.as_ref()?;
        return Some((Place { range: tag.range, ..scope.at(value) }, name));
    }
    if scope.written(value) != Written::Map {
        return None;
    }
    let mut entries = value.entries();
    let (key, child) = entries.next().filter(|(key, _)| *key == "Ref" || key.starts_with("Fn::"))?;
    entries.next().is_none().then(|| (Place { path: value.path(), ..scope.key(child) }, key))
}

fn in_text<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>) -> Vec<Diagnostic> {
    let found = text.variables.iter().filter_map(|variable| {
        let own = own_variable(variable);
        let message = message(variable, own)?;
        let fix = own.and_then(|own| {
            edits::safe(format!("Use `{own}`"), edits::replace_part(ctx, text, variable.range.clone(), own))
        });
        Some(ctx.report(&FOREIGN_TEMPLATE, ctx.part(text, variable.range.clone()), message).fix(fix))
    });
    found.collect()
}

/// What is wrong with a variable of another tool; `None` for all others.
fn message(variable: &Variable<'_>, own: Option<&str>) -> Option<String> {
    let Kind::Foreign(template) = variable.kind else { return None };
    let tool = match template {
        Template::CloudFormation => "CloudFormation",
        Template::Terraform => "Terraform",
        Template::Cdk => "the AWS CDK",
    };
    let advice = own.map_or("Write the value.".to_owned(), |own| format!("Use `{own}`."));
    Some(format!("`${{{}}}` belongs to {tool}, and nothing resolves it here. {advice}", variable.inside))
}

/// The variable of a deployment with the same meaning.
fn own_variable(variable: &Variable<'_>) -> Option<&'static str> {
    match variable.inside.trim() {
        "AWS::AccountId" | "data.aws_caller_identity.current.account_id" => Some("${aws:accountId}"),
        "AWS::Region" | "data.aws_region.current.name" | "data.aws_region.current.region" => Some("${aws:region}"),
        "AWS::Partition" | "data.aws_partition.current.partition" => Some("${aws:partition}"),
        _ => None,
    }
}
