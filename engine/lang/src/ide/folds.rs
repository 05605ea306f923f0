//! What can be folded.

use crate::text::{TextRange, TextSize};
use crate::yaml::{Document, NodeKind};

/// A stretch that can be folded: from the end of its first line to the end of its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// What is hidden.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldKind,
}

/// The kinds of fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// A value of several lines.
    Block,
    /// Comments on lines of their own, one below the other.
    Comment,
}

/// All that can be folded, in the order of the text. Of two that begin on one line the larger is kept.
pub fn folds(document: &Document) -> Vec<Fold> {
    let (tree, source) = (document.tree(), document.source());
    let mut folds = Vec::new();
    for (id, node) in tree.nodes() {
        let parts = match &node.kind {
            NodeKind::Mapping { entries, .. } => entries.iter().map(|entry| (entry.key, entry.value)).collect(),
            NodeKind::Sequence { items, .. } => items.iter().map(|item| (*item, *item)).collect::<Vec<_>>(),
            _ => continue,
        };
        let whole = tree.root() != Some(id) && source.slice(node.range).starts_with(['{', '[']);
        let whole = whole.then_some((node.range.start(), node.range.end()));
        let parts = parts.iter().map(|(first, last)| (tree.node(*first).range.start(), tree.node(*last).range.end()));
        folds.extend(parts.chain(whole).filter_map(|(start, end)| fold(document, start, end, FoldKind::Block)));
    }
    folds.extend(comments(document));
    folds.sort_by_key(|fold| (fold.range.start(), std::cmp::Reverse(fold.range.end())));
    folds.dedup_by_key(|fold| fold.range.start());
    folds
}

fn fold(document: &Document, start: TextSize, end: TextSize, kind: FoldKind) -> Option<Fold> {
    let source = document.source();
    // A block text ends behind its last line end.
    let end = start + TextSize::of(source.slice(TextRange::new(start, end)).trim_end());
    let (first, last) = (source.line_of(start), source.line_of(end));
    (first < last)
        .then(|| {
            Some(Fold { range: TextRange::new(source.line_range(first)?.end(), source.line_range(last)?.end()), kind })
        })
        .flatten()
}

fn comments(document: &Document) -> Vec<Fold> {
    let source = document.source();
    let alone = |range: &&TextRange| {
        let line = source.line_range(source.line_of(range.start()));
        line.is_some_and(|line| source.slice(TextRange::new(line.start(), range.start())).trim().is_empty())
    };
    let mut runs: Vec<TextRange> = Vec::new();
    for range in document.tree().comments().iter().filter(alone) {
        match runs.last_mut() {
            Some(run) if source.line_of(run.end()) + 1 == source.line_of(range.start()) => *run = run.cover(*range),
            _ => runs.push(*range),
        }
    }
    runs.into_iter().filter_map(|run| fold(document, run.start(), run.end(), FoldKind::Comment)).collect()
}
