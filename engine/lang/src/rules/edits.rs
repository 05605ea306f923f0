//! The edits of [`fix`] for values of the configuration. What an alias or a variable brought in stands elsewhere, where an
//! edit would change more than the value concerned; there is none for it.

use crate::config::Value;
use crate::fix::{self, Literal, Placement};
use crate::rules::RuleContext;
use crate::text::TextEdit;

/// Puts another scalar in the place of one.
pub(super) fn replace(ctx: &RuleContext<'_>, value: Value<'_>, new: Literal<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::replace_scalar(ctx.document, value.node(), new))?
}

/// Puts a snippet of YAML in the place of any value.
pub(super) fn rewrite(ctx: &RuleContext<'_>, value: Value<'_>, snippet: &str) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::replace_value(ctx.document, value.node(), snippet))?
}

/// Quotes a scalar.
pub(super) fn quote(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::quote(ctx.document, value.node()))?
}

/// Removes an entry or an item, also one whose value is a variable.
pub(super) fn remove(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    // Inside of what a variable brought in, all values share the node of the variable.
    let has_own_node = value.parent().is_none_or(|parent| parent.node() != value.node());
    (has_own_node && value.definition().is_none()).then(|| fix::remove(ctx.document, value.node()))?
}

/// Adds an entry to a map, at its end.
pub(super) fn add_entry(ctx: &RuleContext<'_>, map: Value<'_>, key: &str, snippet: &str) -> Option<Vec<TextEdit>> {
    map.is_written_here().then(|| fix::insert_entry(ctx.document, map.node(), key, snippet, Placement::Last))?
}

/// Adds an entry to a map, at its start.
pub(super) fn add_first(ctx: &RuleContext<'_>, map: Value<'_>, key: &str, snippet: &str) -> Option<Vec<TextEdit>> {
    map.is_written_here().then(|| fix::insert_entry(ctx.document, map.node(), key, snippet, Placement::First))?
}

/// Adds an item to a list, at its end.
pub(super) fn add_item(ctx: &RuleContext<'_>, list: Value<'_>, snippet: &str) -> Option<Vec<TextEdit>> {
    list.is_written_here().then(|| fix::insert_item(ctx.document, list.node(), snippet, Placement::Last))?
}

/// Gives a value another key.
pub(super) fn rename(ctx: &RuleContext<'_>, value: Value<'_>, key: &str) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::rename_key(ctx.document, value.node(), key))?
}

/// Makes a list of a scalar.
pub(super) fn wrap(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::wrap_in_list(ctx.document, value.node()))?
}
