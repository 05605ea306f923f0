//! Calls a container as a schedule or a rule of EventBridge would.

use std::fmt;
use std::net::SocketAddr;

use serde::Serialize;
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

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fired {
    /// Whether the event fits the pattern; one that does not is not sent.
    matched: bool,
    /// Why it does not fit, a sentence for each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mismatches: Vec<String>,
    /// What was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    /// What AWS would not have liked.
    warnings: Vec<String>,
}

impl Fired {
    /// Whether it was sent and answered as it should be.
    pub(crate) fn is_well(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// In a few words, without a full stop.
impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.duration_ms) {
            (Some(status), Some(ms)) => write!(f, "{status} after {ms:.0} ms")?,
            _ => f.write_str("the event does not fit the pattern")?,
        }
        self.warnings.iter().try_for_each(|warning| write!(f, ". {}", warning.trim_end_matches('.')))
    }
}

/// Sends the event of an integration through the balancer, so that a route that does not lead to it is seen.
pub(crate) async fn fire(
    proxy: SocketAddr,
    facts: &Facts,
    service: &Service,
    integration: &str,
    given: &[u8],
) -> Result<Fired, String> {
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
                let warnings = Vec::new();
                return Ok(Fired {
                    matched: false,
                    mismatches,
                    event: None,
                    status: None,
                    duration_ms: None,
                    warnings,
                });
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
        let path = &integration.path;
        warnings.push(format!(
            "Nothing answers at `{path}`: no route leads there, or the container does not know the path (SCF307)."
        ));
    }
    Ok(Fired {
        matched: true,
        mismatches: Vec::new(),
        event: Some(event),
        status: Some(answer.status()),
        duration_ms: Some(answer.milliseconds()),
        warnings,
    })
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
