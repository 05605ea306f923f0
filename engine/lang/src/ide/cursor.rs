//! What stands at a place of the text, also where the text is half typed.
//!
//! A word that cannot be mistaken is put in the place of the one at the cursor, once as a key and once as a value, and
//! the text is read anew; where that word ends up in the tree is where the cursor is.

use super::described::Described;
use crate::model::Shape;
use crate::text::{TextRange, TextSize};
use crate::yaml::{Document, NodeId, NodeKind, Tree};

/// Stands at the cursor. Nobody has such a key.
const WORD: &str = "slipwayCursor7f3a";

/// The document with a word at the cursor, and where that is.
pub(super) struct Cursor {
    /// The document with [`WORD`] at the cursor.
    pub(super) document: Document,
    /// The word's node there.
    pub(super) node: NodeId,
    /// What a person is writing.
    pub(super) role: Role,
    /// What is replaced by what is chosen, in the text as it was.
    pub(super) replaced: TextRange,
}

/// What a person is writing at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A key of the mapping.
    Key { mapping: NodeId },
    /// A value: of a key, or an item of a list.
    Value,
}

impl Cursor {
    /// The readings of a place, likeliest first.
    pub(super) fn readings(document: &Document, offset: TextSize) -> Vec<Self> {
        let text = document.source().text();
        let offset = text.floor_char_boundary(usize::from(offset));
        let (start, end) = (word_start(text, offset), word_end(text, offset));
        let replaced = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        let line_start = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = text[line_start..start].trim_end();
        let begins = before.is_empty() || before.ends_with(['-', '{', ',']);
        let has_colon = text[end..].trim_start_matches(' ').starts_with(':');
        let key = if has_colon { WORD.to_owned() } else { format!("{WORD}: ") };
        let words = if has_colon {
            vec![key]
        } else if begins {
            vec![key, WORD.to_owned()]
        } else {
            vec![WORD.to_owned(), format!(" {WORD}")]
        };
        let readings = words.into_iter().filter_map(|word| {
            let mut changed = String::with_capacity(text.len() + word.len());
            changed.push_str(&text[..start]);
            changed.push_str(&word);
            changed.push_str(&text[end..]);
            let document = Document::new(changed);
            let (node, role) = find(document.tree())?;
            Some(Self { document, node, role, replaced })
        });
        readings.collect()
    }

    /// What may stand where a node is.
    pub(super) fn shape_of(&self, node: NodeId) -> Option<Shape> {
        Described::of(self.document.tree(), node).map(|described| described.shape)
    }
}

fn find(tree: &Tree) -> Option<(NodeId, Role)> {
    let holds = |kind: &NodeKind| matches!(kind, NodeKind::Scalar(scalar) if scalar.text == WORD);
    let (node, _) = tree.nodes().find(|(_, node)| holds(&node.kind))?;
    let role = match tree.entry_of(node) {
        Some(entry) if entry.key == node => Role::Key { mapping: tree.node(node).parent? },
        _ => Role::Value,
    };
    Some((node, role))
}

/// The text of a scalar under a key of a mapping.
pub(super) fn sibling<'t>(tree: &'t Tree, mapping: NodeId, key: &str) -> Option<&'t str> {
    let entry = tree.entries(mapping).iter().find(|entry| tree.scalar_text(entry.key) == Some(key))?;
    tree.scalar_text(entry.value)
}

fn is_word(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '{' | '}' | '[' | ']' | ',' | '"' | '\'' | '#')
}

fn word_start(text: &str, offset: usize) -> usize {
    let is_part = |character: char| is_word(character) && character != ':';
    text[..offset]
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_part(*character))
        .last()
        .map_or(offset, |(at, _)| at)
}

fn word_end(text: &str, offset: usize) -> usize {
    let is_part = |character: char| is_word(character) && character != ':';
    offset + text[offset..].find(|character| !is_part(character)).unwrap_or(text.len() - offset)
}
