use super::{Action, ActionKind, refactoring, with_ancestors};
use crate::fix;
use crate::rules::RuleContext;
use crate::text::TextEdit;
use crate::yaml::{CollectionStyle, NodeId, NodeKind};

/// Longest line that is made, in bytes.
const WIDTH: usize = 100;

/// Writes the collection at the cursor as lines when it stands in brackets, and in brackets when it stands in lines. At a
/// key, it is the one under it.
pub(super) fn rewrite(ctx: &RuleContext<'_>, node: NodeId) -> Option<Action> {
    let tree = ctx.tree();
    let under = tree.entry_of(node).filter(|entry| entry.key == node).map(|entry| entry.value);
    let style = |id: NodeId| match &tree.node(id).kind {
        NodeKind::Mapping { style, .. } | NodeKind::Sequence { style, .. } => Some(*style),
        NodeKind::Scalar(_) | NodeKind::Alias { .. } => None,
    };
    let under = under.filter(|id| style(*id).is_some());
    let is_flow = |id: &NodeId| style(*id) == Some(CollectionStyle::Flow);
    // Of brackets in brackets only the outermost can be lines.
    if let Some(flow) = with_ancestors(ctx, under.unwrap_or(node)).filter(is_flow).last() {
        let edits = fix::to_block(ctx.document, flow)?;
        return Some(refactoring(ActionKind::RefactorRewrite, "Write it in lines", edits));
    }
    let block = under.or_else(|| with_ancestors(ctx, node).find(|id| style(*id).is_some()))?;
    let edits = fix::to_flow(ctx.document, block)?;
    let is_short = |edit: &TextEdit| {
        let line = ctx.source().position(edit.range.start(), crate::text::Encoding::Utf8);
        line.character as usize + edit.new_text.len() <= WIDTH
    };
    edits.iter().all(is_short).then(|| refactoring(ActionKind::RefactorRewrite, "Write it in one line", edits))
}
