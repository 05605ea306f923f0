//! SCF305 to SCF308, SCF321: the address that an integration calls.

use std::collections::HashMap;

use super::view::{Integration, all};
use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::fix::Literal;
use crate::limits::alb;
use crate::limits::events::CALL_SECONDS;
use crate::model::ComputeType;
use crate::routing::{Profile, Request, Route, Table};
use crate::rules::{Container, RuleContext, edits};
use crate::webhook::default_path;

declare_rule! {
    /// ## What it does
    /// Reports a `webhookPath` that is neither a path nor an `https://` URL.
    ///
    /// ## Why it matters
    /// A path is put behind the container's own address, a URL is called as it is. EventBridge calls nothing but `https://`.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: cleanup
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /cleanup
    /// ```
    ///
    /// ## Source
    /// [API destinations](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html)
    PATH_SYNTAX = "SCF305", "Webhook path syntax", Blocker, fix: Mixed;

    /// ## What it does
    /// Reports two integrations that call one address.
    ///
    /// ## Why it matters
    /// The container cannot tell by the path why it was called. In two containers, one of them gets the calls that are meant
    /// for the other.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   hourly:
    ///     type: schedule
    ///     schedule: rate(1 hour)
    ///     webhookPath: /run
    ///   daily:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /run
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   hourly:
    ///     type: schedule
    ///     schedule: rate(1 hour)
    ///     webhookPath: /run/hourly
    ///   daily:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /run/daily
    /// ```
    DUPLICATE_PATH = "SCF306", "Duplicate webhook path", Warning, fix: None;

    /// ## What it does
    /// Reports an integration whose path is not routed to its container.
    ///
    /// ## Why it matters
    /// EventBridge calls the public address of the project, so that the route decides who is called, and not the container in
    /// which the integration stands.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /api/nightly
    /// ```
    NOT_ROUTED_HERE = "SCF307", "Webhook not routed here", Warning, fix: Unsafe;

    /// ## What it does
    /// Says which path is called when `webhookPath` is absent.
    ///
    /// ## Why it matters
    /// The container must answer there. The original tool's documentation leaves out the `/v1` at its beginning.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /v1/integrations/nightly/schedule
    /// ```
    DEFAULT_PATH = "SCF308", "Default path", Info, fix: Safe;

    /// ## What it does
    /// Points out an integration that calls a Lambda container with a `timeout` of more than five seconds.
    ///
    /// ## Why it matters
    /// EventBridge waits five seconds for the answer, then gives up and calls again, for up to a day. Work that takes longer
    /// is done several times.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 30
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// Answer with status 202 at once and do the work afterwards, such as by a queue.
    ///
    /// ## Source
    /// [API destinations](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html)
    FIVE_SECONDS = "SCF321", "Five seconds", Info, fix: None
}

const PATH: &str = "webhookPath";

/// A host for projects without a domain: the distribution's own, which no route names.
const OWN_HOST: &str = "distribution.cloudfront.net";

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let routes = Routes::new(ctx);
    let mut seen: HashMap<String, Place> = HashMap::new();
    for integration in all(ctx) {
        let Some(target) = Target::of(integration) else { continue };
        if let Some(fault) = syntax_fault(ctx, integration) {
            acc.push(fault);
            continue;
        }
        duplicate(integration, &target, &mut seen, acc);
        // Slack is called by another path when none is given, and waits longer.
        if integration.caller().is_some() && !target.is_url() {
            not_routed(ctx, integration, &target, &routes, acc);
            default(ctx, integration, &target, acc);
            five_seconds(integration, acc);
        }
    }
}

/// What an integration calls.
struct Target<'a> {
    /// A path, or a URL.
    address: String,
    /// Where it is given, if it is.
    written: Option<Value<'a>>,
}

impl<'a> Target<'a> {
    /// `None` when it is not known, or must not be shown.
    fn of(integration: Integration<'a>) -> Option<Self> {
        Some(match integration.value.get(PATH) {
            Some(_) => {
                let (address, value) = integration.text(PATH)?;
                Self { address: address.to_owned(), written: Some(value) }
            }
            None => Self { address: default_path(integration.name, integration.caller()?), written: None },
        })
    }

    fn is_url(&self) -> bool {
        !self.address.starts_with('/')
    }

    fn place(&self, integration: Integration<'_>) -> Place {
        self.written.map_or_else(|| integration.value.key_place(), Value::place)
    }
}

fn syntax_fault(ctx: &RuleContext<'_>, integration: Integration<'_>) -> Option<Diagnostic> {
    let (path, value) = integration.text(PATH)?;
    let is_url = path.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let is_clean = path.bytes().all(is_url_byte);
    if is_clean && (path.starts_with('/') || is_url) {
        return None;
    }
    let message = format!(
        "`{PATH}` is `{path}`, but must be a path that begins with `/`, or a URL that begins with `https://`, without blanks or other \
         characters that URLs do not have."
    );
    let replace = |new: &str| edits::replace(ctx, value, Literal::Text(new));
    let fix = match path.strip_prefix("http://") {
        _ if !is_clean => None,
        Some(rest) => replace(&format!("https://{rest}")).map(|edits| Fix::suggestion("Use `https://`", edits)),
        None if path.is_empty() || path.contains(':') => None,
        None => replace(&format!("/{path}")).map(|edits| Fix::safe("Begin with `/`", edits)),
    };
    Some(PATH_SYNTAX.at(value, message).fix(fix))
}

/// Bytes of the URLs that EventBridge takes.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html>
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-()_.!~*';/?:@&=+$,%".contains(&byte)
}

fn duplicate(
    integration: Integration<'_>,
    target: &Target<'_>,
    seen: &mut HashMap<String, Place>,
    acc: &mut Vec<Diagnostic>,
) {
    let address = if target.is_url() {
        target.address.clone()
    } else {
        let Some(host) = host(integration.container) else { return };
        format!("https://{host}{}", target.address)
    };
    let place = target.place(integration);
    match seen.get(&address) {
        Some(first) => {
            let message = format!(
                "Another integration calls `{}` too, so that the container cannot tell the calls apart, or the wrong one gets them. \
                 Give each its own path.",
                target.address
            );
            acc.push(DUPLICATE_PATH.at(place, message).related(first.range, "The other integration calls it here."));
        }
        None => {
            seen.insert(address, place);
        }
    }
}

/// The host under which a container is called; `None` when it is not known.
fn host(container: Container<'_>) -> Option<String> {
    match container.get(&["routing", "domain"]) {
        None => Some(OWN_HOST.to_owned()),
        // Any label stands for a wildcard.
        Some(domain) => Some(domain.as_str()?.to_lowercase().replace('*', "www")),
    }
}

/// The routes that are known; none where there are more than a load balancer takes, which is reported elsewhere: to hold
/// every integration against every route would only take time.
struct Routes(Table);

impl Routes {
    fn new(ctx: &RuleContext<'_>) -> Self {
        let mut routes: Vec<Route> = ctx.containers().filter_map(Container::route).collect();
        if routes.len() > alb::RULES {
            routes.clear();
        }
        Self(Table::new(routes, Profile::Slipway))
    }

    /// The container that answers. With further routes it may be another one, but never one that is not found here.
    fn answering(&self, host: &str, path: &str) -> Option<&str> {
        let request = Request::to(None, Some(host), path);
        let route = self.0.find(&request).answer.route()?;
        Some(&self.0.routes()[route].container)
    }

    fn knows(&self, container: &str) -> bool {
        self.0.routes().iter().any(|route| route.container == container)
    }
}

fn not_routed(
    ctx: &RuleContext<'_>,
    integration: Integration<'_>,
    target: &Target<'_>,
    routes: &Routes,
    acc: &mut Vec<Diagnostic>,
) {
    let container = integration.container;
    let (Some(host), Some(pattern), true) = (host(container), container.path_pattern(), routes.knows(container.name))
    else {
        return;
    };
    let answering = routes.answering(&host, &target.address);
    if answering == Some(container.name) {
        return;
    }
    let who = answering.map_or_else(|| "nobody answers it".to_owned(), |other| format!("`{other}` answers it"));
    let message = format!(
        "EventBridge calls `{}`, but {who}: the route of `{}` is `{pattern}`. Give a `{PATH}` that this route matches.",
        target.address, container.name
    );
    let prefix = pattern.split(['*', '?']).next().unwrap_or_default().trim_end_matches('/');
    let path = if pattern.contains(['*', '?']) { format!("{prefix}{}", target.address) } else { pattern.to_owned() };
    let edits = match target.written {
        _ if routes.answering(&host, &path) != Some(container.name) => None,
        Some(value) => edits::replace(ctx, value, Literal::Text(&path)),
        None => edits::add_entry(ctx, integration.value, PATH, &yaml_text(&path)),
    };
    let mut diagnostic = NOT_ROUTED_HERE.at(target.place(integration), message);
    if let Some(value) = container.get(&["routing", "pathPattern"]) {
        diagnostic = diagnostic.related(value.range(), format!("This is the route of `{}`.", container.name));
    }
    acc.push(diagnostic.fix(edits.map(|edits| Fix::suggestion(format!("Call `{path}`"), edits))));
}

fn default(ctx: &RuleContext<'_>, integration: Integration<'_>, target: &Target<'_>, acc: &mut Vec<Diagnostic>) {
    if target.written.is_some() {
        return;
    }
    let path = &target.address;
    let message = format!(
        "Without a `{PATH}`, EventBridge calls `{path}`. Older documentation leaves out the `/v1`; write the path to leave no doubt."
    );
    // Of a key with other characters no such path can be made; the key is reported by itself.
    let is_clean = path.bytes().all(is_url_byte);
    let edits = is_clean.then(|| edits::add_entry(ctx, integration.value, PATH, &yaml_text(path))).flatten();
    acc.push(
        DEFAULT_PATH
            .at(integration.value.key_place(), message)
            .fix(edits.map(|edits| Fix::safe(format!("Add `{PATH}: {path}`"), edits))),
    );
}

/// A path as YAML: as it is, or in the quotes of JSON, which fit everywhere.
fn yaml_text(path: &str) -> String {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    if is_plain { path.to_owned() } else { serde_json::Value::from(path).to_string() }
}

fn five_seconds(integration: Integration<'_>, acc: &mut Vec<Diagnostic>) {
    if integration.container.compute_type() != Some(ComputeType::Lambda) {
        return;
    }
    let timeout = integration.container.lambda().and_then(|lambda| lambda.get("timeout"));
    let Some((value, seconds)) = timeout.and_then(|value| Some((value, value.as_f64()?))) else { return };
    if seconds > f64::from(CALL_SECONDS) {
        let message = format!(
            "EventBridge waits {CALL_SECONDS} seconds for the answer and then calls again, but the function may take {}. Answer with status 202 \
             at once and do longer work afterwards.",
            number_text(seconds)
        );
        acc.push(
            FIVE_SECONDS
                .at(integration.value.key_place(), message)
                .related(value.range(), "The timeout is given here."),
        );
    }
}
