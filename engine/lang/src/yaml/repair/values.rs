//! Values and keys that are meant as text, but begin with, or hold, something that YAML reads otherwise.

use std::ops::Range;

use super::candidates::{Candidate, LAST_RESORT, insert};
use super::line::{Line, text_range};
use super::words::is_word;
use crate::text::TextEdit;
use crate::yaml::{Problem, span};

/// Stands for the `*` of an alias whose anchor does not exist.
pub(super) const ALIAS_STAND_IN: &str = "_";

/// `in_flow` tells whether the line stands among brackets.
pub(super) fn candidates(text: &str, line: &Line<'_>, in_flow: bool, found: &mut Vec<Candidate>) {
    let mut value = line.value.clone();
    if in_flow {
        value.end -= usize::from(line.value_text().ends_with(','));
    }
    if !value.is_empty() && !is_quoted(text, &value) {
        let behind = properties_end(text, &value);
        if behind > value.start && behind < value.end {
            found.push(quote(text, behind..value.end, 20));
        }
        let cost = match text.as_bytes()[value.start] {
            // What it holds would be lost.
            b'[' | b'{' => LAST_RESORT,
            _ => 21,
        };
        let candidate = quote(text, value.clone(), cost);
        let is_suspicious =
            text[value.clone()].contains(": ") || text[value].starts_with(|sign: char| !sign.is_alphanumeric());
        found.push(if is_suspicious { candidate } else { Candidate { cost: 35, ..candidate.guess() } });
    }
    found.extend(value_and_entries(line));
    let is_directive = line.value_text().starts_with('%') && line.value.start == line.range.start;
    if is_directive || ["%YAML", "%TAG"].iter().any(|name| line.value_text().starts_with(name)) {
        let range = text_range(line.value.clone());
        let problem = Problem::syntax(
            range,
            "A line that begins with `%` is a directive, which must be complete and be followed by `---`. The file needs none.",
        );
        found.push(Candidate::certain(15, vec![TextEdit::replace(range, "")], "Remove the directive", problem));
    }
    if let Some((key, _)) = line.key.clone().filter(|(key, _)| !is_quoted(text, key)) {
        let edits = in_quotes(text, key.clone());
        let problem = Problem::syntax(text_range(key), "This key cannot be read as it stands. Put it in quotes.");
        found.push(Candidate::certain(20, edits, "Put the key in quotes", problem));
    }
}

/// `key: value` with entries below, which belong to `key` too.
fn value_and_entries(line: &Line<'_>) -> Option<Candidate> {
    let (key, _) = line.key.clone()?;
    let below = line.below()?;
    if line.value.is_empty() || below.indent() <= line.indent() || below.key.is_none() && below.body == below.content {
        return None;
    }
    let range = text_range(line.value.clone());
    let message = format!(
        "`{}` cannot have both this value and the entries below. Remove one of them, or mend their indentation.",
        line.slice(key)
    );
    Some(Candidate::new(70, vec![TextEdit::replace(range, "")], Problem::syntax(range, message)))
}

/// The word right at the error: an alias without an anchor, or a word among brackets with a sign that is taken.
pub(super) fn at_error(text: &str, error: usize, found: &mut Vec<Candidate>) {
    let rest = &text[error..];
    let word = &rest[..rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(rest.len())];
    let range = error..error + word.len();
    match word.strip_prefix('*') {
        Some(name) if is_anchor_name(name) => {
            let problem = Problem::syntax(
                text_range(range),
                format!(
                    "No anchor `&{name}` stands above this `*{name}`, which refers to one. Define the anchor, or put the value \
                     in quotes if it is text."
                ),
            );
            let edits = vec![TextEdit::replace(text_range(error..error + 1), ALIAS_STAND_IN)];
            found.push(Candidate::new(15, edits, problem));
        }
        _ if matches!(word, "&" | "!") || word.starts_with('!') && word.ends_with('!') => {
            let message = format!("`{word}` needs a name right behind it. Add one, or remove the sign.");
            let edits = vec![TextEdit::replace(text_range(range.clone()), "")];
            found.push(Candidate::certain(
                14,
                edits,
                "Remove the sign",
                Problem::syntax(text_range(range.clone()), message),
            ));
            found.push(quote(text, range, 16));
        }
        _ if word.starts_with(['*', '&', '@', '`', '%', '!']) => found.push(quote(text, range, 16)),
        _ => {}
    }
}

/// Whether a name is likelier to be one of an anchor than a text with an asterisk before it, as in `*.example.com`.
pub(super) fn is_anchor_name(name: &str) -> bool {
    is_word(name) && !name.contains('.')
}

fn quote(text: &str, range: Range<usize>, cost: u32) -> Candidate {
    let (message, is_certain) = explain(&text[range.clone()]);
    let edits = in_quotes(text, range.clone());
    let problem = Problem::syntax(text_range(range), message);
    if is_certain {
        Candidate::certain(cost, edits, "Put it in quotes", problem)
    } else {
        Candidate::new(cost, edits, problem)
    }
}

fn in_quotes(text: &str, range: Range<usize>) -> Vec<TextEdit> {
    let inner = text[range.clone()].match_indices('\'').map(|(at, _)| insert(range.start + at, "'"));
    std::iter::once(insert(range.start, "'")).chain(inner).chain([insert(range.end, "'")]).collect()
}

/// Why a value is not read as text, and whether quotes are sure to be what is meant.
fn explain(value: &str) -> (String, bool) {
    let sign = value.chars().next().unwrap_or(' ');
    match sign {
        '`' => ("A value cannot begin with a backtick, which YAML keeps for itself. Put it in quotes.".to_owned(), true),
        '@' | '%' => (format!("A value cannot begin with `{sign}`, which YAML keeps for itself. Put it in quotes."), true),
        '*' => (
            "`*` at the start of a value refers to an anchor, and there is none of this name. Put the value in quotes if it is \
             text."
                .to_owned(),
            true,
        ),
        '&' => ("`&` at the start of a value begins the name of an anchor. Put the value in quotes if it is text.".to_owned(), true),
        '!' => ("`!` at the start of a value begins a tag. Put the value in quotes if it is text.".to_owned(), false),
        '|' | '>' => (
            format!(
                "`{sign}` at the start of a value announces text on the lines below, and nothing else may follow it. Put the \
                 value in quotes if it is text."
            ),
            value[1..].starts_with(['=', ' ']),
        ),
        '"' | '\'' => (
            "Something follows the closing quote. Remove it, or put the whole value in other quotes.".to_owned(),
            false,
        ),
        '[' | '{' => (
            "This begins as a list or map in brackets, but does not go on as one. Put it in quotes if it is text.".to_owned(),
            value.starts_with("{{"),
        ),
        ']' | '}' | ',' => (format!("A value cannot begin with `{sign}`. Put it in quotes if it is text."), false),
        '-' | '?' => (
            format!("`{sign} ` cannot stand on the line of its key. Put it on a line of its own, or in quotes if it is text."),
            false,
        ),
        _ if value.contains(": ") || value.ends_with(':') => (
            "This value holds a colon that reads as the end of another key. Put the value in quotes if it is text.".to_owned(),
            true,
        ),
        _ => ("This value cannot be read as it stands. Put it in quotes if it is text.".to_owned(), false),
    }
}

/// Where the anchor and the tag before a value end.
fn properties_end(text: &str, value: &Range<usize>) -> usize {
    let mut rest = &text[value.clone()];
    while rest.starts_with(['!', '&']) {
        let Some((_, behind)) = rest.split_once([' ', '\t']) else { break };
        rest = behind.trim_start();
    }
    value.end - rest.len()
}

fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    text[range.clone()].starts_with(['"', '\''])
        && span::closed_quote_end(&text[..range.end], range.start) == Some(range.end)
}
