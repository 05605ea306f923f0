//! IAM107: condition keys that the actions of a statement do not have.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Placement};
use crate::iam::policy::Effect;
use crate::iam::reference::Action;
use crate::iam::tables::global_keys;
use crate::rules::iam::context::{ActionEntry, Reach};
use crate::rules::iam::edits;
use crate::text::{TextEdit, apply_edits};

declare_rule! {
    /// ## What it does
    /// Reports a test of a key that requests for an action of the statement never have: a key of a service, or one of
    /// `aws:RequestTag/…`, `aws:ResourceTag/…` and `aws:TagKeys`. Tests that hold where the key is absent are left alone.
    /// With `NotAction` a key about tags is always reported, since many of the actions meant do not have it.
    ///
    /// ## Why it matters
    /// The test never holds for this action, so that the statement neither allows nor denies it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:ListBucket, s3:GetBucketLocation]
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringLike:
    ///         s3:prefix: daily/*
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
    ///       StringLike:
    ///         s3:prefix: daily/*
    ///   - Effect: Allow
    ///     Action: s3:GetBucketLocation
    ///     Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Source
    /// [Actions, resources and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    KEY_NOT_FOR_ACTION = "IAM107", "Condition key that an action does not have", Warning, fix: Unsafe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    let Some(effect) = condition.statement.effect() else { return };
    for asked in &condition.asked {
        if asked.operator.holds_when_absent() || asked.key.is_none() || !depends_on_action(asked.test.key) {
            continue;
        }
        if condition.statement.has_not_action() {
            if is_about_tags(asked.test.key) {
                acc.push(with_not_action(condition, asked, effect));
            }
            continue;
        }
        let lacks = |entry: &&ActionEntry<'_>| {
            matches!(entry.reach, Reach::One(_) | Reach::Pattern(_))
                && !entry.reach.actions().iter().any(|action| supports(*action, asked.test.key))
        };
        let without: Vec<&ActionEntry<'_>> = condition.statement.actions.iter().filter(lacks).collect();
        if !without.is_empty() {
            acc.push(without_key(condition, asked, effect, &without));
        }
    }
}

fn with_not_action<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, effect: Effect) -> Diagnostic {
    let ctx = condition.ctx;
    let message = format!(
        "Many of the actions that `NotAction` means do not have `{}`, so that the statement never {} them. Name the actions that have it.",
        asked.test.key,
        verb(effect)
    );
    ctx.report(&KEY_NOT_FOR_ACTION, ctx.key(asked.test.value), message)
}

fn without_key<'a>(
    condition: &Condition<'_, 'a>,
    asked: &Asked<'a>,
    effect: Effect,
    without: &[&ActionEntry<'a>],
) -> Diagnostic {
    const SHOWN: usize = 5;
    let ctx = condition.ctx;
    let mut names: Vec<String> = without.iter().take(SHOWN).map(|entry| format!("`{}`", entry.text.text)).collect();
    if without.len() > SHOWN {
        names.push(format!("{} more", without.len() - SHOWN));
    }
    let names = match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    };
    let (such, them) = if without.len() == 1 { ("a request for it", "it") } else { ("requests for them", "them") };
    let message = format!(
        "{names}: {such} never {} `{}`, so that the statement never {} {them}. Use another key, or a statement of {} own.",
        if without.len() == 1 { "has" } else { "have" },
        asked.test.key,
        verb(effect),
        if without.len() == 1 { "its" } else { "their" },
    );
    let title = "Move what does not have the key to a statement of its own";
    let fix = edits::suggestion(title, moved(condition, effect, without));
    ctx.report(&KEY_NOT_FOR_ACTION, ctx.key(asked.test.value), message).fix(fix)
}

fn verb(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "grants",
        Effect::Deny => "denies",
    }
}

/// Whether only some actions have the key. Requests have most global ones, or not, whatever the action.
fn depends_on_action(key: &str) -> bool {
    is_about_tags(key) || global_keys::find(key).is_none()
}

fn is_about_tags(key: &str) -> bool {
    let begins = |start: &str| key.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    begins("aws:RequestTag/") || begins("aws:ResourceTag/") || key.eq_ignore_ascii_case("aws:TagKeys")
}

fn supports(action: Action<'_>, key: &str) -> bool {
    action.keys().any(|own| own.is_named(key))
        || action.resource_types().any(|(kind, _)| kind.keys().any(|own| own.is_named(key)))
}

/// Moves actions behind their statement, into one without the condition. Not where something of the condition would have to
/// stay with them, or something would be left behind empty.
fn moved<'a>(condition: &Condition<'_, 'a>, effect: Effect, without: &[&ActionEntry<'a>]) -> Option<Vec<TextEdit>> {
    let (ctx, statement) = (condition.ctx, condition.statement.statement);
    let list = statement.value.parent().filter(|list| list.is_list() && list.is_written_here())?;
    let element = statement.actions.as_ref()?;
    if condition.asked.len() > 1 || statement.condition.len() > 1 || without.len() >= element.value.items().len() {
        return None;
    }
    let (name, resource) =
        ["Resource", "NotResource"].iter().find_map(|name| Some((name, statement.value.get(name)?)))?;
    let actions: String = without.iter().map(|entry| format!("\n  - {}", entry.text.text)).collect();
    let effect = if effect == Effect::Allow { "Allow" } else { "Deny" };
    let resource = edits::snippet_of(ctx.document, resource)?;
    let resource = if resource.starts_with("- ") { format!("\n{resource}") } else { format!(" {resource}") };
    let snippet = format!("Effect: {effect}\nAction:{actions}\n{name}:{}", resource.replace('\n', "\n  "));
    let mut edits = Vec::new();
    for entry in without {
        edits.extend(edits::remove(ctx, entry.text.value)?);
    }
    edits.extend(fix::insert_item(ctx.document, list.node(), &snippet, Placement::After(statement.value.node()))?);
    apply_edits(ctx.document.source().text(), &edits).ok()?;
    Some(edits)
}
