//! SCF322 to SCF328: Slack apps.

use super::view::{Integration, Kind, all};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a Slack integration without a `name`.
    ///
    /// ## Why it matters
    /// It is the name under which the app appears in Slack. There is no default, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    /// ```
    NAME_MISSING = "SCF322", "Slack name missing", Error, fix: Unsafe;

    /// ## What it does
    /// Reports `credentials` without `appToken` where `socketMode` is on.
    ///
    /// ## Why it matters
    /// In socket mode the app connects to Slack with this token. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     socketMode: true
    ///     credentials:
    ///       signingSecret: ${env:SLACK_SIGNING_SECRET}
    ///       botToken: ${env:SLACK_BOT_TOKEN}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     socketMode: true
    ///     credentials:
    ///       signingSecret: ${env:SLACK_SIGNING_SECRET}
    ///       botToken: ${env:SLACK_BOT_TOKEN}
    ///       appToken: ${env:SLACK_APP_TOKEN}
    /// ```
    APP_TOKEN_MISSING = "SCF323", "Slack app token missing", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a second Slack integration in the project.
    ///
    /// ## Why it matters
    /// The credentials of all Slack apps go into the same variables, `SLACK_BOT_TOKEN` and its like, so that only one app can
    /// have its own.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///   support:
    ///     type: slack
    ///     name: Shop Support
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   slack:
    ///     type: slack
    ///     name: Shop
    /// ```
    SEVERAL_APPS = "SCF324", "Several Slack apps", Warning, fix: None;

    /// ## What it does
    /// Reports credentials of Slack that stand in the file.
    ///
    /// ## Why it matters
    /// Everybody who can read the repository, now or later, can act as the app.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     credentials:
    ///       signingSecret: 0123456789abcdef
    ///       botToken: ${env:SLACK_BOT_TOKEN}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     credentials:
    ///       signingSecret: ${env:SLACK_SIGNING_SECRET}
    ///       botToken: ${env:SLACK_BOT_TOKEN}
    /// ```
    ///
    /// ## Source
    /// [Best practices for security](https://api.slack.com/authentication/best-practices)
    SECRET_IN_PLAIN_TEXT = "SCF325", "Slack secret in plain text", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `socketMode` without `credentials` where `SLACK_APP_TOKEN` is not set either.
    ///
    /// ## Why it matters
    /// In socket mode the app connects to Slack with an app token. Without one it cannot connect.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     socketMode: true
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: env.SLACK_APP_TOKEN=xapp-1 -->
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     socketMode: true
    /// ```
    SOCKET_MODE_WITHOUT_TOKEN = "SCF326", "Socket mode without token", Warning, fix: None;

    /// ## What it does
    /// Says that the original tool ignores the `webhookPath` of a Slack integration.
    ///
    /// ## Why it matters
    /// It derives the path from the container's `pathPattern`, whatever stands here. Slipway has Slack call the path that is
    /// given, so that the app must answer there.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    ///     webhookPath: /alerts
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    /// ```
    PATH_IGNORED = "SCF327", "Slack path ignored by older tool", Info, fix: None;

    /// ## What it does
    /// Reports the name of a Slack app that has more than 35 characters.
    ///
    /// ## Why it matters
    /// Slack refuses it when the app is made.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Alerts of the shop for all who are on call
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   alerts:
    ///     type: slack
    ///     name: Shop Alerts
    /// ```
    ///
    /// ## Source
    /// [App manifests](https://api.slack.com/reference/manifests)
    NAME_TOO_LONG = "SCF328", "Slack name too long", Blocker, fix: None
}

/// Most characters of an app's name.
///
/// <https://api.slack.com/reference/manifests>
const NAME_CHARACTERS: usize = 35;

const APP_TOKEN: &str = "SLACK_APP_TOKEN";

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let mut first: Option<Integration<'_>> = None;
    for integration in all(ctx).filter(|integration| integration.kind == Kind::Slack) {
        match first {
            Some(first) => acc.push(several_apps(integration, first)),
            None => first = Some(integration),
        }
        app_token(ctx, integration, acc);
        plain_secrets(ctx, integration, acc);
        path_and_name(integration, acc);
    }
}

fn several_apps(integration: Integration<'_>, first: Integration<'_>) -> Diagnostic {
    let message = format!(
        "`{}` of `{}` is a Slack app too, and the credentials of all apps go into the same variables. Keep one app in the project.",
        first.name, first.container.name
    );
    SEVERAL_APPS.at(integration.value.key_place(), message).related(first.value.key_range(), "The first app is here.")
}

fn app_token(ctx: &RuleContext<'_>, integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(mode) = integration.value.get("socketMode").filter(|mode| mode.as_bool() == Some(true)) else { return };
    match integration.value.get("credentials") {
        Some(credentials) if credentials.is_map() && credentials.get("appToken").is_none() => {
            let message = "With `socketMode`, `credentials` needs an `appToken`: the app connects to Slack with it.";
            let edits = edits::add_entry(ctx, credentials, "appToken", "${env:SLACK_APP_TOKEN}");
            acc.push(
                APP_TOKEN_MISSING
                    .at(credentials.missing_place("appToken"), message)
                    .related(mode.range(), "Socket mode is on here.")
                    .fix(edits.map(|edits| Fix::suggestion("Add `appToken`", edits))),
            );
        }
        Some(_) => {}
        None => {
            // Nothing is said where the environment is not known.
            let missing_outside = ctx.inputs.env.as_ref().is_some_and(|env| !env.contains_key(APP_TOKEN));
            let missing_inside = !integration.container.environment().any(|(name, _)| name == APP_TOKEN);
            if missing_outside && missing_inside {
                let message = format!(
                    "In socket mode the app connects to Slack with an app token, but there are no `credentials` and `{APP_TOKEN}` \
                     is not set. Set it, or give `credentials` with an `appToken`."
                );
                acc.push(SOCKET_MODE_WITHOUT_TOKEN.at(mode, message));
            }
        }
    }
}

fn plain_secrets(ctx: &RuleContext<'_>, integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(credentials) = integration.value.get("credentials") else { return };
    for (key, variable) in
        [("signingSecret", "SLACK_SIGNING_SECRET"), ("botToken", "SLACK_BOT_TOKEN"), ("appToken", APP_TOKEN)]
    {
        let is_literal =
            |value: &Value<'_>| !value.is_variable() && value.as_str().is_some_and(|text| !text.is_empty());
        let Some(value) = credentials.get(key).filter(is_literal) else { continue };
        let message = format!(
            "`{key}` stands in the file for all who can read it. Keep it elsewhere, such as in the environment: \
             `${{env:{variable}}}`. If it is a real one, make a new one."
        );
        let edits = edits::replace(ctx, value, Literal::Text(&format!("${{env:{variable}}}")));
        acc.push(
            SECRET_IN_PLAIN_TEXT
                .at(value, message)
                .fix(edits.map(|edits| Fix::suggestion(format!("Read it from `{variable}`"), edits))),
        );
    }
}

fn path_and_name(integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    if let Some(path) = integration.value.get("webhookPath") {
        let message = "Slack calls this path. The original tool ignores it and derives the path from `pathPattern`.";
        acc.push(PATH_IGNORED.at(path.key_place(), message));
    }
    if let Some((name, value)) = integration.text("name") {
        let length = name.chars().count();
        if length > NAME_CHARACTERS {
            let message = format!(
                "The name has {length} characters, but Slack takes at most {NAME_CHARACTERS}. Choose a shorter one."
            );
            acc.push(NAME_TOO_LONG.at(value, message));
        }
    }
}
