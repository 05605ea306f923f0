//! Sessions of `slipway dev`, and the service that they run.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::{Project, slipway};

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that serves as it is told by `MODE` and its first argument: `tests/dev/service/main.rs`, linked statically.
///
/// # Panics
///
/// When it cannot be built.
pub fn service() -> &'static Path {
    static SERVICE: OnceLock<PathBuf> = OnceLock::new();
    SERVICE.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("dev/service/main.rs");
        let test = std::env::current_exe().expect("the test's own path");
        let folder = test.parent().and_then(Path::parent).expect("the profile's folder");
        let built = folder.join("test-service");
        let newer = |path: &Path| path.metadata().and_then(|found| found.modified()).ok();
        if newer(&built).is_some_and(|built| newer(&source).is_some_and(|source| source < built)) {
            return built;
        }
        // Tests run at the same time, each as a process of its own.
        let own = folder.join(format!("test-service.{}", std::process::id()));
        let flags = ["--edition", "2024", "-O", "-C", "target-feature=+crt-static", "-C", "strip=symbols", "-o"];
        let status = Command::new("rustc").args(flags).arg(&own).arg(&source).status().expect("rustc starts");
        assert!(status.success(), "the service for tests could not be built");
        std::fs::rename(&own, &built).expect("the service's place");
        built
    })
}

/// Whether a container engine answers. In CI it has to.
///
/// # Panics
///
/// When none answers and `CI` is set.
#[expect(clippy::print_stderr, reason = "who runs the tests should know what was left out")]
pub fn docker_answers() -> bool {
    let answers = || {
        let mut socket = std::os::unix::net::UnixStream::connect("/var/run/docker.sock").ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        socket.write_all(b"GET /_ping HTTP/1.1\r\nhost: docker\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).ok()?;
        answer.ends_with(b"200").then_some(())
    };
    let found = answers().is_some();
    assert!(found || std::env::var_os("CI").is_none(), "no container engine answers, and in CI one has to");
    if !found {
        eprintln!("skipped: no container engine answers at /var/run/docker.sock");
    }
    found
}

/// A running session. It is killed when it is dropped.
pub struct Dev {
    process: Child,
    events: Receiver<Json>,
    seen: Vec<Json>,
    /// The one event that many ask about.
    ready: Option<Json>,
    stderr: std::sync::Arc<std::sync::Mutex<String>>,
}

/// An answer of a server.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The fields, names in lower case.
    pub fields: Vec<(String, String)>,
    /// The body, chunks put together.
    pub body: String,
}

impl Answer {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }
}

impl Dev {
    /// Starts a session in a project, on free ports.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(project: &Project, args: &[&str]) -> Self {
        let mut command = Command::new(slipway());
        command.args(["dev", "--log-format", "json", "--port-control", "0"]).args(args);
        if !args.contains(&"--port-proxy") {
            command.args(["--port-proxy", "0"]);
        }
        command.current_dir(project.folder()).env("XDG_STATE_HOME", project.folder().join(".state"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("slipway starts");
        let (send, events) = channel();
        let stdout = BufReader::new(process.stdout.take().expect("its output"));
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
                if send.send(event).is_err() {
                    break;
                }
            }
        });
        let stderr = std::sync::Arc::<std::sync::Mutex<String>>::default();
        let errors = BufReader::new(process.stderr.take().expect("its errors"));
        let kept = std::sync::Arc::clone(&stderr);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                kept.lock().expect("no panic").push_str(&(line + "\n"));
            }
        });
        Self { process, events, seen: Vec::new(), ready: None, stderr }
    }

    /// Starts a session and waits until it is ready.
    pub fn ready(project: &Project, args: &[&str]) -> Self {
        let mut session = Self::start(project, args);
        session.wait("ready", |_| true);
        session
    }

    /// Waits for an event of this name for which `wanted` holds; one that was seen by no earlier wait counts too.
    ///
    /// # Panics
    ///
    /// When it does not come.
    pub fn wait(&mut self, name: &str, wanted: impl Fn(&Json) -> bool) -> Json {
        let until = Instant::now() + PATIENCE;
        let is_wanted = |event: &Json| event["event"] == name && wanted(event);
        if let Some(at) = self.seen.iter().position(is_wanted) {
            return self.seen.remove(at);
        }
        loop {
            match self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(event) => {
                    if event["event"] == "ready" {
                        self.ready = Some(event.clone());
                    }
                    if is_wanted(&event) {
                        return event;
                    }
                    self.seen.push(event);
                }
                Err(error) => {
                    let why = if error == RecvTimeoutError::Timeout { "did not come" } else { "cannot come: it ended" };
                    let seen: Vec<String> = self.seen.iter().map(ToString::to_string).collect();
                    let stderr = self.stderr.lock().expect("no panic");
                    panic!("`{name}` {why}. Seen:\n{}\n{stderr}", seen.join("\n"));
                }
            }
        }
    }

    /// Waits for the diagnosis with this number.
    pub fn diagnosis(&mut self, id: &str) -> Json {
        self.wait("diagnosis", |event| event["id"] == id)
    }

    /// The events that came and that nobody waited for.
    pub fn seen(&mut self) -> &[Json] {
        self.seen.extend(self.events.try_iter());
        &self.seen
    }

    /// The port of the balancer.
    pub fn proxy(&mut self) -> u16 {
        self.port("proxy")
    }

    /// The port of the control API.
    pub fn control(&mut self) -> u16 {
        self.port("control")
    }

    fn port(&mut self, of: &str) -> u16 {
        let ready = self.ready.clone().unwrap_or_else(|| self.wait("ready", |_| true));
        let port = ready[of].as_str().and_then(|url| url.rsplit(':').next()?.parse().ok());
        port.expect("an address with a port")
    }

    /// Sends a `GET` to the balancer.
    pub fn get(&mut self, target: &str) -> Answer {
        let port = self.proxy();
        request(port, "GET", target, &[], b"")
    }

    /// Sends a request to the control API.
    pub fn api(&mut self, method: &str, target: &str, body: &[u8]) -> Answer {
        let port = self.control();
        request(port, method, target, &[], body)
    }

    /// Sends a request to a port.
    pub fn send(port: u16, method: &str, target: &str, fields: &[(&str, &str)], body: &[u8]) -> Answer {
        request(port, method, target, fields, body)
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal to the session.
    ///
    /// # Panics
    ///
    /// When there is no such signal.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status();
        assert!(status.expect("kill starts").success());
    }

    /// Waits for the end. Answers the exit code; none where a signal ended it.
    ///
    /// # Panics
    ///
    /// When it does not end.
    pub fn ended(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.process.try_wait().expect("its status") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the session does not end");
    }

    /// Asks the session to end, and waits.
    pub fn stop(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// What it wrote to standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().expect("no panic").clone()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|status| status.is_none()) {
            // A test that failed: its containers should not outlive it.
            self.signal("TERM");
            let until = Instant::now() + Duration::from_secs(12);
            while Instant::now() < until && self.process.try_wait().is_ok_and(|status| status.is_none()) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}

/// A request on a connection of its own.
fn request(port: u16, method: &str, target: &str, fields: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let mut head = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
    if !fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        head.push_str(&format!("host: 127.0.0.1:{port}\r\n"));
    }
    for (name, value) in fields {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    stream.write_all((head + "\r\n").as_bytes()).and_then(|()| stream.write_all(body)).expect("the request is sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an answer");
    answer(&bytes)
}

fn answer(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let fields: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())))
        .collect();
    let chunked = fields.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { dechunked(body) } else { body.to_owned() };
    Answer { status: status.expect("a status"), fields, body }
}

fn dechunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || rest.len() < size {
            break;
        }
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}
