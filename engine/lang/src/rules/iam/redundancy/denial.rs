//! IAM167 and IAM168: what a `Deny` takes back, and a `Deny` that takes nothing back.

use super::{action_covers, actions_overlap};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Effect, Text};
use crate::iam::tables::default_grants::DEFAULT_GRANTS;
use crate::rules::iam::context::{ActionEntry, Reach, StatementContext, Target};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an action that is allowed here, and that a `Deny` without a condition takes back for all resources of the
    /// statement.
    ///
    /// ## Why it matters
    /// A `Deny` has the last word, so the container may not do what the statement seems to allow.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - s3:GetObject
    ///       - s3:DeleteObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///   - Effect: Deny
    ///     Action: s3:Delete*
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
    ALLOW_CANCELLED = "IAM167", "Allowed and denied", Warning, fix: Unsafe;

    /// ## What it does
    /// Says that nothing allows what a `Deny` is about: neither the policy nor what every container may do anyway.
    ///
    /// ## Why it matters
    /// What is not allowed is denied. The statement only matters if another policy is attached to the role.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///   - Effect: Deny
    ///     Action: rds:DeleteDBInstance
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
    DENY_OF_NOTHING = "IAM168", "Deny of what nothing allows", Info, fix: None
}

/// Notes at each allowed action whether a `Deny` takes all of it back, so that others do not speak of it.
pub(in crate::rules::iam) fn mark_taken_back(statements: &mut [StatementContext<'_>]) {
    let is_final = |at: &usize| statements[*at].effect() == Some(Effect::Deny) && !statements[*at].has_condition();
    let denials: Vec<usize> = (0..statements.len()).filter(is_final).collect();
    if denials.is_empty() {
        return;
    }
    for at in 0..statements.len() {
        let allow = &statements[at];
        if !allow.allows() || allow.has_not_action() {
            continue;
        }
        let denials: Vec<&StatementContext<'_>> =
            denials.iter().map(|at| &statements[*at]).filter(|denial| covers_resources(denial, allow)).collect();
        let taken_back =
            allow.actions.iter().map(|entry| denials.iter().find_map(|denial| covers_action(denial, entry)));
        let taken_back: Vec<Option<Value<'_>>> = taken_back.collect();
        for (entry, denial) in statements[at].actions.iter_mut().zip(taken_back) {
            entry.taken_back = denial;
        }
    }
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.statements {
        for entry in &statement.actions {
            let Some(denial) = entry.taken_back else { continue };
            let message = format!(
                "A `Deny` takes `{}` back for all resources of this statement, so it is never allowed. Remove it here, or let the \
                 `Deny` spare it.",
                entry.text.text
            );
            let edits = edits::remove_entry(ctx, statement.statement, entry.text);
            acc.push(
                ctx.report(&ALLOW_CANCELLED, ctx.at(entry.text.value), message)
                    .related(ctx.at(denial).range, "It is denied here.")
                    .fix(edits::suggestion(format!("Remove `{}`", entry.text.text), edits)),
            );
        }
        if denies_nothing(ctx, statement) {
            let message = "Nothing allows what is denied here, neither this policy nor what every container may do. Without the \
                           statement it is denied as well.";
            acc.push(ctx.report(&DENY_OF_NOTHING, ctx.key(statement.statement.value), message));
        }
    }
}

/// Whether a `Deny` is about all resources of another statement.
fn covers_resources(denial: &StatementContext<'_>, allow: &StatementContext<'_>) -> bool {
    if !denial.has_not_resource() && denial.star().is_some() {
        return !allow.resources.is_empty();
    }
    if allow.has_not_resource() || allow.has_uncertain_resource() || allow.resources.is_empty() {
        return false;
    }
    if denial.has_not_resource() {
        let spares = |text: &Text<'_>| {
            denial.has_uncertain_resource()
                || denial.resources.iter().any(|entry| entry.text.pattern().overlaps(&text.pattern()))
        };
        return !allow.resources.iter().any(|entry| spares(entry.text));
    }
    let denied = |text: &Text<'_>| {
        let sound = denial.resources.iter().filter(|entry| matches!(entry.target, Target::Arn(_)));
        sound.into_iter().any(|entry| entry.text.pattern().covers(&text.pattern()))
    };
    allow.resources.iter().all(|entry| denied(entry.text))
}

/// The part of a `Deny` that is about all of an action or pattern.
fn covers_action<'a>(denial: &StatementContext<'a>, entry: &ActionEntry<'_>) -> Option<Value<'a>> {
    if matches!(entry.reach, Reach::Faulty | Reach::Unknown) {
        return None;
    }
    if denial.has_not_action() {
        let element = denial.statement.actions.as_ref().filter(|element| !element.has_others)?;
        let spares = |spared: &ActionEntry<'_>| {
            matches!(spared.reach, Reach::Faulty | Reach::Unknown | Reach::Every)
                || entry.reach == Reach::Every
                || actions_overlap(spared.text.text, entry.text.text)
        };
        return (!denial.actions.iter().any(spares)).then_some(element.value);
    }
    let denies = |denied: &&ActionEntry<'_>| match denied.reach {
        Reach::Every => true,
        Reach::Faulty | Reach::Unknown => false,
        Reach::One(_) | Reach::Bare | Reach::Pattern(_) => {
            entry.reach != Reach::Every && action_covers(denied.text.text, entry.text.text)
        }
    };
    denial.actions.iter().find(denies).map(|denied| denied.text.value)
}

fn denies_nothing(ctx: &PolicyContext<'_>, denial: &StatementContext<'_>) -> bool {
    let has_others = denial.statement.actions.as_ref().is_none_or(|element| element.has_others);
    if denial.effect() != Some(Effect::Deny) || denial.has_not_action() || has_others {
        return false;
    }
    let denied = |entry: &ActionEntry<'_>| match entry.reach {
        Reach::One(_) | Reach::Bare | Reach::Pattern(_) => !may_be_allowed(ctx, entry.text.text),
        Reach::Every | Reach::Unknown => false,
        Reach::Faulty => true,
    };
    denial.actions.iter().all(denied) && denial.actions.iter().any(|entry| entry.reach != Reach::Faulty)
}

/// Whether the policy may allow an action, or one that the pattern reaches; what is not known may be anything.
fn may_be_allowed(ctx: &PolicyContext<'_>, action: &str) -> bool {
    let allows = |statement: &StatementContext<'_>| {
        let Some(element) = &statement.statement.actions else { return true };
        if element.negated {
            let spares =
                |entry: &ActionEntry<'_>| entry.reach == Reach::Every || action_covers(entry.text.text, action);
            return !statement.actions.iter().any(spares);
        }
        let reaches = |entry: &ActionEntry<'_>| match entry.reach {
            Reach::Every | Reach::Faulty | Reach::Unknown => true,
            Reach::One(_) | Reach::Bare | Reach::Pattern(_) => actions_overlap(entry.text.text, action),
        };
        element.has_others || statement.actions.iter().any(reaches)
    };
    let granted = DEFAULT_GRANTS.iter().any(|granted| actions_overlap(action, granted));
    granted || ctx.statements.iter().any(|statement| statement.effect() != Some(Effect::Deny) && allows(statement))
}
