//! What is selected around a place, step by step.

use crate::text::{TextRange, TextSize};
use crate::yaml::{Document, NodeKind, ScalarStyle};

/// The stretches around `offset`, innermost first; each holds the one before and more.
pub fn selection(document: &Document, offset: TextSize) -> Vec<TextRange> {
    let (tree, source) = (document.tree(), document.source());
    let offset = offset.min(source.len());
    let mut ranges: Vec<TextRange> = Vec::new();
    let mut at = tree.node_at(offset);
    while let Some(id) = at {
        let node = tree.node(id);
        if let NodeKind::Scalar(scalar) = &node.kind {
            let quoted = matches!(scalar.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
            if quoted && node.range.len() >= TextSize::new(2) {
                let one = TextSize::new(1);
                ranges.push(TextRange::new(node.range.start() + one, node.range.end() - one));
            }
        }
        ranges.push(node.range);
        if let Some(entry) = tree.entry_of(id) {
            ranges.push(tree.node(entry.key).range.cover(tree.node(entry.value).range));
        }
        at = node.parent;
    }
    ranges.push(TextRange::up_to(source.len()));
    let mut around: Vec<TextRange> = Vec::new();
    for range in ranges.into_iter().filter(|range| range.contains_inclusive(offset) && !range.is_empty()) {
        if around.last().is_none_or(|last| range.contains_range(*last) && range != *last) {
            around.push(range);
        }
    }
    around
}
