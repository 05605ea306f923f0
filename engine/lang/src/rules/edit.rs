//! Edits of what the text shows of a value. There is none for what came through an alias or a variable: it is written
//! elsewhere, and an edit there would change more than the value.

use super::RuleContext;
use crate::config::Value;
use crate::fix::{self, Literal, Placement};
use crate::text::TextEdit;

/// Puts another scalar in the place of one.
pub(super) fn replace(ctx: &RuleContext<'_>, value: Value<'_>, new: Literal<'_>) -> Option<Vec<TextEdit>> {
    fix::replace_scalar(ctx.document, written(value)?.node(), new)
}

/// Puts YAML in the place of a value.
pub(super) fn replace_value(ctx: &RuleContext<'_>, value: Value<'_>, new: &str) -> Option<Vec<TextEdit>> {
    fix::replace_value(ctx.document, written(value)?.node(), new)
}

/// Makes a list of a scalar.
pub(super) fn wrap(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    fix::wrap_in_list(ctx.document, written(value)?.node())
}

/// Removes an entry of a map, key and all, or an item of a list.
pub(super) fn remove(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    fix::remove(ctx.document, written(value)?.node())
}

/// Gives a value another key.
pub(super) fn rename(ctx: &RuleContext<'_>, value: Value<'_>, key: &str) -> Option<Vec<TextEdit>> {
    fix::rename_key(ctx.document, written(value)?.node(), key)
}

/// Adds an entry at the end of a map; its value is YAML.
pub(super) fn insert(ctx: &RuleContext<'_>, map: Value<'_>, key: &str, value: &str) -> Option<Vec<TextEdit>> {
    fix::insert_entry(ctx.document, written(map)?.node(), key, value, Placement::Last)
}

/// Adds an item at the end of a list, as YAML.
pub(super) fn append(ctx: &RuleContext<'_>, list: Value<'_>, item: &str) -> Option<Vec<TextEdit>> {
    fix::insert_item(ctx.document, written(list)?.node(), item, Placement::Last)
}

fn written(value: Value<'_>) -> Option<Value<'_>> {
    value.is_written_here().then_some(value)
}
