//! Faults of lists and maps in brackets: a bracket or a comma that is missing, a bracket too many.

use super::candidates::{Candidate, insert};
use super::line::{Line, text_range};
use crate::text::TextEdit;
use crate::yaml::outline::{bracket_pairs, closing, is_opening, open_brackets, unclosed_quote};
use crate::yaml::{Problem, span};

/// Ways to close the collection that begins at `start`: at the end of one of the lines at hand.
pub(super) fn unclosed(text: &str, start: usize, error: usize, lines: &[Line<'_>], found: &mut Vec<Candidate>) {
    if !is_opening(text.as_bytes()[start]) {
        return;
    }
    let indent = Line::at(text, start).indent();
    for line in lines.iter().filter(|line| line.range.end > start) {
        let end = line.content_range().end.max(start + 1);
        // A line that fails, or is not indented deeper than the first one, is hardly part of the collection.
        let is_behind = line.range.start > start && (line.range.end >= error || line.indent() <= indent);
        match open_brackets(text, start, end) {
            Ok(open) => found.extend(close_all(text, &open, end, 10 + u32::from(is_behind))),
            Err(wrong) => found.extend(wrong_bracket(text, start, wrong)),
        }
    }
}

/// In a collection laid out over many lines, closing brackets stand below the lines that open them. Where the first one does
/// not, one is missing before it, or it is one too many.
pub(super) fn misaligned(text: &str, start: usize, found: &mut Vec<Candidate>) {
    let is_aligned = |first: &Line<'_>, last: &Line<'_>, closing: usize| {
        first.range == last.range || last.content == closing && last.indent() == first.indent()
    };
    let pairs = bracket_pairs(text, start)
        .map(|(opening, closing)| (opening, Line::at(text, opening), closing, Line::at(text, closing)));
    let odd = pairs.into_iter().find(|(_, first, closing, last)| !is_aligned(first, last, *closing));
    let Some((opening, first, closing, last)) = odd else { return };
    if last.content != closing || last.indent() > first.indent() {
        found.push(Candidate { cost: 9, ..surplus(text, closing) });
        return;
    }
    if let Some(above) = last.above() {
        found.extend(close_all(text, &[opening], above.content_range().end, 9));
    }
    // In `"list": ["item",` before another key, the comma belongs behind the list.
    let end = first.content_range().end;
    if end > opening + 1 && first.below().is_some_and(|below| below.key.is_some()) {
        found.extend(close_all(text, &[opening], end - usize::from(text[..end].ends_with(',')), 8));
    }
}

fn close_all(text: &str, open: &[usize], end: usize, cost: u32) -> Option<Candidate> {
    let innermost = *open.last()?;
    let missing: String = open.iter().rev().map(|at| char::from(closing(text.as_bytes()[*at]))).collect();
    let bracket = char::from(text.as_bytes()[innermost]);
    Some(Candidate::certain(
        cost,
        vec![insert(end, &*missing)],
        format!("Add `{missing}`"),
        Problem::syntax(
            text_range(innermost..innermost + 1),
            format!("This `{bracket}` is never closed. Add `{missing}` where the {} ends.", kind(bracket)),
        ),
    ))
}

/// What may be missing at the end of a line among brackets: the end of a quoted text, of the collections that begin on the
/// line, and a comma. `flow` is where the collection begins that the line stands in.
pub(super) fn candidates(text: &str, flow: Option<usize>, line: &Line<'_>, found: &mut Vec<Candidate>) {
    if flow.is_some() {
        found.extend(missing_colon(text, line));
    }
    let end = line.range.start + text[line.range.clone()].trim_end().len();
    let quote = unclosed_quote(text, line.body..end);
    let start = match flow {
        Some(start) => start,
        None if is_opening(*text.as_bytes().get(line.value.start).unwrap_or(&0)) => line.value.start,
        None => return,
    };
    let Ok(open) = open_brackets(text, start, quote.unwrap_or(end)) else { return };
    let own = open.iter().filter(|bracket| **bracket >= line.range.start).count();
    let close = |count: usize| -> String {
        let quote = quote.map(|at| &text[at..=at]).unwrap_or_default();
        let brackets = open.iter().rev().take(count).map(|at| char::from(closing(text.as_bytes()[*at])));
        quote.chars().chain(brackets).collect()
    };
    let mut seen = Vec::new();
    for (cost, count) in (12..).zip([0, own, open.len()]) {
        for comma in ["", ","] {
            let missing = close(count) + comma;
            // The simple cases have words of their own.
            if missing.len() < 2 || seen.contains(&missing) {
                continue;
            }
            let place = quote.or(open.last().copied()).unwrap_or(line.content);
            let problem = Problem::syntax(
                text_range(place..place + 1),
                format!("What begins here is never closed. Add `{missing}` at its end."),
            );
            let title = format!("Add `{missing}`");
            found.push(Candidate::certain(cost, vec![insert(end, missing.clone())], title, problem));
            seen.push(missing);
        }
    }
}

/// `"key" value` for `"key": value`.
fn missing_colon(text: &str, line: &Line<'_>) -> Option<Candidate> {
    let line_text = &text[..line.range.end];
    if !line_text[line.body..].starts_with(['"', '\'']) {
        return None;
    }
    let end = span::closed_quote_end(line_text, line.body)?;
    let behind = line_text[end..].trim_start();
    if behind.is_empty() || behind.starts_with([':', ',', ']', '}', '#']) {
        return None;
    }
    let key = &text[line.body..end];
    let problem =
        Problem::syntax(text_range(line.body..end), format!("A colon is missing between `{key}` and its value."));
    Some(Candidate::certain(11, vec![insert(end, ":")], "Add the colon", problem))
}

/// A closing bracket of the other kind: the right one is missing before it, or it is mistyped.
fn wrong_bracket(text: &str, start: usize, wrong: usize) -> Vec<Candidate> {
    let Some(opened) = open_brackets(text, start, wrong).ok().and_then(|open| open.last().copied()) else {
        return Vec::new();
    };
    let bytes = text.as_bytes();
    let right = char::from(closing(bytes[opened]));
    let (opening, found) = (char::from(bytes[opened]), char::from(bytes[wrong]));
    let problem = || {
        Problem::syntax(
            text_range(wrong..wrong + 1),
            format!("`{found}` does not close the {} that `{opening}` began. `{right}` is expected.", kind(opening)),
        )
        .related(text_range(opened..opened + 1), format!("The {} begins here", kind(opening)))
    };
    vec![
        Candidate::new(11, vec![insert(wrong, right)], problem()),
        Candidate::new(12, vec![TextEdit::replace(text_range(wrong..wrong + 1), right)], problem()),
    ]
}

/// What may be missing, or too much, right at the error.
pub(super) fn at_error(text: &str, error: usize, found: &mut Vec<Candidate>) {
    let bytes = text.as_bytes();
    if matches!(bytes.get(error), Some(b']' | b'}')) {
        found.push(surplus(text, error));
    }
    // `{a: 1 b: 2}` is noticed at the second colon only.
    let start = if bytes.get(error) == Some(&b':') {
        let before = text[..error].trim_end();
        before.rfind([' ', '\t', '\n', '\r', ',', '[', '{']).map_or(0, |at| at + 1)
    } else {
        error
    };
    let before = text[..start].trim_end().len();
    if before == 0 || before == start || matches!(bytes[before - 1], b',' | b'[' | b'{') {
        return;
    }
    let rest = &text[start..];
    let word = &rest[..rest.find([' ', '\t', '\n', '\r', ',', ':', ']', '}']).unwrap_or(rest.len())];
    if word.is_empty() {
        return;
    }
    found.push(Candidate::certain(
        12,
        vec![insert(before, ",")],
        "Add the comma",
        Problem::syntax(text_range(start..start + word.len()), format!("A comma is missing before `{word}`.")),
    ));
}

fn surplus(text: &str, at: usize) -> Candidate {
    let range = text_range(at..at + 1);
    let message = format!("This `{}` closes nothing.", char::from(text.as_bytes()[at]));
    Candidate::certain(12, vec![TextEdit::replace(range, "")], "Remove the bracket", Problem::syntax(range, message))
}

fn kind(opening: char) -> &'static str {
    if opening == '[' { "list" } else { "map" }
}
