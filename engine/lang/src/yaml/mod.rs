//! A YAML text as a tree with exact places: what the user wrote, before it is given a meaning.
//!
//! Reading never fails. What cannot be read is repaired by trial and noted as a [`Problem`]; everything before and
//! after it is in the tree. Aliases stay aliases here, merge keys stay keys, variables stay text: their meaning is
//! worked out in [`config`](crate::config).

mod characters;
mod checks;
mod loader;
mod outline;
mod parser;
mod patch;
mod reader;
mod repair;
mod scalar;
mod span;
mod style;
mod tag;

pub use loader::parse;
pub use scalar::{Resolved, is_timestamp, resolve_plain};
pub use style::{Quote, Style};

use std::borrow::Cow;

use std::sync::OnceLock;

use crate::text::{Source, TextRange, TextSize};

/// More problems than this are of no use to anybody.
const MAX_PROBLEMS: usize = 100;

/// Identifies a node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// A text and its tree.
#[derive(Debug)]
pub struct Document {
    source: Source,
    tree: OnceLock<Tree>,
    style: OnceLock<Style>,
}

impl Document {
    /// Takes any text. It is read when its tree is first asked for: an editor sends more texts than it asks about.
    pub fn new(text: impl Into<String>) -> Self {
        Self { source: Source::new(text.into()), tree: OnceLock::new(), style: OnceLock::new() }
    }

    /// How it is written; looked at once.
    pub fn style(&self) -> &Style {
        self.style.get_or_init(|| Style::of(&self.source, self.tree()))
    }

    /// The text and its lines.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The tree of the text; see the module's notes.
    pub fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| parse(&self.source))
    }
}

/// The nodes of a document, its comments, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: Option<NodeId>,
    /// Comments from `#` to the end of their line, in the order of the text.
    pub(crate) comments: Vec<TextRange>,
    /// Faults in the order of the text.
    pub(crate) problems: Vec<Problem>,
}

impl Tree {
    /// The top of the document; `None` when it holds nothing but comments.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// A node by its id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// All nodes with their ids, parents before children.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index as u32), node))
    }

    /// Comments from `#` to the end of their line, in the order of the text.
    pub fn comments(&self) -> &[TextRange] {
        &self.comments
    }

    /// What could not be read as written, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The entry of the parent mapping whose value (or key) is `id`.
    pub fn entry_of(&self, id: NodeId) -> Option<Entry> {
        // Ids grow along the text, and so do those of keys and values.
        let entries = self.entries(self.node(id).parent?);
        let entry = entries[..entries.partition_point(|entry| entry.key <= id)].last()?;
        (entry.key == id || entry.value == id).then_some(*entry)
    }

    /// The entries of a mapping; empty for every other node.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(id).kind {
            NodeKind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; empty for every other node.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            NodeKind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// The text of a scalar after quotes, escapes and folding.
    pub fn scalar_text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// What a key is called: its text, or its value as text where it is a number or a boolean. `None` for the merge key
    /// (`<<`) and for keys that are collections.
    pub fn key_text(&self, id: NodeId) -> Option<Cow<'_, str>> {
        checks::key_text(self, id)
    }

    /// What a scalar means by its style and its tag, its variables aside; [`Resolved::Text`] for every other node.
    pub fn resolved(&self, id: NodeId) -> Resolved {
        tag::resolved(self.node(id))
    }

    /// The function of an AWS stack template that the node's tag stands for: `Ref` for `!Ref`, `Fn::Sub` for `!Sub`. The
    /// node then means a map with that one key.
    pub fn function(&self, id: NodeId) -> Option<String> {
        tag::function(self.node(id))
    }

    /// The innermost node whose range holds `offset`, its end included.
    pub fn node_at(&self, offset: TextSize) -> Option<NodeId> {
        let mut at = self.root.filter(|root| self.node(*root).range.contains_inclusive(offset))?;
        while let Some(child) = self.children(at).find(|child| self.node(*child).range.contains_inclusive(offset)) {
            at = child;
        }
        Some(at)
    }

    /// Keys and values of a mapping, or items of a sequence, in the order of the text.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let entries = self.entries(id).iter().flat_map(|entry| [entry.key, entry.value]);
        entries.chain(self.items(id).iter().copied())
    }

    /// The source range that shows the bytes `part` of a scalar's cooked text: exact where quotes, escapes and folding
    /// allow it, else the whole scalar.
    pub fn scalar_part(&self, source: &Source, id: NodeId, part: std::ops::Range<usize>) -> TextRange {
        span::scalar_part(self, source, id, part)
    }

    /// The same for several parts of one scalar, in one pass over it.
    pub fn scalar_parts(&self, source: &Source, id: NodeId, parts: &[std::ops::Range<usize>]) -> Vec<TextRange> {
        span::scalar_parts(self, source, id, parts)
    }
}

/// One node of the tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its own text in the source: quotes and brackets included, anchor, tag and comments excluded. A block
    /// collection reaches from its first child to the end of its last; an empty value is an empty range behind its
    /// colon or dash; a block scalar starts at its `|` or `>`.
    pub range: TextRange,
    /// The collection it stands in.
    pub parent: Option<NodeId>,
    /// A tag as written (`!Ref`, `!!str`), with its range.
    pub tag: Option<Spanned>,
    /// An anchor's name without `&`, with the range of `&name`.
    pub anchor: Option<Spanned>,
}

/// A piece of text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned {
    /// The text.
    pub text: String,
    /// Its place in the source.
    pub range: TextRange,
}

/// The kinds of node.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Text, a number, a boolean, nothing: what it means is for [`resolve_plain`].
    Scalar(Scalar),
    /// A list.
    Sequence {
        /// Its items.
        items: Vec<NodeId>,
        /// How it is written.
        style: CollectionStyle,
    },
    /// A map. Duplicate keys are kept, and noted as problems.
    Mapping {
        /// Its entries in the order of the text.
        entries: Vec<Entry>,
        /// How it is written.
        style: CollectionStyle,
    },
    /// `*name`. Unknown names are noted as problems.
    Alias {
        /// The name without `*`.
        name: String,
        /// The node that carries the anchor; never an ancestor of the alias.
        target: Option<NodeId>,
    },
}

/// A scalar as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after quotes, escapes and folding.
    pub text: String,
    /// How it is written.
    pub style: ScalarStyle,
}

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key's node.
    pub key: NodeId,
    /// The value's node.
    pub value: NodeId,
}

/// Block or flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectionStyle {
    /// By indentation.
    Block,
    /// In brackets.
    Flow,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In `'…'`.
    SingleQuoted,
    /// In `"…"`.
    DoubleQuoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

impl ScalarStyle {
    fn is_block(self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }
}

/// Something in the text that YAML, or the dialect of the configuration file, does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub kind: ProblemKind,
    /// The narrowest range that shows it.
    pub range: TextRange,
    /// What is wrong, why, and what to do.
    pub message: String,
    /// An earlier place that explains it.
    pub related: Option<(TextRange, String)>,
    /// A certain way to mend it: a title and the edits.
    pub fix: Option<(String, Vec<crate::text::TextEdit>)>,
}

impl Problem {
    pub(crate) fn syntax(range: TextRange, message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Syntax, range, message: message.into(), related: None, fix: None }
    }

    pub(crate) fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related = Some((range, message.into()));
        self
    }

    pub(crate) fn fix(mut self, title: impl Into<String>, edits: Vec<crate::text::TextEdit>) -> Self {
        self.fix = Some((title.into(), edits));
        self
    }
}

/// The kinds of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text is not YAML here.
    Syntax,
    /// A key stands twice in one mapping; the place is the second key.
    DuplicateKey,
}

#[cfg(test)]
mod tests;
