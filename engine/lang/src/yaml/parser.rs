//! The strict parser behind the loader. Nothing outside this file names its crate.

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
    parser: Parser<std::str::Chars<'a>>,
    offsets: Offsets<'a>,
    /// Where the text begins for the parser, which does not know byte order marks.
    start: usize,
    done: bool,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = text_start(text);
        let text = &text[start..];
        Self { parser: Parser::new_from_str(text), offsets: Offsets::new(text), start, done: false }
    }
}

impl Iterator for Events<'_> {
    type Item = Result<(Event, usize), SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let (event, marker) = match self.parser.next_token() {
                Ok(found) => found,
                Err(error) => {
                    self.done = true;
                    let at = self.start + self.offsets.byte(error.marker());
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
            return Some(Ok((event, self.start + self.offsets.byte(&marker))));
        }
        None
    }
}

/// How far a text can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// The offset of the first error, or of a second document; `None` when there is none before the horizon.
    pub(super) error: Option<usize>,
    /// How many events come before it.
    pub(super) events: usize,
}

/// Reads a text without keeping anything, up to `horizon` at most.
pub(super) fn extent(text: &str, horizon: usize) -> Extent {
    let mut events = 0;
    let mut documents = 0;
    for event in Events::new(text) {
        match event {
            Ok((Event::DocumentStart, at)) if documents > 0 => return Extent { error: Some(at), events },
            Ok((Event::DocumentStart, _)) => documents += 1,
            Ok((_, at)) if at > horizon => break,
            Ok(_) => events += 1,
            Err(error) => return Extent { error: Some(error.at), events },
        }
    }
    Extent { error: None, events }
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
    text: &'a str,
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
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, table: (!text.is_ascii()).then(|| Table::new(text)) }
    }

    fn byte(&self, marker: &Marker) -> usize {
        let Some(table) = &self.table else { return marker.index().min(self.text.len()) };
        let line = table.lines.get(marker.line().saturating_sub(1));
        let Some(index) = line.map(|start| start + marker.col()) else { return self.text.len() };
        let Some(start) = table.steps.get(index / Table::STEP) else { return self.text.len() };
        let rest = &self.text[*start..];
        start + rest.char_indices().nth(index % Table::STEP).map_or(rest.len(), |(offset, _)| offset)
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
