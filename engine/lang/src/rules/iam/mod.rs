//! Rules about the IAM policies of containers, and about policies that stand alone.
//!
//! One cause, one finding. So a policy is looked at in two steps: first each action and each resource is held against the
//! *judges*, in their order, until one finds a fault in it; then the *checks* look at what is left, through a
//! [`PolicyContext`] that has worked out what the sound entries come to. A check that goes by
//! [`StatementContext::actions`](context::StatementContext) and its neighbours keeps silent about what is faulty without more
//! ado.
//!
//! To add a rule, write its file in the folder of its heading and add lines to the lists of that folder.

mod action;
mod action_resource;
mod condition;
mod container;
mod context;
mod document;
mod edits;
mod elements;
pub mod explain;
mod redundancy;
mod resource;
mod rewrites;
mod security;
mod statement;
mod variable;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub(crate) use context::MANAGED_POLICY_SIZE;
use context::StatementContext;
pub(in crate::rules) use context::{PolicyContext, PolicyFacts, PolicyScope};

use super::{Check, Container, Family, RuleContext};
use crate::config::{Value, tree_path};
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Policy, Reader, Statement, Text};
use crate::inputs::DocumentKind;
use crate::text::{TextEdit, apply_edits};
use crate::variables::is_in_policy;
use crate::yaml::{Document, NodeId, Problem};

/// Looks for the faults of one rule, or of a tight family of rules, in a policy.
pub(in crate::rules) type PolicyCheck = fn(&PolicyContext<'_>, &mut Vec<Diagnostic>);

/// Looks at one action or one resource of a statement before anything else does; false when it has a fault because of which it
/// takes part in nothing else. It may report the fault, or leave that to a check.
pub(in crate::rules) type Judge = for<'a> fn(&PolicyScope<'a>, &Statement<'a>, &Text<'a>, &mut Vec<Diagnostic>) -> bool;

/// The families, by code.
pub(super) static FAMILIES: &[Family] = &[
    Family { title: "IAM policies: document", rules: document::RULES, checks: CHECKS },
    Family { title: "IAM policies: statement", rules: statement::RULES, checks: &[] },
    Family { title: "IAM policies: action", rules: action::RULES, checks: &[] },
    Family { title: "IAM policies: resource", rules: resource::RULES, checks: &[] },
    Family { title: "IAM policies: action and resource", rules: action_resource::RULES, checks: &[] },
    Family { title: "IAM policies: condition", rules: condition::RULES, checks: &[] },
    Family { title: "IAM policies: variable", rules: variable::RULES, checks: &[] },
    Family { title: "IAM policies: redundancy and conflict", rules: redundancy::RULES, checks: &[] },
    Family { title: "IAM policies: security", rules: security::RULES, checks: &[] },
    Family { title: "IAM policies: container", rules: container::RULES, checks: &[] },
];

/// Policies are looked at as wholes, whatever the families; so one check stands for all.
static CHECKS: &[Check] = &[check];

/// What is looked for in an action, in this order.
static ACTION_JUDGES: &[Judge] = &[statement::action_judge, document::judge, variable::action_judge, action::judge];

/// What is looked for in a resource, in this order.
static RESOURCE_JUDGES: &[Judge] =
    &[statement::resource_judge, document::judge, variable::resource_judge, resource::judge];

/// What is looked for in a policy.
static POLICY_CHECKS: &[&[PolicyCheck]] = &[
    document::CHECKS,
    statement::CHECKS,
    action::CHECKS,
    resource::CHECKS,
    action_resource::CHECKS,
    condition::CHECKS,
    variable::CHECKS,
    redundancy::CHECKS,
    security::CHECKS,
    container::CHECKS,
    document::LAST,
];

/// Looks at the policies of a document.
fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    document::unreadable(ctx, acc);
    document::check_empty(ctx, acc);
    let policies = policies_and_roles(ctx);
    if policies.is_empty() {
        // Most files have none, and the rest looks through all of a file.
        return;
    }
    let parameters = parameters(ctx);
    for (policy, role) in policies {
        with_policy(ctx, policy, role, &parameters, acc, |context, acc| {
            for check in POLICY_CHECKS.iter().copied().flatten() {
                check(context, acc);
            }
        });
    }
}

/// The policies of a document.
pub(crate) fn policies<'a>(ctx: &RuleContext<'a>) -> Vec<Value<'a>> {
    policies_and_roles(ctx).into_iter().map(|(policy, _)| policy).collect()
}

/// Puts texts in the place of one, be it an item of a list or a value by itself; `None` where an alias brought it in.
pub(crate) fn put_several(ctx: &RuleContext<'_>, node: NodeId, texts: &[&str]) -> Option<Vec<TextEdit>> {
    let edits = edits::several(ctx.document, ctx.config.value_at(node)?, texts)?;
    apply_edits(ctx.source().text(), &edits).is_ok().then_some(edits)
}

/// The policy that a node stands in, and the statement; what a function makes of them.
fn with_statement<T>(
    ctx: &RuleContext<'_>,
    node: NodeId,
    ask: impl FnOnce(&PolicyContext<'_>, &StatementContext<'_>) -> Option<T>,
) -> Option<T> {
    let is_in = |value: &Value<'_>| ctx.tree().node(value.node()).range.contains_range(ctx.tree().node(node).range);
    let (policy, role) = policies_and_roles(ctx).into_iter().find(|(policy, _)| is_in(policy))?;
    with_policy(ctx, policy, role, &parameters(ctx), &mut Vec::new(), |context, _| {
        let statement = context.statements.iter().find(|statement| is_in(&statement.statement.value))?;
        ask(context, statement)
    })?
}

/// Makes one of a statement and those that can be written with it; also how many there are.
pub(crate) fn merge_statements(ctx: &RuleContext<'_>, node: NodeId) -> Option<(usize, Vec<TextEdit>)> {
    with_statement(ctx, node, |context, statement| {
        let merges = rewrites::merges(context);
        let merge = merges.iter().find(|merge| merge.has(statement))?;
        Some((merge.others.len() + 1, merge.edits(context)?))
    })
}

/// Makes several statements of one, by the kinds of resource that its actions are for; also how many.
pub(crate) fn split_statement(ctx: &RuleContext<'_>, node: NodeId) -> Option<(usize, Vec<TextEdit>)> {
    with_statement(ctx, node, rewrites::split)
}

/// The characters that count against the limit of a policy, and whether variables are among them.
pub(crate) fn policy_size(ctx: &RuleContext<'_>, policy: Value<'_>) -> (usize, bool) {
    document::policy_size(Reader::new(ctx.document, ctx.config), policy)
}

/// The policies, each with the role that is named beside it.
fn policies_and_roles<'a>(ctx: &RuleContext<'a>) -> Vec<(Value<'a>, Option<&'a str>)> {
    match ctx.inputs.kind {
        DocumentKind::Policy => ctx.root().map(|root| (root, ctx.inputs.iam.role_arn.as_deref())).into_iter().collect(),
        DocumentKind::Configuration => {
            let policy = |container: Container<'a>| {
                let iam = container.get(&["compute", "awsIam"])?;
                let role = iam.get("roleArn").filter(|role| !role.is_null());
                Some((iam.get("customPolicy")?, role.map(|role| role.as_str().unwrap_or_default())))
            };
            ctx.containers().filter_map(policy).collect()
        }
    }
}

/// The parameters that only a deployment reads.
fn parameters<'c>(ctx: &'c RuleContext<'_>) -> Cow<'c, BTreeSet<String>> {
    match ctx.inputs.kind {
        DocumentKind::Policy => Cow::Borrowed(&ctx.inputs.iam.parameters),
        DocumentKind::Configuration => Cow::Owned(container::deploy_time_parameters(ctx)),
    }
}

fn facts<'a>(ctx: &RuleContext<'a>, role_arn: Option<&'a str>, parameters: &'a BTreeSet<String>) -> PolicyFacts<'a> {
    let iam = &ctx.inputs.iam;
    PolicyFacts {
        region: ctx.inputs.region.as_deref(),
        account_id: iam.account_id.as_deref(),
        role_arn,
        compat_upstream: iam.compat_upstream,
        deploy_time_parameters: parameters,
        enabled: &iam.enabled,
        size_limit: context::MANAGED_POLICY_SIZE,
        in_configuration: ctx.inputs.kind == DocumentKind::Configuration,
    }
}

/// Reads a policy and judges its actions and resources, for a function to look at; `None` where only a deployment knows it.
fn with_policy<'a, T>(
    ctx: &RuleContext<'a>,
    value: Value<'a>,
    role: Option<&str>,
    parameters: &BTreeSet<String>,
    acc: &mut Vec<Diagnostic>,
    ask: impl FnOnce(&PolicyContext<'_>, &mut Vec<Diagnostic>) -> T,
) -> Option<T> {
    let reader = Reader::new(ctx.document, ctx.config);
    if reader.is_unknown(value) {
        return None;
    }
    let policy: Policy<'_> = reader.policy(value);
    let facts = facts(ctx, role, parameters);
    let scope = PolicyScope::new(ctx.document, ctx.config, &policy, &facts);
    let context = PolicyContext::new(scope, ACTION_JUDGES, RESOURCE_JUDGES, acc);
    Some(ask(&context, acc))
}

/// Whether a fault of the text is reported by a rule about policies: a key that stands twice, a star without quotes.
pub(super) fn reports(document: &Document, kind: DocumentKind, problem: &Problem) -> bool {
    document::repeated_key(document, kind, problem).is_some() || document::bare_star(document, kind, problem).is_some()
}

/// The path of a place in the tree, and whether a policy is there.
fn path_in_policy(document: &Document, kind: DocumentKind, problem: &Problem) -> Option<String> {
    let node = document.tree().node_at(problem.range.start())?;
    is_in_policy(document.tree(), kind, node).then(|| tree_path(document, node))
}
