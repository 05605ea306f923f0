//! Repairs by trial: a strict parser tells how far a text can be read, and the cheapest small change that makes it read
//! furthest is taken to be what the user meant.
//!
//! Each repair becomes a problem on the line that it changes. Nothing of a repair is seen in the tree: all ranges lead
//! back to the text as the user has it.

mod brackets;
mod candidates;
mod conflicts;
mod layout;
mod line;
mod quotes;
mod values;
mod window;
mod words;

use std::cmp::Reverse;

use self::candidates::Candidate;
use self::line::{Line, text_range};
use self::window::Window;
use super::outline::{Outline, outline};
use super::parser::{Extent, SyntaxError};
use super::patch::Patched;
use super::reader::{self, Reading};
use super::{Node, NodeKind, Problem, ScalarStyle, Tree};
use crate::text::{TextEdit, TextRange, TextSize};

/// More faults than this are not mended at one go.
const MAX_REPAIRS: usize = 20;

/// In longer texts, in bytes, only the first fault is mended.
const LARGE: usize = 200_000;

/// How many bytes the parser may read in trials, which is enough for some hundred of them.
const TRIAL_BUDGET: usize = 8_000_000;

/// What came of a text.
pub(super) struct Repaired {
    /// The tree, with the ranges of the original text.
    pub(super) tree: Tree,
    /// The stretches of merge conflicts that stand beside another version of the same lines.
    pub(super) other_versions: Vec<TextRange>,
    /// How many bytes were read in trials.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests bound it"))]
    pub(super) trial_bytes: usize,
}

/// Reads a text and mends what cannot be read.
pub(super) fn read(text: &str) -> Repaired {
    let mut mender =
        Mender { patched: Patched::new(text), reading: reader::read(text), problems: Vec::new(), spent: 0 };
    let other_versions = mender.settle_conflicts();
    mender.mend_all(if text.len() > LARGE { 1 } else { MAX_REPAIRS });
    mender.note_rest();
    let Mender { patched, reading: Reading { mut tree, .. }, problems, spent } = mender;
    if !patched.is_original() {
        lead_back(&mut tree, &patched, text);
    }
    tree.problems.extend(problems);
    Repaired { tree, other_versions, trial_bytes: spent }
}

struct Mender<'a> {
    patched: Patched<'a>,
    reading: Reading,
    /// With the ranges of the original text.
    problems: Vec<Problem>,
    /// How many bytes were read in trials.
    spent: usize,
}

impl Mender<'_> {
    /// Drops the markers of merge conflicts, and of each conflict all versions but the first where both do not fit.
    fn settle_conflicts(&mut self) -> Vec<TextRange> {
        if self.reading.error.is_none() {
            return Vec::new();
        }
        let conflicts = conflicts::find(self.patched.text());
        if conflicts.is_empty() {
            return Vec::new();
        }
        let without_markers = conflicts::without_markers(&conflicts);
        let first_versions = conflicts::first_versions(&conflicts);
        let window = Window::whole(self.patched.text());
        let reach = |edits: &[TextEdit]| window.extent(edits).map(|extent| reach(&extent));
        let keeps_all = reach(&without_markers) >= reach(&first_versions);
        self.problems.extend(conflicts.iter().map(conflicts::Conflict::problem));
        self.apply(if keeps_all { &without_markers } else { &first_versions });
        conflicts.iter().filter_map(|conflict| conflict.others).collect()
    }

    fn mend_all(&mut self, limit: usize) {
        let mut mended = 0;
        while let Some(error) = self.reading.error.clone() {
            if error.is_too_deep() {
                return;
            }
            let outline = outline(self.patched.text());
            if self.allow(&error, &outline) {
                continue;
            }
            if mended == limit || !self.mend(&error, &outline) {
                return;
            }
            mended += 1;
        }
    }

    /// Makes the parser as lenient as the original loader, if that is all it takes.
    fn allow(&mut self, error: &SyntaxError, outline: &Outline) -> bool {
        let concerned = outline.lenient.iter().find(|(construct, _)| construct.contains(&error.at));
        let Some((construct, _)) = concerned else { return false };
        let edits: Vec<TextEdit> = outline.lenient.iter().map(|(_, edit)| edit.clone()).collect();
        let window = Window::whole(self.patched.text());
        let helps = window.extent(&edits).is_some_and(|extent| reach(&extent) >= construct.end);
        if helps {
            self.apply(&edits);
        }
        helps
    }

    /// Takes the best of the repairs at hand; false when none helps.
    fn mend(&mut self, error: &SyntaxError, outline: &Outline) -> bool {
        let text = self.patched.text();
        let error = text.floor_char_boundary(error.at);
        let suspects = candidates::suspects(text, error, self.reading.read_to, outline);
        let mut candidates = candidates::candidates(text, error, &suspects, outline);
        candidates.sort_by_key(|candidate| candidate.cost);
        let last_resorts = candidates.split_off(candidates.partition_point(|candidate| !candidate.is_last_resort()));
        let first = suspects.iter().map(|line| line.range.start).min().unwrap_or(error);
        let anchors = self.reading.tree.nodes.iter().filter_map(|node| node.anchor.as_ref());
        let anchors = anchors.map(|anchor| (usize::from(anchor.range.start()), &*anchor.text));
        let window = Window::around(text, error, first, outline, anchors);
        let mut best = None;
        for group in [candidates, last_resorts] {
            best = best.or_else(|| best_of(group, text, error, &window, &mut self.spent));
        }
        let Some(Candidate { edits, problems, .. }) = best else { return false };
        self.problems.extend(problems.into_iter().map(|problem| led_back(problem, &self.patched)));
        self.apply(&edits);
        true
    }

    fn apply(&mut self, edits: &[TextEdit]) {
        self.patched.apply(edits);
        self.reading = reader::read(self.patched.text());
    }

    fn note_rest(&mut self) {
        let Some(error) = &self.reading.error else { return };
        let text = self.patched.text();
        let range = text_range(Line::at(text, text.floor_char_boundary(error.at)).content_range());
        let range = self.patched.original(range);
        self.problems.push(if error.is_too_deep() {
            reader::too_deep(range)
        } else {
            Problem::syntax(
                range,
                "The text cannot be read from here on. Mend this line, and the faults above it, first.",
            )
        });
    }
}

/// The candidate of a group, ordered by cost, that makes the text read furthest; of equals the cheapest. `None` if none makes it
/// read further than it does.
fn best_of(
    group: Vec<Candidate>,
    text: &str,
    error: usize,
    window: &Window<'_>,
    spent: &mut usize,
) -> Option<Candidate> {
    // A line that is no entry fits in anywhere at first sight; the next line tells.
    let line = Line::at(text, error);
    let telling = if line.key.is_some() { Some(line) } else { line.below() };
    let least_of_guess = telling.map_or(usize::MAX, |line| line.range.end);
    let mut trials: Vec<(Extent, Candidate)> = Vec::new();
    let mut enough = u32::MAX;
    for candidate in group {
        if candidate.cost > enough || *spent > TRIAL_BUDGET {
            break;
        }
        *spent += window.len();
        let Some(extent) = window.extent(&candidate.edits) else { continue };
        if extent.error.is_none() && !candidate.is_guess {
            // Nothing better can follow. After a guess, the others are tried all the same, to tell whether it is certain.
            enough = enough.min(candidate.cost);
        }
        let least = if candidate.is_guess { least_of_guess } else { error + 1 };
        if reach(&extent) >= least {
            trials.push((extent, candidate));
        }
    }
    let best = (0..trials.len()).min_by_key(|index| {
        let (extent, candidate) = &trials[*index];
        (Reverse(extent.members), candidate.cost, Reverse(reach(extent)))
    })?;
    let (extent, mut best) = trials.swap_remove(best);
    let is_rival = |rival: &Candidate| rival.is_guess && !rival.explains_the_same(&best);
    if best.is_guess && trials.iter().any(|(other, rival)| other.members >= extent.members && is_rival(rival)) {
        best.problems.iter_mut().for_each(|problem| problem.fix = None);
    }
    Some(best)
}

/// How far a text can be read.
fn reach(extent: &Extent) -> usize {
    extent.error.unwrap_or(usize::MAX)
}

/// A problem with the ranges of the original text.
fn led_back(mut problem: Problem, patched: &Patched<'_>) -> Problem {
    problem.range = patched.original(problem.range);
    problem.related = problem.related.map(|(range, message)| (patched.original(range), message));
    problem.fix = problem.fix.map(|(title, edits)| {
        let edits = edits.into_iter().map(|edit| TextEdit { range: patched.original(edit.range), ..edit });
        (title, edits.collect())
    });
    problem
}

/// Gives a tree of a repaired text the ranges of the original.
fn lead_back(tree: &mut Tree, patched: &Patched<'_>, text: &str) {
    for index in 0..tree.nodes.len() {
        // What a repair left out may stand on either side of a border, but no node leaves its parent.
        let around =
            tree.nodes[index].parent.map_or(TextRange::up_to(TextSize::of(text)), |parent| tree.node(parent).range);
        let node = &mut tree.nodes[index];
        let range = patched.original(node.range);
        let inside = |at: TextSize| at.clamp(around.start(), around.end());
        node.range = TextRange::new(inside(range.start()), inside(range.end()));
        for given in [&mut node.tag, &mut node.anchor].into_iter().flatten() {
            given.range = patched.original(given.range);
        }
        restore(node, text);
    }
    for range in &mut tree.comments {
        *range = patched.original(*range);
    }
    for problem in std::mem::take(&mut tree.problems) {
        tree.problems.push(led_back(problem, patched));
    }
}

/// Undoes what a repair has put on a scalar to make it readable: quotes around it, or another sign for its `*`.
fn restore(node: &mut Node, text: &str) {
    let NodeKind::Scalar(scalar) = &mut node.kind else { return };
    let start = text.as_bytes().get(usize::from(node.range.start()));
    match scalar.style {
        ScalarStyle::SingleQuoted if start != Some(&b'\'') => scalar.style = ScalarStyle::Plain,
        ScalarStyle::Plain if start == Some(&b'*') && scalar.text.starts_with(values::ALIAS_STAND_IN) => {
            let name = scalar.text[1..].to_owned();
            if values::is_anchor_name(&name) {
                node.kind = NodeKind::Alias { name, target: None };
            } else {
                scalar.text.replace_range(..1, "*");
            }
        }
        _ => {}
    }
}

impl SyntaxError {
    fn is_too_deep(&self) -> bool {
        self.reason.contains("recursion limit")
    }
}
