//! A text with repairs, and the way back from each of its places to the text as the user has it.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::{TextEdit, TextRange, TextSize};

/// A text that has been edited, piece by piece. Pieces cover both the original and the edited text without gaps.
pub(super) struct Patched<'a> {
    text: Cow<'a, str>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    /// Where it stands in the edited text.
    patched: Range<usize>,
    /// What it stands for in the original text.
    original: Range<usize>,
    /// Whether the text is the original's, so that offsets inside it can be told.
    verbatim: bool,
}

impl<'a> Patched<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            pieces: vec![Piece { patched: 0..text.len(), original: 0..text.len(), verbatim: true }],
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_original(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// Applies edits of the edited text, which do not overlap.
    pub(super) fn apply(&mut self, edits: &[TextEdit]) {
        let mut edits: Vec<&TextEdit> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut pieces = Vec::with_capacity(self.pieces.len() + 2 * edits.len());
        let mut add = |new: &str, original: Range<usize>, verbatim: bool| {
            if !new.is_empty() || !original.is_empty() {
                pieces.push(Piece { patched: text.len()..text.len() + new.len(), original, verbatim });
                text.push_str(new);
            }
        };
        let mut rest = Rest { pieces: self.pieces.iter(), split: None };
        let mut original_end = 0;
        for edit in edits {
            while let Some(piece) = rest.take_until(edit.range.start().into()) {
                original_end = piece.original.end;
                add(&self.text[piece.patched], piece.original, piece.verbatim);
            }
            let original_start = original_end;
            while let Some(piece) = rest.take_until(edit.range.end().into()) {
                original_end = piece.original.end;
            }
            add(&edit.new_text, original_start..original_end, false);
        }
        while let Some(piece) = rest.take_until(usize::MAX) {
            add(&self.text[piece.patched], piece.original, piece.verbatim);
        }
        self.text = Cow::Owned(text);
        self.pieces = pieces;
    }

    /// What a range of the edited text shows in the original.
    pub(super) fn original(&self, range: TextRange) -> TextRange {
        if self.is_original() {
            return range;
        }
        let end = self.original_end(range.end().into());
        let start = if range.is_empty() { end } else { self.original_start(range.start().into()).min(end) };
        TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32))
    }

    /// The place of an offset that something begins at: that of the piece behind it.
    fn original_start(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.patched.end <= offset);
        self.pieces.get(index).or(self.pieces.last()).map_or(0, |piece| match offset - piece.patched.start {
            inside if piece.verbatim => piece.original.start + inside,
            _ => piece.original.start,
        })
    }

    /// The place of an offset that something ends at: that of the piece before it.
    fn original_end(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.patched.end < offset);
        self.pieces.get(index).or(self.pieces.last()).map_or(0, |piece| match offset - piece.patched.start {
            0 => piece.original.start,
            inside if piece.verbatim => piece.original.start + inside,
            _ => piece.original.end,
        })
    }
}

/// The pieces that an edit has not reached yet.
struct Rest<'a> {
    pieces: std::slice::Iter<'a, Piece>,
    /// What an edit left over of a piece.
    split: Option<Piece>,
}

impl Rest<'_> {
    /// The next piece, cut off at `end`; `None` when everything before `end` is taken.
    fn take_until(&mut self, end: usize) -> Option<Piece> {
        let piece = self.split.take().or_else(|| self.pieces.next().cloned())?;
        if piece.patched.start >= end {
            self.split = Some(piece);
            return None;
        }
        if piece.patched.end <= end {
            return Some(piece);
        }
        let cut = if piece.verbatim { piece.original.start + (end - piece.patched.start) } else { piece.original.end };
        self.split = Some(Piece { patched: end..piece.patched.end, original: cut..piece.original.end, ..piece });
        Some(Piece { patched: piece.patched.start..end, original: piece.original.start..cut, ..piece })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), text)
    }

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        let mut patched = Patched::new("abcd");
        patched.apply(&[edit(3, 4, "D"), edit(1, 3, "-"), edit(1, 1, "+")]);
        assert_eq!(patched.text(), "a+-D");
    }

    #[test]
    fn places_lead_back_through_several_rounds_of_edits() {
        let mut patched = Patched::new("abcdefghij");
        patched.apply(&[edit(2, 2, "++"), edit(4, 6, "")]);
        assert_eq!(patched.text(), "ab++cdghij");
        patched.apply(&[edit(0, 0, "("), edit(3, 5, "-"), edit(9, 10, "J!"), edit(10, 10, ")")]);
        assert_eq!(patched.text(), "(ab+-dghiJ!)");
        let back = |start: u32, end: u32| {
            let range = patched.original(TextRange::new(start.into(), end.into()));
            (u32::from(range.start()), u32::from(range.end()))
        };
        assert_eq!(back(0, 12), (0, 10));
        assert_eq!(back(1, 3), (0, 2));
        assert_eq!(back(1, 1), (0, 0));
        assert_eq!(back(3, 6), (2, 4));
        assert_eq!(back(4, 5), (2, 3));
        assert_eq!(back(5, 6), (3, 4));
        assert_eq!(back(6, 7), (6, 7));
        assert_eq!(back(6, 6), (4, 4));
        assert_eq!(back(9, 11), (9, 10));
        assert_eq!(back(12, 12), (10, 10));
    }
}
