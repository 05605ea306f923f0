//! Where what is named at a place is named in the document.

use super::described::{Described, Name};
use super::reference::{Mention, Mentions, Role, Subject};
use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};

/// A place that names what is named at the place asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Where.
    pub range: TextRange,
    /// Whether it defines or uses it.
    pub kind: HighlightKind,
}

/// What a highlighted place does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighlightKind {
    /// It uses what is named.
    Read,
    /// It defines it.
    Write,
    /// It is the same text.
    Text,
}

/// Where what is named at a place is named in the document. A key that nothing refers to is only shown where it is a name that
/// the user chose, and not a word of the language.
pub fn highlights(ctx: &RuleContext<'_>, offset: TextSize) -> Vec<Highlight> {
    let mentions = Mentions::of(ctx);
    let Some(at) = mentions.at(offset) else { return Vec::new() };
    if at.role == Role::Declaration && !is_name(ctx, at) && !mentions.is_used(&at.subject) {
        return Vec::new();
    }
    let highlight = |mention: &Mention| Highlight {
        range: mention.range,
        kind: match mention.role {
            Role::Declaration => HighlightKind::Write,
            Role::Use | Role::Around => HighlightKind::Read,
        },
    };
    mentions.naming(&at.subject).into_iter().map(highlight).collect()
}

fn is_name(ctx: &RuleContext<'_>, mention: &Mention) -> bool {
    match mention.subject {
        Subject::Entry(key) => {
            Described::of(ctx.tree(), key).is_some_and(|described| matches!(described.name, Name::Chosen(_)))
        }
        _ => true,
    }
}
