use super::layout::Layout;
use crate::yaml::{CollectionStyle, Document, NodeKind, ScalarStyle};

/// A pair of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `'…'`
    Single,
    /// `"…"`
    Double,
}

/// By how many columns the document indents the entries of a mapping below its key; 2 when there is nothing to see.
pub fn indent_unit(document: &Document) -> usize {
    Style::of(document).unit
}

/// The quotes that the document uses most; double ones when there is no majority.
pub fn dominant_quote(document: &Document) -> Quote {
    Style::of(document).quote
}

/// Whether the document is JSON, which knows no comments, and where everything is quoted and in brackets. It is
/// recognised by its first key: YAML in brackets hardly ever quotes it.
pub(crate) fn is_json(document: &Document) -> bool {
    let layout = Layout::new(document);
    let Some(root) = layout.tree.root() else { return false };
    let first_key = layout.tree.entries(root).first().map(|entry| &layout.node(entry.key).kind);
    let quoted = |kind: &NodeKind| matches!(kind, NodeKind::Scalar(key) if key.style == ScalarStyle::DoubleQuoted);
    layout.collection_style(root) == Some(CollectionStyle::Flow) && first_key.is_some_and(quoted)
}

/// How a document is written, for what is added to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Columns between a key and the keys of its value.
    pub(super) unit: usize,
    /// Columns between a key and the dashes of its value.
    pub(super) dash_offset: usize,
    pub(super) quote: Quote,
    /// See [`is_json`].
    pub(super) json: bool,
}

impl Style {
    /// So many nodes tell how a document is written; more would only cost time.
    const SAMPLE: usize = 1024;
    const DEFAULT_UNIT: usize = 2;

    pub(super) fn of(document: &Document) -> Self {
        let layout = Layout::new(document);
        let (mut single, mut double) = (0, 0);
        let mut units = Tally::default();
        let mut dash_offsets = Tally::default();
        for (id, node) in document.tree().nodes().take(Self::SAMPLE) {
            match &node.kind {
                NodeKind::Scalar(scalar) => match scalar.style {
                    ScalarStyle::SingleQuoted => single += 1,
                    ScalarStyle::DoubleQuoted => double += 1,
                    ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {}
                },
                NodeKind::Mapping { style: CollectionStyle::Block, .. } => {
                    units.add(offset_from_key(layout, id).filter(|offset| *offset > 0));
                }
                NodeKind::Sequence { style: CollectionStyle::Block, .. } => {
                    dash_offsets.add(offset_from_key(layout, id));
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
            json: is_json(document),
        }
    }
}

/// By how many columns a block collection is indented against the key it is the value of.
fn offset_from_key(layout: Layout<'_>, id: crate::yaml::NodeId) -> Option<usize> {
    let slot = layout.slot(id).filter(|slot| slot.key.is_some())?;
    let key = layout.column(layout.head(&slot)?);
    layout.column_of(id)?.checked_sub(key)
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
