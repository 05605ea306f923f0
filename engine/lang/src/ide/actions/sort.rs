use super::{Action, ActionKind, refactoring, with_ancestors};
use crate::fix;
use crate::ide::described::{Content, Described};
use crate::rules::RuleContext;
use crate::yaml::NodeId;

/// Puts the keys of the map at the cursor into the order of the model; keys that it does not know stay behind them.
pub(super) fn in_usual_order(ctx: &RuleContext<'_>, node: NodeId) -> Option<Action> {
    let tree = ctx.tree();
    let map = with_ancestors(ctx, node).find(|id| tree.entries(*id).len() > 1)?;
    let (object, is_tagged) = match Content::of(tree, map, Described::of(tree, map)?.shape)? {
        Content::Object(object) => (object, false),
        Content::Tagged(_, variant) => (variant?.object, true),
        Content::Map(_) | Content::List(_) => return None,
    };
    let rank = |index: &usize| {
        let key = tree.key_text(tree.entries(map)[*index].key);
        match object.properties.iter().position(|property| Some(property.name) == key.as_deref()) {
            Some(position) => position + 1,
            None if is_tagged && key.as_deref() == Some("type") => 0,
            None => usize::MAX,
        }
    };
    let mut order: Vec<usize> = (0..tree.entries(map).len()).collect();
    order.sort_by_key(rank);
    if order.is_sorted() {
        return None;
    }
    let edits = fix::reorder(ctx.document, map, &order)?;
    Some(refactoring(ActionKind::RefactorRewrite, "Put the keys into the usual order", edits))
}
