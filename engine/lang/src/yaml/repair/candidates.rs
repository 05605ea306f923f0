//! Small changes that may make a text readable, each with the words that explain the fault it mends.

use std::collections::BTreeSet;

use super::line::{Line, text_range};
use super::{brackets, layout, quotes, values, words};
use crate::text::TextEdit;
use crate::yaml::Problem;
use crate::yaml::outline::Outline;

/// From this cost on, a candidate loses something that the text says, and is tried only when nothing else helps.
pub(super) const LAST_RESORT: u32 = 100;

/// How many lines with the same fault are mended at one go.
pub(super) const LONGEST_RUN: usize = 500;

/// How many lines above the error are looked at.
const LINES_ABOVE: usize = 3;

/// A change that may mend a fault.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The change, as edits of the text that could not be read.
    pub(super) edits: Vec<TextEdit>,
    /// How much it changes; the least is taken.
    pub(super) cost: u32,
    /// Whether it is one guess of several, of which the nearest is taken. It counts only when it mends the whole line.
    pub(super) is_guess: bool,
    /// The faults, with ranges of the text that could not be read.
    pub(super) problems: Vec<Problem>,
}

impl Candidate {
    pub(super) fn new(cost: u32, edits: Vec<TextEdit>, problem: Problem) -> Self {
        Self { edits, cost, is_guess: false, problems: vec![problem] }
    }

    /// A candidate whose edits are also what the user should do.
    pub(super) fn certain(cost: u32, edits: Vec<TextEdit>, title: impl Into<String>, problem: Problem) -> Self {
        let problem = problem.fix(title, edits.clone());
        Self::new(cost, edits, problem)
    }

    pub(super) fn is_last_resort(&self) -> bool {
        self.cost >= LAST_RESORT
    }

    /// Whether two are only different ways to the same end.
    pub(super) fn explains_the_same(&self, other: &Self) -> bool {
        let words =
            |candidate: &Self| candidate.problems.first().map(|problem| (problem.range, problem.message.clone()));
        words(self) == words(other)
    }

    pub(super) fn guess(self) -> Self {
        Self { is_guess: true, ..self }
    }

    /// Several changes that only help together.
    pub(super) fn together(candidates: impl IntoIterator<Item = Self>) -> Option<Self> {
        candidates.into_iter().reduce(|mut all, next| {
            all.edits.extend(next.edits);
            all.problems.extend(next.problems);
            all
        })
    }
}

/// An edit that adds text at an offset.
pub(super) fn insert(at: usize, new_text: impl Into<String>) -> TextEdit {
    TextEdit::replace(text_range(at..at), new_text)
}

/// Everything that may mend an error of a text, for the lines that may hold its cause.
pub(super) fn candidates(text: &str, at: usize, lines: &[Line<'_>], outline: &Outline) -> Vec<Candidate> {
    let mut found = Vec::new();
    values::at_error(text, at, &mut found);
    quotes::at_error(text, at, &mut found);
    if lines.first().is_some_and(|line| is_in_flow(text, line, at, outline)) {
        brackets::at_error(text, at, &mut found);
    }
    if let Some(start) = outline.unclosed {
        brackets::unclosed(text, start, at, lines, &mut found);
    }
    let last_flow = outline.flows.last().map(|flow| flow.start);
    if let Some(start) = outline.unclosed.or(last_flow) {
        brackets::misaligned(text, start, &mut found);
    }
    let mut tabs = BTreeSet::new();
    for line in lines {
        let flow = outline.flow_around(text, line.content);
        quotes::candidates(text, line, &mut found);
        brackets::candidates(text, flow, line, &mut found);
        values::candidates(text, line, flow.is_some(), &mut found);
        if flow.is_none() {
            words::candidates(text, line, &mut found);
            layout::candidates(line, &mut tabs, &mut found);
        }
        layout::drop(line, &mut found);
    }
    found
}

/// Whether an offset stands among brackets, or right behind them.
fn is_in_flow(text: &str, line: &Line<'_>, at: usize, outline: &Outline) -> bool {
    outline.flow_around(text, at).is_some() || text[line.range.start..at].contains(['[', '{'])
}

/// The lines that may hold the cause of an error, the likeliest first. Up to `read_to` the text is read.
pub(super) fn suspects<'a>(text: &'a str, error: usize, read_to: usize, outline: &Outline) -> Vec<Line<'a>> {
    let above = std::iter::successors(Some(Line::at(text, error)), Line::above).take(LINES_ABOVE + 1);
    let others = [Some(read_to), outline.unclosed, outline.unclosed_quote]
        .into_iter()
        .flatten()
        .map(|at| Line::at(text, at.min(text.len())));
    let mut lines: Vec<Line<'_>> = Vec::new();
    // A fault inside a text of several lines is noticed where the text begins.
    let below = Line::at(text, error).below();
    for line in above.chain(below).chain(others) {
        // A line without content holds no fault; the one above may.
        let line = if line.is_empty() { line.above() } else { Some(line) };
        lines.extend(line.filter(|line| lines.iter().all(|known| known.range != line.range)));
    }
    lines
}
