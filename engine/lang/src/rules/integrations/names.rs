//! SCF302 to SCF304: the keys of integrations, and the variables that are named after them.

use std::collections::HashMap;

use super::view::{Integration, all, of};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::model::ComputeType;
use crate::names::alphabet::{self, Alphabet};
use crate::names::environment::{original_webhook_variable, webhook_variable};
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports the key of a schedule or event integration that has other characters than letters, digits, `.`, `-` and `_`.
    ///
    /// ## Why it matters
    /// EventBridge rules, connections and destinations are named after it, and AWS takes no other characters.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   my job:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   my-job:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Source
    /// [PutRule](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html)
    KEY_CHARACTERS = "SCF302", "Integration key characters", Blocker, fix: Unsafe;

    /// ## What it does
    /// Says how the variable is named that tells a Lambda container the path of an integration.
    ///
    /// ## Why it matters
    /// Names of variables have letters, digits and `_` only; Slipway writes `_` for every other character of the key. The
    /// original tool leaves them in the name, and Lambda refuses it.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   daily-cleanup:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   daily_cleanup:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Source
    /// [Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
    VARIABLE_NAME = "SCF303", "Webhook variable name", Info, fix: Unsafe;

    /// ## What it does
    /// Reports two integrations of a container whose paths would be in one variable.
    ///
    /// ## Why it matters
    /// The variable is named after the key, in capitals and with `_` for other characters than letters and digits. Of two that
    /// agree, the container learns only one path.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   clean-up:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///   clean_up:
    ///     type: schedule
    ///     schedule: rate(7 days)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   daily_cleanup:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///   weekly_cleanup:
    ///     type: schedule
    ///     schedule: rate(7 days)
    /// ```
    VARIABLE_CLASH = "SCF304", "Webhook variable clash", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for integration in all(ctx).filter(|integration| integration.caller().is_some()) {
        let name = integration.name;
        if !is_event_name(name) {
            key_characters(ctx, integration, acc);
        } else if webhook_variable(name) != original_webhook_variable(name)
            && integration.container.compute_type() == Some(ComputeType::Lambda)
        {
            variable_name(ctx, integration, acc);
        }
    }
    for container in ctx.containers() {
        let mut seen: HashMap<String, Value<'_>> = HashMap::new();
        for integration in of(ctx, container).filter(|integration| integration.caller().is_some()) {
            let variable = webhook_variable(integration.name);
            match seen.get(&variable) {
                Some(first) => acc.push(variable_clash(integration, *first, &variable)),
                None => {
                    seen.insert(variable, integration.value);
                }
            }
        }
    }
}

/// Whether a text may be a part of the names of EventBridge resources.
fn is_event_name(text: &str) -> bool {
    alphabet::fault(text, 1..=usize::MAX, Alphabet::Events).is_none()
}

fn key_characters(ctx: &RuleContext<'_>, integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    let message = format!(
        "The key `{}` is part of the names of EventBridge resources, which may hold only letters, digits, `.`, `-` and `_`. Rename \
         the integration.",
        integration.name
    );
    let name = integration.name.replace(|character: char| !is_event_name(&character.to_string()), "-");
    acc.push(KEY_CHARACTERS.at(integration.value.key_place(), message).fix(rename(ctx, integration, &name)));
}

fn variable_name(ctx: &RuleContext<'_>, integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    let message = format!(
        "The container finds the path of `{}` in `{}`. The original tool leaves characters in the name that Lambda refuses; keys \
         of letters, digits and `_` work with both.",
        integration.name,
        webhook_variable(integration.name)
    );
    let name = integration.name.replace(|character: char| !character.is_ascii_alphanumeric(), "_");
    acc.push(VARIABLE_NAME.at(integration.value.key_place(), message).fix(rename(ctx, integration, &name)));
}

fn rename(ctx: &RuleContext<'_>, integration: Integration<'_>, name: &str) -> Option<Fix> {
    let taken = integration.value.parent().is_none_or(|siblings| siblings.get(name).is_some());
    let edits = edits::rename(ctx, integration.value, name).filter(|_| !taken && !name.is_empty())?;
    Some(Fix::suggestion(format!("Rename to `{name}`"), edits))
}

fn variable_clash(integration: Integration<'_>, first: Value<'_>, variable: &str) -> Diagnostic {
    let message = format!(
        "The paths of `{}` and `{}` would both be in `{variable}`, so that the container learns only one of them. Rename one of \
         the integrations.",
        first.key().unwrap_or_default(),
        integration.name
    );
    VARIABLE_CLASH.at(integration.value.key_place(), message).related(first.key_range(), "The other one is here.")
}
