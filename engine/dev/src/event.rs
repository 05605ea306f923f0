//! What happens in a session, as it is told: one JSON object each.

use serde::Serialize;

use crate::diagnosis::Diagnosis;

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Event {
    /// The balancer answers, and every container was started.
    Ready {
        /// Address of the balancer.
        proxy: String,
        /// Address of the control API and the dashboard.
        control: Option<String>,
        /// `docker` or `process`.
        runtime: &'static str,
        /// The routing table, in the order in which rules are tried.
        routes: Vec<RouteRow>,
    },
    /// A line that a container wrote.
    Log {
        /// The container.
        container: String,
        /// Where it wrote it.
        stream: Stream,
        /// The line without its end.
        line: String,
    },
    /// A request was answered.
    Request(RequestRow),
    /// An image is built, or the dependencies of a process are looked at.
    Build {
        /// The container.
        container: String,
        /// How far it is.
        phase: Phase,
        /// How long it took, when it is over.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
    /// A container is replaced by a newer one.
    Reload {
        /// The container.
        container: String,
        /// Why.
        reason: String,
        /// How far it is.
        phase: Phase,
        /// How long it took since the change, when it is over.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
    /// A container is well, or not.
    Health {
        /// The container.
        container: String,
        /// How it is.
        status: Health,
        /// What was seen.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// A container ended without being told to.
    Exit {
        /// The container.
        container: String,
        /// The exit code.
        code: Option<i64>,
        /// What the code means.
        detail: String,
    },
    /// Something is wrong, and why is known.
    Diagnosis(Diagnosis),
    /// Something worth knowing.
    Note {
        /// The container that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        container: Option<String>,
        /// In a sentence.
        message: String,
    },
    /// The session ends.
    Stopping {
        /// Why.
        reason: String,
    },
    /// Everything that the session started is gone.
    Stopped,
}

/// Where a container wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// Nowhere: the platform says it, such as Lambda its `START`, `END` and `REPORT`.
    Platform,
}

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// It began.
    Started,
    /// It is done.
    Ready,
    /// It failed; what served before goes on serving.
    Failed,
}

/// How a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It is not known yet.
    Initial,
    /// It answers its health check.
    Healthy,
    /// It does not.
    Unhealthy,
}

/// A row of the routing table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteRow {
    /// The container.
    pub container: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Its pattern.
    pub path_pattern: String,
    /// The number of its listener rule; functions behind the edge have none.
    pub priority: Option<u32>,
    /// `awsLambda` or `awsFargateEcs`.
    pub compute: &'static str,
}

/// An answered request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRow {
    /// Unique in the session.
    pub id: String,
    /// The container that answered; none when the balancer did.
    pub container: Option<String>,
    /// The method.
    pub method: String,
    /// The `Host` header.
    pub host: String,
    /// The path and query as sent.
    pub path: String,
    /// The status that the client got.
    pub status: u16,
    /// From the first byte of the request to the last of the response.
    pub duration_ms: f64,
    /// Bytes of the request, head included.
    pub bytes_in: u64,
    /// Bytes of the response, head included.
    pub bytes_out: u64,
}

/// An event and when it happened.
#[derive(Clone, Debug, Serialize)]
pub struct Stamped {
    /// RFC 3339, UTC, in milliseconds.
    pub time: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Stamped {
    /// An event that happens now.
    pub fn now(event: Event) -> Self {
        Self { time: format!("{:.3}", jiff::Timestamp::now()), event }
    }

    /// The event as a line of JSON, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always become JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_the_shape_of_the_contract() {
        let log = Event::Log { container: "api".into(), stream: Stream::Stdout, line: "hello".into() };
        let stamped = Stamped { time: "2026-01-01T00:00:00.000Z".into(), event: log };
        assert_eq!(
            stamped.json(),
            r#"{"time":"2026-01-01T00:00:00.000Z","event":"log","container":"api","stream":"stdout","line":"hello"}"#
        );
        let reload =
            Event::Reload { container: "api".into(), reason: "x".into(), phase: Phase::Ready, duration_ms: Some(412) };
        let json = Stamped::now(reload).json();
        assert!(json.ends_with(r#""event":"reload","container":"api","reason":"x","phase":"ready","durationMs":412}"#));
        assert_eq!(json.find("Z\""), Some(r#"{"time":"2026-01-01T00:00:00.000"#.len()), "{json}");
    }
}
