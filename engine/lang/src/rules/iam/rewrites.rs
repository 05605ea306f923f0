//! Changes of statements that keep what a policy means, for editors to offer: statements become one, one becomes several, actions
//! become patterns.

use std::collections::{BTreeMap, HashSet};

use super::context::{PolicyContext, Reach, ResourceEntry, StatementContext, Target};
use super::{edits, redundancy};
use crate::fix::{self, Placement};
use crate::iam::patterns;
use crate::iam::policy::Element;
use crate::iam::reference::{Action, reference};
use crate::text::TextEdit;

/// Statements that become one with the first of them.
pub(super) struct Merge<'c, 'a> {
    first: &'c StatementContext<'a>,
    /// The others, of which there is at least one.
    pub(super) others: Vec<&'c StatementContext<'a>>,
    /// Whether the actions are alike, and the resources are put together.
    by_actions: bool,
}

/// Which statements can become one: each takes part in one merge at most.
pub(super) fn merges<'c, 'a>(ctx: &'c PolicyContext<'a>) -> Vec<Merge<'c, 'a>> {
    let mut merges: Vec<Merge<'c, 'a>> = Vec::new();
    let mut taken = vec![false; ctx.statements.len()];
    // What an alias brings in stands elsewhere.
    let is_here = |at: usize| ctx.statements[at].statement.value.definition().is_none();
    let pairs: Vec<redundancy::Mergeable> =
        redundancy::mergeable(ctx).into_iter().filter(|pair| is_here(pair.first) && is_here(pair.other)).collect();
    for (at, first) in ctx.statements.iter().enumerate() {
        if taken[at] {
            continue;
        }
        let partners = |by_actions: bool| {
            let fits = |pair: &&redundancy::Mergeable| {
                pair.first == at
                    && !taken[pair.other]
                    && if by_actions { pair.same_actions } else { pair.same_resources }
            };
            pairs.iter().filter(fits).map(|pair| pair.other).collect::<Vec<usize>>()
        };
        let (by_resources, by_actions) = (partners(false), partners(true));
        let is_by_actions = by_actions.len() > by_resources.len();
        let others = if is_by_actions { by_actions } else { by_resources };
        if others.is_empty() {
            continue;
        }
        for other in &others {
            taken[*other] = true;
        }
        let others = others.into_iter().map(|other| &ctx.statements[other]).collect();
        merges.push(Merge { first, others, by_actions: is_by_actions });
    }
    merges
}

impl<'a> Merge<'_, 'a> {
    /// Whether a statement is one of them.
    pub(super) fn has(&self, statement: &StatementContext<'a>) -> bool {
        self.others.iter().chain([&self.first]).any(|own| std::ptr::eq(*own, statement))
    }

    /// Puts what the others have into the first, and removes them.
    pub(super) fn edits(&self, ctx: &PolicyContext<'a>) -> Option<Vec<TextEdit>> {
        let element = |statement: &StatementContext<'a>| -> Option<&'a Element<'a>> {
            let statement = statement.statement;
            if self.by_actions { statement.resources.as_ref() } else { statement.actions.as_ref() }
        };
        let first = element(self.first)?;
        let mut all: Vec<&str> = first.entries.iter().map(|entry| entry.text).collect();
        let mut new: Vec<String> = Vec::new();
        for entry in self.others.iter().filter_map(|other| element(other)).flat_map(|element| &element.entries) {
            let known =
                |own: &&str| if self.by_actions { *own == entry.text } else { own.eq_ignore_ascii_case(entry.text) };
            if !all.iter().any(known) {
                all.push(entry.text);
                new.push(entry.text.to_owned());
            }
        }
        let added = if new.is_empty() { Vec::new() } else { edits::add_entries(ctx, first, &new)? };
        let removed = self.others.iter().map(|other| edits::remove(ctx, other.statement.value));
        in_order(removed.chain([Some(added)]))
    }
}

/// All merges of a policy at once.
pub(super) fn merge_all(ctx: &PolicyContext<'_>) -> Option<Vec<TextEdit>> {
    let merges = merges(ctx);
    if merges.is_empty() { None } else { in_order(merges.iter().map(|merge| merge.edits(ctx))) }
}

/// Writes the actions of all statements as patterns that reach the same ones, where that is shorter.
pub(super) fn shorten_all(ctx: &PolicyContext<'_>) -> Option<Vec<TextEdit>> {
    let all: Vec<_> = ctx.statements.iter().filter_map(|statement| shorten(ctx, statement)).collect();
    if all.is_empty() { None } else { in_order(all.into_iter().map(Some)) }
}

fn shorten(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>) -> Option<Vec<TextEdit>> {
    let element = statement.statement.actions.as_ref()?;
    // A pattern may come to deny or to spare what is new.
    if !statement.allows() || element.negated || element.has_others || has_comment(ctx, element) {
        return None;
    }
    let mut by_service: BTreeMap<&str, HashSet<Action<'static>>> = BTreeMap::new();
    let mut kept: Vec<String> = Vec::new();
    for entry in &statement.actions {
        match &entry.reach {
            Reach::One(action) => by_service.entry(action.service().prefix()).or_default().extend([*action]),
            _ => kept.push(entry.text.text.to_owned()),
        }
    }
    let before = statement.actions.len();
    for (prefix, actions) in by_service {
        kept.extend(patterns::shortest(reference().service(prefix)?, |action| actions.contains(&action)));
    }
    if kept.len() >= before {
        return None;
    }
    edits::rewrite(ctx, element.value, &edits::yaml_of(&kept.into(), ctx.document)?)
}

/// A statement for each kind of resource that its actions are for, in the place of one.
pub(super) fn split(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>) -> Option<(usize, Vec<TextEdit>)> {
    let own = statement.statement;
    let (actions, resources) = (own.actions.as_ref()?, own.resources.as_ref()?);
    let list = own.value.parent().filter(|list| list.is_list())?;
    let is_plain = |element: &Element<'_>| !element.negated && !element.has_others && !has_comment(ctx, element);
    if !is_plain(actions) || !is_plain(resources) || statement.actions.len() < 2 {
        return None;
    }
    let groups = groups(statement)?;
    if groups.len() < 2 {
        return None;
    }
    let effect = own.value.get("Effect")?.as_str()?;
    let condition = own.value.get("Condition").map(|condition| (condition, edits::unindented(ctx.document, condition)));
    let one_or_list = |texts: &[&str]| match texts {
        [one] => serde_json::Value::from(*one),
        several => serde_json::Value::from(several),
    };
    let yaml = |value: &serde_json::Value| edits::yaml_of(value, ctx.document);
    let ((first_actions, first_resources), others) = groups.split_first()?;
    let mut parts = vec![
        edits::rewrite(ctx, actions.value, &yaml(&one_or_list(first_actions))?),
        edits::rewrite(ctx, resources.value, &yaml(&one_or_list(first_resources))?),
    ];
    let mut added: Vec<TextEdit> = Vec::new();
    for (actions, resources) in others {
        let mut snippet = format!(
            "Effect: {effect}\n{}\n{}",
            yaml(&serde_json::json!({ "Action": one_or_list(actions) }))?,
            yaml(&serde_json::json!({ "Resource": one_or_list(resources) }))?
        );
        if let Some((value, text)) = &condition {
            let is_in_lines = value.is_map() && !text.starts_with(['{', '*', '&']);
            let separator = if is_in_lines { "\n  " } else { " " };
            snippet.push_str(&format!("\nCondition:{separator}{}", text.replace('\n', "\n  ")));
        }
        for edit in fix::insert_item(ctx.document, list.node(), &snippet, Placement::After(own.value.node()))? {
            match added.iter_mut().find(|other| other.range == edit.range) {
                Some(other) => other.new_text.push_str(&edit.new_text),
                None => added.push(edit),
            }
        }
    }
    parts.push(Some(added));
    Some((groups.len(), in_order(parts)?))
}

/// Actions with the resources that they are for. `None` where something is not known, or an action would be lost.
fn groups<'a>(statement: &StatementContext<'a>) -> Option<Vec<(Vec<&'a str>, Vec<&'a str>)>> {
    if let [star] = &statement.resources[..]
        && matches!(star.target, Target::Every)
    {
        return Some(by_types(statement)?.into_iter().map(|actions| (actions, vec![star.text.text])).collect());
    }
    let sound = |entry: &ResourceEntry<'_>| matches!(entry.target, Target::Arn(_));
    if !statement.resources.iter().all(sound) {
        return None;
    }
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    let mut has_resource = vec![false; statement.actions.len()];
    for resource in &statement.resources {
        let mut users = Vec::new();
        for (at, entry) in statement.actions.iter().enumerate() {
            if entry.reach.actions().is_empty() {
                return None;
            }
            let takes = |action: &Action<'static>| action.resource_types().any(|(kind, _)| resource.overlaps(kind));
            if entry.reach.actions().iter().any(takes) {
                has_resource[at] = true;
                users.push(entry.text.text);
            }
        }
        match groups.iter_mut().find(|(actions, _)| *actions == users) {
            Some((_, resources)) => resources.push(resource.text.text),
            None => groups.push((users, vec![resource.text.text])),
        }
    }
    let all_used = groups.iter().all(|(actions, _)| !actions.is_empty()) && has_resource.iter().all(|has| *has);
    all_used.then_some(groups)
}

/// The actions by the types of resource that they are for.
fn by_types<'a>(statement: &StatementContext<'a>) -> Option<Vec<Vec<&'a str>>> {
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for entry in &statement.actions {
        let Reach::One(action) = entry.reach else { return None };
        let mut types: Vec<&str> = action.resource_types().filter_map(|(kind, _)| kind.arn_formats().next()).collect();
        types.sort_by_key(|format| (format.len(), *format));
        match groups.iter_mut().find(|(known, _)| *known == types) {
            Some((_, actions)) => actions.push(entry.text.text),
            None => groups.push((types, vec![entry.text.text])),
        }
    }
    Some(groups.into_iter().map(|(_, actions)| actions).collect())
}

/// Whether a comment stands in an element, which a new text would lose.
fn has_comment(ctx: &PolicyContext<'_>, element: &Element<'_>) -> bool {
    let range = ctx.document.tree().node(element.value.node()).range;
    ctx.document.source().slice(range).contains(" #")
}

/// The edits in their order; `None` when one is missing or two of them touch the same text.
fn in_order(parts: impl IntoIterator<Item = Option<Vec<TextEdit>>>) -> Option<Vec<TextEdit>> {
    let mut edits: Vec<TextEdit> = parts.into_iter().collect::<Option<Vec<_>>>()?.concat();
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let is_apart = |pair: &[TextEdit]| pair[0].range.end() <= pair[1].range.start();
    edits.windows(2).all(is_apart).then_some(edits)
}
