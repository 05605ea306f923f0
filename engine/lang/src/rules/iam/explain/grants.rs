//! What statements allow, action by action, and what is left of it by those that deny.

use super::{Ability, Conditions, Exception, Grant, Scope, denies};
use crate::iam::reference::{Action, reference};
use crate::rules::iam::context::{PolicyContext, Reach, ResourceEntry, StatementContext, Target};

/// An action that a statement allows, on at least one resource.
pub(super) struct Allowed<'c, 'a> {
    /// The statement.
    pub(super) statement: &'c StatementContext<'a>,
    /// The action.
    pub(super) action: Action<'static>,
    /// Which of the statement's resources it is for and keeps, by their places; all that are named, with `NotResource`.
    resources: Vec<usize>,
    /// The statements that take a part of it back, by their places in the policy.
    pub(super) exceptions: Vec<usize>,
}

/// How much of a resource a `Deny` is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Nothing,
    Part,
    All,
}

/// Everything that is allowed, in the order of the text.
pub(super) fn allowed<'c, 'a>(ctx: &'c PolicyContext<'a>) -> Vec<Allowed<'c, 'a>> {
    let denials: Vec<(usize, &StatementContext<'a>)> =
        ctx.statements.iter().enumerate().filter(|(_, statement)| denies(statement)).collect();
    let mut all = Vec::new();
    for statement in ctx.statements.iter().filter(|statement| statement.allows()) {
        for action in actions(statement) {
            let mut resources = resources(statement, action);
            let mut exceptions = Vec::new();
            for (at, denial) in denials.iter().filter(|(_, denial)| denial.is_about(action)) {
                let conditional = denial.has_condition();
                let mut takes_part = false;
                resources.retain(|resource| {
                    let extent = extent(denial, statement, &statement.resources[*resource], action);
                    let is_taken = extent == Extent::All && !conditional;
                    takes_part |= extent != Extent::Nothing && !is_taken;
                    !is_taken
                });
                if takes_part {
                    exceptions.push(*at);
                }
            }
            if !resources.is_empty() {
                all.push(Allowed { statement, action, resources, exceptions });
            }
        }
    }
    all
}

/// The same in groups that people can read, by ability.
pub(super) fn grouped(ctx: &PolicyContext<'_>, allowed: &[Allowed<'_, '_>]) -> Vec<Grant> {
    type Key<'c> = (*const (), Ability, &'c [usize], &'c [usize]);
    let mut places: std::collections::HashMap<Key<'_>, usize> = std::collections::HashMap::new();
    let mut grants: Vec<Grant> = Vec::new();
    for one in allowed {
        let ability = Ability::of(one.action);
        let statement = std::ptr::from_ref(one.statement).cast();
        let place = *places.entry((statement, ability, &one.resources, &one.exceptions)).or_insert_with(|| {
            grants.push(Grant {
                ability,
                actions: Vec::new(),
                every_but: every_but(one.statement),
                resources: scope(one),
                conditions: Conditions::of(one.statement),
                exceptions: one.exceptions.iter().map(|at| exception(&ctx.statements[*at])).collect(),
            });
            grants.len() - 1
        });
        grants[place].actions.push(one.action);
    }
    let mut merged: Vec<Grant> = Vec::new();
    for grant in grants {
        let same = |other: &&mut Grant| {
            other.ability == grant.ability
                && other.every_but == grant.every_but
                && other.resources == grant.resources
                && other.conditions == grant.conditions
                && other.exceptions == grant.exceptions
        };
        match merged.iter_mut().find(same) {
            Some(other) => other.actions.extend(grant.actions),
            None => merged.push(grant),
        }
    }
    for grant in &mut merged {
        grant.actions.sort_by_cached_key(|action| action.to_string().to_ascii_lowercase());
        grant.actions.dedup();
    }
    merged.sort_by_key(|grant| grant.ability);
    merged
}

/// The actions that a statement is about and that nothing takes back altogether.
fn actions(statement: &StatementContext<'_>) -> Vec<Action<'static>> {
    if every_but(statement).is_some() {
        return reference().matching("*").filter(|action| statement.is_about(*action)).collect();
    }
    let mut seen = std::collections::HashSet::new();
    let kept = statement.actions.iter().filter(|entry| entry.taken_back.is_none());
    kept.flat_map(|entry| entry.reach.actions()).copied().filter(|action| seen.insert(*action)).collect()
}

/// What a statement spares that names no actions but those.
fn every_but(statement: &StatementContext<'_>) -> Option<Vec<String>> {
    if statement.has_not_action() {
        return Some(Scope::of(statement.statement.actions.as_ref()).texts);
    }
    statement.actions.iter().any(|entry| entry.reach == Reach::Every).then(Vec::new)
}

/// The resources of a statement that an action can be used on.
fn resources(statement: &StatementContext<'_>, action: Action<'static>) -> Vec<usize> {
    let entries = statement.resources.iter().enumerate();
    if statement.has_not_resource() {
        // What is spared may be all that the action is for.
        let spared = |entry: &ResourceEntry<'_>| match entry.target {
            Target::Every => true,
            _ => action.resource_types().len() > 0 && action.resource_types().all(|(kind, _)| entry.covers(kind)),
        };
        let nothing_is_left = statement.resources.iter().any(spared);
        return entries.filter(|_| !nothing_is_left).map(|(at, _)| at).collect();
    }
    entries.filter(|(_, entry)| takes(entry, action)).map(|(at, _)| at).collect()
}

/// Whether an action can be used on a resource. One that cannot be limited needs `*`, or all of its service.
fn takes(entry: &ResourceEntry<'_>, action: Action<'static>) -> bool {
    match &entry.target {
        Target::Every | Target::Unknown => true,
        Target::Faulty => false,
        Target::Arn(arn) if action.resource_types().len() == 0 => {
            arn.resource.pattern.is_star() && arn.service.pattern.matches(action.service().prefix())
        }
        Target::Arn(_) => action.resource_types().any(|(kind, _)| entry.overlaps(kind)),
    }
}

/// How much of what an action is allowed on a `Deny` of it is about.
fn extent(
    denial: &StatementContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ResourceEntry<'_>,
    action: Action<'static>,
) -> Extent {
    let on_all = denial.star().is_some();
    let is_known = |entry: &ResourceEntry<'_>| matches!(entry.target, Target::Every | Target::Arn(_));
    let meets = |denied: &ResourceEntry<'_>| {
        let both_known = is_known(entry) && is_known(denied);
        !both_known || statement.has_not_resource() || denied.text.pattern().overlaps(&entry.text.pattern())
    };
    let mut concerned = denial.resources.iter().filter(|denied| takes(denied, action));
    if denial.has_not_resource() {
        let spares_all = |spared: &ResourceEntry<'_>| {
            !statement.has_not_resource() && is_known(entry) && spared.text.pattern().covers(&entry.text.pattern())
        };
        return match () {
            () if on_all || denial.resources.iter().any(spares_all) => Extent::Nothing,
            () if concerned.any(meets) => Extent::Part,
            () => Extent::All,
        };
    }
    if on_all {
        return Extent::All;
    }
    let covers = |denied: &ResourceEntry<'_>| {
        !statement.has_not_resource()
            && is_known(entry)
            && is_known(denied)
            && denied.text.pattern().covers(&entry.text.pattern())
    };
    match () {
        () if denial.resources.iter().any(covers) => Extent::All,
        () if concerned.any(meets) => Extent::Part,
        () => Extent::Nothing,
    }
}

fn scope(one: &Allowed<'_, '_>) -> Scope {
    let text = |at: &usize| one.statement.resources[*at].text.text.to_owned();
    Scope { negated: one.statement.has_not_resource(), texts: one.resources.iter().map(text).collect() }
}

fn exception(denial: &StatementContext<'_>) -> Exception {
    Exception { resources: Scope::of(denial.statement.resources.as_ref()), conditions: Conditions::of(denial) }
}
