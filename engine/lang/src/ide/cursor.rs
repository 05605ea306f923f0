//! What stands at a place of the text, also where the text is half typed.
//!
//! A word that cannot be mistaken is put at the cursor, as a key and as a value, and the text around is read anew; where that
//! word ends up in the tree is where the cursor is.

use super::cut::{self, Cut};
use super::described::Described;
use crate::text::{TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind, Quote, ScalarStyle, Tree};

/// Stands at the cursor. Nobody has such a key.
pub(super) const WORD: &str = "slipwayCursor7f3a";

/// The text around the cursor with a word at it, and where that is.
pub(super) struct Cursor {
    document: Document,
    /// The scalar that holds the word.
    pub(super) node: NodeId,
    /// What a person is writing.
    pub(super) role: Role,
    /// The scalar as it stands in the text on the line of the cursor, quotes included.
    pub(super) range: TextRange,
    /// The quotes around it, of which the closing one may be missing.
    pub(super) quote: Option<Quote>,
}

/// What a person is writing at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A key of the mapping.
    Key {
        /// The mapping.
        mapping: NodeId,
        /// Whether the colon behind the key is there.
        colon: bool,
    },
    /// A value: of a key, or an item of a list.
    Value,
}

impl Cursor {
    /// The readings of a place between two characters, likeliest first. Each is made when it is asked for.
    pub(super) fn readings(document: &Document, offset: usize) -> impl Iterator<Item = Self> + use<> {
        Self::readings_in(cut::around(document, offset), offset)
    }

    /// The same, from the whole text.
    #[cfg(test)]
    pub(super) fn readings_of_all(document: &Document, offset: usize) -> impl Iterator<Item = Self> + use<> {
        let (before, after) = document.source().text().split_at(offset);
        Self::readings_in(Cut { before: before.to_owned(), after: after.to_owned() }, offset)
    }

    fn readings_in(cut: Cut, offset: usize) -> impl Iterator<Item = Self> + use<> {
        Insertion::likely(&cut).into_iter().filter_map(move |insertion| insertion.read(&cut, offset))
    }

    /// The tree of the text with the word.
    pub(super) fn tree(&self) -> &Tree {
        self.document.tree()
    }

    /// What the model says of what may stand where a node is.
    pub(super) fn described(&self, node: NodeId) -> Option<Described> {
        Described::of(self.tree(), node)
    }

    /// The keys that lead to a node; positions of lists are left out.
    pub(super) fn keys(&self, node: NodeId) -> Vec<&str> {
        let tree = self.tree();
        let entries = self.route(node).into_iter().filter_map(|(_, child)| tree.entry_of(child));
        entries.map(|entry| tree.scalar_text(entry.key).unwrap_or_default()).collect()
    }

    /// Whether a node stands in brackets.
    pub(super) fn is_in_flow(&self, node: NodeId) -> bool {
        let tree = self.tree();
        self.route(node).iter().any(|(parent, _)| {
            matches!(
                tree.node(*parent).kind,
                NodeKind::Mapping { style: CollectionStyle::Flow, .. }
                    | NodeKind::Sequence { style: CollectionStyle::Flow, .. }
            )
        })
    }

    /// The collections from the root to a node, each with the child on the way.
    fn route(&self, node: NodeId) -> Vec<(NodeId, NodeId)> {
        let mut route = Vec::new();
        let mut at = node;
        while let Some(parent) = self.tree().node(at).parent {
            route.push((parent, at));
            at = parent;
        }
        route.reverse();
        route
    }
}

/// A way to put the word into the text.
struct Insertion {
    /// What the word needs before it.
    lead: &'static str,
    /// Where the word is made a key: how far behind the cursor, and by what.
    colon: Option<(usize, &'static str)>,
}

impl Insertion {
    const BARE: Self = Self { lead: "", colon: None };

    /// The ways that make sense of what stands around the cursor on its line, likeliest first.
    fn likely(cut: &Cut) -> Vec<Self> {
        let line = &cut.before[line_start(&cut.before)..];
        let rest = &cut.after[..line_end(&cut.after)];
        if line.ends_with(':') {
            let ways = [Self { lead: " ", colon: None }, Self::BARE];
            return ways.into_iter().chain(Self::key(line, rest, &|_| true)).collect();
        }
        match Self::key(line, rest, &|character| character != ':') {
            Some(keyed) => vec![keyed, Self::BARE],
            // Names of policies have colons in them.
            None => std::iter::once(Self::BARE).chain(Self::key(line, rest, &|_| true)).collect(),
        }
    }

    /// The word as a key, where it begins its line, item or brackets.
    fn key(line: &str, rest: &str, is_part: &dyn Fn(char) -> bool) -> Option<Self> {
        let is_word = |character: char| is_word(character) && is_part(character);
        let mut behind = line.char_indices().rev();
        let word = behind.find(|(_, last)| !is_word(*last)).map_or(0, |(at, last)| at + last.len_utf8());
        let (before, quote) = match line[..word].chars().next_back() {
            Some(quote @ ('"' | '\'')) => (&line[..word - 1], Some(quote)),
            _ => (&line[..word], None),
        };
        let before = before.trim_end();
        let begins = before.is_empty() || before.ends_with(['-', '{', '[', ',', '?']);
        let is_end = |character: char| !is_word(character) || character == ':';
        let (end, colon) = match quote {
            None => (rest.find(is_end).unwrap_or(rest.len()), ": "),
            Some(quote) => match rest.find(quote) {
                Some(at) => (at + 1, ": "),
                None => (rest.trim_end().len(), if quote == '"' { "\": " } else { "': " }),
            },
        };
        let has_colon = rest[end..].trim_start_matches(' ').starts_with(':');
        (begins && !has_colon).then_some(Self { lead: "", colon: Some((end, colon)) })
    }

    fn read(&self, cut: &Cut, offset: usize) -> Option<Cursor> {
        let (behind, colon) = self.colon.unwrap_or((0, ""));
        let text = [&cut.before, self.lead, WORD, &cut.after[..behind], colon, &cut.after[behind..]].concat();
        let word = cut.before.len() + self.lead.len();
        let document = Document::new(text);
        let tree = document.tree();
        let holds = |kind: &NodeKind| matches!(kind, NodeKind::Scalar(scalar) if scalar.text.contains(WORD));
        let (node, found) = tree.nodes().find(|(_, node)| holds(&node.kind))?;
        let role = match tree.entry_of(node) {
            Some(entry) if entry.key == node => Role::Key { mapping: found.parent?, colon: self.colon.is_none() },
            _ => Role::Value,
        };
        let quote = match &found.kind {
            NodeKind::Scalar(scalar) => match scalar.style {
                ScalarStyle::Plain => None,
                ScalarStyle::SingleQuoted => Some(Quote::Single),
                ScalarStyle::DoubleQuoted => Some(Quote::Double),
                ScalarStyle::Literal | ScalarStyle::Folded => return None,
            },
            _ => None,
        };
        let left = word.checked_sub(found.range.start().into())?;
        let right = usize::from(found.range.end()).saturating_sub(word + WORD.len());
        // What was put in for a colon is not in the text.
        let right = if right > behind { right.saturating_sub(colon.len()).max(behind) } else { right };
        let right = right.min(line_end(&cut.after));
        let starts_here = left <= cut.before.len() - line_start(&cut.before);
        let at = |offset: usize| TextSize::new(offset as u32);
        let range = TextRange::new(at(offset.checked_sub(left)?), at(offset + right));
        starts_here.then_some(Cursor { document, node, role, range, quote })
    }
}

/// The text of a scalar under a key of a mapping.
pub(super) fn sibling<'t>(tree: &'t Tree, mapping: NodeId, key: &str) -> Option<&'t str> {
    let entry = tree.entries(mapping).iter().find(|entry| tree.scalar_text(entry.key) == Some(key))?;
    tree.scalar_text(entry.value)
}

fn is_word(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '{' | '}' | '[' | ']' | ',' | '"' | '\'' | '#')
}

fn line_start(text: &str) -> usize {
    text.rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}
