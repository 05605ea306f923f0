use crate::text::{Source, TextEdit, TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, Node, NodeId, NodeKind, Problem, ProblemKind, ScalarStyle, Tree};

/// A document seen as lines and columns, with the text that belongs to each entry and item.
#[derive(Clone, Copy)]
pub(crate) struct Layout<'a> {
    pub(crate) document: &'a Document,
    pub(crate) source: &'a Source,
    pub(crate) tree: &'a Tree,
}

/// An entry of a mapping or an item of a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) parent: NodeId,
    pub(crate) index: usize,
    /// `None` for an item.
    pub(crate) key: Option<NodeId>,
    pub(crate) value: NodeId,
}

/// The lines of an entry or item of a block collection.
#[derive(Debug)]
pub(crate) struct Block {
    /// Where its key or dash starts.
    pub(crate) head: TextSize,
    /// The column of [`Self::head`].
    pub(crate) column: usize,
    /// True when it stands behind the dash of an enclosing item.
    pub(crate) behind_dash: bool,
    /// The first line, that of its comments above included.
    pub(crate) first: u32,
    /// The last line, that of its comments below included.
    pub(crate) last: u32,
}

/// An entry or item of a collection in brackets.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) range: TextRange,
    /// Behind the comma that follows.
    pub(crate) comma: Option<TextSize>,
}

/// Lines to be put into a document.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) lines: Vec<String>,
    /// Whether a block scalar ends them, which would take in what is indented deeply enough below.
    pub(crate) is_open: bool,
}

/// The text from `start` to `end`; `None` when they are in the wrong order, because the tree does not fit the text.
pub(crate) fn between(start: TextSize, end: TextSize) -> Option<TextRange> {
    (start <= end).then(|| TextRange::new(start, end))
}

impl<'a> Layout<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, source: document.source(), tree: document.tree() }
    }

    pub(crate) fn node(&self, id: NodeId) -> &'a Node {
        self.tree.node(id)
    }

    /// The entry whose key or value, or the item, that `id` is.
    pub(crate) fn slot(&self, id: NodeId) -> Option<Slot> {
        let parent = self.node(id).parent?;
        let at = self.node(id).range.start();
        // Children are in the order of the text, so a search by halves finds the place even in huge collections.
        let index = match &self.node(parent).kind {
            NodeKind::Mapping { entries, .. } => {
                let after = entries.partition_point(|entry| self.node(entry.key).range.start() <= at);
                (0..after).rev().take(2).find(|index| entries[*index].key == id || entries[*index].value == id)?
            }
            NodeKind::Sequence { items, .. } => {
                let after = items.partition_point(|item| self.node(*item).range.start() <= at);
                (0..after).rev().take(2).find(|index| items[*index] == id)?
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => return None,
        };
        self.slot_at(parent, index)
    }

    pub(crate) fn slot_at(&self, parent: NodeId, index: usize) -> Option<Slot> {
        let (key, value) = match &self.node(parent).kind {
            NodeKind::Mapping { entries, .. } => entries.get(index).map(|entry| (Some(entry.key), entry.value))?,
            NodeKind::Sequence { items, .. } => (None, *items.get(index)?),
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => return None,
        };
        Some(Slot { parent, index, key, value })
    }

    /// How many entries or items a collection has.
    pub(crate) fn len(&self, collection: NodeId) -> usize {
        self.tree.entries(collection).len() + self.tree.items(collection).len()
    }

    pub(crate) fn collection_style(&self, id: NodeId) -> Option<CollectionStyle> {
        match &self.node(id).kind {
            NodeKind::Mapping { style, .. } | NodeKind::Sequence { style, .. } => Some(*style),
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => None,
        }
    }

    pub(crate) fn is_block(&self, id: NodeId) -> bool {
        self.collection_style(id) == Some(CollectionStyle::Block)
    }

    /// Whether a node stands in brackets.
    pub(crate) fn in_flow(&self, id: NodeId) -> bool {
        self.node(id).parent.is_some_and(|parent| self.collection_style(parent) == Some(CollectionStyle::Flow))
    }

    /// Whether a mapping has a key of this text.
    pub(crate) fn has_key(&self, mapping: NodeId, key: &str) -> bool {
        self.tree.entries(mapping).iter().any(|entry| self.tree.key_text(entry.key).as_deref() == Some(key))
    }

    /// Whether a node is another one, or a part of it.
    pub(crate) fn stands_in(&self, id: NodeId, whole: NodeId) -> bool {
        std::iter::successors(Some(id), |at| self.node(*at).parent).any(|at| at == whole)
    }

    /// The nodes below a node, and itself.
    pub(crate) fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut open = vec![id];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.tree.children(next));
            Some(next)
        })
    }

    /// Whether a node was read as it is written, and stands in a usual place.
    pub(crate) fn is_certain(&self, id: NodeId) -> bool {
        self.is_readable(id) && self.is_usual(id)
    }

    /// Whether a node is neither in the value of a merge key, nor a part of a key with several parts, nor in a pair without braces: `[a: 1]`.
    pub(crate) fn is_usual(&self, id: NodeId) -> bool {
        let mut at = id;
        while let Some(slot) = self.slot(at) {
            let is_unusual = match slot.key {
                Some(key) if key == at => at != id || self.collection_style(at).is_some(),
                Some(key) => self.is_merge_key(key),
                None => false,
            };
            if is_unusual || !self.is_block(slot.parent) && self.brackets(slot.parent).is_none() {
                return false;
            }
            at = slot.parent;
        }
        true
    }

    pub(crate) fn is_merge_key(&self, key: NodeId) -> bool {
        matches!(&self.node(key).kind, NodeKind::Scalar(scalar)
            if scalar.style == ScalarStyle::Plain && scalar.text == "<<")
    }

    /// Whether no fault of the syntax lies on the lines of a node or next to them, and all of it was read.
    pub(crate) fn is_readable(&self, id: NodeId) -> bool {
        let (start, end) = (self.start(id), self.end(id));
        let first = self.line_start(self.source.line_of(start).saturating_sub(1)).min(start);
        let last = self.line_end(self.source.line_of(end).saturating_add(1)).max(end);
        let problems = self.tree.problems();
        let is_fault = |problem: &Problem| problem.kind == ProblemKind::Syntax && problem.range.end() >= first;
        // They are in the order of the text, and the one before may reach into it.
        let from = problems.partition_point(|problem| problem.range.start() < first).saturating_sub(1);
        let mut near = problems[from..].iter().take_while(|problem| problem.range.start() <= last);
        !near.any(is_fault) && !self.is_cut_off(end)
    }

    /// Whether a text that ends at `end` might go on in what could not be read.
    fn is_cut_off(&self, end: TextSize) -> bool {
        let is_fault = |problem: &Problem| problem.kind == ProblemKind::Syntax;
        let read = self.tree.root().map_or(TextSize::new(0), |root| self.end(root));
        end >= read && self.after(read) < self.source.len() && self.tree.problems().iter().any(is_fault)
    }

    /// Where a node starts, its anchor and tag included, and the dash of its first item.
    pub(crate) fn start(&self, id: NodeId) -> TextSize {
        let node = self.node(id);
        // As deep as the document at most, which the reader limits.
        let first = match &node.kind {
            NodeKind::Mapping { entries, style: CollectionStyle::Block } => {
                entries.first().map(|entry| self.start(entry.key))
            }
            NodeKind::Sequence { items, style: CollectionStyle::Block } => {
                items.first().and_then(|item| self.dash(*item))
            }
            _ => None,
        };
        let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range.start());
        properties.fold(first.unwrap_or(node.range.start()), TextSize::min)
    }

    /// Where the text of a node ends, line breaks at the end of block scalars excluded.
    pub(crate) fn end(&self, id: NodeId) -> TextSize {
        let start = self.start(id);
        let mut end = start;
        for at in self.last_nodes(id) {
            let node = self.node(at);
            let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range.end());
            end = properties.fold(node.range.end(), TextSize::max).max(end);
        }
        let text = self.source.slice(TextRange::new(start, end));
        start + TextSize::of(text.trim_end_matches([' ', '\t', '\r', '\n']))
    }

    /// A node, its last child, the last child of that and so on, as far as they are in block style.
    fn last_nodes(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |at| match &self.node(*at).kind {
            NodeKind::Mapping { entries, style: CollectionStyle::Block } => entries.last().map(|entry| entry.value),
            NodeKind::Sequence { items, style: CollectionStyle::Block } => items.last().copied(),
            _ => None,
        })
    }

    /// The block scalar that ends the text of a node: what follows may belong to it.
    pub(crate) fn last_block_scalar(&self, id: NodeId) -> Option<NodeId> {
        self.last_nodes(id).last().filter(|last| {
            matches!(&self.node(*last).kind, NodeKind::Scalar(scalar)
                if matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded))
        })
    }

    /// Whether a block scalar takes in all blank lines that follow it.
    pub(crate) fn keeps_blank_lines(&self, block_scalar: NodeId) -> bool {
        let text = self.source.slice(self.node(block_scalar).range);
        text.lines().next().is_some_and(|header| header.chars().take(3).any(|character| character == '+'))
    }

    /// Behind the colon of an entry; `None` when the key is written in an unusual way.
    pub(crate) fn colon(&self, slot: &Slot) -> Option<TextSize> {
        let key = slot.key?;
        if self.collection_style(key).is_some() || self.node(key).range.is_empty() {
            return None;
        }
        let end = self.node(key).range.end();
        let rest = self.rest_of_line(end);
        let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest[gap..].starts_with(':').then(|| end + TextSize::new(gap as u32 + 1))
    }

    /// Where the dash of an item of a block sequence stands.
    fn dash(&self, item: NodeId) -> Option<TextSize> {
        let end = self.before(self.start(item));
        self.text_before(end).ends_with('-').then(|| end - TextSize::new(1))
    }

    /// Behind the colon or dash that leads to a value, and behind its anchor and tag.
    pub(crate) fn lead_end(&self, slot: &Slot) -> Option<TextSize> {
        let lead = match slot.key {
            Some(_) => self.colon(slot)?,
            None => self.dash(slot.value)? + TextSize::new(1),
        };
        let node = self.node(slot.value);
        let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range.end());
        Some(properties.fold(lead, TextSize::max))
    }

    /// Where the key or dash of an entry or item of a block collection starts.
    pub(crate) fn head(&self, slot: &Slot) -> Option<TextSize> {
        match slot.key {
            Some(key) => self.colon(slot).map(|_| self.start(key)),
            None => self.dash(slot.value),
        }
    }

    /// The lines of an entry or item of a block collection.
    pub(crate) fn block(&self, slot: &Slot) -> Option<Block> {
        let head = self.head(slot)?;
        let column = self.column(head);
        let prefix = self.prefix(head);
        let behind_dash = prefix.contains('-');
        if !prefix.chars().all(|character| matches!(character, ' ' | '-')) {
            return None;
        }
        let end = self.end(slot.value).max(head);
        let behind = self.rest_of_line(end).trim_start_matches([' ', '\t']);
        if !behind.is_empty() && !behind.starts_with('#') {
            return None;
        }
        let line = self.source.line_of(head);
        let first = if behind_dash { line } else { self.first_comment_above(line, column) };
        let last = self.owned_blank_lines(slot.value, self.source.line_of(end));
        let last = self.last_comment_below(last, column);
        Some(Block { head, column, behind_dash, first, last })
    }

    fn first_comment_above(&self, line: u32, column: usize) -> u32 {
        let above = (0..line).rev().take_while(|above| self.comment_column(*above) == Some(column));
        match above.last() {
            None | Some(0) => line,
            Some(first) => first,
        }
    }

    fn last_comment_below(&self, line: u32, column: usize) -> u32 {
        let mut last = line;
        for below in line + 1..self.source.line_count() {
            match self.comment_column(below) {
                Some(found) if found > column => last = below,
                None if self.is_blank(below) => {}
                _ => break,
            }
        }
        last
    }

    /// The last of the lines without text that a block scalar takes in, else `line`.
    pub(crate) fn owned_blank_lines(&self, value: NodeId, line: u32) -> u32 {
        let Some(block_scalar) = self.last_block_scalar(value) else { return line };
        let keeps = self.keeps_blank_lines(block_scalar);
        let blank = (line + 1..self.source.line_count()).take_while(|below| self.is_blank(*below));
        // A text that ends with a line end has an empty last "line", which is none.
        let blank = blank.filter(|below| self.line_start(*below) < self.source.len());
        // Clipped or stripped, it can still hold spaces beyond its indentation.
        blank.filter(|below| keeps || self.line_start(*below) < self.line_end(*below)).last().unwrap_or(line)
    }

    /// Whether lines below `line` would become part of a block scalar that ended there, in an entry or item in `column`.
    pub(crate) fn would_swallow_below(&self, line: u32, column: usize) -> bool {
        for below in line + 1..self.source.line_count() {
            match self.comment_column(below) {
                Some(found) => return found > column,
                None if !self.is_blank(below) => return false,
                None if self.line_start(below) < self.line_end(below) => return true,
                None => {}
            }
        }
        false
    }

    /// An entry or item of a collection in brackets.
    pub(crate) fn flow(&self, slot: &Slot) -> Option<Flow> {
        self.brackets(slot.parent)?;
        let start = self.start(slot.key.unwrap_or(slot.value));
        let end = slot.key.map_or(start, |key| self.end(key)).max(self.end(slot.value));
        let before = self.before(start);
        if !self.text_before(before).ends_with(['{', '[', ',']) {
            return None;
        }
        let after = self.after(end);
        match self.text_behind(after).chars().next()? {
            ',' => Some(Flow { range: between(start, end)?, comma: Some(after + TextSize::new(1)) }),
            '}' | ']' => Some(Flow { range: between(start, end)?, comma: None }),
            _ => None,
        }
    }

    /// What stands between the brackets of a collection; `None` when there are none.
    pub(crate) fn brackets(&self, collection: NodeId) -> Option<TextRange> {
        let range = self.node(collection).range;
        let text = self.source.slice(range);
        let (open, close) = match &self.node(collection).kind {
            NodeKind::Mapping { style: CollectionStyle::Flow, .. } => ('{', '}'),
            NodeKind::Sequence { style: CollectionStyle::Flow, .. } => ('[', ']'),
            _ => return None,
        };
        // A pair without braces can have a key with braces.
        let is_first = |child: NodeId| self.node(child).range.start() == range.start();
        let is_bare = self.tree.children(collection).next().is_some_and(is_first);
        let inside = text.len() >= 2 && text.starts_with(open) && text.ends_with(close) && !is_bare;
        inside.then(|| TextRange::new(range.start() + TextSize::new(1), range.end() - TextSize::new(1)))
    }

    /// The end of the text before `offset`, blanks, line ends and comments left out.
    fn before(&self, offset: TextSize) -> TextSize {
        let mut end = offset;
        loop {
            let text = self.text_before(end);
            end = TextSize::of(text.trim_end_matches([' ', '\t', '\r', '\n', '\u{feff}']));
            match self.comment_at(end) {
                Some(comment) if comment.start() < end => end = comment.start(),
                _ => return end,
            }
        }
    }

    /// The start of the text behind `offset`, blanks, line ends and comments left out.
    pub(crate) fn after(&self, offset: TextSize) -> TextSize {
        let mut start = offset;
        loop {
            let text = self.text_behind(start);
            let blank = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len();
            start += TextSize::new(blank as u32);
            match self.comment_at(start) {
                Some(comment) if comment.start() == start && !comment.is_empty() => start = comment.end(),
                _ => return start,
            }
        }
    }

    /// The comment that holds `offset`, its end included.
    fn comment_at(&self, offset: TextSize) -> Option<TextRange> {
        let comments = self.tree.comments();
        let next = comments.partition_point(|comment| comment.start() <= offset);
        let comment = *comments.get(next.checked_sub(1)?)?;
        comment.contains_inclusive(offset).then_some(comment)
    }

    /// Comments in a range.
    pub(crate) fn comments_in(&self, range: TextRange) -> &'a [TextRange] {
        let comments = self.tree.comments();
        let from = comments.partition_point(|comment| comment.start() < range.start());
        let to = comments.partition_point(|comment| comment.start() < range.end());
        comments.get(from..to).unwrap_or_default()
    }

    /// The column of a comment that stands alone on its line.
    fn comment_column(&self, line: u32) -> Option<usize> {
        let range = TextRange::new(self.line_start(line), self.line_end(line));
        let comment = self.comments_in(range).first()?;
        self.prefix(comment.start()).trim_matches([' ', '\t']).is_empty().then(|| self.column(comment.start()))
    }

    /// Whether a line holds nothing but blanks.
    pub(crate) fn is_blank(&self, line: u32) -> bool {
        self.line_text(line).trim_matches([' ', '\t']).is_empty()
    }

    /// The text of a line without its line end.
    pub(crate) fn line_text(&self, line: u32) -> &'a str {
        self.source.slice(TextRange::new(self.line_start(line), self.line_end(line)))
    }

    /// Whether a line holds nothing but a comment.
    pub(crate) fn is_comment(&self, line: u32) -> bool {
        self.comment_column(line).is_some()
    }

    /// Where the text of a line starts; the mark at the start of a file is not part of it.
    pub(crate) fn line_start(&self, line: u32) -> TextSize {
        match self.source.line_range(line) {
            Some(range) if line == 0 && self.source.text().starts_with('\u{feff}') => {
                range.start() + TextSize::of('\u{feff}')
            }
            Some(range) => range.start(),
            None => self.source.len(),
        }
    }

    /// Where the text of a line ends, its line end left out.
    pub(crate) fn line_end(&self, line: u32) -> TextSize {
        self.source.line_range(line).map_or(self.source.len(), TextRange::end)
    }

    /// Where the next line starts, or the text ends.
    pub(crate) fn next_line(&self, line: u32) -> TextSize {
        self.source.line_range(line + 1).map_or(self.source.len(), TextRange::start)
    }

    /// The lines from `first` to `last` for removal. The text around ends as it did: with a line end or without.
    pub(crate) fn lines(&self, first: u32, last: u32) -> TextRange {
        match first.checked_sub(1) {
            Some(above) if !self.is_terminated(last) => TextRange::new(self.line_end(above), self.line_end(last)),
            _ => TextRange::new(self.line_start(first), self.next_line(last)),
        }
    }

    /// Whether a line has a line end.
    pub(crate) fn is_terminated(&self, line: u32) -> bool {
        self.line_end(line) < self.next_line(line)
    }

    /// The column of an offset, in bytes.
    pub(crate) fn column(&self, offset: TextSize) -> usize {
        self.prefix(offset).len()
    }

    fn text_before(&self, offset: TextSize) -> &'a str {
        self.source.slice(TextRange::up_to(offset))
    }

    fn text_behind(&self, offset: TextSize) -> &'a str {
        self.source.slice(TextRange::new(offset.min(self.source.len()), self.source.len()))
    }

    /// What stands before an offset on its line.
    pub(crate) fn prefix(&self, offset: TextSize) -> &'a str {
        let start = self.line_start(self.source.line_of(offset));
        self.source.slice(TextRange::new(start.min(offset), offset))
    }

    /// What stands behind an offset on its line.
    pub(crate) fn rest_of_line(&self, offset: TextSize) -> &'a str {
        let end = self.line_end(self.source.line_of(offset));
        self.source.slice(TextRange::new(offset, end.max(offset)))
    }

    /// Puts an entry or item in `column` below a line.
    pub(crate) fn insert_below(&self, line: u32, column: usize, new: &Lines) -> Option<TextEdit> {
        if new.is_open && self.would_swallow_below(line, column) {
            return None;
        }
        let line_end = self.source.line_end();
        if self.is_terminated(line) {
            let text: String = new.lines.iter().flat_map(|line| [line.as_str(), line_end]).collect();
            return Some(TextEdit::replace(TextRange::empty(self.next_line(line)), text));
        }
        let text: String = new.lines.iter().flat_map(|line| [line_end, line.as_str()]).collect();
        Some(TextEdit::replace(TextRange::empty(self.line_end(line)), text))
    }

    /// Puts an entry or item above a line.
    pub(crate) fn insert_above(&self, line: u32, new: &Lines) -> TextEdit {
        let text: String = new.lines.iter().flat_map(|line| [line.as_str(), self.source.line_end()]).collect();
        TextEdit::replace(TextRange::empty(self.line_start(line)), text)
    }
}

impl Lines {
    pub(crate) fn one(line: String) -> Self {
        Self { lines: vec![line], is_open: false }
    }

    /// The lines as they stand behind a dash.
    pub(crate) fn behind_dash(&self, line_end: &str) -> String {
        self.lines.join(line_end).trim_start_matches(' ').to_owned()
    }
}
