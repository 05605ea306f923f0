//! IAM200 to IAM203: actions that are allowed by the dozen.

use std::collections::HashSet;

use super::{by_level, scoped, whole_service};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::arn::{Arn, Format};
use crate::iam::reference::{AccessLevel, Action, ResourceType, Service};
use crate::rules::iam::context::{ActionEntry, Reach, StatementContext, Target};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a statement that allows every action on every resource, under no condition.
    ///
    /// ## Why it matters
    /// Whoever takes over the container takes over the account. Few containers need more than a handful of actions.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: '*'
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
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    ADMIN = "IAM200", "Everything on everything", Warning, fix: None;

    /// ## What it does
    /// Reports a statement that allows every action, on some resources or under a condition.
    ///
    /// ## Why it matters
    /// Every action is more than any container needs: also those that delete, that change permissions, and that AWS adds later.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: '*'
    ///     Resource: arn:aws:s3:::report-archive/*
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
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    EVERY_ACTION = "IAM201", "Every action", Warning, fix: None;

    /// ## What it does
    /// Reports `service:*`: all actions of a service. Where every resource is named it is a note, except for services that
    /// decide about permissions.
    ///
    /// ## Why it matters
    /// All actions are also those that delete, that change permissions, and that AWS adds later.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:*
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [sqs:ReceiveMessage, sqs:DeleteMessage]
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    SERVICE_WILDCARD = "IAM202", "All actions of a service", Warning, fix: Unsafe;

    /// ## What it does
    /// Says that a pattern of actions reaches ten or more that do not just read, or one that changes permissions.
    ///
    /// ## Why it matters
    /// Few see what such a pattern reaches, and it reaches what AWS adds later.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:Put*
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:PutObject, s3:PutObjectTagging]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    BROAD_WILDCARD = "IAM203", "Pattern that reaches many actions", Info, fix: Unsafe
}

/// Services whose actions decide what others may do.
const POWERFUL: [&str; 7] = ["account", "cloudformation", "iam", "kms", "organizations", "sso", "sts"];

/// From so many actions that do not just read, a pattern is broad.
const BROAD: usize = 10;

/// Most entries that a fix writes in the place of one.
const LONGEST_LIST: usize = 40;

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in ctx.statements.iter().filter(|statement| statement.is_admin()) {
        for entry in statement.actions.iter().filter(|entry| entry.reach == Reach::Every) {
            let message =
                "This allows every action on every resource of the account. Name the actions that the container needs.";
            acc.push(ctx.report(&ADMIN, ctx.at(entry.text.value), message));
        }
    }
    for statement in scoped(ctx).filter(|statement| !statement.has_not_action()) {
        for entry in statement.actions.iter().filter(|entry| entry.taken_back.is_none()) {
            match &entry.reach {
                Reach::Every => {
                    let message =
                        "This allows every action of every service. Name the actions that the container needs.";
                    acc.push(ctx.report(&EVERY_ACTION, ctx.at(entry.text.value), message));
                }
                Reach::Pattern(_) => match whole_service(entry) {
                    Some(service) => acc.push(service_wildcard(ctx, statement, entry, service)),
                    None => acc.extend(broad_wildcard(ctx, entry)),
                },
                Reach::One(_) | Reach::Bare | Reach::Unknown | Reach::Faulty => {}
            }
        }
    }
}

fn service_wildcard(
    ctx: &PolicyContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ActionEntry<'_>,
    service: Service<'static>,
) -> Diagnostic {
    let actions = entry.reach.actions();
    let powerful = POWERFUL.contains(&service.prefix());
    let specific = !powerful && !statement.has_not_resource() && !takes_in_all(statement, service);
    let message = format!(
        "`{}` allows all {} actions of {}: {}. Name the ones that the container needs.",
        entry.text.text,
        actions.len(),
        service.title(),
        by_level(actions)
    );
    let reading: Vec<Action<'static>> = actions.iter().copied().filter(|action| reads(*action)).collect();
    let fix = by_verb(service, &reading).filter(|entries| entries.len() <= LONGEST_LIST).and_then(|entries| {
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        edits::replace_by_several(ctx, entry.text.value, &entries)
    });
    let severity = if specific { Severity::Info } else { Severity::Warning };
    ctx.report(&SERVICE_WILDCARD, ctx.at(entry.text.value), message)
        .severity(severity)
        .fix(edits::suggestion("Allow only what reads", fix))
}

fn broad_wildcard(ctx: &PolicyContext<'_>, entry: &ActionEntry<'_>) -> Option<Diagnostic> {
    let actions = entry.reach.actions();
    let changing = actions.iter().filter(|action| !reads(**action)).count();
    if changing < BROAD && !actions.iter().any(|action| action.level() == AccessLevel::PermissionsManagement) {
        return None;
    }
    let message = format!(
        "`{}` reaches {} actions: {}. Name the ones that the container needs.",
        entry.text.text,
        actions.len(),
        by_level(actions)
    );
    let fix = (actions.len() <= LONGEST_LIST).then(|| {
        let names: Vec<String> = actions.iter().map(ToString::to_string).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        edits::replace_by_several(ctx, entry.text.value, &names)
    });
    let diagnostic = ctx.report(&BROAD_WILDCARD, ctx.at(entry.text.value), message);
    Some(diagnostic.fix(edits::suggestion("Name the actions", fix.flatten())))
}

fn reads(action: Action<'_>) -> bool {
    matches!(action.level(), AccessLevel::List | AccessLevel::Read)
}

/// Whether a resource is `*`, or takes in all resources of a type of the service in some account and region.
fn takes_in_all(statement: &StatementContext<'_>, service: Service<'static>) -> bool {
    let takes_in_type = |arn: &Arn<'_>| {
        let mut formats = service.resource_types().flat_map(ResourceType::arn_formats).filter_map(Format::parse);
        formats.any(|format| arn.resource.pattern.covers(&format.resource))
    };
    statement.resources.iter().any(|entry| match &entry.target {
        Target::Every => true,
        Target::Arn(arn) => {
            arn.service.pattern.matches(service.prefix()) && (arn.resource.pattern.is_star() || takes_in_type(arn))
        }
        Target::Unknown | Target::Faulty => false,
    })
}

/// Patterns and names that reach these actions of a service and no other: `sqs:Get*` where all that begins so is wanted.
fn by_verb(service: Service<'static>, wanted: &[Action<'static>]) -> Option<Vec<String>> {
    let wanted: HashSet<Action<'static>> = wanted.iter().copied().collect();
    let mut entries = Vec::new();
    let mut done = HashSet::new();
    for action in service.actions().filter(|action| wanted.contains(action)) {
        let start = verb(action.name());
        let alike = service.starting_with(start);
        if alike.len() == 1 || alike.clone().any(|action| !wanted.contains(&action)) {
            entries.push(action.to_string());
        } else if done.insert(start.to_ascii_lowercase()) {
            entries.push(format!("{}:{start}*", service.prefix()));
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// The first word of a name in which words begin with capitals.
fn verb(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, character)| character.is_ascii_uppercase());
    end.map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;

    #[test]
    fn verbs_stand_for_what_is_wanted_and_nothing_else() {
        let service = reference().service("sqs").unwrap();
        let reading: Vec<Action<'static>> = service.actions().filter(|action| reads(*action)).collect();
        let entries = by_verb(service, &reading).unwrap();
        let reached: HashSet<Action<'static>> =
            entries.iter().flat_map(|entry| reference().matching(entry).collect::<Vec<_>>()).collect();
        assert_eq!(reached, reading.iter().copied().collect());
        assert!(entries.contains(&"sqs:Get*".to_owned()), "{entries:?}");
        assert_eq!(verb("GetQueueUrl"), "Get");
        assert_eq!(verb("connect"), "connect");
    }
}
