use super::{Move, Plan};
use crate::fix::layout::Slot;
use crate::text::TextRange;
use crate::yaml::{NodeId, NodeKind, ScalarStyle};

/// A key or dash that starts a line, or follows dashes that do.
#[derive(Clone, Copy, Debug)]
struct Head {
    line: u32,
    column: Move,
}

impl Plan<'_> {
    /// Notes which lines are part of a scalar that started before.
    pub(super) fn mark_scalars(&mut self) {
        for (_, node) in self.layout.tree.nodes() {
            let NodeKind::Scalar(scalar) = &node.kind else { continue };
            let first = self.layout.source.line_of(node.range.start());
            let last = self.layout.source.line_of(node.range.end());
            let is_quoted = matches!(scalar.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
            if is_block(scalar.style) {
                continue;
            }
            for line in first..last {
                self.lines[line as usize].is_open |= is_quoted;
                self.lines[line as usize + 1].continues = true;
            }
        }
    }

    /// Decides in which column each line starts. `None` where a key or dash is written in a way that is not understood.
    pub(super) fn set_columns(&mut self) -> Option<()> {
        let layout = self.layout;
        let Some(root) = layout.tree.root() else { return Some(()) };
        let mut heads = Vec::new();
        if layout.is_block(root) {
            let old = layout.column(layout.head(&layout.slot_at(root, 0)?)?);
            let new = if self.may_move(root) { 0 } else { old };
            let mut open = vec![(root, Move { old, new })];
            while let Some((collection, column)) = open.pop() {
                self.columns.insert(collection, column);
                for index in 0..layout.len(collection) {
                    let slot = layout.slot_at(collection, index)?;
                    let line = self.set_head(&slot, column)?;
                    heads.push(Head { line, column });
                    if layout.is_block(slot.value) {
                        open.push((slot.value, self.column_below(&slot, line, column)?));
                    }
                }
            }
        }
        heads.sort_by_key(|head| (head.line, head.column.old));
        self.shift_block_scalars();
        self.shift_continuations(&heads);
        self.shift_comments(&heads);
        Some(())
    }

    /// Puts a key or dash into its column, when it starts its line, and answers with the line.
    fn set_head(&mut self, slot: &Slot, column: Move) -> Option<u32> {
        let layout = self.layout;
        let head = layout.head(slot)?;
        let line = layout.source.line_of(head);
        let prefix = layout.prefix(head);
        // Keys of a collection that do not stand below each other, and what follows `---`, are for a person.
        if layout.column(head) != column.old
            || prefix.starts_with("--")
            || !prefix.bytes().all(|b| matches!(b, b' ' | b'-'))
        {
            return None;
        }
        if prefix.bytes().all(|byte| byte == b' ') {
            self.line(line)?.column = Some(column.new);
        }
        Some(line)
    }

    /// The column of the keys or dashes of a value.
    fn column_below(&self, slot: &Slot, line: u32, parent: Move) -> Option<Move> {
        let layout = self.layout;
        let first = layout.head(&layout.slot_at(slot.value, 0)?)?;
        let old = layout.column(first);
        if !self.may_move(slot.value) {
            return Some(Move { old, new: old });
        }
        let is_sequence = matches!(layout.node(slot.value).kind, NodeKind::Sequence { .. });
        let offset = match slot.key {
            Some(_) if is_sequence => self.dash_offset(),
            None if layout.source.line_of(first) == line => BEHIND_DASH,
            _ => self.options.unit(),
        };
        Some(Move { old, new: parent.new + offset })
    }

    /// Columns between a key and the dashes of its value: as the document has it.
    fn dash_offset(&self) -> usize {
        let style = self.layout.document.style();
        let unit = self.options.unit();
        if style.dash_offset == style.unit { unit } else { style.dash_offset.min(unit) }
    }

    /// Whether a collection or scalar may change its column: only as a whole.
    fn may_move(&self, id: NodeId) -> bool {
        let source = self.layout.source;
        let first = source.line_of(self.layout.start(id));
        let end = source.line_of(self.layout.end(id));
        self.contains(first) && self.contains(self.layout.owned_blank_lines(id, end))
    }

    /// Moves what continues a key or dash on further lines with it.
    fn shift_continuations(&mut self, heads: &[Head]) {
        let layout = self.layout;
        for (id, _) in layout.tree.nodes() {
            let Some(inside) = layout.brackets(id) else { continue };
            let (first, last) = (layout.source.line_of(inside.start()), layout.source.line_of(inside.end()));
            // Those in brackets are noted with them.
            if !layout.in_flow(id) {
                (first + 1..=last).for_each(|line| self.lines[line as usize].in_brackets = true);
            }
        }
        let mut next = 0;
        for line in 0..layout.source.line_count() {
            while heads.get(next).is_some_and(|head| head.line <= line) {
                next += 1;
            }
            let Some(head) = next.checked_sub(1).map(|last| heads[last].column) else { continue };
            let planned = &mut self.lines[line as usize];
            let is_comment = layout.is_comment(line) && !planned.in_brackets;
            let text = layout.line_text(line);
            // Behind a tab there is no telling the column.
            let has_column = !text.trim_start_matches(' ').starts_with('\t') && !layout.is_blank(line);
            if planned.column.is_none() && has_column && !is_comment {
                planned.column = Some(shift(indent(text), head));
            }
        }
    }

    /// Moves the text of block scalars, which stays as it is in itself.
    fn shift_block_scalars(&mut self) {
        let layout = self.layout;
        for (id, node) in layout.tree.nodes() {
            if !matches!(&node.kind, NodeKind::Scalar(scalar) if is_block(scalar.style)) {
                continue;
            }
            let header = layout.source.line_of(node.range.start());
            let last = layout.owned_blank_lines(id, layout.source.line_of(layout.end(id)));
            let lines: Vec<(u32, &str)> = (header + 1..=last).map(|line| (line, layout.line_text(line))).collect();
            let has_text = |text: &str| !text.trim_matches([' ', '\t']).is_empty();
            let old = lines.iter().filter(|(_, text)| has_text(text)).map(|(_, text)| indent(text)).min();
            let parent = node.parent.and_then(|parent| self.columns.get(&parent)).copied();
            let is_explicit = layout.rest_of_line(node.range.start()).chars().take(3).any(|c| c.is_ascii_digit());
            let by = match (parent, old) {
                (Some(parent), Some(old)) if !is_explicit && self.may_move(id) => {
                    let is_item = layout.slot(id).is_some_and(|slot| slot.key.is_none());
                    let offset = if is_item { BEHIND_DASH } else { self.options.unit() };
                    Move { old, new: parent.new + offset }
                }
                (Some(parent), _) => parent,
                (None, _) => Move { old: 0, new: 0 },
            };
            // Blanks that do not reach into the text must not do so afterwards, and not vanish.
            let blanks = |width: usize| {
                let new = if width < by.old { width.min(by.new.saturating_sub(1)) } else { shift(width, by) };
                new.max(width.min(1))
            };
            let column = |text: &str| if has_text(text) { shift(indent(text), by) } else { blanks(indent(text)) };
            let written = lines.iter().filter(|(_, text)| !text.is_empty());
            let moved: Vec<(u32, usize)> = written.map(|(line, text)| (*line, column(text))).collect();
            for line in header..=last {
                self.lines[line as usize].is_open |= line > header;
                self.lines[line as usize].continues |= line > header;
            }
            for (line, column) in moved {
                self.lines[line as usize].column = Some(column);
            }
            // A comment right below ends the text only by standing further left.
            let limit = old.map_or(parent.map_or(0, |parent| parent.new), |old| shift(old, by).saturating_sub(1));
            self.limit_comments(last + 1, limit);
        }
    }

    fn limit_comments(&mut self, first: u32, limit: usize) {
        let layout = self.layout;
        for line in first..layout.source.line_count() {
            match layout.is_comment(line) {
                // Their own column is decided later, and not to the right of this.
                true => self.lines[line as usize].column = Some(limit),
                false if layout.is_blank(line) => {}
                false => break,
            }
        }
    }

    /// Moves comments on lines of their own with what stands in the same column: the next key or dash, else one of those
    /// above that are still open there.
    fn shift_comments(&mut self, heads: &[Head]) {
        let layout = self.layout;
        let mut next = 0;
        let mut above: Vec<Move> = Vec::new();
        for comment in layout.tree.comments() {
            let line = layout.source.line_of(comment.start());
            let is_alone = layout.prefix(comment.start()).trim_matches([' ', '\t']).is_empty();
            while let Some(head) = heads.get(next).filter(|head| head.line <= line) {
                above.truncate(above.partition_point(|open| open.old < head.column.old));
                above.push(head.column);
                next += 1;
            }
            let planned = &self.lines[line as usize];
            if !is_alone || planned.continues || planned.in_brackets {
                continue;
            }
            let old = layout.column(comment.start());
            let below = heads.get(next).map(|head| head.column);
            let same = below.filter(|below| below.old == old);
            let nearest =
                || above.iter().rev().chain(&below).filter(|open| open.old <= old).max_by_key(|open| open.old);
            let column = same.or_else(|| nearest().copied()).map_or(old, |open| shift(old, open));
            let limit = self.lines[line as usize].column.unwrap_or(usize::MAX);
            self.lines[line as usize].column = Some(column.min(limit));
        }
    }

    /// A line without its line end.
    pub(super) fn text_range(&self, line: u32) -> TextRange {
        TextRange::new(self.layout.line_start(line), self.layout.line_end(line))
    }
}

/// Columns from a dash to what stands behind it.
const BEHIND_DASH: usize = 2;

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

fn shift(column: usize, by: Move) -> usize {
    (column + by.new).saturating_sub(by.old)
}
