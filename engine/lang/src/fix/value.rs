use super::layout::{Layout, Slot};
use super::scalar;
use super::snippet::Snippet;
use super::style::Style;
use super::write;
use crate::text::{TextEdit, TextRange};
use crate::yaml::{Document, NodeId, NodeKind};

/// Puts a snippet in the place of a value, whatever either is: `environment:` becomes `environment: {}`, a list becomes
/// a map. Comments behind the key and above the value stay, those inside the value go with it.
pub fn replace_value(document: &Document, id: NodeId, value: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id).filter(|slot| slot.key != Some(id))?;
    let is_alias = matches!(layout.node(id).kind, NodeKind::Alias { .. });
    let has_anchor = layout.subtree(id).any(|inner| layout.node(inner).anchor.is_some());
    if is_alias || has_anchor || layout.node(id).tag.is_some() || !layout.is_certain(id) {
        return None;
    }
    let style = Style::of(document);
    let value = Snippet::new(value).filter(|value| !value.is_empty())?;
    if !layout.is_block(slot.parent) {
        return Some(vec![replace_inline(layout, id, &value.in_flow(&style)?)?]);
    }
    match (layout.is_block(id), value.is_block()) {
        (true, _) => replace_lines(layout, &slot, &value, &style),
        (false, true) => {
            replace_by_lines(layout, id, value.offset_from_key(&style), |column| value.lines(column, &style))
        }
        (false, false) => {
            let lines = value.inline(layout.block(&slot)?.column, &style);
            Some(vec![replace_inline(layout, id, &lines.join(layout.source.line_end()))?])
        }
    }
}

/// Puts brackets around a scalar: `a` becomes `[a]`.
pub fn wrap_in_list(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let node = layout.node(id);
    let is_key = layout.slot(id).is_some_and(|slot| slot.key == Some(id));
    let is_scalar = matches!(node.kind, NodeKind::Scalar(_)) && !node.range.is_empty();
    if is_key || !is_scalar || node.tag.is_some() || node.anchor.is_some() || !layout.is_certain(id) {
        return None;
    }
    let text = write::in_flow(layout, id, &Style::of(document))?;
    Some(vec![scalar::replacement(layout, id, &format!("[{text}]"))?])
}

/// Puts text in the place of a scalar or a collection in brackets, its anchor left where it is.
pub(super) fn replace_inline(layout: Layout<'_>, id: NodeId, text: &str) -> Option<TextEdit> {
    match &layout.node(id).kind {
        NodeKind::Scalar(_) => scalar::replacement(layout, id, text),
        _ => Some(TextEdit::replace(layout.node(id).range, text)),
    }
}

/// Whether a block collection can stand in the place of a value: anywhere in lines, but behind a dash only without
/// anchor and tag, which would become those of its first key.
pub(super) fn can_hold_lines(layout: Layout<'_>, id: NodeId) -> bool {
    let node = layout.node(id);
    let is_bare = node.tag.is_none() && node.anchor.is_none();
    match layout.slot(id) {
        Some(slot) => layout.is_block(slot.parent) && (slot.key.is_some() || is_bare),
        None => is_bare && layout.prefix(node.range.start()).is_empty(),
    }
}

/// Puts a block collection in the place of a scalar or a collection in brackets. `lines` makes it for a column, which
/// is `offset` columns to the right of the key.
pub(super) fn replace_by_lines(
    layout: Layout<'_>,
    id: NodeId,
    offset: usize,
    lines: impl FnOnce(usize) -> Option<Vec<String>>,
) -> Option<Vec<TextEdit>> {
    let slot = layout.slot(id);
    let (start, end) = (layout.node(id).range.start(), layout.end(id));
    if let Some(slot) = slot.filter(|slot| slot.key.is_some()) {
        let block = layout.block(&slot)?;
        let lead = layout.lead_end(&slot)?;
        let lines = layout.insert_below(block.last, &lines(block.column + offset)?);
        let old = TextRange::new(lead, end.max(lead));
        return Some(if old.is_empty() { vec![lines] } else { vec![TextEdit::replace(old, ""), lines] });
    }
    let (at, space) = match slot {
        Some(slot) if start == end => (layout.lead_end(&slot)?, " "),
        _ => (start, ""),
    };
    let lines = lines(layout.column(at) + space.len())?;
    let (first, rest) = lines.split_first()?;
    let mut text = format!("{space}{}", first.trim_start_matches(' '));
    let line_end = layout.source.line_end();
    let below: String = rest.iter().flat_map(|line| [line_end, line.as_str()]).collect();
    let end = end.max(at);
    let comment = layout.rest_of_line(end).trim_matches([' ', '\t']);
    if comment.is_empty() || below.is_empty() {
        text.push_str(&below);
        return Some(vec![TextEdit::replace(TextRange::new(at, end), text)]);
    }
    // The comment stays on the first line.
    let line = layout.source.line_of(end);
    let below = TextEdit::replace(TextRange::empty(layout.line_end(line)), below);
    comment.starts_with('#').then(|| vec![TextEdit::replace(TextRange::new(at, end), text), below])
}

/// Puts a value in the place of a block collection.
fn replace_lines(layout: Layout<'_>, slot: &Slot, value: &Snippet, style: &Style) -> Option<Vec<TextEdit>> {
    let line_end = layout.source.line_end();
    let first = layout.block(&layout.slot_at(slot.value, 0)?)?;
    let last = layout.block(&layout.slot_at(slot.value, layout.len(slot.value).checked_sub(1)?)?)?.last;
    let column = layout.block(slot)?.column;
    if value.is_block() {
        let is_below_key = slot.key.is_some();
        let lines =
            value.lines(if is_below_key { column + value.offset_from_key(style) } else { first.column }, style)?;
        let text = lines.join(line_end);
        let indent = if is_below_key { layout.prefix(first.head).len() } else { 0 };
        let text = if is_below_key { text.as_str() } else { text.trim_start_matches(' ') };
        let start = first.head - crate::text::TextSize::new(indent as u32);
        return Some(vec![TextEdit::replace(TextRange::new(start, layout.line_end(last)), text)]);
    }
    let text = value.inline(column, style).join(line_end);
    if first.behind_dash {
        return Some(vec![TextEdit::replace(TextRange::new(first.head, layout.line_end(last)), text)]);
    }
    let lead = TextRange::empty(layout.lead_end(slot)?);
    let lines = layout.lines(layout.source.line_of(first.head), last);
    Some(vec![TextEdit::replace(lead, format!(" {text}")), TextEdit::replace(lines, "")])
}
