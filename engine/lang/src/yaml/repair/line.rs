//! A line of a broken text, taken apart without a parser.

use std::ops::Range;

use crate::text::{TextRange, TextSize};
use crate::yaml::span;

/// A line and its parts. All offsets are those of the text it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    text: &'a str,
    /// The line without its line end.
    pub(super) range: Range<usize>,
    /// Where its first character stands that is no blank.
    pub(super) content: usize,
    /// Where its dashes end.
    pub(super) body: usize,
    /// The key with its quotes, and the offset of its colon.
    pub(super) key: Option<(Range<usize>, usize)>,
    /// What follows the key, or the dashes, without blanks around it and without a comment.
    pub(super) value: Range<usize>,
}

impl<'a> Line<'a> {
    /// The line that holds an offset.
    pub(super) fn at(text: &'a str, offset: usize) -> Self {
        let is_inside_line_end = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
        let offset = offset - usize::from(is_inside_line_end);
        let start = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let end = text[offset..].find(['\n', '\r']).map_or(text.len(), |at| offset + at);
        let content = start + blanks(&text[start..end]);
        let mut body = content;
        while matches!(text.as_bytes()[body..end], [b'-', b' ' | b'\t', ..] | [b'-']) {
            body += 1;
            body += blanks(&text[body..end]);
        }
        let key = key(text, body, end);
        let value_start = key.as_ref().map_or(body, |(_, colon)| colon + 1 + blanks(&text[colon + 1..end]));
        let value = value_start..value_end(text, value_start, end);
        Self { text, range: start..end, content, body, key, value }
    }

    /// The nearest line above that holds more than a comment.
    pub(super) fn above(&self) -> Option<Self> {
        let mut start = self.range.start;
        loop {
            let line = Self::at(self.text, previous_line_end(self.text, start)?);
            if !line.is_empty() {
                return Some(line);
            }
            start = line.range.start;
        }
    }

    /// The nearest line below that holds more than a comment.
    pub(super) fn below(&self) -> Option<Self> {
        let mut end = self.range.end;
        loop {
            let line = Self::at(self.text, next_line_start(self.text, end)?);
            if !line.is_empty() {
                return Some(line);
            }
            end = line.range.end;
        }
    }

    /// The lines above that are indented ever less, beginning with the nearest.
    pub(super) fn ladder(&self) -> impl Iterator<Item = Self> {
        ladder(self.text, self.range.start, usize::MAX).into_iter().map(|start| Self::at(self.text, start))
    }

    /// Whether it holds nothing but blanks and a comment.
    pub(super) fn is_empty(&self) -> bool {
        self.content == self.range.end || self.text.as_bytes()[self.content] == b'#'
    }

    /// Whether it begins an item of a list.
    pub(super) fn is_item(&self) -> bool {
        self.body > self.content
    }

    /// How many characters it is indented by.
    pub(super) fn indent(&self) -> usize {
        self.content - self.range.start
    }

    pub(super) fn indentation(&self) -> &'a str {
        &self.text[self.range.start..self.content]
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        &self.text[range]
    }

    pub(super) fn value_text(&self) -> &'a str {
        &self.text[self.value.clone()]
    }

    /// Everything but indentation and comment.
    pub(super) fn content_range(&self) -> Range<usize> {
        let end = match &self.key {
            _ if !self.value.is_empty() => self.value.end,
            Some((_, colon)) => colon + 1,
            None => self.content + self.text[self.content..self.body].trim_end().len(),
        };
        self.content..end
    }

    /// What names the line: its key, else its first word.
    pub(super) fn head(&self) -> Range<usize> {
        if let Some((key, _)) = &self.key {
            return key.clone();
        }
        let rest = &self.text[self.content..self.range.end];
        self.content..self.content + rest.find([' ', '\t']).unwrap_or(rest.len())
    }
}

/// The starts of the lines above a line that are indented ever less, from one indented less than `least` to one without
/// indentation. Comments do not count.
pub(super) fn ladder(text: &str, line_start: usize, mut least: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut start = line_start;
    for line in text[..line_start].split_inclusive('\n').rev() {
        start -= line.len();
        if let Some(indent) = indent_of(line).filter(|indent| *indent < least) {
            least = indent;
            starts.push(start);
        }
        if least == 0 {
            break;
        }
    }
    starts
}

/// How far a line is indented that holds more than a comment.
fn indent_of(line: &str) -> Option<usize> {
    let content = line.trim_start_matches([' ', '\t']);
    (!content.starts_with(['#', '\n', '\r']) && !content.is_empty()).then_some(line.len() - content.len())
}

pub(super) fn text_range(range: Range<usize>) -> TextRange {
    TextRange::new(TextSize::new(range.start as u32), TextSize::new(range.end as u32))
}

fn previous_line_end(text: &str, line_start: usize) -> Option<usize> {
    let end = line_start.checked_sub(1)?;
    let is_crlf = end > 0 && text.as_bytes()[end] == b'\n' && text.as_bytes()[end - 1] == b'\r';
    Some(if is_crlf { end - 1 } else { end })
}

fn next_line_start(text: &str, line_end: usize) -> Option<usize> {
    let rest = &text[line_end..];
    (!rest.is_empty()).then(|| line_end + if rest.starts_with("\r\n") { 2 } else { 1 })
}

/// The key that begins at `start`, and its colon.
fn key(text: &str, start: usize, end: usize) -> Option<(Range<usize>, usize)> {
    let bytes = &text.as_bytes()[..end];
    let is_separator =
        |at: usize| bytes.get(at) == Some(&b':') && matches!(bytes.get(at + 1), None | Some(b' ' | b'\t'));
    if matches!(bytes.get(start), Some(b'"' | b'\'')) {
        let quoted = span::quoted_end(&text[..end], start);
        let colon = quoted + blanks(&text[quoted..end]);
        if is_separator(colon) {
            return Some((start..quoted, colon));
        }
    }
    let comment = value_end(text, start, end);
    let colon = (start..comment).find(|at| is_separator(*at))?;
    let key_end = start + text[start..colon].trim_end().len();
    (key_end > start).then_some((start..key_end, colon))
}

/// Where a value ends that begins at `start`: before its comment and the blanks around that.
fn value_end(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let quoted = match bytes[..end].get(start) {
        Some(b'"' | b'\'') => span::quoted_end(&text[..end], start),
        _ => start,
    };
    let comment = (quoted..end)
        .find(|at| bytes[*at] == b'#' && (*at == start || matches!(bytes[*at - 1], b' ' | b'\t')))
        .unwrap_or(end);
    start + text[start..comment.max(start)].trim_end().len()
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let table = [
            ("  key: value # note", "key", "value", "key: value"),
            ("- - \"a: b\" : 'x # y' # z", "\"a: b\"", "'x # y'", "- - \"a: b\" : 'x # y'"),
            ("\tname:foo", "", "name:foo", "name:foo"),
            ("a: b: c", "a", "b: c", "a: b: c"),
            ("key:", "key", "", "key:"),
            ("key: # note", "key", "", "key:"),
            ("  - ", "", "", "-"),
            ("'open: x", "'open", "x", "'open: x"),
            ("  # note", "", "", ""),
            ("", "", "", ""),
        ];
        for (text, key, value, content) in table {
            let line = Line::at(text, 0);
            let show = |range: Range<usize>| &text[range];
            assert_eq!(line.key.clone().map_or("", |(key, _)| show(key)), key, "{text:?}");
            assert_eq!(line.value_text(), value, "{text:?}");
            assert_eq!(show(line.content_range()), content, "{text:?}");
        }
    }

    #[test]
    fn neighbours_skip_comments_and_know_all_line_ends() {
        let text = "a\r\n\r\n # c\r\nb\n\nc";
        let line = Line::at(text, text.find('b').unwrap());
        assert_eq!(line.above().unwrap().range, 0..1);
        assert_eq!(line.below().unwrap().value_text(), "c");
        assert_eq!(line.above().unwrap().above(), None);
        assert_eq!(line.below().unwrap().below(), None);
    }
}
