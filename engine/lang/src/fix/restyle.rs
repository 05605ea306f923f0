use std::fmt::Write as _;

use super::layout::{Layout, between};
use super::value::replace_value;
use super::write::{self, Context};
use crate::text::TextEdit;
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// Writes a collection in brackets as lines, those inside it left as they are.
pub fn to_block(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let style = document.style();
    let is_flow = layout.collection_style(id) == Some(CollectionStyle::Flow);
    let in_lines = layout.slot(id).is_some_and(|slot| layout.is_block(slot.parent));
    let is_ready = is_flow && in_lines && layout.len(id) > 0 && layout.is_certain(id) && !style.json;
    if !is_ready || !layout.comments_in(layout.node(id).range).is_empty() {
        return None;
    }
    let mut lines = String::new();
    for index in 0..layout.len(id) {
        let slot = layout.slot_at(id, index)?;
        let value = write::in_flow(layout, slot.value, style)?;
        match slot.key {
            Some(key) => {
                let context = Context { flow: true, key: true };
                let NodeKind::Scalar(scalar) = &layout.node(key).kind else { return None };
                writeln!(lines, "{}: {value}", write::scalar_in_flow(layout, key, scalar, context, style)?).ok()?;
            }
            None => writeln!(lines, "- {value}").ok()?,
        }
    }
    replace_value(document, id, &lines)
}

/// Writes a collection in lines in brackets, in one line; `None` where that would lose a comment.
pub fn to_flow(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id).filter(|slot| layout.is_block(slot.parent) && layout.is_block(id))?;
    let first = layout.block(&layout.slot_at(id, 0)?)?;
    let last = layout.block(&layout.slot_at(id, layout.len(id).checked_sub(1)?)?)?;
    // A comment above the first child would be left without what it is about; the one behind the key stays.
    let start =
        if first.behind_dash { first.head } else { layout.next_line(layout.source.line_of(layout.lead_end(&slot)?)) };
    if !layout.comments_in(between(start, layout.line_end(last.last))?).is_empty() {
        return None;
    }
    replace_value(document, id, &write::in_flow(layout, id, document.style())?)
}
