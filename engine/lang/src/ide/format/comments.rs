use super::Plan;
use crate::text::{Encoding, TextRange, TextSize};

/// A comment behind something on its line.
struct Trailing {
    line: u32,
    /// The blanks before it.
    gap: TextRange,
    /// Its column, in characters.
    column: usize,
    /// Where the text before it is going to end, in characters.
    end: usize,
}

impl Plan<'_> {
    /// Decides how far comments stand from the text before them: as far as they did, and at least one column. Those of
    /// neighbouring lines that stand below each other go on doing so.
    pub(super) fn set_comments(&mut self) {
        let trailing: Vec<Trailing> =
            self.layout.tree.comments().iter().filter_map(|comment| self.trailing(*comment)).collect();
        let is_below =
            |above: &Trailing, below: &Trailing| above.line + 1 == below.line && above.column == below.column;
        for group in trailing.chunk_by(is_below) {
            let width = group.iter().map(|comment| usize::from(comment.gap.len())).min().unwrap_or(0).max(1);
            let column = group.iter().map(|comment| comment.end).max().unwrap_or(0) + width;
            // In a part of a document, what is aligned with something outside stays so as far as it can.
            let is_whole = group.iter().all(|comment| self.contains(comment.line));
            for comment in group {
                let is_aligned = group.len() > 1 && is_whole;
                let old = usize::from(comment.gap.len()).max(1);
                let width = if is_aligned { column - comment.end } else { old };
                self.set_gap(comment.gap, width);
            }
        }
    }

    fn trailing(&self, comment: TextRange) -> Option<Trailing> {
        let source = self.layout.source;
        let line = source.line_of(comment.start());
        let before = self.layout.prefix(comment.start());
        let text = before.trim_end_matches([' ', '\t']);
        if text.is_empty() {
            return None;
        }
        let gap = TextRange::new(comment.start() - TextSize::of(before) + TextSize::of(text), comment.start());
        let column = |offset| source.position(offset, Encoding::Utf32).character as usize;
        let planned = &self.lines[line as usize];
        let is_moved = self.contains(line);
        let (mut end, mut old_width, mut new_width) = (column(gap.start()), 0, 0);
        if is_moved {
            if let Some(new) = planned.column {
                old_width += text.len() - text.trim_start_matches(' ').len();
                new_width += new;
            }
            for (range, width) in &planned.gaps {
                old_width += usize::from(range.len());
                new_width += width;
            }
            end = (end + new_width).saturating_sub(old_width);
        }
        Some(Trailing { line, gap, column: column(comment.start()), end })
    }
}
