use super::{Action, ActionKind, with_ancestors};
use crate::config::Value;
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Placement};
use crate::ide::described::{Content, Described};
use crate::model::{Object, Property};
use crate::rules::RuleContext;
use crate::yaml::NodeId;

/// Adds all required keys that the map at the cursor lacks. At a key, the map under it comes first.
pub(super) fn add(ctx: &RuleContext<'_>, diagnostics: &[Diagnostic], node: NodeId) -> Option<Action> {
    let tree = ctx.tree();
    let under = tree.entry_of(node).filter(|entry| entry.key == node).map(|entry| entry.value);
    let maps = under.into_iter().chain(with_ancestors(ctx, node));
    let incomplete = |map: NodeId| {
        let value = ctx.config.value_at(map).filter(|value| value.is_written_here())?;
        let absent = absent(ctx, value, object(ctx, map)?);
        (!absent.is_empty()).then_some((value, absent))
    };
    let (map, absent) = maps.into_iter().find_map(incomplete)?;
    let entries: Vec<(&str, &str)> = absent.iter().map(|property| (property.name, property.snippet)).collect();
    let edits = fix::insert_entries(ctx.document, map.node(), &entries, Placement::Last)?;
    let names: Vec<String> = absent.iter().map(|property| format!("`{}`", property.name)).collect();
    let mends = |found: &Diagnostic| {
        absent.iter().any(|property| {
            let path = map.child_path(property.name);
            // A missing block that must hold a key is reported as that key.
            found.path.strip_prefix(&*path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let mended = diagnostics.iter().enumerate().filter(|(_, found)| mends(found)).map(|(index, _)| index);
    Some(Action {
        title: format!("Add {}", names.join(", ")),
        kind: ActionKind::QuickFix,
        edits,
        diagnostics: mended.collect(),
        preferred: false,
    })
}

/// What the model says of the keys of a map, or of nothing where one is to be.
fn object(ctx: &RuleContext<'_>, map: NodeId) -> Option<&'static Object> {
    match Content::of(ctx.tree(), map, Described::of(ctx.tree(), map)?.shape)? {
        Content::Object(object) => Some(object),
        Content::Tagged(_, variant) => variant.map(|variant| variant.object),
        Content::Map(_) | Content::List(_) => None,
    }
}

fn absent(ctx: &RuleContext<'_>, map: Value<'_>, object: &'static Object) -> Vec<&'static Property> {
    if !map.is_map() && !map.is_null() {
        return Vec::new();
    }
    let deployment = ctx.deployment_type();
    let is_absent = |property: &&Property| {
        property.required && property.is_available(deployment) && map.get(property.name).is_none()
    };
    object.properties.iter().filter(is_absent).collect()
}
