//! Keys of maps.

use std::collections::{BTreeSet, HashSet};

use super::snippets::{self, Body};
use super::{Item, ItemKind, MOST, Place, aliases, image, policy, resolvers};
use crate::config::Value;
use crate::fix::{Context, write_text};
use crate::ide::cursor::sibling;
use crate::limits::events;
use crate::model::{Map, Object, Property, Shape, Tagged};
use crate::variables::stages::DEFAULT_STAGE_KEY;
use crate::yaml::{NodeId, Quote};

/// The keys that a mapping may get. `colon` says that the colon behind the key is there.
pub(super) fn of(place: Place<'_>, mapping: NodeId, colon: bool) -> Vec<Item> {
    let writer = Writer { place, mapping, colon };
    if let Some(items) = resolvers::keys(writer).or_else(|| policy::keys(writer)) {
        return items;
    }
    let Some(described) = place.cursor.described(mapping) else { return Vec::new() };
    let mut items = of_shape(writer, described.shape);
    items.retain(|item| !policy::is_excluded(writer, &item.label));
    items.extend(aliases::merge_key(writer));
    items
}

fn of_shape(writer: Writer<'_>, shape: Shape) -> Vec<Item> {
    match shape {
        Shape::Object(object) => of_object(writer, object),
        Shape::Tagged(tagged) => {
            let tree = writer.place.tree();
            match sibling(tree, writer.mapping, "type").and_then(|tag| tagged.variant(tag)) {
                Some(variant) => of_object(writer, variant.object),
                None => of_unknown_kind(writer, tagged),
            }
        }
        Shape::Map(map) => of_map(writer, map),
        Shape::Either(shapes) => shapes.iter().flat_map(|shape| of_shape(writer, *shape)).collect(),
        _ => Vec::new(),
    }
}

fn of_object(writer: Writer<'_>, object: &'static Object) -> Vec<Item> {
    let place = writer.place;
    let deployment = place.ctx.deployment_type();
    let fits = |property: &&Property| {
        let goes_with = property.goes_with.is_none_or(|(key, value)| {
            let default = object.property(key).and_then(|property| property.default);
            let written = sibling(place.tree(), writer.mapping, key);
            written.or(default).is_none_or(|found| found == value || found.contains("${"))
        });
        property.is_available(deployment) && goes_with && !writer.has(property.name)
    };
    let mut properties: Vec<&Property> = object.properties.iter().filter(fits).collect();
    properties.sort_by_key(|property| (!property.required, !property.typical));
    let keys = properties.into_iter().map(|property| {
        let mut detail = property.shape.expectation();
        if property.required {
            detail.push_str(", required");
        }
        if let Some(default) = property.default {
            detail.push_str(&format!(", else `{default}`"));
        }
        writer.key(property.name, &snippets::of_property(property)).detail(detail).documentation(property.doc)
    });
    let blocks = snippets::items_beside(writer, Shape::Object(object)).into_iter();
    blocks.chain(keys).collect()
}

fn of_unknown_kind(writer: Writer<'_>, tagged: &'static Tagged) -> Vec<Item> {
    if writer.has("type") {
        return Vec::new();
    }
    let key = writer.key("type", &Body::Inline).detail("required").documentation(tagged.doc);
    let blocks = snippets::items_beside(writer, Shape::Tagged(tagged));
    std::iter::once(key).chain(blocks).collect()
}

/// Names that are likely, and blocks under a new name.
fn of_map(writer: Writer<'_>, map: &'static Map) -> Vec<Item> {
    let tree = writer.place.tree();
    let present: HashSet<&str> =
        tree.entries(writer.mapping).iter().filter_map(|entry| tree.scalar_text(entry.key)).collect();
    let names = likely_names(writer).into_iter().filter(|(name, _)| !present.contains(name.as_str())).take(MOST);
    let names = names.map(|(name, detail)| writer.key(&name, &snippets::of_entry(map)).detail(detail));
    names.chain(snippets::entries(writer, map)).collect()
}

/// The names that a user-named key is likely to have, each with the reason.
fn likely_names(writer: Writer<'_>) -> Vec<(String, &'static str)> {
    let Writer { place, mapping, .. } = writer;
    let ctx = place.ctx;
    let all = |names: BTreeSet<&str>, why: &'static str| names.into_iter().map(|name| (name.to_owned(), why)).collect();
    match place.cursor.keys(mapping).as_slice() {
        ["stages"] => {
            let stage = ctx.stage();
            let mut names = vec![(DEFAULT_STAGE_KEY.to_owned(), "in force in every stage")];
            if stage != DEFAULT_STAGE_KEY {
                names.push((stage.to_owned(), "the stage in force"));
            }
            names
        }
        ["stages", own, "params"] => {
            let stages = ctx.get(&["stages"]).into_iter().flat_map(Value::entries).filter(|(stage, _)| stage != own);
            let names = stages.filter_map(|(_, stage)| stage.get("params")).flat_map(Value::entries);
            all(names.map(|(name, _)| name).collect(), "a parameter of another stage")
        }
        ["containers", own, "environment"] => {
            let others = ctx.containers().filter(|container| container.name != *own);
            let names = others.flat_map(|container| container.environment().collect::<Vec<_>>());
            all(names.map(|(name, _)| name).collect(), "a variable of another container")
        }
        ["containers", _, "build", "args"] => image::arguments(place, mapping),
        ["containers", _, "integrations", _, "pattern"] => {
            events::TOP_LEVEL_FIELDS.iter().map(|field| ((*field).to_owned(), "a field of an event")).collect()
        }
        _ => Vec::new(),
    }
}

/// Writes keys into a mapping.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) place: Place<'a>,
    pub(super) mapping: NodeId,
    /// Whether the colon behind the key is there.
    pub(super) colon: bool,
}

impl Writer<'_> {
    /// Whether the mapping has a key already.
    pub(super) fn has(self, name: &str) -> bool {
        let tree = self.place.tree();
        tree.entries(self.mapping).iter().any(|entry| tree.scalar_text(entry.key) == Some(name))
    }

    /// A key with its colon and what stands behind it; the key alone where the colon is there.
    pub(super) fn key(self, name: &str, body: &Body) -> Item {
        let cursor = self.place.cursor;
        let flow = cursor.is_in_flow(cursor.node);
        let style = self.place.style();
        let key = write_text(name, Context { flow, key: true }, cursor.quote, style);
        let key = key.unwrap_or_else(|| name.to_owned());
        let (new_text, snippet) = match body {
            _ if self.colon => (key, false),
            _ if flow => {
                let (value, snippet) = match body {
                    Body::Inline if style.json => ("\"$1\"", true),
                    Body::Inline => ("", false),
                    Body::Map(..) => ("{$1}", true),
                    Body::List(_) => ("[$1]", true),
                };
                let key = if snippet { snippets::escaped(&key) } else { key };
                (format!("{key}: {value}"), snippet)
            }
            Body::Inline => (format!("{key}: "), false),
            Body::Map(..) | Body::List(_) => (snippets::entry(self, &key, body), true),
        };
        let more = !self.colon && *body == Body::Inline;
        let item = Item::new(ItemKind::Key, name, cursor.range, new_text);
        Item { snippet, more, ..item }.filter(quoted(cursor.quote, name))
    }
}

/// What a text is compared with when it is typed behind an opening quote.
pub(super) fn quoted(quote: Option<Quote>, text: &str) -> String {
    match quote {
        None => text.to_owned(),
        Some(Quote::Single) => format!("'{text}"),
        Some(Quote::Double) => format!("\"{text}"),
    }
}
