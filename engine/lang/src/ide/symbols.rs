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
            detail: self.detail(&name, value, described, &children),
            name: if name.trim().is_empty() { "\"\"".to_owned() } else { name },
            kind: self.kind(value, described),
            range: self.extent([key, value], &children),
            selection: self.ctx.source().trim_end(tree.node(key).range),
            children,
        }
    }

    /// An item that is a map or a list; lone values are seen in the text.
    fn item(&self, position: usize, item: NodeId, described: Option<Described>) -> Option<Symbol> {
        let tree = self.ctx.tree();
        if matches!(tree.node(item).kind, NodeKind::Scalar(_) | NodeKind::Alias { .. }) {
            return None;
        }
        let children = self.children(item, described);
        let range = self.extent([item, item], &children);
        let is_map = !tree.entries(item).is_empty();
        let naming = ["type", "Sid", "name", "Effect"].into_iter().find_map(|key| lone(&children, key));
        let rest = children.iter().filter(|child| is_map && is_lone(child) && naming != Some(child));
        let rest: Vec<_> = rest.take(MOST_VALUES).map(|child| format!("{}: {}", child.name, child.detail)).collect();
        let selection = children.first().map_or(range, |child| child.selection);
        Some(Symbol {
            name: naming.map_or_else(|| format!("[{position}]"), |child| child.detail.clone()),
            detail: if is_map { shown::one_line(&rest.join(", ")) } else { counted(tree.items(item).len(), "item") },
            kind: if is_map { SymbolKind::Struct } else { self.kind(item, described) },
            range,
            selection,
            children,
        })
    }

    fn detail(&self, key: &str, value: NodeId, described: Option<Described>, children: &[Symbol]) -> String {
        let tree = self.ctx.tree();
        let named = match described.map(|described| described.name) {
            Some(Name::Chosen(map)) => map.key,
            _ => "",
        };
        let detail = match (&tree.node(value).kind, described.map(|described| described.shape)) {
            (NodeKind::Mapping { .. }, _) if named == "container name" => {
                self.containers.get(key).copied().map(container)
            }
            (NodeKind::Mapping { entries, .. }, Some(Shape::Map(map))) => {
                Some(counted(entries.len(), map.key.strip_suffix(" name").unwrap_or(map.key)))
            }
            (NodeKind::Mapping { .. }, _) => lone(children, "type").map(|child| child.detail.clone()),
            (NodeKind::Sequence { items, .. }, _) => Some(counted(items.len(), "item")),
            (NodeKind::Alias { name, .. }, _) => Some(format!("*{name}")),
            (NodeKind::Scalar(_), _) => self.lone_value(value),
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
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
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
        self.ctx.source().trim_end(all)
    }
}

/// The lone value under a key of a map.
fn lone<'s>(children: &'s [Symbol], key: &str) -> Option<&'s Symbol> {
    children.iter().find(|child| child.name == key).filter(|child| is_lone(child))
}

fn is_lone(symbol: &Symbol) -> bool {
    let is_collection = matches!(symbol.kind, SymbolKind::Object | SymbolKind::Array | SymbolKind::Key);
    !is_collection && symbol.children.is_empty() && !symbol.detail.is_empty()
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
