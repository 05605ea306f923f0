//! SCF082, SCF083, SCF098 to SCF100: sources without a Dockerfile.

use super::image::{Image, Recipe, Source};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::inputs::{FileKind, Files};
use crate::rules::folder::join;
use crate::rules::package_json::PackageJson;

declare_rule! {
    /// ## What it does
    /// Reports a source folder in which nothing says how to run it: no `Dockerfile`, no `dockerFileString`, no `package.json`, no
    /// `requirements.txt`.
    ///
    /// ## Why it matters
    /// `slipway dev` cannot start such a container, and a deployment depends on what Buildpacks make of the folder.
    ///
    /// ## Example
    /// ```text api/notes.txt
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// COPY . .
    /// EXPOSE 8080
    /// CMD ["node", "index.js"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    NOTHING_TO_BUILD = "SCF082", "Nothing to build", Warning, fix: None;

    /// ## What it does
    /// Says that an image is built by Buildpacks, because there is neither a `Dockerfile` nor a `dockerFileString`.
    ///
    /// ## Why it matters
    /// Buildpacks guess the language and the start command. `build.args` and `build.options` have no effect on them.
    ///
    /// ## Example
    /// ```json api/package.json
    /// {"main": "index.js"}
    /// ```
    /// ```text api/index.js
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// COPY . .
    /// EXPOSE 8080
    /// CMD ["node", "index.js"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Source
    /// [Cloud Native Buildpacks](https://buildpacks.io/docs/)
    BUILDPACKS_FALLBACK = "SCF083", "Buildpacks fallback", Info, fix: None;

    /// ## What it does
    /// Reports a Node project without a Dockerfile whose `package.json` has no `main`, or one that names no file. Projects with a
    /// `dev` script are left alone: that script is run.
    ///
    /// ## Why it matters
    /// `main` is what `slipway dev` runs. Without it `index.js` is tried; where that file exists, the rule only informs.
    ///
    /// ## Example
    /// ```json api/package.json
    /// {"main": "server.js"}
    /// ```
    /// ```text api/app.js
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```json api/package.json
    /// {"main": "app.js"}
    /// ```
    /// ```text api/app.js
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    NO_MAIN = "SCF098", "No `main`", Warning, fix: None;

    /// ## What it does
    /// Reports a Node project without a Dockerfile and without `node_modules`.
    ///
    /// ## Why it matters
    /// The original tool does not start such a container in `dev`, and editors cannot resolve its imports. Slipway installs
    /// the dependencies in a volume of its own.
    ///
    /// ## Example
    /// ```json api/package.json
    /// {"main": "index.js", "dependencies": {"express": "^5.0.0"}}
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// Run the package manager's `install` in the folder.
    /// ```json api/package.json
    /// {"main": "index.js", "dependencies": {"express": "^5.0.0"}}
    /// ```
    /// ```json api/node_modules/express/package.json
    /// {}
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    DEPENDENCIES_NOT_INSTALLED = "SCF099", "Dependencies not installed", Warning, fix: None;

    /// ## What it does
    /// Reports a Python project without a Dockerfile and without `main.py`.
    ///
    /// ## Why it matters
    /// `main.py` is what `slipway dev` runs.
    ///
    /// ## Example
    /// ```text api/requirements.txt
    /// flask
    /// ```
    /// ```text api/app.py
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```text api/requirements.txt
    /// flask
    /// ```
    /// ```text api/main.py
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    NO_MAIN_PY = "SCF100", "No `main.py`", Warning, fix: None
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let Some((src, files)) = image.folder().filter(|_| matches!(image.recipe, Recipe::None)) else { return };
    let has = |name: &str| files.kind(&join(&src.folder, name)) == FileKind::File;
    let written = src.written;
    let (node, python) = (has("package.json"), has("requirements.txt"));
    // Only the one spelling is looked for, and some disks tell the spellings apart.
    let misspelt =
        files.list(&src.folder).into_iter().find(|name| name.eq_ignore_ascii_case("Dockerfile") && has(name));
    let hint = misspelt.map_or(String::new(), |name| format!(" Rename `{name}` to `Dockerfile`."));
    if !node && !python {
        let message = format!(
            "Nothing in `{written}` says how to run it: there is no `Dockerfile`, no `package.json` and no `requirements.txt`. \
             `slipway dev` cannot start the container; add a `Dockerfile`.{hint}"
        );
        acc.push(NOTHING_TO_BUILD.at(src.value, message));
    }
    let ignored: Vec<&str> = ["args", "options"]
        .into_iter()
        .filter(|key| image.container.get(&["build", key]).is_some_and(|value| !value.is_null()))
        .collect();
    let ignored = match ignored.as_slice() {
        [] => String::new(),
        keys => format!(" `build.{}` has no effect on them.", keys.join("` and `build."))
            .replace("` and `build.options` has", "` and `build.options` have"),
    };
    let message = format!("There is no `Dockerfile` in `{written}`, so Buildpacks build the image.{ignored}{hint}");
    acc.push(BUILDPACKS_FALLBACK.at(src.value, message));
    if node {
        node_project(src, files, acc);
    } else if python && !has("main.py") {
        let message = format!(
            "`{written}` is a Python project without `main.py`, which is what `slipway dev` runs. Add one, or a `Dockerfile`."
        );
        acc.push(NO_MAIN_PY.at(src.value, message));
    }
}

fn node_project(src: &Source<'_>, files: &dyn Files, acc: &mut Vec<Diagnostic>) {
    if files.kind(&join(&src.folder, "node_modules")) != FileKind::Folder {
        let message = format!(
            "`{}` has no `node_modules`. The original tool does not start it in `dev`; Slipway installs the dependencies by itself. \
             Run the package manager's `install` there.",
            src.written
        );
        acc.push(DEPENDENCIES_NOT_INSTALLED.at(src.value, message));
    }
    let Some(package) = PackageJson::read(files, &src.folder) else { return };
    if package.script("dev").is_some() {
        return;
    }
    let is_module = |main: &str| {
        let path = join(&src.folder, main);
        ["", ".js", ".json", "/index.js"].iter().any(|end| files.kind(&format!("{path}{end}")) == FileKind::File)
    };
    let file = src.path("package.json");
    let (message, severity) = match package.main() {
        Some(main) if is_module(main) => return,
        Some(main) => (
            format!("`main` in `{file}` names `{main}`, which does not exist. It is what `slipway dev` runs."),
            Severity::Warning,
        ),
        None if is_module("index.js") => {
            (format!("`{file}` has no `main`, so `slipway dev` runs `index.js`. Set `main`."), Severity::Info)
        }
        None => (
            format!(
                "`{file}` has no `main`, and there is no `index.js` either: `slipway dev` has nothing to run. Set `main`."
            ),
            Severity::Warning,
        ),
    };
    acc.push(NO_MAIN.at(src.value, message).severity(severity));
}

#[cfg(test)]
mod tests {
    use crate::inputs::{Inputs, MemoryFiles};
    use crate::rules::testing::expect;

    #[test]
    fn only_another_spelling_is_to_be_renamed() {
        for (path, hint) in [
            ("api/dockerfile", Some("Rename `dockerfile` to `Dockerfile`.")),
            ("api/dockerfile/x", None),
            ("api/Dockerfile/x", None),
        ] {
            let files = MemoryFiles::new([(path, "FROM scratch")]);
            let inputs = Inputs { files: Some(&files), ..Inputs::default() };
            let text = "containers:\n  api:\n    src: «api»\n";
            let message = &expect(super::super::CHECKS, "SCF083", text, &inputs)[0].message;
            assert_eq!(message.split_once("build the image. ").map(|(_, hint)| hint), hint, "{message}");
        }
    }
}
