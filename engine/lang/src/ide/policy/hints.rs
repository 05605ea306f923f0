//! Hints in policies: what a pattern reaches, what could be narrower, how long the policy is.

use super::words::{counted, thousands};
use super::{Spot, reached};
use crate::config::Value;
use crate::ide::hints::{Hint, HintKind, heading_end};
use crate::rules::{MANAGED_POLICY_SIZE, RuleContext, policies, policy_size};
use crate::text::{TextRange, TextSize};
use crate::yaml::NodeId;

/// The hints of the policies that stand in a part of the document.
pub(in crate::ide) fn add(ctx: &RuleContext<'_>, wanted: TextRange, acc: &mut Vec<Hint>) {
    // What an alias brings in is shown where it stands, if that is a policy.
    let here = |policy: &Value<'_>| policy.definition().is_none() && policy.is_map();
    for policy in policies(ctx).into_iter().filter(here) {
        acc.extend(size(ctx, policy, wanted));
        let Some(statements) = policy.get("Statement") else { continue };
        let one = statements.is_map().then_some(statements);
        for statement in statements.items().chain(one).filter(|statement| statement.definition().is_none()) {
            of_statement(ctx, statement, wanted, acc);
        }
    }
}

fn size(ctx: &RuleContext<'_>, policy: Value<'_>, wanted: TextRange) -> Option<Hint> {
    let offset = policy.written_key_range().map(|_| heading_end(ctx, policy))?;
    if !wanted.contains_inclusive(offset) {
        return None;
    }
    let (size, has_variables) = policy_size(ctx, policy);
    let counted = if has_variables { " Variables count as they are written." } else { "" };
    let (size, limit) = (thousands(size), thousands(MANAGED_POLICY_SIZE));
    Some(Hint {
        offset,
        label: format!("{size} / {limit}"),
        tooltip: format!(
            "The policy has {size} of the {limit} characters that it may have, blanks not counted.{counted}"
        ),
        kind: HintKind::Policy,
    })
}

fn of_statement(ctx: &RuleContext<'_>, statement: Value<'_>, wanted: TextRange, acc: &mut Vec<Hint>) {
    let Some(spot) = Spot::of(ctx.tree(), ctx.inputs.kind, statement.node()) else { return };
    let end = |node: NodeId| Some(ctx.tree().node(node).range.end()).filter(|end| wanted.contains_inclusive(*end));
    let patterns = spot.texts("Action").into_iter().chain(spot.texts("NotAction"));
    for (node, text) in patterns.filter(|(_, text)| text.contains(['*', '?'])) {
        let Some(offset) = end(node).filter(|offset| is_in(ctx, statement, *offset)) else { continue };
        let mut actions = reached(text).peekable();
        if actions.peek().is_none() {
            continue;
        }
        let label = counted(actions);
        let tooltip = format!("What the pattern reaches. {label}.");
        acc.push(Hint { offset, label, tooltip, kind: HintKind::Policy });
    }
    let star = spot.texts("Resource").into_iter().find(|(_, text)| *text == "*");
    let place = star.and_then(|(node, _)| end(node)).filter(|offset| is_in(ctx, statement, *offset));
    let (Some(offset), true) = (place, spot.texts("Effect").iter().any(|(_, text)| *text == "Allow")) else { return };
    let (narrower, total) = spot
        .texts("Action")
        .into_iter()
        .flat_map(|(_, text)| reached(text))
        .fold((0, 0), |(narrower, total), action| {
            (narrower + usize::from(action.resource_types().len() > 0), total + 1)
        });
    if narrower > 0 {
        acc.push(Hint {
            offset,
            label: format!("{} of {} could be narrower", thousands(narrower), thousands(total)),
            tooltip: "How many of the statement's actions can be granted on resources by their names.".to_owned(),
            kind: HintKind::Policy,
        });
    }
}

/// Whether a place is in the statement itself, and not where an alias took its text from.
fn is_in(ctx: &RuleContext<'_>, statement: Value<'_>, offset: TextSize) -> bool {
    ctx.tree().node(statement.node()).range.contains_inclusive(offset)
}
