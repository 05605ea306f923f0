//! What can be done about a part of the text: fixes, comments that silence, and changes that keep the meaning.

mod brackets;
mod compute;
mod deployment;
mod extract;
mod fixes;
mod ignore;
mod missing;
mod policy;
mod quotes;
mod sort;

use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::NodeId;

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative.
    pub title: String,
    /// Where editors offer it.
    pub kind: ActionKind,
    /// The edits, which do not overlap.
    pub edits: Vec<TextEdit>,
    /// The diagnostics that it mends, as indexes of those passed in.
    pub diagnostics: Vec<usize>,
    /// Whether it is the one that is meant when nothing is chosen.
    pub preferred: bool,
}

/// The kinds of action, as the editor protocol names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Mends a diagnostic.
    QuickFix,
    /// Takes a value out to another place.
    RefactorExtract,
    /// Writes the same in another way, or something else in its place.
    RefactorRewrite,
    /// Mends all that is certain in the whole document.
    SourceFixAll,
}

/// What can be done about the text in `range`; `diagnostics` are those of the whole document. The best comes first. What
/// nobody wants is not worked out: to mend a whole document takes several looks at it.
pub fn actions(
    ctx: &RuleContext<'_>,
    diagnostics: &[Diagnostic],
    range: TextRange,
    is_wanted: &dyn Fn(ActionKind) -> bool,
) -> Vec<Action> {
    let overlaps = |found: &TextRange| found.start() <= range.end() && range.start() <= found.end();
    let touched: Vec<_> = diagnostics.iter().enumerate().filter(|(_, found)| overlaps(&found.range)).collect();
    let node = node_at(ctx, range.start());
    let mut actions = Vec::new();
    if is_wanted(ActionKind::QuickFix) {
        actions.extend(fixes::of_findings(&touched));
        let missing = node.and_then(|node| missing::add(ctx, diagnostics, node));
        let is_there = |action: &Action| actions.iter().any(|other| other.edits == action.edits);
        actions.extend(missing.filter(|action| !is_there(action)));
    }
    if is_wanted(ActionKind::SourceFixAll) {
        actions.extend(fixes::of_everything(ctx, diagnostics));
    }
    if is_wanted(ActionKind::QuickFix) {
        actions.extend(ignore::comments(ctx, &touched));
    }
    let Some(node) = node else { return actions };
    if is_wanted(ActionKind::RefactorExtract) {
        actions.extend(extract::to_parameter(ctx, node, range.start()));
    }
    if is_wanted(ActionKind::RefactorRewrite) {
        actions.extend(deployment::convert(ctx, diagnostics, node));
        actions.extend(compute::switch(ctx, node));
        actions.extend(brackets::rewrite(ctx, node));
        actions.extend(quotes::rewrite(ctx, node));
        actions.extend(policy::rewrite(ctx, node));
        actions.extend(sort::in_usual_order(ctx, node));
    }
    actions
}

/// The node at a place; behind the colon of an entry, its key.
fn node_at(ctx: &RuleContext<'_>, offset: TextSize) -> Option<NodeId> {
    let tree = ctx.tree();
    let node = tree.node_at(offset)?;
    let entries = tree.entries(node);
    let before = entries.partition_point(|entry| tree.node(entry.key).range.end() <= offset);
    let last = entries[..before].last().map(|entry| entry.key);
    let same_line = |key: &NodeId| ctx.source().line_of(tree.node(*key).range.end()) == ctx.source().line_of(offset);
    Some(last.filter(same_line).unwrap_or(node))
}

/// A change that mends nothing.
fn refactoring(kind: ActionKind, title: impl Into<String>, edits: Vec<TextEdit>) -> Action {
    Action { title: title.into(), kind, edits, diagnostics: Vec::new(), preferred: false }
}

/// Edits that were made without knowledge of each other; `None` when two of them touch the same text.
fn together(parts: impl IntoIterator<Item = Option<Vec<TextEdit>>>) -> Option<Vec<TextEdit>> {
    let mut edits: Vec<TextEdit> = parts.into_iter().collect::<Option<Vec<_>>>()?.concat();
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let is_apart = |pair: &[TextEdit]| pair[0].range.end() <= pair[1].range.start();
    edits.windows(2).all(is_apart).then_some(edits)
}

/// A node and those it stands in, from the inside out.
fn with_ancestors<'a>(ctx: &'a RuleContext<'_>, node: NodeId) -> impl Iterator<Item = NodeId> + use<'a> {
    let tree = ctx.tree();
    std::iter::successors(Some(node), |node| tree.node(*node).parent)
}
