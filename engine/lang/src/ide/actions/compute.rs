use super::{Action, ActionKind, refactoring, together};
use crate::config::{Value, number_text};
use crate::fix::{self, Literal, Placement};
use crate::limits::{fargate, lambda};
use crate::model::ComputeType;
use crate::rules::{Container, RuleContext};
use crate::text::TextEdit;
use crate::yaml::{NodeId, Tree};

/// What a function made of a service may take, in seconds: what a distribution waits for an answer.
const TIMEOUT: &str = "30";

/// Moves the container at the cursor to the other compute type. The memory goes along, as near as the sizes allow, and what
/// the other type does not have is dropped.
pub(super) fn switch(ctx: &RuleContext<'_>, node: NodeId) -> Option<Action> {
    let at = ctx.tree().node(node).range;
    let touches = |value: &Value<'_>| value.key_range().contains_range(at) || value.range().contains_range(at);
    let container = ctx.containers().find(|container| touches(&container.value))?;
    let compute = container.get(&["compute"]).filter(|compute| compute.is_written_here() && compute.is_map())?;
    let is_concerned = compute.key_range().contains_range(at)
        || compute.node() == node
        || ["type", "awsLambda", "awsFargateEcs"].iter().filter_map(|key| compute.get(key)).any(|part| touches(&part));
    let from = container.compute_type().filter(|_| is_concerned)?;
    let to = match from {
        ComputeType::Lambda => ComputeType::Fargate,
        ComputeType::Fargate => ComputeType::Lambda,
    };
    let edits = edits(ctx, container, compute, from, to)?;
    let name = match to {
        ComputeType::Lambda => "Lambda",
        ComputeType::Fargate => "Fargate",
    };
    Some(refactoring(ActionKind::RefactorRewrite, format!("Run `{}` on {name}", container.name), edits))
}

fn edits(
    ctx: &RuleContext<'_>,
    container: Container<'_>,
    compute: Value<'_>,
    from: ComputeType,
    to: ComputeType,
) -> Option<Vec<TextEdit>> {
    let old = compute.get(from.name());
    let new = compute.get(to.name());
    let sizes = Sizes::of(ctx, container, from)?;
    let written = compute.get("type");
    let change_type = match written {
        Some(written) if !written.is_written_here() => return None,
        Some(written) => fix::replace_scalar(ctx.document, written.node(), Literal::Text(to.name())),
        None => fix::insert_entry(ctx.document, compute.node(), "type", to.name(), Placement::First),
    };
    match (old, new) {
        // What is there already is kept.
        (Some(old), Some(_)) => {
            let removal = old.is_written_here().then(|| fix::remove(ctx.document, old.node()))?;
            together([change_type, removal])
        }
        (None, Some(_)) => change_type,
        (Some(old), None) => {
            let rename = old.is_written_here().then(|| fix::rename_key(ctx.document, old.node(), to.name()))?;
            together([change_type, rename, sizes.put_into(ctx, old)])
        }
        (None, None) => {
            let block = sizes.block();
            if let Some(written) = written {
                let behind = Placement::After(written.node());
                let insertion = fix::insert_entry(ctx.document, compute.node(), to.name(), &block, behind);
                together([change_type, insertion])
            } else {
                let entries = [("type", to.name()), (to.name(), &*block)];
                fix::insert_entries(ctx.document, compute.node(), &entries, Placement::First)
            }
        }
    }
}

/// The sizes of the compute type that a container moves to, as YAML.
struct Sizes {
    memory: String,
    /// The other key and its value.
    other: (&'static str, String),
}

impl Sizes {
    /// `None` where the memory is only known when the project is deployed.
    fn of(ctx: &RuleContext<'_>, container: Container<'_>, from: ComputeType) -> Option<Self> {
        let written = container.get(&["compute", from.name(), "memory"]);
        if written.is_some_and(Value::is_unknown) {
            return None;
        }
        let found = written.and_then(Value::as_f64);
        let (memory, other) = match from {
            ComputeType::Lambda => {
                let found = found.unwrap_or(f64::from(lambda::DEFAULT_MEMORY));
                let fits = |size: &fargate::Size| f64::from(size.most_memory()) >= found;
                let size = fargate::SIZES.into_iter().find(fits)?;
                let memory = size.memories().find(|memory| f64::from(*memory) >= found)?;
                (f64::from(memory), ("cpu", size.cpu.to_string()))
            }
            ComputeType::Fargate => {
                let (least, most) = (f64::from(*lambda::MEMORY.start()), f64::from(*lambda::MEMORY.end()));
                let found = found.unwrap_or(f64::from(fargate::DEFAULT_MEMORY));
                (found.clamp(least, most).round(), ("timeout", TIMEOUT.to_owned()))
            }
        };
        let as_written = written
            .filter(|written| found == Some(memory) && written.definition().is_none())
            .filter(|written| ctx.tree().scalar_text(written.node()).is_some())
            .map(|written| ctx.source().slice(ctx.tree().node(written.node()).range).to_owned());
        Some(Self { memory: as_written.unwrap_or_else(|| number_text(memory)), other })
    }

    fn block(&self) -> String {
        let Self { memory, other: (key, value) } = self;
        let memory = format!("memory: {memory}\n");
        let other = format!("{key}: {value}\n");
        // CPU comes before memory, memory before time.
        if *key == "cpu" { other + &memory } else { memory + &other }
    }

    /// Puts them in the place of the old ones. Where there are comments, the old memory keeps its own.
    fn put_into(&self, ctx: &RuleContext<'_>, old: Value<'_>) -> Option<Vec<TextEdit>> {
        let (tree, document) = (ctx.tree(), ctx.document);
        let range = tree.node(old.node()).range;
        if tree.entries(old.node()).iter().any(|entry| tree.key_text(entry.key).is_none()) {
            return None; // Who knows what a merge key brings.
        }
        let has_comments = tree.comments().iter().any(|comment| range.contains_range(*comment)) || {
            let line = ctx.source().line_range(ctx.source().line_of(range.end()));
            old.entries().next().is_some()
                && tree.comments().iter().any(|comment| line.is_some_and(|line| line.contains_range(*comment)))
        };
        // A variable stands in the scalar that shows it.
        let stands_here = |memory: &Value<'_>| memory.definition().is_none() && memory.node() != old.node();
        let memory = old.get("memory").filter(|memory| has_comments && stands_here(memory));
        let Some(memory) = memory else { return fix::replace_value(document, old.node(), &self.block()) };
        let others = tree.entries(old.node()).iter().filter(|entry| !is_named(tree, entry.key, "memory"));
        let removals = others.map(|entry| fix::remove(document, entry.value));
        let size = fix::replace_value(document, memory.node(), &self.memory);
        let behind = Placement::After(memory.node());
        let other = fix::insert_entry(document, old.node(), self.other.0, &self.other.1, behind);
        together([size, other].into_iter().chain(removals))
    }
}

fn is_named(tree: &Tree, key: NodeId, name: &str) -> bool {
    tree.key_text(key).as_deref() == Some(name)
}
