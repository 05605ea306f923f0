//! The control API and the dashboard: what a session tells and takes over HTTP, on loopback only.

mod assets;
mod guard;
mod replay;
pub(crate) mod trigger;

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::{Value as Json, json};
use slipway_lang::routing::{self, Table};
use slipway_lang::service::Service;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};

use crate::configuration::Configuration;
use crate::event::RouteRow;
use crate::requests::Recorder;
use crate::stop;
use crate::supervisor::{Command, Shared};

/// The longest body that is taken, in bytes.
const LONGEST_BODY: usize = 10 * 1024 * 1024;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What the API tells of a session.
#[derive(Clone)]
pub(crate) struct Shown {
    proxy: SocketAddr,
    shared: Shared,
    recorder: Recorder,
    commands: mpsc::Sender<(String, Command)>,
    current: Arc<Mutex<Current>>,
}

/// What a changed configuration changes.
#[derive(Default)]
struct Current {
    routes: Vec<RouteRow>,
    table: Option<Arc<Table>>,
    services: Vec<Service>,
}

impl Shown {
    /// A session that answers at `proxy`.
    pub(crate) fn new(
        proxy: SocketAddr,
        shared: Shared,
        recorder: Recorder,
        commands: mpsc::Sender<(String, Command)>,
    ) -> Self {
        Self { proxy, shared, recorder, commands, current: Arc::default() }
    }

    /// Shows this configuration from now on.
    pub(crate) fn set(&self, routes: Vec<RouteRow>, table: Table, configuration: &Configuration) {
        *self.lock() = Current { routes, table: Some(Arc::new(table)), services: configuration.services.clone() };
    }

    /// The routing table, in the order in which rules are tried.
    pub(crate) fn routes(&self) -> Vec<RouteRow> {
        self.lock().routes.clone()
    }

    fn service(&self, name: &str) -> Option<Service> {
        self.lock().services.iter().find(|service| service.name == name).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server of the API.
pub(crate) struct Control {
    address: SocketAddr,
}

impl Control {
    /// Listens on a port of loopback until the session ends.
    pub(crate) async fn start(port: u16, shown: Shown, stopped: watch::Receiver<bool>) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(serve(listener, shown, stopped));
        Ok(Self { address })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(listener: TcpListener, shown: Shown, mut stopped: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop::asked(&mut stopped) => return,
        };
        let Ok((stream, _)) = accepted else {
            // Too many open files, for instance: it passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let shown = shown.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let shown = shown.clone();
                async move { Ok::<_, Infallible>(answer(request, &shown).await) }
            });
            // A client that goes away is not an error.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shown: &Shown) -> Response<Body> {
    let mut response = match guard::check(&request) {
        Ok(()) => route(request, shown).await,
        Err(refused) => failure(StatusCode::FORBIDDEN, refused),
    };
    let fields = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in fields {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn route(request: Request<Incoming>, shown: &Shown) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let get = request.method() == Method::GET || request.method() == Method::HEAD;
    let post = request.method() == Method::POST;
    match &*segments {
        ["healthz"] if get => json_answer(&json!({"status": "ok"})),
        ["api", "state"] if get => json_answer(&state(shown)),
        ["api", "requests"] if get => {
            json_answer(&shown.recorder.all().iter().map(|record| &**record).collect::<Vec<_>>())
        }
        ["api", "requests", id] if get => match shown.recorder.find(id) {
            Some(record) => json_answer(&*record),
            None => failure(StatusCode::NOT_FOUND, format!("There is no request {id}; the last 500 are kept.")),
        },
        ["api", "requests", id, "replay"] if post => {
            let Some(record) = shown.recorder.find(id) else {
                return failure(StatusCode::NOT_FOUND, format!("There is no request {id}; the last 500 are kept."));
            };
            match body(request).await.and_then(|bytes| replay::Edits::read(&bytes)) {
                Ok(edits) => match replay::send(shown.proxy, &record, edits).await {
                    Ok(answer) => json_answer(&answer),
                    Err(error) => failure(StatusCode::BAD_GATEWAY, error),
                },
                Err(error) => failure(StatusCode::BAD_REQUEST, error),
            }
        }
        ["api", "logs"] if get => json_answer(&shown.shared.bus.lines().iter().map(|line| &**line).collect::<Vec<_>>()),
        ["api", "events"] if get => events(shown),
        ["api", "route"] if get => decide(request.uri().query().unwrap_or_default(), shown),
        ["api", "containers", name, "restart"] if post => {
            if !shown.shared.states.all().contains_key(*name) {
                return failure(StatusCode::NOT_FOUND, format!("There is no container `{name}`."));
            }
            // The session ends when nobody takes it.
            let _ = shown.commands.send(((*name).to_owned(), Command::Restart)).await;
            status(StatusCode::ACCEPTED, &json!({"status": "restarting"}))
        }
        ["api", "containers", name, "trigger", integration] if post => {
            let Some(service) = shown.service(name) else {
                return failure(StatusCode::NOT_FOUND, format!("There is no container `{name}`."));
            };
            let given = match body(request).await {
                Ok(bytes) => bytes,
                Err(error) => return failure(StatusCode::BAD_REQUEST, error),
            };
            match trigger::fire(shown.proxy, &shown.shared.facts, &service, integration, &given).await {
                Ok(answer) => json_answer(&answer),
                Err(error) => failure(StatusCode::BAD_REQUEST, error),
            }
        }
        _ if get => match assets::find(&path) {
            Some((kind, bytes)) => {
                let mut response = Response::new(full(Bytes::from_static(bytes)));
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
                response
            }
            None => failure(StatusCode::NOT_FOUND, format!("There is nothing at {path}.")),
        },
        _ => failure(StatusCode::NOT_FOUND, format!("{} {path} is not part of the control API.", request.method())),
    }
}

fn state(shown: &Shown) -> Json {
    let (routes, integrations) = {
        let current = shown.lock();
        let all = current.services.iter().flat_map(|service| {
            service.integrations.iter().map(|each| {
                json!({"container": service.name, "integration": each.name, "path": each.path,
                    "type": trigger::kind(&each.trigger)})
            })
        });
        (current.routes.clone(), all.collect::<Vec<_>>())
    };
    let facts = &shown.shared.facts;
    json!({
        "version": 1,
        "project": facts.project,
        "stage": facts.stage,
        "region": facts.region,
        "proxy": format!("http://{}", shown.proxy),
        "runtime": shown.shared.runtime.name(),
        "containers": shown.shared.states.all(),
        "usage": shown.shared.usage.all(),
        "routes": routes,
        "integrations": integrations,
    })
}

/// Which container takes a request, and why: `?method=GET&url=/path`.
fn decide(query: &str, shown: &Shown) -> Response<Body> {
    let given: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), percent_decoded(value)))
        })
        .collect();
    let of = |name: &str| given.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
    let (method, url) = (of("method").unwrap_or("GET"), of("url").unwrap_or_default());
    let request = match routing::Request::parse(method, url) {
        Ok(request) => request,
        Err(error) => return failure(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Some(table) = shown.lock().table.clone() else {
        return failure(StatusCode::SERVICE_UNAVAILABLE, "The session has just begun.");
    };
    let decision = table.decide(&request);
    let losers: Vec<Json> = decision
        .losers
        .iter()
        .map(|loser| json!({"container": loser.route.container, "pathPattern": loser.route.path_pattern, "reason": loser.loss.to_string()}))
        .collect();
    json_answer(&json!({
        "container": decision.winner.map(|route| &route.container),
        "pathPattern": decision.winner.map(|route| &route.path_pattern),
        "priority": decision.verdict.priority,
        "reason": decision.to_string(),
        "losers": losers,
    }))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Server-sent events: each event of the session from now on.
fn events(shown: &Shown) -> Response<Body> {
    let heard = shown.shared.bus.listen();
    let first = futures_util::stream::once(async { Ok(Frame::data(Bytes::from_static(b"retry: 1000\n\n"))) });
    let rest = futures_util::stream::unfold(heard, |mut heard| async move {
        let text = match tokio::time::timeout(Duration::from_secs(15), heard.recv()).await {
            Ok(Ok(stamped)) => format!("data: {}\n\n", stamped.json()),
            Ok(Err(RecvError::Lagged(lost))) => format!("event: lagged\ndata: {lost}\n\n"),
            Ok(Err(RecvError::Closed)) => return None,
            // Keeps the connection alive, and finds out when the client is gone.
            Err(_) => ": \n\n".to_owned(),
        };
        Some((Ok(Frame::data(Bytes::from(text))), heard))
    });
    let body = BodyExt::boxed_unsync(StreamBody::new(first.chain(rest)));
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

async fn body(request: Request<Incoming>) -> Result<Bytes, String> {
    let collected = Limited::new(request.into_body(), LONGEST_BODY).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|error| format!("The body cannot be read: {error}."))
}

fn json_answer(value: &impl Serialize) -> Response<Body> {
    status(StatusCode::OK, value)
}

fn status(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_vec(value).expect("strings and numbers always become JSON");
    let mut response = Response::new(full(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn failure(code: StatusCode, message: impl Into<String>) -> Response<Body> {
    status(code, &json!({ "error": message.into() }))
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).boxed_unsync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        for (text, expected) in
            [("%2Fapi%3Fa", "/api?a"), ("a+b", "a b"), ("100%", "100%"), ("%zz", "%zz"), ("%C3%A4", "ä")]
        {
            assert_eq!(percent_decoded(text), expected);
        }
    }
}
