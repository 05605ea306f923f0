//! The extent of scalars in the source, and which part of the source shows which part of their text.

use std::ops::Range;

use super::{NodeId, NodeKind, Scalar, ScalarStyle, Tree};
use crate::text::{Source, TextRange, TextSize};

/// The source range that shows the bytes `part` of a scalar's text; the whole node where that cannot be told.
pub(super) fn scalar_part(tree: &Tree, source: &Source, id: NodeId, part: Range<usize>) -> TextRange {
    scalar_parts(tree, source, id, &[part])[0]
}

/// The same for several parts of one scalar.
pub(super) fn scalar_parts(tree: &Tree, source: &Source, id: NodeId, parts: &[Range<usize>]) -> Vec<TextRange> {
    let node = tree.node(id);
    let traced = match &node.kind {
        NodeKind::Scalar(scalar) => Traced::of(source.slice(node.range), scalar),
        _ => None,
    };
    let place = |part: &Range<usize>| {
        let shown = traced.as_ref().and_then(|traced| traced.find(part.clone()));
        shown.map_or(node.range, |range| {
            let offset = |at: usize| node.range.start() + TextSize::new(at as u32);
            TextRange::new(offset(range.start), offset(range.end))
        })
    };
    parts.iter().map(place).collect()
}

/// A scalar's text, with the piece of the source that each piece of it was made from.
struct Traced<'a> {
    raw: &'a str,
    text: &'a str,
    /// How much of the text is accounted for.
    done: usize,
    /// Pieces of the text and of the source, without gaps in the former. Those of equal length match byte by byte.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl<'a> Traced<'a> {
    /// `None` when the source does not make the text, which happens where a repair made it.
    fn of(raw: &'a str, scalar: &'a Scalar) -> Option<Self> {
        let mut traced = Self { raw, text: &scalar.text, done: 0, pieces: Vec::new() };
        // A quote that is missing was added by a repair.
        let inner = 1..closed_quote_end(raw, 0).map_or(raw.len(), |end| end - 1);
        match scalar.style {
            ScalarStyle::Plain => traced.flow(0..raw.len(), None)?,
            ScalarStyle::SingleQuoted if raw.starts_with('\'') => traced.flow(inner, Some('\''))?,
            ScalarStyle::DoubleQuoted if raw.starts_with('"') => traced.flow(inner, Some('"'))?,
            ScalarStyle::Literal | ScalarStyle::Folded => traced.block()?,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => return None,
        }
        (traced.done == traced.text.len()).then_some(traced)
    }

    fn find(&self, part: Range<usize>) -> Option<Range<usize>> {
        if part.start > part.end || !self.text.is_char_boundary(part.start) || !self.text.is_char_boundary(part.end) {
            return None;
        }
        let place = |(text, raw): &(Range<usize>, Range<usize>), at: usize, otherwise: usize| {
            if text.len() == raw.len() { raw.start + (at - text.start) } else { otherwise }
        };
        let first = self.pieces.partition_point(|(text, _)| text.end <= part.start);
        let start = match self.pieces.get(first) {
            Some(piece) => place(piece, part.start, piece.1.start),
            None => self.pieces.last().map_or(0, |(_, raw)| raw.end),
        };
        let last = self.pieces.partition_point(|(text, _)| text.end < part.end);
        let end = match self.pieces.get(last) {
            Some(piece) if part.start < part.end => place(piece, part.end, piece.1.end),
            _ => start,
        };
        Some(start..end.max(start))
    }

    /// Notes that `raw` makes `text`, if that is what comes next.
    fn take(&mut self, raw: Range<usize>, text: &str) -> Option<()> {
        self.text[self.done..].strip_prefix(text)?;
        if !text.is_empty() {
            self.pieces.push((self.done..self.done + text.len(), raw));
            self.done += text.len();
        }
        Some(())
    }

    fn verbatim(&mut self, raw: Range<usize>) -> Option<()> {
        self.take(raw.clone(), self.raw.get(raw)?)
    }

    /// Plain and quoted texts.
    fn flow(&mut self, inner: Range<usize>, quote: Option<char>) -> Option<()> {
        let text = self.raw;
        let mut at = inner.start;
        while at < inner.end {
            let rest = &text[at..inner.end];
            let special = |character: char| {
                is_space(character) || quote == Some(character) || character == '\\' && quote == Some('"')
            };
            let plain = rest.find(special).unwrap_or(rest.len());
            self.verbatim(at..at + plain)?;
            at += plain;
            let Some(next) = text[at..inner.end].chars().next() else { break };
            let length = match next {
                '\\' => self.escape(at, inner.end)?,
                _ if is_space(next) => {
                    let blank = text[at..inner.end].find(|character| !is_space(character)).unwrap_or(inner.end - at);
                    match line_breaks(&text[at..at + blank]) {
                        0 => self.verbatim(at..at + blank)?,
                        1 => self.take(at..at + blank, " ")?,
                        more => self.take(at..at + blank, &"\n".repeat(more - 1))?,
                    }
                    blank
                }
                // A quote inside quotes is written twice.
                _ => {
                    self.take(at..at + 2, "'")?;
                    2
                }
            };
            at += length;
        }
        Some(())
    }

    /// An escape in double quotes; yields its length.
    fn escape(&mut self, at: usize, end: usize) -> Option<usize> {
        let rest = &self.raw[at..end];
        let code = rest[1..].chars().next()?;
        if matches!(code, '\n' | '\r') {
            // The line goes on behind the indentation of the next one.
            let length = 1 + rest[1..].find(|character| !is_space(character)).unwrap_or(rest.len() - 1);
            self.take(at..at + length, &"\n".repeat(line_breaks(&rest[..length]) - 1))?;
            return Some(length);
        }
        let made = self.text[self.done..].chars().next()?;
        let length = match code {
            'x' => 4,
            'u' if u32::from(made) > 0xffff => 12,
            'u' => 6,
            'U' => 10,
            _ => 1 + code.len_utf8(),
        };
        rest.get(..length)?;
        self.take(at..at + length, made.encode_utf8(&mut [0; 4]))?;
        Some(length)
    }

    /// Texts after `|` and `>`.
    fn block(&mut self) -> Option<()> {
        let text = self.raw;
        let mut at = text.find(['\n', '\r']).unwrap_or(text.len());
        at += break_length(&text[at..]);
        let first = text[at..].trim_start_matches(['\n', '\r', ' ']);
        let first = text.len() - first.len();
        let first_column = first - text[..first].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let own_spaces = self.text.trim_start_matches('\n');
        let own_spaces = own_spaces.len() - own_spaces.trim_start_matches(' ').len();
        let indent = first_column.checked_sub(own_spaces)?;
        while at < text.len() {
            let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
            let content = (at + indent).min(end);
            self.verbatim(content..end)?;
            // Line breaks up to the next line that is not empty.
            let mut next = end;
            let mut breaks = 0;
            while next < text.len() {
                let line = next + break_length(&text[next..]);
                breaks += 1;
                next = line;
                let length = text[line..].find(['\n', '\r']).unwrap_or(text.len() - line);
                if length > indent || text[line..line + length].contains(|character| character != ' ') {
                    break;
                }
                next = line + length;
            }
            let made = self.text[self.done..].bytes().take_while(|byte| *byte == b'\n').take(breaks).count();
            match (made, breaks) {
                (_, 0) => {}
                (0, 1) => self.take(end..next, " ")?,
                (0, _) => return None,
                _ => self.take(end..next, &"\n".repeat(made))?,
            }
            at = next;
        }
        // What is chomped or kept at the end lies behind the node.
        let kept = self.text[self.done..].len();
        self.take(text.len()..text.len(), &"\n".repeat(kept))
    }
}

pub(super) fn line_breaks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count() + text.replace("\r\n", "").matches('\r').count()
}

fn break_length(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(!text.is_empty()) }
}

/// Where a plain scalar ends that starts at `start` and reads `cooked`: nothing but blanks differs between the two.
pub(super) fn plain_end(source: &str, start: usize, cooked: &str) -> usize {
    let mut end = start;
    let mut raw = source[start..].char_indices().filter(|(_, character)| !is_space(*character));
    for wanted in cooked.chars().filter(|character| !is_space(*character)) {
        match raw.next() {
            Some((at, character)) if character == wanted => end = start + at + character.len_utf8(),
            _ => break,
        }
    }
    end
}

/// Where a quoted scalar ends that starts at `start`, the closing quote included; at the end of the text if there is none.
pub(super) fn quoted_end(source: &str, start: usize) -> usize {
    closed_quote_end(source, start).unwrap_or(source.len())
}

/// Where a quoted scalar ends that starts at `start`, if it is closed.
pub(super) fn closed_quote_end(source: &str, start: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        at += match *bytes.get(at)? {
            b'\\' if quote == b'"' => 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            byte if byte == quote => return Some(at + 1),
            _ => 1,
        };
    }
}

/// Where the `|` or `>` at `start` ends, indentation and chomping indicators included.
pub(super) fn block_header_end(source: &str, start: usize) -> usize {
    let rest = source.get(start + 1..).unwrap_or_default();
    let indicators = rest.bytes().take_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')).count();
    (start + 1 + indicators).min(source.len())
}

/// Where the last line with text of a block scalar ends whose text starts at `content`, behind its indentation.
pub(super) fn block_content_end(source: &str, content: usize) -> usize {
    let line_start = source[..content].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let indent = content - line_start;
    let mut end = content;
    let mut at = line_start;
    for line in source[line_start..].split_inclusive(['\n', '\r']) {
        let text = line.trim_end_matches(['\n', '\r']);
        let spaces = text.len() - text.trim_start_matches(' ').len();
        if spaces < text.len() {
            if spaces < indent || indent == 0 && is_document_end(text) {
                break;
            }
            end = at + text.len();
        }
        at += line.len();
    }
    end
}

fn is_document_end(line: &str) -> bool {
    line.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use crate::yaml::Document;

    /// What the source shows for each character of the text of the value of `key`.
    fn trace(yaml: &str) -> Vec<(String, String)> {
        let document = Document::new(yaml);
        let tree = document.tree();
        let value = tree.entries(tree.root().unwrap())[0].value;
        let text = tree.scalar_text(value).unwrap();
        let parts = text.char_indices().map(|(at, character)| at..at + character.len_utf8());
        parts
            .map(|part| {
                let shown = tree.scalar_part(document.source(), value, part.clone());
                (text[part].to_owned(), document.source().slice(shown).to_owned())
            })
            .collect()
    }

    /// The pairs of [`trace`] that differ.
    fn differing(yaml: &str) -> Vec<(String, String)> {
        trace(yaml).into_iter().filter(|(text, shown)| text != shown).collect()
    }

    #[test]
    fn every_character_of_a_scalar_leads_to_its_source() {
        let table: &[(&str, &[(&str, &str)])] = &[
            ("key: plain text\n", &[]),
            ("key: on two\n  lines\n\n  and é more # c\n", &[(" ", "\n  "), ("\n", "\n\n  ")]),
            ("key: on \r\n  two\n", &[(" ", " \r\n  ")]),
            ("key: 'it''s  é'\n", &[("'", "''")]),
            ("key: 'a\n\n\n  b '\n", &[("\n", "\n\n\n  "), ("\n", "\n\n\n  ")]),
            (
                "key: \"a\\n\\\"\\x41\\u00e9\\U0001F600\\/ \\\n  b\n  c\"\n",
                &[
                    ("\n", "\\n"),
                    ("\"", "\\\""),
                    ("A", "\\x41"),
                    ("é", "\\u00e9"),
                    ("😀", "\\U0001F600"),
                    ("/", "\\/"),
                    (" ", "\n  "),
                ],
            ),
            ("key: \"\\ud83d\\ude00!\"\n", &[("😀", "\\ud83d\\ude00")]),
            ("key: |\n  a\n   b\n\n  é\n", &[("\n", "")]),
            ("key: |2-\n     a\r\n  b\n", &[("\n", "\r\n")]),
            ("key: |+\n  a\n\n", &[("\n", ""), ("\n", "")]),
            ("key: >\n  a\n  b\n\n  c\n    d\n  e\n", &[(" ", "\n"), ("\n", "\n\n"), ("\n", "")]),
            ("key: @text\n", &[]),
            ("key: a: 'b'\n", &[]),
        ];
        for (yaml, expected) in table {
            let expected: Vec<_> =
                expected.iter().map(|(text, shown)| ((*text).to_owned(), (*shown).to_owned())).collect();
            assert_eq!(differing(yaml), expected, "{yaml:?}");
        }
    }

    #[test]
    fn parts_of_a_scalar_have_their_place() {
        for (text, part, expected) in [
            ("abc def", "def", "def"),
            ("'abc def'", "def", "def"),
            ("\"abc def\"", "def", "def"),
            ("'it''s def'", "def", "def"),
            ("'it''s def'", "it's", "it''s"),
            ("|\n  one\n  two three\n", "three", "three"),
            ("|-\n\n   one\n     two\n", "two", "two"),
            ("| # note\r\n  one\r\n  two\r\n", "two", "two"),
            ("|\n  one\n\n  two\n", "one\n\ntwo", "one\n\n  two"),
            ("|2\n    one\n  two\n", "  one", "  one"),
            (">\n  one\n  two\n", "two", "two"),
        ] {
            let text = format!("key: {text}");
            let document = Document::new(&*text);
            let tree = document.tree();
            let value = tree.entries(tree.root().unwrap())[0].value;
            let start = tree.scalar_text(value).unwrap().find(part).unwrap();
            let range = tree.scalar_part(document.source(), value, start..start + part.len());
            assert_eq!(document.source().slice(range), expected, "{text:?}");
        }
    }
}
