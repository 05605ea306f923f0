//! Everything that names what is named at a place.

use super::definition::{Location, written_elsewhere};
use super::reference::{Mentions, Role};
use crate::rules::RuleContext;
use crate::text::TextSize;

/// Everything that names what is named at a place: this document first, in its order, then other files. A path through an
/// entry names it as well. What defines it is only among them when asked for.
pub fn references(ctx: &RuleContext<'_>, offset: TextSize, include_declaration: bool) -> Vec<Location> {
    let mentions = Mentions::of(ctx);
    let Some(at) = mentions.at(offset) else { return Vec::new() };
    let naming = mentions.naming(&at.subject).into_iter();
    let naming = naming.filter(|mention| include_declaration || mention.role == Role::Use);
    let mut found: Vec<_> = naming.map(|mention| Location::here(mention.range)).collect();
    if include_declaration {
        // A file as a whole is not said to define itself.
        found.extend(written_elsewhere(ctx, &at.subject).into_iter().filter(|location| !location.range.is_empty()));
    }
    found
}
