//! Faults of the layout: tabs, indentation that fits nothing, lines that fit nowhere.

use std::collections::BTreeSet;

use super::candidates::{Candidate, LAST_RESORT, LONGEST_RUN};
use super::line::{Line, text_range};
use crate::text::TextEdit;
use crate::yaml::Problem;

/// How many spaces a tab may stand for, the likeliest first.
const TAB_WIDTHS: [usize; 6] = [2, 4, 8, 0, 3, 1];

/// How many lines below a line are looked at for the indentation it should have.
const LINES_BELOW: usize = 3;

/// `seen` keeps the lines with tabs that others have taken along.
pub(super) fn candidates(line: &Line<'_>, seen: &mut BTreeSet<usize>, found: &mut Vec<Candidate>) {
    if line.indentation().contains('\t') {
        tabs(line, seen, found);
    } else {
        indentation(line, found);
    }
}

/// Spaces for the tabs of a line, or of all lines in a row that have them.
fn tabs(line: &Line<'_>, seen: &mut BTreeSet<usize>, found: &mut Vec<Candidate>) {
    let has_tab = |line: &Line<'_>| line.indentation().contains('\t');
    if !seen.contains(&line.range.start) {
        let first = std::iter::successors(Some(line.clone()), |line| line.above().filter(has_tab)).last();
        let run: Vec<Line<'_>> = std::iter::successors(first, |line| line.below().filter(has_tab)).collect();
        seen.extend(run.iter().map(|line| line.range.start));
        for (cost, width) in (20..).zip(TAB_WIDTHS) {
            let edits = run.iter().map(|line| indent(line, line.indentation().replace('\t', &" ".repeat(width)).len()));
            found.push(tab_candidate(cost, &run, edits.collect()));
        }
    }
    for level in levels(line) {
        found.push(tab_candidate(27, std::slice::from_ref(line), vec![indent(line, level)]));
    }
}

fn tab_candidate(cost: u32, run: &[Line<'_>], edits: Vec<TextEdit>) -> Candidate {
    let line = &run[0];
    let before = line.indentation().find('\t').unwrap_or_default();
    let tabs = line.indentation()[before..].trim_end_matches(' ').len();
    let start = line.range.start + before;
    let more = match run.len() {
        1 => String::new(),
        2 => " The next line has one too.".to_owned(),
        lines => format!(" The next {} lines have some too.", lines - 1),
    };
    Candidate::certain(
        cost,
        edits,
        "Use spaces",
        Problem::syntax(
            text_range(start..start + tabs),
            format!("A tab is used as indentation, where YAML takes only spaces.{more}"),
        ),
    )
}

/// Other levels of indentation, for the line alone and for the lines that go with it.
fn indentation(line: &Line<'_>, found: &mut Vec<Candidate>) {
    let own = line.indent();
    let is_text = line.key.is_none() && !line.is_item();
    let alone = vec![line.clone()];
    let moved = if is_text { vec![alone] } else { vec![block(line, false), block(line, true), alone] };
    let (head, name) = if line.is_item() {
        (line.content..line.content + 1, "This item".to_owned())
    } else {
        (line.head(), format!("`{}`", line.slice(line.head())))
    };
    for level in levels(line).into_iter().filter(|level| *level != own) {
        let problem = Problem::syntax(
            text_range(head.clone()),
            format!(
                "{name} is {}, which fits nothing above it. {} would fit.",
                if own == 0 { "not indented".to_owned() } else { format!("indented by {}", spaces(own)) },
                if level == 0 { "No indentation".to_owned() } else { spaces(level) }
            ),
        );
        // Of two levels at the same distance, the deeper one keeps the line where it is.
        let cost = 30 + 2 * own.abs_diff(level).min(20) as u32 + u32::from(level < own);
        let title =
            if level == 0 { "Remove the indentation".to_owned() } else { format!("Indent by {}", spaces(level)) };
        for (more, lines) in (0..).zip(&moved) {
            // What stays behind must not become part of what is moved.
            let next = lines.last().and_then(Line::below);
            if level < own && next.is_some_and(|next| next.indent() > level) {
                continue;
            }
            let edits: Vec<TextEdit> =
                lines.iter().map(|line| indent(line, (line.indent() + level).saturating_sub(own))).collect();
            found.push(Candidate::certain(cost + more, edits, &*title, problem.clone()).guess());
        }
    }
}

/// A line and those below it that are indented deeper, or as deep as it is if `with_siblings`.
fn block<'a>(line: &Line<'a>, with_siblings: bool) -> Vec<Line<'a>> {
    let least = line.indent() + usize::from(!with_siblings);
    let followers = std::iter::successors(line.below(), Line::below).take_while(|next| next.indent() >= least);
    std::iter::once(line.clone()).chain(followers).take(LONGEST_RUN).collect()
}

/// Leaves out what a line says, alone or with what belongs to it.
pub(super) fn drop(line: &Line<'_>, found: &mut Vec<Candidate>) {
    let range = text_range(line.content_range());
    let what = if line.key.is_some() { "This entry" } else { "This text" };
    let message =
        format!("{what} does not fit where it stands, and is left out. A `key: value` or a `- ` is expected.");
    for lines in [vec![line.clone()], block(line, false), block(line, line.is_item())] {
        let more = lines.len() as u32;
        let edits = lines.iter().map(|line| TextEdit::replace(text_range(line.content_range()), ""));
        found.push(Candidate::new(LAST_RESORT + more, edits.collect(), Problem::syntax(range, &*message)));
    }
}

/// The levels of indentation that lines around have: above up to where there is none, below on the next few lines.
fn levels(line: &Line<'_>) -> Vec<usize> {
    let mut levels = Vec::new();
    let below = std::iter::successors(line.below(), Line::below).take(LINES_BELOW);
    for level in line.ladder().flat_map(|above| [above.body - above.range.start, above.indent()]) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    for below in below {
        if !levels.contains(&below.indent()) {
            levels.push(below.indent());
        }
    }
    levels
}

/// Gives a line another indentation.
pub(super) fn indent(line: &Line<'_>, level: usize) -> TextEdit {
    TextEdit::replace(text_range(line.range.start..line.content), " ".repeat(level))
}

fn spaces(count: usize) -> String {
    match count {
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}
