//! The outline of a document.

use std::collections::HashMap;

use super::described::{Content, Described, Name};
use super::shown;
use crate::model::{ComputeType, Shape};
use crate::rules::{Container, RuleContext};
use crate::text::TextRange;
use crate::yaml::{Entry, NodeId, NodeKind, Resolved};

/// An entry of a map, or a map or list that is an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The key; for an item what tells it from others. Never empty.
    pub name: String,
    /// What a person wants to know of it, on one line; empty where there is nothing to add. Secrets are masked.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it; holds the ranges of its children.
    pub range: TextRange,
    /// What is selected when somebody goes to it; within `range`.
    pub selection: TextRange,
    /// What is in it, in the order of the text.
    pub children: Vec<Symbol>,
}

/// What an entry is, in the words of the language server protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// All containers.
    Module,
    /// The deployment.
    Package,
    /// A stage or a resolver.
    Namespace,
    /// A container.
    Class,
    /// An integration.
    Event,
    /// An item of a list: a scaling policy, a statement.
    Struct,
    /// A variable of a container's environment.
    Variable,
    /// A parameter of a stage, or an argument of a build.
    Constant,
    /// A map.
    Object,
    /// A list.
    Array,
    /// Text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Nothing.
    Null,
    /// A merge key or an alias.
    Key,
}

/// The outline of a document: every entry of every map, nested as they are.
pub fn symbols(ctx: &RuleContext<'_>) -> Vec<Symbol> {
    let containers = ctx.containers().map(|container| (container.name, container)).collect();
    let outline = Outline { ctx, containers };
    ctx.tree().root().map(|root| outline.children(root, Some(Described::DOCUMENT))).unwrap_or_default()
}

struct Outline<'a> {
    ctx: &'a RuleContext<'a>,
    containers: HashMap<&'a str, Container<'a>>,
}

impl Outline<'_> {
    /// What is in a map or a list. Nested no deeper than the tree, whose depth is bounded.
    fn children(&self, node: NodeId, described: Option<Described>) -> Vec<Symbol> {
        let tree = self.ctx.tree();
        let content = described.and_then(|described| Content::of(tree, node, described.shape));
        match &tree.node(node).kind {
            NodeKind::Mapping { entries, .. } => entries.iter().map(|entry| self.entry(*entry, content)).collect(),
            NodeKind::Sequence { items, .. } => {
                let described = content.and_then(Content::item);
                let items = items.iter().enumerate();
                items.filter_map(|(position, item)| self.item(position, *item, described)).collect()
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => Vec::new(),
        }
    }

    fn entry(&self, Entry { key, value }: Entry, content: Option<Content>) -> Symbol {
        let tree = self.ctx.tree();
        let described = tree.scalar_text(key).zip(content).and_then(|(key, content)| content.under(key));
        let name = match tree.key_text(key) {
            Some(text) => shown::one_line(&text),
            None => shown::one_line(self.ctx.source().slice(tree.node(key).range)),
        };
        let children = self.children(value, described);
        Symbol {
            name: if name.trim().is_empty() { "\"\"".to_owned() } else { name },
            detail: self.detail(key, value, described),
            kind: self.kind(value, described),
            range: self.extent([key, value], &children),
            selection: tree.node(key).range,
            children,
        }
    }

    /// An item that is a map or a list; lone values are seen in the text.
    fn item(&self, position: usize, item: NodeId, described: Option<Described>) -> Option<Symbol> {
        let tree = self.ctx.tree();
        let entries = tree.entries(item);
        if matches!(tree.node(item).kind, NodeKind::Scalar(_) | NodeKind::Alias { .. }) {
            return None;
        }
        let naming = ["type", "Sid", "name", "Effect"].into_iter().find_map(|key| {
            let found = |entry: &&Entry| tree.scalar_text(entry.key) == Some(key);
            let entry = entries.iter().find(found)?;
            Some((entry.key, self.lone_value(entry.value)?))
        });
        let rest = entries.iter().filter(|entry| naming.as_ref().is_none_or(|(key, _)| *key != entry.key));
        let rest =
            rest.filter_map(|entry| Some(format!("{}: {}", tree.key_text(entry.key)?, self.lone_value(entry.value)?)));
        let detail = rest.take(MOST_VALUES).collect::<Vec<_>>().join(", ");
        let first = entries.first().map_or(item, |entry| entry.key);
        let children = self.children(item, described);
        let range = self.extent([item, item], &children);
        Some(Symbol {
            name: naming.map_or_else(|| format!("[{position}]"), |(_, value)| value),
            detail: if entries.is_empty() { counted(children.len(), "item") } else { shown::one_line(&detail) },
            kind: if entries.is_empty() { self.kind(item, described) } else { SymbolKind::Struct },
            range,
            selection: tree.node(first).range.intersect(range).unwrap_or(range),
            children,
        })
    }

    fn detail(&self, key: NodeId, value: NodeId, described: Option<Described>) -> String {
        let tree = self.ctx.tree();
        let entries = tree.entries(value);
        let chosen = match described.map(|described| described.name) {
            Some(Name::Chosen(map)) => Some(map.key),
            _ => None,
        };
        let detail = match &tree.node(value).kind {
            NodeKind::Mapping { .. } if chosen == Some("container name") => {
                let name = tree.key_text(key).unwrap_or_default();
                self.containers.get(&*name).copied().map(container)
            }
            NodeKind::Mapping { .. } => {
                let has_type = entries.iter().find(|entry| tree.scalar_text(entry.key) == Some("type"));
                let kind = has_type.and_then(|entry| self.lone_value(entry.value));
                kind.or_else(|| match described.map(|described| described.shape) {
                    Some(Shape::Map(map)) => {
                        Some(counted(entries.len(), map.key.strip_suffix(" name").unwrap_or(map.key)))
                    }
                    _ => None,
                })
            }
            NodeKind::Sequence { items, .. } => Some(counted(items.len(), "item")),
            NodeKind::Alias { name, .. } => Some(format!("*{name}")),
            NodeKind::Scalar(_) => self.lone_value(value),
        };
        detail.unwrap_or_default()
    }

    /// A lone value in a few words: what it is, or what is written where that is not known.
    fn lone_value(&self, node: NodeId) -> Option<String> {
        let tree = self.ctx.tree();
        let value = self.ctx.config.value_at(node)?;
        let is_written = || !value.is_secret() && !shown::is_secret(value);
        shown::lone_value(value)
            .or_else(|| tree.scalar_text(node).filter(|_| is_written()).map(shown::one_line))
            .filter(|text| !text.trim().is_empty())
    }

    fn kind(&self, value: NodeId, described: Option<Described>) -> SymbolKind {
        let tree = self.ctx.tree();
        match described.map(|described| described.name) {
            Some(Name::Chosen(map)) => match map.key {
                "container name" => return SymbolKind::Class,
                "integration name" => return SymbolKind::Event,
                "stage name" | "resolver name" => return SymbolKind::Namespace,
                "variable name" => return SymbolKind::Variable,
                "parameter name" | "argument name" => return SymbolKind::Constant,
                _ => {}
            },
            Some(Name::Property(property)) if property.name == "containers" => return SymbolKind::Module,
            Some(Name::Property(property)) if property.name == "deployment" => return SymbolKind::Package,
            _ => {}
        }
        match &tree.node(value).kind {
            NodeKind::Mapping { .. } => SymbolKind::Object,
            NodeKind::Sequence { .. } => SymbolKind::Array,
            NodeKind::Alias { .. } => SymbolKind::Key,
            NodeKind::Scalar(_) => match tree.resolved(value) {
                Resolved::Text => SymbolKind::String,
                Resolved::Number(_) => SymbolKind::Number,
                Resolved::Bool(_) => SymbolKind::Boolean,
                Resolved::Null => SymbolKind::Null,
            },
        }
    }

    /// The range of some nodes with what belongs to them and what is in them, without blank lines at the end.
    fn extent(&self, nodes: [NodeId; 2], children: &[Symbol]) -> TextRange {
        let tree = self.ctx.tree();
        let own = nodes.iter().flat_map(|id| {
            let node = tree.node(*id);
            [Some(node.range), node.tag.as_ref().map(|tag| tag.range), node.anchor.as_ref().map(|anchor| anchor.range)]
        });
        let inner = children.iter().map(|child| child.range);
        let all = own.flatten().chain(inner).reduce(TextRange::cover).unwrap_or_default();
        let text = self.ctx.source().slice(all);
        let blank = text.len() - text.trim_end().len();
        TextRange::at(all.start(), all.len() - crate::text::TextSize::new(blank as u32))
    }
}

/// Values in the detail of an item.
const MOST_VALUES: usize = 3;

/// Where a container runs and what it answers.
fn container(container: Container<'_>) -> String {
    let service = container.compute_type().map(|compute| match compute {
        ComputeType::Lambda => "Lambda",
        ComputeType::Fargate => "Fargate",
    });
    let domain = container.domain().unwrap_or_default();
    let route = container.path_pattern().map(|path| format!("{domain}{path}"));
    shown::one_line(&[service.map(str::to_owned), route].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
