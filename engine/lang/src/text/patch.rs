use super::{TextEdit, TextRange, TextSize};

/// Edits that are made one after another, seen as edits of the text before the first.
#[derive(Clone, Debug)]
pub struct Patch {
    /// What the text now consists of.
    pieces: Vec<Piece>,
    len: TextSize,
}

#[derive(Clone, Debug)]
enum Piece {
    /// A stretch of the first text.
    Kept(TextRange),
    New(String),
}

impl Patch {
    /// Starts with a text of this length, unchanged.
    pub fn new(len: TextSize) -> Self {
        Self { pieces: vec![Piece::Kept(TextRange::up_to(len))], len }
    }

    /// Takes in edits of the text as it is now. They are those that [`apply_edits`](super::apply_edits) takes.
    pub fn apply(&mut self, edits: &[TextEdit]) {
        let mut ordered: Vec<&TextEdit> = edits.iter().collect();
        ordered.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        let mut old = Rest { pieces: std::mem::take(&mut self.pieces).into_iter(), open: None };
        let mut at = TextSize::new(0);
        for edit in ordered {
            self.pieces.extend(old.take(edit.range.start() - at));
            self.pieces.push(Piece::New(edit.new_text.clone()));
            drop(old.take(edit.range.len()));
            at = edit.range.end();
        }
        self.pieces.extend(old.open);
        self.pieces.extend(old.pieces);
    }

    /// The edits of the first text that have the same result, in the order of the text.
    pub fn edits(&self) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        let (mut at, mut new_text) = (TextSize::new(0), String::new());
        let end = Piece::Kept(TextRange::empty(self.len));
        for piece in self.pieces.iter().chain([&end]) {
            match piece {
                Piece::New(text) => new_text.push_str(text),
                Piece::Kept(range) => {
                    if range.start() > at || !new_text.is_empty() {
                        let gap = TextRange::new(at, range.start());
                        edits.push(TextEdit::replace(gap, std::mem::take(&mut new_text)));
                    }
                    at = range.end();
                }
            }
        }
        edits
    }
}

/// Pieces that were not looked at yet.
struct Rest {
    pieces: std::vec::IntoIter<Piece>,
    open: Option<Piece>,
}

impl Rest {
    fn take(&mut self, mut len: TextSize) -> Vec<Piece> {
        let mut taken = Vec::new();
        while len > TextSize::new(0) {
            let Some(piece) = self.open.take().or_else(|| self.pieces.next()) else { break };
            let (head, tail) = piece.split(len);
            len -= head.len();
            taken.push(head);
            self.open = tail;
        }
        taken
    }
}

impl Piece {
    fn len(&self) -> TextSize {
        match self {
            Self::Kept(range) => range.len(),
            Self::New(text) => TextSize::of(text),
        }
    }

    /// Cuts it behind `len` bytes; the second part is there when it is longer than that.
    fn split(self, len: TextSize) -> (Self, Option<Self>) {
        if self.len() <= len {
            return (self, None);
        }
        match self {
            Self::Kept(range) => {
                let middle = range.start() + len;
                let tail = TextRange::new(middle, range.end());
                (Self::Kept(TextRange::new(range.start(), middle)), Some(Self::Kept(tail)))
            }
            Self::New(mut text) => {
                let tail = text.split_off(usize::from(len));
                (Self::New(text), Some(Self::New(tail)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply_edits;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), text)
    }

    #[test]
    fn steps_become_edits_of_the_first_text() {
        let table: &[(&[&[TextEdit]], &[TextEdit])] = &[
            (&[], &[]),
            (&[&[edit(0, 0, "x")], &[edit(0, 0, "y")]], &[edit(0, 0, "yx")]),
            (&[&[edit(1, 2, "xyz")], &[edit(2, 3, "")]], &[edit(1, 2, "xz")]),
            (&[&[edit(1, 2, "x"), edit(4, 5, "y")], &[edit(0, 6, "all")]], &[edit(0, 6, "all")]),
            (&[&[edit(1, 2, "xyz")], &[edit(0, 2, "é")], &[edit(2, 2, "!")]], &[edit(0, 2, "é!yz")]),
            (&[&[edit(2, 3, "")], &[edit(3, 4, "")]], &[edit(2, 3, ""), edit(4, 5, "")]),
            (&[&[edit(6, 6, "end")], &[edit(9, 9, ".")]], &[edit(6, 6, "end.")]),
            (&[&[edit(3, 3, "b"), edit(3, 3, "c")], &[edit(5, 6, "")]], &[edit(3, 4, "bc")]),
        ];
        for (steps, expected) in table {
            let mut text = "abcdef".to_owned();
            let mut patch = Patch::new(TextSize::of(&*text));
            for step in *steps {
                text = apply_edits(&text, step).unwrap();
                patch.apply(step);
            }
            assert_eq!(patch.edits(), *expected, "{steps:?}");
            assert_eq!(apply_edits("abcdef", &patch.edits()).unwrap(), text, "{steps:?}");
        }
    }
}
