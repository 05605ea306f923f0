//! SCF085, SCF089, SCF090: `build.args`.

use std::collections::HashSet;

use super::image::Image;
use crate::config::{Data, Value};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::dockerfile::{Dockerfile, Instruction};
use crate::rules::edits;
use crate::secrets::{is_secret_name, secret_in};

declare_rule! {
    /// ## What it does
    /// Says that the original tool refuses a number or a boolean as a build argument.
    ///
    /// ## Why it matters
    /// Docker gets text either way. Quotes make the file fit both tools, and keep `1.50` from becoming `1.5`.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// ARG LEVEL
    /// ```
    /// ```yaml container
    /// build:
    ///   args:
    ///     LEVEL: 3
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// ARG LEVEL
    /// ```
    /// ```yaml container
    /// build:
    ///   args:
    ///     LEVEL: "3"
    /// ```
    BUILD_ARGUMENT_TYPE = "SCF085", "Build argument type", Info, fix: Mixed;

    /// ## What it does
    /// Reports a build argument that the Dockerfile does not declare.
    ///
    /// ## Why it matters
    /// Without an `ARG` of its name the argument has no effect. Arguments that Docker itself knows, such as `HTTP_PROXY`, need
    /// none.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// ```
    /// ```yaml container
    /// build:
    ///   args:
    ///     COMMIT: 0a1b2c3
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// ARG COMMIT
    /// ```
    /// ```yaml container
    /// build:
    ///   args:
    ///     COMMIT: 0a1b2c3
    /// ```
    ///
    /// ## Source
    /// [`ARG`](https://docs.docker.com/reference/dockerfile/#arg)
    UNUSED_BUILD_ARGUMENT = "SCF089", "Unused build argument", Info, fix: Unsafe;

    /// ## What it does
    /// Reports a build argument that looks like a secret.
    ///
    /// ## Why it matters
    /// Build arguments stay in the history of the image, where everybody who can pull it can read them. A secret mount leaves no
    /// trace.
    ///
    /// ## Example
    /// ```yaml container
    /// build:
    ///   args:
    ///     NPM_TOKEN: ${env:NPM_TOKEN}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// build:
    ///   options:
    ///     - --secret=id=npm,env=NPM_TOKEN
    /// ```
    /// and in the Dockerfile `RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci`.
    ///
    /// ## Source
    /// [Build secrets](https://docs.docker.com/build/building/secrets/)
    SECRET_IN_BUILD_ARGUMENT = "SCF090", "Secret in build argument", Warning, fix: None
}

/// Arguments that need no `ARG`.
const PREDEFINED: &[&str] = &["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "SOURCE_DATE_EPOCH"];

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let declared = image.dockerfile().map(declared);
    let arguments = image.container.get(&["build", "args"]).into_iter().flat_map(Value::entries);
    for (name, value) in arguments {
        if let Data::Number(_) | Data::Bool(_) = value.data() {
            acc.push(wrong_type(image, name, value));
        }
        if let Some(declared) = &declared
            && !declared.contains(name)
            && !is_predefined(name)
        {
            acc.push(unused(image, name, value));
        }
        acc.extend(secret(name, value));
    }
}

/// The names that the stages of a Dockerfile take arguments under.
fn declared(file: &Dockerfile) -> HashSet<String> {
    let declarations = file.instructions.iter().filter(|each| each.keyword == "ARG");
    declarations.flat_map(Instruction::assignments).map(|(name, _)| name).collect()
}

fn is_predefined(name: &str) -> bool {
    name.starts_with("BUILDKIT_") || PREDEFINED.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn wrong_type(image: &Image<'_>, name: &str, value: Value<'_>) -> Diagnostic {
    let text = value.env_text().unwrap_or_default();
    let message = format!(
        "Docker gets the text `{text}` for `{name}`. The original tool refuses what is not text: put it in quotes."
    );
    let keeps_text = image.ctx.source().slice(value.range()) == text;
    let fix = edits::quote(image.ctx, value).map(|edits| {
        if keeps_text { Fix::safe("Quote it", edits) } else { Fix::suggestion("Quote it as it is written", edits) }
    });
    BUILD_ARGUMENT_TYPE.at(value, message).fix(fix)
}

fn unused(image: &Image<'_>, name: &str, value: Value<'_>) -> Diagnostic {
    let message = format!(
        "The Dockerfile has no `ARG {name}`, so the argument has no effect. Add the `ARG`, or remove the argument."
    );
    let fix = edits::remove(image.ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
    UNUSED_BUILD_ARGUMENT.at(value.key_place(), message).unnecessary().fix(fix)
}

fn secret(name: &str, value: Value<'_>) -> Option<Diagnostic> {
    let kind = match value.env_text() {
        // An empty text from a variable stands for what the variable holds where the image is built.
        Some(text) if !(text.is_empty() && value.is_variable()) => secret_in(name, &text),
        _ => is_secret_name(name).then_some("a secret"), // whatever it will be
    }?;
    let message = format!(
        "`{name}` looks like {kind}. Build arguments stay in the history of the image, where everybody who can pull it can read \
         them. Pass it with `--secret` in `build.options`."
    );
    Some(SECRET_IN_BUILD_ARGUMENT.at(value, message))
}
