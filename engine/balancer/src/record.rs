//! What is known of an exchange, for the log and the observer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::desync::Classification;
use crate::exchange::Scratch;
use crate::group::Target;
use crate::http1::field::Kind;
use crate::http1::head::{Head, Version};
use crate::observe::{Captured, Exchange, ExchangeScheme, Note, Timings};
use crate::rules::Installed;
use crate::site::{self, Client, Site};

/// What is known of an exchange.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) created: SystemTime,
    pub(crate) started: Instant,
    /// When the request was sent to a target.
    pub(crate) dispatched: Option<Instant>,
    /// When the target began to answer.
    pub(crate) answered: Option<Instant>,
    /// When the answer began to go out.
    pub(crate) replied: Option<Instant>,
    pub(crate) held: Option<Duration>,
    pub(crate) rules: Option<Arc<Installed>>,
    pub(crate) route: Option<usize>,
    pub(crate) target: Option<Arc<Target>>,
    pub(crate) priority: Option<u32>,
    pub(crate) action: &'static str,
    pub(crate) redirect: Option<String>,
    pub(crate) status: u16,
    /// The status for the balancer's log, where the edge made another of it.
    pub(crate) logged_status: Option<u16>,
    pub(crate) target_status: Option<u16>,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) is_websocket: bool,
    /// The balancer met it behind the edge.
    pub(crate) is_behind_edge: bool,
    /// The balancer met it at all.
    pub(crate) is_logged: bool,
    pub(crate) classification: Classification,
    pub(crate) note: Option<Note>,
    pub(crate) error_reason: Option<&'static str>,
    pub(crate) trace_id: String,
    pub(crate) captured: Option<Captured>,
}

impl Record {
    pub(crate) fn new() -> Self {
        Self {
            id: 0,
            created: SystemTime::UNIX_EPOCH,
            started: Instant::now(),
            dispatched: None,
            answered: None,
            replied: None,
            held: None,
            rules: None,
            route: None,
            target: None,
            priority: None,
            action: "-",
            redirect: None,
            status: 0,
            logged_status: None,
            target_status: None,
            received: 0,
            sent: 0,
            is_websocket: false,
            is_behind_edge: false,
            is_logged: true,
            classification: Classification::COMPLIANT,
            note: None,
            error_reason: None,
            trace_id: String::with_capacity(80),
            captured: None,
        }
    }

    /// Begins a new exchange, in the same memory.
    pub(crate) fn begin(&mut self, site: &Site, received: u64) {
        let trace_id = std::mem::take(&mut self.trace_id);
        *self = Self {
            id: site.next_exchange(),
            created: SystemTime::now(),
            received,
            captured: site.settings.capture.map(|_| Captured::default()),
            trace_id,
            ..Self::new_without_text()
        };
        self.trace_id.clear();
    }

    fn new_without_text() -> Self {
        Self { trace_id: String::new(), ..Self::new() }
    }

    /// Tells the log and the observer about an exchange that is over.
    pub(crate) fn finish(&self, site: &Site, client: &Client, head: &Head, scratch: &Scratch) {
        if let Some(log) = site.log.as_ref().filter(|_| self.is_logged) {
            // What the edge made of the request is what the balancer met.
            let (client, head) = if self.is_behind_edge { (&site::EDGE, &scratch.edge_head) } else { (client, head) };
            log.add(self, client, head);
        }
        self.tell(site, client, head);
    }

    fn tell(&self, site: &Site, client: &Client, head: &Head) {
        let text = |bytes| String::from_utf8_lossy(bytes);
        let (method, target) = (text(head.method()), text(head.target()));
        let host = head.value(Kind::Host).map(text);
        let route = self.rules.as_deref().zip(self.route);
        let between = |from: Option<Instant>, to: Option<Instant>| Some(to?.saturating_duration_since(from?));
        site.observer.exchange(&Exchange {
            id: self.id,
            started: self.created,
            client: client.address,
            scheme: self.scheme(client, head),
            method: &method,
            target: &target,
            host: host.as_deref(),
            trace_id: &self.trace_id,
            container: route.map(|(rules, route)| rules.route(route).container.as_str()),
            priority: self.priority,
            address: self.target.as_ref().map(|target| target.name.as_str()),
            status: self.status,
            target_status: self.target_status,
            timings: Timings {
                request: between(Some(self.started), self.dispatched),
                target: between(self.dispatched, self.answered),
                response: between(self.answered, self.replied),
                held: self.held,
                total: self.started.elapsed(),
            },
            received: self.received,
            sent: self.sent,
            classification: self.classification.words(),
            problem: self.note.as_ref(),
            error_reason: self.error_reason,
            captured: self.captured.as_ref(),
        });
    }

    pub(crate) fn scheme(&self, client: &Client, head: &Head) -> ExchangeScheme {
        match (head.version(), self.is_websocket, client.is_tls) {
            (Version::Http2, ..) => ExchangeScheme::Http2,
            (_, true, false) => ExchangeScheme::WebSocket,
            (_, true, true) => ExchangeScheme::SecureWebSocket,
            (_, false, false) => ExchangeScheme::Http,
            (_, false, true) => ExchangeScheme::Https,
        }
    }
}
