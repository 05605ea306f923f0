//! How a document is laid out: indentation, blanks, blank lines. What it says stays the same, and so do comments, quotes
//! and line ends.

mod columns;
mod comments;
mod lines;
mod spaces;
mod typing;

pub use typing::format_on_type;

use std::collections::HashMap;

use crate::fix::layout::Layout;
use crate::text::{TextEdit, TextRange, TextSize, apply_edits};
use crate::yaml::{Document, Node, NodeId, NodeKind, ProblemKind, Spanned, Tree};

/// What an editor is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatOptions {
    /// Columns between a key and the keys of its value; what is out of 1 to 16 counts as the nearest.
    pub indent: u32,
    /// Whether blanks at the ends of lines go.
    pub trim_trailing_whitespace: bool,
    /// Whether the last line gets a line end.
    pub insert_final_newline: bool,
    /// Whether empty lines at the end go.
    pub trim_final_newlines: bool,
}

impl FormatOptions {
    fn unit(&self) -> usize {
        self.indent.clamp(1, 16) as usize
    }
}

/// Lays out a document, or the lines that a range touches. Each edit stays within a line or takes whole blank lines away.
/// What cannot be read, or is written in a way that is not understood here, stays as it is.
pub fn format(document: &Document, options: &FormatOptions, range: Option<TextRange>) -> Vec<TextEdit> {
    let is_fault = |kind: ProblemKind| kind == ProblemKind::Syntax;
    if document.tree().problems().iter().any(|problem| is_fault(problem.kind)) {
        return Vec::new();
    }
    let edits = Plan::new(document, options, range).map(Plan::edits).unwrap_or_default();
    // The reader has the last word: better no layout than a document that says something else.
    let is_kept = |edits: &[TextEdit]| {
        let text = apply_edits(document.source().text(), edits);
        text.is_ok_and(|text| says_the_same(document, &Document::new(text)))
    };
    if edits.is_empty() || is_kept(&edits) { edits } else { Vec::new() }
}

/// The lines of a document, and what becomes of each.
struct Plan<'a> {
    layout: Layout<'a>,
    options: &'a FormatOptions,
    /// The first and the last line that may change.
    first: u32,
    last: u32,
    lines: Vec<Line>,
    /// The columns of the keys or dashes of each collection that is written in lines.
    columns: HashMap<NodeId, Move>,
    /// Where the last line ends that means something; the end of the text where none does.
    content_end: TextSize,
}

/// A column as it is, and as it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    old: usize,
    new: usize,
}

/// What becomes of a line.
#[derive(Clone, Debug, Default)]
struct Line {
    /// The column in which its text is to start, where that is not to stay.
    column: Option<usize>,
    /// Blanks inside of it that are to be others, in the order of the text.
    gaps: Vec<(TextRange, usize)>,
    /// Whether it starts inside a scalar.
    continues: bool,
    /// Whether it starts inside brackets.
    in_brackets: bool,
    /// Whether blanks at its end are part of a scalar.
    is_open: bool,
}

impl<'a> Plan<'a> {
    /// `None` where something is written in a way that is not understood.
    fn new(document: &'a Document, options: &'a FormatOptions, range: Option<TextRange>) -> Option<Self> {
        let layout = Layout::new(document);
        // A key with several parts is called by its text.
        let mut keys = layout.tree.nodes().flat_map(|(id, _)| layout.tree.entries(id)).map(|entry| entry.key);
        if keys.any(|key| layout.collection_style(key).is_some()) {
            return None;
        }
        let count = layout.source.line_count();
        let range = range.unwrap_or(TextRange::up_to(layout.source.len()));
        let mut plan = Plan {
            layout,
            options,
            first: layout.source.line_of(range.start()),
            last: layout.source.line_of(range.end()),
            lines: vec![Line::default(); count as usize],
            columns: HashMap::new(),
            content_end: layout.source.len(),
        };
        plan.mark_scalars();
        plan.set_columns()?;
        plan.set_spaces();
        plan.set_comments();
        let last = (0..count).rev().find(|line| !plan.is_spare(*line));
        plan.content_end = last.map_or(layout.source.len(), |last| layout.line_end(last));
        Some(plan)
    }

    fn edits(self) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        for line in self.first..=self.last {
            self.edit_line(line, &mut edits);
        }
        self.edit_end(&mut edits);
        edits
    }

    fn contains(&self, line: u32) -> bool {
        (self.first..=self.last).contains(&line)
    }

    fn line(&mut self, line: u32) -> Option<&mut Line> {
        self.lines.get_mut(line as usize)
    }

    /// Puts `width` blanks in the place of those in `range`, which is part of one line.
    fn set_gap(&mut self, range: TextRange, width: usize) {
        let line = self.layout.source.line_of(range.start());
        let is_blank = self.layout.source.slice(range).bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        if is_blank && let Some(line) = self.line(line) {
            line.gaps.push((range, width));
        }
    }
}

/// Whether two documents have the same nodes and comments.
fn says_the_same(old: &Document, new: &Document) -> bool {
    let comments = |document: &Document| -> Vec<String> {
        let comments = document.tree().comments().iter();
        comments.map(|comment| document.source().slice(*comment).trim_end().to_owned()).collect()
    };
    let nodes = |tree: &Tree| tree.nodes().count();
    nodes(old.tree()) == nodes(new.tree())
        && old.tree().nodes().zip(new.tree().nodes()).all(|((_, old), (_, new))| is_same_node(old, new))
        && old.tree().problems().len() == new.tree().problems().len()
        && comments(old) == comments(new)
}

fn is_same_node(old: &Node, new: &Node) -> bool {
    let text = |property: &Option<Spanned>| property.as_ref().map(|property| property.text.clone());
    let is_same_kind = match (&old.kind, &new.kind) {
        (NodeKind::Scalar(old), NodeKind::Scalar(new)) => old == new,
        (NodeKind::Sequence { items: old, style: a }, NodeKind::Sequence { items: new, style: b }) => {
            old == new && a == b
        }
        (NodeKind::Mapping { entries: old, style: a }, NodeKind::Mapping { entries: new, style: b }) => {
            old == new && a == b
        }
        (NodeKind::Alias { target: old, .. }, NodeKind::Alias { target: new, .. }) => old == new,
        _ => false,
    };
    is_same_kind
        && old.parent == new.parent
        && text(&old.tag) == text(&new.tag)
        && text(&old.anchor) == text(&new.anchor)
}
