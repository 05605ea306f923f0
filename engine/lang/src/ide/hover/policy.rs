//! Policies of IAM: what an action, a pattern, a resource, a condition key or an operator means.

use super::Hover;
use super::markdown::{self, code};
use crate::iam::arn::Arn;
use crate::iam::key::Key;
use crate::iam::policy::Operator;
use crate::iam::reference::{Action, ResourceType, Service, reference};
use crate::ide::policy::{Spot, overlaps, reached, words};
use crate::rules::RuleContext;
use crate::yaml::NodeId;

/// Names that are shown of many.
const SHOWN: usize = 20;

/// Actions of a statement that are compared with a resource.
const MOST_REACHED: usize = 1000;

/// What is known of a text of a policy.
pub(super) fn of_text(ctx: &RuleContext<'_>, node: NodeId) -> Option<Hover> {
    let tree = ctx.tree();
    let spot = Spot::of(tree, ctx.inputs.kind, node)?;
    let text = tree.scalar_text(node)?;
    let is_key = tree.entry_of(node).is_some_and(|entry| entry.key == node);
    let markdown = match spot.keys[..] {
        ["Statement", "Action" | "NotAction"] if !is_key => actions(text),
        ["Statement", "Resource" | "NotResource"] if !is_key => resource(&spot, text),
        ["Statement", "Condition", _] if is_key => Operator::parse(text).map(|found| operator(text, found)),
        ["Statement", "Condition", _, _] if is_key => reference().key(text).map(|found| key(text, found)),
        _ => None,
    };
    Some(Hover { range: tree.node(node).range, markdown: markdown? })
}

fn actions(text: &str) -> Option<String> {
    if let Some(action) = reference().action(text) {
        return Some(of_action(action));
    }
    let reached: Vec<Action<'_>> = reached(text).collect();
    if reached.is_empty() {
        return None;
    }
    let names = listed(reached.iter().map(ToString::to_string));
    let services: Vec<Service<'_>> =
        reached.chunk_by(|one, other| one.service() == other.service()).map(|own| own[0].service()).collect();
    let link = match services[..] {
        [only] => format!("\n\n{}", link(only)),
        _ => String::new(),
    };
    Some(format!("{}: {}.\n\n{names}{link}", code(text), words::counted(reached)))
}

fn of_action(action: Action<'_>) -> String {
    let head = format!("{}: {} · {}", code(&action.to_string()), action.level(), action.service().title());
    let types: Vec<ResourceType<'_>> = action.resource_types().map(|(kind, _)| kind).collect();
    let resources = if types.is_empty() {
        "No resource narrows it: only `*` grants it.".to_owned()
    } else {
        let lines = types.iter().take(SHOWN).map(|kind| {
            let formats: Vec<String> = kind.arn_formats().map(code).collect();
            Some(format!("{}: {}", kind.name(), formats.join(", ")))
        });
        let rest = types.len().checked_sub(SHOWN + 1).map(|rest| format!("and {} more", rest + 1));
        let count = if types.len() == 1 {
            "1 type of resource".to_owned()
        } else {
            format!("{} types of resources", types.len())
        };
        format!("{count}:\n\n{}", markdown::list(lines.chain([rest])).unwrap_or_default())
    };
    let keys = listed(action.keys().map(|key| key.name().to_owned()));
    let keys = if keys.is_empty() { keys } else { format!("Condition keys: {keys}") };
    let dependents = listed(action.dependents().map(str::to_owned));
    let dependents = if dependents.is_empty() { dependents } else { format!("Needs beside it: {dependents}") };
    let paragraphs = [head, resources, keys, dependents, link(action.service())];
    paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The first of some names.
fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let rest = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.take(SHOWN).map(|name| code(&name)).collect();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}

/// The public reference of a service, whose address has its prefix.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html>
fn link(service: Service<'_>) -> String {
    let prefix = service.prefix();
    let title = service.title();
    format!("[Reference of {title}](https://servicereference.us-east-1.amazonaws.com/v1/{prefix}/{prefix}.json)")
}

fn resource(spot: &Spot<'_>, text: &str) -> Option<String> {
    let actions = spot.actions(MOST_REACHED);
    if text == "*" {
        let narrower = actions.iter().filter(|action| action.resource_types().len() > 0).count();
        let count = match actions.len() {
            0 => String::new(),
            total => format!("\n\n{narrower} of the {total} actions of the statement could have narrower resources."),
        };
        return Some(format!("`*` is every resource.{count}"));
    }
    let arn = Arn::split(text).ok()?;
    let field = |title: &str, text: &str| {
        let text = if text.is_empty() { "none".to_owned() } else { code(text) };
        Some(format!("{title}: {text}"))
    };
    let fields = markdown::list([
        field("Partition", arn.partition.text),
        field("Service", arn.service.text),
        field("Region", arn.region.text),
        field("Account", arn.account.text),
        field("Resource", arn.resource.text),
    ]);
    let mut types: Vec<(String, ResourceType<'_>)> = Vec::new();
    if !arn.service.pattern.has_wildcard() {
        for service in reference().services() {
            let own = service.resource_types().filter(|kind| overlaps(&arn, *kind));
            types.extend(own.map(|kind| (format!("{} of {}", kind.name(), service.title()), kind)));
        }
    }
    let matches = match types.len() {
        0 => "No known type of resource has such names.".to_owned(),
        _ => format!("Names: {}.", listed_words(types.iter().map(|(words, _)| words.clone()))),
    };
    let using: Vec<String> = (actions.iter())
        .filter(|action| action.resource_types().any(|(kind, _)| overlaps(&arn, kind)))
        .map(ToString::to_string)
        .collect();
    let used = match (actions.is_empty(), using.is_empty()) {
        (true, _) => String::new(),
        (false, true) => "\n\nNo action of the statement uses it.".to_owned(),
        (false, false) => format!("\n\nUsed by {}.", listed(using.into_iter())),
    };
    Some(format!("{}\n\n{matches}{used}", fields?))
}

fn listed_words(words: impl ExactSizeIterator<Item = String>) -> String {
    let rest = words.len().saturating_sub(SHOWN);
    let shown: Vec<String> = words.take(SHOWN).collect();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}

fn key(written: &str, key: Key<'_>) -> String {
    let several = if key.is_multivalued() {
        "A request has any number of values for it: test them with `ForAnyValue:` or `ForAllValues:`."
    } else {
        "A request has one value for it."
    };
    let role = if words::is_never_present(key) {
        "Requests made with the role of a container never have it."
    } else {
        "Requests made with the role of a container can have it."
    };
    format!("{} holds {}.\n\n{several}\n\n{role}", code(written), words::holds(key.kind()))
}

fn operator(written: &str, operator: Operator) -> String {
    let wildcards = if operator.takes_wildcards() { " `*` and `?` are wildcards in its values." } else { "" };
    let negated = if operator.negated { ", and asks for a difference" } else { "" };
    format!(
        "{} compares {}{negated}.{wildcards}\n\n{}",
        code(written),
        words::compares(operator.family),
        words::when_absent(operator)
    )
}
