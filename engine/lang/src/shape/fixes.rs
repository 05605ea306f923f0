//! What mends a fault of shape. A fix is safe when only one thing can have been meant.

use std::collections::HashSet;

use crate::config::{Data, Value, number_text};
use crate::diagnostic::Fix;
use crate::fix::{self, Literal, Placement};
use crate::model::{Change, Choice, Number, Object, Property, Shape, Stray, Tagged, Text, TextKind};
use crate::rules::RuleContext;
use crate::suggest::nearest;
use crate::text::{Encoding, TextEdit, TextRange};
use crate::yaml::{CollectionStyle, NodeKind, Resolved, resolve_plain};

/// Puts an empty collection, or nothing at all, in the place of a missing value.
pub(super) fn fill_null(ctx: &RuleContext<'_>, value: Value<'_>, shape: Shape) -> Vec<Fix> {
    let empty = match shape {
        // An object with required keys would only be wrong in another way.
        Shape::Object(object) if object.properties.iter().any(|property| property.required) => None,
        Shape::Object(_) | Shape::Map(_) => Some("{}"),
        Shape::List(list) if list.min == 0 => Some("[]"),
        _ => None,
    };
    let mut fixes = Vec::new();
    if let Some(empty) = empty
        && value.is_written_here()
        && let Some(edits) = fix::replace_value(ctx.document, value.node(), empty)
    {
        fixes.push(Fix::safe(format!("Write `{empty}`"), edits));
    }
    if let Shape::Any = shape
        && value.key().is_some()
    {
        fixes.extend(replace(ctx, value, Literal::Text("")).map(|edits| Fix::suggestion("Write an empty text", edits)));
    }
    fixes.extend(remove(ctx, value));
    fixes
}

/// Puts items to start from into an empty list.
pub(super) fn fill_list(ctx: &RuleContext<'_>, value: Value<'_>, property: &Property) -> Option<Fix> {
    let is_open = value.is_written_here() && value.items().len() == 0 && !property.snippet.is_empty();
    let edits = is_open.then(|| fix::replace_value(ctx.document, value.node(), property.snippet)).flatten()?;
    Some(Fix::suggestion("Add an item", edits))
}

/// Removes an entry, if a person agrees.
pub(super) fn remove(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<Fix> {
    let key = value.key().filter(|_| value.is_written_here())?;
    let edits = fix::remove(ctx.document, value.node())?;
    Some(Fix::suggestion(format!("Remove `{key}`"), edits))
}

/// Quotes or unquotes a scalar, or makes a list of it, where that gives the type that is asked for.
pub(super) fn retype(ctx: &RuleContext<'_>, value: Value<'_>, shape: Shape) -> Option<Fix> {
    if !value.is_written_here() {
        return None;
    }
    match (shape, value.data()) {
        (Shape::Text(_), Data::Bool(_) | Data::Number(_)) => {
            fix::quote(ctx.document, value.node()).map(|edits| Fix::safe("Quote it", edits))
        }
        (Shape::Number(_) | Shape::NumberChoice(_), Data::String(text)) => match resolve_plain(text) {
            Resolved::Number(number) => {
                replace(ctx, value, Literal::Number(number)).map(|edits| Fix::safe("Remove the quotes", edits))
            }
            _ => None,
        },
        (Shape::Bool, Data::String(text)) => {
            let flag = match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => true,
                "no" | "off" | "n" | "false" => false,
                _ => return None,
            };
            replace(ctx, value, Literal::Bool(flag)).map(|edits| Fix::safe(format!("Write `{flag}`"), edits))
        }
        (Shape::List(list), Data::String(_)) if matches!(list.item, Shape::Text(_)) => {
            fix::wrap_in_list(ctx.document, value.node()).map(|edits| Fix::safe("Make it a list", edits))
        }
        (Shape::Map(_), Data::List(_)) => {
            let edits = fix::replace_value(ctx.document, value.node(), &pairs_as_map(ctx, value)?)?;
            Some(Fix::safe("Make it a map", edits))
        }
        _ => None,
    }
}

/// The YAML of a map in the place of a list of `NAME=value`, as other tools have it; `None` where the list says more.
fn pairs_as_map(ctx: &RuleContext<'_>, list: Value<'_>) -> Option<String> {
    if holds_comment(ctx, list) {
        return None; // it would be lost
    }
    let mut names = HashSet::new();
    let mut lines = String::new();
    for item in list.items() {
        // What is written, also where a variable stands in it.
        let (name, text) = ctx.tree().scalar_text(item.node())?.split_once('=')?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if item.definition().is_some() || !is_name || !names.insert(name) {
            return None;
        }
        let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./".contains(&byte));
        let text = match resolve_plain(text) {
            Resolved::Text if is_word => text.to_owned(),
            _ => serde_json::Value::from(text).to_string(),
        };
        lines.push_str(&format!("{name}: {text}\n"));
    }
    Some(if lines.is_empty() { "{}".to_owned() } else { lines })
}

/// Whether a comment goes with a list when another value takes its place: one inside it, or one behind its last item.
fn holds_comment(ctx: &RuleContext<'_>, list: Value<'_>) -> bool {
    let range = list.range();
    let last_line =
        stands_in_lines(ctx, list).then(|| ctx.source().line_range(ctx.source().line_of(range.end()))).flatten();
    let end = last_line.map_or(range.end(), |line| line.end().max(range.end()));
    ctx.tree().comments().iter().any(|comment| TextRange::new(range.start(), end).contains_range(*comment))
}

/// Whether a value is a collection in lines, though it be of one line.
fn stands_in_lines(ctx: &RuleContext<'_>, value: Value<'_>) -> bool {
    let (NodeKind::Mapping { style, .. } | NodeKind::Sequence { style, .. }) = &ctx.tree().node(value.node()).kind
    else {
        return false;
    };
    *style == CollectionStyle::Block
}

/// Brings a number to the nearest one that is possible.
pub(super) fn nearest_number(ctx: &RuleContext<'_>, value: Value<'_>, found: f64, number: &Number) -> Option<Fix> {
    let mut near = if number.whole { found.round() } else { found };
    near = number.min.map_or(near, |min| near.max(min));
    near = number.max.map_or(near, |max| near.min(max));
    use_number(ctx, value, near)
}

/// The nearest listed number, the greater one of two that are as near.
pub(super) fn nearest_listed(ctx: &RuleContext<'_>, value: Value<'_>, found: f64, numbers: &[u32]) -> Option<Fix> {
    let near = numbers.iter().map(|number| f64::from(*number)).min_by(|a, b| {
        let distance = |number: f64| (number - found).abs();
        distance(*a).total_cmp(&distance(*b)).then(b.total_cmp(a))
    })?;
    use_number(ctx, value, near)
}

fn use_number(ctx: &RuleContext<'_>, value: Value<'_>, number: f64) -> Option<Fix> {
    let edits = replace(ctx, value, Literal::Number(number))?;
    Some(Fix::suggestion(format!("Use {}", number_text(number)), edits))
}

/// The word that was meant.
pub(super) fn nearest_choice(ctx: &RuleContext<'_>, value: Value<'_>, choices: &[Choice]) -> Vec<Fix> {
    let choices: Vec<&Choice> = choices.iter().collect();
    choose(ctx, value, &choices)
}

/// The `type` that was meant.
pub(super) fn nearest_variant(ctx: &RuleContext<'_>, tag: Value<'_>, tagged: &Tagged) -> Vec<Fix> {
    let choices: Vec<&Choice> = tagged.variants.iter().map(|variant| &variant.choice).collect();
    choose(ctx, tag, &choices)
}

fn choose(ctx: &RuleContext<'_>, value: Value<'_>, choices: &[&Choice]) -> Vec<Fix> {
    let Some(word) = value.as_str().filter(|_| value.is_written_here()) else { return Vec::new() };
    let meant = choices
        .iter()
        .find(|choice| choice.aliases.contains(&word))
        .map(|choice| choice.value)
        .or_else(|| nearest(word, choices.iter().map(|choice| choice.value)));
    let offer = |word: &str| replace(ctx, value, Literal::Text(word));
    match meant {
        Some(meant) => offer(meant).map(|edits| Fix::safe(format!("Use `{meant}`"), edits)).into_iter().collect(),
        None => choices
            .iter()
            .filter_map(|choice| Some(Fix::suggestion(format!("Use `{}`", choice.value), offer(choice.value)?)))
            .collect(),
    }
}

fn replace(ctx: &RuleContext<'_>, value: Value<'_>, scalar: Literal<'_>) -> Option<Vec<TextEdit>> {
    value.is_written_here().then(|| fix::replace_scalar(ctx.document, value.node(), scalar)).flatten()
}

/// Writes the `type` that the other keys tell.
pub(super) fn insert_type(ctx: &RuleContext<'_>, value: Value<'_>, tagged: &Tagged) -> Option<Fix> {
    let fits = |object: &Object| {
        value.entries().next().is_some() && value.entries().all(|(key, _)| object.property(key).is_some())
    };
    let mut fitting = tagged.variants.iter().filter(|variant| fits(variant.object));
    let (Some(variant), None) = (fitting.next(), fitting.next()) else { return None };
    let word = variant.choice.value;
    let edits = insert(ctx, value, "type", word, Placement::First)?;
    Some(Fix::safe(format!("Add `type: {word}`"), edits))
}

/// Writes a missing key with a value to start from.
pub(super) fn insert_missing(ctx: &RuleContext<'_>, value: Value<'_>, property: &Property) -> Option<Fix> {
    let edits = insert(ctx, value, property.name, property.snippet, Placement::Last)?;
    Some(Fix::suggestion(format!("Add `{}`", property.name), edits))
}

fn insert(ctx: &RuleContext<'_>, map: Value<'_>, key: &str, snippet: &str, at: Placement) -> Option<Vec<TextEdit>> {
    map.is_written_here().then(|| fix::insert_entry(ctx.document, map.node(), key, snippet, at)).flatten()
}

/// The key that a misspelt one stands for, if it is not there already.
pub(super) fn nearest_key(
    ctx: &RuleContext<'_>,
    owner: Value<'_>,
    key: &str,
    object: &Object,
    tagged: bool,
) -> Option<&'static str> {
    let deployment = ctx.deployment_type();
    let names = object.properties.iter().filter(|property| property.is_available(deployment));
    let names = names.map(|property| property.name).chain(tagged.then_some("type"));
    nearest(key, names).filter(|name| owner.get(name).is_none())
}

/// Renames a misspelt key, or removes one that means nothing.
pub(super) fn unknown_key(ctx: &RuleContext<'_>, child: Value<'_>, nearest: Option<&str>) -> Vec<Fix> {
    let rename = nearest.filter(|_| child.is_written_here()).and_then(|name| {
        let edits = fix::rename_key(ctx.document, child.node(), name)?;
        Some(Fix::safe(format!("Rename to `{name}`"), edits))
    });
    rename.into_iter().chain(remove(ctx, child)).collect()
}

/// Does with a stray key what the model says.
pub(super) fn stray(ctx: &RuleContext<'_>, owner: Value<'_>, child: Value<'_>, stray: &Stray) -> Option<Fix> {
    if !child.is_written_here() {
        return None;
    }
    let key = stray.key;
    match stray.change {
        Change::None => None,
        Change::Rename(name) if owner.get(name).is_none() => {
            let edits = fix::rename_key(ctx.document, child.node(), name)?;
            Some(Fix::safe(format!("Rename to `{name}`"), edits))
        }
        Change::Remove | Change::Rename(_) => remove(ctx, child),
        Change::Into(name) => {
            let target = owner.get(name).filter(|target| target.is_written_here() && target.get(key).is_none())?;
            let edits = fix::move_entry(ctx.document, child.node(), target.node(), key)?;
            Some(Fix::safe(format!("Move into `{name}`"), edits))
        }
        Change::Out => {
            let target = owner.parent().filter(|target| target.is_written_here() && target.get(key).is_none())?;
            let edits = fix::move_entry(ctx.document, child.node(), target.node(), key)?;
            Some(Fix::safe(format!("Move `{key}` one level up"), edits))
        }
        Change::Under(_) if child.entries().any(|(_, value)| value.is_map()) => None,
        Change::Under(route) => {
            let edits = move_under(ctx, owner, child, key, route)?;
            Some(Fix::suggestion(format!("Move to `{}.{key}`", route.join(".")), edits))
        }
    }
}

/// Moves an entry below a route of keys from its own map, and makes the keys that are not there.
fn move_under(
    ctx: &RuleContext<'_>,
    owner: Value<'_>,
    child: Value<'_>,
    key: &str,
    route: &[&str],
) -> Option<Vec<TextEdit>> {
    let (mut target, mut missing) = (owner, route);
    while let [first, rest @ ..] = missing
        && let Some(next) = target.get(first)
    {
        (target, missing) = (next, rest);
    }
    if !target.is_map() || !target.is_written_here() {
        return None;
    }
    let [first, rest @ ..] = missing else {
        let is_free = target.get(key).is_none();
        return is_free.then(|| fix::move_entry(ctx.document, child.node(), target.node(), key))?;
    };
    // Behind another entry: what is put at the end could touch what is taken away.
    let neighbour = target.entries().map(|(_, value)| value).find(|value| *value != child)?;
    let mut snippet = format!("{key}:{}", below_key(ctx, child));
    for name in rest.iter().rev() {
        snippet = format!("{name}:{}", indented(&snippet));
    }
    let mut edits =
        fix::insert_entry(ctx.document, target.node(), first, &snippet, Placement::After(neighbour.node()))?;
    edits.extend(fix::remove(ctx.document, child.node())?);
    Some(edits)
}

/// The text of a value as it stands behind its key in a snippet.
fn below_key(ctx: &RuleContext<'_>, value: Value<'_>) -> String {
    let range = ctx.tree().node(value.node()).range;
    let column = ctx.source().position(range.start(), Encoding::Utf32).character as usize;
    let text = ctx.source().slice(range);
    if !text.contains('\n') && !stands_in_lines(ctx, value) {
        return format!(" {text}");
    }
    let dedented = |line: &str| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        line[indent.min(column)..].to_owned()
    };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines: Vec<String> = std::iter::once(first.to_owned()).chain(rest.lines().map(dedented)).collect();
    indented(&lines.join("\n"))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\n  {line}")).collect()
}

/// Whether a text begins with what can only be a segment of a path: neither a host nor an expression of another tool.
fn begins_with_segment(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default();
    let word = first.strip_prefix('.').unwrap_or(first);
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_*?".contains(&byte))
}

/// Puts the slash before a path pattern that lacks nothing else.
pub(super) fn lead_with_slash(ctx: &RuleContext<'_>, value: Value<'_>, text: &Text) -> Option<Fix> {
    let found = value.as_str()?;
    let instead = format!("/{found}");
    let is_meant = text.kind == TextKind::PathPattern && begins_with_segment(found);
    let fits = is_meant && text.pattern.is_some_and(|pattern| (pattern.matches)(&instead));
    let edits = fits.then(|| replace(ctx, value, Literal::Text(&instead)))??;
    Some(Fix::safe(format!("Use `{instead}`"), edits))
}
