//! SCF282 and SCF286: `dev.watchPath`.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::inputs::{FileKind, normalize_path};
use crate::rules::folder::{is_within, join};
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Reports a `watchPath` that is not there, or does not lie in the container's `src`.
    ///
    /// ## Why it matters
    /// Only changes under `watchPath` restart the container in `slipway dev`. When it names nothing, or a folder that is no
    /// part of the image, no change is ever seen.
    ///
    /// The path counts from `src`; one that counts from the configuration file is understood too.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   watchPath: ../shared
    /// ```
    ///
    /// ## Use instead
    /// ```text api/lib/index.js
    /// ```
    /// ```yaml container
    /// dev:
    ///   watchPath: lib
    /// ```
    WATCH_PATH_MISSING = "SCF282", "Watch path missing", Warning, fix: None;

    /// ## What it does
    /// Says that the original tool takes no notice of `watchPath`.
    ///
    /// ## Why it matters
    /// Slipway watches this folder alone. The original tool accepts the key and watches all of `src`.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   watchPath: lib
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    IGNORED_BY_OLDER_TOOL = "SCF286", "Ignored by older tool", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let Some(path) = container.get(&["dev", "watchPath"]).filter(|path| !path.is_null()) else { continue };
        let message = "`watchPath` is honoured by Slipway; the original tool accepts it and watches all of `src`.";
        acc.push(IGNORED_BY_OLDER_TOOL.at(path.key_place(), message));
        if let Some(written) = path.as_str() {
            missing(ctx, container, path, written, acc);
        }
    }
}

fn missing(ctx: &RuleContext<'_>, container: Container<'_>, path: Value<'_>, written: &str, acc: &mut Vec<Diagnostic>) {
    let Some(src) = container.src() else { return };
    let folder = normalize_path(src);
    let candidates: Vec<String> = [join(&folder, written), normalize_path(written)]
        .into_iter()
        .filter(|candidate| is_within(candidate, &folder))
        .collect();
    let message = if candidates.is_empty() {
        format!(
            "`{written}` does not lie in `{src}`, the container's source, so no change would ever be seen. Name a folder in it."
        )
    } else if let Some(files) = ctx.files()
        && files.kind(&folder) == FileKind::Folder
        && candidates.iter().all(|candidate| files.kind(candidate) == FileKind::Missing)
    {
        format!("`{written}` does not exist in `{src}`, so no change would ever be seen. Name a folder that is there.")
    } else {
        return;
    };
    acc.push(WATCH_PATH_MISSING.at(path, message));
}
