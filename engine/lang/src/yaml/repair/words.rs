//! Faults of the words on a line: a colon, a blank or a dash that is missing or wrong.

use super::candidates::{Candidate, LONGEST_RUN, insert};
use super::layout::indent;
use super::line::{Line, text_range};
use crate::text::TextEdit;
use crate::yaml::{Problem, span};

/// Whether a text looks like the name of something.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

pub(super) fn candidates(text: &str, line: &Line<'_>, found: &mut Vec<Candidate>) {
    found.extend(glued_dash(text, line));
    for repair in [glued_colon, equals_sign, missing_colon] {
        let Some(candidate) = bare(line, repair) else { continue };
        found.push(candidate);
        // Lines of this kind come in numbers, and read as one text of several lines.
        let is_alike =
            |next: &Line<'_>| next.content - next.range.start == line.indent() && bare(next, repair).is_some();
        let first =
            std::iter::successors(Some(line.clone()), |line| line.above().filter(is_alike)).take(LONGEST_RUN).last();
        let run = std::iter::successors(first, |line| line.below().filter(is_alike));
        let run: Vec<Line<'_>> = run.take(LONGEST_RUN).collect();
        if run.len() > 1 {
            let all = Candidate::together(run.iter().filter_map(|line| bare(line, repair)));
            found.extend(all.map(|all| Candidate { cost: all.cost + 5, ..all }));
        }
    }
    found.extend(bare(line, missing_colon).into_iter().flat_map(|candidate| with_other_indentation(line, &candidate)));
}

/// A key that is being typed may not be indented yet.
fn with_other_indentation(line: &Line<'_>, candidate: &Candidate) -> Vec<Candidate> {
    let above = line.above().map(|above| above.body - above.range.start);
    let below = line.below().map(|below| below.indent());
    let levels = [below, above].into_iter().flatten().filter(|level| *level != line.indent());
    let moved = levels.map(|level| {
        let mut edits = vec![indent(line, level)];
        edits.extend(candidate.edits.iter().cloned());
        let message = format!(
            "`{}` stands where no key can stand, and no colon follows it. Indent it like the keys around it, and add a colon.",
            line.value_text()
        );
        Candidate::new(15, edits, Problem::syntax(text_range(line.value.clone()), message))
    });
    moved.collect()
}

fn bare(line: &Line<'_>, repair: fn(&Line<'_>) -> Option<Candidate>) -> Option<Candidate> {
    if line.key.is_none() && !line.value.is_empty() { repair(line) } else { None }
}

/// `-name` for `- name`.
fn glued_dash(text: &str, line: &Line<'_>) -> Option<Candidate> {
    let mut rest = text[line.body..line.range.end].chars();
    let is_glued =
        rest.next() == Some('-') && rest.next().is_some_and(|next| next.is_alphanumeric() || "\"'{[$".contains(next));
    is_glued.then(|| {
        Candidate::certain(
            10,
            vec![insert(line.body + 1, " ")],
            "Add a space after the dash",
            Problem::syntax(
                text_range(line.body..line.body + 1),
                "A space is missing after this dash. An item of a list begins with `- `.",
            ),
        )
    })
}

/// `name:value` for `name: value`.
fn glued_colon(line: &Line<'_>) -> Option<Candidate> {
    let value = line.value_text();
    let colon = if value.starts_with(['"', '\'']) {
        let end = span::closed_quote_end(value, 0)?;
        value[end..].starts_with(':').then_some(end)?
    } else {
        value.find(':').filter(|colon| is_word(&value[..*colon]))?
    };
    let (name, behind) = (&value[..colon], &value[colon + 1..]);
    if behind.is_empty() || behind.starts_with("//") {
        return None;
    }
    let at = line.value.start + colon + 1;
    Some(Candidate::certain(
        10,
        vec![insert(at, " ")],
        "Add a space after the colon",
        Problem::syntax(
            text_range(line.value.start..at),
            format!("A space is missing after the colon of `{name}`. Without it, the whole is one piece of text."),
        ),
    ))
}

/// `NAME=value` for `NAME: value`.
fn equals_sign(line: &Line<'_>) -> Option<Candidate> {
    let (name, behind) = line.value_text().split_once('=')?;
    let name = name.trim_end();
    if !is_word(name) {
        return None;
    }
    let start = line.value.start + name.len();
    let end = line.value.end - behind.trim_start().len();
    let edits = vec![TextEdit::replace(text_range(start..end), if behind.is_empty() { ":" } else { ": " })];
    Some(Candidate::certain(
        11,
        edits,
        "Write a colon instead",
        Problem::syntax(
            text_range(start..end),
            format!(
                "`{name}` is followed by an equals sign. A key and its value are separated by a colon and a space."
            ),
        ),
    ))
}

/// `name` for `name:`, and `name value` for `name: value`.
fn missing_colon(line: &Line<'_>) -> Option<Candidate> {
    let value = line.value_text();
    let name = match value.split_once([' ', '\t']) {
        None => value,
        Some((name, rest)) if (is_word(name) || name == "<<") && !rest.trim_start().contains([' ', '\t']) => name,
        // A sentence is hardly a key.
        Some(_) => return None,
    };
    let is_plain = !name.starts_with(['[', ']', '{', '}', ',', '&', '*', '!', '|', '>', '%', '@', '`', '#', '"', '\'']);
    let is_quoted = name.starts_with(['"', '\'']) && span::closed_quote_end(name, 0) == Some(name.len());
    if !is_plain && !is_quoted {
        return None;
    }
    let at = line.value.start + name.len();
    let problem = if name.len() == value.len() {
        Problem::syntax(
            text_range(line.value.start..at),
            format!("`{name}` stands where a key is expected, but no colon follows it. Write `{name}:` and a value."),
        )
    } else {
        Problem::syntax(text_range(line.value.start..at), format!("A colon is missing between `{name}` and its value."))
    };
    Some(Candidate::certain(
        if name.len() == value.len() { 12 } else { 13 },
        vec![insert(at, ":")],
        "Add the colon",
        problem,
    ))
}
