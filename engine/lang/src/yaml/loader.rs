use super::Tree;
use crate::text::Source;

/// Reads a text into a tree.
pub fn parse(source: &Source) -> Tree {
    let _ = source;
    Tree::default()
}
