//! SCF084: a Dockerfile in two places.

use super::image::Image;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::inputs::FileKind;
use crate::rules::edits;
use crate::rules::folder::join;

declare_rule! {
    /// ## What it does
    /// Reports a `dockerFileString` beside a `Dockerfile` in `src`.
    ///
    /// ## Why it matters
    /// Only the string is used. The original tool writes it over the file and then deletes the file.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// ```
    /// ```yaml container
    /// build:
    ///   dockerFileString: |
    ///     FROM node:24-slim
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:24-slim
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    TWO_DOCKERFILES = "SCF084", "Two Dockerfiles", Warning, fix: Unsafe
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(inline) = image.container.get(&["build", "dockerFileString"]).filter(|text| !text.is_null()) else {
        return;
    };
    let Some((src, files)) = image.folder() else { return };
    if files.kind(&join(&src.folder, "Dockerfile")) == FileKind::File {
        let message = format!(
            "`dockerFileString` is used in the place of `{}`. The original tool even deletes that file. Remove one of the two.",
            src.path("Dockerfile")
        );
        let fix = edits::remove(image.ctx, inline).map(|edits| Fix::suggestion("Remove `dockerFileString`", edits));
        acc.push(TWO_DOCKERFILES.at(inline.key_place(), message).fix(fix));
    }
}
