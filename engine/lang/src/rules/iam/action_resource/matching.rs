//! IAM080 to IAM083: actions without a resource they can be used on, and resources without an action.

use super::{examples, has_known_form, has_unlisted_action, is_plain};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::iam::arn::{Arn, Format};
use crate::iam::reference::{Action, ResourceType};
use crate::iam::templates::{self, Template};
use crate::rules::iam::context::{ActionEntry, ResourceEntry, StatementContext};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an action none of whose types of resources is among the resources of the statement.
    ///
    /// ## Why it matters
    /// The statement never allows it. The usual cause is a name that is nearly right: a bucket where its objects are meant, a
    /// log group where its streams are.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive
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
    /// [Actions, resources, and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    NO_MATCHING_RESOURCE = "IAM080", "Action without a resource", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports an action that cannot be limited to resources, in a statement about some.
    ///
    /// ## Why it matters
    /// The action is about the whole account, so only the resource `*` allows it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - s3:ListAllMyBuckets
    ///       - s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///   - Effect: Allow
    ///     Action: s3:ListAllMyBuckets
    ///     Resource: '*'
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    NEEDS_STAR = "IAM081", "Action that needs `*`", Warning, fix: Unsafe;

    /// ## What it does
    /// Marks a resource that none of the statement's actions can be used on.
    ///
    /// ## Why it matters
    /// It changes nothing, or it is not what was meant.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource:
    ///       - arn:aws:s3:::report-archive
    ///       - arn:aws:s3:::report-archive/*
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
    /// [Actions, resources, and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    UNUSED_RESOURCE = "IAM082", "Resource that no action uses", Hint, fix: Unsafe;

    /// ## What it does
    /// Says which types of resources an action of Amazon EC2 needs beside those that the statement has.
    ///
    /// ## Why it matters
    /// EC2 asks about all of them at once: an instance cannot be started where its subnet is not allowed.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: ec2:AttachVolume
    ///     Resource: arn:aws:ec2:us-east-1:314159265358:volume/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: ec2:AttachVolume
    ///     Resource:
    ///       - arn:aws:ec2:us-east-1:314159265358:volume/*
    ///       - arn:aws:ec2:us-east-1:314159265358:instance/*
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys for Amazon EC2](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html)
    COMPANION_TYPES = "IAM083", "Further types of resources needed", Info, fix: Unsafe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in ctx.statements.iter().filter(|statement| is_plain(statement) && statement.star().is_none()) {
        if !statement.has_uncertain_resource() && statement.arns().all(|(_, arn)| has_known_form(arn)) {
            for entry in &statement.actions {
                acc.extend(action(ctx, statement, entry));
            }
        }
        if !has_unlisted_action(statement) && !statement.actions.is_empty() {
            unused(ctx, statement, acc);
        }
    }
}

fn action(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, entry: &ActionEntry<'_>) -> Option<Diagnostic> {
    let actions = entry.reach.actions();
    if actions.is_empty() || statement.resources.is_empty() {
        return None;
    }
    if actions.iter().any(|action| takes(statement, *action)) {
        return companions(ctx, statement, entry);
    }
    let typed = actions.iter().filter(|action| action.resource_types().len() > 0).count();
    if typed == 0 {
        // All of a service is as good as `*` for what has no resources.
        let of_service = |arn: &Arn<'_>| {
            arn.resource.pattern.is_star()
                && actions.iter().any(|action| arn.service.pattern.matches(action.service().prefix()))
        };
        if statement.arns().any(|(_, arn)| of_service(arn)) {
            return None;
        }
        return Some(needs_star(ctx, statement, entry));
    }
    (typed == actions.len()).then(|| no_matching_resource(ctx, statement, entry))
}

/// Whether an action can be used on a resource of the statement.
fn takes(statement: &StatementContext<'_>, action: Action<'static>) -> bool {
    action.resource_types().any(|(kind, _)| has(statement, kind))
}

fn has(statement: &StatementContext<'_>, kind: ResourceType<'static>) -> bool {
    statement.resources.iter().any(|resource| resource.overlaps(kind))
}

fn no_matching_resource(
    ctx: &PolicyContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ActionEntry<'_>,
) -> Diagnostic {
    let actions = entry.reach.actions();
    let mut types: Vec<&str> = Vec::new();
    for (kind, _) in actions.iter().flat_map(|action| action.resource_types()) {
        if !types.contains(&kind.name()) {
            types.push(kind.name());
        }
    }
    types.truncate(8);
    let message = format!(
        "No resource of this statement is one that `{}` can be used on ({}), so it is never allowed. Name one, such as {}.",
        entry.text.text,
        types.join(", "),
        examples(actions.iter().copied())
    );
    let derived = statement.arns().find_map(|(_, arn)| derived(arn, actions));
    let add = derived.as_ref().and_then(|name| {
        let element = statement.statement.resources.as_ref()?;
        edits::suggestion(format!("Add `{name}`"), edits::add_entries(ctx, element, std::slice::from_ref(name)))
    });
    let own = derived.as_ref().and_then(|name| move_to(ctx, statement, entry, name));
    ctx.report(&NO_MATCHING_RESOURCE, ctx.at(entry.text.value), message).fix(add).fix(own)
}

fn needs_star(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, entry: &ActionEntry<'_>) -> Diagnostic {
    let message = format!(
        "`{}` cannot be limited to resources: only `*` allows it. Move it to a statement about `*`.",
        entry.text.text
    );
    let alone = statement.actions.len() == 1;
    let fix = if alone {
        let element = statement.statement.resources.as_ref();
        let edits = element.and_then(|element| edits::rewrite(ctx, element.value, "'*'"));
        edits::suggestion("Use `*`", edits)
    } else {
        move_to(ctx, statement, entry, "*")
    };
    ctx.report(&NEEDS_STAR, ctx.at(entry.text.value), message).fix(fix)
}

fn move_to(
    ctx: &PolicyContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ActionEntry<'_>,
    resource: &str,
) -> Option<Fix> {
    if statement.has_condition() {
        return None;
    }
    let resources = [resource.to_owned()];
    let edits = edits::move_to_own_statement(ctx, statement.statement, entry.text, &resources, None);
    edits::suggestion(format!("Move it to a statement about `{resource}`"), edits)
}

/// The name that was probably meant: the objects of a bucket, the bucket of objects, the streams of a log group, the indexes or
/// the stream of a table.
fn derived(arn: &Arn<'_>, actions: &[Action<'static>]) -> Option<String> {
    let name = arn.text;
    let whole = |end: &str| name.strip_suffix(end).unwrap_or(name);
    let candidates = match arn.service.text {
        "s3" => match arn.resource.text.find('/') {
            Some(slash) => vec![name[..arn.resource.range.start + slash].to_owned()],
            None => vec![format!("{name}/*")],
        },
        "logs" => vec![format!("{}:*", whole(":*"))],
        "dynamodb" => vec![format!("{name}/index/*"), format!("{name}/stream/*")],
        _ => return None,
    };
    let fits = |name: &String| {
        let Ok(arn) = Arn::split(name) else { return false };
        let formats =
            actions.iter().flat_map(|action| action.resource_types()).flat_map(|(kind, _)| kind.arn_formats());
        formats.filter_map(Format::parse).any(|format| arn.overlaps(&format))
    };
    candidates.into_iter().find(|candidate| candidate != name && fits(candidate))
}

/// EC2 wants all types at once that it marks as required; elsewhere the mark stands at alternatives, too.
fn companions(
    ctx: &PolicyContext<'_>,
    statement: &StatementContext<'_>,
    entry: &ActionEntry<'_>,
) -> Option<Diagnostic> {
    let elsewhere = |action: Action<'static>, kind: ResourceType<'static>| {
        let free = |other: &&StatementContext<'_>| is_plain(other) && !other.has_condition() && other.is_about(action);
        ctx.statements.iter().filter(free).any(|other| has(other, kind))
    };
    let mut missing: Vec<ResourceType<'static>> = Vec::new();
    for action in entry.reach.actions().iter().filter(|action| action.service().prefix() == "ec2") {
        for (kind, required) in action.resource_types() {
            if required && !has(statement, kind) && !missing.contains(&kind) && !elsewhere(*action, kind) {
                missing.push(kind);
            }
        }
    }
    if missing.is_empty() {
        return None;
    }
    let list = |texts: Vec<String>| texts.join(", ");
    let message = format!(
        "`{}` needs more than the statement has: {}. Add {}.",
        entry.text.text,
        list(missing.iter().map(|kind| kind.name().to_owned()).collect()),
        list(missing.iter().filter_map(|kind| Some(format!("`{}`", templates::of_type(*kind).next()?))).collect())
    );
    let all = |template: Template<'_>| template.filled(|_| "*".to_owned());
    let names: Vec<String> = missing.iter().filter_map(|kind| templates::of_type(*kind).next().map(all)).collect();
    let element = statement.statement.resources.as_ref()?;
    let fix = edits::suggestion("Add the types that are missing", edits::add_entries(ctx, element, &names));
    Some(ctx.report(&COMPANION_TYPES, ctx.at(entry.text.value), message).fix(fix))
}

fn unused(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, acc: &mut Vec<Diagnostic>) {
    let is_used = |resource: &ResourceEntry<'_>, arn: &Arn<'_>| {
        statement.reached().any(|(_, action)| {
            let types = action.resource_types();
            let all_of_service = types.len() == 0
                && arn.resource.pattern.is_star()
                && arn.service.pattern.matches(action.service().prefix());
            all_of_service || types.clone().any(|(kind, _)| resource.overlaps(kind))
        })
    };
    let useless = statement.arns().filter(|(resource, arn)| has_known_form(arn) && !is_used(resource, arn));
    for (resource, arn) in useless {
        let message =
            format!("None of the actions can be used on `{}`. Remove it, or add the action it is for.", arn.text);
        let others = statement.resources.len() > 1;
        let edits = others.then(|| edits::remove(ctx, resource.text.value)).flatten();
        acc.push(
            ctx.report(&UNUSED_RESOURCE, ctx.at(resource.text.value), message)
                .unnecessary()
                .fix(edits::suggestion(format!("Remove `{}`", arn.text), edits)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;

    #[test]
    fn names_are_derived_from_near_ones() {
        for (name, action, expected) in [
            ("arn:aws:s3:::reports", "s3:GetObject", Some("arn:aws:s3:::reports/*")),
            ("arn:aws:s3:::reports/a/*", "s3:ListBucket", Some("arn:aws:s3:::reports")),
            ("arn:aws:logs:*:1:log-group:/a", "logs:GetLogEvents", Some("arn:aws:logs:*:1:log-group:/a:*")),
            ("arn:aws:dynamodb:*:1:table/a", "dynamodb:GetRecords", Some("arn:aws:dynamodb:*:1:table/a/stream/*")),
            ("arn:aws:kms:*:1:alias/a", "kms:Decrypt", None),
        ] {
            let actions = [reference().action(action).unwrap()];
            assert_eq!(derived(&Arn::split(name).unwrap(), &actions).as_deref(), expected, "{name}");
        }
    }
}
