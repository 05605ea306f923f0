//! What can be folded away.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::text::{TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind};

/// Lines that can be folded away below the one that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the end of the line that stays to the end of the last line that is folded away.
    pub range: TextRange,
    /// What is folded.
    pub kind: FoldKind,
}

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoldKind {
    /// The value of a key, an item, or what stands between `#region` and `#endregion`.
    Block,
    /// Lines of comments.
    Comment,
}

/// What can be folded away, at most one fold a line, in the order of the text.
pub fn folds(document: &Document) -> Vec<Fold> {
    let mut folder = Folder { document, by_line: BTreeMap::new() };
    folder.blocks();
    folder.comments();
    folder.by_line.into_iter().map(|(_, (_, fold))| fold).collect()
}

struct Folder<'a> {
    document: &'a Document,
    /// Folds with their last lines, by the line that stays.
    by_line: BTreeMap<u32, (u32, Fold)>,
}

impl Folder<'_> {
    fn blocks(&mut self) {
        let tree = self.document.tree();
        for (id, node) in tree.nodes() {
            match &node.kind {
                NodeKind::Mapping { entries, .. } => {
                    for entry in entries {
                        self.block(tree.node(entry.key).range.start(), entry.value);
                    }
                }
                NodeKind::Sequence { items, .. } => {
                    for item in items {
                        self.block(tree.node(*item).range.start(), *item);
                    }
                }
                NodeKind::Scalar(_) | NodeKind::Alias { .. } => {}
            }
            if node.parent.is_none() {
                self.block(node.range.start(), id);
            }
        }
    }

    /// Folds a value away below the line that `start` is in.
    fn block(&mut self, start: TextSize, value: NodeId) {
        let tree = self.document.tree();
        let source = self.document.source();
        let node = tree.node(value);
        let (is_flow, is_document) = match &node.kind {
            NodeKind::Mapping { style, .. } | NodeKind::Sequence { style, .. } => {
                (*style == CollectionStyle::Flow, node.parent.is_none())
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => (false, node.parent.is_none()),
        };
        if is_document && !is_flow {
            return;
        }
        let text = source.slice(node.range).trim_end();
        let end = node.range.start() + TextSize::of(text);
        let mut last = source.line_of(end);
        if is_flow && text.ends_with(['}', ']']) {
            let before = source.line_range(last).map(|line| source.slice(TextRange::new(line.start(), end)));
            // The bracket stays in sight where it has a line of its own.
            let is_alone = before.is_some_and(|before| before.trim_start().len() == 1);
            last = last.saturating_sub(u32::from(is_alone));
        }
        self.fold(source.line_of(start), last, FoldKind::Block);
    }

    /// Comments that have lines of their own.
    fn comments(&mut self) {
        let source = self.document.source();
        let mut run: Option<(u32, u32)> = None;
        let mut regions = Vec::new();
        for comment in self.document.tree().comments() {
            let line = source.line_of(comment.start());
            let before = source
                .line_range(line)
                .map(|range| TextRange::new(range.start().min(comment.start()), comment.start()));
            if !before.is_some_and(|before| source.slice(before).trim_start_matches('\u{feff}').trim().is_empty()) {
                continue;
            }
            let text = source.slice(*comment).trim_start_matches('#').trim_start();
            let begins = is_word(text, "region");
            if begins || is_word(text, "endregion") {
                self.run(run.take());
                if begins {
                    regions.push(line);
                } else if let Some(first) = regions.pop() {
                    self.fold(first, line, FoldKind::Block);
                }
                continue;
            }
            run = match run {
                Some((first, last)) if last + 1 == line => Some((first, line)),
                other => {
                    self.run(other);
                    Some((line, line))
                }
            };
        }
        self.run(run);
    }

    fn run(&mut self, run: Option<(u32, u32)>) {
        if let Some((first, last)) = run {
            self.fold(first, last, FoldKind::Comment);
        }
    }

    /// Of several folds below one line, the longest counts.
    fn fold(&mut self, first: u32, last: u32, kind: FoldKind) {
        let source = self.document.source();
        let Some((start, end)) = source.line_range(first).zip(source.line_range(last)) else { return };
        if first >= last {
            return;
        }
        let fold = Fold { range: TextRange::new(start.end(), end.end()), kind };
        match self.by_line.entry(first) {
            Entry::Vacant(vacant) => {
                vacant.insert((last, fold));
            }
            Entry::Occupied(mut occupied) if occupied.get().0 < last => {
                occupied.insert((last, fold));
            }
            Entry::Occupied(_) => {}
        }
    }
}

fn is_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}
