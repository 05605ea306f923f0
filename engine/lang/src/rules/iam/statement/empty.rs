//! IAM032, IAM033 and IAM035: elements that say nothing.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::policy::Written;
use crate::rules::iam::context::StatementContext;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an empty list of actions, and an action without text.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: the statement is about nothing.
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
    ///           Action: []
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
    ACTION_EMPTY = "IAM032", "No actions", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an empty list of resources, and a resource without text.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: the statement is about nothing.
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
    ///           Action: s3:GetObject
    ///           Resource: []
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
    RESOURCE_EMPTY = "IAM033", "No resources", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `Condition` without operators.
    ///
    /// ## Why it matters
    /// It asks for nothing, and may go.
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
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    ///           Condition: {}
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
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    CONDITION_EMPTY = "IAM035", "Empty condition", Hint, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for each in &ctx.statements {
        let statement = each.statement;
        for (name, rule) in [
            ("Action", &ACTION_EMPTY),
            ("NotAction", &ACTION_EMPTY),
            ("Resource", &RESOURCE_EMPTY),
            ("NotResource", &RESOURCE_EMPTY),
        ] {
            let Some(value) = statement.value.get(name) else { continue };
            if ctx.written(value) == Written::List {
                if value.items().len() == 0 {
                    acc.push(nothing(ctx, each, value, name, rule));
                }
                let empty = value.items().filter(|item| ctx.written(*item) == Written::Text(""));
                acc.extend(empty.map(|item| nothing(ctx, each, item, name, rule)));
            } else if ctx.written(value) == Written::Text("") {
                acc.push(nothing(ctx, each, value, name, rule));
            }
        }
        if let Some(condition) = statement.value.get("Condition")
            && ctx.written(condition) == Written::Map
            && condition.entries().next().is_none()
        {
            let message = "The condition is empty and asks for nothing. Remove it.";
            let fix = edits::safe("Remove `Condition`", edits::remove(ctx, condition));
            acc.push(ctx.report(&CONDITION_EMPTY, ctx.at(condition), message).unnecessary().fix(fix));
        }
    }
}

fn nothing<'a>(
    ctx: &PolicyContext<'a>,
    statement: &StatementContext<'a>,
    value: Value<'a>,
    name: &str,
    rule: &'static Rule,
) -> Diagnostic {
    let message = format!("`{name}` is empty here, and IAM refuses it. Say what the statement is about, or remove it.");
    let is_one_of_several = value.key().is_none() && value.parent().is_some_and(|list| list.items().len() > 1);
    let finding = ctx.report(rule, ctx.at(value), message);
    if is_one_of_several {
        return finding.fix(edits::suggestion("Remove the empty item", edits::remove(ctx, value)));
    }
    let resources = edits::resources_for(ctx.document, statement).filter(|_| name == "Resource");
    let edits = resources.and_then(|resources| edits::rewrite(ctx, value, &resources));
    finding
        .fix(edits::suggestion("Insert resources of the actions", edits))
        .fix(edits::suggestion("Remove the statement", edits::remove(ctx, statement.statement.value)))
}
