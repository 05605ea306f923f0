use super::layout::{Block, Layout};
use crate::text::{TextEdit, TextRange};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// Puts the entries of a mapping that is written in lines into another order, each with the comments that belong to it.
/// Blank lines between them stay where they are. `order` names the entries by their position as it is.
pub fn reorder(document: &Document, mapping: NodeId, order: &[usize]) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let is_mapping = matches!(layout.node(mapping).kind, NodeKind::Mapping { style: CollectionStyle::Block, .. });
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    let is_complete = sorted.iter().copied().eq(0..layout.len(mapping));
    // An alias must stand behind its anchor.
    let has_name =
        |id: NodeId| layout.node(id).anchor.is_some() || matches!(layout.node(id).kind, NodeKind::Alias { .. });
    if !is_mapping || !is_complete || !layout.is_certain(mapping) || layout.subtree(mapping).any(has_name) {
        return None;
    }
    let blocks: Vec<Block> =
        (0..order.len()).map(|index| layout.block(&layout.slot_at(mapping, index)?)).collect::<Option<_>>()?;
    let range = |block: &Block| TextRange::new(layout.line_start(block.first), layout.line_end(block.last));
    let mut edits = Vec::new();
    for (place, from) in order.iter().enumerate().filter(|(place, from)| place != *from) {
        let (old, new) = (&blocks[place], &blocks[*from]);
        let value = layout.slot_at(mapping, *from)?.value;
        if let Some(scalar) = layout.last_block_scalar(value) {
            let swallows = layout.would_swallow_below(old.last, old.column);
            // The blank lines that it keeps at the end of a text have no line end of their own to go with them.
            if swallows || layout.keeps_blank_lines(scalar) {
                return None;
            }
        }
        if old.behind_dash || new.behind_dash || old.column != new.column {
            return None;
        }
        edits.push(TextEdit::replace(range(old), layout.source.slice(range(new))));
    }
    Some(edits)
}
