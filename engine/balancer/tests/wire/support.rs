//! A client, a target and a balancer between them, all on real sockets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use slipway_balancer::group::{GroupSettings, HealthCheck, TargetState};
use slipway_balancer::observe::{Captured, Exchange, HealthChange, Note, Observer};
use slipway_balancer::{Balancer, Rules, Settings, TargetGroup};
use slipway_lang::model::ComputeType;
use slipway_lang::routing::{Profile, Route, Table};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The longest that a test waits for what has to happen.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for something, but not for ever.
pub async fn soon<T>(wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.expect("what has to happen does not happen")
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub line: String,
    pub fields: Vec<(String, String)>,
    /// The content, without the framing.
    pub body: Vec<u8>,
    /// The fields behind the content.
    pub trailers: String,
}

impl Message {
    pub fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{self:?}"))
    }

    /// All values of a field, joined.
    pub fn field(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .fields
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(" | "))
    }

    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One end of a connection.
pub struct Wire {
    pub stream: TcpStream,
    pub unread: Vec<u8>,
}

impl Wire {
    pub async fn connect(address: SocketAddr) -> Self {
        Self { stream: soon(TcpStream::connect(address)).await.unwrap(), unread: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        soon(self.stream.write_all(bytes.as_ref())).await.unwrap();
    }

    /// Reads on; gives whether there was anything.
    async fn more(&mut self) -> bool {
        self.unread.reserve(16 * 1024);
        soon(self.stream.read_buf(&mut self.unread)).await.is_ok_and(|length| length > 0)
    }

    /// Reads up to and with a text.
    pub async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            if let Some(at) = self.unread.windows(end.len()).position(|window| window == end.as_bytes()) {
                let text: Vec<u8> = self.unread.drain(..at + end.len()).collect();
                return Some(String::from_utf8_lossy(&text).into_owned());
            }
            if !self.more().await {
                return None;
            }
        }
    }

    pub async fn exactly(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.unread.len() < length {
            if !self.more().await {
                return None;
            }
        }
        Some(self.unread.drain(..length).collect())
    }

    /// Reads until the peer closes.
    pub async fn rest(&mut self) -> Vec<u8> {
        while self.more().await {}
        std::mem::take(&mut self.unread)
    }

    /// Whether the peer closes without another byte.
    pub async fn is_closed(&mut self) -> bool {
        self.rest().await.is_empty()
    }

    /// Reads the head of a message.
    pub async fn head(&mut self) -> Option<Message> {
        let text = self.until("\r\n\r\n").await?;
        let mut lines = text.trim_end_matches("\r\n").split("\r\n");
        let line = lines.next()?.to_owned();
        let fields = lines
            .map(|line| line.split_once(": ").or(line.split_once(':')).unwrap_or((line, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Message { line, fields, body: Vec::new(), trailers: String::new() })
    }

    /// Reads a whole message; `None` when it does not come whole.
    pub async fn message(&mut self, is_answer_to_head: bool) -> Option<Message> {
        let mut message = self.head().await?;
        let is_response = message.line.starts_with("HTTP/");
        let has_no_body = is_answer_to_head || is_response && matches!(message.status(), 100..=199 | 204 | 304);
        if has_no_body {
            return Some(message);
        }
        if message.field("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            loop {
                let size = self.until("\r\n").await?;
                let size = usize::from_str_radix(size.trim().split(';').next()?, 16).ok()?;
                if size == 0 {
                    break;
                }
                message.body.extend(self.exactly(size).await?);
                self.until("\r\n").await?;
            }
            loop {
                let line = self.until("\r\n").await?;
                if line == "\r\n" {
                    return Some(message);
                }
                message.trailers.push_str(&line);
            }
        }
        match message.field("content-length").and_then(|length| length.parse().ok()) {
            Some(length) => message.body = self.exactly(length).await?,
            None if is_response => message.body = self.rest().await,
            None => {}
        }
        Some(message)
    }

    /// Sends a request and reads its answer.
    pub async fn ask(&mut self, request: impl AsRef<[u8]>) -> Message {
        let is_head = request.as_ref().starts_with(b"HEAD");
        self.send(request).await;
        self.message(is_head).await.expect("no whole answer")
    }
}

/// A server that answers what it is told to, and keeps what it was asked.
pub struct Server {
    pub address: SocketAddr,
    pub requests: Arc<Mutex<Vec<Message>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Answers each request with what `answer` makes of it; closes when that is empty.
    pub async fn answering(answer: impl Fn(&Message) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        Self::running(requests, move |mut wire| {
            let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
            async move {
                while let Some(request) = wire.message(false).await {
                    let bytes = answer(&request);
                    if !request.field("user-agent").is_some_and(|agent| agent.starts_with("ELB-")) {
                        seen.lock().unwrap().push(request);
                    }
                    if bytes.is_empty() || wire.stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
            }
        })
        .await
    }

    /// Answers health checks, and hands other connections, with their first request, to `script`.
    pub async fn scripted<F: Future<Output = ()> + Send>(
        script: impl Fn(Wire, Message) -> F + Send + Sync + 'static,
    ) -> Self {
        let script = Arc::new(script);
        Self::running(Arc::default(), move |mut wire| {
            let script = Arc::clone(&script);
            async move {
                let Some(head) = wire.head().await else { return };
                if head.field("user-agent").is_some_and(|agent| agent.starts_with("ELB-")) {
                    let _ = wire.stream.write_all(&ok("")).await;
                } else {
                    script(wire, head).await;
                }
            }
        })
        .await
    }

    async fn running<F: Future<Output = ()> + Send>(
        requests: Arc<Mutex<Vec<Message>>>,
        serve: impl Fn(Wire) -> F + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serve = Arc::new(serve);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serve = Arc::clone(&serve);
                connections.spawn(async move { serve(Wire { stream, unread: Vec::new() }).await });
            }
        });
        Self { address, requests, task }
    }

    /// The last request that was not a health check.
    pub fn last(&self) -> Message {
        self.requests.lock().unwrap().last().cloned().expect("the target was not asked")
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A whole answer with a body.
pub fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Keeps what it is told.
#[derive(Default)]
pub struct Notes {
    pub told: Mutex<Vec<Note>>,
    pub health: Mutex<Vec<HealthChange>>,
    pub exchanges: Mutex<Vec<Kept>>,
}

/// What is kept of an exchange.
#[derive(Clone, Debug)]
pub struct Kept {
    pub status: u16,
    pub target_status: Option<u16>,
    pub container: Option<String>,
    pub priority: Option<u32>,
    pub received: u64,
    pub sent: u64,
    pub classification: Option<(&'static str, &'static str)>,
    pub problem: Option<&'static str>,
    pub captured: Option<Captured>,
    pub held: Option<Duration>,
}

impl Observer for Notes {
    fn exchange(&self, exchange: &Exchange<'_>) {
        self.exchanges.lock().unwrap().push(Kept {
            status: exchange.status,
            target_status: exchange.target_status,
            container: exchange.container.map(str::to_owned),
            priority: exchange.priority,
            received: exchange.received,
            sent: exchange.sent,
            classification: exchange.classification,
            problem: exchange.problem.map(|note| note.code),
            captured: exchange.captured.cloned(),
            held: exchange.timings.held,
        });
    }

    fn health(&self, change: &HealthChange) {
        self.health.lock().unwrap().push(change.clone());
    }

    fn note(&self, note: &Note) {
        self.told.lock().unwrap().push(note.clone());
    }
}

impl Notes {
    /// Waits until there are so many exchanges, and gives the last.
    pub async fn exchange(&self, count: usize) -> Kept {
        until(|| self.exchanges.lock().unwrap().len() >= count).await;
        self.exchanges.lock().unwrap()[count - 1].clone()
    }

    pub fn codes(&self) -> Vec<&'static str> {
        self.told.lock().unwrap().iter().map(|note| note.code).collect()
    }
}

/// Waits until something is so.
pub async fn until(condition: impl Fn() -> bool) {
    soon(async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

/// A balancer that listens, and what it was told.
pub struct Site {
    pub balancer: Balancer,
    pub notes: Arc<Notes>,
    pub groups: Vec<Arc<TargetGroup>>,
}

impl Site {
    /// One route for everything, to one target.
    pub async fn of(server: &Server) -> Self {
        Self::with(server, Settings::default()).await
    }

    pub async fn with(server: &Server, settings: Settings) -> Self {
        Self::routing(&[("web", "/*")], Profile::Alb, settings, |_| vec![server.address]).await
    }

    /// Routes of containers with patterns (`domain pattern` for one with a domain, a `λ` behind for Lambda), each with
    /// its targets; waits until all of them are well.
    pub async fn routing(
        routes: &[(&str, &str)],
        profile: Profile,
        settings: Settings,
        targets: impl Fn(&str) -> Vec<SocketAddr>,
    ) -> Self {
        let routes: Vec<Route> = routes.iter().map(|(container, text)| route(container, text)).collect();
        let groups: Vec<Arc<TargetGroup>> =
            routes.iter().map(|route| TargetGroup::new(quick(&route.container))).collect();
        for (route, group) in routes.iter().zip(&groups) {
            for address in targets(&route.container) {
                group.register(address);
            }
        }
        let rules = Rules { table: Table::new(routes, profile), groups: groups.clone() };
        let notes = Arc::new(Notes::default());
        let balancer = Balancer::start(settings, rules, Arc::clone(&notes) as Arc<dyn Observer>).await.unwrap();
        let site = Self { balancer, notes, groups };
        // That profile checks nobody.
        if profile != Profile::Devproxy {
            site.all_well().await;
        }
        site
    }

    pub async fn all_well(&self) {
        let is_well = |group: &Arc<TargetGroup>| {
            group.targets().iter().all(|target| !matches!(target.state, TargetState::Initial | TargetState::Unused))
        };
        until(|| self.groups.iter().all(is_well)).await;
    }

    pub fn address(&self) -> SocketAddr {
        self.balancer.addresses()[0]
    }

    pub async fn connect(&self) -> Wire {
        Wire::connect(self.address()).await
    }

    /// Sends one request on a connection of its own.
    pub async fn ask(&self, request: impl AsRef<[u8]>) -> Message {
        self.connect().await.ask(request).await
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Message {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")).await
    }
}

/// A group whose targets are checked without delay.
pub fn quick(name: &str) -> GroupSettings {
    let health = HealthCheck {
        path: "/health".to_owned(),
        start_interval: Duration::from_millis(5),
        unhealthy_threshold: 2,
        interval: Duration::from_millis(50),
        ..HealthCheck::default()
    };
    GroupSettings { health, ..GroupSettings::new(name, "/health") }
}

pub fn route(container: &str, text: &str) -> Route {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let compute = match words.last() {
        Some(&"λ") => {
            words.pop();
            ComputeType::Lambda
        }
        _ => ComputeType::Fargate,
    };
    Route {
        container: container.to_owned(),
        domain: (words.len() > 1).then(|| words[0].to_owned()),
        path_pattern: (*words.last().unwrap()).to_owned(),
        compute,
    }
}
