//! The strict parser behind the loader. Nothing outside this file names its crate.

use std::iter::Chain;
use std::str::Chars;

use yaml_rust2::parser::{Event as ParserEvent, Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::ScalarStyle;

/// What the parser finds, in the order of the text. An anchor is a number from 1; 0 is none.
#[derive(Debug)]
pub(super) enum Event {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias { anchor: usize },
    Scalar { text: String, style: ScalarStyle, properties: Properties },
    SequenceStart { properties: Properties },
    SequenceEnd,
    MappingStart { properties: Properties },
    MappingEnd,
}

/// Anchor and tag of a node.
#[derive(Debug)]
pub(super) struct Properties {
    pub(super) anchor: usize,
    /// The tag in full: `!Ref`, `tag:yaml.org,2002:str`, or `!` alone.
    pub(super) tag: Option<String>,
}

/// Where and why the parser gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// Byte offset; often the place where the fault was noticed, not where it is.
    pub(super) at: usize,
    /// The parser's own words.
    pub(super) reason: String,
}

/// The events of a text, each with the byte offset of its mark. Ends after [`Event::StreamEnd`] or an error.
///
/// Events are pulled one by one: the parser's own way to load a document recurses once a level, and overflows the stack.
pub(super) struct Events<'a> {
    parser: Parser<Chain<Chain<Chars<'a>, Chars<'a>>, Chars<'a>>>,
    offsets: Offsets<'a>,
    done: bool,
}

/// Put before a collection in brackets that is the whole document. Without it, the parser would take the collection for a
/// possible key, and say nothing about its inside before it has read all of it.
const DOCUMENT_START: &str = "--- ";

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = text_start(text);
        let body = &text[start..];
        let bracket = document_in_brackets(body);
        let (before, behind) = body.split_at(bracket.unwrap_or(0));
        let added = if bracket.is_some() { DOCUMENT_START } else { "" };
        Self {
            parser: Parser::new(before.chars().chain(added.chars()).chain(behind.chars())),
            offsets: Offsets::new(body, start, bracket),
            done: false,
        }
    }
}

/// Where the bracket stands that begins a document of many lines.
fn document_in_brackets(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') {
            return (matches!(content, "{" | "[") && line.starts_with(content)).then_some(start);
        }
        start += line.len();
    }
    None
}

impl Iterator for Events<'_> {
    type Item = Result<(Event, usize), SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let (event, marker) = match self.parser.next_token() {
                Ok(found) => found,
                Err(error) => {
                    self.done = true;
                    let at = self.offsets.byte(error.marker());
                    return Some(Err(SyntaxError { at, reason: error.info().to_owned() }));
                }
            };
            let event = match event {
                ParserEvent::Nothing | ParserEvent::StreamStart => continue,
                ParserEvent::StreamEnd => {
                    self.done = true;
                    Event::StreamEnd
                }
                ParserEvent::DocumentStart => Event::DocumentStart,
                ParserEvent::DocumentEnd => Event::DocumentEnd,
                ParserEvent::Alias(anchor) => Event::Alias { anchor },
                ParserEvent::Scalar(text, style, anchor, tag) => {
                    Event::Scalar { text, style: style.into(), properties: Properties::new(anchor, tag) }
                }
                ParserEvent::SequenceStart(anchor, tag) => {
                    Event::SequenceStart { properties: Properties::new(anchor, tag) }
                }
                ParserEvent::SequenceEnd => Event::SequenceEnd,
                ParserEvent::MappingStart(anchor, tag) => {
                    Event::MappingStart { properties: Properties::new(anchor, tag) }
                }
                ParserEvent::MappingEnd => Event::MappingEnd,
            };
            return Some(Ok((event, self.offsets.byte(&marker))));
        }
        None
    }
}

/// How far a text can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// The offset of the first error, or of a second document; `None` when there is none before the horizon.
    pub(super) error: Option<usize>,
    /// How many keys and items come before it.
    pub(super) members: usize,
}

/// Reads a text without keeping anything, up to `horizon` at most.
pub(super) fn extent(text: &str, horizon: usize) -> Extent {
    let mut members = 0;
    let mut documents = 0;
    // For every collection around the place, whether what comes next in it is a member: of a map, every other node.
    let mut open: Vec<(bool, bool)> = Vec::new();
    for event in Events::new(text) {
        let (event, at) = match event {
            Ok(found) => found,
            Err(error) => return Extent { error: Some(error.at), members },
        };
        if matches!(event, Event::DocumentStart) {
            documents += 1;
            if documents > 1 {
                return Extent { error: Some(at), members };
            }
        }
        if at > horizon {
            break;
        }
        if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            open.pop();
            continue;
        }
        if let Some((is_map, is_member)) = open.last_mut() {
            members += usize::from(*is_member);
            *is_member = !*is_map || !*is_member;
        }
        match event {
            Event::SequenceStart { .. } => open.push((false, true)),
            Event::MappingStart { .. } => open.push((true, true)),
            _ => {}
        }
    }
    Extent { error: None, members }
}

/// Where the text begins: behind a byte order mark, if there is one.
pub(super) fn text_start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

impl Properties {
    fn new(anchor: usize, tag: Option<Tag>) -> Self {
        Self { anchor, tag: tag.map(|tag| tag.handle + &tag.suffix) }
    }
}

impl From<TScalarStyle> for ScalarStyle {
    fn from(style: TScalarStyle) -> Self {
        match style {
            TScalarStyle::Plain => Self::Plain,
            TScalarStyle::SingleQuoted => Self::SingleQuoted,
            TScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            TScalarStyle::Literal => Self::Literal,
            TScalarStyle::Folded => Self::Folded,
        }
    }
}

/// From the parser's marks to bytes.
///
/// A mark counts characters, whatever its documentation says; but behind a block of text that is not ASCII its index is wrong,
/// because the parser has counted some of the bytes. Lines and columns are right.
struct Offsets<'a> {
    /// The text without a byte order mark, which the parser does not know.
    text: &'a str,
    /// The length of the byte order mark.
    start: usize,
    /// Where [`DOCUMENT_START`] was added: as an offset, and as a line from 1.
    added: Option<(usize, usize)>,
    /// `None` when every character is one byte.
    table: Option<Table>,
}

struct Table {
    /// The index, in characters, of the start of every line.
    lines: Vec<usize>,
    /// The byte offset of every [`Self::STEP`]th character.
    steps: Vec<usize>,
}

impl Table {
    const STEP: usize = 32;

    fn new(text: &str) -> Self {
        let mut table = Self { lines: vec![0], steps: Vec::with_capacity(text.len() / Self::STEP) };
        for (index, (offset, character)) in text.char_indices().enumerate() {
            if index % Self::STEP == 0 {
                table.steps.push(offset);
            }
            // Every other line end is `\r\n`.
            if character == '\n' {
                table.lines.push(index + 1);
            }
        }
        table
    }

    /// The byte offset of a line, from 1, and a column in characters, from 0.
    fn byte(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(index) = self.lines.get(line.saturating_sub(1)).map(|start| start + column) else { return text.len() };
        let Some(start) = self.steps.get(index / Self::STEP) else { return text.len() };
        let rest = &text[*start..];
        start + rest.char_indices().nth(index % Self::STEP).map_or(rest.len(), |(offset, _)| offset)
    }
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str, start: usize, added: Option<usize>) -> Self {
        let added = added.map(|at| (at, 1 + text[..at].matches('\n').count()));
        Self { text, start, added, table: (!text.is_ascii()).then(|| Table::new(text)) }
    }

    fn byte(&self, marker: &Marker) -> usize {
        let added = DOCUMENT_START.len();
        let at = match (&self.table, self.added) {
            (None, Some((at, _))) if marker.index() > at => marker.index().saturating_sub(added).max(at),
            (None, _) => marker.index(),
            (Some(table), Some((_, line))) if marker.line() == line => {
                table.byte(self.text, line, marker.col().saturating_sub(added))
            }
            (Some(table), _) => table.byte(self.text, marker.line(), marker.col()),
        };
        self.start + at.min(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_behind_blocks_that_are_not_ascii_are_right() {
        let text = "a: |\n  äöü äöü äöü äöü äöü äöü\nb: é c\nd: @\n";
        let marks: Vec<usize> = Events::new(text).filter_map(Result::ok).map(|(_, at)| at).collect();
        assert!(marks.contains(&text.find("é c").unwrap()), "{marks:?}");
        let error = Events::new(text).find_map(Result::err).unwrap();
        assert_eq!(error.at, text.find('@').unwrap());
    }
}
