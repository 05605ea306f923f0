use super::layout::Layout;
use super::scalar;
use super::snippet::Snippet;
use super::style::Style;
use super::write::{self, Spot};
use crate::text::{TextEdit, TextRange};
use crate::yaml::{Document, NodeId, NodeKind, ScalarStyle};

/// Puts a snippet in the place of a value, whatever either is: `environment:` becomes `environment: {}`, one list
/// another. Comments behind the key and around the entry stay, those inside the old value go with it.
pub fn replace_value(document: &Document, id: NodeId, value: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id).filter(|slot| slot.key != Some(id))?;
    let node = layout.node(id);
    let is_alias = matches!(node.kind, NodeKind::Alias { .. });
    if is_alias || node.tag.is_some() || node.anchor.is_some() || !layout.is_certain(id) {
        return None;
    }
    let has_anchors = layout.subtree(id).any(|inner| layout.node(inner).anchor.is_some());
    let style = Style::of(document);
    let snippet = Snippet::new(value)?;
    if has_anchors {
        return None;
    }
    if !layout.is_block(slot.parent) {
        let text = snippet.in_flow(&style)?;
        return Some(vec![in_place(layout, id, &text)?]);
    }
    let block = layout.block(&slot)?;
    let line_end = layout.source.line_end();
    if !layout.is_block(id) {
        let lead = layout.lead_end(&slot)?;
        let end = layout.end(id).max(lead);
        let is_bare = node.range.is_empty();
        return match (snippet.is_block(), slot.key) {
            (true, Some(_)) => {
                let lines = snippet.lines(block.column + snippet.offset_from_key(&style), &style)?;
                let last = layout.source.line_of(end);
                let mut edits = vec![layout.insert_below(last, &lines)];
                if !is_bare {
                    edits.insert(0, TextEdit::replace(TextRange::new(lead, end), ""));
                }
                Some(edits)
            }
            (true, None) => {
                let at = if is_bare { lead } else { node.range.start() };
                let space = if is_bare { " " } else { "" };
                let lines = snippet.lines(layout.column(at) + space.len(), &style)?;
                let text = lines.join(line_end);
                let rest = layout.rest_of_line(end).trim_matches([' ', '\t']);
                (rest.is_empty()).then(|| {
                    vec![TextEdit::replace(TextRange::new(at, end), format!("{space}{}", text.trim_start_matches(' ')))]
                })
            }
            (false, _) => {
                let text = snippet.behind("", block.column, &style).join(line_end);
                Some(vec![in_place(layout, id, text.trim_start_matches(' '))?])
            }
        };
    }
    None
}

/// Puts brackets around a scalar: `a` becomes `[a]`.
pub fn wrap_in_list(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let node = layout.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let is_key = layout.slot(id).is_some_and(|slot| slot.key == Some(id));
    if is_key || node.range.is_empty() || node.tag.is_some() || node.anchor.is_some() || !layout.is_certain(id) {
        return None;
    }
    let style = Style::of(document);
    let text = write::in_flow(layout, id, &style)?;
    Some(vec![scalar::replacement(layout, id, &format!("[{text}]"))?])
}

fn in_place(layout: Layout<'_>, id: NodeId, text: &str) -> Option<TextEdit> {
    match &layout.node(id).kind {
        NodeKind::Scalar(_) => scalar::replacement(layout, id, text),
        _ => Some(TextEdit::replace(layout.node(id).range, text)),
    }
}
