//! What a balancer tells its owner.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::group::TargetStatus;

/// Is told what happens. Called on the tasks that serve clients, so it must not block.
pub trait Observer: Send + Sync {
    /// A request has been answered, or a client has left.
    fn exchange(&self, exchange: &Exchange<'_>);
    /// A target has changed its state.
    fn health(&self, change: &HealthChange);
    /// Something happened that a user would wonder at.
    fn note(&self, note: &Note);
}

/// A request and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// Counts the requests of a balancer, from 1.
    pub id: u64,
    /// When the request had been read.
    pub started: SystemTime,
    /// Who sent it.
    pub client: SocketAddr,
    /// How it came.
    pub scheme: ExchangeScheme,
    /// Its method.
    pub method: &'a str,
    /// Its target as sent: a path with its query, or a whole URL.
    pub target: &'a str,
    /// Its host as sent.
    pub host: Option<&'a str>,
    /// Its trace id as the target got it.
    pub trace_id: &'a str,
    /// The container whose route matched.
    pub container: Option<&'a str>,
    /// The number of the rule that acted; 0 for the default action, `None` where no rule came into it.
    pub priority: Option<u32>,
    /// The address of the target that the request was sent to.
    pub address: Option<&'a str>,
    /// The status that the client got. 460 when it did not wait for one.
    pub status: u16,
    /// The status that the target sent.
    pub target_status: Option<u16>,
    /// What took how long.
    pub timings: Timings,
    /// Bytes that came from the client, fields included.
    pub received: u64,
    /// Bytes that were sent to the client, fields included.
    pub sent: u64,
    /// How the request was classified, when it was not compliant: class and reason.
    pub classification: Option<(&'static str, &'static str)>,
    /// What went wrong.
    pub problem: Option<&'a Note>,
    /// The reason of a failed invocation, as the access log has it.
    pub error_reason: Option<&'a str>,
    /// Fields and bodies, when they are captured.
    pub captured: Option<&'a Captured>,
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeScheme {
    /// Plain HTTP/1.
    Http,
    /// HTTP/1 over TLS.
    Https,
    /// HTTP/2.
    Http2,
    /// A WebSocket.
    WebSocket,
    /// A WebSocket over TLS.
    SecureWebSocket,
}

/// How long the parts of an exchange took. A part that was never reached has no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// From reading the request to sending it to the target.
    pub request: Option<Duration>,
    /// From then to the first byte of the answer.
    pub target: Option<Duration>,
    /// From then to the first byte to the client.
    pub response: Option<Duration>,
    /// Of this, how long the request waited for a target to be built or started.
    pub held: Option<Duration>,
    /// From reading the request to the end of the answer.
    pub total: Duration,
}

/// Fields and bodies of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The fields of the request as the client sent them.
    pub request_fields: Vec<(String, String)>,
    /// The start of the request's body.
    pub request_body: Vec<u8>,
    /// The fields of the answer as the client got them.
    pub response_fields: Vec<(String, String)>,
    /// The start of the answer's body.
    pub response_body: Vec<u8>,
}

/// A target has changed its state.
#[derive(Clone, Debug)]
pub struct HealthChange {
    /// The name of its group.
    pub group: String,
    /// The target as it is now.
    pub target: TargetStatus,
    /// What a user should know about it: what was asked, what came, and what is needed.
    pub explanation: Option<String>,
}

/// Something that a user would wonder at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The behaviour that it is about: a short name that stays the same, such as `unmatched-path`.
    pub code: &'static str,
    /// The statement of the contract that demands it, such as `ALB-060`.
    pub statement: &'static str,
    /// What happened, why, and what to do: whole sentences.
    pub message: String,
    /// The target that it happened with.
    pub target: Option<String>,
}

/// An observer that looks away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn exchange(&self, _: &Exchange<'_>) {}
    fn health(&self, _: &HealthChange) {}
    fn note(&self, _: &Note) {}
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    fn exchange(&self, exchange: &Exchange<'_>) {
        (**self).exchange(exchange);
    }

    fn health(&self, change: &HealthChange) {
        (**self).health(change);
    }

    fn note(&self, note: &Note) {
        (**self).note(note);
    }
}
