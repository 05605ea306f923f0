//! From the parser's events to a tree with exact ranges.
//!
//! The events tell the structure, but little about places: marks are missing for anchors, tags and comments, and those of block
//! collections and block scalars stand elsewhere. So the reader walks the text along with the events. What stands
//! between two nodes is only blanks, comments, indicators and properties, and is easily told apart.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use super::parser::{Event, Events, Properties, SyntaxError, text_start};
use super::{
    CollectionStyle, Entry, Node, NodeId, NodeKind, Problem, Scalar, ScalarStyle, Spanned, Tree, checks, span, tag,
};
use crate::text::{TextRange, TextSize};

/// Collections nested deeper are not read.
pub(super) const MAX_DEPTH: usize = 128;

/// What could be read of a text.
pub(super) struct Reading {
    pub(super) tree: Tree,
    /// Why the text was not read to its end.
    pub(super) error: Option<SyntaxError>,
    /// Everything before this offset is in the tree.
    pub(super) read_to: usize,
}

/// Reads a text up to the first syntax error. Ranges are those of `text`.
pub(super) fn read(text: &str) -> Reading {
    let start = text_start(text);
    let mut reader =
        Reader { text, start, at: start, tree: Tree::default(), open: Vec::new(), anchors: HashMap::new() };
    let mut error = None;
    let mut events = Events::new(text).peekable();
    while let Some(event) = events.next() {
        match event {
            Ok((event, mark)) => {
                let next_mark = events.peek().and_then(|next| Some(next.as_ref().ok()?.1));
                if reader.take(event, mark, next_mark).is_break() {
                    break;
                }
            }
            Err(found) => {
                error = Some(found);
                break;
            }
        }
    }
    let read_to = reader.at;
    reader.close_all();
    Reading { tree: reader.tree, error, read_to }
}

/// The problem of a text that is nested too deeply at `range`.
pub(super) fn too_deep(range: TextRange) -> Problem {
    let message =
        format!("Lists and maps are nested more than {MAX_DEPTH} levels deep here, and the file is read no further.");
    Problem::syntax(range, message)
}

struct Reader<'a> {
    text: &'a str,
    /// Where the text begins, behind a byte order mark.
    start: usize,
    /// Everything before this offset is read.
    at: usize,
    tree: Tree,
    /// The collections around the place, outermost first.
    open: Vec<Open>,
    /// Nodes by the parser's number for their anchor.
    anchors: HashMap<usize, NodeId>,
}

/// A collection whose end is still to come.
struct Open {
    id: NodeId,
    /// Whether it stands between brackets of its own.
    brackets: bool,
    /// The key that waits for its value.
    key: Option<NodeId>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event, mark: usize, next_mark: Option<usize>) -> ControlFlow<()> {
        match event {
            Event::DocumentStart if self.tree.root.is_some() => {
                self.second_document();
                return ControlFlow::Break(());
            }
            Event::DocumentStart => {}
            Event::DocumentEnd | Event::StreamEnd => self.skip_document_end(),
            Event::Alias { anchor } => self.alias(anchor),
            Event::Scalar { text, style, properties } => self.scalar(text, style, &properties, mark),
            Event::SequenceStart { properties } => {
                if self.open.len() == MAX_DEPTH {
                    return self.too_deep();
                }
                self.sequence(&properties);
            }
            Event::MappingStart { properties } => {
                if self.open.len() == MAX_DEPTH {
                    return self.too_deep();
                }
                self.mapping(&properties, mark, next_mark);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(true),
        }
        ControlFlow::Continue(())
    }

    fn alias(&mut self, anchor: usize) {
        self.enter();
        self.skip_trivia();
        let range = self.name_after_sign();
        let name = self.text[range.clone()].strip_prefix('*').unwrap_or_default().to_owned();
        let mut target = self.anchors.get(&anchor).copied();
        self.at = range.end;
        if let Some(around) = target.take_if(|target| self.open.iter().any(|open| open.id == *target)) {
            let place = TextRange::new(offset(range.start), offset(range.end));
            let problem = checks::endless_alias(&name, place, self.tree.node(around));
            self.tree.problems.push(problem);
        }
        self.push(NodeKind::Alias { name, target }, range, Given::default());
    }

    fn scalar(&mut self, mut text: String, style: ScalarStyle, properties: &Properties, mark: usize) {
        let slot = self.enter();
        let given = self.properties(properties);
        let range = if style == ScalarStyle::Plain && text.is_empty() {
            let place = given.end.unwrap_or(slot);
            place..place
        } else {
            self.skip_trivia();
            // The walk does not follow everything that brackets can hold, such as `[? ]`; the parser's mark of a scalar is
            // exact but for block scalars, so that the walk finds its way again there.
            let start = if style.is_block() { self.at } else { self.at.max(mark) };
            let end = match style {
                ScalarStyle::Plain => span::plain_end(self.text, start, &text),
                ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => span::quoted_end(self.text, start),
                ScalarStyle::Literal | ScalarStyle::Folded => {
                    let header = span::block_header_end(self.text, start);
                    self.at = header;
                    self.skip_line();
                    if text.bytes().any(|byte| byte != b'\n') {
                        span::block_content_end(self.text, mark)
                    } else {
                        // Of nothing but empty lines, the parser keeps one too many.
                        text = "\n".repeat(if self.text[start..header].contains('+') { self.empty_lines() } else { 0 });
                        header
                    }
                }
            };
            self.at = self.at.max(end);
            start..end
        };
        self.push(NodeKind::Scalar(Scalar { text, style }), range, given);
    }

    fn sequence(&mut self, properties: &Properties) {
        self.enter();
        let given = self.properties(properties);
        self.skip_trivia();
        let brackets = self.peek() == Some(b'[');
        let style = if brackets { CollectionStyle::Flow } else { CollectionStyle::Block };
        self.open(NodeKind::Sequence { items: Vec::new(), style }, brackets, given);
    }

    fn mapping(&mut self, properties: &Properties, mark: usize, next_mark: Option<usize>) {
        self.enter();
        let given = self.properties(properties);
        self.skip_trivia();
        // The marks tell `{a: b}` from a mapping that has it for its first key: without brackets of its own, that one is marked
        // at its colon, or, as the only entry of a list in brackets, where its key is marked too.
        let brackets = self.peek() == Some(b'{') && mark == self.at && next_mark != Some(mark);
        let style = if brackets || self.in_flow() { CollectionStyle::Flow } else { CollectionStyle::Block };
        self.open(NodeKind::Mapping { entries: Vec::new(), style }, brackets, given);
    }

    fn open(&mut self, kind: NodeKind, brackets: bool, given: Given) {
        let id = self.push(kind, self.at..self.at, given);
        self.at += usize::from(brackets);
        self.open.push(Open { id, brackets, key: None });
    }

    /// Ends the innermost collection; `complete` when the text holds its end.
    fn close(&mut self, complete: bool) {
        if self.open.last().is_some_and(|open| open.key.is_some()) {
            let slot = self.enter();
            self.push(
                NodeKind::Scalar(Scalar { text: String::new(), style: ScalarStyle::Plain }),
                slot..slot,
                Given::default(),
            );
        }
        let Some(Open { id, brackets, .. }) = self.open.pop() else { return };
        let first = self.tree.children(id).next();
        let last = match &self.tree.node(id).kind {
            NodeKind::Sequence { items, .. } => items.last().copied(),
            NodeKind::Mapping { entries, .. } => entries.last().map(|entry| entry.value),
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => None,
        };
        let mut range = self.tree.node(id).range;
        if brackets {
            let mut end = range.start() + TextSize::new(1);
            if complete {
                self.skip_trivia();
                self.skip_indicator(b',');
                self.skip_trivia();
                self.at += usize::from(matches!(self.peek(), Some(b']' | b'}')));
                end = offset(self.at);
            } else if let Some(last) = last {
                end = self.tree.node(last).range.end();
            }
            range = TextRange::new(range.start(), end);
        } else if let (Some(first), Some(last)) = (first, last) {
            range = self.tree.node(first).range.cover(self.tree.node(last).range);
        }
        self.tree.nodes[id.0 as usize].range = range;
    }

    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close(false);
        }
    }

    /// Hangs a node into the innermost collection.
    fn push(&mut self, kind: NodeKind, range: Range<usize>, given: Given) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        let parent = self.open.last_mut().map(|open| {
            match &mut self.tree.nodes[open.id.0 as usize].kind {
                NodeKind::Sequence { items, .. } => items.push(id),
                NodeKind::Mapping { entries, .. } => match open.key.take() {
                    Some(key) => entries.push(Entry { key, value: id }),
                    None => open.key = Some(id),
                },
                NodeKind::Scalar(_) | NodeKind::Alias { .. } => {}
            }
            open.id
        });
        if parent.is_none() {
            self.tree.root.get_or_insert(id);
        }
        if given.number > 0 {
            self.anchors.insert(given.number, id);
        }
        if let (Some(full), Some(written)) = (&given.full_tag, &given.tag) {
            self.tree.problems.extend(tag::problem(full, written, &kind));
        }
        let range = TextRange::new(offset(range.start), offset(range.end.max(range.start)));
        self.tree.nodes.push(Node { kind, range, parent, tag: given.tag, anchor: given.anchor });
        id
    }

    fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| match self.tree.node(open.id).kind {
            NodeKind::Sequence { style, .. } | NodeKind::Mapping { style, .. } => style == CollectionStyle::Flow,
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => false,
        })
    }

    /// Walks over the indicators that lead to the next node, and yields the place where it would stand if it were empty.
    fn enter(&mut self) -> usize {
        let flow = self.in_flow();
        let Some(open) = self.open.last() else { return self.skip_document_start() };
        let waiting = open.key;
        match &self.tree.node(open.id).kind {
            NodeKind::Sequence { .. } => {
                self.skip_trivia();
                self.skip_indicator(if flow { b',' } else { b'-' });
                self.at
            }
            _ => {
                if let Some(key) = waiting {
                    let slot = usize::from(self.tree.node(key).range.end()).max(self.property_end(key));
                    self.skip_trivia();
                    if self.peek() == Some(b':') && (flow || self.blank_at(self.at + 1)) {
                        self.at += 1;
                        return self.at;
                    }
                    slot
                } else {
                    self.skip_trivia();
                    if flow && self.skip_indicator(b',') {
                        self.skip_trivia();
                    }
                    if self.peek() == Some(b'?') && self.blank_at(self.at + 1) {
                        self.at += 1;
                    }
                    self.at
                }
            }
        }
    }

    fn property_end(&self, id: NodeId) -> usize {
        let node = self.tree.node(id);
        let ends = [&node.tag, &node.anchor].map(|given| given.as_ref().map_or(0, |given| given.range.end().into()));
        ends[0].max(ends[1])
    }

    /// Walks over the tag and the anchor that the parser has seen.
    fn properties(&mut self, properties: &Properties) -> Given {
        let mut given = Given { number: properties.anchor, ..Given::default() };
        let (mut anchor, mut tag) = (properties.anchor > 0, properties.tag.is_some());
        while anchor || tag {
            self.skip_trivia();
            let range = match self.peek() {
                Some(b'&') if anchor => {
                    anchor = false;
                    let range = self.name_after_sign();
                    given.anchor = Some(self.spanned(range.clone(), 1));
                    range
                }
                Some(b'!') if tag => {
                    tag = false;
                    let range = self.tag_range();
                    given.tag = Some(self.spanned(range.clone(), 0));
                    given.full_tag.clone_from(&properties.tag);
                    range
                }
                _ => break,
            };
            self.at = range.end;
            given.end = Some(range.end);
        }
        given
    }

    fn spanned(&self, range: Range<usize>, without: usize) -> Spanned {
        let text = self.text[range.start + without..range.end].to_owned();
        Spanned { text, range: TextRange::new(offset(range.start), offset(range.end)) }
    }

    /// `&name` or `*name` at the place.
    fn name_after_sign(&self) -> Range<usize> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let length = rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}', '\u{feff}']).unwrap_or(rest.len());
        self.at..self.text.len() - rest.len() + length
    }

    /// `!tag` at the place.
    fn tag_range(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("!<") {
            rest.find('>').map(|at| at + 1)
        } else {
            rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}'])
        };
        self.at..self.at + length.unwrap_or(rest.len())
    }

    /// Walks over directives, `---`, and the `...` of documents that are not there.
    fn skip_document_start(&mut self) -> usize {
        loop {
            self.skip_trivia();
            if self.at_line_start() && self.peek() == Some(b'%') {
                self.skip_line();
            } else if !self.skip_marker("...") {
                break;
            }
        }
        self.skip_marker("---");
        self.at
    }

    fn skip_document_end(&mut self) {
        self.skip_trivia();
        while self.skip_marker("...") {
            self.skip_trivia();
        }
    }

    fn skip_marker(&mut self, marker: &str) -> bool {
        let found =
            self.at_line_start() && self.text[self.at..].starts_with(marker) && self.blank_at(self.at + marker.len());
        self.at += if found { marker.len() } else { 0 };
        found
    }

    fn second_document(&mut self) {
        self.skip_trivia();
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("---") { 3 } else { rest.find(['\n', '\r']).unwrap_or(rest.len()) };
        self.tree.problems.push(Problem::syntax(
            TextRange::at(offset(self.at), offset(length)),
            "A second document starts here, but the file must hold one. Nothing below is read. Remove `---`, or move what \
             follows to a file of its own.",
        ));
    }

    fn too_deep(&mut self) -> ControlFlow<()> {
        self.skip_trivia();
        let end = self.text[self.at..].chars().next().map_or(self.at, |next| self.at + next.len_utf8());
        self.tree.problems.push(too_deep(TextRange::new(offset(self.at), offset(end))));
        ControlFlow::Break(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank_at(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn at_line_start(&self) -> bool {
        self.at == self.start || matches!(self.text.as_bytes()[self.at - 1], b'\n' | b'\r')
    }

    fn skip_indicator(&mut self, indicator: u8) -> bool {
        let found = self.peek() == Some(indicator);
        self.at += usize::from(found);
        found
    }

    /// Walks over blanks, line ends and comments.
    fn skip_trivia(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' => {
                    let end = self.line_end();
                    self.tree.comments.push(TextRange::new(offset(self.at), offset(end)));
                    self.at = end;
                }
                _ => break,
            }
        }
    }

    /// Walks to the end of a line in which nothing but a comment is of interest.
    fn skip_line(&mut self) {
        let end = self.line_end();
        let line = &self.text[self.at..end];
        if let Some(at) = line.find(" #").or_else(|| line.find("\t#")) {
            self.tree.comments.push(TextRange::new(offset(self.at + at + 1), offset(end)));
        }
        self.at = end;
    }

    /// How many empty lines follow the line at hand.
    fn empty_lines(&self) -> usize {
        let rest = &self.text[self.at..];
        let blank = &rest[..rest.len() - rest.trim_start().len()];
        span::line_breaks(blank).saturating_sub(1)
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }
}

/// Anchor and tag with their places.
#[derive(Default)]
struct Given {
    number: usize,
    anchor: Option<Spanned>,
    tag: Option<Spanned>,
    /// The tag with its handle resolved.
    full_tag: Option<String>,
    /// Where the last of them ends.
    end: Option<usize>,
}

fn offset(at: usize) -> TextSize {
    TextSize::new(at as u32)
}
