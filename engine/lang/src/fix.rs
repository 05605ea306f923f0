//! Edits (stub until the module lands).
#![allow(missing_docs)]
use crate::text::TextEdit;
use crate::yaml::{Document, NodeId};
pub enum Position {
    Start,
    End,
    After(NodeId),
}
pub enum Scalar<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
}
pub fn remove_entry(_: &Document, _: NodeId) -> Option<Vec<TextEdit>> {
    None
}
pub fn rename_key(_: &Document, _: NodeId, _: &str) -> Option<Vec<TextEdit>> {
    None
}
pub fn replace_scalar(_: &Document, _: NodeId, _: Scalar<'_>) -> Option<Vec<TextEdit>> {
    None
}
pub fn insert_entry(_: &Document, _: NodeId, _: &str, _: &str, _: Position) -> Option<Vec<TextEdit>> {
    None
}
pub fn move_entry(_: &Document, _: NodeId, _: NodeId, _: &str) -> Option<Vec<TextEdit>> {
    None
}
pub fn quote(_: &Document, _: NodeId) -> Option<Vec<TextEdit>> {
    None
}
