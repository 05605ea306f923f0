//! Where in a policy of IAM a place is, what its statement says, and how that is put into words.
//!
//! All of it goes by the tree alone, so that it works for a text with the cursor's word in it as well.

pub(super) mod hints;
pub(super) mod words;

use crate::iam::arn::{Arn, Format};
use crate::iam::reference::{Action, ResourceType, reference};
use crate::inputs::DocumentKind;
use crate::variables::{POLICY_DEPTH, follow, is_in_policy};
use crate::yaml::{NodeId, NodeKind, Tree};

/// A place in a policy.
pub(super) struct Spot<'t> {
    tree: &'t Tree,
    /// The statement that it stands in.
    pub(super) statement: Option<NodeId>,
    /// The keys from the policy to it; positions of lists are left out.
    pub(super) keys: Vec<&'t str>,
}

impl<'t> Spot<'t> {
    /// The place of a node; `None` outside of policies. A key counts as the value under it.
    pub(super) fn of(tree: &'t Tree, kind: DocumentKind, node: NodeId) -> Option<Self> {
        if !is_in_policy(tree, kind, node) {
            return None;
        }
        let mut route: Vec<NodeId> = std::iter::successors(Some(node), |node| tree.node(*node).parent).collect();
        route.pop();
        route.reverse();
        let route = match kind {
            DocumentKind::Policy => &route[..],
            DocumentKind::Configuration => route.get(POLICY_DEPTH..)?,
        };
        let key = |node: &NodeId| tree.entry_of(*node).and_then(|entry| tree.scalar_text(entry.key));
        let is_map = |node: &NodeId| matches!(tree.node(*node).kind, NodeKind::Mapping { .. });
        let is_statements = route.first().and_then(key) == Some("Statement");
        let statement = route.iter().take(2).rfind(|node| is_statements && is_map(node)).copied();
        Some(Self { tree, statement, keys: route.iter().filter_map(key).collect() })
    }

    /// The texts under a key of the statement, each with its node.
    pub(super) fn texts(&self, key: &str) -> Vec<(NodeId, &'t str)> {
        self.statement.map(|statement| texts(self.tree, statement, key)).unwrap_or_default()
    }

    /// The actions that the statement names, at most so many. None for `NotAction`: all others are too many.
    pub(super) fn actions(&self, most: usize) -> Vec<Action<'static>> {
        let mut all: Vec<Action<'static>> = Vec::new();
        for (_, text) in self.texts("Action") {
            all.extend(reached(text).filter(|action| !all.contains(action)).take(most - all.len()).collect::<Vec<_>>());
        }
        all
    }
}

/// The texts under a key of a statement, each with the node that holds it.
pub(super) fn texts<'t>(tree: &'t Tree, statement: NodeId, key: &str) -> Vec<(NodeId, &'t str)> {
    let entry = tree.entries(statement).iter().find(|entry| tree.scalar_text(entry.key) == Some(key));
    let Some((value, _)) = entry.and_then(|entry| follow(tree, entry.value)) else { return Vec::new() };
    let text = |node: NodeId| Some((node, tree.scalar_text(node)?));
    match tree.node(value).kind {
        NodeKind::Sequence { .. } => tree.items(value).iter().filter_map(|item| text(follow(tree, *item)?.0)).collect(),
        _ => text(value).into_iter().collect(),
    }
}

/// The actions that a text names or reaches. `*` and its like name every action, which says nothing; they count as none.
pub(super) fn reached(text: &str) -> impl Iterator<Item = Action<'static>> + use<'_> {
    let (prefix, _) = text.split_once(':').unwrap_or_default();
    let is_pattern = text.contains(['*', '?']);
    let is_everything = prefix.trim_matches('*').is_empty();
    let one = (!is_pattern).then(|| reference().action(text)).flatten();
    let several = (is_pattern && !is_everything).then(|| reference().matching(text));
    one.into_iter().chain(several.into_iter().flatten())
}

/// Whether a name may be that of a resource of this type.
pub(super) fn overlaps(arn: &Arn<'_>, kind: ResourceType<'_>) -> bool {
    let is_near =
        |format: &&str| format.split(':').nth(2) == Some(arn.service.text) || arn.service.pattern.has_wildcard();
    kind.arn_formats().filter(is_near).filter_map(Format::parse).any(|format| arn.overlaps(&format))
}
