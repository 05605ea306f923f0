use super::layout::{Layout, Lines, Slot, between};
use super::scalar;
use super::snippet::Snippet;
use super::write;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{Document, NodeId, NodeKind, Style};

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
    let style = document.style();
    let value = Snippet::new(value).filter(|value| !value.is_empty())?;
    if !layout.is_block(slot.parent) {
        return Some(vec![scalar::replacement(layout, id, &value.in_flow(style)?)?]);
    }
    match (layout.is_block(id), value.is_block()) {
        (true, _) => replace_lines(layout, &slot, &value, style),
        (false, true) => {
            replace_by_lines(layout, id, value.offset_from_key(style), |column| value.lines(column, style))
        }
        (false, false) => {
            let text = value.inline(layout.block(&slot)?.column, style).lines.join(layout.source.line_end());
            Some(vec![scalar::replacement(layout, id, &text)?])
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
    let text = write::in_flow(layout, id, document.style())?;
    Some(vec![scalar::replacement(layout, id, &format!("[{text}]"))?])
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
    lines: impl FnOnce(usize) -> Option<Lines>,
) -> Option<Vec<TextEdit>> {
    let slot = layout.slot(id);
    let (start, end) = (layout.node(id).range.start(), layout.end(id));
    if let Some(slot) = slot.filter(|slot| slot.key.is_some()) {
        let block = layout.block(&slot)?;
        let lead = layout.lead_end(&slot)?;
        let lines = layout.insert_below(block.last, block.column, &lines(block.column + offset)?)?;
        let old = TextRange::new(lead, end.max(lead));
        return Some(if old.is_empty() { vec![lines] } else { vec![TextEdit::replace(old, ""), lines] });
    }
    let (at, space) = match slot {
        Some(slot) if start == end => (layout.lead_end(&slot)?, " "),
        _ => (start, ""),
    };
    // Behind a tab there is no telling the column.
    let prefix = layout.prefix(at);
    let column = prefix.len() + space.len();
    if prefix.contains('\t') {
        return None;
    }
    let new = lines(column)?;
    let end = end.max(at);
    let rest = layout.rest_of_line(end);
    let comment = rest.trim_matches([' ', '\t']);
    let is_alone = comment.is_empty() || comment.starts_with('#');
    if !is_alone || new.is_open && layout.would_swallow_below(layout.source.line_of(end), column) {
        return None;
    }
    let line_end = layout.source.line_end();
    let text = if comment.is_empty() {
        format!("{space}{}", new.behind_dash(line_end))
    } else if new.lines.len() == 1 && !new.lines[0].contains('#') {
        format!("{space}{} {comment}", new.behind_dash(line_end))
    } else {
        // The comment stays behind the dash: the first line may have one, or be one that cannot.
        format!("{space}{comment}{line_end}{}", new.lines.join(line_end))
    };
    Some(vec![TextEdit::replace(TextRange::new(at, end + TextSize::of(rest)), text)])
}

/// Puts a value in the place of a block collection.
fn replace_lines(layout: Layout<'_>, slot: &Slot, value: &Snippet, style: &Style) -> Option<Vec<TextEdit>> {
    let line_end = layout.source.line_end();
    let first = layout.block(&layout.slot_at(slot.value, 0)?)?;
    let last = layout.block(&layout.slot_at(slot.value, layout.len(slot.value).checked_sub(1)?)?)?.last;
    let column = layout.block(slot)?.column;
    let new = match (value.is_block(), slot.key) {
        (true, Some(_)) => value.lines(column + value.offset_from_key(style), style)?,
        (true, None) => value.lines(first.column, style)?,
        (false, _) => value.inline(column, style),
    };
    if new.is_open && layout.would_swallow_below(last, column) {
        return None;
    }
    let end = layout.line_end(last);
    if first.behind_dash {
        let text = new.behind_dash(line_end);
        return Some(vec![TextEdit::replace(between(first.head, end)?, text)]);
    }
    let line = layout.source.line_of(first.head);
    if value.is_block() {
        return Some(vec![TextEdit::replace(between(layout.line_start(line), end)?, new.lines.join(line_end))]);
    }
    let lead = layout.lead_end(slot)?;
    let lead_line = layout.source.line_of(lead);
    let removal = TextEdit::replace(layout.lines(line, last), "");
    let insertion = |at, text: String| TextEdit::replace(TextRange::empty(at), text);
    if !new.is_open {
        return Some(vec![insertion(lead, format!(" {}", new.lines.join(line_end))), removal]);
    }
    if layout.would_swallow_below(lead_line, column) {
        return None;
    }
    // A comment behind the key stays there.
    let (header, text) = new.lines.split_first()?;
    let text: String = text.iter().flat_map(|line| [line_end, line.as_str()]).collect();
    Some(vec![insertion(lead, format!(" {header}")), insertion(layout.line_end(lead_line), text), removal])
}
