//! The requests that were answered, for those who look at them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use slipway_balancer::observe::{Exchange, HealthChange, Note, Observer};

use crate::bus::Bus;
use crate::event::{Event, RequestRow};
use crate::state::States;

/// Requests that are kept.
const KEPT: usize = 500;
/// Bytes of each body that are kept.
pub(crate) const KEPT_BODY: usize = 16 * 1024;

/// Header fields whose values nobody should read.
const SECRET_FIELDS: &[&str] = &[
    "authorization",
    "cookie",
    "set-cookie",
    "proxy-authorization",
    "x-api-key",
    "x-auth-token",
    "x-amz-security-token",
    "x-eventbridge-key",
    "x-scf-token",
];

/// A request with all that is known of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    #[serde(flatten)]
    pub(crate) row: RequestRow,
    /// When it was read, RFC 3339.
    pub(crate) started: String,
    /// Who sent it.
    pub(crate) client: String,
    /// The number of the rule that acted.
    pub(crate) priority: Option<u32>,
    /// The address of the target.
    pub(crate) target: Option<String>,
    /// The status of the target, which the client's may differ from.
    pub(crate) target_status: Option<u16>,
    pub(crate) timings: Timings,
    /// What went wrong, and what to do about it.
    pub(crate) problem: Option<String>,
    pub(crate) request: Message,
    pub(crate) response: Message,
}

/// How long the parts took, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Timings {
    /// Until it was sent to the target.
    pub(crate) request: Option<f64>,
    /// Until the first byte of the answer.
    pub(crate) target: Option<f64>,
    /// Until the first byte to the client.
    pub(crate) response: Option<f64>,
    /// How long it waited for the container.
    pub(crate) held: Option<f64>,
}

/// Fields and the start of a body.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// Names and values; those of secret fields are masked.
    pub(crate) headers: Vec<(String, String)>,
    /// The start of the body, when it is text.
    pub(crate) body: Option<String>,
    /// How many bytes of it are known.
    pub(crate) body_bytes: usize,
    /// What a replay sends: the fields as they were.
    #[serde(skip)]
    pub(crate) original: Vec<(String, String)>,
    #[serde(skip)]
    pub(crate) original_body: Vec<u8>,
}

/// Watches the balancer.
#[derive(Clone)]
pub(crate) struct Recorder {
    bus: Bus,
    states: States,
    kept: Arc<Mutex<VecDeque<Arc<Record>>>>,
}

impl Recorder {
    /// Tells what it sees on the bus.
    pub(crate) fn new(bus: Bus, states: States) -> Self {
        Self { bus, states, kept: Arc::default() }
    }

    /// The requests, newest first.
    pub(crate) fn all(&self) -> Vec<Arc<Record>> {
        self.lock().iter().rev().cloned().collect()
    }

    /// A request.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Record>> {
        self.lock().iter().rev().find(|record| record.row.id == id).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Arc<Record>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn message(&self, fields: &[(String, String)], body: &[u8]) -> Message {
        let is_secret = |name: &str| SECRET_FIELDS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
        let shown = fields.iter().map(|(name, value)| {
            let value = if is_secret(name) { slipway_project::MASK.to_owned() } else { self.bus.redacted(value) };
            (name.clone(), value)
        });
        // A character may be cut off at the end of what is kept.
        let text = match std::str::from_utf8(body) {
            Ok(text) => Some(text),
            Err(error) if error.error_len().is_none() => std::str::from_utf8(&body[..error.valid_up_to()]).ok(),
            Err(_) => None,
        };
        Message {
            headers: shown.collect(),
            body: text.filter(|text| !text.is_empty()).map(|text| self.bus.redacted(text)),
            body_bytes: body.len(),
            original: fields.to_vec(),
            original_body: body.to_vec(),
        }
    }
}

impl Observer for Recorder {
    fn exchange(&self, exchange: &Exchange<'_>) {
        let milliseconds = |time: std::time::Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
        let row = RequestRow {
            id: exchange.id.to_string(),
            container: exchange.container.map(str::to_owned),
            method: exchange.method.to_owned(),
            host: exchange.host.unwrap_or_default().to_owned(),
            path: exchange.target.to_owned(),
            status: exchange.status,
            duration_ms: milliseconds(exchange.timings.total),
            bytes_in: exchange.received,
            bytes_out: exchange.sent,
        };
        let captured = exchange.captured;
        let started = jiff::Timestamp::try_from(exchange.started).map(|time| format!("{time:.3}")).unwrap_or_default();
        let record = Record {
            row: RequestRow { path: self.bus.redacted(&row.path), ..row.clone() },
            started,
            client: exchange.client.to_string(),
            priority: exchange.priority,
            target: exchange.address.map(str::to_owned),
            target_status: exchange.target_status,
            timings: Timings {
                request: exchange.timings.request.map(milliseconds),
                target: exchange.timings.target.map(milliseconds),
                response: exchange.timings.response.map(milliseconds),
                held: exchange.timings.held.map(milliseconds),
            },
            problem: exchange.problem.map(|note| self.bus.redacted(&note.message)),
            request: captured.map(|all| self.message(&all.request_fields, &all.request_body)).unwrap_or_default(),
            response: captured.map(|all| self.message(&all.response_fields, &all.response_body)).unwrap_or_default(),
        };
        {
            let mut kept = self.lock();
            if kept.len() == KEPT {
                kept.pop_front();
            }
            kept.push_back(Arc::new(record));
        }
        // A terminal that cannot follow loses lines about requests, never lines of a log; all are in the access log.
        self.bus.tell_now(Event::Request(row));
    }

    fn health(&self, change: &HealthChange) {
        use crate::event::Health;
        use slipway_balancer::group::TargetState;
        let status = match change.target.state {
            TargetState::Healthy => Health::Healthy,
            TargetState::Unhealthy => Health::Unhealthy,
            _ => return,
        };
        let container = change.group.clone();
        let detail = change.explanation.clone();
        let mut changed = false;
        self.states.change(&container, |state| {
            changed = state.health != status;
            state.health = status;
            state.detail.clone_from(&detail);
        });
        if changed {
            self.bus.tell_now(Event::Health { container, status, detail });
        }
    }

    fn note(&self, note: &Note) {
        self.bus.tell_now(Event::Note { container: None, message: format!("{} ({})", note.message, note.statement) });
    }
}
