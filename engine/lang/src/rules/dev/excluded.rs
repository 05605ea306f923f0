//! SCF284: what `dev.excludeDirectories` names.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::inputs::{FileKind, Files, normalize_path};
use crate::rules::folder::{NEVER_ENTERED, below, join, leaves_project};
use crate::rules::{Container, RuleContext, edits};
use crate::suggest::nearest;

declare_rule! {
    /// ## What it does
    /// Reports an entry of `excludeDirectories` that names no folder of the source: an absolute path, a pattern, a path with
    /// needless dots and slashes, or a folder that is not there. Folders that tools make later, such as `dist`, may be absent.
    ///
    /// ## Why it matters
    /// The folder goes on being watched, and every change in it restarts the container. Names are compared as they are by the
    /// original tool, so that `./dist/` and `dist/**` exclude nothing there.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   excludeDirectories:
    ///     - ./dist/
    ///     - /tmp
    /// ```
    ///
    /// ## Use instead
    /// ```text api/uploads/.gitkeep
    /// ```
    /// ```yaml container
    /// dev:
    ///   excludeDirectories:
    ///     - dist
    ///     - uploads
    /// ```
    EXCLUDED_FOLDER_UNKNOWN = "SCF284", "Excluded folder unknown", Warning, fix: Mixed
}

/// Folders that build and test tools make; people exclude them before they are there.
const MADE_LATER: &[&str] = &[
    "dist",
    "build",
    "out",
    "coverage",
    ".output",
    ".cache",
    ".turbo",
    ".parcel-cache",
    ".pytest_cache",
    "tmp",
    "logs",
];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let entries = container.get(&["dev", "excludeDirectories"]).into_iter().flat_map(Value::items);
        for entry in entries {
            if let Some(written) = entry.as_str() {
                acc.extend(fault(ctx, container, entry, written));
            }
        }
    }
}

fn fault(ctx: &RuleContext<'_>, container: Container<'_>, entry: Value<'_>, written: &str) -> Option<Diagnostic> {
    let plain = plain_folder(written);
    let use_plain = |safe: bool| {
        let plain = plain.as_deref()?;
        let edits = edits::replace(ctx, entry, Literal::Text(plain))?;
        let title = format!("Use `{plain}`");
        Some(if safe { Fix::safe(title, edits) } else { Fix::suggestion(title, edits) })
    };
    if written.starts_with('/') || written.contains('\\') || written.contains(':') {
        let message =
            format!("`{written}` is not a path from the source folder. Name a folder below `src`, such as `dist`.");
        return Some(EXCLUDED_FOLDER_UNKNOWN.at(entry, message).fix(use_plain(false)));
    }
    if written.contains(['*', '?', '[', '{']) {
        let message = format!(
            "`{written}` is a pattern, which the original tool takes as it is. Name the folder itself: all below it is excluded too."
        );
        return Some(EXCLUDED_FOLDER_UNKNOWN.at(entry, message).fix(use_plain(false)));
    }
    let folder = normalize_path(written);
    if folder.is_empty() || leaves_project(&folder) {
        let message = format!("`{written}` is not a folder below the source. Name one, such as `dist`.");
        return Some(EXCLUDED_FOLDER_UNKNOWN.at(entry, message));
    }
    if folder != written {
        let message = format!(
            "Write `{folder}` in the place of `{written}`: the original tool compares the text as it is, which matches no folder."
        );
        return Some(EXCLUDED_FOLDER_UNKNOWN.at(entry, message).fix(use_plain(true)));
    }
    let (files, src) = (ctx.files()?, normalize_path(container.src()?));
    if files.kind(&src) != FileKind::Folder || is_expected(&folder) || exists(files, &src, &folder) {
        return None;
    }
    let names = files.list(&src);
    let folders = names.iter().map(String::as_str).filter(|name| files.kind(&join(&src, name)) == FileKind::Folder);
    let near = nearest(&folder, folders);
    let hint = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let message = format!("There is no folder `{folder}` in `{}`, so nothing is excluded.{hint}", container.src()?);
    let fix = near.and_then(|near| {
        let edits = edits::replace(ctx, entry, Literal::Text(near))?;
        Some(Fix::suggestion(format!("Use `{near}`"), edits))
    });
    Some(EXCLUDED_FOLDER_UNKNOWN.at(entry, message).fix(fix))
}

/// The folder that a pattern or an absolute path stands for, when that is one folder.
fn plain_folder(written: &str) -> Option<String> {
    let inner = written.trim_start_matches("**/").trim_end_matches(['*', '/']);
    let folder = normalize_path(inner.trim_start_matches('/'));
    let is_plain = !folder.is_empty() && !leaves_project(&folder) && !folder.contains(['*', '?', '[', '{', '\\', ':']);
    is_plain.then_some(folder)
}

/// Whether a folder is one that may well be absent, or the inside of one.
fn is_expected(folder: &str) -> bool {
    folder.split('/').any(|segment| NEVER_ENTERED.contains(&segment) || MADE_LATER.contains(&segment))
}

/// Whether a folder is there: at its path, or anywhere below when it is a mere name. In doubt it is.
fn exists(files: &dyn Files, src: &str, folder: &str) -> bool {
    if files.kind(&join(src, folder)) == FileKind::Folder {
        return true;
    }
    let mut look = below(files, src);
    let found = look.by_ref().any(|path| {
        path.strip_suffix(folder).is_some_and(|rest| rest.ends_with('/')) && files.kind(&path) == FileKind::Folder
    });
    found || look.gave_up()
}
