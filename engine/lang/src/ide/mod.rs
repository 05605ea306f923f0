//! What an editor asks about a document: answers as plain data, in offsets of the text.

mod completion;
mod cursor;
mod described;
mod hints;
mod hover;
mod lenses;
mod shown;
mod tokens;

pub use completion::{Item, ItemKind, complete};
pub use hints::{Hint, HintKind, hints};
pub use hover::{Hover, hover};
pub use lenses::{Lens, LensKind, lenses};
pub use tokens::{Modifier, Modifiers, Token, TokenKind, tokens};

mod pending;
pub use pending::*;
