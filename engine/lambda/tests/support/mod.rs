//! What the tests share: environments that are processes, environments that the test itself plays, and a client for the wire.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use slipway_lambda::{
    environments::{Environments, Exit, Instance, Launch},
    function::{Change, Function, FunctionObserver, FunctionSettings, Invocation, InvokeError, Mode},
    reply::Reply,
};
use tokio::{
    process::Command,
    sync::{mpsc, watch},
};

/// More than anything takes here; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it happens in time")
}

pub fn settings(name: &str, concurrency: usize) -> FunctionSettings {
    let concurrency = NonZeroUsize::new(concurrency).expect("at least one");
    FunctionSettings {
        concurrency,
        handler: "app.handler".into(),
        account_id: "123456789012".into(),
        ..FunctionSettings::new(name)
    }
}

pub fn event(json: &Value) -> Invocation {
    Invocation { event: json.to_string().into(), trace_id: None, mode: Mode::Buffered, client_context: None }
}

pub async fn invoke(function: &Function, json: &Value) -> Result<Value, InvokeError> {
    match soon(function.invoke(event(json))).await? {
        Reply::Buffered(bytes) => Ok(serde_json::from_slice(&bytes).expect("JSON")),
        Reply::Streaming { .. } => panic!("a streamed reply was not asked for"),
    }
}

/// An error of the function: its type and its body.
pub fn function_error(error: InvokeError) -> (String, Value) {
    match error {
        InvokeError::Function { error_type, payload } => {
            (error_type, serde_json::from_slice(&payload).unwrap_or(Value::Null))
        }
        other => panic!("an error of the function, not {other:?}"),
    }
}

/// Keeps lines and changes.
#[derive(Default)]
pub struct Recorder {
    lines: Mutex<Vec<String>>,
    changes: Mutex<Vec<String>>,
}

impl Recorder {
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("lines").clone()
    }

    pub fn changes(&self) -> Vec<String> {
        self.changes.lock().expect("changes").clone()
    }

    /// Waits for a line that holds a text.
    pub async fn line(&self, text: &str) -> String {
        soon(async {
            loop {
                if let Some(line) = self.lines().into_iter().find(|line| line.contains(text)) {
                    return line;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await
    }
}

impl FunctionObserver for Recorder {
    fn line(&self, _: usize, line: &str) {
        self.lines.lock().expect("lines").push(line.to_owned());
    }

    fn change(&self, slot: usize, change: Change) {
        self.changes.lock().expect("changes").push(format!("{slot} {change:?}"));
    }
}

/// Environments that are processes of the runtime client for Rust.
pub struct Processes {
    handler: &'static str,
    pub started: AtomicUsize,
}

impl Processes {
    pub fn new(handler: &'static str) -> Arc<Self> {
        Arc::new(Self { handler, started: AtomicUsize::new(0) })
    }
}

struct Process {
    kill: watch::Sender<bool>,
    exit: watch::Receiver<Option<Exit>>,
}

impl Environments for Processes {
    fn start(&self, launch: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        self.started.fetch_add(1, Ordering::SeqCst);
        let mut command = Command::new(runtime_client());
        command.envs(launch.variables).env("HANDLER", self.handler).stdout(Stdio::null()).stderr(Stdio::null());
        Box::pin(async move {
            let mut child = command.kill_on_drop(true).spawn().map_err(|error| error.to_string())?;
            let (kill, mut killed) = watch::channel(false);
            let (exited, exit) = watch::channel(None);
            tokio::spawn(async move {
                let ended = tokio::select! {
                    status = child.wait() => Some(status),
                    () = async { drop(killed.wait_for(|it| *it).await) } => None,
                };
                let status = if let Some(status) = ended {
                    status
                } else {
                    let _ = child.start_kill();
                    child.wait().await
                };
                let status = status.expect("a status");
                let signal = std::os::unix::process::ExitStatusExt::signal(&status);
                exited.send_replace(Some(Exit { status: status.code(), signal, out_of_memory: false }));
            });
            Ok(Box::new(Process { kill, exit }) as Box<dyn Instance>)
        })
    }
}

impl Instance for Process {
    fn exited(&self) -> BoxFuture<'static, Exit> {
        let mut exit = self.exit.clone();
        Box::pin(async move { exit.wait_for(Option::is_some).await.ok().and_then(|exit| *exit).unwrap_or_default() })
    }

    fn terminate(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        self.kill.send_replace(true);
        Box::pin(async {
            self.exited().await;
        })
    }

    fn memory_used(&self) -> Option<u64> {
        Some(12 * 1024 * 1024 + 1)
    }
}

/// The test program, which cargo builds with the tests.
pub fn runtime_client() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let folder = test.parent().and_then(std::path::Path::parent).expect("the folder of the profile");
    let program = folder.join("examples/runtime_client");
    assert!(
        program.exists(),
        "{} is built with `cargo test -p slipway-lambda`, without naming one test",
        program.display()
    );
    program
}

/// Environments that the test plays: it gets each launch, and says when the process ends.
pub struct Played {
    launches: mpsc::UnboundedSender<Part>,
}

/// One environment that the test plays.
pub struct Part {
    pub launch: Launch,
    pub exit: watch::Sender<Option<Exit>>,
    pub ended: watch::Receiver<Vec<&'static str>>,
}

struct PlayedInstance {
    exit: watch::Receiver<Option<Exit>>,
    ended: watch::Sender<Vec<&'static str>>,
}

impl Played {
    pub fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<Part>) {
        let (launches, parts) = mpsc::unbounded_channel();
        (Arc::new(Self { launches }), parts)
    }
}

impl Environments for Played {
    fn start(&self, launch: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        let (exit, exited) = watch::channel(None);
        let (end, ended) = watch::channel(Vec::new());
        let _ = self.launches.send(Part { launch, exit, ended });
        Box::pin(async { Ok(Box::new(PlayedInstance { exit: exited, ended: end }) as Box<dyn Instance>) })
    }
}

impl Instance for PlayedInstance {
    fn exited(&self) -> BoxFuture<'static, Exit> {
        let mut exit = self.exit.clone();
        Box::pin(async move {
            let ended = exit.wait_for(Option::is_some).await.ok().and_then(|exit| *exit);
            match ended {
                Some(exit) => exit,
                // The test has let go of its end without ending the process.
                None => std::future::pending().await,
            }
        })
    }

    fn terminate(&self) -> BoxFuture<'_, ()> {
        self.ended.send_modify(|ended| ended.push("terminate"));
        Box::pin(async {})
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        self.ended.send_modify(|ended| ended.push("kill"));
        Box::pin(async {})
    }
}

impl Part {
    pub fn wire(&self) -> Wire {
        Wire::new(self.launch.runtime_api)
    }

    pub fn variable(&self, name: &str) -> Option<&str> {
        self.launch.variables.iter().find(|it| it.0 == name).map(|it| &*it.1)
    }
}

/// An HTTP client for the two APIs.
#[derive(Clone)]
pub struct Wire {
    pub address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON, not {:?}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// Status and type of an error.
    pub fn error(&self) -> (u16, String) {
        (self.status, self.json()["errorType"].as_str().unwrap_or_default().to_owned())
    }
}

impl Wire {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Got {
        self.try_send(method, path, headers, body).await.expect("a response")
    }

    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Got, String> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let response = soon(self.client.request(request)).await.map_err(|error| error.to_string())?;
        let (head, body) = response.into_parts();
        let body = soon(body.collect()).await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Got { status: head.status.as_u16(), headers: head.headers, body })
    }

    pub async fn next(&self) -> Got {
        self.send(Method::GET, "/2018-06-01/runtime/invocation/next", &[], "").await
    }

    pub async fn respond(&self, id: &str, body: impl Into<Bytes>) -> Got {
        self.send(Method::POST, &format!("/2018-06-01/runtime/invocation/{id}/response"), &[], body).await
    }

    pub async fn extension(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Got {
        self.send(method, &format!("/2020-01-01/extension/{path}"), headers, body.to_owned()).await
    }

    pub async fn register(&self, name: &str, events: &str) -> String {
        let body = format!("{{\"events\":{events}}}");
        let got = self.extension(Method::POST, "register", &[("Lambda-Extension-Name", name)], &body).await;
        assert_eq!(got.status, 200, "{got:?}");
        got.header("lambda-extension-identifier").to_owned()
    }

    pub async fn extension_next(&self, id: &str) -> Got {
        self.extension(Method::GET, "event/next", &[("Lambda-Extension-Identifier", id)], "").await
    }
}

/// Asks for an event in the background.
pub fn spawn_next(wire: &Wire) -> tokio::task::JoinHandle<Got> {
    let wire = wire.clone();
    tokio::spawn(async move { wire.next().await })
}
