//! The Extensions API, on the wire.

mod support;

use std::{sync::Arc, time::Duration};

use http::Method;
use serde_json::{Value, json};
use slipway_lambda::function::{Function, FunctionSettings, InvokeError};
use support::{Got, Part, Played, Recorder, Wire, function_error, invoke, settings, soon, spawn_next};
use tokio::{sync::mpsc::UnboundedReceiver, task::JoinHandle};

struct Stage {
    function: Arc<Function>,
    parts: UnboundedReceiver<Part>,
    log: Arc<Recorder>,
}

impl Stage {
    async fn new(extensions: &[&str]) -> Self {
        Self::with(FunctionSettings {
            extensions: extensions.iter().map(|name| (*name).to_owned()).collect(),
            ..settings("f", 1)
        })
        .await
    }

    async fn with(settings: FunctionSettings) -> Self {
        let (environments, parts) = Played::new();
        let log = Arc::new(Recorder::default());
        let function = Function::start(settings, environments, log.clone()).await.expect("a function");
        Self { function: Arc::new(function), parts, log }
    }

    fn invoke(&self, json: &Value) -> JoinHandle<Result<Value, InvokeError>> {
        let (function, json) = (self.function.clone(), json.clone());
        tokio::spawn(async move { invoke(&function, &json).await })
    }

    async fn part(&mut self) -> Part {
        soon(self.parts.recv()).await.expect("an environment is started")
    }

    async fn reports(&self, count: usize) {
        soon(async {
            while self.log.lines().iter().filter(|line| line.starts_with("REPORT")).count() < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }
}

fn spawn_extension_next(wire: &Wire, id: &str) -> JoinHandle<Got> {
    let (wire, id) = (wire.clone(), id.to_owned());
    tokio::spawn(async move { wire.extension_next(&id).await })
}

#[tokio::test]
async fn alb_351_an_extension_registers() {
    let mut stage = Stage::new(&["monitor"]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    let name = ("Lambda-Extension-Name", "monitor");
    let feature = ("Lambda-Extension-Accept-Feature", "other, accountId");
    let got =
        wire.extension(Method::POST, "register", &[name, feature], "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}").await;
    assert_eq!(got.status, 200);
    assert!(uuid::Uuid::parse_str(got.header("lambda-extension-identifier")).is_ok(), "{got:?}");
    let mut expected = json!({
        "functionName": "f", "functionVersion": "$LATEST", "handler": "app.handler", "accountId": "123456789012",
    });
    assert_eq!(got.json(), expected);

    let internal = ("Lambda-Extension-Name", "inside");
    let got = wire.extension(Method::POST, "register", &[internal], "{ \"events\": [] }").await;
    expected.as_object_mut().expect("an object").remove("accountId");
    assert_eq!((got.status, got.json()), (200, expected), "without events, and without asking for the account");
}

#[tokio::test]
async fn alb_352_registrations_that_are_refused() {
    let mut stage = Stage::new(&["monitor"]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    for (name, body, error) in [
        ("", "{\"events\":[]}", "Extension.InvalidExtensionName"),
        ("monitor", "{", "InvalidRequestFormat"),
        ("monitor", "{\"events\":\"INVOKE\"}", "InvalidRequestFormat"),
        ("monitor", "[[\"INVOKE\"]]", "InvalidRequestFormat"),
        ("monitor", "{\"events\":[],\"configurationKeys\":[\"A\"]}", "InvalidRequestFormat"),
        ("monitor", "{\"events\":[\"OTHER\"]}", "Extension.InvalidEventType"),
        ("inside", "{\"events\":[\"SHUTDOWN\"]}", "Extension.InvalidEventType"),
    ] {
        let got = wire.extension(Method::POST, "register", &[("Lambda-Extension-Name", name)], body).await;
        assert_eq!(got.error(), (403, error.into()), "{name} {body}");
    }
    wire.register("monitor", "[]").await;
    for number in 0..9 {
        wire.register(&format!("inside-{number}"), "[\"INVOKE\"]").await;
    }
    for (name, error) in [
        ("one-more", "Extension.TooManyExtensions"),
        ("monitor", "Extension.InvalidExtensionState"),
        ("inside-0", "Extension.InvalidExtensionState"),
    ] {
        let got = wire.extension(Method::POST, "register", &[("Lambda-Extension-Name", name)], "{\"events\":[]}").await;
        assert_eq!(got.error(), (403, error.into()), "{name}");
    }
}

#[tokio::test]
async fn alb_352_identifiers_that_are_refused() {
    let mut stage = Stage::new(&[]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    let id = wire.register("inside", "[]").await;
    for path in ["event/next", "init/error", "exit/error"] {
        let method = if path == "event/next" { Method::GET } else { Method::POST };
        let why = ("Lambda-Extension-Function-Error-Type", "Extension.Bad");
        for (headers, error) in [
            (vec![why], "Extension.MissingExtensionIdentifier"),
            (vec![why, ("Lambda-Extension-Identifier", "no-uuid")], "Extension.InvalidExtensionIdentifier"),
            (
                vec![why, ("Lambda-Extension-Identifier", "11111111-2222-4333-8444-555555555555")],
                "Extension.UnknownExtensionIdentifier",
            ),
        ] {
            let got = wire.extension(method.clone(), path, &headers, "").await;
            assert_eq!(got.error(), (403, error.into()), "{path}");
        }
        if path != "event/next" {
            let got = wire.extension(method, path, &[("Lambda-Extension-Identifier", &id)], "").await;
            assert_eq!(got.error(), (403, "Extension.MissingHeader".into()), "{path}");
        }
    }
}

#[tokio::test]
async fn alb_352_registration_closes_with_initialisation() {
    let mut stage = Stage::new(&[]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    wire.next().await;
    let got = wire.extension(Method::POST, "register", &[("Lambda-Extension-Name", "late")], "{\"events\":[]}").await;
    assert_eq!(got.error(), (403, "Extension.RegistrationClosed".into()));
}

#[tokio::test]
async fn alb_339_350_initialisation_waits_for_external_extensions() {
    let mut stage = Stage::new(&["monitor"]).await;
    let reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    let runtime = spawn_next(&wire);
    let id = wire.register("monitor", "[\"INVOKE\"]").await;
    // The registration answered, so the runtime's request was there for a while; it has to wait for the extension's own.
    assert!(!runtime.is_finished());
    let extension = spawn_extension_next(&wire, &id);
    let got = soon(runtime).await.expect("no panic");
    wire.respond(got.header("lambda-runtime-aws-request-id"), "1").await;
    assert_eq!(soon(reply).await.expect("no panic"), Ok(json!(1)));
    soon(extension).await.expect("no panic");
}

#[tokio::test]
async fn alb_353_the_event_of_an_invocation() {
    let mut stage = Stage::new(&["monitor"]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    let id = wire.register("monitor", "[\"INVOKE\"]").await;
    let runtime = spawn_next(&wire);
    let got = wire.extension_next(&id).await;
    let event = soon(runtime).await.expect("no panic");
    assert!(uuid::Uuid::parse_str(got.header("lambda-extension-event-identifier")).is_ok());
    let deadline: u64 = event.header("lambda-runtime-deadline-ms").parse().expect("a number");
    assert_eq!(
        got.json(),
        json!({
            "eventType": "INVOKE",
            "deadlineMs": deadline,
            "requestId": event.header("lambda-runtime-aws-request-id"),
            "invokedFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "tracing": {"type": "X-Amzn-Trace-Id", "value": event.header("lambda-runtime-trace-id")},
        })
    );
}

#[tokio::test]
async fn alb_354_an_invocation_ends_with_its_extensions_but_the_answer_does_not_wait() {
    let mut stage = Stage::new(&["monitor", "silent"]).await;
    let reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    let id = wire.register("monitor", "[\"INVOKE\"]").await;
    let silent = wire.register("silent", "[]").await;
    let silent = spawn_extension_next(&wire, &silent);
    let runtime = spawn_next(&wire);
    wire.extension_next(&id).await;
    let request = soon(runtime).await.expect("no panic").header("lambda-runtime-aws-request-id").to_owned();
    wire.respond(&request, "1").await;
    assert_eq!(soon(reply).await.expect("no panic"), Ok(json!(1)), "before the extension is done");
    let runtime = spawn_next(&wire);
    let second = stage.invoke(&json!(2));
    assert!(!stage.log.lines().iter().any(|line| line.starts_with("END")), "the invocation has not ended");
    let extension = spawn_extension_next(&wire, &id);
    let got = soon(runtime).await.expect("no panic");
    assert_eq!(got.json(), json!(2), "now there is room for the next");
    assert!(!silent.is_finished(), "who does not want invocations is not told of them");
    soon(extension).await.expect("no panic");
    wire.respond(got.header("lambda-runtime-aws-request-id"), "2").await;
    assert_eq!(soon(second).await.expect("no panic"), Ok(json!(2)));
}

#[tokio::test]
async fn alb_355_an_extension_that_fails_fails_the_environment() {
    for (path, at_once) in [("init/error", true), ("exit/error", false)] {
        let mut stage = Stage::new(&["monitor"]).await;
        let reply = stage.invoke(&json!({}));
        for _ in 0..if at_once { 2 } else { 1 } {
            let part = stage.part().await;
            let wire = part.wire();
            let id = wire.register("monitor", "[\"INVOKE\"]").await;
            if !at_once {
                spawn_next(&wire);
                wire.extension_next(&id).await;
                let init =
                    [("Lambda-Extension-Identifier", &*id), ("Lambda-Extension-Function-Error-Type", "Extension.Bad")];
                let got = wire.extension(Method::POST, "init/error", &init, "{}").await;
                assert_eq!(got.error(), (403, "Extension.InvalidExtensionState".into()), "too late for that");
            }
            let headers =
                [("Lambda-Extension-Identifier", &*id), ("Lambda-Extension-Function-Error-Type", "Extension.Bad")];
            let got = wire.extension(Method::POST, path, &headers, "{}").await;
            assert_eq!((got.status, got.json()), (202, json!({"status": "OK"})), "{path}");
        }
        let (error_type, body) = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
        assert_eq!(error_type, "Extension.Bad");
        assert!(body["errorMessage"].as_str().expect("text").ends_with("extension monitor failed"), "{body}");
    }
}

#[tokio::test]
async fn alb_353_356_shutdown_with_an_external_extension() {
    let mut stage = Stage::new(&["monitor"]).await;
    let reply = stage.invoke(&json!({}));
    let mut part = stage.part().await;
    let wire = part.wire();
    let id = wire.register("monitor", "[\"INVOKE\",\"SHUTDOWN\"]").await;
    let runtime = spawn_next(&wire);
    wire.extension_next(&id).await;
    let request = soon(runtime).await.expect("no panic").header("lambda-runtime-aws-request-id").to_owned();
    wire.respond(&request, "1").await;
    soon(reply).await.expect("no panic").expect("a reply");
    let runtime = spawn_next(&wire);
    let extension = spawn_extension_next(&wire, &id);
    stage.reports(1).await;

    let function = stage.function.clone();
    let stopping = tokio::spawn(async move { function.stop(Duration::from_secs(10)).await });
    soon(part.ended.wait_for(|ended| ended == &["terminate"])).await.expect("SIGTERM first");
    let got = soon(extension).await.expect("no panic").json();
    assert_eq!((&got["eventType"], &got["shutdownReason"]), (&json!("SHUTDOWN"), &json!("SPINDOWN")));
    assert!(got["deadlineMs"].is_u64(), "{got}");
    assert_eq!(*part.ended.borrow(), ["terminate"], "it has time");
    let last = spawn_extension_next(&wire, &id);
    soon(part.ended.wait_for(|ended| ended == &["terminate", "kill"])).await.expect("SIGKILL when it is done");
    soon(stopping).await.expect("no panic");
    runtime.abort();
    last.abort();
}

#[tokio::test]
async fn alb_356_shutdown_without_extensions_is_immediate() {
    let mut stage = Stage::new(&[]).await;
    let reply = stage.invoke(&json!({}));
    let part = stage.part().await;
    let request = part.wire().next().await.header("lambda-runtime-aws-request-id").to_owned();
    part.wire().respond(&request, "1").await;
    soon(reply).await.expect("no panic").expect("a reply");
    let runtime = spawn_next(&part.wire());
    stage.reports(1).await;
    soon(stage.function.stop(Duration::from_secs(10))).await;
    assert_eq!(*part.ended.borrow(), ["kill"], "no SIGTERM");
    runtime.abort();
}

#[tokio::test]
async fn alb_340_353_a_time_out_tells_extensions() {
    let settings = FunctionSettings {
        extensions: vec!["monitor".into()],
        timeout: Duration::from_millis(300),
        ..settings("f", 1)
    };
    let mut stage = Stage::with(settings).await;
    let reply = stage.invoke(&json!({}));
    let mut part = stage.part().await;
    let wire = part.wire();
    let id = wire.register("monitor", "[\"SHUTDOWN\"]").await;
    let extension = spawn_extension_next(&wire, &id);
    wire.next().await;
    let error = soon(reply).await.expect("no panic").expect_err("an error");
    assert!(matches!(error, InvokeError::TimedOut { .. }), "{error:?}");
    let got = soon(extension).await.expect("no panic").json();
    assert_eq!((&got["eventType"], &got["shutdownReason"]), (&json!("SHUTDOWN"), &json!("TIMEOUT")));
    let last = spawn_extension_next(&wire, &id);
    soon(part.ended.wait_for(|ended| ended == &["kill"])).await.expect("killed without SIGTERM");
    last.abort();
}

#[tokio::test]
async fn alb_357_logs_and_telemetry_are_stubs() {
    let mut stage = Stage::new(&[]).await;
    let _reply = stage.invoke(&json!({}));
    let wire = stage.part().await.wire();
    for (path, api) in [("/2020-08-15/logs", "Logs"), ("/2022-07-01/telemetry", "Telemetry")] {
        let got = wire.send(Method::PUT, path, &[], "{}").await;
        let expected =
            json!({"errorMessage": format!("{api} API is not supported"), "errorType": format!("{api}.NotSupported")});
        assert_eq!((got.status, got.json()), (202, expected), "{path}");
    }
}

#[tokio::test]
async fn alb_359_363_one_process_may_be_extension_and_runtime() {
    let mut stage = Stage::new(&["lambda-adapter"]).await;
    let reply = stage.invoke(&json!({"n": 1}));
    let wire = stage.part().await.wire();
    let id = wire.register("lambda-adapter", "[]").await;
    let extension = spawn_extension_next(&wire, &id);
    let got = wire.next().await;
    assert_eq!(got.json(), json!({"n": 1}));
    wire.respond(got.header("lambda-runtime-aws-request-id"), "1").await;
    assert_eq!(soon(reply).await.expect("no panic"), Ok(json!(1)));
    assert!(!extension.is_finished(), "there is nothing that it wants to know");
    extension.abort();
}
