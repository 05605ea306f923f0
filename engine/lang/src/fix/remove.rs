use std::collections::HashSet;

use super::layout::{Block, Layout, Slot, between};
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// Removes the entry whose key or value, or the item, that `id` is, with the comments that belong to it. What is
/// left of an emptied block collection is `{}` or `[]`.
pub fn remove(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id)?;
    let is_free = |node| layout.is_readable(node) && !is_used_elsewhere(layout, node);
    let can_go = layout.is_usual(slot.parent) && slot.key.into_iter().chain([slot.value]).all(is_free);
    if can_go { removal(layout, &slot) } else { None }
}

/// Whether an alias outside a node refers to an anchor inside.
pub(super) fn is_used_elsewhere(layout: Layout<'_>, id: NodeId) -> bool {
    let anchored: HashSet<NodeId> = layout.subtree(id).filter(|node| layout.node(*node).anchor.is_some()).collect();
    if anchored.is_empty() {
        return false;
    }
    let range = TextRange::new(layout.start(id), layout.end(id));
    layout.tree.nodes().any(|(_, node)| {
        matches!(node.kind, NodeKind::Alias { target: Some(target), .. }
            if anchored.contains(&target) && !range.contains_range(node.range))
    })
}

pub(super) fn removal(layout: Layout<'_>, slot: &Slot) -> Option<Vec<TextEdit>> {
    match layout.collection_style(slot.parent)? {
        CollectionStyle::Flow => remove_flow(layout, slot),
        CollectionStyle::Block => {
            let block = layout.block(slot)?;
            Some(match layout.slot_at(slot.parent, slot.index + 1) {
                _ if layout.len(slot.parent) == 1 => empty_collection(layout, slot.parent, &block)?,
                Some(next) if block.behind_dash => vec![pull_up(layout, &block, &next)?],
                _ => vec![TextEdit::replace(lines_to_remove(layout, slot, &block), "")],
            })
        }
    }
}

/// The lines of an entry or item, with blank lines of which two groups would meet.
fn lines_to_remove(layout: Layout<'_>, slot: &Slot, block: &Block) -> TextRange {
    let previous = slot.index.checked_sub(1).and_then(|index| layout.slot_at(slot.parent, index));
    let block_scalar = previous.and_then(|previous| layout.last_block_scalar(previous.value));
    let start = layout.line_start(block.first);
    let blank_above = (0..block.first).rev().take_while(|line| layout.is_blank(*line)).last();
    let blank_below = (block.last + 1..layout.source.line_count()).take_while(|line| layout.is_blank(*line)).last();
    let is_last_text = layout.next_line(blank_below.unwrap_or(block.last)) == layout.source.len();
    if is_last_text && block_scalar.is_none() {
        // The text ends as it did: with a line end or without.
        let first = blank_above.unwrap_or(block.first);
        return match first.checked_sub(1) {
            Some(above) if !layout.is_terminated(block.last) => {
                TextRange::new(layout.line_end(above), layout.source.len())
            }
            _ => TextRange::new(layout.line_start(first), layout.source.len()),
        };
    }
    // Blank lines would also meet the key above, or become part of a block scalar.
    let follows_key = block.first == 0 || slot.index == 0 && !layout.is_comment(block.first - 1);
    let is_swallowed = block_scalar.is_some_and(|scalar| {
        let holds_blanks = |line: u32| layout.line_start(line) < layout.line_end(line);
        layout.keeps_blank_lines(scalar) || blank_below.is_some_and(|last| (block.last + 1..=last).any(holds_blanks))
    });
    let last = match blank_below {
        Some(below) if blank_above.is_some() || follows_key || is_swallowed => below,
        _ => block.last,
    };
    TextRange::new(start, layout.next_line(last))
}

/// Removes the first entry or item of those that start behind a dash: the next one moves up, unless comments stand
/// between.
fn pull_up(layout: Layout<'_>, block: &Block, next: &Slot) -> Option<TextEdit> {
    let next = layout.block(next)?;
    let gap = between(layout.next_line(block.last), next.head)?;
    if layout.comments_in(gap).is_empty() {
        return Some(TextEdit::replace(between(block.head, next.head)?, ""));
    }
    let prefix = layout.prefix(block.head);
    let blanks = prefix.len() - prefix.trim_end_matches(' ').len();
    let start = block.head - TextSize::new(blanks as u32);
    Some(TextEdit::replace(TextRange::new(start, layout.line_end(block.last)), ""))
}

/// Removes the only entry or item, `block`, of a block collection.
fn empty_collection(layout: Layout<'_>, collection: NodeId, block: &Block) -> Option<Vec<TextEdit>> {
    let empty = match &layout.node(collection).kind {
        NodeKind::Mapping { .. } => "{}",
        _ => "[]",
    };
    let end = layout.line_end(block.last);
    let Some(slot) = layout.slot(collection) else {
        return Some(vec![TextEdit::replace(TextRange::new(layout.line_start(block.first), end), empty)]);
    };
    if block.behind_dash {
        return Some(vec![TextEdit::replace(TextRange::new(block.head, end), empty)]);
    }
    let lead = layout.lead_end(&slot)?;
    let lines = layout.lines(block.first, block.last);
    Some(vec![TextEdit::replace(TextRange::empty(lead), format!(" {empty}")), TextEdit::replace(lines, "")])
}

fn remove_flow(layout: Layout<'_>, slot: &Slot) -> Option<Vec<TextEdit>> {
    let flow = layout.flow(slot)?;
    let (start, end) = (flow.range.start(), flow.range.end());
    let previous = match slot.index.checked_sub(1) {
        Some(index) => Some(layout.flow(&layout.slot_at(slot.parent, index)?)?),
        None => None,
    };
    let next = match layout.slot_at(slot.parent, slot.index + 1) {
        Some(next) => Some(layout.flow(&next)?),
        None => None,
    };
    let has_comments = |range| !layout.comments_in(range).is_empty();
    let is_one_line = |range| !layout.source.slice(range).contains(['\n', '\r']);
    let deletion = |range| TextEdit::replace(range, "");

    if previous.is_none() && next.is_none() {
        let inside = layout.brackets(slot.parent)?;
        let around = [between(inside.start(), start)?, between(end, inside.end())?];
        if !around.into_iter().any(has_comments) {
            return Some(vec![deletion(inside)]);
        }
    }
    let tail = flow.comma.unwrap_or(end);
    // JSON knows no comma behind the last one, so what becomes the last gives its comma away.
    let comma_before =
        previous.as_ref().and_then(|previous| previous.comma).filter(|_| next.is_none() && flow.comma.is_none());
    let without_comma = |range: TextRange| {
        let comma = comma_before.map(|comma| deletion(TextRange::new(comma - TextSize::new(1), comma)));
        comma.into_iter().chain([deletion(range)]).collect()
    };
    let (first_line, last_line) = (layout.source.line_of(start), layout.source.line_of(tail));
    let prefix = layout.prefix(start);
    let rest = layout.rest_of_line(tail).trim_start_matches([' ', '\t']);
    let owns_lines = prefix.trim_start_matches([' ', '\t']).is_empty() && first_line > 0;
    if owns_lines && (rest.is_empty() || rest.starts_with('#')) {
        return Some(without_comma(TextRange::new(layout.line_start(first_line), layout.next_line(last_line))));
    }
    if let Some(previous) = &previous {
        let range = between(previous.range.end(), end)?;
        let gap = between(previous.range.end(), start)?;
        if !has_comments(gap) && (is_one_line(gap) || next.is_none()) {
            return Some(vec![deletion(range)]);
        }
    }
    if let Some(next) = &next {
        let gap = between(end, next.range.start())?;
        if is_one_line(gap) {
            return Some(vec![deletion(between(start, next.range.start())?)]);
        }
    }
    let blanks = if rest.is_empty() { layout.rest_of_line(tail).len() } else { 0 };
    Some(without_comma(TextRange::new(start, tail + TextSize::new(blanks as u32))))
}
