//! What an editor asks about a document: answers as plain data, in offsets of the text.

mod actions;
mod completion;
mod cursor;
mod cut;
mod definition;
mod described;
mod folds;
mod format;
mod highlights;
mod hints;
mod hover;
mod lenses;
mod links;
mod paths;
mod reference;
mod references;
mod rename;
mod selection;
mod shown;
mod symbols;
mod tokens;

pub use actions::{Action, ActionKind, actions};
pub use completion::{Item, ItemKind, complete};
pub use definition::{Definition, Location, definition};
pub use folds::{Fold, FoldKind, folds};
pub use format::{FormatOptions, format, format_on_type};
pub use highlights::{Highlight, HighlightKind, highlights};
pub use hints::{Hint, HintKind, hints};
pub use hover::{Hover, hover};
pub use lenses::{Lens, LensKind, lenses};
pub use links::{Link, LinkTarget, links};
pub use references::references;
pub use rename::{RenameError, RenameTarget, rename, rename_target};
pub use selection::selection;
pub use symbols::{Symbol, SymbolKind, symbols};
pub use tokens::{Modifier, Modifiers, Token, TokenKind, tokens};
