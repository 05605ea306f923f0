//! SCF096: what Docker is sent besides the source.

use super::image::{Image, Recipe};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::inputs::FileKind;
use crate::rules::folder::join;

declare_rule! {
    /// ## What it does
    /// Reports a build context without `.dockerignore` that holds `node_modules`, `.git` or `.env` files.
    ///
    /// ## Why it matters
    /// All of the folder is sent to Docker. `COPY . .` then puts secrets, the history of the project and packages for another
    /// machine into the image, and every commit changes it.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// COPY . .
    /// ```
    /// ```text api/.env
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// COPY . .
    /// ```
    /// ```text api/.env
    /// ```
    /// ```text api/.dockerignore
    /// .env*
    /// .git
    /// node_modules
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Source
    /// [`.dockerignore` files](https://docs.docker.com/build/concepts/context/#dockerignore-files)
    NO_IGNORE_FILE = "SCF096", "No `.dockerignore`", Info, fix: None
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let Some((src, files)) = image.folder().filter(|_| matches!(image.recipe, Recipe::Dockerfile { .. })) else {
        return;
    };
    let has_ignore_file = [".dockerignore", "Dockerfile.dockerignore"]
        .iter()
        .any(|name| files.kind(&join(&src.folder, name)) == FileKind::File);
    if has_ignore_file {
        return;
    }
    let found = files.list(&src.folder).into_iter().find(|name| is_unwanted(name));
    if let Some(found) = found {
        let message = format!(
            "`{}` has no `.dockerignore`, so Docker is sent all of it, `{found}` included. Add one that names what does not belong \
             into the image.",
            src.written
        );
        acc.push(NO_IGNORE_FILE.at(src.value, message));
    }
}

fn is_unwanted(name: &str) -> bool {
    let is_sample = || [".example", ".sample", ".template", ".dist"].iter().any(|end| name.ends_with(end));
    matches!(name, "node_modules" | ".git" | ".env") || (name.starts_with(".env.") && !is_sample())
}
