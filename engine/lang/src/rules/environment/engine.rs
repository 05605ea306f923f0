//! SCF255 to SCF257 and SCF265: variables that the engine or its parts give a meaning to.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::fix::Literal;
use crate::model::ComputeType;
use crate::names::environment::{CONTAINER_PORT, engine_variable, original_webhook_variable, webhook_variable};
use crate::rules::{Container, RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a variable that Slipway sets itself.
    ///
    /// ## Why it matters
    /// The container gets the value of the file in place of the true one, and what relies on it, such as the adapter that
    /// connects a container with Lambda, goes wrong.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   SERVERLESS_STAGE: production
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   STAGE: production
    /// ```
    OVERRIDES_ENGINE_VARIABLE = "SCF255", "Overrides an engine variable", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `TERM` among the variables.
    ///
    /// ## Why it matters
    /// Every container gets `TERM=xterm-256color`, whatever the file says.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TERM: dumb
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   NO_COLOR: "1"
    /// ```
    TERM_HAS_NO_EFFECT = "SCF256", "`TERM` has no effect", Warning, fix: Safe;

    /// ## What it does
    /// Reports a `PORT` or `AWS_LWA_PORT` other than 8080.
    ///
    /// ## Why it matters
    /// Requests and health checks come in on port 8080, whatever a container listens on. A container that listens elsewhere is
    /// taken for dead. On Lambda, where an adapter passes requests on, both variables can name another port together; that is
    /// a warning, because the container cannot move to Fargate then.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   PORT: 3000
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   PORT: 8080
    /// ```
    WRONG_PORT = "SCF257", "Wrong port", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a setting of the Lambda web adapter in a Fargate container.
    ///
    /// ## Why it matters
    /// The adapter is only there on Lambda. On Fargate, requests reach the container directly, and `AWS_LWA_*` has no effect.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// environment:
    ///   AWS_LWA_READINESS_CHECK_PATH: /health
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// routing:
    ///   pathPattern: /*
    ///   pathHealthCheck: /health
    /// ```
    ///
    /// ## Source
    /// [AWS Lambda Web Adapter](https://github.com/awslabs/aws-lambda-web-adapter)
    ADAPTER_SETTING = "SCF265", "Adapter setting", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let fargate = container.compute_type() == Some(ComputeType::Fargate);
        for (name, value) in container.environment() {
            if name == "TERM" {
                let message = "`TERM` has no effect: every container gets `TERM=xterm-256color`. Remove it.";
                let fix = edits::remove(ctx, value).map(|edits| Fix::safe("Remove `TERM`", edits));
                acc.push(TERM_HAS_NO_EFFECT.at(value.key_place(), message).unnecessary().fix(fix));
            } else if fargate && name.starts_with("AWS_LWA_") {
                let message = format!(
                    "`{name}` is a setting of the adapter for Lambda and has no effect on Fargate. Remove it, or run the container on \
                     Lambda."
                );
                let fix = edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
                acc.push(ADAPTER_SETTING.at(value.key_place(), message).unnecessary().fix(fix));
            } else if name == "PORT" || name == "AWS_LWA_PORT" {
                port(ctx, container, (name, value), acc);
            } else if is_set_by_engine(container, name) {
                let message = format!(
                    "Slipway sets `{name}` itself, and what the file says replaces the true value. Remove it, or use a name of your own."
                );
                let fix = edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
                acc.push(OVERRIDES_ENGINE_VARIABLE.at(value.key_place(), message).fix(fix));
            }
        }
    }
}

fn port(ctx: &RuleContext<'_>, container: Container<'_>, (name, value): (&str, Value<'_>), acc: &mut Vec<Diagnostic>) {
    let Some(port) = value.env_text().filter(|port| *port != CONTAINER_PORT.to_string()) else { return };
    let of = |name| container.get(&["environment", name]).and_then(Value::env_text);
    let agree = of("PORT").is_some() && of("PORT") == of("AWS_LWA_PORT");
    let (severity, message) = if agree && container.compute_type() == Some(ComputeType::Lambda) {
        let message = format!(
            "`{name}` moves the container to port {port}, which works on Lambda only, because the adapter is moved too. Everything \
             else uses port {CONTAINER_PORT}."
        );
        (Severity::Warning, message)
    } else {
        let message = format!(
            "`{name}` is {port}, but requests and health checks come in on port {CONTAINER_PORT} and would find nobody there. Let the program \
             listen on {CONTAINER_PORT}."
        );
        (Severity::Blocker, message)
    };
    let fix = edits::replace(ctx, value, Literal::Number(CONTAINER_PORT.into()))
        .map(|edits| Fix::suggestion(format!("Change it to {CONTAINER_PORT}"), edits));
    acc.push(WRONG_PORT.at(value, message).severity(severity).fix(fix));
}

/// Whether Slipway gives the container a variable of this name that nobody else has a reason to set.
fn is_set_by_engine(container: Container<'_>, name: &str) -> bool {
    let own = name.starts_with("SERVERLESS_") || name == "AWS_LWA_INVOKE_MODE";
    let has_webhook = |kind: &str| matches!(kind, "awsEventBridge" | "schedule");
    own && (engine_variable(name).is_some()
        || container.get(&["integrations"]).into_iter().flat_map(Value::entries).any(|(key, integration)| {
            integration.get("type").and_then(Value::as_str).is_some_and(has_webhook)
                && (name == webhook_variable(key) || name == original_webhook_variable(key))
        }))
}
