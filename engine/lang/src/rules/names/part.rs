use crate::config::Value;
use crate::diagnostic::{Fix, Place, Severity};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};
use crate::text::{TextRange, TextSize};

/// A text that names of cloud resources are made of.
pub(super) struct Part<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// What a message calls it: "The stage `Prod`".
    pub(super) subject: String,
    /// Where it is to be seen.
    pub(super) place: Place,
    /// How much a fault matters: a stage of the file that is not in force stops nothing.
    pub(super) severity: Severity,
    /// Whether it is a container's name.
    pub(super) is_container: bool,
    holder: Holder<'a>,
}

/// What the file has of a part.
enum Holder<'a> {
    /// The value is the part.
    Value(Value<'a>),
    /// The value stands under the part.
    Key(Value<'a>),
    /// Nothing: the part came from the command line.
    None,
}

impl Part<'_> {
    /// A change of the part, where the file has it and no other key has that name.
    pub(super) fn rename(&self, ctx: &RuleContext<'_>, new: &str) -> Option<Fix> {
        let edits = match self.holder {
            Holder::Value(value) => edits::replace(ctx, value, Literal::Text(new)),
            Holder::Key(value) => edits::rename(ctx, value, new),
            Holder::None => None,
        };
        // Resources and references carry the name, so somebody should look.
        edits.filter(|_| !new.is_empty()).map(|edits| Fix::suggestion(format!("Rename to `{new}`"), edits))
    }
}

/// The project's name, the stage in force, the other stages of the file and the containers.
pub(super) fn parts<'a>(ctx: &RuleContext<'a>) -> Vec<Part<'a>> {
    let name = ctx.get(&["name"]).and_then(|value| {
        let text = value.as_str()?;
        Some(Part {
            text,
            subject: format!("The project's name `{text}`"),
            place: value.place(),
            severity: Severity::Blocker,
            is_container: false,
            holder: Holder::Value(value),
        })
    });
    let stage_keys = ctx.get(&["stages"]).into_iter().flat_map(Value::entries);
    let stage_keys = stage_keys.filter(|(key, _)| *key != "default").map(|(key, value)| Part {
        text: key,
        subject: format!("The stage `{key}`"),
        place: value.key_place(),
        severity: if key == ctx.stage() { Severity::Blocker } else { Severity::Warning },
        is_container: false,
        holder: Holder::Key(value),
    });
    let stage_keys: Vec<Part<'a>> = stage_keys.collect();
    let stage = (!stage_keys.iter().any(|part| part.text == ctx.stage())).then(|| Part {
        text: ctx.stage(),
        subject: format!("The stage `{}`", ctx.stage()),
        place: stage_place(ctx),
        severity: Severity::Blocker,
        is_container: false,
        holder: Holder::None,
    });
    let containers = ctx.containers().map(|container| Part {
        text: container.name,
        subject: format!("The container name `{}`", container.name),
        place: container.value.key_place(),
        severity: Severity::Blocker,
        is_container: true,
        holder: Holder::Key(container.value),
    });
    name.into_iter().chain(stage_keys).chain(stage).chain(containers).collect()
}

/// Where a fault of the stage in force is shown when the file does not name the stage: at the name that it is joined to.
pub(super) fn stage_place(ctx: &RuleContext<'_>) -> Place {
    match ctx.get(&["name"]) {
        Some(name) => name.place(),
        None => Place::new(TextRange::empty(TextSize::new(0)), ""),
    }
}

/// The key of the stage in force, when the file has it.
pub(super) fn stage_key_range(ctx: &RuleContext<'_>) -> Option<TextRange> {
    Some(ctx.get(&["stages", ctx.stage()])?.key_range())
}
