//! What an editor asks about a document: answers as plain data, in offsets of the text.

mod actions;
mod completion;
mod cursor;
mod described;
mod folds;
mod format;
mod hints;
mod hover;
mod lenses;
mod names;
mod navigation;
mod selection;
mod shown;
mod symbols;
mod tokens;

pub use actions::{Action, ActionKind, actions};
pub use completion::{Item, ItemKind, complete};
pub use folds::{Fold, FoldKind, folds};
pub use format::{FormatOptions, format, format_on_type};
pub use hints::{Hint, HintKind, hints};
pub use hover::{Hover, hover};
pub use lenses::{Lens, LensKind, lenses};
pub use navigation::{
    Definition, Highlight, HighlightKind, Link, LinkTarget, Location, RenameError, RenameTarget, definition,
    highlights, links, references, rename, rename_target,
};
pub use selection::selection;
pub use symbols::{Symbol, SymbolKind, symbols};
pub use tokens::{Modifier, Modifiers, Token, TokenKind, tokens};
