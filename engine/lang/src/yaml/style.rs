//! How a document is written, for what is added to it.

use super::{CollectionStyle, NodeId, NodeKind, ScalarStyle, Tree};
use crate::text::{Encoding, Source, TextSize};

/// A pair of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `'…'`
    Single,
    /// `"…"`
    Double,
}

/// How a document is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns between a key and the keys of its value; 2 when there is nothing to see.
    pub unit: usize,
    /// Columns between a key and the dashes of its value.
    pub dash_offset: usize,
    /// The quotes that it uses most; double ones when there is no majority.
    pub quote: Quote,
    /// Whether it is JSON, which knows no comments, and where everything is quoted and in brackets. It is recognised by
    /// its first key: YAML in brackets hardly ever quotes it.
    pub json: bool,
}

impl Style {
    /// So many nodes tell how a document is written; more would only cost time.
    const SAMPLE: usize = 1024;
    const DEFAULT_UNIT: usize = 2;

    pub(super) fn of(source: &Source, tree: &Tree) -> Self {
        let (mut single, mut double) = (0, 0);
        let mut units = Tally::default();
        let mut dash_offsets = Tally::default();
        for (id, node) in tree.nodes().take(Self::SAMPLE) {
            match &node.kind {
                NodeKind::Scalar(scalar) => match scalar.style {
                    ScalarStyle::SingleQuoted => single += 1,
                    ScalarStyle::DoubleQuoted => double += 1,
                    ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {}
                },
                NodeKind::Mapping { style: CollectionStyle::Block, .. } => {
                    units.add(offset_from_key(source, tree, id).filter(|offset| *offset > 0));
                }
                NodeKind::Sequence { style: CollectionStyle::Block, .. } => {
                    dash_offsets.add(offset_from_key(source, tree, id));
                }
                _ => {}
            }
        }
        let dash_offset = dash_offsets.most_frequent();
        let unit = units.most_frequent().or(dash_offset.filter(|offset| *offset > 0)).unwrap_or(Self::DEFAULT_UNIT);
        Self {
            unit,
            dash_offset: dash_offset.unwrap_or(unit),
            quote: if single > double { Quote::Single } else { Quote::Double },
            json: is_json(tree),
        }
    }
}

fn is_json(tree: &Tree) -> bool {
    let Some(root) = tree.root() else { return false };
    let in_brackets = matches!(tree.node(root).kind, NodeKind::Mapping { style: CollectionStyle::Flow, .. });
    let first_key = tree.entries(root).first().map(|entry| &tree.node(entry.key).kind);
    let quoted = |kind: &NodeKind| matches!(kind, NodeKind::Scalar(key) if key.style == ScalarStyle::DoubleQuoted);
    in_brackets && first_key.is_some_and(quoted)
}

/// By how many columns a block collection is indented against the key it is the value of.
fn offset_from_key(source: &Source, tree: &Tree, id: NodeId) -> Option<usize> {
    let key = tree.entry_of(id).filter(|entry| entry.value == id)?.key;
    let mark = usize::from(source.text().starts_with('\u{feff}'));
    let column = |offset: TextSize| {
        let at = source.position(offset, Encoding::Utf32);
        // The mark at the start of a file takes no column.
        (at.character as usize).saturating_sub(if at.line == 0 { mark } else { 0 })
    };
    let start = match &tree.node(id).kind {
        NodeKind::Mapping { entries, .. } => tree.node(entries.first()?.key).range.start(),
        // The dash of the first item, where it stands on the item's line.
        NodeKind::Sequence { items, .. } => {
            let item = tree.node(*items.first()?);
            // Of several dashes in a row it would be the last.
            if matches!(item.kind, NodeKind::Sequence { style: CollectionStyle::Block, .. }) {
                return None;
            }
            let item = usize::from(item.range.start());
            let line = source.line_range(source.line_of(TextSize::new(item as u32)))?;
            let before = source.text().get(usize::from(line.start())..item)?.trim_end_matches(' ');
            line.start() + TextSize::of(before.strip_suffix('-')?)
        }
        _ => return None,
    };
    column(start).checked_sub(column(tree.node(key).range.start()))
}

/// Counts small numbers.
#[derive(Default)]
struct Tally([u32; 17]);

impl Tally {
    fn add(&mut self, number: Option<usize>) {
        if let Some(count) = number.and_then(|number| self.0.get_mut(number)) {
            *count += 1;
        }
    }

    /// The smaller one of two that are equally frequent.
    fn most_frequent(&self) -> Option<usize> {
        let most = *self.0.iter().max()?;
        self.0.iter().position(|count| *count == most && most > 0)
    }
}
