use std::collections::HashMap;

use super::insert::{self, Child, Placement};
use super::layout::{Layout, Lines, Slot, between};
use super::remove;
use super::snippet::shifted;
use super::write::{self, Context};
use crate::text::{TextEdit, TextRange};
use crate::yaml::{Document, NodeId, NodeKind, Style};

/// Moves the entry whose key or value `id` is to the end of another mapping, under `key`, with the comments that
/// belong to it.
pub fn move_entry(document: &Document, id: NodeId, to: NodeId, key: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id)?;
    let old_key = slot.key?;
    let is_elsewhere = to != slot.parent && !layout.stands_in(to, slot.value);
    let is_safe = |node| layout.is_certain(node) && can_move(layout, node, to);
    let can_go = !layout.is_merge_key(old_key) && [old_key, slot.value].into_iter().all(is_safe);
    if !is_elsewhere || !can_go || layout.has_key(to, key) {
        return None;
    }
    let mut edits = remove::removal(layout, &slot)?;
    let moved = Child::Moved(Moved { layout, slot, key });
    let insertions = insert::insert(layout, to, &moved, Placement::Last)?;
    keep_apart(layout, &slot, &mut edits, &insertions)?;
    edits.extend(insertions);
    Some(edits)
}

/// An entry on its way.
pub(super) struct Moved<'a> {
    layout: Layout<'a>,
    slot: Slot,
    key: &'a str,
}

impl Moved<'_> {
    /// Its lines with its key in `column`.
    pub(super) fn lines(&self, column: usize, style: &Style) -> Option<Lines> {
        let layout = self.layout;
        let key = write::text(self.key, Context { flow: false, key: true }, None, style)?;
        let colon = layout.colon(&self.slot)?;
        let entry = |rest: TextRange| {
            let rest = layout.source.slice(rest);
            // `{"a":1}` needs no space behind the colon, lines do.
            let space = if rest.is_empty() || rest.starts_with([' ', '\t']) { "" } else { " " };
            format!("{:column$}{key}:{space}{rest}", "")
        };
        if !layout.is_block(self.slot.parent) {
            let rest = between(colon, layout.flow(&self.slot)?.range.end())?;
            let is_one_line = !layout.source.slice(rest).contains(['\n', '\r']);
            return is_one_line.then(|| Lines::one(entry(rest)));
        }
        let block_scalar = layout.last_block_scalar(self.slot.value);
        if block_scalar.is_some_and(|scalar| layout.keeps_blank_lines(scalar)) {
            return None;
        }
        let block = layout.block(&self.slot)?;
        let by = column.cast_signed() - block.column.cast_signed();
        let first = layout.source.line_of(block.head);
        let line = |line: u32| {
            let end = layout.line_end(line);
            if line == first {
                return Some(entry(between(colon, end)?));
            }
            let text = layout.source.slice(TextRange::new(layout.line_start(line), end));
            // Less than its key, only what has no structure can be indented.
            let can_shift = indent(text) >= block.column || layout.is_blank(line) || layout.is_comment(line);
            can_shift.then(|| shifted(text, by))
        };
        let lines = (block.first..=block.last).map(line).collect::<Option<_>>()?;
        Some(Lines { lines, is_open: block_scalar.is_some() })
    }

    /// Its text in brackets.
    pub(super) fn in_flow(&self, style: &Style) -> Option<String> {
        let layout = self.layout;
        if layout.is_block(self.slot.parent) {
            let block = layout.block(&self.slot)?;
            let lines = TextRange::new(layout.line_start(block.first), layout.line_end(block.last));
            if !layout.comments_in(lines).is_empty() {
                return None;
            }
        }
        insert::entry_in_flow(self.key, &write::in_flow(layout, self.slot.value, style)?, style)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether anchors and aliases of a node mean the same at the end of `target`.
fn can_move(layout: Layout<'_>, id: NodeId, target: NodeId) -> bool {
    let has_name = |id: NodeId| {
        let node = layout.node(id);
        node.anchor.is_some() || matches!(node.kind, NodeKind::Alias { .. })
    };
    let named: Vec<NodeId> = layout.subtree(id).filter(|inner| has_name(*inner)).collect();
    if named.is_empty() {
        return true;
    }
    if remove::is_used_elsewhere(layout, id) {
        return false;
    }
    let mut anchors: HashMap<&str, usize> = HashMap::new();
    for anchor in layout.tree.nodes().filter_map(|(_, node)| node.anchor.as_ref()) {
        *anchors.entry(&anchor.text).or_default() += 1;
    }
    // A name that is given twice means something else from the second place on.
    let is_only_one = |name: &str| anchors.get(name) == Some(&1);
    let range = TextRange::new(layout.start(id), layout.end(id));
    let end = layout.end(target);
    named.into_iter().all(|inner| {
        let node = layout.node(inner);
        let keeps_anchor = node.anchor.as_ref().is_none_or(|anchor| is_only_one(&anchor.text));
        let keeps_alias = match &node.kind {
            NodeKind::Alias { name, target: Some(anchored) } => {
                let place = layout.node(*anchored).range;
                let is_known = place.end() <= end && !layout.stands_in(target, *anchored);
                is_only_one(name) && (range.contains_range(place) || is_known)
            }
            NodeKind::Alias { target: None, .. } => false,
            _ => true,
        };
        keeps_anchor && keeps_alias
    })
}

/// Blank lines are removed with an entry for looks alone. Where the entry's new place is among them, they stay. `None`
/// when that does not help.
fn keep_apart(layout: Layout<'_>, slot: &Slot, removals: &mut [TextEdit], insertions: &[TextEdit]) -> Option<()> {
    let meets = |range: TextRange| {
        insertions.iter().any(|new| range.start() < new.range.end() && new.range.start() < range.end())
    };
    for edit in removals.iter_mut().filter(|edit| meets(edit.range)) {
        let block = layout.block(slot)?;
        let lines = TextRange::new(layout.line_start(block.first), layout.next_line(block.last));
        edit.range = edit.range.intersect(lines).filter(|range| !meets(*range))?;
    }
    // At the end of a text without line end, a line is put behind a line end, and one is left by a removal where a
    // block scalar needs it.
    let end = TextRange::empty(layout.source.len());
    let is_doubled = |edit: &TextEdit| {
        let starts_line = layout.prefix(edit.range.start()).is_empty();
        let takes_line_end = layout.source.slice(edit.range).starts_with(['\n', '\r']);
        edit.range.end() == end.start() && !edit.range.is_empty() && starts_line && !takes_line_end
    };
    let is_put_behind = |new: &TextEdit| new.range == end && new.new_text.starts_with(['\n', '\r']);
    (!removals.iter().any(is_doubled) || !insertions.iter().any(is_put_behind)).then_some(())
}
