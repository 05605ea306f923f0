//! What is allowed more widely than is good.

mod bucket;
mod escalation;
mod negated;
mod pass_role;
mod sensitive;
mod wildcards;

use std::collections::BTreeMap;

pub(super) use escalation::{PASS_ROLE, excludes_service, passes_any_role};
pub(super) use sensitive::{READING, is_everywhere};

use super::PolicyCheck;
use super::context::{ActionEntry, PolicyContext, Reach, StatementContext};
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::reference::{AccessLevel, Action, Service};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &wildcards::ADMIN,
    &wildcards::EVERY_ACTION,
    &wildcards::SERVICE_WILDCARD,
    &wildcards::BROAD_WILDCARD,
    &negated::ALLOW_NOT_ACTION,
    &negated::ALLOW_NOT_RESOURCE,
    &sensitive::DATA_READ,
    &sensitive::CREDENTIALS,
    &sensitive::PERMISSIONS_MANAGEMENT,
    &escalation::PRIVILEGE_ESCALATION,
    &pass_role::PASS_ROLE_UNSCOPED,
    &pass_role::SERVICE_LINKED_ROLE,
    &pass_role::ASSUME_ANY_ROLE,
    &bucket::BUCKET_TAKEOVER,
    &pass_role::PASS_ROLE_ANY_SERVICE,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] =
    &[wildcards::check, negated::check, check_escalation, pass_role::check, bucket::check];

/// What leads to more permissions is said in that way; where it is, it is not called management of permissions again.
fn check_escalation(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let escalating = escalation::check(ctx, acc);
    sensitive::check(ctx, &escalating, acc);
}

/// Whether something sharper is said about an action than that it is allowed on everything.
pub(super) fn is_said_sharper(statement: &StatementContext<'_>, action: Action<'static>) -> bool {
    sensitive::concern(statement, action).is_some() || pass_role::concerns(statement, action)
}

/// The statements that are looked at here: those that allow, and not simply everything.
fn scoped<'c, 'a>(ctx: &'c PolicyContext<'a>) -> impl Iterator<Item = &'c StatementContext<'a>> {
    ctx.statements.iter().filter(|statement| statement.allows() && !statement.is_admin())
}

/// The service of which an entry is about every action. What it lets in is said by that, not action by action.
pub(super) fn whole_service(entry: &ActionEntry<'_>) -> Option<Service<'static>> {
    let Reach::Pattern(actions) = &entry.reach else { return None };
    let (prefix, name) = entry.text.text.split_once(':')?;
    let every = !prefix.contains(['*', '?']) && !name.is_empty() && name.bytes().all(|byte| byte == b'*');
    every.then(|| actions.first().map(|action| action.service()))?
}

/// Names in a sentence: a few of them, and how many more there are.
pub(super) fn names(all: impl IntoIterator<Item = impl ToString>) -> String {
    const SHOWN: usize = 6;
    let all: Vec<String> = all.into_iter().map(|name| format!("`{}`", name.to_string())).collect();
    match all.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) if all.len() <= SHOWN => format!("{} and {last}", others.join(", ")),
        Some(_) => format!("{} and {} more", all[..SHOWN].join(", "), all.len() - SHOWN),
    }
}

/// How many actions there are of each level, as `3 list, 2 write`.
pub(super) fn by_level<'r>(actions: impl IntoIterator<Item = &'r Action<'static>>) -> String {
    let mut counts: BTreeMap<AccessLevel, usize> = BTreeMap::new();
    for action in actions {
        *counts.entry(action.level()).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(level, count)| format!("{count} {}", level.name().to_lowercase())).collect();
    counts.join(", ")
}
