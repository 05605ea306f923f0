use super::layout::{Layout, Lines};
use super::write::{self, Context};
use crate::text::{TextRange, TextSize};
use crate::yaml::{Document, NodeId, NodeKind, Style};

/// The lines of an entry with its key in `column`, indented as `style` says; `None` where the value is no YAML.
pub(crate) fn entry_lines(key: &str, value: &str, column: usize, style: &Style) -> Option<Vec<String>> {
    Some(Snippet::new(value)?.entry(key, column, style)?.lines)
}

/// A piece of YAML that is to be put into a document.
pub(super) struct Snippet {
    document: Document,
}

impl Snippet {
    /// `None` when it is not YAML, or says something about its surroundings that it would not keep there.
    pub(super) fn new(text: &str) -> Option<Self> {
        // What is to begin on a line of its own may be written as such.
        let snippet = Self { document: Document::new(text.trim_start_matches(['\n', '\r'])) };
        let layout = snippet.layout();
        let is_safe = |root: NodeId| {
            let node = layout.node(root);
            let scalar = layout.last_block_scalar(root);
            let is_bare = node.tag.is_none() && node.anchor.is_none() || !layout.is_block(root) && scalar.is_none();
            is_bare && scalar.is_none_or(|scalar| !layout.keeps_blank_lines(scalar))
        };
        (layout.tree.problems().is_empty() && layout.tree.root().is_none_or(is_safe)).then_some(snippet)
    }

    fn layout(&self) -> Layout<'_> {
        Layout::new(&self.document)
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.layout().tree.root().is_none()
    }

    /// Whether it is written by indentation, and so begins on a line of its own behind a key.
    pub(super) fn is_block(&self) -> bool {
        self.layout().tree.root().is_some_and(|root| self.layout().is_block(root))
    }

    /// The lines of an entry with this value, its key in `column`.
    pub(super) fn entry(&self, key: &str, column: usize, style: &Style) -> Option<Lines> {
        let key = write::text(key, Context { flow: false, key: true }, None, style)?;
        let head = format!("{:column$}{key}:", "");
        if self.is_block() {
            let mut value = self.lines(column + self.offset_from_key(style), style)?;
            value.lines.insert(0, head);
            return Some(value);
        }
        Some(self.behind(head, column, style))
    }

    /// The lines of an item with this value, its dash in `column` and its text `gap` columns to the right.
    pub(super) fn item(&self, column: usize, gap: usize, style: &Style) -> Option<Lines> {
        if self.is_block() {
            let mut value = self.lines(column + gap, style)?;
            let first = value.lines.first_mut()?;
            *first = format!("{:column$}{:gap$}{}", "", "-", first.trim_start_matches(' '));
            return Some(value);
        }
        Some(self.behind(format!("{:column$}-", ""), column, style))
    }

    fn behind(&self, head: String, column: usize, style: &Style) -> Lines {
        let mut value = self.inline(column, style);
        match value.lines.first_mut() {
            Some(first) => *first = format!("{head} {first}"),
            None => value.lines.push(head),
        }
        value
    }

    /// The lines of a value in block style, in `column`.
    pub(super) fn lines(&self, column: usize, style: &Style) -> Option<Lines> {
        let root = self.layout().tree.root()?;
        Some(Lines { lines: reindented(self.layout(), root, column, style)?, is_open: self.is_open() })
    }

    /// How far a value in block style is indented against its key.
    pub(super) fn offset_from_key(&self, style: &Style) -> usize {
        let root = self.layout().tree.root().map(|root| &self.layout().node(root).kind);
        if matches!(root, Some(NodeKind::Sequence { .. })) { style.dash_offset } else { style.unit }
    }

    /// The lines of a value that is not in block style; the first one stands behind a key or dash in `column`.
    pub(super) fn inline(&self, column: usize, style: &Style) -> Lines {
        let layout = self.layout();
        let written = match layout.tree.root() {
            Some(root) => layout.source.slice(TextRange::new(layout.start(root), layout.end(root))),
            None => return Lines { lines: Vec::new(), is_open: false },
        };
        let mut lines: Vec<String> = written.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
        let rest = &mut lines[1..];
        // What continues the value must be indented deeper than its key or dash.
        let is_flush = rest.iter().any(|line| !line.is_empty() && !line.starts_with(' '));
        let by = column + if is_flush { style.unit } else { 0 };
        for line in rest {
            *line = shifted(line, by.cast_signed());
        }
        Lines { lines, is_open: self.is_open() }
    }

    fn is_open(&self) -> bool {
        let layout = self.layout();
        layout.tree.root().is_some_and(|root| layout.last_block_scalar(root).is_some())
    }

    /// The value in one line, for use in brackets.
    pub(super) fn in_flow(&self, style: &Style) -> Option<String> {
        let layout = self.layout();
        match layout.tree.root() {
            None => Some("null".to_owned()),
            Some(root) => write::in_flow(layout, root, style),
        }
    }
}

/// The lines of a block collection, changed so that it starts in `column` and is indented as `style` says.
fn reindented(layout: Layout<'_>, root: NodeId, column: usize, style: &Style) -> Option<Vec<String>> {
    // By how much the lines that start with a key or dash move to the right.
    let mut shifts: Vec<Option<isize>> = vec![None; layout.source.line_count() as usize];
    let mut open = vec![(root, column)];
    while let Some((collection, column)) = open.pop() {
        for index in 0..layout.len(collection) {
            let slot = layout.slot_at(collection, index)?;
            let head = layout.head(&slot)?;
            let old = layout.column(head);
            let line = layout.source.line_of(head);
            if layout.prefix(head).trim_start_matches(' ').is_empty() {
                shifts[line as usize] = Some(column.cast_signed() - old.cast_signed());
            }
            if !layout.is_block(slot.value) {
                continue;
            }
            let child = layout.head(&layout.slot_at(slot.value, 0)?)?;
            let child_column = layout.column(child);
            let offset = match &layout.node(slot.value).kind {
                _ if layout.source.line_of(child) == line => child_column.saturating_sub(old),
                NodeKind::Sequence { .. } if slot.key.is_some() => style.dash_offset,
                _ => style.unit,
            };
            open.push((slot.value, column + offset));
        }
    }
    // Comments move with what follows them, everything else with what it continues.
    let mut next = None;
    for line in (0..shifts.len()).rev() {
        if shifts[line].is_none() && layout.is_comment(line as u32) {
            shifts[line] = next;
        }
        next = shifts[line].or(next);
    }
    let mut last = column.cast_signed();
    let end = layout.source.line_of(layout.end(root));
    let lines = (0..=end).map(|line| {
        last = shifts[line as usize].unwrap_or(last);
        let text = layout.source.slice(TextRange::new(layout.line_start(line), layout.line_end(line)));
        shifted(text, last)
    });
    Some(lines.collect())
}

/// A line moved to the right or, as far as its indentation goes, to the left.
pub(super) fn shifted(line: &str, by: isize) -> String {
    if line.is_empty() {
        return String::new();
    }
    let content = line.trim_start_matches(' ');
    let indent = (line.len() - content.len()).saturating_add_signed(by);
    format!("{:indent$}{content}", "")
}

/// How many columns behind a dash its text starts.
pub(super) fn gap_behind_dash(layout: Layout<'_>, dash: TextSize) -> usize {
    let rest = layout.rest_of_line(dash + TextSize::new(1));
    let content = rest.trim_start_matches(' ');
    let blanks = rest.len() - content.len();
    if blanks == 0 || content.is_empty() || content.starts_with('#') { 2 } else { 1 + blanks }
}
