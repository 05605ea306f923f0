use super::{Action, ActionKind, refactoring};
use crate::fix;
use crate::rules::RuleContext;
use crate::yaml::{NodeId, NodeKind, Resolved, ScalarStyle, is_timestamp, resolve_plain};

/// Puts quotes around a text, or takes them off where it is read as the same text without.
pub(super) fn rewrite(ctx: &RuleContext<'_>, node: NodeId) -> Option<Action> {
    let tree = ctx.tree();
    let is_value = tree.entry_of(node).is_none_or(|entry| entry.value == node);
    let NodeKind::Scalar(scalar) = &tree.node(node).kind else { return None };
    let is_text = resolve_plain(&scalar.text) == Resolved::Text && !is_timestamp(&scalar.text);
    if !is_value || !is_text || ctx.document.style().json {
        return None;
    }
    let (title, edits) = match scalar.style {
        ScalarStyle::Plain => ("Put quotes around it", fix::quote(ctx.document, node)),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            ("Take the quotes off", fix::unquote(ctx.document, node))
        }
        ScalarStyle::Literal | ScalarStyle::Folded => return None,
    };
    Some(refactoring(ActionKind::RefactorRewrite, title, edits?))
}
