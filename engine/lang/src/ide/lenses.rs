//! What can be done with the project and with each container, above the lines that stand for them.

use crate::rules::RuleContext;
use crate::text::TextRange;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The key above which it is shown.
    pub range: TextRange,
    /// What can be done.
    pub kind: LensKind,
    /// The container that it is about; `None` for the project.
    pub container: Option<String>,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LensKind {
    /// Run it on this machine.
    Dev,
    /// Say what a deployment would change.
    Plan,
    /// Deploy it.
    Deploy,
    /// Take it down.
    Remove,
    /// Say what is deployed.
    Info,
    /// Show its log.
    Logs,
    /// Open its address.
    Open,
}

const OF_PROJECT: [LensKind; 5] = [LensKind::Dev, LensKind::Plan, LensKind::Deploy, LensKind::Remove, LensKind::Info];
const OF_CONTAINER: [LensKind; 3] = [LensKind::Dev, LensKind::Logs, LensKind::Open];

/// The lenses of a document: the project's at its first key, each container's at its name.
pub fn lenses(ctx: &RuleContext<'_>) -> Vec<Lens> {
    let tree = ctx.tree();
    let first = tree.root().and_then(|root| tree.entries(root).first()).map(|entry| tree.node(entry.key).range);
    let project = first.into_iter().flat_map(|range| OF_PROJECT.map(|kind| Lens { range, kind, container: None }));
    let containers = ctx.containers().flat_map(|container| {
        let range = container.value.key_range();
        OF_CONTAINER.map(|kind| Lens { range, kind, container: Some(container.name.to_owned()) })
    });
    project.chain(containers).collect()
}
