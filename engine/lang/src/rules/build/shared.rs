//! SCF097: one source for several containers.

use std::collections::HashMap;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::inputs::normalize_path;
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Says that two containers are built from the same folder with the same settings.
    ///
    /// ## Why it matters
    /// Their images are the same, and each is built and pushed. That is fine when the containers differ by their environment.
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /api/*
    ///     compute:
    ///       type: awsLambda
    ///   web:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done when it is meant. Otherwise use one container, or another `--target` in `build.options`.
    SHARED_SOURCE = "SCF097", "Shared source", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(String, String), Container<'_>> = HashMap::new();
    for container in ctx.containers() {
        let Some(src) = container.get(&["src"]) else { continue };
        let build = container.get(&["build"]).map_or(Some(String::new()), |build| Some(build.json()?.to_string()));
        let Some((written, build)) = src.as_str().zip(build) else { continue };
        match first.get(&(normalize_path(written), build.clone())) {
            Some(other) => {
                let message = format!(
                    "`{}` and `{}` are built from the same source with the same settings.",
                    other.name, container.name
                );
                let range = other.get(&["src"]).map(Value::range).unwrap_or_default();
                acc.push(SHARED_SOURCE.at(src, message).related(range, "The other container's source is named here."));
            }
            None => {
                first.insert((normalize_path(written), build), container);
            }
        }
    }
}
