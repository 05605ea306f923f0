//! Offsets, lines and edits of a text. The only place that converts between bytes and columns.

mod edit;
mod patch;

pub use edit::{EditError, TextEdit, apply_edits};
pub use patch::Patch;
pub use text_size::{TextRange, TextSize};

/// A zero-based position as editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 0. `\n`, `\r\n` and a lone `\r` each end a line.
    pub line: u32,
    /// Column, from 0, in the unit that was asked for.
    pub character: u32,
}

/// The unit of [`Position::character`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what editors and the JSON output count in.
    Utf16,
    /// Unicode scalar values: what a person counts.
    Utf32,
}

/// A text with its line table.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    index: line_index::LineIndex,
}

impl Source {
    /// Longest text that is taken, in bytes.
    pub const MAX_LEN: usize = 64 * 1024 * 1024;

    /// Indexes `text`. What lies beyond [`Self::MAX_LEN`] is cut off at a character boundary.
    pub fn new(mut text: String) -> Self {
        if text.len() > Self::MAX_LEN {
            text.truncate(text.floor_char_boundary(Self::MAX_LEN));
        }
        let index = match unify_line_ends(&text) {
            Some(unified) => line_index::LineIndex::new(&unified),
            None => line_index::LineIndex::new(&text),
        };
        Self { text, index }
    }

    /// The text as the user has it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Length in bytes.
    pub fn len(&self) -> TextSize {
        TextSize::of(&*self.text)
    }

    /// True for the empty text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The part of the text that `range` covers; empty when the range does not fit the text.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    /// A range without the blanks and line ends at its end, which block scalars have.
    pub fn trim_end(&self, range: TextRange) -> TextRange {
        let text = self.slice(range).trim_end_matches([' ', '\t', '\n', '\r']);
        TextRange::at(range.start(), TextSize::of(text))
    }

    /// The position of a byte offset. An offset beyond the end or inside a character counts as the nearest one before.
    pub fn position(&self, offset: TextSize, encoding: Encoding) -> Position {
        let offset = TextSize::new(self.text.floor_char_boundary(usize::from(offset)) as u32);
        let at = self.index.line_col(offset);
        let character = match encoding {
            Encoding::Utf8 => at.col,
            Encoding::Utf16 => self.index.to_wide(line_index::WideEncoding::Utf16, at).map_or(at.col, |wide| wide.col),
            Encoding::Utf32 => self.index.to_wide(line_index::WideEncoding::Utf32, at).map_or(at.col, |wide| wide.col),
        };
        Position { line: at.line, character }
    }

    /// The byte offset of a position. A column beyond the end of its line counts as the end of the line, a line
    /// beyond the last one as the end of the text.
    pub fn offset(&self, position: Position, encoding: Encoding) -> TextSize {
        let Some(line) = self.line_range(position.line) else { return self.len() };
        let wide = line_index::WideLineCol { line: position.line, col: position.character };
        let at = match encoding {
            Encoding::Utf8 => Some(line_index::LineCol { line: position.line, col: position.character }),
            Encoding::Utf16 => self.index.to_utf8(line_index::WideEncoding::Utf16, wide),
            Encoding::Utf32 => self.index.to_utf8(line_index::WideEncoding::Utf32, wide),
        };
        let offset = at.map_or(line.end(), |at| line.start() + TextSize::new(at.col)).min(line.end());
        TextSize::new(self.text.floor_char_boundary(usize::from(offset)) as u32)
    }

    /// The range of a zero-based line without its line end; `None` beyond the last line.
    pub fn line_range(&self, line: u32) -> Option<TextRange> {
        let range = self.index.line(line)?;
        let content = self.slice(range).trim_end_matches(['\n', '\r']);
        Some(TextRange::at(range.start(), TextSize::of(content)))
    }

    /// The zero-based line of an offset.
    pub fn line_of(&self, offset: TextSize) -> u32 {
        self.position(offset, Encoding::Utf8).line
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> u32 {
        self.line_of(self.len()) + 1
    }

    /// The line end that the text uses, to be used by what is inserted.
    pub fn line_end(&self) -> &'static str {
        match self.text.find(['\n', '\r']) {
            Some(at) if self.text[at..].starts_with("\r\n") => "\r\n",
            Some(at) if self.text[at..].starts_with('\r') => "\r",
            _ => "\n",
        }
    }
}

/// Turns every lone `\r` into `\n`, byte for byte, so that offsets stay; `None` when there is none.
pub(crate) fn unify_line_ends(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(lone) {
        return None;
    }
    let mut unified = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        unified.push(if lone(at) { '\n' } else { character });
    }
    Some(unified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_offsets_agree() {
        for text in ["", "a", "a\nb", "a\r\nb\r\n", "a\rb\rc", "é漢😀\n😀x", "\u{feff}name: x\r"] {
            let source = Source::new(text.to_owned());
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                    continue; // between the two bytes of one line end
                }
                for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                    let offset = TextSize::new(offset as u32);
                    let position = source.position(offset, encoding);
                    assert_eq!(source.offset(position, encoding), offset, "{text:?} {offset:?} {position:?}");
                }
            }
        }
    }

    #[test]
    fn columns_are_counted_in_the_unit_asked_for() {
        let source = Source::new("é漢😀x".to_owned());
        let at = |encoding| source.position(TextSize::new(9), encoding).character;
        assert_eq!((at(Encoding::Utf8), at(Encoding::Utf16), at(Encoding::Utf32)), (9, 4, 3));
    }

    #[test]
    fn ranges_end_with_their_text() {
        let source = Source::new("ab \r\n\t\u{85}c \n".to_owned());
        let trimmed = |start: u32, end: u32| source.trim_end(TextRange::new(start.into(), end.into()));
        assert_eq!(trimmed(0, 6), TextRange::new(0.into(), 2.into()));
        assert_eq!(trimmed(1, 8), TextRange::new(1.into(), 8.into()));
        assert_eq!(trimmed(2, 5), TextRange::empty(2.into()));
    }

    #[test]
    fn positions_outside_the_text_are_clamped() {
        let source = Source::new("ab\ncd".to_owned());
        let offset = |line, character| source.offset(Position { line, character }, Encoding::Utf16);
        assert_eq!(offset(0, 99), TextSize::new(2));
        assert_eq!(offset(9, 0), TextSize::new(5));
        assert_eq!(source.position(TextSize::new(99), Encoding::Utf16), Position { line: 1, character: 2 });
    }
}
