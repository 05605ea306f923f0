//! Calls a container as a schedule or a rule of EventBridge would.

use std::net::SocketAddr;

use serde_json::{Value as Json, json};
use slipway_lang::event_pattern;
use slipway_lang::names::{Kind, Parts};
use slipway_lang::service::{Service, Trigger};

use super::replay::through_balancer;
use crate::environment::Facts;

/// How long EventBridge waits for an answer.
const PATIENCE_MS: f64 = 5000.0;

/// The name of a trigger's kind in the file.
pub(super) fn kind(trigger: &Trigger) -> &'static str {
    match trigger {
        Trigger::Schedule(_) => "schedule",
        Trigger::EventBridge(_) => "awsEventBridge",
    }
}

/// Sends the event of an integration through the balancer, so that a route that does not lead to it is seen.
pub(super) async fn fire(
    proxy: SocketAddr,
    facts: &Facts,
    service: &Service,
    integration: &str,
    given: &[u8],
) -> Result<Json, String> {
    let integration = service.integrations.iter().find(|each| each.name == integration).ok_or_else(|| {
        let known: Vec<&str> = service.integrations.iter().map(|each| &*each.name).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        format!("The container `{}` has no integration `{integration}`; it has: {known}.", service.name)
    })?;
    let event = match &integration.trigger {
        Trigger::Schedule(_) => scheduled_event(facts, service, &integration.name),
        Trigger::EventBridge(pattern) => {
            let event: Json = serde_json::from_slice(given)
                .map_err(|error| format!("The event cannot be read: {error}. Give it as JSON in the body."))?;
            let mismatches = event_pattern::mismatches(pattern, &event);
            if !mismatches.is_empty() {
                return Ok(json!({"matched": false, "mismatches": mismatches}));
            }
            event
        }
    };
    let fields = [
        ("content-type", "application/json"),
        ("x-eventbridge-key", "local"),
        ("user-agent", "Amazon/EventBridge/ApiDestinations"),
    ];
    let host = service.route.domain.clone().map(|domain| ("host".to_owned(), domain));
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().chain(host);
    let body = event.to_string().into_bytes().into();
    let answer = through_balancer(proxy, "POST", &integration.path, fields, body).await?;
    let mut warnings = Vec::new();
    if answer.milliseconds() > PATIENCE_MS {
        warnings.push("It took more than five seconds; EventBridge would have given up and tried again.".to_owned());
    }
    if answer.status() == 404 {
        warnings.push(format!(
            "Nothing answers at `{}`: no route leads there, or the container does not know the path (SCF307).",
            integration.path
        ));
    }
    Ok(
        json!({"matched": true, "event": event, "status": answer.status(), "durationMs": answer.milliseconds(), "warnings": warnings}),
    )
}

/// The event of a scheduled rule. <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>
fn scheduled_event(facts: &Facts, service: &Service, integration: &str) -> Json {
    const ACCOUNT: &str = "000000000000";
    let parts = Parts::project(&facts.project, &facts.stage).container(&service.name).integration(integration);
    let rule = parts.name(Kind::EventRule).original();
    let now = jiff::Timestamp::now();
    json!({
        "version": "0",
        "id": uuid(now),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": format!("{now:.0}"),
        "region": facts.region,
        "resources": [format!("arn:aws:events:{}:{ACCOUNT}:rule/{rule}", facts.region)],
        "detail": {},
    })
}

/// An identifier in the form of a version 4 UUID, made from the time: unique in a session, which is all it takes.
fn uuid(now: jiff::Timestamp) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(now.as_nanosecond().to_le_bytes());
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
