//! The part of a text that says what stands at a place of it.
//!
//! To read a whole text anew for every key that is typed takes too long where the text is long. What stands at a place depends
//! on the blocks around it and on the names of what stands beside it and beside them, and not on what lies inside those.

use std::ops::Range;

use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// A text without the insides of the blocks that a place does not stand in.
pub(super) struct Cut {
    /// What is left before the place.
    pub(super) before: String,
    /// What is left behind it.
    pub(super) after: String,
}

/// Cuts out what surrounds `offset`, which lies between two characters. Whole lines are left or go, and the cursor's own stays.
pub(super) fn around(document: &Document, offset: usize) -> Cut {
    let text = document.source().text();
    let mut dropped = Folder { document, text, line: line_start(text, offset), dropped: Vec::new() }.fold();
    dropped.sort_by_key(|range| range.start);
    let kept = |from: usize, to: usize| {
        let mut kept = String::with_capacity(1024.min(to - from));
        let mut at = from;
        for range in dropped.iter().filter(|range| from <= range.start && range.end <= to) {
            kept.push_str(&text[at..range.start]);
            at = range.end;
        }
        kept.push_str(&text[at..to]);
        kept
    };
    Cut { before: kept(0, offset), after: kept(offset, text.len()) }
}

struct Folder<'a> {
    document: &'a Document,
    text: &'a str,
    /// Where the line of the place starts.
    line: usize,
    dropped: Vec<Range<usize>>,
}

impl Folder<'_> {
    /// The stretches that do not matter.
    fn fold(mut self) -> Vec<Range<usize>> {
        let mut around = self.document.tree().root().map(|root| (root, self.text.len()));
        while let Some((node, end)) = around {
            // What may stand in a policy depends on all of the statement.
            around = if self.is_policy(node) { None } else { self.fold_beside(node, end) };
        }
        self.dropped
    }

    /// Drops the insides of the entries of a block that do not hold the place. Yields the value of the one that does, and where
    /// the lines end that belong to it.
    fn fold_beside(&mut self, block: NodeId, end: usize) -> Option<(NodeId, usize)> {
        let tree = self.document.tree();
        let NodeKind::Mapping { entries, style: CollectionStyle::Block } = &tree.node(block).kind else {
            let items = tree.items(block);
            let next = items.partition_point(|item| self.start(*item) <= self.line);
            let end = items.get(next).map_or(end, |item| self.start(*item));
            return Some((*items.get(next.checked_sub(1)?)?, end));
        };
        let next = entries.partition_point(|entry| self.start(entry.key) <= self.line);
        let end_of = |index: usize| entries.get(index + 1).map_or(end, |entry| self.start(entry.key));
        let around = next.checked_sub(1);
        let mut folds: Vec<Range<usize>> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if Some(index) != around && self.is_block(entry.value) {
                folds.push(self.next_line(entry.key)..end_of(index));
            }
        }
        // An alias needs the anchor that it names.
        folds.retain(|fold| fold.start < fold.end && !self.text[fold.clone()].contains('&'));
        let around = around.map(|index| (entries[index].value, end_of(index)));
        self.dropped.extend(folds);
        around
    }

    fn is_block(&self, node: NodeId) -> bool {
        matches!(
            self.document.tree().node(node).kind,
            NodeKind::Mapping { style: CollectionStyle::Block, .. }
                | NodeKind::Sequence { style: CollectionStyle::Block, .. }
        )
    }

    fn is_policy(&self, node: NodeId) -> bool {
        let tree = self.document.tree();
        tree.entry_of(node).and_then(|entry| tree.scalar_text(entry.key)) == Some("customPolicy")
    }

    /// Where the line starts that a node starts on.
    fn start(&self, node: NodeId) -> usize {
        line_start(self.text, usize::from(self.document.tree().node(node).range.start()))
    }

    /// Where the line starts that follows the one a node ends on.
    fn next_line(&self, node: NodeId) -> usize {
        let end = usize::from(self.document.tree().node(node).range.end());
        self.text[end..].find('\n').map_or(self.text.len(), |length| end + length + 1)
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}
