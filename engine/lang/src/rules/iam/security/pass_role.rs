//! IAM210, IAM211, IAM212 and IAM214: roles that are passed on, made for services, or taken on.

use std::collections::BTreeSet;

use serde_json::json;

use super::scoped;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Rule};
use crate::fix::Placement;
use crate::iam::arn::Arn;
use crate::iam::glob::Pattern;
use crate::iam::reference::{Action, reference};
use crate::iam::tables::escalations::ESCALATIONS;
use crate::rules::iam::context::{ActionEntry, Reach, StatementContext, Target};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports that any role, or any role of a path, can be passed to any service.
    ///
    /// ## Why it matters
    /// Whoever passes a role to a service makes the service act under it. That is a way to the permissions of every role.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::314159265358:role/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::314159265358:role/batch-task
    ///     Condition:
    ///       StringEquals:
    ///         iam:PassedToService: ecs-tasks.amazonaws.com
    /// ```
    ///
    /// ## Source
    /// [Granting permissions to pass a role](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    PASS_ROLE_UNSCOPED = "IAM210", "Any role can be passed", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports that a role can be made for any service.
    ///
    /// ## Why it matters
    /// A service-linked role lets a service act in the account. The container needs it for a service or two at most.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:CreateServiceLinkedRole
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:CreateServiceLinkedRole
    ///     Resource: '*'
    ///     Condition:
    ///       StringEquals:
    ///         iam:AWSServiceName: ecs.amazonaws.com
    /// ```
    ///
    /// ## Source
    /// [Service-linked roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html)
    SERVICE_LINKED_ROLE = "IAM211", "Service-linked role of any service", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports that the container may take on any role.
    ///
    /// ## Why it matters
    /// Every role that trusts the account is open to it, and to whoever takes over the container.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sts:AssumeRole
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sts:AssumeRole
    ///     Resource: arn:aws:iam::314159265358:role/report-reader
    /// ```
    ///
    /// ## Source
    /// [Granting permissions to switch roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html)
    ASSUME_ANY_ROLE = "IAM212", "Any role can be taken on", Warning, fix: None;

    /// ## What it does
    /// Says that a role can be passed to any service.
    ///
    /// ## Why it matters
    /// A role is made for one service. The condition keeps it there, should others come to trust it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::314159265358:role/batch-task
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::314159265358:role/batch-task
    ///     Condition:
    ///       StringEquals:
    ///         iam:PassedToService: ecs-tasks.amazonaws.com
    /// ```
    ///
    /// ## Source
    /// [Granting permissions to pass a role](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    PASS_ROLE_ANY_SERVICE = "IAM214", "Role can be passed to any service", Info, fix: Unsafe
}

const PASS_ROLE: &str = "iam:PassRole";
const LINKED_ROLE: &str = "iam:CreateServiceLinkedRole";
const ASSUME_ROLE: &str = "sts:AssumeRole";

/// How many roles a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    /// Roles that are named, at least by the beginning of their name.
    Named,
    /// All, or all of a path.
    Any,
}

/// A rule, and what it says.
type Fault = (&'static Rule, &'static str);

/// An action that deals with roles.
#[derive(Clone, Copy)]
struct Subject {
    name: &'static str,
    /// The condition key that keeps it to a service.
    key: Option<&'static str>,
    any: Fault,
    named: Option<Fault>,
    is_path: fn(&str) -> bool,
}

const SUBJECTS: [Subject; 3] = [
    Subject {
        name: PASS_ROLE,
        key: Some("iam:PassedToService"),
        any: (
            &PASS_ROLE_UNSCOPED,
            "This passes any role of the account, or of the path, to any service, which then acts under it. Name the roles, and \
             the services in a condition on `iam:PassedToService`.",
        ),
        named: Some((
            &PASS_ROLE_ANY_SERVICE,
            "This passes the roles to any service that they trust. Name the services in a condition on `iam:PassedToService`.",
        )),
        is_path: |resource| resource.ends_with("/*"),
    },
    Subject {
        name: LINKED_ROLE,
        key: Some("iam:AWSServiceName"),
        any: (
            &SERVICE_LINKED_ROLE,
            "This makes a role for any service. Name the services in a condition on `iam:AWSServiceName`.",
        ),
        named: None,
        // The path of such a role names its service.
        is_path: |resource| matches!(resource, "role/*" | "role/aws-service-role/*" | "role/aws-service-role/*/*"),
    },
    Subject {
        name: ASSUME_ROLE,
        key: None,
        any: (
            &ASSUME_ANY_ROLE,
            "This takes on any role that trusts the account. Name the roles that the container needs.",
        ),
        named: None,
        is_path: |resource| resource == "role/*",
    },
];

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in scoped(ctx) {
        for subject in SUBJECTS {
            let Some(action) = reference().action(subject.name) else { continue };
            let Some((rule, message)) = fault(statement, &subject) else { continue };
            if statement.has_not_action() {
                let element = statement.statement.actions.as_ref().filter(|_| subject.key.is_some());
                if let Some(element) = element.filter(|_| statement.is_about(action)) {
                    acc.push(ctx.report(rule, ctx.key(element.value), message));
                }
                continue;
            }
            let entries = statement.actions.iter().filter(|entry| entry.taken_back.is_none());
            for entry in entries.filter(|entry| entry.reach.actions().contains(&action)) {
                let fix = subject.key.and_then(|key| condition(ctx, statement, entry, &subject, key));
                acc.push(ctx.report(rule, ctx.at(entry.text.value), message).fix(fix));
            }
        }
    }
}

/// Whether it is said that an action deals with too many roles.
pub(super) fn concerns(statement: &StatementContext<'_>, action: Action<'static>) -> bool {
    let of_action = |subject: &&Subject| reference().action(subject.name) == Some(action);
    SUBJECTS
        .iter()
        .find(of_action)
        .and_then(|subject| fault(statement, subject))
        .is_some_and(|(rule, _)| rule.code != PASS_ROLE_ANY_SERVICE.code)
}

fn fault(statement: &StatementContext<'_>, subject: &Subject) -> Option<Fault> {
    let tests = || statement.statement.condition.iter().flat_map(|block| &block.tests);
    if subject.key.is_some_and(|key| tests().any(|test| test.key.eq_ignore_ascii_case(key))) {
        return None;
    }
    match breadth(statement, subject.is_path)? {
        Breadth::Any => Some(subject.any),
        Breadth::Named => subject.named,
    }
}

fn breadth(statement: &StatementContext<'_>, is_path: fn(&str) -> bool) -> Option<Breadth> {
    if statement.has_not_resource() {
        return Some(Breadth::Any);
    }
    let of_arn = |arn: &Arn<'_>| {
        let resource = arn.resource.text;
        let is_role = arn.service.pattern.matches("iam") && arn.resource.pattern.overlaps(&Pattern::new("role/?*"));
        let any = arn.resource.pattern.is_star() || resource == "role*" || is_path(resource);
        is_role.then_some(if any { Breadth::Any } else { Breadth::Named })
    };
    let of_entry = |target: &Target<'_>| match target {
        Target::Every => Some(Breadth::Any),
        Target::Arn(arn) => of_arn(arn),
        Target::Unknown | Target::Faulty => None,
    };
    statement.resources.iter().filter_map(|entry| of_entry(&entry.target)).max()
}

/// Keeps the action to services by a condition, in a statement of its own where others stand beside it.
fn condition(
    ctx: &PolicyContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ActionEntry<'_>,
    subject: &Subject,
    key: &str,
) -> Option<Fix> {
    if !matches!(entry.reach, Reach::One(_)) || statement.has_condition() || statement.has_not_resource() {
        return None;
    }
    let services = services(ctx, subject.name);
    let value = match &services[..] {
        [] => json!("<service>.amazonaws.com"),
        [one] => json!(one),
        several => json!(several),
    };
    let condition = json!({ "StringEquals": { key: value } });
    let edits = if let [_] = &statement.actions[..] {
        let snippet = edits::yaml_of(&condition, ctx.document)?;
        edits::add(ctx, statement.statement.value, "Condition", &snippet, Placement::Last)
    } else {
        let resources: Vec<String> = statement.resources.iter().map(|entry| entry.text.text.to_owned()).collect();
        edits::move_to_own_statement(ctx, statement.statement, entry.text, &resources, Some(condition))
    };
    edits::suggestion(format!("Add a condition on `{key}`"), edits)
}

/// The services that the policy makes use of in a way that needs the action.
fn services(ctx: &PolicyContext<'_>, needed: &str) -> Vec<String> {
    let principal = |action: Action<'static>| {
        let prefix = action.service().prefix();
        let name = action.to_string();
        let known = ESCALATIONS.iter().find(|path| path.principal.is_some() && path.actions.contains(&name.as_str()));
        let known = known.and_then(|path| path.principal).filter(|_| needed == PASS_ROLE);
        known.map_or_else(|| format!("{prefix}.amazonaws.com"), str::to_owned)
    };
    let reached = ctx.statements.iter().filter(|statement| statement.allows()).flat_map(StatementContext::reached);
    let in_use = reached.filter(|(entry, action)| {
        matches!(entry.reach, Reach::One(_)) && action.dependents().any(|dependent| dependent == needed)
    });
    in_use.map(|(_, action)| principal(action)).collect::<BTreeSet<_>>().into_iter().collect()
}
