//! Runs an image that merely listens on a port as a function: takes events, speaks HTTP to it, and answers.
//!
//! It does what the web adapter that AWS publishes does inside an image, with the same settings, so that an image behaves the same
//! with it as with the one that a deploy adds.

mod request;

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::Serialize;
use tokio::net::TcpStream;

use crate::{
    environment::{Answering, Environment},
    environments::{Environments, Exit, Instance, Launch},
    function::InvokeError,
    reply::BUFFERED_LIMIT,
};

use request::{Origin, forwarded};

/// How often an image is asked whether it is ready.
const READINESS_INTERVAL: Duration = Duration::from_millis(10);
/// When waiting for readiness ends with asynchronous initialisation, just before Lambda's own limit.
const ASYNC_INIT_LIMIT: Duration = Duration::from_millis(9800);

/// How to reach an image, and what to pass on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub host: String,
    /// Where it listens.
    pub port: u16,
    /// What tells that it is ready.
    pub readiness: Readiness,
    /// Initialisation ends after 9.8 s even if the image is not ready yet; the first event then waits for it.
    pub async_init: bool,
    /// What is taken from the front of paths.
    pub base_path: Option<String>,
    /// How answers are sent, whatever the caller takes.
    pub mode: Mode,
    /// Where events that are not HTTP go.
    pub pass_through_path: String,
    /// The header whose value becomes `Authorization`.
    pub authorization_source: Option<String>,
    /// Statuses that count as an error of the function.
    pub error_statuses: Vec<u16>,
}

/// What tells that an image is ready.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// The port to ask, [`Settings::port`] in general.
    pub port: u16,
    /// The path to ask for, over HTTP.
    pub path: String,
    /// A connection suffices.
    pub tcp: bool,
    /// The statuses of a ready image.
    pub statuses: Vec<u16>,
}

/// How answers are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As one JSON object.
    Buffered,
    /// As they come.
    ResponseStream,
}

impl Settings {
    /// The settings that the variables of a container give, by the names of the published adapter.
    pub fn from_variables<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Self {
        let either = |name: &str| variable(&format!("AWS_LWA_{name}")).or_else(|| variable(name));
        let yes = |value: &str| value == "true" || value == "1";
        let port = either("PORT").and_then(|port| port.parse().ok()).unwrap_or(8080);
        let readiness = Readiness {
            port: either("READINESS_CHECK_PORT").and_then(|port| port.parse().ok()).unwrap_or(port),
            path: either("READINESS_CHECK_PATH").unwrap_or("/").to_owned(),
            tcp: either("READINESS_CHECK_PROTOCOL").is_some_and(|it| it.eq_ignore_ascii_case("tcp")),
            statuses: match variable("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS") {
                Some(statuses) => self::statuses(statuses),
                None => (100..500).collect(),
            },
        };
        Self {
            host: either("HOST").unwrap_or("127.0.0.1").to_owned(),
            port,
            readiness,
            async_init: either("ASYNC_INIT").is_some_and(yes),
            base_path: either("REMOVE_BASE_PATH").filter(|path| !path.is_empty()).map(str::to_owned),
            mode: match variable("AWS_LWA_INVOKE_MODE") {
                Some(mode) if mode.eq_ignore_ascii_case("response_stream") => Mode::ResponseStream,
                _ => Mode::Buffered,
            },
            pass_through_path: variable("AWS_LWA_PASS_THROUGH_PATH").unwrap_or("/events").to_owned(),
            authorization_source: variable("AWS_LWA_AUTHORIZATION_SOURCE").map(str::to_owned),
            error_statuses: variable("AWS_LWA_ERROR_STATUS_CODES").map(statuses).unwrap_or_default(),
        }
    }

    /// Host and port.
    pub fn address(&self) -> String {
        authority(&self.host, self.port)
    }
}

/// Statuses as in `200-399,404`. What is not of that form counts for nothing.
fn statuses(list: &str) -> Vec<u16> {
    let ends = |range: &str| {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
    };
    list.split(',').filter_map(ends).flatten().collect()
}

fn authority(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Environments that are no processes of ours: all of them are what listens at one address already.
pub struct Remote(pub Settings);

impl Environments for Remote {
    fn start(&self, _: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        let instance: Box<dyn Instance> = Box::new(Self(self.0.clone()));
        Box::pin(async { Ok(instance) })
    }
}

impl Instance for Remote {
    fn adapter(&self) -> Option<Settings> {
        Some(self.0.clone())
    }

    fn exited(&self) -> BoxFuture<'static, Exit> {
        Box::pin(pending())
    }

    fn terminate(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Serves an environment until it is over.
pub(crate) async fn run(environment: Arc<Environment>, settings: Settings) {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let over = environment.over.clone();
    let adapter = Adapter { environment, settings, client, ready: AtomicBool::new(false) };
    tokio::select! {
        () = over.cancelled() => {}
        () = adapter.serve() => {}
    }
}

struct Adapter {
    environment: Arc<Environment>,
    settings: Settings,
    client: Client<HttpConnector, Full<Bytes>>,
    ready: AtomicBool,
}

impl Adapter {
    async fn serve(&self) {
        if self.settings.async_init {
            let _ = tokio::time::timeout(ASYNC_INIT_LIMIT, self.readiness()).await;
        } else {
            self.readiness().await;
        }
        while let Ok(running) = self.environment.next().await {
            let Ok(answering) = self.environment.answer(&running.id) else { continue };
            if !self.ready.load(Ordering::Relaxed) {
                self.readiness().await;
            }
            let (request, origin) = match forwarded(&self.settings, &self.environment, &running) {
                Ok(forwarded) => forwarded,
                Err(problem) => {
                    answering.failed(InvokeError::function("Adapter.EventError", &problem));
                    continue;
                }
            };
            match self.client.request(request).await {
                Ok(response) => self.answer(answering, origin, response).await,
                Err(error) => {
                    let address = self.settings.address();
                    let problem = format!("The application at {address} gave no response: {}.", chain(&error));
                    answering.failed(InvokeError::function("Adapter.RequestError", &problem));
                }
            }
        }
    }

    /// Waits until the image is ready.
    async fn readiness(&self) {
        while !self.is_ready().await {
            tokio::time::sleep(READINESS_INTERVAL).await;
        }
        self.ready.store(true, Ordering::Relaxed);
    }

    async fn is_ready(&self) -> bool {
        let Readiness { port, path, tcp, statuses } = &self.settings.readiness;
        let authority = authority(&self.settings.host, *port);
        if *tcp {
            return TcpStream::connect(authority).await.is_ok();
        }
        let Ok(uri) = format!("http://{authority}{path}").parse::<Uri>() else { return false };
        let request = Request::get(uri).body(Full::new(Bytes::new()));
        let Ok(request) = request else { return false };
        self.client.request(request).await.is_ok_and(|response| statuses.contains(&response.status().as_u16()))
    }

    async fn answer(&self, answering: Answering, origin: Origin, response: Response<Incoming>) {
        let (mut head, body) = response.into_parts();
        if self.settings.error_statuses.contains(&head.status.as_u16()) {
            let body = collect(body).await.unwrap_or_default();
            let problem =
                serde_json::json!({"statusCode": head.status.as_u16(), "body": String::from_utf8_lossy(&body)});
            return answering.failed(InvokeError::function("Adapter.ErrorStatus", &problem.to_string()));
        }
        head.headers.remove(header::TRANSFER_ENCODING);
        match self.settings.mode {
            Mode::Buffered => match collect(body).await {
                Ok(body) => answering.whole(buffered(origin, head.status, &head.headers, &body)),
                Err(error) => answering.failed(error),
            },
            Mode::ResponseStream => stream(answering, &prelude(head.status, &head.headers), body).await,
        }
    }
}

/// Sends head and body on as they come; all at once to a caller that does not take that.
async fn stream(answering: Answering, prelude: &[u8], mut body: Incoming) {
    let mut start = BytesMut::from(prelude);
    start.extend_from_slice(&[0; 8]);
    if !answering.streams() {
        match collect(body).await {
            Ok(body) => {
                start.extend_from_slice(&body);
                answering.whole(start.freeze());
            }
            Err(error) => answering.failed(error),
        }
        return;
    }
    let mut sender = answering.streaming(Some("application/vnd.awslambda.http-integration-response".into()));
    if sender.send(start.freeze()).await.is_err() {
        return;
    }
    while let Some(frame) = body.frame().await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => {
                if sender.send(data).await.is_err() {
                    return;
                }
            }
            Ok(Err(_trailers)) => {}
            Err(error) => {
                return sender.cut(format!("The application ended its response early: {}.", chain(&error))).await;
            }
        }
    }
    sender.end().await;
}

async fn collect(mut body: Incoming) -> Result<Bytes, InvokeError> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let problem = format!("The application ended its response early: {}.", chain(&error));
            InvokeError::function("Adapter.ResponseError", &problem)
        })?;
        if let Ok(data) = frame.into_data() {
            whole.extend_from_slice(&data);
            if whole.len() > BUFFERED_LIMIT {
                return Err(InvokeError::ResponseTooLarge);
            }
        }
    }
    Ok(whole.freeze())
}

/// The JSON of a whole answer.
fn buffered(origin: Origin, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Whole<'a> {
        status_code: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        status_description: Option<String>,
        headers: BTreeMap<&'a str, String>,
        multi_value_headers: BTreeMap<&'a str, Vec<String>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cookies: Option<Vec<String>>,
        body: String,
        is_base64_encoded: bool,
    }

    if origin == Origin::Other {
        let valid = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
        return if valid { Bytes::copy_from_slice(body) } else { Bytes::from_static(b"null") };
    }
    let base64 = is_binary(headers);
    let own = |name: &&header::HeaderName| origin == Origin::Alb || **name != header::SET_COOKIE;
    let whole = Whole {
        status_code: status.as_u16(),
        status_description: (origin == Origin::Alb)
            .then(|| format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default())),
        headers: headers
            .keys()
            .filter(own)
            .filter_map(|name| Some((name.as_str(), text(headers.get(name)?))))
            .collect(),
        multi_value_headers: match origin {
            Origin::Alb => headers.keys().map(|name| (name.as_str(), all(headers, name))).collect(),
            _ => BTreeMap::new(),
        },
        cookies: (origin == Origin::Url).then(|| all(headers, &header::SET_COOKIE)),
        body: if base64 { data_encoding::BASE64.encode(body) } else { String::from_utf8_lossy(body).into_owned() },
        is_base64_encoded: base64,
    };
    serde_json::to_vec(&whole).unwrap_or_default().into()
}

/// The head of a streamed answer.
fn prelude(status: StatusCode, headers: &HeaderMap) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Values {
        One(String),
        Many(Vec<String>),
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Prelude<'a> {
        status_code: u16,
        headers: BTreeMap<&'a str, Values>,
        cookies: Vec<String>,
    }

    let mut fields = BTreeMap::new();
    for name in headers.keys().filter(|name| *name != header::SET_COOKIE) {
        let mut values = all(headers, name);
        let values = if values.len() == 1 { Values::One(values.swap_remove(0)) } else { Values::Many(values) };
        fields.insert(name.as_str(), values);
    }
    fields.entry("content-type").or_insert_with(|| Values::One("application/octet-stream".into()));
    let prelude = Prelude { status_code: status.as_u16(), headers: fields, cookies: all(headers, &header::SET_COOKIE) };
    serde_json::to_vec(&prelude).unwrap_or_default()
}

/// Whether the adapter encodes a body with these headers. What has no content type counts as text.
fn is_binary(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return true;
    }
    let Some(content_type) = headers.get(header::CONTENT_TYPE).map(text) else { return false };
    let starts = ["text", "application/json", "application/javascript", "application/xml"];
    let media = content_type.split(';').next().unwrap_or_default().trim_end();
    !(starts.iter().any(|start| content_type.starts_with(start)) || media.ends_with("+xml") || media.ends_with("+json"))
}

fn all(headers: &HeaderMap, name: &header::HeaderName) -> Vec<String> {
    headers.get_all(name).iter().map(text).collect()
}

fn text(value: &http::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_360_settings_come_from_the_variables_of_the_published_adapter() {
        let none = Settings::from_variables(|_| None);
        assert_eq!((none.address(), none.readiness.port, none.mode), ("127.0.0.1:8080".into(), 8080, Mode::Buffered));
        assert_eq!((&*none.readiness.path, none.readiness.tcp, &*none.pass_through_path), ("/", false, "/events"));
        assert_eq!((none.readiness.statuses.first(), none.readiness.statuses.last()), (Some(&100), Some(&499)));

        let variables = [
            ("PORT", "3000"),
            ("AWS_LWA_READINESS_CHECK_PATH", "/ready"),
            ("AWS_LWA_READINESS_CHECK_PROTOCOL", "TCP"),
            ("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "200-202, 404,x"),
            ("AWS_LWA_ASYNC_INIT", "true"),
            ("AWS_LWA_REMOVE_BASE_PATH", "/v1"),
            ("AWS_LWA_INVOKE_MODE", "RESPONSE_STREAM"),
            ("AWS_LWA_PASS_THROUGH_PATH", "/queue"),
            ("AWS_LWA_AUTHORIZATION_SOURCE", "x-token"),
            ("AWS_LWA_ERROR_STATUS_CODES", "500,502-504"),
        ];
        let some = Settings::from_variables(|name| variables.iter().find(|it| it.0 == name).map(|it| it.1));
        assert_eq!((some.port, some.readiness.port, some.readiness.tcp, some.async_init), (3000, 3000, true, true));
        assert_eq!(some.readiness.statuses, [200, 201, 202, 404]);
        assert_eq!((some.base_path.as_deref(), some.mode), (Some("/v1"), Mode::ResponseStream));
        assert_eq!((&*some.pass_through_path, some.authorization_source.as_deref()), ("/queue", Some("x-token")));
        assert_eq!(some.error_statuses, [500, 502, 503, 504]);
    }
}
