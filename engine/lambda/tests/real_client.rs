//! The runtime client for Rust that AWS publishes, unmodified, in processes of its own.

mod support;

use std::{sync::Arc, sync::atomic::Ordering, time::Duration};

use bytes::Bytes;
use serde_json::{Value, json};
use slipway_lambda::{
    direct, event,
    function::{Function, FunctionSettings, Invocation, InvokeError, Mode},
    reply::{Body, Reply},
    response,
    response::{Failure, Response},
};
use support::{Processes, Recorder, Wire, function_error, invoke, settings, soon};

const ARN: &str = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef";

struct Stage {
    function: Arc<Function>,
    processes: Arc<Processes>,
    log: Arc<Recorder>,
}

async fn stage(handler: &'static str, settings: FunctionSettings) -> Stage {
    let processes = Processes::new(handler);
    let log = Arc::new(Recorder::default());
    let function = Function::start(settings, processes.clone(), log.clone()).await.expect("a function");
    Stage { function: Arc::new(function), processes, log }
}

/// A request through a balancer.
async fn through_alb(function: &Function, request: event::Request<'_>) -> Result<Response, Failure> {
    let event = event::alb(event::Alb { target_group_arn: ARN, multi_value: false }, request)?;
    let invocation = Invocation { event, trace_id: None, mode: Mode::Buffered, client_context: None };
    match soon(function.invoke(invocation)).await.map_err(|error| response::of_alb(&error))? {
        Reply::Buffered(payload) => {
            response::alb(response::Alb { multi_value: false, strict: true, method: request.method }, &payload)
        }
        Reply::Streaming { .. } => panic!("a balancer does not stream"),
    }
}

/// A request through a function URL, streamed.
async fn through_url(function: &Function, target: &str) -> Result<response::Streamed, Failure> {
    let url = event::FunctionUrl {
        id: "abcdefghij",
        region: "us-east-1",
        request_id: "r",
        protocol: "HTTP/1.1",
        time: std::time::SystemTime::now(),
    };
    let event = event::function_url(url, get(target))?;
    let invocation = Invocation { event, trace_id: None, mode: Mode::Streaming, client_context: None };
    match soon(function.invoke(invocation)).await.map_err(|error| response::of_url(&error))? {
        Reply::Streaming { content_type, body } => soon(response::streamed(content_type.as_deref(), body)).await,
        Reply::Buffered(payload) => panic!("{payload:?}"),
    }
}

fn get(target: &str) -> event::Request<'_> {
    event::Request { method: "GET", target, headers: &[], body: b"", source: [203, 0, 113, 7].into() }
}

async fn rest(mut body: Body) -> Result<Bytes, String> {
    let mut whole = Vec::new();
    while let Some(chunk) = soon(body.next()).await {
        whole.extend_from_slice(&chunk.map_err(|cut| cut.reason)?);
    }
    Ok(whole.into())
}

#[tokio::test]
async fn alb_330_331_332_342_events_and_answers_of_a_real_runtime() {
    let stage = stage("plain", settings("shop-dev-api", 1)).await;
    let mut pid = Value::Null;
    for number in 1..=50 {
        let answer = invoke(&stage.function, &json!({"n": number})).await.expect("an answer");
        assert_eq!(answer["echo"], json!({"n": number}));
        assert_eq!(answer["arn"], "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-api");
        assert_eq!(answer["memory"], 1024);
        assert!(answer["trace"].as_str().expect("a trace").starts_with("Root=1-"), "{answer}");
        assert!(number == 1 || answer["pid"] == pid, "one process for all");
        pid = answer["pid"].clone();
        let id = answer["requestId"].as_str().expect("an id");
        let report = stage.log.line(&format!("REPORT RequestId: {id}\t")).await;
        assert_eq!(report.contains("Init Duration"), number == 1, "{report}");
        assert!(report.ends_with("\tMemory Size: 1024 MB\tMax Memory Used: 13 MB\t"), "{report}");
    }
    assert_eq!(stage.processes.started.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn alb_334_341_a_real_runtime_fails() {
    let stage = stage("plain", settings("f", 1)).await;
    let (error_type, body) =
        function_error(invoke(&stage.function, &json!({"do": "fail"})).await.expect_err("an error"));
    assert_eq!(error_type, "unhandled");
    assert_eq!(body["errorMessage"], "it went wrong");
    let (_, body) = function_error(invoke(&stage.function, &json!({"do": "panic"})).await.expect_err("an error"));
    assert_eq!(body["errorMessage"], "Lambda panicked: it panicked");
    let error = invoke(&stage.function, &json!({"do": "large"})).await.expect_err("an error");
    assert_eq!(error, InvokeError::ResponseTooLarge);
    let (error_type, body) =
        function_error(invoke(&stage.function, &json!({"do": "exit"})).await.expect_err("an error"));
    assert_eq!(error_type, "Runtime.ExitError");
    let message = body["errorMessage"].as_str().expect("a message");
    assert!(message.ends_with("Error: Runtime exited with error: exit status 7"), "{message}");
    let answer = invoke(&stage.function, &json!({"n": 1})).await.expect("the next event finds a new process");
    assert_eq!(answer["echo"], json!({"n": 1}));
}

#[tokio::test]
async fn alb_340_a_real_runtime_runs_out_of_time() {
    let settings = FunctionSettings { timeout: Duration::from_secs(2), ..settings("f", 1) };
    let stage = stage("plain", settings).await;
    let first = invoke(&stage.function, &json!({"n": 1})).await.expect("an answer");
    let error = invoke(&stage.function, &json!({"do": "sleep"})).await.expect_err("an error");
    assert!(
        matches!(&error, InvokeError::TimedOut { message } if message.ends_with("Task timed out after 2.00 seconds")),
        "{error}"
    );
    let again = invoke(&stage.function, &json!({"n": 2})).await.expect("an answer");
    assert_ne!(first["pid"], again["pid"]);
}

#[tokio::test]
async fn alb_341_a_process_that_cannot_start() {
    let stage = stage("exit-at-start", settings("f", 1)).await;
    let (error_type, body) = function_error(invoke(&stage.function, &json!({})).await.expect_err("an error"));
    assert_eq!(error_type, "Runtime.ExitError");
    assert!(body["errorMessage"].as_str().expect("text").ends_with("exit status 3"), "{body}");
    assert_eq!(stage.processes.started.load(Ordering::SeqCst), 2, "once more with the event");
}

#[tokio::test]
async fn alb_338_real_processes_side_by_side() {
    let stage = stage("plain", settings("f", 3)).await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..30 {
        let function = stage.function.clone();
        calls.spawn(
            async move { invoke(&function, &json!({"n": number})).await.expect("an answer")["echo"]["n"].clone() },
        );
    }
    let mut answers: Vec<_> = calls.join_all().await.iter().filter_map(Value::as_u64).collect();
    answers.sort_unstable();
    assert_eq!(answers, (0..30).collect::<Vec<_>>());
    assert!((1..=3).contains(&stage.processes.started.load(Ordering::SeqCst)));
}

#[tokio::test]
async fn alb_260_270_through_a_balancer_to_lambda_http() {
    let stage = stage("http", settings("f", 1)).await;
    let headers: &[(&[u8], &[u8])] = &[(b"Host", b"api.example.com"), (b"Content-Type", b"text/plain")];
    let request = event::Request {
        method: "POST",
        target: "/a%2Fb?x=1",
        headers,
        body: b"hello",
        source: [203, 0, 113, 7].into(),
    };
    let got = through_alb(&stage.function, request).await.expect("a response");
    assert_eq!((got.head.status, got.head.reason.as_deref()), (201, Some("Created")));
    let shown: Value = serde_json::from_slice(&got.body).expect("JSON");
    assert_eq!(
        shown,
        json!({"method": "POST", "path": "/a%2Fb", "query": "x=1", "host": "api.example.com", "body": "hello"})
    );
    assert_eq!(got.content_length, got.body.len() as u64);
    let cookies: Vec<_> = got.head.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert_eq!(cookies.len(), 1, "the second is lost without multi-value headers");
}

#[tokio::test]
async fn alb_370_371_lambda_http_streams() {
    let stage = stage("http-stream", settings("f", 1)).await;
    let got = through_url(&stage.function, "/").await.expect("a response");
    assert_eq!(got.head.status, 202);
    let header = |name: &str| got.head.headers.iter().filter(|it| it.0 == name).map(|it| &*it.1).collect::<Vec<_>>();
    assert_eq!(header("content-type"), ["text/event-stream"]);
    assert_eq!(header("x-many"), ["1", "2"], "an array in the prelude");
    assert_eq!(header("set-cookie"), ["a=1"]);
    assert_eq!(rest(got.body).await.expect("all of it"), "data: 1\n\n");
}

#[tokio::test]
async fn alb_371_a_part_arrives_before_the_rest_is_made() {
    let settings = FunctionSettings { timeout: Duration::from_secs(3), ..settings("f", 1) };
    let stage = stage("http-stream", settings).await;
    let mut got = through_url(&stage.function, "/wait").await.expect("a response");
    let first = soon(got.body.next()).await.expect("a part").expect("bytes");
    assert_eq!(first, "data: 1\n\n");
    rest(got.body).await.expect_err("the time-out cuts it");
    let again = through_url(&stage.function, "/").await.expect("a response");
    assert_eq!(rest(again.body).await.expect("all of it"), "data: 1\n\n", "the next one gets a new process");
}

#[tokio::test]
async fn alb_372_an_empty_payload_ends() {
    let stage = stage("http-stream", settings("f", 1)).await;
    let got = through_url(&stage.function, "/empty").await.expect("a response");
    assert_eq!((got.head.status, rest(got.body).await.expect("all of it")), (202, Bytes::new()));
}

#[tokio::test]
async fn alb_373_more_than_a_buffered_answer_may_hold() {
    let stage = stage("http-stream", settings("f", 1)).await;
    let got = through_url(&stage.function, "/large").await.expect("a response");
    assert_eq!(rest(got.body).await.expect("all of it").len(), 63 * 1024 * 1024 + 9);
}

#[tokio::test]
async fn alb_374_an_error_half_way_that_the_runtime_writes_as_text() {
    let stage = stage("http-stream", settings("f", 1)).await;
    let mut got = through_url(&stage.function, "/fail").await.expect("a response");
    assert_eq!(soon(got.body.next()).await.expect("a part").expect("bytes"), "data: 1\n\n");
    let cut = rest(got.body).await.expect_err("it is cut");
    assert!(cut.starts_with("The function failed: Lambda-Runtime-Function-Error-Type: Runtime.StreamError"), "{cut}");
}

#[tokio::test]
async fn alb_279_375_a_streamed_answer_behind_a_balancer() {
    let stage = stage("http-stream", settings("f", 1)).await;
    let failure = through_alb(&stage.function, get("/")).await.expect_err("a failure");
    assert_eq!((failure.status, failure.reason.as_str(), failure.statement), (502, "LambdaInvalidResponse", "ALB-279"));
    assert!(failure.detail.contains("AWS_LWA_INVOKE_MODE"), "{}", failure.detail);
}

#[tokio::test]
async fn alb_343_345_direct_invocation() {
    let stage = stage("plain", settings("shop-dev-api", 1)).await;
    let loopback = ([127, 0, 0, 1], 0).into();
    let server = direct::Server::start(loopback, vec![stage.function.clone()]).await.expect("a server");
    let wire = Wire::new(server.address());
    let post = http::Method::POST;
    for name in ["function", "shop-dev-api"] {
        let path = format!("/2015-03-31/functions/{name}/invocations");
        let got =
            wire.send(post.clone(), &path, &[("X-Amz-Client-Context", "eyJjdXN0b20iOnt9fQ==")], "{\"n\":1}").await;
        assert_eq!((got.status, got.header("x-amz-function-error")), (200, ""), "{got:?}");
        assert_eq!(got.json()["echo"], json!({"n": 1}));
    }
    let path = "/2015-03-31/functions/function/invocations";
    let got = wire.send(post.clone(), path, &[], "{\"do\":\"fail\"}").await;
    assert_eq!((got.status, got.header("x-amz-function-error")), (200, "Unhandled"));
    assert_eq!(got.json()["errorMessage"], "it went wrong");
    let got = wire.send(post.clone(), path, &[("X-Amz-Client-Context", "%")], "{}").await;
    assert_eq!(got.status, 400);
    let got = wire.send(post.clone(), path, &[], vec![b' '; 6 * 1024 * 1024 + 101]).await;
    assert_eq!(got.error(), (413, "RequestEntityTooLarge".into()));
    for path in ["/", "/2015-03-31/functions/other/invocations", "/2015-03-31/functions"] {
        assert_eq!(wire.send(post.clone(), path, &[], "{}").await.status, 404, "{path}");
    }
}
