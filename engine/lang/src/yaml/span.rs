use super::{NodeId, Tree};
use crate::text::{Source, TextRange};

pub(super) fn scalar_part(tree: &Tree, _source: &Source, id: NodeId, _part: std::ops::Range<usize>) -> TextRange {
    tree.node(id).range
}
