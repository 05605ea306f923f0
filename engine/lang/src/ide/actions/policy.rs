//! Policies of IAM: patterns as the actions that they reach, resources by their names, actions that others need.

use super::{Action, ActionKind, refactoring};
use crate::iam::glob::matches_ignoring_case;
use crate::iam::patterns;
use crate::iam::reference::{self, AccessLevel, reference};
use crate::iam::templates;
use crate::ide::policy::{Spot, reached, words};
use crate::rules::{RuleContext, merge_statements, put_several, split_statement};
use crate::yaml::NodeId;

/// More actions than this are not written out.
const MOST: usize = 200;

/// What can be done about the action or the resource at the cursor.
pub(super) fn rewrite(ctx: &RuleContext<'_>, node: NodeId) -> Vec<Action> {
    let tree = ctx.tree();
    let is_key = tree.entry_of(node).is_some_and(|entry| entry.key == node);
    let (Some(spot), Some(text)) = (Spot::of(tree, ctx.inputs.kind, node), tree.scalar_text(node)) else {
        return Vec::new();
    };
    let statements = of_statement(ctx, &spot, node);
    let here = match spot.keys[..] {
        ["Statement", "Action"] if !is_key && text.contains(['*', '?']) => of_pattern(ctx, &spot, node, text),
        ["Statement", "Action"] if !is_key => with_dependents(ctx, &spot, node, text).into_iter().collect(),
        ["Statement", "Resource"] if !is_key && text == "*" => by_name(ctx, &spot, node).into_iter().collect(),
        _ => Vec::new(),
    };
    here.into_iter().chain(statements).collect()
}

/// The statement in several, and several in one.
fn of_statement(ctx: &RuleContext<'_>, spot: &Spot<'_>, node: NodeId) -> Vec<Action> {
    if spot.statement.is_none() || spot.keys.contains(&"Condition") {
        return Vec::new();
    }
    let split = split_statement(ctx, node).map(|(count, edits)| {
        refactoring(ActionKind::RefactorRewrite, format!("Split by type of resource into {count} statements"), edits)
    });
    let merge = merge_statements(ctx, node).map(|(count, edits)| {
        refactoring(ActionKind::RefactorRewrite, format!("Merge {count} statements that can be one"), edits)
    });
    split.into_iter().chain(merge).collect()
}

/// The pattern as a list of all that it reaches; and less of it: what is of one level, or what only reads.
fn of_pattern(ctx: &RuleContext<'_>, spot: &Spot<'_>, node: NodeId, text: &str) -> Vec<Action> {
    let actions: Vec<reference::Action<'_>> = reached(text).collect();
    let others: Vec<&str> = others(spot, node);
    let put = |title: String, texts: &[String]| {
        let is_new = |name: &&String| !others.iter().any(|other| matches_ignoring_case(other, name));
        let new: Vec<&str> = texts.iter().filter(is_new).map(String::as_str).collect();
        if new.is_empty() || new.len() > MOST {
            return None;
        }
        put_several(ctx, node, &new).map(|edits| refactoring(ActionKind::RefactorRewrite, title, edits))
    };
    let names: Vec<String> = actions.iter().take(MOST + 1).map(ToString::to_string).collect();
    let all = put(format!("Write `{text}` out: {}", words::counted(actions.iter().copied())), &names);
    let keep = |what: &str, levels: &[AccessLevel]| {
        let is_kept = |action: &reference::Action<'_>| levels.contains(&action.level());
        let kept: Vec<_> = actions.iter().copied().filter(is_kept).collect();
        if kept.len() == actions.len() {
            return None;
        }
        let title = format!("Keep only what `{text}` {what}: {}", words::counted(kept.iter().copied()));
        put(title, &few(&kept))
    };
    let has = |level: AccessLevel| actions.iter().any(|action| action.level() == level);
    let reading = [AccessLevel::List, AccessLevel::Read];
    let reads = if reading.into_iter().all(has) { keep("lists and reads", &reading) } else { None };
    let levels = AccessLevel::ALL.into_iter().filter_map(|level| keep(&format!("has of level {level}"), &[level]));
    all.into_iter().chain(reads).chain(levels).collect()
}

/// The actions by name; many of them by patterns that reach no other ones.
fn few(actions: &[reference::Action<'_>]) -> Vec<String> {
    const MANY: usize = 40;
    if actions.len() <= MANY {
        return actions.iter().map(ToString::to_string).collect();
    }
    let mut services: Vec<reference::Service<'_>> = actions.iter().map(|action| action.service()).collect();
    services.dedup();
    services.into_iter().flat_map(|service| patterns::shortest(service, |action| actions.contains(&action))).collect()
}

/// Adds what an action needs beside it and the statement does not have.
fn with_dependents(ctx: &RuleContext<'_>, spot: &Spot<'_>, node: NodeId, text: &str) -> Option<Action> {
    let action = reference().action(text)?;
    let others = others(spot, node);
    let is_missing = |name: &&str| !others.iter().any(|other| matches_ignoring_case(other, name));
    let missing: Vec<&str> = action.dependents().filter(is_missing).collect();
    if missing.is_empty() {
        return None;
    }
    let all: Vec<&str> = std::iter::once(text).chain(missing.iter().copied()).collect();
    let edits = put_several(ctx, node, &all)?;
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let title = format!("Add what `{text}` needs beside it: {}", names.join(", "));
    Some(refactoring(ActionKind::RefactorRewrite, title, edits))
}

/// Names to be filled in instead of `*`, where each of the actions can be granted by name.
fn by_name(ctx: &RuleContext<'_>, spot: &Spot<'_>, node: NodeId) -> Option<Action> {
    const MOST_TEMPLATES: usize = 10;
    let actions = spot.actions(MOST);
    let is_all = spot.texts("Action").iter().all(|(_, text)| reached(text).next().is_some());
    let all_by_name = is_all && actions.len() < MOST && actions.iter().all(|action| action.resource_types().len() > 0);
    let templates = templates::of_actions(actions.iter().copied().filter(|_| all_by_name));
    let names: Vec<String> = templates.iter().map(ToString::to_string).collect();
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    if texts.is_empty() || texts.len() > MOST_TEMPLATES {
        return None;
    }
    let edits = put_several(ctx, node, &texts)?;
    Some(refactoring(ActionKind::RefactorRewrite, "Name the resources instead of `*`", edits))
}

fn others<'t>(spot: &Spot<'t>, node: NodeId) -> Vec<&'t str> {
    spot.texts("Action").into_iter().filter(|(other, _)| *other != node).map(|(_, text)| text).collect()
}
