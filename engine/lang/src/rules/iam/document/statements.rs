//! IAM007 to IAM009: the statements as a whole.

use super::{elements, policy_type};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Placement;
use crate::iam::policy::Written;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a policy without `Statement`.
    ///
    /// ## Why it matters
    /// IAM refuses a policy that says nothing.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
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
    STATEMENT_MISSING = "IAM007", "Missing `Statement`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an empty list of statements.
    ///
    /// ## Why it matters
    /// IAM refuses a policy that says nothing. A container that needs no permissions needs no policy.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement: []
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    ///
    /// ## Source
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    STATEMENT_EMPTY = "IAM008", "No statements", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a statement that is not a map, and a `Statement` that is neither a map nor a list.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: a statement is a map with an effect, actions and resources.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - - Effect: Allow
    ///             Action: s3:GetObject
    ///             Resource: arn:aws:s3:::report-archive/*
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
    STATEMENT_TYPE = "IAM009", "Statement is not a map", Error, fix: Unsafe
}

const SKELETON: &str = "\n  - Effect: Allow\n    Action:\n    Resource:";

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policy = ctx.policy.value;
    if ctx.written(policy) != Written::Map {
        return;
    }
    let Some(statements) = policy.get("Statement") else {
        if !elements::is_meant(ctx, "Statement") && !policy_type::is_bare_statement(ctx) {
            let message = "The policy has no `Statement`, and IAM refuses a policy that says nothing.";
            let fix =
                edits::suggestion("Add a statement", edits::add(ctx, policy, "Statement", SKELETON, Placement::Last));
            acc.push(ctx.report(&STATEMENT_MISSING, ctx.missing(policy, "Statement"), message).fix(fix));
        }
        return;
    };
    match ctx.written(statements) {
        Written::List if statements.items().len() == 0 => {
            let message = "`Statement` is empty, and IAM refuses a policy that says nothing. Add a statement, or remove the policy.";
            let remove = edits::remove(ctx, policy).filter(|_| policy.key().is_some());
            let add = edits::rewrite(ctx, statements, SKELETON.trim_start());
            acc.push(
                ctx.report(&STATEMENT_EMPTY, ctx.at(statements), message)
                    .fix(edits::suggestion("Remove the policy", remove))
                    .fix(edits::suggestion("Add a statement", add)),
            );
        }
        Written::List => {
            for item in statements.items() {
                no_map(ctx, statements, item, acc);
            }
        }
        Written::Map => {}
        _ => no_map(ctx, statements, statements, acc),
    }
}

fn no_map<'a>(ctx: &PolicyContext<'a>, statements: Value<'a>, item: Value<'a>, acc: &mut Vec<Diagnostic>) {
    let found = match ctx.written(item) {
        Written::Map | Written::Unknown => return,
        _ if ctx.reader().is_unknown(item) => return,
        Written::List => "a list",
        Written::Null => "nothing",
        _ => "a single value",
    };
    let message =
        format!("There is {found} here, and a statement belongs here: a map with `Effect`, `Action` and `Resource`.");
    acc.push(ctx.report(&STATEMENT_TYPE, ctx.at(item), message).fix(flatten(ctx, statements, item)));
}

/// Takes the only list in a list out of it.
fn flatten<'a>(ctx: &PolicyContext<'a>, statements: Value<'a>, item: Value<'a>) -> Option<Fix> {
    let is_only = statements.items().len() == 1 && ctx.written(item) == Written::List;
    let snippet = is_only.then(|| edits::unindented(ctx.document, item))?;
    edits::suggestion("Take the statements out of the inner list", edits::rewrite(ctx, statements, &snippet))
}
