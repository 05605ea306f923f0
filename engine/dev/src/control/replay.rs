//! Sends a request again, as it was or changed.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderName, TRANSFER_ENCODING};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

use crate::requests::{KEPT_BODY, Record};

/// The longest answer that is shown, in bytes.
const LONGEST: usize = 1024 * 1024;

/// What is to be different. What is left out stays as it was.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Edits {
    method: Option<String>,
    path: Option<String>,
    /// All fields; those of secrets that come as `***` are sent as they were.
    headers: Option<Vec<(String, String)>>,
    body: Option<String>,
}

/// What came back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    status: u16,
    duration_ms: f64,
    headers: Vec<(String, String)>,
    /// When it is text, and not longer than a megabyte.
    body: Option<String>,
}

impl Edits {
    /// Reads the body of the API; an empty one changes nothing.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(bytes).map_err(|error| {
            format!("The changes cannot be read: {error}. They are JSON with `method`, `path`, `headers` and `body`.")
        })
    }
}

/// Sends it through the balancer.
pub(super) async fn send(proxy: SocketAddr, record: &Record, edits: Edits) -> Result<Answer, String> {
    if edits.body.is_none() && record.request.body_bytes >= KEPT_BODY {
        return Err(format!("Its body is longer than the {KEPT_BODY} bytes that are kept. Give a body of your own."));
    }
    let fields = edits.headers.unwrap_or_else(|| record.request.original.clone()).into_iter().map(|(name, value)| {
        let original = record.request.original.iter().find(|(own, _)| own.eq_ignore_ascii_case(&name));
        match original {
            Some((_, known)) if value == slipway_project::MASK => (name, known.clone()),
            _ => (name, value),
        }
    });
    let body = edits.body.map_or_else(|| record.request.original_body.clone(), String::into_bytes);
    through_balancer(
        proxy,
        &edits.method.unwrap_or_else(|| record.row.method.clone()),
        &edits.path.unwrap_or_else(|| record.row.path.clone()),
        fields,
        body.into(),
    )
    .await
}

/// Sends a request through the balancer, so that it takes the way of every other.
pub(super) async fn through_balancer(
    proxy: SocketAddr,
    method: &str,
    path: &str,
    fields: impl Iterator<Item = (String, String)>,
    body: Bytes,
) -> Result<Answer, String> {
    let method = Method::from_str(method).map_err(|_| format!("`{method}` is no method."))?;
    let path =
        path.find("://").and_then(|at| path[at + 3..].find('/').map(|slash| &path[at + 3 + slash..])).unwrap_or(path);
    let mut request = Request::builder().method(method).uri(path);
    let mut has_host = false;
    for (name, value) in fields {
        let name = HeaderName::from_str(&name).map_err(|_| format!("`{name}` is no name of a header."))?;
        // How long the body is and what becomes of the connection is decided anew.
        if [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION].contains(&name) {
            continue;
        }
        has_host |= name == HOST;
        request = request.header(name, value);
    }
    if !has_host {
        request = request.header(HOST, proxy.to_string());
    }
    let request = request.header(CONNECTION, "close").body(Full::new(body));
    let request = request.map_err(|error| format!("The request cannot be sent: {error}."))?;
    let began = Instant::now();
    let failed = |error: &dyn std::fmt::Display| format!("The balancer did not answer: {error}.");
    let stream = TcpStream::connect(proxy).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let headers = headers.collect();
    let body = Limited::new(response.into_body(), LONGEST).collect().await.ok();
    Ok(Answer {
        status,
        duration_ms: (began.elapsed().as_secs_f64() * 1e6).round() / 1e3,
        headers,
        body: body.and_then(|body| String::from_utf8(body.to_bytes().into()).ok()),
    })
}

impl Answer {
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn milliseconds(&self) -> f64 {
        self.duration_ms
    }
}
