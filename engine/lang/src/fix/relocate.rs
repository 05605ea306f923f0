use super::insert::{self, Child, Placement};
use super::layout::{Layout, Slot};
use super::remove;
use super::snippet::shifted;
use super::style::Style;
use super::write::{self, Spot};
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// Moves the entry whose key or value `id` is to the end of another mapping, under `key`, with the comments that
/// belong to it.
pub fn move_entry(document: &Document, id: NodeId, to: NodeId, key: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id)?;
    let old_key = slot.key?;
    let target = match to {
        mapping if mapping == slot.parent => None,
        mapping => Some(mapping),
    }?;
    let is_inside = std::iter::successors(Some(target), |at| layout.node(*at).parent).any(|at| at == slot.value);
    let is_safe =
        [old_key, slot.value].into_iter().all(|node| layout.is_certain(node) && can_move(layout, node, target));
    if is_inside || layout.is_merge_key(old_key) || layout.has_key(target, key) || !is_safe {
        return None;
    }
    let mut edits = remove::removal(layout, &slot)?;
    let moved = Child::Moved(Moved { layout, slot, key });
    let insertions = insert::insert(layout, target, &moved, Placement::Last)?;
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
    pub(super) fn lines(&self, column: usize, style: &Style) -> Option<Vec<String>> {
        let layout = self.layout;
        let key = write::text(self.key, Spot { flow: false, key: true }, None, style)?;
        let colon = layout.colon(&self.slot)?;
        let behind_colon = colon - TextSize::new(1);
        match layout.collection_style(self.slot.parent)? {
            CollectionStyle::Block => {
                let block = layout.block(&self.slot)?;
                let by = column.cast_signed() - block.column.cast_signed();
                let head = layout.source.line_of(block.head);
                (block.first..=block.last)
                    .map(|line| {
                        let end = layout.line_end(line);
                        if line == head {
                            let rest = layout.source.slice(TextRange::new(behind_colon, end));
                            return Some(format!("{:column$}{key}{rest}", ""));
                        }
                        let text = layout.source.slice(TextRange::new(layout.line_start(line), end));
                        is_indented(text, block.column).then(|| shifted(text, by)).or_else(|| {
                            let is_free = layout.is_blank(line) || layout.is_comment(line);
                            is_free.then(|| shifted(text, by))
                        })
                    })
                    .collect()
            }
            CollectionStyle::Flow => {
                let flow = layout.flow(&self.slot)?;
                let rest = layout.source.slice(TextRange::new(behind_colon, flow.range.end()));
                (!rest.contains(['\n', '\r'])).then(|| vec![format!("{:column$}{key}{rest}", "")])
            }
        }
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

fn is_indented(line: &str, column: usize) -> bool {
    line.bytes().take_while(|byte| *byte == b' ').count() >= column
}

/// Whether anchors and aliases of a node mean the same at the end of `target`.
fn can_move(layout: Layout<'_>, id: NodeId, target: NodeId) -> bool {
    if remove::is_used_elsewhere(layout, id) {
        return false;
    }
    let range = TextRange::new(layout.start(id), layout.end(id));
    let is_only_one = |name: &str| {
        let anchors = layout.tree.nodes().filter_map(|(_, node)| node.anchor.as_ref());
        anchors.filter(|anchor| anchor.text == name).count() == 1
    };
    layout.subtree(id).all(|inner| {
        let node = layout.node(inner);
        let keeps_anchor = node.anchor.as_ref().is_none_or(|anchor| is_only_one(&anchor.text));
        let keeps_alias = match &node.kind {
            NodeKind::Alias { name, target: Some(anchored) } => {
                let place = layout.node(*anchored).range;
                let goes_along = range.contains_range(place);
                is_only_one(name) && (goes_along || place.end() <= layout.end(target))
            }
            NodeKind::Alias { target: None, .. } => false,
            _ => true,
        };
        keeps_anchor && keeps_alias
    })
}

/// Blank lines are removed with an entry for looks alone. Where the entry's new place is among them, they stay.
fn keep_apart(layout: Layout<'_>, slot: &Slot, removals: &mut [TextEdit], insertions: &[TextEdit]) -> Option<()> {
    let touch = |left: TextRange, right: TextRange| left.start() < right.end() && right.start() < left.end();
    let meets = |range: TextRange| insertions.iter().any(|insertion| touch(range, insertion.range));
    for edit in removals.iter_mut().filter(|edit| !edit.range.is_empty()) {
        if !meets(edit.range) {
            continue;
        }
        let block = layout.block(slot)?;
        let lines = TextRange::new(layout.line_start(block.first), layout.next_line(block.last));
        edit.range = edit.range.intersect(lines)?;
        if meets(edit.range) {
            return None;
        }
    }
    Some(())
}
