//! Functions behind the balancer and at their own URLs, through real sockets on both sides.

#[path = "wire/support.rs"]
#[allow(dead_code, reason = "what these tests share with those of HTTP targets")]
mod support;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_core::future::BoxFuture;
use serde_json::{Value, json};
use slipway_balancer::group::{GroupSettings, Kind, Lambda};
use slipway_balancer::observe::{Exchange, HealthChange, Note, Observer};
use slipway_balancer::{Balancer, Rules, Settings, TargetGroup};
use slipway_lambda::adapter::{Mode, Remote, Settings as Adapter};
use slipway_lambda::environments::{Environments, Exit, Instance, Launch};
use slipway_lambda::function::{Function, FunctionObserver, FunctionSettings};
use slipway_lang::routing::{Profile, Table};
use tokio::sync::mpsc;

use crate::support::{Message, Server, Wire, ok, route, soon, until};

/// What the function does with an event.
enum Does {
    /// Answers with this text.
    Answers(String),
    /// Streams the pieces that come.
    Streams(mpsc::UnboundedReceiver<String>),
    /// Reports an error.
    Fails,
    /// Nothing at all.
    Sleeps,
}

type Handler = Arc<dyn Fn(&Value) -> Does + Send + Sync>;

/// Environments in which a small runtime speaks to the Runtime API.
struct Runtimes(Handler);

struct Runtime(tokio::task::JoinHandle<()>);

impl Environments for Runtimes {
    fn start(&self, launch: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        let runtime = Runtime(tokio::spawn(run(launch.runtime_api, Arc::clone(&self.0))));
        Box::pin(async { Ok(Box::new(runtime) as Box<dyn Instance>) })
    }
}

impl Instance for Runtime {
    fn exited(&self) -> BoxFuture<'static, Exit> {
        Box::pin(std::future::pending())
    }

    fn terminate(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        self.0.abort();
        Box::pin(async {})
    }
}

/// Environments that cannot be started.
struct Broken;

impl Environments for Broken {
    fn start(&self, _: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        Box::pin(async { Err("The image is not there.".to_owned()) })
    }
}

async fn run(api: SocketAddr, handler: Handler) {
    let mut wire = Wire::connect(api).await;
    loop {
        wire.send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let Some(event) = wire.message(false).await else { return };
        let id = event.field("lambda-runtime-aws-request-id").unwrap();
        let path = format!("/2018-06-01/runtime/invocation/{id}");
        match handler(&serde_json::from_slice(&event.body).unwrap()) {
            Does::Answers(text) => {
                wire.send(format!(
                    "POST {path}/response HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{text}",
                    text.len()
                ))
                .await;
            }
            Does::Fails => {
                let text = "{\"errorMessage\":\"no\",\"errorType\":\"Bad\"}";
                wire.send(format!(
                    "POST {path}/error HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{text}",
                    text.len()
                ))
                .await;
            }
            Does::Sleeps => return std::future::pending().await,
            Does::Streams(mut pieces) => {
                wire.send(format!(
                    "POST {path}/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\
                     Lambda-Runtime-Function-Response-Mode: streaming\r\n\
                     Content-Type: application/vnd.awslambda.http-integration-response\r\n\r\n"
                ))
                .await;
                while let Some(piece) = pieces.recv().await {
                    if piece == "cut" {
                        wire.send("0\r\nLambda-Runtime-Function-Error-Type: Half.Way\r\n\r\n").await;
                        break;
                    }
                    wire.send(format!("{:x}\r\n{piece}\r\n", piece.len())).await;
                }
                if pieces.is_closed() {
                    wire.send("0\r\n\r\n").await;
                }
            }
        }
        let accepted = wire.message(false).await.unwrap();
        assert!(matches!(accepted.status(), 202 | 413), "{accepted:?}");
    }
}

struct Quiet;

impl FunctionObserver for Quiet {
    fn line(&self, _: usize, _: &str) {}
}

/// Status, status of the target, reason and target of an exchange.
type Kept = (u16, Option<u16>, Option<String>, Option<String>);

/// What is kept of exchanges and notes.
#[derive(Default)]
struct Notes {
    exchanges: Mutex<Vec<Kept>>,
    notes: Mutex<Vec<Note>>,
}

impl Observer for Notes {
    fn exchange(&self, exchange: &Exchange<'_>) {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let kept = (exchange.status, exchange.target_status, owned(exchange.error_reason), owned(exchange.address));
        self.exchanges.lock().unwrap().push(kept);
    }

    fn health(&self, _: &HealthChange) {}

    fn note(&self, note: &Note) {
        self.notes.lock().unwrap().push(note.clone());
    }
}

struct Site {
    balancer: Balancer,
    notes: Arc<Notes>,
    group: Arc<TargetGroup>,
}

/// Which deployment a test is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Front {
    Balancer,
    Url,
}

impl Site {
    async fn new(front: Front, handler: impl Fn(&Value) -> Does + Send + Sync + 'static) -> Self {
        Self::with(front, Arc::new(Runtimes(Arc::new(handler))), Duration::from_secs(6), |_| {}).await
    }

    async fn with(
        front: Front,
        environments: Arc<dyn Environments>,
        timeout: Duration,
        change: impl FnOnce(&mut Lambda),
    ) -> Self {
        let concurrency = NonZeroUsize::MIN;
        let settings = FunctionSettings { timeout, concurrency, ..FunctionSettings::new("local-dev-api") };
        let function = Function::start(settings, environments, Arc::new(Quiet)).await.unwrap();
        let mut lambda = Lambda::new(Arc::new(function));
        change(&mut lambda);
        let group = TargetGroup::new(GroupSettings { kind: Kind::Lambda(lambda), ..GroupSettings::new("api", "/") });
        let profile = if front == Front::Url { Profile::Edge } else { Profile::Alb };
        let table = Table::new(vec![route("api", "/* λ")], profile);
        let rules = Rules { table, groups: vec![Arc::clone(&group)] };
        let notes = Arc::new(Notes::default());
        // The edge in front of a function's URL has tests of its own.
        let settings = Settings { edge: None, ..Settings::default() };
        let balancer = Balancer::start(settings, rules, Arc::clone(&notes) as Arc<dyn Observer>).await.unwrap();
        Self { balancer, notes, group }
    }

    async fn connect(&self) -> Wire {
        Wire::connect(self.balancer.addresses()[0]).await
    }

    async fn ask(&self, request: impl AsRef<[u8]>) -> Message {
        self.connect().await.ask(request).await
    }

    async fn get(&self, path: &str) -> Message {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n\r\n")).await
    }

    /// Status, status of the target, reason and target of the last exchange.
    async fn last(&self) -> Kept {
        until(|| !self.notes.exchanges.lock().unwrap().is_empty()).await;
        self.notes.exchanges.lock().unwrap().pop().unwrap()
    }
}

fn answers(answer: &Value) -> Does {
    Does::Answers(answer.to_string())
}

/// Answers with the event.
fn shows(event: &Value) -> Does {
    answers(&json!({"statusCode": 200, "isBase64Encoded": false, "headers": {"X-Own": "a"}, "body": event.to_string()}))
}

fn post(headers: &str, body: &str) -> String {
    format!(
        "POST /a%2Fb?x=1%202&x=3 HTTP/1.1\r\nHost: API.example.com\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn alb_260_261_264_an_event_behind_the_balancer() {
    let site = Site::new(Front::Balancer, shows).await;
    let headers = "Content-Type: text/plain\r\nX-Forwarded-For: 1.2.3.4\r\nAccept: a\r\nAccept: b\r\nConnection: x-gone\r\nX-Gone: 1\r\n";
    let answer = site.ask(post(headers, "hello")).await;
    let mut event: Value = serde_json::from_slice(&answer.body).unwrap();
    let trace = event["headers"]["x-amzn-trace-id"].take();
    assert!(trace.as_str().unwrap().starts_with("Root=1-"), "{trace}");
    let arn = event["requestContext"]["elb"]["targetGroupArn"].take();
    assert!(
        arn.as_str().unwrap().starts_with("arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/api/"),
        "{arn}"
    );
    assert_eq!(
        event,
        json!({
            "requestContext": {"elb": {"targetGroupArn": null}},
            "httpMethod": "POST",
            "path": "/a%2Fb",
            "queryStringParameters": {"x": "3"},
            "headers": {
                "accept": "b",
                "content-length": "5",
                "content-type": "text/plain",
                "host": "api.example.com",
                "x-amzn-trace-id": null,
                "x-forwarded-for": "1.2.3.4, 127.0.0.1",
                "x-forwarded-port": "80",
                "x-forwarded-proto": "http",
            },
            "body": "hello",
            "isBase64Encoded": false,
        })
    );
    assert_eq!(site.last().await, (200, Some(200), None, None), "the log names no target");
}

#[tokio::test]
async fn alb_262_several_values_are_told_when_asked_for() {
    let runtimes = Runtimes(Arc::new(|event: &Value| {
        answers(&json!({
            "statusCode": 200,
            "isBase64Encoded": false,
            "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
            "body": event["multiValueQueryStringParameters"].to_string(),
        }))
    }));
    let site =
        Site::with(Front::Balancer, Arc::new(runtimes), Duration::from_secs(6), |it| it.multi_value_headers = true)
            .await;
    let answer = site.ask(post("", "")).await;
    assert_eq!(answer.text(), "{\"x\":[\"1%202\",\"3\"]}");
    assert_eq!(answer.field("set-cookie").unwrap(), "a=1 | b=2");
}

#[tokio::test]
async fn alb_270_274_278_an_answer_behind_the_balancer() {
    let site = Site::new(Front::Balancer, |_| {
        answers(&json!({
            "statusCode": 201,
            "statusDescription": "201 Made",
            "isBase64Encoded": true,
            "headers": {"Content-Type": "image/png", "Connection": "close", "Content-Length": "99"},
            "body": "AP8=",
        }))
    })
    .await;
    let mut wire = site.connect().await;
    for _ in 0..2 {
        let answer = wire.ask("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
        assert_eq!((&*answer.line, &*answer.body), ("HTTP/1.1 201 Made", &[0, 255][..]));
        assert_eq!(answer.field("content-type").unwrap(), "image/png");
        assert_eq!(answer.field("content-length").unwrap(), "2");
        assert_eq!(answer.field("server").unwrap(), "awselb/2.0");
        assert_eq!(answer.field("connection").unwrap(), "keep-alive", "that is the connection to the client");
    }
}

#[tokio::test]
async fn alb_163_upgrades_are_refused() {
    for front in [Front::Balancer, Front::Url] {
        let site = Site::new(front, shows).await;
        let upgrade = "GET / HTTP/1.1\r\nHost: h.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        assert_eq!(site.ask(upgrade).await.status(), 400);
        let reason = Some("LambdaWebsocketNotSupported".to_owned());
        assert_eq!(site.last().await, (400, None, reason, None));
    }
}

#[tokio::test]
async fn alb_206_266_403_a_body_over_one_megabyte() {
    let site = Site::new(Front::Balancer, |event| {
        answers(&json!({"statusCode": 200, "isBase64Encoded": false, "headers": {}, "body": event["body"].as_str().unwrap().len().to_string()}))
    })
    .await;
    let headers = "Content-Type: text/plain\r\n";
    let largest = "x".repeat(1024 * 1024);
    assert_eq!(site.ask(post(headers, &largest)).await.text(), "1048576");
    site.last().await;
    let over = largest + "x";
    let answer = site.ask(post(headers, &over)).await;
    assert_eq!((answer.status(), answer.field("server").as_deref()), (413, Some("awselb/2.0")));
    assert!(answer.text().contains("413 Request Entity Too Large"), "{answer:?}");
    assert_eq!(site.last().await, (413, None, Some("LambdaRequestTooLarge".into()), None));
    let chunked = format!(
        "POST / HTTP/1.1\r\nHost: h.example\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{over}\r\n0\r\n\r\n",
        over.len()
    );
    assert_eq!(site.ask(chunked).await.status(), 413);
}

#[tokio::test]
async fn alb_213_271_277_403_failures_behind_the_balancer() {
    for (event, status, reason) in [
        ("fail", 502, "LambdaUnhandled"),
        ("text", 502, "LambdaInvalidResponse"),
        ("string", 502, "LambdaInvalidResponse"),
        ("large", 502, "LambdaResponseTooLarge"),
    ] {
        let site = Site::new(Front::Balancer, |event| match event["path"].as_str().unwrap() {
            "/fail" => Does::Fails,
            "/text" => Does::Answers("hello".into()),
            "/string" => answers(&json!({"statusCode": "200", "headers": {}, "isBase64Encoded": false})),
            _ => answers(
                &json!({"statusCode": 200, "headers": {}, "isBase64Encoded": false, "body": "x".repeat(1024 * 1024)}),
            ),
        })
        .await;
        let answer = site.get(&format!("/{event}")).await;
        assert_eq!((answer.status(), answer.field("server").as_deref()), (status, Some("awselb/2.0")), "{event}");
        assert!(answer.text().contains("<h1>502 Bad Gateway</h1>"), "{answer:?}");
        assert_eq!(site.last().await, (status, None, Some(reason.into()), None), "{event}");
        let notes = site.notes.notes.lock().unwrap();
        assert!(notes.last().is_some_and(|note| note.statement.starts_with("ALB-27")), "{notes:?}");
    }
}

#[tokio::test]
async fn alb_189_277_a_function_that_runs_out_of_time() {
    for (front, body) in [(Front::Balancer, "<h1>502 Bad Gateway</h1>"), (Front::Url, "Internal Server Error")] {
        let sleeps = Runtimes(Arc::new(|_| Does::Sleeps));
        let site = Site::with(front, Arc::new(sleeps), Duration::from_millis(200), |_| {}).await;
        let answer = site.get("/").await;
        assert_eq!(answer.status(), 502);
        assert!(answer.text().contains(body), "{answer:?}");
        assert_eq!(site.last().await, (502, None, Some("LambdaUnhandled".into()), None));
    }
}

#[tokio::test]
async fn alb_338_a_function_with_too_much_to_do() {
    for (front, status) in [(Front::Balancer, 502), (Front::Url, 429)] {
        let (started, mut starts) = mpsc::unbounded_channel();
        let site = Site::with(front, Arc::new(Idle(started)), Duration::from_millis(200), |_| {}).await;
        let mut first = site.connect().await;
        first.send("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
        // It has the only environment, which never becomes ready.
        soon(starts.recv()).await.unwrap();
        let second = site.get("/").await;
        assert_eq!(second.status(), status);
        assert_eq!(site.last().await, (status, None, Some("LambdaThrottling".into()), None));
    }
}

/// Environments whose runtime never says anything.
struct Idle(mpsc::UnboundedSender<()>);

impl Environments for Idle {
    fn start(&self, _: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>> {
        self.0.send(()).unwrap();
        let runtime = Runtime(tokio::spawn(std::future::pending()));
        Box::pin(async { Ok(Box::new(runtime) as Box<dyn Instance>) })
    }
}

#[tokio::test]
async fn alb_215_277_a_function_that_cannot_be_started() {
    let site = Site::with(Front::Balancer, Arc::new(Broken), Duration::from_secs(6), |_| {}).await;
    let answer = site.get("/").await;
    assert_eq!(answer.status(), 504);
    assert_eq!(site.last().await, (504, None, Some("LambdaConnectionError".into()), None));
    let notes = site.notes.notes.lock().unwrap();
    assert!(notes.last().unwrap().message.contains("The image is not there."), "{notes:?}");
}

#[tokio::test]
async fn alb_272_what_is_missing_is_noted_or_refused() {
    for (is_strict, status) in [(false, 204), (true, 502)] {
        let runtimes = Runtimes(Arc::new(|_| answers(&json!({"statusCode": 204}))));
        let site =
            Site::with(Front::Balancer, Arc::new(runtimes), Duration::from_secs(6), |it| it.is_strict = is_strict)
                .await;
        let answer = site.get("/").await;
        assert_eq!((answer.status(), answer.field("content-length").is_none()), (status, status == 204));
        assert!(
            site.notes
                .notes
                .lock()
                .unwrap()
                .iter()
                .any(|note| note.statement == if is_strict { "ALB-271" } else { "ALB-272" })
        );
    }
}

#[tokio::test]
async fn alb_303_an_answer_with_too_much_in_its_head() {
    let site = Site::new(Front::Balancer, |_| {
        answers(&json!({"statusCode": 200, "isBase64Encoded": false, "headers": {"x": "y".repeat(33 * 1024)}}))
    })
    .await;
    assert_eq!(site.get("/").await.status(), 502);
}

#[tokio::test]
async fn alb_291_292_297_a_function_url() {
    let site = Site::new(Front::Url, |event| {
        answers(&json!({"statusCode": 200, "cookies": ["a=1", "b=2"], "headers": {"x-own": "1"}, "body": event.to_string()}))
    })
    .await;
    let answer =
        site.ask(post("Content-Type: application/json\r\nCookie: c=3\r\nX-Forwarded-For: 1.2.3.4\r\n", "{}")).await;
    let event: Value = serde_json::from_slice(&answer.body).unwrap();
    let context = &event["requestContext"];
    let host = format!("{}.lambda-url.us-east-1.on.aws", context["apiId"].as_str().unwrap());
    assert_eq!(event["version"], "2.0");
    assert_eq!((&event["rawPath"], &event["rawQueryString"]), (&json!("/a%2Fb"), &json!("x=1%202&x=3")));
    assert_eq!((&event["body"], &event["cookies"]), (&json!("{}"), &json!(["c=3"])));
    assert_eq!(event["headers"]["host"], *host, "never the viewer's");
    assert_eq!(event["headers"]["x-forwarded-proto"], "https");
    assert_eq!(context["http"]["method"], "POST");
    assert_eq!(answer.field("x-amzn-requestid").as_deref(), context["requestId"].as_str());
    assert_eq!(answer.field("x-amzn-trace-id").as_deref(), event["headers"]["x-amzn-trace-id"].as_str());
    assert_eq!(answer.field("set-cookie").as_deref(), Some("a=1 | b=2"));
    assert_eq!(answer.field("server"), None);
}

#[tokio::test]
async fn alb_298_299_json_and_errors_at_a_function_url() {
    let site = Site::new(Front::Url, |event| match event["rawPath"].as_str().unwrap() {
        "/text" => Does::Answers("\"Hello, world!\"".into()),
        _ => Does::Fails,
    })
    .await;
    let answer = site.get("/text").await;
    assert_eq!((answer.status(), answer.body.len()), (200, 15));
    assert_eq!(answer.field("content-type").as_deref(), Some("application/json"));
    site.last().await;
    let answer = site.get("/fail").await;
    assert_eq!((answer.status(), &*answer.text()), (502, "Internal Server Error"));
    assert_eq!(site.last().await, (502, None, Some("LambdaUnhandled".into()), None));
}

#[tokio::test]
async fn alb_296_307_a_body_over_six_megabytes() {
    let site = Site::new(Front::Url, |_| answers(&json!({"statusCode": 200}))).await;
    let headers = "Content-Type: text/plain\r\n";
    assert_eq!(site.ask(post(headers, &"x".repeat(5 * 1024 * 1024))).await.status(), 200);
    assert_eq!(site.ask(post(headers, &"x".repeat(6 * 1024 * 1024))).await.status(), 413);
}

#[tokio::test]
async fn alb_370_371_374_a_streamed_answer() {
    for is_cut in [false, true] {
        let (sender, pieces) = mpsc::unbounded_channel();
        let pieces = Mutex::new(Some(pieces));
        let site = Site::new(Front::Url, move |_| Does::Streams(pieces.lock().unwrap().take().unwrap())).await;
        let mut wire = site.connect().await;
        wire.send("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
        for piece in
            ["{\"statusCode\":202,\"headers\":{\"x\":[\"1\",\"2\"]},\"cookies\":[\"a=1\"]}\0\0\0", "\0\0\0\0\0one"]
        {
            sender.send(piece.to_owned()).unwrap();
        }
        let head = wire.head().await.unwrap();
        assert_eq!(head.line, "HTTP/1.1 202 Accepted");
        assert_eq!(head.field("x").as_deref(), Some("1 | 2"));
        assert_eq!(head.field("set-cookie").as_deref(), Some("a=1"));
        assert_eq!(
            wire.until("3\r\none\r\n").await.as_deref(),
            Some("3\r\none\r\n"),
            "before the function has made the rest"
        );
        sender.send("two".to_owned()).unwrap();
        assert_eq!(wire.until("3\r\ntwo\r\n").await.as_deref(), Some("3\r\ntwo\r\n"));
        if is_cut {
            sender.send("cut".to_owned()).unwrap();
            assert!(wire.is_closed().await, "without the last chunk");
            assert_eq!(site.last().await, (202, Some(202), Some("LambdaUnhandled".into()), None));
        } else {
            drop(sender);
            assert_eq!(wire.until("0\r\n\r\n").await.as_deref(), Some("0\r\n\r\n"));
            assert_eq!(site.last().await, (202, Some(202), None, None));
        }
    }
}

#[tokio::test]
async fn alb_208_a_client_that_leaves_before_the_answer() {
    let site = Site::new(Front::Balancer, |_| Does::Sleeps).await;
    let mut wire = site.connect().await;
    wire.send("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
    drop(wire);
    assert_eq!(site.last().await.0, 460);
}

#[tokio::test]
async fn alb_247_requests_wait_while_a_function_is_built() {
    let site = Site::new(Front::Balancer, shows).await;
    site.group.set_hold(true);
    let mut wire = site.connect().await;
    wire.send("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(site.notes.exchanges.lock().unwrap().is_empty());
    site.group.set_hold(false);
    assert_eq!(wire.message(false).await.unwrap().status(), 200);
    assert!(site.notes.notes.lock().unwrap().iter().any(|note| note.code == "held"));
}

#[tokio::test]
async fn alb_362_367_a_plain_server_as_a_function() {
    let server = Server::answering(|request| {
        if request.line.starts_with("HEAD") {
            b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n".to_vec()
        } else {
            ok(&request.line)
        }
    })
    .await;
    for (front, mode) in
        [(Front::Balancer, Mode::Buffered), (Front::Url, Mode::ResponseStream), (Front::Url, Mode::Buffered)]
    {
        let mut adapter = Adapter::from_variables(|_| None);
        (adapter.port, adapter.readiness.port, adapter.mode) = (server.address.port(), server.address.port(), mode);
        let site = Site::with(front, Arc::new(Remote(adapter)), Duration::from_secs(6), |_| {}).await;
        assert_eq!(site.get("/a%2Fb?x=1").await.text(), "GET /a%2Fb?x=1 HTTP/1.1");
        let answer = site.ask("HEAD / HTTP/1.1\r\nHost: h.example\r\n\r\n").await;
        assert_eq!((answer.status(), answer.field("content-length").as_deref()), (200, Some("42")));
    }
}

#[tokio::test]
async fn alb_279_the_adapter_in_its_streaming_mode_behind_the_balancer() {
    let server = Server::answering(|_| ok("hello")).await;
    let mut adapter = Adapter::from_variables(|_| None);
    (adapter.port, adapter.readiness.port, adapter.mode) =
        (server.address.port(), server.address.port(), Mode::ResponseStream);
    let site = Site::with(Front::Balancer, Arc::new(Remote(adapter)), Duration::from_secs(6), |_| {}).await;
    assert_eq!(site.get("/").await.status(), 502);
    assert_eq!(site.last().await, (502, None, Some("LambdaInvalidResponse".into()), None));
    let notes = site.notes.notes.lock().unwrap();
    assert!(notes.last().unwrap().message.contains("AWS_LWA_INVOKE_MODE"), "{notes:?}");
}

#[tokio::test]
async fn alb_446_nothing_is_lost_on_the_way_to_a_function() {
    let site = Arc::new(Site::new(Front::Balancer, shows).await);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..8 {
        let site = Arc::clone(&site);
        clients.spawn(async move {
            let mut wire = site.connect().await;
            for number in 0..50 {
                let path = format!("/{client}/{number}");
                let answer = wire.ask(format!("GET {path} HTTP/1.1\r\nHost: h.example\r\n\r\n")).await;
                let event: Value = serde_json::from_slice(&answer.body).unwrap();
                assert_eq!(event["path"], *path);
            }
        });
    }
    soon(clients.join_all()).await;
    let exchanges = site.notes.exchanges.lock().unwrap();
    assert_eq!(exchanges.len(), 400);
    assert!(exchanges.iter().all(|exchange| exchange.0 == 200));
}
