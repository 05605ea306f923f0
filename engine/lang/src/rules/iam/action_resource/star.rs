//! IAM084 to IAM086: actions that are allowed on everything though they could be limited.

use std::collections::HashSet;

use super::{examples, has_unlisted_action, is_plain};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::iam::arn::Arn;
use crate::iam::policy::Block;
use crate::iam::reference::{AccessLevel, Action};
use crate::iam::tables::{self, default_grants::DEFAULT_GRANTS};
use crate::iam::templates;
use crate::rules::iam::context::{ResourceEntry, StatementContext};
use crate::rules::iam::{PolicyContext, edits, security};

declare_rule! {
    /// ## What it does
    /// Says that actions that read are allowed on everything, though they can be limited to resources.
    ///
    /// ## Why it matters
    /// Whoever takes over the container reads more than the container does.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:us-east-1:314159265358:table/orders
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    STAR_READ = "IAM084", "Reading allowed on everything", Info, fix: Unsafe;

    /// ## What it does
    /// Reports that actions that change something are allowed on everything, though they can be limited to resources.
    ///
    /// ## Why it matters
    /// Whoever takes over the container can change or delete what other parts of the account need.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - dynamodb:GetItem
    ///       - dynamodb:DeleteItem
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - dynamodb:GetItem
    ///       - dynamodb:DeleteItem
    ///     Resource: arn:aws:dynamodb:us-east-1:314159265358:table/orders
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    STAR_WRITE = "IAM085", "Changes allowed on everything", Warning, fix: Unsafe;

    /// ## What it does
    /// Says that a resource takes in all there are of a type, in every region and account, without being `*`.
    ///
    /// ## Why it matters
    /// It looks like a limit and is none.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:ReceiveMessage
    ///     Resource: arn:aws:sqs:*:*:*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:ReceiveMessage
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    EFFECTIVELY_STAR = "IAM086", "As good as `*`", Info, fix: Unsafe
}

/// Most names that a fix writes in the place of `*`.
const MOST_NAMES: usize = 10;

/// Published without resources it can be limited to, or with ones that nobody has.
const METRICS: &str = "cloudwatch:PutMetricData";

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in ctx.statements.iter().filter(|statement| is_plain(statement)) {
        match statement.star() {
            Some(star) if !is_narrowed(statement) => acc.extend(on_star(ctx, statement, star)),
            Some(_) => {}
            None => effectively_star(ctx, statement, acc),
        }
    }
}

fn on_star(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, star: &ResourceEntry<'_>) -> Option<Diagnostic> {
    let mut seen = HashSet::new();
    let could_be_limited = |action: &Action<'static>| {
        action.resource_types().len() > 0 && !security::is_said_sharper(statement, *action) && !is_harmless(*action)
    };
    let named = statement.reached().filter(|(entry, _)| security::whole_service(entry).is_none());
    let actions = named.map(|(_, action)| action);
    let actions: Vec<Action<'static>> =
        actions.filter(|action| seen.insert(*action)).filter(could_be_limited).collect();
    let writes = |action: &&Action<'static>| !matches!(action.level(), AccessLevel::List | AccessLevel::Read);
    let changing: Vec<Action<'static>> = actions.iter().filter(writes).copied().collect();
    let (rule, what, concerned) = match (&actions[..], &changing[..]) {
        ([], _) => return None,
        (all, []) => (&STAR_READ, "read", all),
        (_, changing) => (&STAR_WRITE, "change something", changing),
    };
    let subject = match concerned {
        [one] => format!("`{one}` is allowed on everything, and can be limited"),
        many => format!("{} actions that {what} are allowed on everything, and can be limited", many.len()),
    };
    let message = format!("{subject}. Name resources, such as {}.", examples(concerned.iter().copied()));
    Some(ctx.report(rule, ctx.at(star.text.value), message).fix(name_resources(ctx, statement, star)))
}

/// What the container may do anyway, and what is no danger.
fn is_harmless(action: Action<'static>) -> bool {
    let name = action.to_string();
    name == METRICS || tables::contains(DEFAULT_GRANTS, &name)
}

/// Whether a condition keeps the statement to resources of one's own, be it by a key of the service.
fn is_narrowed(statement: &StatementContext<'_>) -> bool {
    const NAMES: [&str; 3] = ["ResourceAccount", "ResourceOrgID", "ResourceOrgPaths"];
    const TAG: &str = "ResourceTag/";
    let is_own = |key: &str| {
        let name = key.split_once(':').map_or("", |(_, name)| name);
        let is_tag = name.get(..TAG.len()).is_some_and(|start| start.eq_ignore_ascii_case(TAG));
        is_tag || NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let asks = |block: &&Block<'_>| block.operator.is_some_and(|operator| !operator.negated);
    statement.statement.condition.iter().filter(asks).flat_map(|block| &block.tests).any(|test| is_own(test.key))
}

/// Puts names to be filled in in the place of `*`, where no action needs it.
fn name_resources(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, star: &ResourceEntry<'_>) -> Option<Fix> {
    let limited = |action: Action<'static>| action.resource_types().len() > 0;
    if has_unlisted_action(statement) || !statement.reached().all(|(_, action)| limited(action)) {
        return None;
    }
    let names = templates::of_actions(statement.reached().map(|(_, action)| action));
    if names.len() > MOST_NAMES {
        return None;
    }
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    edits::suggestion("Name resources", edits::replace_by_several(ctx, star.text.value, &names))
}

fn effectively_star(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, acc: &mut Vec<Diagnostic>) {
    let covers = |resource: &ResourceEntry<'_>, action: Action<'static>| {
        action.resource_types().any(|(kind, _)| resource.covers(kind))
    };
    let limited: Vec<Action<'static>> =
        statement.reached().map(|(_, action)| action).filter(|action| action.resource_types().len() > 0).collect();
    let is_open = |action: &Action<'static>| statement.resources.iter().any(|resource| covers(resource, *action));
    if has_unlisted_action(statement) || limited.is_empty() || !limited.iter().all(is_open) {
        return;
    }
    let open: Vec<_> =
        statement.arns().filter(|(resource, _)| limited.iter().any(|action| covers(resource, *action))).collect();
    let Some((first, arn)) = open.first() else { return };
    let message = format!(
        "`{}` takes in all there are, in every region and account, so it is as good as `*`. Name what the container uses.",
        arn.text
    );
    let narrowed = open.iter().filter_map(|(resource, arn)| {
        let narrowed = in_own_place(arn);
        (narrowed != arn.text).then(|| edits::replace(ctx, resource.text.value, &narrowed))
    });
    let edits: Option<Vec<_>> = narrowed.collect();
    let edits = edits.map(|edits| edits.concat()).filter(|edits| !edits.is_empty());
    let diagnostic = ctx.report(&EFFECTIVELY_STAR, ctx.at(first.text.value), message);
    let others = open.iter().skip(1);
    let diagnostic = others.fold(diagnostic, |diagnostic, (other, _)| {
        diagnostic.related(ctx.at(other.text.value).range, "This one is as well.")
    });
    acc.push(diagnostic.fix(edits::suggestion("Keep it to the region and account of the deployment", edits)));
}

/// The name with the region and the account of the deployment in the place of wildcards.
fn in_own_place(arn: &Arn<'_>) -> String {
    let filled = |text: &str, variable: &str| if text == "*" { variable.to_owned() } else { text.to_owned() };
    format!(
        "arn:{}:{}:{}:{}:{}",
        arn.partition.text,
        arn.service.text,
        filled(arn.region.text, "${aws:region}"),
        filled(arn.account.text, "${aws:accountId}"),
        arn.resource.text
    )
}
