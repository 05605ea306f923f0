//! SCF080, SCF081, SCF095, SCF102: the source folder.

use super::image::{Image, Source};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::inputs::{FileKind, Files};
use crate::rules::edits;
use crate::rules::folder::{NEVER_ENTERED, below, is_within, join, leaves_project};
use crate::suggest::nearest;

declare_rule! {
    /// ## What it does
    /// Reports a `src` that does not exist.
    ///
    /// ## Why it matters
    /// There is nothing to build. The path counts from the folder of the configuration file.
    ///
    /// ## Example
    /// ```yaml container
    /// src: ./apii
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// src: ./api
    /// ```
    SOURCE_FOLDER_MISSING = "SCF080", "Source folder missing", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a `src` that is not a folder.
    ///
    /// ## Why it matters
    /// The image is built from a folder, with the `Dockerfile` directly in it.
    ///
    /// ## Example
    /// ```yaml container
    /// src: ./api/index.js
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// src: ./api
    /// ```
    SOURCE_IS_A_FILE = "SCF081", "Source is a file", Blocker, fix: Unsafe;

    /// ## What it does
    /// Says that a `src` lies outside the folder of the configuration file.
    ///
    /// ## Why it matters
    /// It works, but the project can no longer be copied or checked out by itself.
    ///
    /// ## Example
    /// ```yaml container
    /// src: ../shared/api
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// src: ./api
    /// ```
    SOURCE_OUTSIDE_PROJECT = "SCF095", "Source outside the project", Info, fix: None;

    /// ## What it does
    /// Reports a symbolic link that leads out of the build context: `src` itself where it leads out of the project, or a link
    /// in `src` that leads out of `src`.
    ///
    /// ## Why it matters
    /// Docker sends what lies in the folder and copies links as links, so that one to the outside leads nowhere in the image. At
    /// most 500 entries are looked at, and folders of dependencies are not entered.
    ///
    /// ## Example
    /// ```text shared/util.js
    /// ```
    /// ```text api/shared -> shared
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```text api/shared/util.js
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Source
    /// [Build context](https://docs.docker.com/build/concepts/context/)
    SOURCE_CHANGED_BY_LINK = "SCF102", "Source changed by symlink", Warning, fix: None
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(src) = &image.src else { return };
    let outside = leaves_project(&src.folder);
    if outside {
        let message = format!(
            "`{}` lies outside the folder of this file. It works, but the project cannot be moved by itself.",
            src.written
        );
        acc.push(SOURCE_OUTSIDE_PROJECT.at(src.value, message));
    }
    match src.disk {
        Some((FileKind::Missing, files)) => acc.push(missing(image, src, files)),
        Some((FileKind::File | FileKind::Other, _)) => acc.push(not_a_folder(image, src)),
        Some((FileKind::Folder, files)) if !outside => acc.extend(link(src, files)),
        Some((FileKind::Folder, _)) | None => {}
    }
}

fn missing(image: &Image<'_>, src: &Source<'_>, files: &dyn Files) -> Diagnostic {
    let near = near_folder(&src.folder, files);
    let hint = near.as_ref().map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let message = format!("`{}` does not exist, so there is nothing to build.{hint}", src.written);
    SOURCE_FOLDER_MISSING.at(src.value, message).fix(near.and_then(|near| use_folder(image, src, &near)))
}

/// An existing folder whose path differs in one misspelt name.
fn near_folder(folder: &str, files: &dyn Files) -> Option<String> {
    let mut parent = String::new();
    let mut names = folder.split('/');
    let missing = names.find(|name| {
        let path = join(&parent, name);
        let is_there = files.kind(&path) == FileKind::Folder;
        if is_there {
            parent = path;
        }
        !is_there
    })?;
    let siblings = files.list(&parent);
    let near = nearest(missing, siblings.iter().map(String::as_str))?;
    let rest = names.fold(join(&parent, near), |path, name| join(&path, name));
    (files.kind(&rest) == FileKind::Folder).then(|| if leaves_project(&rest) { rest } else { format!("./{rest}") })
}

fn not_a_folder(image: &Image<'_>, src: &Source<'_>) -> Diagnostic {
    let message = format!("`{}` is not a folder. `src` is the folder that the image is built from.", src.written);
    let parent = match src.folder.rsplit_once('/') {
        Some((parent, _)) if leaves_project(parent) => parent.to_owned(),
        Some((parent, _)) => format!("./{parent}"),
        None => ".".to_owned(),
    };
    SOURCE_IS_A_FILE.at(src.value, message).fix(use_folder(image, src, &parent))
}

fn use_folder(image: &Image<'_>, src: &Source<'_>, folder: &str) -> Option<Fix> {
    let edits = edits::replace(image.ctx, src.value, Literal::Text(folder))?;
    Some(Fix::suggestion(format!("Use `{folder}`"), edits))
}

fn link(src: &Source<'_>, files: &dyn Files) -> Option<Diagnostic> {
    let target = files.link_target(&src.folder);
    if let Some(target) = target.as_ref().filter(|target| leaves_project(target)) {
        let message = format!(
            "`{}` is a symbolic link to `{target}`, outside the folder of this file. Elsewhere the link leads nowhere.",
            src.written
        );
        return Some(SOURCE_CHANGED_BY_LINK.at(src.value, message));
    }
    let context = target.unwrap_or_else(|| src.folder.clone());
    let (path, target) = below(files, &context)
        .filter(|path| !path.rsplit('/').next().is_some_and(|name| NEVER_ENTERED.contains(&name)))
        .find_map(|path| {
            let target = files.link_target(&path).filter(|target| !is_within(target, &context))?;
            Some((path, target))
        })?;
    let message = format!(
        "`{path}` is a symbolic link to `{target}`, outside `{}`. Docker copies it as a link, which leads nowhere in the image. \
         Copy what is needed into the folder.",
        src.written
    );
    Some(SOURCE_CHANGED_BY_LINK.at(src.value, message))
}
