//! The outline of a document.

use crate::config::Value;
use crate::rules::{Container, RuleContext};
use crate::text::TextRange;
use crate::yaml::{NodeId, NodeKind, Resolved};

/// Something that the outline names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name: a key, or what an item of a list is about.
    pub name: String,
    /// A few words about it; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole of it.
    pub range: TextRange,
    /// Its name in the text; inside `range`.
    pub selection: TextRange,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// The kinds of symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A container.
    Container,
    /// A map.
    Map,
    /// A list.
    List,
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Nothing.
    Null,
}

/// The outline, in the order of the text.
pub fn symbols(ctx: &RuleContext<'_>) -> Vec<Symbol> {
    ctx.tree().root().map(|root| children(ctx, root, 0)).unwrap_or_default()
}

fn children(ctx: &RuleContext<'_>, id: NodeId, depth: usize) -> Vec<Symbol> {
    let tree = ctx.tree();
    let entries = tree.entries(id).iter().map(|entry| {
        let range = tree.node(entry.key).range.cover(tree.node(entry.value).range);
        let name = tree.key_text(entry.key).map_or_else(|| "?".to_owned(), std::borrow::Cow::into_owned);
        symbol(ctx, name, entry.value, range, tree.node(entry.key).range, depth)
    });
    let items = tree.items(id).iter().enumerate().map(|(index, item)| {
        let range = tree.node(*item).range;
        let about = ["name", "type", "path", "sid", "Sid"].iter().find_map(|key| {
            let entry = tree.entries(*item).iter().find(|entry| tree.scalar_text(entry.key) == Some(key))?;
            tree.scalar_text(entry.value)
        });
        let name = about.or(tree.scalar_text(*item)).filter(|name| !name.trim().is_empty());
        let name = name.map_or_else(|| format!("[{index}]"), str::to_owned);
        symbol(ctx, name, *item, range, range, depth)
    });
    entries.chain(items).filter(|symbol| !symbol.name.trim().is_empty()).collect()
}

fn symbol(
    ctx: &RuleContext<'_>,
    name: String,
    value: NodeId,
    range: TextRange,
    selection: TextRange,
    depth: usize,
) -> Symbol {
    let tree = ctx.tree();
    let is_container = |value: &Value<'_>| value.parent().is_some_and(|parent| parent.key() == Some("containers"));
    let container = (depth == 1).then(|| ctx.config.value_at(value)).flatten().filter(is_container);
    let container = container.map(|value| Container { name: &name, value });
    let kind = match (&tree.node(value).kind, container) {
        (_, Some(_)) => SymbolKind::Container,
        (NodeKind::Mapping { .. }, None) => SymbolKind::Map,
        (NodeKind::Sequence { .. }, None) => SymbolKind::List,
        (NodeKind::Alias { .. }, None) => SymbolKind::Text,
        (NodeKind::Scalar(_), None) => match tree.resolved(value) {
            Resolved::Number(_) => SymbolKind::Number,
            Resolved::Bool(_) => SymbolKind::Boolean,
            Resolved::Null => SymbolKind::Null,
            Resolved::Text => SymbolKind::Text,
        },
    };
    let detail = container.map(|container| {
        let compute = container.compute_type().map(|compute| compute.name().to_owned());
        let route =
            container.domain().map(str::to_owned).into_iter().chain(container.path_pattern().map(str::to_owned));
        compute.into_iter().chain(route).collect::<Vec<_>>().join(" ")
    });
    let scalar = || {
        let text = tree.scalar_text(value).unwrap_or_default();
        let secret = ctx.config.value_at(value).is_some_and(Value::is_secret);
        if secret { String::new() } else { text.lines().next().unwrap_or_default().to_owned() }
    };
    let detail = detail.unwrap_or_else(scalar);
    Symbol { name, detail, kind, range, selection, children: children(ctx, value, depth + 1) }
}
