use crate::config::Value;
use crate::rules::{Container, RuleContext};

/// The values of an item's `type`.
const TYPES: &[&str] = &["min", "max", "desired", "target", "step"];

/// The `scale` list of a container.
#[derive(Clone, Copy)]
pub(super) struct Scale<'a> {
    /// The list.
    pub(super) list: Value<'a>,
    /// The container that has it.
    pub(super) container: Container<'a>,
}

/// The `scale` lists that are known.
pub(super) fn scales<'a>(ctx: &'a RuleContext<'a>) -> impl Iterator<Item = Scale<'a>> {
    ctx.containers().filter_map(|container| {
        let list = container.fargate()?.get("scale").filter(|list| list.is_list())?;
        Some(Scale { list, container })
    })
}

impl<'a> Scale<'a> {
    /// The items of a type, in the order of the file.
    pub(super) fn items(self, kind: &'static str) -> impl Iterator<Item = Value<'a>> {
        self.container.scale_items(kind)
    }

    /// The first item of a type.
    pub(super) fn first(self, kind: &'static str) -> Option<Value<'a>> {
        self.items(kind).next()
    }

    /// The number of the first bound or count of a type, with its value.
    pub(super) fn number(self, kind: &'static str) -> Option<(f64, Value<'a>)> {
        let value = self.first(kind)?.get(kind)?;
        Some((value.as_f64()?, value))
    }

    /// The first item that scales by a metric.
    pub(super) fn policy(self) -> Option<Value<'a>> {
        self.first("target").or_else(|| self.first("step"))
    }

    /// Whether the type of every item is known: only then can one be said to be missing.
    pub(super) fn is_complete(self) -> bool {
        self.list.items().all(|item| item.get("type").and_then(Value::as_str).is_some_and(|kind| TYPES.contains(&kind)))
    }
}

/// What stands for an item in a short range: its `type`.
pub(super) fn tag(item: Value<'_>) -> Value<'_> {
    item.get("type").unwrap_or(item)
}
