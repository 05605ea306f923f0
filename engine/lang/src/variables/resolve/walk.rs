//! Following a path of keys into a document.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Evaluator, Known, NodeRef, Outcome, Spot};
use crate::suggest::nearest;
use crate::variables::entries::{entries, follow};
use crate::yaml::{NodeId, NodeKind};

/// Where a path led.
pub(super) enum Walk {
    /// To a value, which may be unknown.
    Found(Outcome),
    /// To nothing.
    Lost {
        /// How many keys of the path are there.
        depth: usize,
        /// The collection that has no such key.
        at: Option<NodeRef>,
    },
}

/// How variables on the way are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnTheWay {
    /// They are resolved, and the path leads on through their values.
    Resolve,
    /// The original tool sees text in their place.
    Stop,
}

enum Child {
    Node(NodeId),
    Number(usize),
    None,
    Unknown,
}

impl Evaluator<'_> {
    /// Follows keys from a node. A position of a list is a key as well.
    pub(super) fn walk(&mut self, start: NodeRef, keys: &[&str], way: OnTheWay, spot: &Spot) -> Walk {
        let mut at = self.node(start, Some(spot));
        for (depth, key) in keys.iter().enumerate() {
            let secret = at.secret;
            at = match &at.value {
                Known::Collection(collection) => match self.child(*collection, key, spot) {
                    Child::Node(node) => {
                        let child = NodeRef { node, ..*collection };
                        let last = depth + 1 == keys.len();
                        if way == OnTheWay::Stop && !last && self.holds_variable(child) {
                            return Walk::Found(Outcome::UNKNOWN);
                        }
                        self.node(child, Some(spot)).secret(secret)
                    }
                    Child::Number(number) => Outcome::new(Known::Number(number as f64)),
                    Child::Unknown => return Walk::Found(Outcome::UNKNOWN.secret(secret)),
                    Child::None => return Walk::Lost { depth, at: Some(*collection) },
                },
                Known::Text(text) if *key == "length" => {
                    Outcome::new(Known::Number(text.encode_utf16().count() as f64))
                }
                Known::Json(_) | Known::Unknown => return Walk::Found(Outcome::UNKNOWN.secret(secret)),
                Known::Missing | Known::Null | Known::Bool(_) | Known::Number(_) | Known::Text(_) => {
                    return Walk::Lost { depth, at: None };
                }
            };
        }
        Walk::Found(at)
    }

    fn child(&mut self, collection: NodeRef, key: &str, spot: &Spot) -> Child {
        let document = self.document(collection.document);
        let tree = document.tree();
        if tree.function(collection.node).is_some() {
            return Child::Unknown;
        }
        match &tree.node(collection.node).kind {
            NodeKind::Sequence { items, .. } if key == "length" => Child::Number(items.len()),
            NodeKind::Sequence { items, .. } => {
                position(key).and_then(|at| items.get(at)).map_or(Child::None, |item| Child::Node(*item))
            }
            _ => self.fields_of(collection, spot).get(key).map_or(Child::None, |node| Child::Node(*node)),
        }
    }

    /// The values of a mapping by key.
    fn fields_of(&mut self, mapping: NodeRef, spot: &Spot) -> Rc<HashMap<String, NodeId>> {
        if let Some(fields) = self.fields.get(&mapping) {
            return Rc::clone(fields);
        }
        let document = self.document(mapping.document);
        let found = entries(&document, mapping.node, &mut self.budget, spot.node).fields;
        let fields = Rc::new(found.into_iter().map(|field| (field.key, field.value)).collect());
        self.fields.insert(mapping, Rc::clone(&fields));
        fields
    }

    /// The key of a collection that was probably meant.
    pub(super) fn nearest_key(&mut self, collection: NodeRef, key: &str, spot: &Spot) -> Option<String> {
        let document = self.document(collection.document);
        match document.tree().node(collection.node).kind {
            NodeKind::Mapping { .. } => {
                nearest(key, self.fields_of(collection, spot).keys().map(String::as_str)).map(str::to_owned)
            }
            _ => None,
        }
    }

    fn holds_variable(&self, at: NodeRef) -> bool {
        let document = self.document(at.document);
        let tree = document.tree();
        let text = follow(tree, at.node).and_then(|(node, _)| tree.scalar_text(node));
        text.is_some_and(|text| text.contains("${"))
    }
}

/// A position of a list, written as JavaScript prints it.
pub(crate) fn position(key: &str) -> Option<usize> {
    let canonical = key == "0" || !key.starts_with('0');
    if canonical && key.bytes().all(|byte| byte.is_ascii_digit()) { key.parse().ok() } else { None }
}
