//! Aliases to anchors, and merge keys.

use super::keys::Writer;
use super::{Item, ItemKind, Place, range};
use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};
use crate::yaml::{NodeId, NodeKind, Spanned};

/// The aliases that `*` at the cursor may begin; `None` where there is none.
pub(super) fn behind_star(ctx: &RuleContext<'_>, offset: usize) -> Option<Vec<Item>> {
    let text = ctx.source().text();
    let is_name = |character: char| !character.is_whitespace() && !"*,[]{}&:\"'".contains(character);
    let name = text[..offset].trim_end_matches(is_name);
    let before = name.strip_suffix('*')?;
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim_end();
    let begins = before.ends_with([' ', '\t', '[', ',', '{', '\n'])
        && (line.is_empty() || line.ends_with([':', '-', '[', ',', '{']));
    if !begins {
        return None;
    }
    let behind = text[offset..].find(|character| !is_name(character)).unwrap_or(text.len() - offset);
    let merge = line.trim_start().ends_with("<<:");
    let items =
        anchors(ctx, before.len(), merge).map(|anchor| alias(ctx, anchor, range(before.len(), offset + behind)));
    let items: Vec<Item> = items.collect();
    (!items.is_empty()).then_some(items)
}

/// The maps that the merge key at the cursor may name; `None` where there is none.
pub(super) fn merged(place: Place<'_>) -> Option<Vec<Item>> {
    let ["<<"] = place.cursor.keys(place.cursor.node).last_chunk()? else { return None };
    let replaced = place.cursor.range;
    let source = place.ctx.source().text();
    let blank = if source[..usize::from(replaced.start())].ends_with(':') { " " } else { "" };
    let items = anchors(place.ctx, place.offset, true).map(|anchor| {
        let item = alias(place.ctx, anchor, replaced);
        Item { new_text: format!("{blank}{}", item.new_text), ..item }
    });
    Some(items.collect())
}

/// The merge key, when there is a map to merge.
pub(super) fn merge_key(writer: Writer<'_>) -> Option<Item> {
    let Writer { place, colon, .. } = writer;
    let mut names = anchors(place.ctx, place.offset, true);
    let first = names.next()?;
    if writer.has("<<") || place.style().json {
        return None;
    }
    let (new_text, snippet) = match names.next() {
        _ if colon => ("<<".to_owned(), false),
        Some(_) => ("<<: *${1}".to_owned(), true),
        None => (format!("<<: *{}", first.1.text), false),
    };
    let item = Item::new(ItemKind::Alias, "<<", place.cursor.range, new_text);
    Some(Item { snippet, more: snippet, ..item }.detail("merges the keys of a map with an anchor"))
}

/// The anchors before a place that an alias there may name, in the order of the text.
fn anchors<'a>(ctx: &'a RuleContext<'_>, offset: usize, maps: bool) -> impl Iterator<Item = (NodeId, &'a Spanned)> {
    let offset = TextSize::new(offset as u32);
    let nodes = ctx.tree().nodes().filter_map(|(id, node)| Some((id, node, node.anchor.as_ref()?)));
    let usable = nodes.filter(move |(_, node, anchor)| {
        let is_map = matches!(node.kind, NodeKind::Mapping { .. });
        let is_around = !matches!(node.kind, NodeKind::Scalar(_)) && node.range.contains_inclusive(offset);
        anchor.range.end() <= offset && !is_around && (is_map || !maps)
    });
    usable.map(|(id, _, anchor)| (id, anchor))
}

fn alias(ctx: &RuleContext<'_>, (id, anchor): (NodeId, &Spanned), replaced: TextRange) -> Item {
    let line = ctx.source().line_of(anchor.range.start()) + 1;
    let what = match ctx.tree().node(id).kind {
        NodeKind::Mapping { .. } => "the map",
        NodeKind::Sequence { .. } => "the list",
        NodeKind::Scalar(_) | NodeKind::Alias { .. } => "the value",
    };
    let written = format!("*{}", anchor.text);
    Item::new(ItemKind::Alias, written.clone(), replaced, written).detail(format!("{what} in line {line}"))
}
