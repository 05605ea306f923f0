//! The built-in adapter before applications that merely listen.

mod support;

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body::Frame;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use slipway_lambda::{
    adapter::{Mode as Sends, Remote, Settings},
    event,
    function::{Function, Invocation, InvokeError, Mode},
    reply::Reply,
    response,
};
use support::{Recorder, function_error, settings, soon};
use tokio::{net::TcpListener, sync::mpsc};

const ARN: &str = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef";

/// What the application was asked, probes for readiness aside.
#[derive(Clone, Debug, Default)]
struct Asked {
    method: String,
    target: String,
    headers: BTreeMap<String, Vec<String>>,
    body: Bytes,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        match self.headers.get(name).map(Vec::as_slice) {
            Some([value]) => Some(value),
            None => None,
            Some(values) => panic!("{name} once, not {values:?}"),
        }
    }
}

/// An application that answers by path and remembers what it was asked.
struct App {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    probes: Arc<AtomicUsize>,
    /// Goes on with `/slow`.
    go: mpsc::Sender<()>,
}

/// A body that comes in parts.
struct Parts(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}

impl App {
    /// `unready` answers with 503 before the first that is different.
    async fn start(unready: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let probes = Arc::new(AtomicUsize::new(0));
        let (go, going) = mpsc::channel(1);
        let going = Arc::new(tokio::sync::Mutex::new(going));
        let (log, count) = (asked.clone(), probes.clone());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (log, count, going) = (log.clone(), count.clone(), going.clone());
                let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                    let (log, count, going) = (log.clone(), count.clone(), going.clone());
                    async move {
                        if !request.headers().contains_key("x-amzn-lambda-context") {
                            let status = if count.fetch_add(1, Ordering::SeqCst) < unready { 503 } else { 404 };
                            return Ok::<_, Infallible>(whole(Response::builder().status(status), "").await);
                        }
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.expect("a body").to_bytes();
                        let mut headers = BTreeMap::<String, Vec<String>>::new();
                        for (name, value) in &head.headers {
                            let value = String::from_utf8(value.as_bytes().to_vec()).expect("text");
                            headers.entry(name.as_str().into()).or_default().push(value);
                        }
                        log.lock().expect("a log").push(Asked {
                            method: head.method.to_string(),
                            target: head.uri.to_string(),
                            headers,
                            body,
                        });
                        Ok(answer(head.uri.path(), &going).await)
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(connection), service),
                );
            }
        });
        Self { address, asked, probes, go }
    }

    fn settings(&self) -> Settings {
        let port = self.address.port().to_string();
        Settings::from_variables(|name| (name == "AWS_LWA_PORT").then_some(&*port))
    }

    async fn function(&self, adapter: Settings) -> Function {
        let log = Arc::new(Recorder::default());
        Function::start(settings("shop-dev-api", 1), Arc::new(Remote(adapter)), log).await.expect("a function")
    }

    fn last(&self) -> Asked {
        self.asked.lock().expect("a log").last().cloned().expect("a request")
    }
}

async fn whole(head: http::response::Builder, body: &str) -> Response<Parts> {
    let (sender, parts) = mpsc::channel(1);
    if !body.is_empty() {
        sender.send(Ok(Bytes::copy_from_slice(body.as_bytes()))).await.expect("room");
    }
    head.body(Parts(parts)).expect("a response")
}

async fn answer(path: &str, going: &Arc<tokio::sync::Mutex<mpsc::Receiver<()>>>) -> Response<Parts> {
    let head = Response::builder();
    match path {
        "/cookies" => {
            let head = head.status(201).header("set-cookie", "a=1").header("set-cookie", "b=2");
            whole(head.header("x-many", "1").header("x-many", "2").header(header::CONTENT_TYPE, "text/plain"), "hi")
                .await
        }
        "/binary" => whole(head.header(header::CONTENT_TYPE, "application/octet-stream"), "\0\u{1}").await,
        "/length" => {
            whole(head.header(header::CONTENT_LENGTH, 42).header(header::CONTENT_TYPE, "text/plain"), "").await
        }
        "/bad" => whole(head.status(503), "down").await,
        "/events" => whole(head, "{\"seen\":true}").await,
        "/slow" | "/cut" => {
            let (sender, parts) = mpsc::channel(1);
            let (going, cut) = (going.clone(), path == "/cut");
            tokio::spawn(async move {
                sender.send(Ok(Bytes::from_static(b"one"))).await.expect("read");
                going.lock().await.recv().await;
                let next = if cut { Err(std::io::Error::other("cut")) } else { Ok(Bytes::from_static(b"two")) };
                let _ = sender.send(next).await;
            });
            head.header(header::CONTENT_TYPE, "text/event-stream").body(Parts(parts)).expect("a response")
        }
        _ => whole(head.header(header::CONTENT_TYPE, "text/plain"), "ok").await,
    }
}

fn request<'a>(
    method: &'a str,
    target: &'a str,
    headers: &'a [(&'a [u8], &'a [u8])],
    body: &'a [u8],
) -> event::Request<'a> {
    event::Request { method, target, headers, body, source: [203, 0, 113, 7].into() }
}

fn of_alb(request: event::Request<'_>) -> Bytes {
    event::alb(event::Alb { target_group_arn: ARN, multi_value: false }, request).expect("an event")
}

fn of_url(request: event::Request<'_>) -> Bytes {
    let time = std::time::SystemTime::now();
    let url = event::FunctionUrl { id: "abcdefghij", region: "us-east-1", request_id: "r", protocol: "HTTP/1.1", time };
    event::function_url(url, request).expect("an event")
}

async fn invoke(function: &Function, event: Bytes, mode: Mode) -> Result<Reply, InvokeError> {
    let trace_id = Some("Root=1-67891233-abcdef012345678912345678".to_owned());
    soon(function.invoke(Invocation { event, trace_id, mode, client_context: None })).await
}

async fn buffered(function: &Function, event: Bytes) -> Value {
    match invoke(function, event, Mode::Buffered).await.expect("a reply") {
        Reply::Buffered(payload) => serde_json::from_slice(&payload).expect("JSON"),
        Reply::Streaming { .. } => panic!("not streamed"),
    }
}

#[tokio::test]
async fn alb_361_364_what_the_application_receives_of_a_balancers_event() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    let headers: &[(&[u8], &[u8])] = &[
        (b"Host", b"api.example.com"),
        (b"X-Own", b"a"),
        (b"X-Amzn-Trace-Id", b"Root=1-2-3"),
        (b"Cookie", b"a=1; b=2"),
    ];
    buffered(&function, of_alb(request("GET", "/a%2Fb/caf%C3%A9?x=1%202&flag", headers, b""))).await;
    let asked = app.last();
    assert_eq!((&*asked.method, &*asked.target), ("GET", "/a%2Fb/caf%C3%A9?flag=&x=1+2"));
    assert_eq!(asked.header("host"), Some("api.example.com"));
    assert_eq!(asked.header("x-own"), Some("a"));
    assert_eq!(asked.header("cookie"), Some("a=1; b=2"));
    assert_eq!(asked.header("x-forwarded-for"), Some("203.0.113.7"));
    assert_eq!(asked.header("content-length"), Some("0"), "even on GET");
    let trace = asked.header("x-amzn-trace-id").expect("a trace");
    assert!(trace.starts_with("Root=1-67891233-abcdef012345678912345678;Parent="), "that of the invocation: {trace}");
    let json = |name: &str| -> Value { serde_json::from_str(asked.header(name).expect("a header")).expect("JSON") };
    assert_eq!(json("x-amzn-request-context"), json!({"elb": {"targetGroupArn": ARN}}));
    let mut context = json("x-amzn-lambda-context");
    for (pointer, check) in [
        ("/request_id", Value::is_string as fn(&Value) -> bool),
        ("/deadline", Value::is_u64),
        ("/env_config/log_stream", Value::is_string),
    ] {
        let value = context.pointer_mut(pointer).expect(pointer).take();
        assert!(check(&value), "{pointer}: {value}");
    }
    assert_eq!(
        context,
        json!({
            "request_id": null,
            "deadline": null,
            "invoked_function_arn": "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-api",
            "xray_trace_id": trace,
            "client_context": null,
            "identity": null,
            "env_config": {
                "function_name": "shop-dev-api",
                "memory": 1024,
                "version": "$LATEST",
                "log_stream": null,
                "log_group": "/aws/lambda/shop-dev-api",
            },
        })
    );
}

#[tokio::test]
async fn alb_364_what_the_application_receives_of_a_function_urls_event() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    let headers: &[(&[u8], &[u8])] = &[(b"cookie", b"a=1; b=2"), (b"content-type", b"image/png")];
    buffered(&function, of_url(request("POST", "/a%2Fb?x=1%202&y", headers, b"\x00\xff"))).await;
    let asked = app.last();
    assert_eq!((&*asked.method, &*asked.target), ("POST", "/a%2Fb?x=1%202&y"), "the query as sent");
    assert_eq!(asked.header("cookie"), Some("a=1;b=2"), "joined without a space");
    assert_eq!(asked.header("host"), Some("abcdefghij.lambda-url.us-east-1.on.aws"));
    assert_eq!((asked.header("content-length"), &*asked.body), (Some("2"), &b"\x00\xff"[..]));
    let context: Value = serde_json::from_str(asked.header("x-amzn-request-context").expect("a header")).expect("JSON");
    assert_eq!(context["http"]["sourceIp"], "203.0.113.7");
    assert_eq!((&context["apiId"], &context["stage"]), (&json!("abcdefghij"), &json!("$default")));
}

#[tokio::test]
async fn alb_362_readiness_is_awaited_and_the_log_names_the_adapter() {
    let app = App::start(3).await;
    let log = Arc::new(Recorder::default());
    let function =
        Function::start(settings("f", 1), Arc::new(Remote(app.settings())), log.clone()).await.expect("a function");
    buffered(&function, of_alb(request("GET", "/", &[], b""))).await;
    assert_eq!(app.probes.load(Ordering::SeqCst), 4, "three were answered with 503, 404 is ready");
    let expected = format!("0 Adapter(\"{}\")", app.address);
    assert!(log.changes().contains(&expected), "{:?}", log.changes());
}

#[tokio::test]
async fn alb_365_in_streaming_mode_every_event_is_answered_with_a_prelude() {
    let app = App::start(0).await;
    let function = app.function(Settings { mode: Sends::ResponseStream, ..app.settings() }).await;
    let reply = invoke(&function, of_alb(request("GET", "/cookies", &[], b"")), Mode::Buffered).await.expect("a reply");
    let Reply::Buffered(payload) = reply else { panic!("collected") };
    let end = payload.windows(8).position(|window| window == [0; 8]).expect("eight NUL bytes");
    let mut prelude: Value = serde_json::from_slice(&payload[..end]).expect("JSON");
    prelude["headers"].as_object_mut().expect("headers").remove("date");
    assert_eq!(
        prelude,
        json!({"statusCode": 201, "headers": {"content-type": "text/plain", "x-many": ["1", "2"]}, "cookies": ["a=1", "b=2"]})
    );
    assert_eq!(payload[end + 8..], *b"hi");
    let alb = response::Alb { multi_value: false, strict: false, method: "GET" };
    assert_eq!(response::alb(alb, &payload).expect_err("a failure").statement, "ALB-279");
}

#[tokio::test]
async fn alb_366_in_buffered_mode_for_a_balancer() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    let mut answer = buffered(&function, of_alb(request("GET", "/cookies", &[], b""))).await;
    for fields in ["headers", "multiValueHeaders"] {
        answer[fields].as_object_mut().expect("headers").remove("date");
    }
    assert_eq!(
        answer,
        json!({
            "statusCode": 201,
            "statusDescription": "201 Created",
            "headers": {"content-type": "text/plain", "set-cookie": "a=1", "x-many": "1"},
            "multiValueHeaders": {"content-type": ["text/plain"], "set-cookie": ["a=1", "b=2"], "x-many": ["1", "2"]},
            "body": "hi",
            "isBase64Encoded": false,
        })
    );
    let answer = buffered(&function, of_alb(request("GET", "/binary", &[], b""))).await;
    assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("AAE="), &json!(true)));
}

#[tokio::test]
async fn alb_366_in_buffered_mode_for_a_function_url() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    let mut answer = buffered(&function, of_url(request("GET", "/cookies", &[], b""))).await;
    answer["headers"].as_object_mut().expect("headers").remove("date");
    assert_eq!(
        answer,
        json!({
            "statusCode": 201,
            "headers": {"content-type": "text/plain", "x-many": "1"},
            "multiValueHeaders": {},
            "cookies": ["a=1", "b=2"],
            "body": "hi",
            "isBase64Encoded": false,
        })
    );
}

#[tokio::test]
async fn alb_367_the_length_of_a_head_response_is_kept() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    let answer = buffered(&function, of_alb(request("HEAD", "/length", &[], b""))).await;
    assert_eq!((&answer["headers"]["content-length"], &answer["body"]), (&json!("42"), &json!("")));
    let alb = response::Alb { multi_value: false, strict: true, method: "HEAD" };
    let got = response::alb(alb, &answer.to_string().into()).expect("a response");
    assert_eq!((got.content_length, got.body.len()), (42, 0));
}

#[tokio::test]
async fn alb_371_a_part_arrives_before_the_application_has_made_the_rest() {
    let app = App::start(0).await;
    let function = app.function(Settings { mode: Sends::ResponseStream, ..app.settings() }).await;
    for (path, rest) in [("/slow", Some("two")), ("/cut", None)] {
        let reply = invoke(&function, of_url(request("GET", path, &[], b"")), Mode::Streaming).await.expect("a reply");
        let Reply::Streaming { content_type, body } = reply else { panic!("streamed") };
        let mut got = soon(response::streamed(content_type.as_deref(), body)).await.expect("a response");
        assert_eq!(soon(got.body.next()).await.expect("a part").expect("bytes"), "one");
        app.go.send(()).await.expect("it waits");
        match (soon(got.body.next()).await.expect("more"), rest) {
            (Ok(bytes), Some(rest)) => {
                assert_eq!(bytes, rest);
                assert!(soon(got.body.next()).await.is_none(), "{path}");
            }
            (Err(cut), None) => assert!(cut.reason.starts_with("The application ended its response early: "), "{cut}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn alb_360_settings_that_change_requests_and_answers() {
    let app = App::start(0).await;
    let adapter = Settings {
        base_path: Some("/v1".into()),
        authorization_source: Some("x-token".into()),
        error_statuses: vec![503],
        ..app.settings()
    };
    let function = app.function(adapter).await;
    for (target, seen) in [("/v1/users?a=1", "/users?a=1"), ("/v1", "/"), ("/other", "/other")] {
        buffered(&function, of_alb(request("GET", target, &[(b"x-token", b"secret")], b""))).await;
        let asked = app.last();
        assert_eq!(
            (&*asked.target, asked.header("authorization"), asked.header("x-token")),
            (seen, Some("secret"), None)
        );
    }
    let error =
        invoke(&function, of_alb(request("GET", "/bad", &[], b"")), Mode::Buffered).await.expect_err("an error");
    let (error_type, body) = function_error(error);
    assert_eq!(
        (&*error_type, &body["errorMessage"]),
        ("Adapter.ErrorStatus", &json!("{\"statusCode\":503,\"body\":\"down\"}"))
    );
}

#[tokio::test]
async fn alb_360_events_that_are_not_http_are_posted() {
    let app = App::start(0).await;
    let function = app.function(app.settings()).await;
    for event in ["{\"Records\":[{\"path\":1}]}", "[1,2]", "\"text\""] {
        let answer = buffered(&function, Bytes::copy_from_slice(event.as_bytes())).await;
        assert_eq!(answer, json!({"seen": true}));
        let asked = app.last();
        assert_eq!((&*asked.method, &*asked.target, &*asked.body), ("POST", "/events", event.as_bytes()));
        assert_eq!(asked.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn alb_362_an_application_that_is_gone_is_an_error_of_the_function() {
    let app = App::start(0).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let mut adapter = app.settings();
    adapter.port = listener.local_addr().expect("an address").port();
    drop(listener);
    let function = app.function(adapter.clone()).await;
    let error = invoke(&function, of_alb(request("GET", "/", &[], b"")), Mode::Buffered).await.expect_err("an error");
    let (error_type, body) = function_error(error);
    assert_eq!(error_type, "Adapter.RequestError");
    let message = body["errorMessage"].as_str().expect("text");
    assert!(message.starts_with(&format!("The application at {} gave no response: ", adapter.address())), "{message}");
    soon(function.stop(Duration::from_secs(1))).await;
}
