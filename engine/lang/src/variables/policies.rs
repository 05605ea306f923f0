//! Which nodes of a document belong to a policy of IAM, which has variables of its own.

use std::collections::HashSet;

use super::entries::follow;
use crate::inputs::DocumentKind;
use crate::yaml::{Document, NodeId, Tree};

/// The keys from a container to its policy.
const ROUTE: [&str; 3] = ["compute", "awsIam", "customPolicy"];

/// The keys from the document to a policy: `containers`, the container's name and the route.
pub(crate) const POLICY_DEPTH: usize = 2 + ROUTE.len();

/// The nodes of all policies, also those that aliases bring in.
pub(super) fn nodes(document: &Document, kind: DocumentKind) -> HashSet<NodeId> {
    let tree = document.tree();
    let mut found = HashSet::new();
    let Some(root) = tree.root() else { return found };
    let mut open = match kind {
        DocumentKind::Policy => vec![root],
        DocumentKind::Configuration => of_containers(tree, root),
    };
    while let Some(node) = open.pop() {
        if !found.insert(node) {
            continue;
        }
        open.extend(tree.children(node));
        open.extend(follow(tree, node).map(|(target, _)| target).filter(|target| *target != node));
    }
    found
}

/// Whether a node is written inside of a policy.
pub(crate) fn is_in_policy(tree: &Tree, kind: DocumentKind, node: NodeId) -> bool {
    if kind == DocumentKind::Policy {
        return true;
    }
    // The keys around the node, from the outermost: `containers`, a name, and the route.
    let mut keys = Vec::new();
    let mut at = node;
    while let Some(parent) = tree.node(at).parent {
        keys.push(tree.entry_of(at).and_then(|entry| tree.scalar_text(entry.key)));
        at = parent;
    }
    let mut keys = keys.into_iter().rev();
    keys.next() == Some(Some("containers")) && keys.next().is_some() && ROUTE.into_iter().map(Some).eq(keys.take(3))
}

fn of_containers(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let child = |node: NodeId, key: &str| {
        let entry = tree.entries(node).iter().find(|entry| tree.scalar_text(entry.key) == Some(key))?;
        Some(follow(tree, entry.value)?.0)
    };
    let Some(containers) = child(root, "containers") else { return Vec::new() };
    let containers = tree.entries(containers).iter().filter_map(|entry| Some(follow(tree, entry.value)?.0));
    containers.filter_map(|container| ROUTE.iter().try_fold(container, |at, key| child(at, key))).collect()
}
