//! What the Dockerfile of a container says: its stages and its arguments.

use std::collections::BTreeMap;

use super::{Item, ItemKind, Place, range};
use crate::dockerfile::Dockerfile;
use crate::inputs::normalize_path;
use crate::yaml::NodeId;

/// The flag that names a stage.
const TARGET: &str = "--target";

/// The options of a build at the cursor; `None` where none stand.
pub(super) fn options(place: Place<'_>) -> Option<Vec<Item>> {
    let node = place.cursor.node;
    let ["containers", _, "build", "options"] = place.cursor.keys(node).as_slice() else { return None };
    let Some(file) = dockerfile(place, node) else { return Some(Vec::new()) };
    // The last ones are built from those before.
    let stages = file.stages.iter().rev().filter_map(|stage| Some((stage.name.as_deref()?, stage.base.as_str())));
    let tree = place.tree();
    let siblings = tree.node(node).parent.map(|parent| tree.items(parent)).unwrap_or_default();
    let before = siblings.iter().take_while(|item| **item != node).last();
    let behind_flag = before.is_some_and(|item| tree.scalar_text(*item) == Some(TARGET));
    let typed = place.typed();
    let words = typed.trim_start_matches(['"', '\'']);
    let (earlier, word) = words.rsplit_once(' ').unwrap_or(("", words));
    let items = stages.map(|(name, base)| {
        let detail = format!("a stage that starts from `{base}`");
        let behind_flag = behind_flag || earlier.trim_end().ends_with(TARGET);
        let value = if behind_flag { name.to_owned() } else { format!("{TARGET}={name}") };
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        let item = if !earlier.is_empty() {
            // In one string, what stands before stays as it is.
            let replaced = range(place.offset - word.len(), place.offset);
            Item::new(ItemKind::Value, value.as_str(), replaced, value.as_str())
        } else if is_plain && place.cursor.quote.is_none() && !place.style().json && !behind_flag {
            // A flag needs no quotes, whatever else begins with dashes.
            place.literal(&value)
        } else {
            place.text(&value)
        };
        item.detail(detail)
    });
    Some(items.collect())
}

/// The arguments that the Dockerfile takes, each with the reason.
pub(super) fn arguments(place: Place<'_>, node: NodeId) -> Vec<(String, &'static str)> {
    let Some(file) = dockerfile(place, node) else { return Vec::new() };
    let declared = file.instructions.iter().filter(|instruction| instruction.keyword == "ARG");
    let mut names = BTreeMap::new();
    for (name, value) in declared.flat_map(crate::dockerfile::Instruction::assignments) {
        let why = if value.is_some() {
            "an argument of the Dockerfile, with a default"
        } else {
            "an argument of the Dockerfile"
        };
        names.entry(name).or_insert(why);
    }
    names.into_iter().collect()
}

fn dockerfile(place: Place<'_>, node: NodeId) -> Option<Dockerfile> {
    let container = place.container(node)?;
    if let Some(text) = container.text(&["build", "dockerFileString"]) {
        return Some(Dockerfile::parse(text));
    }
    let folder = normalize_path(container.src()?);
    place.ctx.files()?.read(&format!("{folder}/Dockerfile")).map(|text| Dockerfile::parse(&text))
}
