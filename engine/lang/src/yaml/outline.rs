//! The coarse shape of a text: where quoted texts and flow collections begin and end, found without a parser.
//!
//! The original tool's loader is more lenient inside these than the strict parser. The outline yields the edits that
//! make the parser accept them too, without a change of meaning. It also tells which of them is never closed.

use std::ops::Range;

use super::parser::text_start;
use super::span;
use crate::text::{TextEdit, TextRange, TextSize};

/// What a scan of a text found, up to the first place that makes no sense.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Edits that keep the meaning, each with the stretch that is readable once all edits inside it are made.
    pub(super) lenient: Vec<(Range<usize>, TextEdit)>,
    /// Where flow collections of several lines stand.
    pub(super) flows: Vec<Range<usize>>,
    /// Where a quoted text or a flow collection begins that does not end as it should.
    pub(super) unclosed: Option<usize>,
    /// Where a quoted text begins that does not end as it should, maybe inside a flow collection.
    pub(super) unclosed_quote: Option<usize>,
}

impl Outline {
    /// Where the flow collection begins that a line at `offset` belongs to, if it does not begin on that very line.
    pub(super) fn flow_around(&self, text: &str, offset: usize) -> Option<usize> {
        let around = self.flows.iter().find(|flow| flow.start < offset && offset < flow.end);
        let unclosed = self.unclosed.filter(|start| *start < offset && is_opening(text.as_bytes()[*start]));
        around.map(|flow| flow.start).or(unclosed)
    }
}

/// Scans a text from its start.
pub(super) fn outline(text: &str) -> Outline {
    let at = text_start(text);
    let mut scanner = Scanner { text, at, columns: Vec::new(), continued: None, found: Outline::default() };
    while scanner.at < text.len() && scanner.line().is_some() {}
    scanner.found
}

/// The offsets of the brackets that are open at `end` of a flow collection that begins at `start`; `Err` with the offset of
/// a closing bracket that fits none.
pub(super) fn open_brackets(text: &str, start: usize, end: usize) -> Result<Vec<usize>, usize> {
    let mut flow = Flow::new(&text[..end], start);
    while let Some(step) = flow.step() {
        match step {
            Step::Closed => break,
            Step::Mismatch => return Err(flow.at),
            Step::Quoted(_) | Step::NoBlank(_) | Step::Other => {}
        }
    }
    Ok(flow.open)
}

/// The offsets of the brackets of a flow collection, each with the one that closes it or should, in the order of the latter.
pub(super) fn bracket_pairs(text: &str, start: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut flow = Flow::new(text, start);
    std::iter::from_fn(move || {
        loop {
            let innermost = flow.open.last().copied();
            let before = flow.open.len();
            let step = flow.step()?;
            match (step, innermost) {
                (Step::Mismatch, Some(opened)) => {
                    let closed = flow.at;
                    flow.at += 1;
                    flow.open.pop();
                    return Some((opened, closed));
                }
                (Step::Mismatch, None) => return None,
                (_, Some(opened)) if flow.open.len() < before => return Some((opened, flow.at - 1)),
                _ if flow.open.is_empty() => return None,
                _ => {}
            }
        }
    })
}

/// Where a quoted text begins among brackets, commas and colons of one line that does not end on it.
pub(super) fn unclosed_quote(text: &str, line: Range<usize>) -> Option<usize> {
    let mut flow = Flow::new(&text[..line.end], line.start);
    loop {
        match flow.step() {
            Some(Step::Mismatch) => flow.at += 1,
            Some(_) => {}
            None => return (flow.at < line.end).then_some(flow.at),
        }
    }
}

/// Whether a character begins a flow collection.
pub(super) fn is_opening(byte: u8) -> bool {
    matches!(byte, b'[' | b'{')
}

/// The bracket that closes what another opens.
pub(super) fn closing(opening: u8) -> u8 {
    if opening == b'[' { b']' } else { b'}' }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Columns of the keys and dashes around the place.
    columns: Vec<usize>,
    /// The column that lines must exceed to continue the plain text above; 0 for any.
    continued: Option<usize>,
    found: Outline,
}

impl Scanner<'_> {
    /// Scans a line and what begins in it; `None` when it makes no sense.
    fn line(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_blanks();
        let column = self.at - start;
        match self.peek() {
            None => return Some(()),
            Some(b'\n' | b'\r') => {
                self.at += 1;
                return Some(());
            }
            Some(b'#') => {
                self.skip_line();
                return Some(());
            }
            Some(_) => {}
        }
        if self.continued.is_some_and(|least| column >= least) {
            self.skip_line();
            return Some(());
        }
        self.continued = None;
        if column == 0 && ["---", "..."].iter().any(|marker| self.text[self.at..].starts_with(marker)) {
            self.columns.clear();
            self.at += 3;
            self.skip_blanks();
        } else if column == 0 && self.peek() == Some(b'%') {
            self.skip_line();
            return Some(());
        }
        while self.columns.last().is_some_and(|last| *last >= column) {
            self.columns.pop();
        }
        self.node(start)
    }

    /// Scans what stands at the place to the end of its last line. `line` is where the line begins.
    fn node(&mut self, line: usize) -> Option<()> {
        let mut has_key = false;
        let mut properties = None;
        loop {
            self.skip_blanks();
            let start = self.at;
            let owner = self.columns.last().copied();
            match self.peek() {
                None => return Some(()),
                Some(b'\n' | b'\r' | b'#') => {
                    self.skip_line();
                    return Some(());
                }
                Some(b'-' | b'?' | b':') if self.is_blank(self.at + 1) => {
                    self.columns.push(self.at - line);
                    self.at += 1;
                    has_key = false;
                    continue;
                }
                Some(b'&' | b'!') => {
                    properties.get_or_insert(start);
                    self.skip_word();
                    continue;
                }
                Some(b'|' | b'>') => {
                    self.block_scalar(owner);
                    return Some(());
                }
                Some(b'"' | b'\'') => self.quoted(owner)?,
                Some(b'[' | b'{') => self.flow(owner)?,
                Some(b'*') => self.skip_word(),
                Some(_) => self.plain(),
            }
            // What follows tells whether it was a key.
            let end = self.at;
            self.skip_blanks();
            match self.peek() {
                Some(b':')
                    if self.is_blank(self.at + 1) && !has_key && !self.text[start..end].contains(['\n', '\r']) =>
                {
                    self.columns.push(properties.take().unwrap_or(start) - line);
                    self.at += 1;
                    has_key = true;
                    self.tab_behind_colon();
                }
                Some(b'#') if self.at == end => {
                    self.lenient(start..end + 1, end..end, " ");
                    self.skip_line();
                    return Some(());
                }
                None | Some(b'\n' | b'\r' | b'#') => {
                    if !matches!(self.text.as_bytes()[start], b'"' | b'\'' | b'[' | b'{' | b'*') {
                        self.continued = Some(owner.map_or(0, |owner| owner + 1));
                    }
                    self.skip_line();
                    return Some(());
                }
                Some(_) => return None,
            }
        }
    }

    /// A plain text, to the end of its line, its comment, or its colon.
    fn plain(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = self.peek() {
            let ends = match byte {
                b'\n' | b'\r' => true,
                b':' => self.is_blank(self.at + 1),
                b'#' => matches!(bytes[self.at - 1], b' ' | b'\t'),
                _ => false,
            };
            if ends {
                break;
            }
            self.at += 1;
        }
        while matches!(bytes[self.at - 1], b' ' | b'\t') {
            self.at -= 1;
        }
    }

    fn block_scalar(&mut self, owner: Option<usize>) {
        self.skip_line();
        while self.at < self.text.len() {
            let start = self.at;
            while self.peek() == Some(b' ') {
                self.at += 1;
            }
            let inside = match self.peek() {
                Some(b'\n' | b'\r') => true,
                _ => owner.is_none_or(|owner| self.at - start > owner),
            };
            if !inside {
                self.at = start;
                return;
            }
            self.skip_line();
        }
    }

    fn quoted(&mut self, owner: Option<usize>) -> Option<()> {
        let start = self.at;
        let Some(end) = quoted_end(self.text, start) else {
            self.found.unclosed = Some(start);
            self.found.unclosed_quote = Some(start);
            return None;
        };
        self.at = end;
        self.surrogates(start..end, start..end);
        self.indent_lines(start..end, owner);
        Some(())
    }

    fn flow(&mut self, owner: Option<usize>) -> Option<()> {
        let start = self.at;
        let mut flow = Flow::new(self.text, start);
        let mut quoted = Vec::new();
        let mut no_blank = Vec::new();
        loop {
            match flow.step() {
                Some(Step::Closed) => break,
                Some(Step::Quoted(range)) => quoted.push(range),
                Some(Step::NoBlank(range)) => no_blank.push(range),
                Some(Step::Other) => {}
                None | Some(Step::Mismatch) => {
                    self.found.unclosed = Some(start);
                    self.found.unclosed_quote =
                        matches!(self.text.as_bytes().get(flow.at), Some(b'"' | b'\'')).then_some(flow.at);
                    return None;
                }
            }
        }
        self.at = flow.at;
        if self.text[start..self.at].contains(['\n', '\r']) {
            self.found.flows.push(start..self.at);
        }
        for range in quoted {
            self.surrogates(range, start..self.at);
        }
        for range in no_blank {
            self.lenient(start..self.at, range, " ");
        }
        self.indent_lines(start..self.at, owner);
        Some(())
    }

    /// Lines of a quoted text or a flow collection must be indented deeper than what it belongs to, by spaces.
    fn indent_lines(&mut self, range: Range<usize>, owner: Option<usize>) {
        let Some(owner) = owner else { return };
        let bytes = self.text.as_bytes();
        let starts = range.clone().filter(|at| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        for line in starts.map(|at| at + 1) {
            let spaces = bytes[line..range.end].iter().take_while(|byte| **byte == b' ').count();
            let is_empty = bytes.get(line + spaces).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
            if spaces <= owner && !is_empty {
                self.lenient(range.clone(), line..line, &" ".repeat(owner + 1));
            }
        }
    }

    /// JSON writes characters beyond U+FFFF as two escapes.
    fn surrogates(&mut self, quoted: Range<usize>, construct: Range<usize>) {
        let mut at = quoted.start;
        if self.text.as_bytes()[at] != b'"' {
            return;
        }
        while let Some(next) = self.text[at..quoted.end].find('\\') {
            at += next;
            match surrogate_pair(&self.text[at..quoted.end]) {
                Some(code) => {
                    self.lenient(construct.clone(), at..at + 12, &format!("\\U{code:08x}"));
                    at += 12;
                }
                None => at += 1 + self.text[at + 1..quoted.end].chars().next().map_or(0, char::len_utf8),
            }
        }
    }

    /// The parser takes a tab behind a colon for indentation.
    fn tab_behind_colon(&mut self) {
        let start = self.at;
        self.skip_blanks();
        if self.text[start..self.at].contains('\t') {
            self.lenient(start..self.at + 1, start..self.at, " ");
        }
    }

    fn lenient(&mut self, construct: Range<usize>, range: Range<usize>, new_text: &str) {
        let range = TextRange::new(TextSize::new(range.start as u32), TextSize::new(range.end as u32));
        self.found.lenient.push((construct, TextEdit::replace(range, new_text)));
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_blank(&self, at: usize) -> bool {
        is_blank(self.text, at)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn skip_word(&mut self) {
        while !self.is_blank(self.at) {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        self.at = line_end(self.text, self.at);
        self.at += usize::from(self.at < self.text.len());
    }
}

/// A flow collection, read bracket by bracket.
struct Flow<'a> {
    text: &'a str,
    at: usize,
    /// The offsets of the brackets that are open.
    open: Vec<usize>,
    /// Whether a quote or a hash at the place would begin something.
    fresh: bool,
}

enum Step {
    /// The collection ends.
    Closed,
    /// A bracket that does not fit the one that is open; the place stands before it.
    Mismatch,
    Quoted(Range<usize>),
    /// A stretch before a comment, or behind a colon, where the parser wants a space.
    NoBlank(Range<usize>),
    Other,
}

impl<'a> Flow<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, open: Vec::new(), fresh: true }
    }

    /// `None` at the end of the text, or at a quoted text that is not closed.
    fn step(&mut self) -> Option<Step> {
        let start = self.at;
        let byte = *self.text.as_bytes().get(start)?;
        let was_fresh = self.fresh;
        self.at += 1;
        match byte {
            b'[' | b'{' => {
                self.open.push(start);
                self.fresh = true;
            }
            b']' | b'}' if self.open.last().is_none_or(|open| closing(self.text.as_bytes()[*open]) != byte) => {
                self.at = start;
                return Some(Step::Mismatch);
            }
            b']' | b'}' => {
                self.open.pop();
                self.fresh = true;
                if self.open.is_empty() {
                    return Some(Step::Closed);
                }
            }
            b':' if self.text[self.at..].starts_with('\t') => {
                let blank = self.text[self.at..].find(|next| next != '\t').unwrap_or(self.text.len() - self.at);
                self.fresh = true;
                self.at += blank;
                return Some(Step::NoBlank(start + 1..self.at));
            }
            b',' | b':' => self.fresh = true,
            b'"' | b'\'' if was_fresh => {
                let end = quoted_end(self.text, start);
                self.at = end.unwrap_or(start);
                return end.map(|end| Step::Quoted(start..end));
            }
            b'#' if start > 0 => {
                let before = self.text.as_bytes()[start - 1];
                let is_separate = is_blank(self.text, start - 1);
                if is_separate || was_fresh && before != b':' {
                    self.at = line_end(self.text, start);
                    return Some(if is_separate { Step::Other } else { Step::NoBlank(start..start) });
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'-' | b'?' if was_fresh && is_blank(self.text, self.at) => {}
            _ => self.fresh = false,
        }
        Some(Step::Other)
    }
}

/// Where a quoted text ends, if it does and nothing follows that does not belong there.
fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let end = span::closed_quote_end(text, start)?;
    let next = text.as_bytes()[end..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    matches!(next, None | Some(b'\n' | b'\r' | b':' | b',' | b']' | b'}' | b'#')).then_some(end)
}

fn surrogate_pair(text: &str) -> Option<u32> {
    let half = |text: &str| u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let high = half(text).filter(|unit| (0xd800..0xdc00).contains(unit))?;
    let low = half(text.get(6..)?).filter(|unit| (0xdc00..0xe000).contains(unit))?;
    Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}

fn is_blank(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length)
}
