//! What an editor asks about a document: answers as plain data, in offsets of the text.

mod completion;
mod cursor;
mod cut;

pub use completion::{Item, ItemKind, complete};
