//! SCF285: a hook that sets itself off.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::inputs::normalize_path;
use crate::rules::commands::{commands, file_name, package_script, program};
use crate::rules::folder::{is_within, join};
use crate::rules::package_json::PackageJson;
use crate::rules::{Container, RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an `onreload` that looks like a build, when the folder that the build usually writes to is watched.
    ///
    /// ## Why it matters
    /// The hook runs after a change. When it changes watched files itself, it runs again, and so on for ever.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onreload: npm run build
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onreload: npm run build
    ///   excludeDirectories:
    ///     - dist
    /// ```
    /// or watch the sources alone:
    /// ```text api/lib/index.ts
    /// ```
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onreload: npx tsc
    ///   watchPath: lib
    /// ```
    HOOK_MAY_LOOP = "SCF285", "Hook may loop", Warning, fix: Unsafe
}

/// Programs that build, with the first word behind them where it is needed to tell, and the folder they write to.
const BUILDERS: &[(&str, Option<&str>, &str)] = &[
    ("tsc", None, "dist"),
    ("tsup", None, "dist"),
    ("esbuild", None, "dist"),
    ("rollup", None, "dist"),
    ("webpack", None, "dist"),
    ("swc", None, "dist"),
    ("babel", None, "dist"),
    ("ncc", Some("build"), "dist"),
    ("vite", Some("build"), "dist"),
    ("parcel", Some("build"), "dist"),
    ("nest", Some("build"), "dist"),
    ("ng", Some("build"), "dist"),
    ("astro", Some("build"), "dist"),
    ("vue-cli-service", Some("build"), "dist"),
    ("react-scripts", Some("build"), "build"),
    ("react-router", Some("build"), "build"),
    ("remix", Some("build"), "build"),
    ("next", Some("build"), ".next"),
    ("nuxt", Some("build"), ".output"),
    ("nitro", Some("build"), ".output"),
    ("cargo", Some("build"), "target"),
    ("mvn", None, "target"),
    ("mvnw", None, "target"),
    ("gradle", None, "build"),
    ("gradlew", None, "build"),
];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let Some(hook) = container.get(&["dev", "hooks", "onreload"]) else { continue };
        let Some(output) = hook.as_str().and_then(|text| output(ctx, container, text)) else { continue };
        if is_unwatched(ctx, container, &output) {
            continue;
        }
        let message = format!(
            "This command looks like a build that writes to `{output}`, a folder that is watched: the hook would set itself \
             off again and again. Add `{output}` to `excludeDirectories`."
        );
        let fix = exclude(ctx, container, &output);
        acc.push(HOOK_MAY_LOOP.at(hook, message).fix(fix));
    }
}

/// The folder that a command writes to, if it is a build.
fn output(ctx: &RuleContext<'_>, container: Container<'_>, text: &str) -> Option<String> {
    commands(text).iter().find_map(|words| match package_script(words) {
        Some(script) => {
            let package = ctx.files().and_then(|files| PackageJson::read(files, &normalize_path(container.src()?)));
            match package.as_ref().map(|package| package.script(script)) {
                Some(Some(command)) => commands(command).iter().find_map(|words| builder_output(words)),
                Some(None) => None,
                None => (script == "build" || script.starts_with("build:")).then(|| "dist".to_owned()),
            }
        }
        None => builder_output(words),
    })
}

fn builder_output(words: &[String]) -> Option<String> {
    let [name, rest @ ..] = program(words) else { return None };
    let first = rest.first().map(String::as_str);
    let builder =
        BUILDERS.iter().find(|(program, verb, _)| *program == file_name(name) && (verb.is_none() || *verb == first));
    let (_, _, usual) = builder.filter(|_| !rest.iter().any(|word| word == "--noEmit" || word == "--version"))?;
    let chosen = rest.iter().enumerate().find_map(|(at, word)| {
        let (flag, value) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        let names_folder = matches!(flag, "--outDir" | "--outdir" | "--out-dir" | "--target-dir");
        names_folder.then(|| value.or_else(|| rest.get(at + 1).map(String::as_str)))?
    });
    let folder = normalize_path(chosen.unwrap_or(usual));
    (!folder.is_empty()).then_some(folder)
}

/// Whether changes in a folder of the source set nothing off, or whether that cannot be known.
fn is_unwatched(ctx: &RuleContext<'_>, container: Container<'_>, output: &str) -> bool {
    if let Some(path) = container.get(&["dev", "watchPath"]) {
        let Some((path, src)) = path.as_str().zip(container.src()) else { return true };
        let src = normalize_path(src);
        let watched = [join(&src, path), normalize_path(path)];
        if !watched.iter().any(|watched| is_within(watched, &src) && is_within(&join(&src, output), watched)) {
            return true;
        }
    }
    let excluded = match container.get(&["dev", "excludeDirectories"]) {
        Some(list) if list.is_unknown() || list.items().any(Value::is_unknown) => return true,
        list => list.into_iter().flat_map(Value::items).filter_map(Value::as_str).any(|entry| covers(entry, output)),
    };
    excluded || is_ignored_by_docker(ctx, container, output)
}

fn is_ignored_by_docker(ctx: &RuleContext<'_>, container: Container<'_>, output: &str) -> bool {
    let text = ctx.files().zip(container.src()).and_then(|(files, src)| files.read(&join(src, ".dockerignore")));
    text.is_some_and(|text| text.lines().any(|line| covers(line.trim(), output)))
}

/// Whether an entry of a list of folders names a folder or one above it.
fn covers(entry: &str, folder: &str) -> bool {
    let entry = normalize_path(entry.trim_start_matches("**/").trim_end_matches(['*', '/']));
    let entry = entry.trim_start_matches('/');
    !entry.is_empty() && (is_within(folder, entry) || file_name(folder) == entry)
}

fn exclude(ctx: &RuleContext<'_>, container: Container<'_>, output: &str) -> Option<Fix> {
    let dev = container.get(&["dev"])?;
    let item = serde_json::Value::from(output).to_string();
    let edits = match dev.get("excludeDirectories") {
        Some(list) => edits::add_item(ctx, list, &item),
        None => edits::add_entry(ctx, dev, "excludeDirectories", &format!("\n  - {item}")),
    };
    Some(Fix::suggestion(format!("Exclude `{output}`"), edits?))
}
