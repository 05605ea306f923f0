//! The few lines of a source that an excerpt is drawn from.
//!
//! They are a copy in which long lines are cut to a window and secrets are masked, so that neither the size nor the
//! content of a file can spoil what is shown.

use std::ops::Range;

use slipway_lang::text::{Source, TextRange, TextSize};

use slipway_project::{MASK, Redactor};

/// A line of up to this many bytes is shown whole.
const MAX_LINE: usize = 120;
/// What is shown of a longer line: so many bytes before the place…
const BEFORE: usize = 50;
/// … and so many from it on.
const AFTER: usize = 70;

/// Lines to be shown, and what is to be marked in them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The lines, joined by `\n`.
    pub(crate) text: String,
    /// The number of the first line, from 0.
    pub(crate) first_line: u32,
    /// The places to mark, in bytes of `text`, one for each range asked for. A range that spans lines is marked on its first.
    pub(crate) marks: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines from the first to the last of the given ranges.
    pub(crate) fn of(source: &Source, redactor: &Redactor, ranges: &[TextRange]) -> Self {
        let lines = ranges.iter().map(|range| source.line_of(range.start()));
        let (first_line, last_line) = (lines.clone().min().unwrap_or(0), lines.max().unwrap_or(0));
        let mut excerpt = Self { text: String::new(), first_line, marks: vec![0..0; ranges.len()] };
        for number in first_line..=last_line {
            let Some(line) = source.line_range(number) else { continue };
            if number > first_line {
                excerpt.text.push('\n');
            }
            let here = || ranges.iter().enumerate().filter(|(_, range)| source.line_of(range.start()) == number);
            let shown = ShownLine::of(source, redactor, line, here().next().map(|(_, range)| *range));
            for (index, range) in here() {
                let base = excerpt.text.len();
                excerpt.marks[index] =
                    base + shown.offset(range.start())..base + shown.offset(range.end().min(line.end()));
            }
            excerpt.text.push_str(&shown.text);
        }
        excerpt
    }

    /// Whether a line is short enough to be shown whole.
    pub(crate) fn shows_whole_line(source: &Source, line: u32) -> bool {
        source.line_range(line).is_none_or(|range| usize::from(range.len()) <= MAX_LINE)
    }
}

/// A line as it is shown, and where its parts come from.
struct ShownLine {
    text: String,
    /// Parts in order: bytes of the source, and the bytes that stand for them.
    parts: Vec<(Range<usize>, Range<usize>)>,
}

impl ShownLine {
    fn of(source: &Source, redactor: &Redactor, line: TextRange, focus: Option<TextRange>) -> Self {
        let text = source.text();
        let (start, end) = (usize::from(line.start()), usize::from(line.end()));
        let window = match focus {
            _ if end - start <= MAX_LINE => start..end,
            None => start..text.floor_char_boundary(start + BEFORE + AFTER),
            Some(focus) => {
                let at = usize::from(focus.start());
                text.ceil_char_boundary(at.saturating_sub(BEFORE)).max(start)
                    ..text.floor_char_boundary((at + AFTER).min(end))
            }
        };
        let mut shown = Self { text: String::new(), parts: Vec::new() };
        if window.start > start {
            shown.text.push('…');
        }
        let mut copied = window.start;
        for secret in secrets(text, redactor, start..end, &window) {
            shown.push(copied..secret.start.max(window.start), &text[copied..secret.start.max(window.start)]);
            copied = secret.end.min(window.end);
            shown.push(secret.start.max(window.start)..copied, MASK);
        }
        shown.push(copied..window.end, &text[copied..window.end]);
        if window.end < end {
            shown.text.push('…');
        }
        shown
    }

    fn push(&mut self, source: Range<usize>, shown: &str) {
        let at = self.text.len();
        self.text.push_str(shown);
        self.parts.push((source, at..self.text.len()));
    }

    /// Where an offset of the source is shown. What lies outside the window is at its edge, what lies inside a mask at the
    /// mask's end.
    fn offset(&self, offset: TextSize) -> usize {
        let offset = usize::from(offset);
        let part = self.parts.iter().find(|(source, _)| offset <= source.end);
        let Some((source, shown)) = part.or(self.parts.last()) else { return 0 };
        match offset.saturating_sub(source.start) {
            distance if source.len() == shown.len() => shown.start + distance.min(shown.len()),
            0 => shown.start,
            _ => shown.end,
        }
    }
}

/// The secrets that reach into a window of a line, also those that the window cuts.
fn secrets(text: &str, redactor: &Redactor, line: Range<usize>, window: &Range<usize>) -> Vec<Range<usize>> {
    let reach = redactor.longest();
    let start = text.floor_char_boundary(window.start.saturating_sub(reach)).max(line.start);
    let end = text.ceil_char_boundary(window.end + reach).min(line.end);
    let found = redactor.find(&text[start..end]).into_iter().map(|range| range.start + start..range.end + start);
    found.filter(|range| range.start < window.end && window.start < range.end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An excerpt of the places between `‹` and `›`, with the places marked in the same way.
    fn excerpt(text: &str, secrets: &[&str]) -> String {
        let mut redactor = Redactor::default();
        for secret in secrets {
            redactor.add(secret);
        }
        let mut plain = String::new();
        let mut ranges = Vec::new();
        let mut start = 0;
        for character in text.chars() {
            match character {
                '‹' => start = plain.len(),
                '›' => ranges.push(TextRange::new((start as u32).into(), (plain.len() as u32).into())),
                other => plain.push(other),
            }
        }
        let excerpt = Excerpt::of(&Source::new(plain), &redactor, &ranges);
        let mut shown = excerpt.text;
        for mark in excerpt.marks.iter().rev() {
            shown.insert(mark.end, '›');
            shown.insert(mark.start, '‹');
        }
        format!("{}: {shown}", excerpt.first_line)
    }

    #[test]
    fn the_lines_between_the_places_are_shown() {
        assert_eq!(excerpt("a\nb: ‹1›\nc\nd: ‹2›\ne", &[]), "1: b: ‹1›\nc\nd: ‹2›");
        assert_eq!(excerpt("‹›", &[]), "0: ‹›");
        assert_eq!(excerpt("a\r\nb: 1‹›\r\nc\r\n", &[]), "1: b: 1‹›");
        assert_eq!(excerpt("a\rb: ‹1›\rc", &[]), "1: b: ‹1›");
    }

    #[test]
    fn a_place_that_spans_lines_is_marked_on_its_first() {
        assert_eq!(excerpt("a: ‹|\n  x\n  y›\nb", &[]), "0: a: ‹|›");
    }

    #[test]
    fn a_long_line_is_cut_to_a_window() {
        let long = "é".repeat(500);
        assert_eq!(
            excerpt(&format!("{long}‹x›{long}"), &[]),
            format!("0: …{}‹x›{}…", "é".repeat(BEFORE / 2), "é".repeat((AFTER - 1) / 2))
        );
        assert_eq!(excerpt(&format!("‹{long}›"), &[]), format!("0: ‹{}›…", "é".repeat(AFTER / 2)));
        assert_eq!(excerpt(&format!("{long}‹›"), &[]), format!("0: …{}‹›", "é".repeat(BEFORE / 2)));
    }

    #[test]
    fn secrets_are_masked() {
        assert_eq!(excerpt("a: ‹hunter2› # x", &["hunter2"]), "0: a: ‹***› # x");
        assert_eq!(excerpt("a: ‹x-hunter2-hunter2›", &["hunter2"]), "0: a: ‹x-***-***›");
        let long = "s".repeat(60);
        let text = format!("{long}{}‹x›{}{long}", "a".repeat(20), "b".repeat(40));
        assert_eq!(excerpt(&text, &[&long]), format!("0: …***{}‹x›{}***…", "a".repeat(20), "b".repeat(40)));
    }
}
