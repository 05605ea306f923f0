//! The entries that a mapping really has: merge keys followed, repeated keys dropped.

use std::borrow::Cow;
use std::collections::HashSet;

use super::budget::Budget;
use crate::text::TextRange;
use crate::yaml::{Document, NodeId, NodeKind, Tree};

/// Merge keys are followed this far.
const MAX_DEPTH: usize = 128;

/// The entries of a mapping.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// In the order of the file; what a merge brings stands in its place.
    pub(crate) fields: Vec<Field>,
    /// Values of merge keys that are neither a map nor a list of maps.
    pub(crate) unmergeable: Vec<NodeId>,
}

/// An entry of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// What it is called.
    pub(crate) key: String,
    /// The node of the key.
    pub(crate) key_node: NodeId,
    /// The node of the value.
    pub(crate) value: NodeId,
    /// The alias through which a merge key brought it.
    pub(crate) alias: Option<TextRange>,
}

/// The entries of a mapping, which may be empty; nothing for every other node. Keys written in the mapping win over merged
/// ones wherever they stand, and of several merges the first. `blame` is the node to name when this takes too much.
pub(crate) fn entries(document: &Document, mapping: NodeId, budget: &mut Budget, blame: NodeId) -> Entries {
    Collector { document, budget, blame }.collect(mapping, 0)
}

/// The node behind any aliases, and the range of the first of them; `None` for an alias to nothing.
pub(crate) fn follow(tree: &Tree, node: NodeId) -> Option<(NodeId, Option<TextRange>)> {
    let NodeKind::Alias { target, .. } = &tree.node(node).kind else { return Some((node, None)) };
    let mut at = (*target)?;
    // An alias stands behind the node it names, so that this comes to an end.
    while let NodeKind::Alias { target, .. } = &tree.node(at).kind {
        at = (*target)?;
    }
    Some((at, Some(tree.node(node).range)))
}

/// What a key is called, also one that is a collection: that is its own text.
pub(crate) fn key_text(document: &Document, key: NodeId) -> Cow<'_, str> {
    let tree = document.tree();
    tree.key_text(key).unwrap_or_else(|| document.source().slice(tree.node(key).range).into())
}

struct Collector<'d, 'b> {
    document: &'d Document,
    budget: &'b mut Budget,
    blame: NodeId,
}

impl Collector<'_, '_> {
    fn collect(&mut self, mapping: NodeId, depth: usize) -> Entries {
        let tree = self.document.tree();
        let written = tree.entries(mapping);
        let merges = |key: NodeId| tree.key_text(key).is_none() && tree.scalar_text(key) == Some("<<");
        let mut result = Entries::default();
        let mut taken: HashSet<Cow<'_, str>> = HashSet::with_capacity(written.len());
        let has_merge = written.iter().any(|entry| merges(entry.key));
        if has_merge {
            taken.extend(
                written.iter().filter(|entry| !merges(entry.key)).map(|entry| key_text(self.document, entry.key)),
            );
        }
        let mut own: HashSet<Cow<'_, str>> = HashSet::with_capacity(written.len());
        for entry in written {
            if merges(entry.key) {
                for field in self.merged(entry.value, depth, &mut result.unmergeable) {
                    if taken.insert(field.key.clone().into()) {
                        result.fields.push(field);
                    }
                }
                continue;
            }
            let key = key_text(self.document, entry.key);
            if own.insert(key.clone()) {
                result.fields.push(Field {
                    key: key.into_owned(),
                    key_node: entry.key,
                    value: entry.value,
                    alias: None,
                });
            }
        }
        result
    }

    /// What the value of a merge key brings.
    fn merged(&mut self, value: NodeId, depth: usize, unmergeable: &mut Vec<NodeId>) -> Vec<Field> {
        let tree = self.document.tree();
        let Some((target, alias)) = follow(tree, value) else { return Vec::new() };
        match &tree.node(target).kind {
            NodeKind::Mapping { .. } => self.source(target, alias, depth),
            NodeKind::Sequence { items, .. } => {
                let mut fields = Vec::new();
                for item in items {
                    let Some((target, item_alias)) = follow(tree, *item) else { continue };
                    if matches!(tree.node(target).kind, NodeKind::Mapping { .. }) {
                        fields.extend(self.source(target, alias.or(item_alias), depth));
                    } else {
                        unmergeable.push(*item);
                    }
                }
                fields
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => {
                unmergeable.push(value);
                Vec::new()
            }
        }
    }

    fn source(&mut self, mapping: NodeId, alias: Option<TextRange>, depth: usize) -> Vec<Field> {
        if depth == MAX_DEPTH {
            self.budget.exhaust(self.blame);
        }
        if !self.budget.spend(self.document.tree().entries(mapping).len(), 0, self.blame) {
            return Vec::new();
        }
        let mut fields = self.collect(mapping, depth + 1).fields;
        for field in &mut fields {
            field.alias = alias.or(field.alias);
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of the mapping under the last key, as `key=value`, with `*` where an alias brought them.
    fn list(text: &str) -> (String, usize) {
        let document = Document::new(text);
        let tree = document.tree();
        let root = tree.root().unwrap();
        let last = tree.entries(root).last().unwrap().value;
        let found = entries(&document, last, &mut Budget::new(0, 0), last);
        let fields = found.fields.iter().map(|field| {
            let star = if field.alias.is_some() { "*" } else { "" };
            format!("{}={}{star}", field.key, document.source().slice(tree.node(field.value).range))
        });
        (fields.collect::<Vec<_>>().join(" "), found.unmergeable.len())
    }

    #[test]
    fn merge_keys_are_followed() {
        for (text, expected) in [
            ("a: {x: 1, y: 2}", "x=1 y=2"),
            ("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}", "x=1* y=3 z=4"),
            ("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}", "y=3 x=1*"),
            ("a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b]}", "x=1* y=3*"),
            ("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}", "x=1* y=2*"),
            ("a: {<<: {x: 1}, <<: {y: 2}}", "x=1 y=2"),
            ("a: {\"<<\": 1}", "<<=1"),
            ("a: {x: 1, x: 2}", "x=1"),
            ("a: {1.50: x, true: y, ~: z, [p, q]: r}", "1.5=x true=y null=z [p, q]=r"),
            ("k: &k x\na: {*k : 1}", "x=1"),
        ] {
            assert_eq!(list(text).0, expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_merged_is_noted() {
        for (text, expected) in [("a: {<<: 1}", 1), ("a: {<<: [{x: 1}, y]}", 1), ("a: {<<: {}}", 0), ("a: {<<: }", 1)] {
            assert_eq!(list(text).1, expected, "{text}");
        }
    }

    #[test]
    fn long_chains_and_wide_lists_of_merges_are_given_up() {
        let mut chain = "m0: &m0 {k0: 1}\n".to_owned();
        for index in 1..1000 {
            chain.push_str(&format!("m{index}: &m{index} {{<<: *m{}, k{index}: 1}}\n", index - 1));
        }
        let wide: String = std::iter::repeat_n("*a,", 2000).collect();
        let keys: String = (0..2000).map(|index| format!("k{index}: 1, ")).collect();
        for text in [chain, format!("a: &a {{{keys}}}\nb: {{<<: [{wide}]}}")] {
            let document = Document::new(text);
            let tree = document.tree();
            let last = tree.entries(tree.root().unwrap()).last().unwrap().value;
            let mut budget = Budget::new(tree.nodes().count(), 0);
            entries(&document, last, &mut budget, last);
            assert_eq!(budget.exhausted_at(), Some(last));
        }
    }
}
