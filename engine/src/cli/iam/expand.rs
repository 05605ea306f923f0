//! `slipway iam expand`: the actions that a pattern reaches.

use serde::Serialize;
use slipway_lang::iam::reference::{AccessLevel, Action, Reference, reference};

use super::service;
use crate::cli::args::{ExpandArgs, Global};
use crate::cli::output::{Output, visible};
use crate::error::{Error, Exit};

/// Prints the actions with their access levels. A pattern that reaches nothing fails.
pub(crate) fn run(global: &Global, args: &ExpandArgs, output: &mut Output) -> Result<Exit, Error> {
    let (reference, pattern) = (reference(), &*args.pattern);
    check_form(pattern)?;
    if let Some((prefix, _)) = pattern.split_once(':').filter(|(prefix, _)| !prefix.contains(['*', '?'])) {
        service::find(reference, prefix)?;
        if let Some(end) = service::end(prefix) {
            output.progress(&end);
        }
    }
    let actions: Vec<Action<'_>> = reference.matching(pattern).collect();
    let bare_names =
        reference.matching_bare_names(pattern).map(|(service, name)| format!("{}:{name}", service.prefix()));
    let bare_names: Vec<String> = bare_names.collect();
    if actions.is_empty() && bare_names.is_empty() {
        return Err(reaches_nothing(reference, pattern));
    }
    if global.json {
        output.result(&as_json(reference, pattern, &actions, &bare_names))?;
    } else {
        output.result(&as_table(&actions, &bare_names))?;
        output.progress(&summary(&actions, &bare_names));
    }
    Ok(Exit::Success)
}

/// A pattern is `*`, or a prefix, a colon and a name.
fn check_form(pattern: &str) -> Result<(), Error> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || "-_*?".contains(c);
    let legal = match pattern.split_once(':') {
        Some((prefix, name)) => [prefix, name].iter().all(|part| !part.is_empty() && part.chars().all(is_legal)),
        None => pattern == "*",
    };
    if legal {
        return Ok(());
    }
    Err(Error::usage(format!("`{}` is no pattern of actions", visible(pattern)))
        .help("A pattern is `*`, or the prefix of a service, a colon and a name, as `s3:Get*`."))
}

fn reaches_nothing(reference: &Reference, pattern: &str) -> Error {
    let error = Error::failed(format!("`{pattern}` reaches no action of the IAM reference of {}", reference.date()));
    // Less and less of the name, until something begins so.
    let (prefix, name) = pattern.split_once(':').unwrap_or((pattern, ""));
    let fixed = name.find(['*', '?']).unwrap_or(name.len());
    let service = reference.service(prefix);
    if let Some(near) = service.and_then(|service| service.nearest(name)) {
        return error.help(format!("Did you mean `{near}`?"));
    }
    let starts = (1..fixed).rev().map(|length| &name[..length]);
    let shorter = service.and_then(|service| {
        starts.map(|start| (start, service.starting_with(start).len())).find(|(_, count)| *count > 0)
    });
    match shorter {
        Some((start, 1)) => error.help(format!("`{prefix}:{start}*` reaches one action.")),
        Some((start, count)) => error.help(format!("`{prefix}:{start}*` reaches {count} actions.")),
        None => error.help("`slipway iam actions PREFIX` prints the actions of a service."),
    }
}

fn as_table(actions: &[Action<'_>], bare_names: &[String]) -> String {
    let names: Vec<String> = actions.iter().map(ToString::to_string).collect();
    let width = names.iter().chain(bare_names).map(String::len).max().unwrap_or_default();
    let known = names.iter().zip(actions).map(|(name, action)| (name, action.level().name()));
    let bare = bare_names.iter().map(|name| (name, "known by its name only"));
    known.chain(bare).map(|(name, level)| format!("{name:width$}  {level}\n")).collect()
}

/// `63 actions: 48 Read, 15 List`, by how many.
fn summary(actions: &[Action<'_>], bare_names: &[String]) -> String {
    let total = actions.len() + bare_names.len();
    let mut counts = AccessLevel::ALL.map(|level| (level.name(), count(actions, level))).to_vec();
    counts.push(("known by name only", bare_names.len()));
    counts.retain(|(_, count)| *count > 0);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<String> = counts.iter().map(|(level, count)| format!("{count} {level}")).collect();
    format!("{total} {}: {}", if total == 1 { "action" } else { "actions" }, counts.join(", "))
}

fn count(actions: &[Action<'_>], level: AccessLevel) -> usize {
    actions.iter().filter(|action| action.level() == level).count()
}

fn as_json(reference: &Reference, pattern: &str, actions: &[Action<'_>], bare_names: &[String]) -> String {
    let known =
        actions.iter().map(|action| JsonAction { action: action.to_string(), level: Some(action.level().name()) });
    let bare = bare_names.iter().map(|name| JsonAction { action: name.clone(), level: None });
    let document =
        JsonExpansion { version: 1, pattern, reference_date: reference.date(), actions: known.chain(bare).collect() };
    serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON") + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonExpansion<'a> {
    version: u32,
    pattern: &'a str,
    reference_date: &'a str,
    actions: Vec<JsonAction>,
}

#[derive(Serialize)]
struct JsonAction {
    action: String,
    /// Null for an action of which no more than the name is known.
    level: Option<&'static str>,
}
