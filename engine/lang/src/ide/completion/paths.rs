//! Folders and files of the project.

use super::{Item, ItemKind, MOST, Place};
use crate::inputs::{FileKind, Files};
use crate::rules::folder::{NEVER_ENTERED, join};
use crate::rules::{Container, RuleContext};
use crate::text::TextRange;

/// Something in a folder.
pub(super) struct Found {
    /// What was typed of the path before its last part, and the name.
    pub(super) path: String,
    /// What it is; never [`FileKind::Missing`].
    pub(super) kind: FileKind,
    /// Whether it is a folder with a Dockerfile.
    pub(super) has_dockerfile: bool,
}

/// The folders that a path at the cursor may name; `None` where no path stands.
pub(super) fn folders(place: Place<'_>) -> Option<Vec<Item>> {
    let node = place.cursor.node;
    let below_source = || place.container(node).and_then(Container::src).unwrap_or_default();
    let (base, prefix) = match place.cursor.keys(node).as_slice() {
        ["containers", _, "src"] => ("", "./"),
        ["containers", _, "dev", "watchPath" | "excludeDirectories"] => (below_source(), ""),
        _ => return None,
    };
    let files = place.ctx.files()?;
    let typed = place.typed().trim_start_matches(['"', '\'']);
    let typed = if typed.is_empty() { prefix } else { typed };
    let mut found: Vec<Found> = list(files, base, typed).filter(|found| found.kind == FileKind::Folder).collect();
    found.sort_by_key(|found| !found.has_dockerfile);
    let items = found.into_iter().map(|found| Item {
        kind: ItemKind::Folder,
        detail: if found.has_dockerfile { "has a Dockerfile".to_owned() } else { String::new() },
        more: true,
        ..place.text(&found.path)
    });
    Some(items.collect())
}

/// The files that a variable may read, and the folders on the way to them. `typed` is replaced with what is behind it up to
/// the end of `replaced`; `end` is put behind a file.
pub(super) fn files(ctx: &RuleContext<'_>, typed: &str, replaced: TextRange, end: &str) -> Vec<Item> {
    let Some(files) = ctx.files() else { return Vec::new() };
    let typed = if typed.is_empty() { "./" } else { typed };
    let mut found: Vec<Found> = list(files, "", typed).collect();
    let rank = |path: &str| match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("yml" | "yaml" | "json") => 0,
        Some("js" | "cjs" | "mjs" | "ts" | "txt") => 1,
        _ => 3,
    };
    found.sort_by_key(|found| if found.kind == FileKind::Folder { 2 } else { rank(&found.path) });
    let items = found.into_iter().filter_map(|found| match found.kind {
        FileKind::Folder => {
            let path = format!("{}/", found.path);
            Some(Item { more: true, ..Item::new(ItemKind::Folder, path.clone(), replaced, path) })
        }
        FileKind::File => Some(Item::new(ItemKind::File, found.path.clone(), replaced, format!("{}{end}", found.path))),
        FileKind::Missing | FileKind::Other => None,
    });
    items.collect()
}

/// What lies in the folder of a half-typed path that starts in `base`, by name. Folders of dependencies and hidden names are left
/// out, unless the name begins with a dot.
fn list<'a>(files: &'a dyn Files, base: &str, typed: &str) -> impl Iterator<Item = Found> + use<'a> {
    let (folder, start) =
        typed.rsplit_once('/').map_or(("", typed), |(folder, start)| (&typed[..=folder.len()], start));
    let hidden = start.starts_with('.');
    let at = join(base, folder);
    let folder = folder.to_owned();
    let names = files.list(&at).into_iter();
    let shown = names.filter(move |name| !NEVER_ENTERED.contains(&name.as_str()) && (hidden || !name.starts_with('.')));
    shown.take(MOST).map(move |name| {
        let path = join(&at, &name);
        let kind = files.kind(&path);
        let has_dockerfile = kind == FileKind::Folder && files.kind(&format!("{path}/Dockerfile")) == FileKind::File;
        Found { path: format!("{folder}{name}"), kind, has_dockerfile }
    })
}
