//! Faults of quoted texts: a quote that is missing, one that should be doubled, an escape that does not exist.

use std::ops::Range;

use super::candidates::{Candidate, LONGEST_RUN, insert};
use super::line::{Line, text_range};
use crate::text::TextEdit;
use crate::yaml::outline::unclosed_quote;
use crate::yaml::{Problem, span};

pub(super) fn candidates(text: &str, line: &Line<'_>, found: &mut Vec<Candidate>) {
    let mut starts = vec![line.body];
    if line.value.start != line.body {
        starts.push(line.value.start);
    }
    for start in starts {
        if !matches!(text.as_bytes()[..line.range.end].get(start), Some(b'"' | b'\'')) {
            continue;
        }
        if let Some(end) = span::closed_quote_end(&text[..line.range.end], start) {
            found.extend(inner_quotes(text, start..end, line.value.end));
            continue;
        }
        unclosed(text, start, line.range.end, found);
        // The text may go on below.
        let is_continued = |next: &Line<'_>| next.indent() > line.indent() && next.key.is_none();
        let lines = std::iter::successors(line.below(), Line::below).take_while(is_continued);
        if let Some(last) = lines.take(LONGEST_RUN).last() {
            found.push(closing(text, start, last.content_range().end, "", 11));
        }
    }
    if let Some(start) = unclosed_quote(text, line.body..line.range.end).filter(|start| *start > line.value.start) {
        unclosed_in_flow(text, start, line.range.end, found);
    }
}

/// What is wrong with the quoted text that the error stands at.
pub(super) fn at_error(text: &str, error: usize, found: &mut Vec<Candidate>) {
    if text.as_bytes().get(error) == Some(&b'"') {
        found.extend(escapes(text, error..span::quoted_end(text, error)));
    }
}

/// `"text` for `"text"`.
fn unclosed(text: &str, start: usize, line_end: usize, found: &mut Vec<Candidate>) {
    let rest = text[start..line_end].trim_end();
    found.push(closing(text, start, start + rest.len(), "", 10));
    found.push(closing(text, start, start + rest.len(), ":", 12));
    if let Some(comment) = rest.find(" #") {
        found.push(closing(text, start, start + rest[..comment].trim_end().len(), "", 11));
    }
    if let Some(colon) = rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len)) {
        found.push(closing(text, start, start + rest[..colon].trim_end().len(), "", 11));
    }
}

/// The same among brackets, where more may follow on the line.
fn unclosed_in_flow(text: &str, start: usize, line_end: usize, found: &mut Vec<Candidate>) {
    let rest = text[start..line_end].trim_end();
    let ends = rest.match_indices([',', ']', '}', ':']).map(|(at, _)| at).take(4).chain([rest.len()]);
    for (cost, end) in (11..).zip(ends) {
        found.push(closing(text, start, start + rest[..end].trim_end().len(), "", cost));
    }
}

fn closing(text: &str, start: usize, end: usize, behind: &str, cost: u32) -> Candidate {
    let quote = &text[start..=start];
    let backslashes = text[start..end].bytes().rev().take_while(|byte| *byte == b'\\').count();
    // A backslash at the end would make the quote part of the text.
    let close = if quote == "\"" && backslashes % 2 == 1 { "\\\"" } else { quote };
    Candidate::certain(
        cost,
        vec![insert(end, format!("{close}{behind}"))],
        "Close the quote",
        Problem::syntax(
            text_range(start..Line::at(text, start).range.end.min(end)),
            format!("This text begins with {} that is never closed.", name(quote)),
        ),
    )
}

/// `'it's'` for `'it''s'`. The text is quoted up to `quoted.end`, the value goes on to `value_end`.
fn inner_quotes(text: &str, quoted: Range<usize>, value_end: usize) -> Option<Candidate> {
    let quote = &text[quoted.start..=quoted.start];
    let inner = quoted.start + 1..value_end.checked_sub(1)?;
    let is_followed_by_more =
        text[quoted.end..value_end.max(quoted.end)].trim_start().starts_with(|next| !",:]}#".contains(next));
    if !is_followed_by_more || !text[quoted.start..value_end].ends_with(quote) {
        return None;
    }
    let is_single = quote == "'";
    let mut edits = Vec::new();
    let mut at = inner.start;
    while let Some(byte) = text.as_bytes()[..inner.end].get(at) {
        let pair = text.as_bytes()[..inner.end].get(at + 1);
        match byte {
            b'\\' if !is_single => at += 1,
            b'\'' if is_single && pair == Some(&b'\'') => at += 1,
            b'\'' if is_single => edits.push(insert(at, "'")),
            b'"' if !is_single => edits.push(insert(at, "\\")),
            _ => {}
        }
        at += 1;
    }
    let message = if is_single {
        "This text ends at its second apostrophe, and more follows. Inside single quotes an apostrophe is written twice."
    } else {
        "This text ends at its second double quote, and more follows. Inside double quotes a double quote is written `\\\"`."
    };
    let title = if is_single { "Double the apostrophe" } else { "Escape the double quote" };
    let problem = Problem::syntax(text_range(quoted.start..value_end), message);
    Some(Candidate::certain(10, edits, title, problem))
}

/// `"C:\dir"` for `"C:\\dir"`.
fn escapes(text: &str, quoted: Range<usize>) -> Option<Candidate> {
    let mut wrong: Vec<Range<usize>> = Vec::new();
    let mut at = quoted.start + 1;
    while let Some(next) = text[at..quoted.end].find('\\') {
        at += next;
        let escaped = text[at + 1..quoted.end].chars().next()?;
        let digits = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let end = at + 1 + escaped.len_utf8();
        let code = text[end..quoted.end].get(..digits);
        let is_known = match code {
            Some("") => "0abt\tnvfre \"/\\N_LP\n\r".contains(escaped),
            Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32).is_some(),
            None => false,
        };
        if !is_known {
            wrong.push(at..end);
        }
        at = end;
    }
    let first = wrong.first()?.clone();
    let edits: Vec<TextEdit> = wrong.iter().map(|escape| insert(escape.start, "\\")).collect();
    let message = format!(
        "`{}` is not an escape that double quotes know. Write `\\\\` for a backslash, or use single quotes.",
        &text[first.clone()]
    );
    Some(Candidate::certain(10, edits, "Double the backslash", Problem::syntax(text_range(first), message)))
}

fn name(quote: &str) -> &'static str {
    if quote == "'" { "a single quote" } else { "a double quote" }
}
