//! Edits of the user's text that leave everything else as it is: comments, order, quotes, indentation, line ends.
//!
//! Every function names a node of the document and answers with edits, or with `None` when the text there cannot be
//! changed safely: the node is an alias or stands inside the value of a merge key, an alias elsewhere needs what would
//! go away, the key is written with `?`, the new key exists already, or the text around it was not readable as YAML.
//! Positions are never guessed: each comma, colon and dash that an edit relies on is looked for in the text first.
//!
//! Which comments belong to an entry or item, and go or move with it:
//! - the one behind it on its last line, and all inside its value;
//! - lines below its value that are indented deeper than its key or dash;
//! - the block of comment lines directly above it in its own column, unless a blank line stands between, or the block
//!   starts on the first line of the file: that one is about the file.
//!
//! Values to be inserted are snippets of YAML of any shape, written from column 0. Their indentation is changed to the
//! document's, and inside brackets they are rewritten in brackets.

mod insert;
pub(crate) mod layout;
mod order;
mod relocate;
mod remove;
mod restyle;
mod scalar;
mod snippet;
mod value;
mod write;

pub use insert::{Placement, insert_entries, insert_entry, insert_item};
pub use order::reorder;
pub use relocate::move_entry;
pub use remove::remove;
pub use restyle::{to_block, to_flow};
pub use scalar::{quote, rename_key, replace_scalar, unquote};
pub(crate) use snippet::entry_lines;
pub use value::{replace_value, wrap_in_list};
pub use write::Literal;
pub(crate) use write::{Context, text as write_text};

#[cfg(test)]
mod tests;
