//! What can be written at the cursor.

use super::cursor::{Cursor, Role, sibling};
use crate::limits::fargate;
use crate::model::{Choice, DeploymentType, Listed, Object, Property, Shape, Tagged};
use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};
use crate::yaml::{NodeId, Resolved, Tree, resolve_plain};

/// Something that can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown and searched.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// Type, default and whether it is required, in a few words.
    pub detail: String,
    /// What it means, in Markdown.
    pub documentation: String,
    /// What it replaces.
    pub replaced: TextRange,
    /// What is written in its place.
    pub new_text: String,
}

/// The kinds of item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A key.
    Key,
    /// One of a few words or numbers.
    Value,
}

/// What can be written at `offset`, most useful first. Keys that are there already are left out, and so is what the
/// deployment type or a sibling excludes.
pub fn complete(ctx: &RuleContext<'_>, offset: TextSize) -> Vec<Item> {
    let readings = Cursor::readings(ctx.document, offset);
    readings.iter().map(at_cursor).find(|items| !items.is_empty()).unwrap_or_default()
}

fn at_cursor(cursor: &Cursor) -> Vec<Item> {
    let tree = cursor.document.tree();
    match cursor.role {
        Role::Key { mapping } => match cursor.shape_of(mapping) {
            Some(shape) => keys(cursor, tree, mapping, shape),
            None => Vec::new(),
        },
        Role::Value => match cursor.shape_of(cursor.node) {
            Some(shape) => values(cursor, tree, shape),
            None => Vec::new(),
        },
    }
}

fn keys(cursor: &Cursor, tree: &Tree, mapping: NodeId, shape: Shape) -> Vec<Item> {
    match shape {
        Shape::Object(object) => keys_of(cursor, tree, mapping, object),
        Shape::Tagged(tagged) => {
            let Some(variant) = sibling(tree, mapping, "type").and_then(|tag| tagged.variant(tag)) else {
                return vec![tag_key(cursor, tagged)];
            };
            keys_of(cursor, tree, mapping, variant.object)
        }
        Shape::Either(shapes) => shapes.iter().flat_map(|shape| keys(cursor, tree, mapping, *shape)).collect(),
        _ => Vec::new(),
    }
}

fn keys_of(cursor: &Cursor, tree: &Tree, mapping: NodeId, object: &'static Object) -> Vec<Item> {
    let present = |name: &str| tree.entries(mapping).iter().any(|entry| tree.scalar_text(entry.key) == Some(name));
    let deployment = deployment_type(tree);
    let fits = |property: &&Property| {
        let goes_with = property.goes_with.is_none_or(|(key, value)| {
            let default = object.property(key).and_then(|property| property.default);
            sibling(tree, mapping, key).or(default).is_none_or(|found| found == value || found.contains("${"))
        });
        property.is_available(deployment) && goes_with && !present(property.name)
    };
    let mut properties: Vec<&Property> = object.properties.iter().filter(fits).collect();
    properties.sort_by_key(|property| !property.required);
    properties.into_iter().map(|property| key_item(cursor, property)).collect()
}

fn key_item(cursor: &Cursor, property: &Property) -> Item {
    let mut detail = property.shape.expectation();
    if property.required {
        detail.push_str(", required");
    }
    if let Some(default) = property.default {
        detail.push_str(&format!(", else `{default}`"));
    }
    Item {
        label: property.name.to_owned(),
        kind: ItemKind::Key,
        detail,
        documentation: property.doc.to_owned(),
        replaced: cursor.replaced,
        new_text: format!("{}:", property.name),
    }
}

fn tag_key(cursor: &Cursor, tagged: &Tagged) -> Item {
    Item {
        label: "type".to_owned(),
        kind: ItemKind::Key,
        detail: "required".to_owned(),
        documentation: tagged.doc.to_owned(),
        replaced: cursor.replaced,
        new_text: "type:".to_owned(),
    }
}

fn values(cursor: &Cursor, tree: &Tree, shape: Shape) -> Vec<Item> {
    let word = |text: &str, doc: &str| Item {
        label: text.to_owned(),
        kind: ItemKind::Value,
        detail: String::new(),
        documentation: doc.to_owned(),
        replaced: cursor.replaced,
        new_text: text.to_owned(),
    };
    let choice = |choice: &Choice| word(choice.value, choice.doc);
    match shape {
        Shape::Choice(choices) => choices.iter().map(choice).collect(),
        Shape::Tagged(tagged) if is_tag(tree, cursor.node) => {
            tagged.variants.iter().map(|variant| choice(&variant.choice)).collect()
        }
        Shape::NumberChoice(numbers) => numbers.iter().map(|number| word(&number.to_string(), "")).collect(),
        Shape::Number(number) => match number.listed {
            Some(Listed::FargateMemory) => {
                fargate_memories(tree, cursor.node).iter().map(|number| word(&number.to_string(), "")).collect()
            }
            None => Vec::new(),
        },
        Shape::Bool => vec![word("true", ""), word("false", "")],
        Shape::Either(shapes) => shapes.iter().flat_map(|shape| values(cursor, tree, *shape)).collect(),
        _ => Vec::new(),
    }
}

fn is_tag(tree: &Tree, node: NodeId) -> bool {
    tree.entry_of(node).is_some_and(|entry| tree.scalar_text(entry.key) == Some("type"))
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

fn deployment_type(tree: &Tree) -> Option<DeploymentType> {
    let root = tree.root()?;
    let deployment = tree.entries(root).iter().find(|entry| tree.scalar_text(entry.key) == Some("deployment"))?;
    DeploymentType::parse(sibling(tree, deployment.value, "type")?)
}
