//! What the model says of the nodes of a tree.

use super::cursor::sibling;
use crate::model::{List, Map, Object, Property, ROOT, Shape, Tagged, Variant};
use crate::yaml::{NodeId, NodeKind, Tree};

/// What the model says of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    /// What may stand there.
    pub(super) shape: Shape,
    /// What it is called.
    pub(super) name: Name,
}

/// What a value is called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    /// It is the document.
    Document,
    /// It stands under a key that the model knows.
    Property(&'static Property),
    /// It stands under the `type` that tells maps apart.
    Tag(&'static Tagged),
    /// It stands under a key that the user named.
    Chosen(&'static Map),
    /// It is an item of a list.
    Item,
}

/// What may stand in a collection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    /// Known keys.
    Object(&'static Object),
    /// Known keys that depend on `type`, and the variant that its `type` names.
    Tagged(&'static Tagged, Option<&'static Variant>),
    /// Keys that the user names.
    Map(&'static Map),
    /// Items.
    List(&'static List),
}

impl Described {
    /// What the model says of the document.
    pub(super) const DOCUMENT: Self = Self { shape: Shape::Object(&ROOT), name: Name::Document };

    /// What the model says of a value. Of a key, it is said of its value.
    pub(super) fn of(tree: &Tree, node: NodeId) -> Option<Self> {
        Self::with_owner(tree, node).map(|(described, _)| described)
    }

    /// The same, with the nearest property on the way that only goes with a value of its sibling or with one deployment
    /// type, the value's own included.
    pub(super) fn with_owner(tree: &Tree, node: NodeId) -> Option<(Self, Option<&'static Property>)> {
        let mut route: Vec<NodeId> = std::iter::successors(Some(node), |node| tree.node(*node).parent).collect();
        route.pop();
        let mut owner = None;
        let mut described = Self::DOCUMENT;
        for child in route.into_iter().rev() {
            let content = Content::of(tree, tree.node(child).parent?, described.shape)?;
            described = match tree.entry_of(child) {
                Some(entry) => content.under(tree.scalar_text(entry.key)?)?,
                None => content.item()?,
            };
            if let Name::Property(property) = described.name
                && (property.goes_with.is_some() || property.only.is_some())
            {
                owner = Some(property);
            }
        }
        Some((described, owner))
    }
}

impl Content {
    /// What may stand in a collection, by what may stand in its place.
    pub(super) fn of(tree: &Tree, node: NodeId, shape: Shape) -> Option<Self> {
        let is_list = matches!(tree.node(node).kind, NodeKind::Sequence { .. });
        match shape {
            Shape::Object(object) if !is_list => Some(Self::Object(object)),
            Shape::Map(map) if !is_list => Some(Self::Map(map)),
            Shape::Tagged(tagged) if !is_list => {
                Some(Self::Tagged(tagged, sibling(tree, node, "type").and_then(|tag| tagged.variant(tag))))
            }
            Shape::List(list) if is_list => Some(Self::List(list)),
            Shape::Either(shapes) => shapes.iter().find_map(|shape| Self::of(tree, node, *shape)),
            _ => None,
        }
    }

    /// What the model says of the value under a key.
    pub(super) fn under(self, key: &str) -> Option<Described> {
        match self {
            Self::Tagged(tagged, _) if key == "type" => {
                Some(Described { shape: Shape::Tagged(tagged), name: Name::Tag(tagged) })
            }
            Self::Object(object) => of_property(object, key),
            Self::Tagged(_, Some(variant)) => of_property(variant.object, key),
            Self::Map(map) => Some(Described { shape: map.value, name: Name::Chosen(map) }),
            Self::Tagged(_, None) | Self::List(_) => None,
        }
    }

    /// What the model says of an item.
    pub(super) fn item(self) -> Option<Described> {
        match self {
            Self::List(list) => Some(Described { shape: list.item, name: Name::Item }),
            _ => None,
        }
    }
}

fn of_property(object: &Object, key: &str) -> Option<Described> {
    object.property(key).map(|property| Described { shape: property.shape, name: Name::Property(property) })
}
