//! IAM047 and IAM048: patterns of actions.

use std::collections::BTreeSet;

use super::{format, use_instead};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Text;
use crate::iam::reference::Service;
use crate::rules::iam::context::Reach;
use crate::rules::iam::{PolicyContext, PolicyScope};
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports a pattern that matches no action.
    ///
    /// ## Why it matters
    /// IAM takes the policy, and the pattern grants nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:Gett*
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject*
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    MATCHES_NOTHING = "IAM047", "Pattern that no action has", Error, fix: Unsafe;

    /// ## What it does
    /// Reports `*` and `?` before the colon of an action.
    ///
    /// ## Why it matters
    /// The action is granted for every service with such a prefix, also those to come. Hardly anyone means them all.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: '*:GetItem'
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    WILDCARD_SERVICE = "IAM048", "Wildcard in the prefix of a service", Warning, fix: None
}

/// Whether there is an action that a pattern matches.
pub(super) fn matches_something<'a>(scope: &PolicyScope<'a>, text: &Text<'a>) -> bool {
    let reference = scope.reference;
    reference.matching(text.text).next().is_some() || reference.matching_bare_names(text.text).next().is_some()
}

pub(super) fn matches_nothing<'a>(scope: &PolicyScope<'a>, text: &Text<'a>) -> Diagnostic {
    let reference = scope.reference;
    let near = format::parts(text.text).and_then(|(prefix, name)| near(reference.service(prefix)?, name));
    let advice = near.as_ref().map_or_else(
        || "Look up the names of the actions.".to_owned(),
        |(near, count)| format!("`{near}` would match {count}."),
    );
    let message = format!("`{}` matches no action, so that it grants nothing. {advice}", text.text);
    let fix = near.and_then(|(near, _)| use_instead(scope, text, &near));
    scope.report(&MATCHES_NOTHING, scope.at(text.value), message).fix(fix)
}

/// The pattern of a beginning that is nearest to the one that is written, and the number of actions that it matches.
fn near(service: Service<'_>, name: &str) -> Option<(String, usize)> {
    let start = &name[..name.find(['*', '?'])?];
    let reach = if start.len() <= 5 { 1 } else { 2 };
    let names: BTreeSet<&str> = service.actions().flat_map(|action| beginnings(action.name())).collect();
    let misspelt = if start.len() > 1 { closest(start, names, reach) } else { None };
    // Where nothing is misspelt, there is too much of it.
    let shorter =
        || (1..start.len()).rev().map(|end| &start[..end]).find(|start| service.starting_with(start).len() > 0);
    let near = misspelt.or_else(shorter)?;
    Some((format!("{}:{near}*", service.prefix()), service.starting_with(near).len()))
}

/// The beginnings of a name that end where a word does: `Get` and `GetObject` of `GetObjectAcl`, and all of it.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.char_indices().skip(1).filter(|(_, letter)| letter.is_ascii_uppercase()).map(|(at, _)| at);
    ends.chain([name.len()]).map(|end| &name[..end])
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for entry in ctx.statements.iter().flat_map(|statement| &statement.actions) {
        let Some((prefix, _)) = entry.text.text.split_once(':') else { continue };
        let is_pattern = prefix.contains(['*', '?']) && matches!(entry.reach, Reach::Pattern(_));
        if !is_pattern {
            continue;
        }
        let services: BTreeSet<&str> = entry.reach.actions().iter().map(|action| action.service().prefix()).collect();
        let reached = match services.len() {
            1 => "one service".to_owned(),
            count => format!("{count} services"),
        };
        let message = format!(
            "The wildcard in the prefix of `{}` reaches actions of {reached}, and those of services to come. Name the service.",
            entry.text.text
        );
        acc.push(ctx.report(&WILDCARD_SERVICE, ctx.part(entry.text, 0..prefix.len()), message));
    }
}
