//! Values of keys and items of lists.

use std::collections::BTreeSet;

use super::keys::quoted;
use super::{Item, ItemKind, MOST, Place, aliases, image, paths, policy, resolvers};
use crate::config::Value;
use crate::fix::{Context, write_text};
use crate::ide::cursor::sibling;
use crate::ide::described::Name;
use crate::limits::fargate;
use crate::model::{Choice, Listed, Number, Property, Shape, Text, TextKind};
use crate::schedule::Schedule;
use crate::secrets::secret_in;
use crate::yaml::{NodeId, Resolved, Tree, resolve_plain};

/// The values that may stand at the cursor.
pub(super) fn of(place: Place<'_>) -> Vec<Item> {
    let node = place.cursor.node;
    let special = aliases::merged(place).or_else(|| resolvers::values(place)).or_else(|| image::options(place));
    if let Some(items) = special.or_else(|| policy::values(place)).or_else(|| paths::folders(place)) {
        return items;
    }
    let Some(described) = place.cursor.described(node) else { return Vec::new() };
    let mut items = of_shape(place, described.shape);
    let property = match described.name {
        Name::Property(property) => {
            if let Some(default) = property.default {
                mark_default(place, &mut items, default);
            }
            Some(property)
        }
        Name::Item => place.tree().node(node).parent.and_then(|list| property_of(place, list)),
        Name::Document | Name::Tag(_) | Name::Chosen(_) => None,
    };
    if let Some(property) = property {
        add_known(place, property, described.shape, &mut items);
    }
    items
}

fn property_of(place: Place<'_>, node: NodeId) -> Option<&'static Property> {
    match place.cursor.described(node)?.name {
        Name::Property(property) => Some(property),
        _ => None,
    }
}

fn of_shape(place: Place<'_>, shape: Shape) -> Vec<Item> {
    let choice = |choice: &Choice| place.text(choice.value).documentation(choice.doc);
    match shape {
        Shape::Choice(choices) => choices.iter().map(choice).collect(),
        Shape::Tagged(tagged) if key_of(place.tree(), place.cursor.node) == Some("type") => {
            tagged.variants.iter().map(|variant| choice(&variant.choice)).collect()
        }
        Shape::NumberChoice(numbers) => numbers.iter().map(|number| place.literal(&number.to_string())).collect(),
        Shape::Number(Number { listed: Some(Listed::FargateMemory), .. }) => {
            let memories = fargate_memories(place.tree(), place.cursor.node);
            memories.iter().map(|number| place.literal(&number.to_string())).collect()
        }
        Shape::Bool => vec![place.literal("true"), place.literal("false")],
        Shape::Either(shapes) => shapes.iter().flat_map(|shape| of_shape(place, *shape)).collect(),
        _ => Vec::new(),
    }
}

/// Says of the default that it is one; adds it where a number is free to choose.
fn mark_default(place: Place<'_>, items: &mut Vec<Item>, default: &str) {
    if let Some(item) = items.iter_mut().find(|item| item.label == default) {
        "default".clone_into(&mut item.detail);
    } else if items.is_empty() && !matches!(resolve_plain(default), Resolved::Text) {
        items.push(place.literal(default).detail("default"));
    }
}

/// Adds what people often want, and what the same property has elsewhere in the document.
fn add_known(place: Place<'_>, property: &Property, shape: Shape, items: &mut Vec<Item>) {
    let mut add = |item: Item| {
        if items.iter().all(|other| other.label != item.label) {
            items.push(item);
        }
    };
    if let Some(text) = text_of(shape).filter(|text| text.kind != TextKind::Secret) {
        for elsewhere in elsewhere(place, property.name, text.kind).into_iter().take(MOST) {
            add(place.text(elsewhere).detail("used elsewhere"));
        }
    }
    for path in own_paths(place, property) {
        add(place.text(&path.0).detail(path.1));
    }
    for example in property.examples {
        let item = match resolve_plain(example) {
            Resolved::Text => place.text(example.trim_matches('"')),
            _ => place.literal(example),
        };
        add(match Schedule::parse(example) {
            Ok(schedule) => item.documentation(format!("{}, in UTC.", schedule.words())),
            Err(_) => item,
        });
    }
}

fn text_of(shape: Shape) -> Option<&'static Text> {
    match shape {
        Shape::Text(text) => Some(text),
        Shape::Either(shapes) => shapes.iter().find_map(|shape| text_of(*shape)),
        _ => None,
    }
}

/// The texts that stand under keys of this name elsewhere, alone or in a list. What must be the container's own, and what
/// looks like a secret, is left out.
fn elsewhere<'a>(place: Place<'a>, name: &str, kind: TextKind) -> BTreeSet<&'a str> {
    let is_shared = matches!(kind, TextKind::Domain | TextKind::Arn | TextKind::UrlPath)
        || ["publicSubnets", "privateSubnets", "metricName", "namespace", "Action", "Resource"].contains(&name);
    if !is_shared {
        return BTreeSet::new();
    }
    let cursor = place.cursor.range;
    let lone = |value: Value<'a>| {
        let text = value.as_str()?;
        let is_own = value.range().start() <= cursor.end() && cursor.start() <= value.range().end();
        let is_shown = !is_own && !value.is_secret() && !value.is_variable() && !text.contains('\n');
        (is_shown && secret_in(name, text).is_none()).then_some(text)
    };
    let named = place.ctx.config.values().filter(|value| value.key() == Some(name));
    named.flat_map(|value| std::iter::once(value).chain(value.items())).filter_map(lone).collect()
}

/// Paths that follow from where the property stands.
fn own_paths(place: Place<'_>, property: &Property) -> Vec<(String, &'static str)> {
    match (place.cursor.keys(place.cursor.node).as_slice(), property.name) {
        (["containers", name, "routing", ..], "pathPattern") => {
            vec![(format!("/{name}/*"), "the paths below the container's name")]
        }
        (["containers", _, "integrations", name, ..], "webhookPath") => {
            let tree = place.tree();
            let kind = tree.node(place.cursor.node).parent.and_then(|mapping| sibling(tree, mapping, "type"));
            let last = match kind {
                Some("schedule") => "schedule",
                Some("awsEventBridge") => "eventbridge",
                _ => return Vec::new(),
            };
            vec![(format!("/v1/integrations/{name}/{last}"), "default")]
        }
        _ => Vec::new(),
    }
}

fn key_of(tree: &Tree, node: NodeId) -> Option<&str> {
    tree.entry_of(node).and_then(|entry| tree.scalar_text(entry.key))
}

/// The memory sizes that go with the `cpu` beside a node; with the default one where there is none.
fn fargate_memories(tree: &Tree, node: NodeId) -> Vec<u32> {
    let written = tree.node(node).parent.and_then(|mapping| sibling(tree, mapping, "cpu"));
    let cpu = match written.map(resolve_plain) {
        Some(Resolved::Number(cpu)) => cpu,
        Some(_) => return Vec::new(),
        None => f64::from(fargate::DEFAULT_CPU),
    };
    fargate::size(cpu).map(|size| size.memories().collect()).unwrap_or_default()
}

impl Place<'_> {
    /// A text as a value, in the quotes that are there, or those that it needs.
    pub(super) fn text(self, text: &str) -> Item {
        let context = Context { flow: self.cursor.is_in_flow(self.cursor.node), key: false };
        let written = write_text(text, context, self.cursor.quote, self.style()).unwrap_or_else(|| text.to_owned());
        self.value(text, &written)
    }

    /// A number or a boolean as a value; quotes around it go.
    pub(super) fn literal(self, yaml: &str) -> Item {
        self.value(yaml, yaml)
    }

    fn value(self, label: &str, written: &str) -> Item {
        let source = self.ctx.source().text();
        let start = usize::from(self.cursor.range.start());
        let blank = if source[..start].ends_with(':') && !self.style().json { " " } else { "" };
        let quote = self.cursor.quote.filter(|_| self.typed().starts_with(['"', '\'']));
        Item::new(ItemKind::Value, label, self.cursor.range, format!("{blank}{written}")).filter(quoted(quote, label))
    }
}
