//! `slipway iam actions`: what a service has for policies.

use serde::Serialize;
use slipway_lang::iam::reference::{Action, Key, Service, reference};

use super::service;
use crate::cli::args::{ActionsArgs, Global};
use crate::cli::output::{Output, visible};
use crate::error::{Error, Exit};

/// Prints the actions of a service, with what each can be limited to.
pub(crate) fn run(global: &Global, args: &ActionsArgs, output: &mut Output) -> Result<Exit, Error> {
    let prefix = &*args.prefix;
    if prefix.contains([':', '*', '?']) {
        return Err(Error::usage(format!("`{}` is no prefix of a service", visible(prefix))).help(format!(
            "The actions that a pattern reaches are printed by `slipway iam expand '{}'`.",
            visible(prefix)
        )));
    }
    let service = service::find(reference(), prefix)?;
    if let Some(end) = service::end(prefix) {
        output.progress(&end);
    }
    if global.json {
        output.result(&as_json(service))?;
    } else {
        output.result(&as_table(service))?;
        let count = service.actions().len() + service.bare_names().len();
        let actions = if count == 1 { "action" } else { "actions" };
        output.progress(&format!("{}: {count} {actions}, as of {}", service.title(), reference().date()));
    }
    Ok(Exit::Success)
}

fn as_table(service: Service<'_>) -> String {
    let width = service.actions().map(|action| action.name().len()).chain(service.bare_names().map(str::len)).max();
    let width = width.unwrap_or_default();
    let known = service.actions().map(|action| {
        let types: Vec<&str> = action.resource_types().map(|(kind, _)| kind.name()).collect();
        let types = if types.is_empty() { "*".to_owned() } else { types.join(", ") };
        format!("{:width$}  {:22}  {types}\n", action.name(), action.level().name())
    });
    let bare = service.bare_names().map(|name| format!("{name:width$}  known by its name only\n"));
    known.chain(bare).collect()
}

fn as_json(service: Service<'_>) -> String {
    let document = JsonService {
        version: 1,
        prefix: service.prefix(),
        title: service.title(),
        reference_date: reference().date(),
        actions: service.actions().map(JsonAction::of).collect(),
        known_by_name_only: service.bare_names().collect(),
        resource_types: service
            .resource_types()
            .map(|kind| JsonType {
                name: kind.name(),
                arn_formats: kind.arn_formats().collect(),
                condition_keys: kind.keys().map(Key::name).collect(),
            })
            .collect(),
    };
    serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON") + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonService<'a> {
    version: u32,
    prefix: &'a str,
    title: &'a str,
    reference_date: &'a str,
    actions: Vec<JsonAction<'a>>,
    known_by_name_only: Vec<&'a str>,
    resource_types: Vec<JsonType<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonAction<'a> {
    action: String,
    level: &'a str,
    resource_types: Vec<JsonUse<'a>>,
    condition_keys: Vec<&'a str>,
    dependent_actions: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonUse<'a> {
    name: &'a str,
    required: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonType<'a> {
    name: &'a str,
    arn_formats: Vec<&'a str>,
    condition_keys: Vec<&'a str>,
}

impl<'a> JsonAction<'a> {
    fn of(action: Action<'a>) -> Self {
        Self {
            action: action.to_string(),
            level: action.level().name(),
            resource_types: action
                .resource_types()
                .map(|(kind, required)| JsonUse { name: kind.name(), required })
                .collect(),
            condition_keys: action.keys().map(Key::name).collect(),
            dependent_actions: action.dependents().collect(),
        }
    }
}
