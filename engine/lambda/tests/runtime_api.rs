//! The Runtime API, on the wire.

mod support;

use std::{sync::Arc, time::Duration};

use http::Method;
use serde_json::json;
use slipway_lambda::{
    environments::Exit,
    function::{Function, FunctionSettings, Invocation, InvokeError, Mode},
    reply::Reply,
    response,
};
use support::{Part, Played, Recorder, event, function_error, invoke, settings, soon, spawn_next};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::UnboundedReceiver,
};

struct Stage {
    function: Arc<Function>,
    parts: UnboundedReceiver<Part>,
    log: Arc<Recorder>,
}

impl Stage {
    async fn new(settings: FunctionSettings) -> Self {
        let (environments, parts) = Played::new();
        let log = Arc::new(Recorder::default());
        let function = Function::start(settings, environments, log.clone()).await.expect("a function");
        Self { function: Arc::new(function), parts, log }
    }

    async fn one() -> Self {
        Self::new(settings("shop-dev-api", 1)).await
    }

    fn invoke(&self, invocation: Invocation) -> tokio::task::JoinHandle<Result<Reply, InvokeError>> {
        let function = self.function.clone();
        tokio::spawn(async move { function.invoke(invocation).await })
    }

    async fn part(&mut self) -> Part {
        soon(self.parts.recv()).await.expect("an environment is started")
    }

    /// An environment that has been given an event, and the event's id.
    async fn running(&mut self) -> (Part, String, tokio::task::JoinHandle<Result<Reply, InvokeError>>) {
        let reply = self.invoke(event(&json!({"n": 1})));
        let part = self.part().await;
        let next = part.wire().next().await;
        let id = next.header("lambda-runtime-aws-request-id").to_owned();
        (part, id, reply)
    }
}

fn buffered(reply: Result<Reply, InvokeError>) -> String {
    match reply.expect("a reply") {
        Reply::Buffered(bytes) => String::from_utf8(bytes.to_vec()).expect("text"),
        Reply::Streaming { .. } => panic!("not streamed"),
    }
}

#[tokio::test]
async fn alb_330_331_332_the_next_event_and_its_headers() {
    let mut stage = Stage::one().await;
    let trace_id = Some("Self=1-2-3;Root=1-67891233-abcdef012345678912345678".to_owned());
    let client_context = Some("{\"client\":{}}".to_owned());
    let reply = stage.invoke(Invocation { trace_id, client_context, ..event(&json!({"n": 1})) });
    let part = stage.part().await;
    let got = part.wire().next().await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
    assert_eq!(got.json(), json!({"n": 1}));
    let id = got.header("lambda-runtime-aws-request-id");
    assert_eq!(uuid::Uuid::parse_str(id).expect("a UUID").get_version_num(), 4);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_millis();
    let deadline: u128 = got.header("lambda-runtime-deadline-ms").parse().expect("a number");
    assert!((now..=now + 6000).contains(&deadline), "{deadline} is within 6 s of {now}");
    assert_eq!(
        got.header("lambda-runtime-invoked-function-arn"),
        "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-api"
    );
    let trace = got.header("lambda-runtime-trace-id");
    assert!(trace.starts_with("Root=1-67891233-abcdef012345678912345678;Parent="), "{trace}");
    assert_eq!(got.header("lambda-runtime-client-context"), "{\"client\":{}}");
    for absent in ["lambda-runtime-cognito-identity", "lambda-runtime-aws-tenant-id"] {
        assert!(!got.headers.contains_key(absent), "{absent}");
    }
    part.wire().respond(id, "{}").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "{}");

    let waiting = spawn_next(&part.wire());
    let reply = stage.invoke(event(&json!({"n": 2})));
    let got = soon(waiting).await.expect("no panic");
    assert_eq!(got.json(), json!({"n": 2}), "a runtime that waits gets the next event, without a new environment");
    assert!(!got.headers.contains_key("lambda-runtime-client-context"));
    part.wire().respond(got.header("lambda-runtime-aws-request-id"), "2").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "2");
}

#[tokio::test]
async fn alb_333_responses_that_are_accepted_and_refused() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let wire = part.wire();
    let got = wire.respond("00000000-0000-4000-8000-000000000000", "{}").await;
    assert_eq!(got.error(), (400, "InvalidRequestID".into()));
    let got = wire.respond(&id, "{\"a\":1}").await;
    assert_eq!((got.status, got.json()), (202, json!({"status": "OK"})));
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "{\"a\":1}");
    assert_eq!(wire.respond(&id, "{}").await.error(), (403, "InvalidStateTransition".into()));
    let waiting = spawn_next(&wire);
    let reply = stage.invoke(event(&json!({"n": 2})));
    let second = soon(waiting).await.expect("no panic").header("lambda-runtime-aws-request-id").to_owned();
    assert_eq!(wire.respond(&id, "{}").await.error(), (400, "InvalidRequestID".into()), "a stale id");
    assert_eq!(wire.respond(&second, "{}").await.status, 202);
    buffered(soon(reply).await.expect("no panic"));
}

#[tokio::test]
async fn alb_333_a_response_over_the_limit_fails_the_invocation() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let got = part.wire().respond(&id, vec![b' '; 6 * 1024 * 1024 + 101]).await;
    assert_eq!(got.error(), (413, "RequestEntityTooLarge".into()));
    assert_eq!(got.json()["errorMessage"], "Exceeded maximum allowed payload size (6291556 bytes).");
    assert_eq!(soon(reply).await.expect("no panic").expect_err("an error"), InvokeError::ResponseTooLarge);

    let waiting = spawn_next(&part.wire());
    let reply = stage.invoke(event(&json!({})));
    let id = soon(waiting).await.expect("no panic").header("lambda-runtime-aws-request-id").to_owned();
    let largest = vec![b' '; 6 * 1024 * 1024 + 100];
    assert_eq!(part.wire().respond(&id, largest).await.status, 202, "the environment is still of use");
    assert_eq!(buffered(soon(reply).await.expect("no panic")).len(), 6_291_556);
}

#[tokio::test]
async fn alb_333_a_response_that_is_cut_off() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let mut connection = TcpStream::connect(part.launch.runtime_api).await.expect("a connection");
    let request = format!(
        "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"
    );
    connection.write_all(request.as_bytes()).await.expect("sent");
    connection.shutdown().await.expect("half-closed");
    let mut answer = String::new();
    soon(connection.read_to_string(&mut answer)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\"errorType\":\"TruncatedHTTPRequest\""), "{answer}");
    let (error_type, _) = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
    assert_eq!(error_type, "Runtime.TruncatedResponse");
}

#[tokio::test]
async fn alb_333_a_response_mode_that_does_not_exist() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let mode = [("Lambda-Runtime-Function-Response-Mode", "buffered")];
    let path = format!("/2018-06-01/runtime/invocation/{id}/response");
    let got = part.wire().send(Method::POST, &path, &mode, "{}").await;
    assert_eq!(got.error(), (400, "InvalidFunctionResponseMode".into()));
    let (error_type, _) = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
    assert_eq!(error_type, "Runtime.InvalidResponseModeHeader");
}

#[tokio::test]
async fn alb_334_an_error_fails_the_invocation_with_its_body() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let wire = part.wire();
    let path = format!("/2018-06-01/runtime/invocation/{id}/error");
    let body = json!({"errorMessage": "no", "errorType": "Bad", "stackTrace": [], "more": 1});
    let headers = [
        ("Lambda-Runtime-Function-Error-Type", "Bad.Thing"),
        ("Content-Type", "application/vnd.aws.lambda.error.cause+json"),
    ];
    let wrong = "/2018-06-01/runtime/invocation/x/error";
    assert_eq!(wire.send(Method::POST, wrong, &headers, "{}").await.error(), (400, "InvalidRequestID".into()));
    let got = wire.send(Method::POST, &path, &headers, body.to_string()).await;
    assert_eq!((got.status, got.json()), (202, json!({"status": "OK"})));
    let error = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
    assert_eq!(error, ("Bad.Thing".into(), body));
    assert_eq!(wire.send(Method::POST, &path, &headers, "{}").await.error(), (403, "InvalidStateTransition".into()));
}

#[tokio::test]
async fn alb_335_an_error_of_initialisation_restarts_the_environment() {
    let mut stage = Stage::one().await;
    let reply = stage.invoke(event(&json!({})));
    let headers = [("Lambda-Runtime-Function-Error-Type", "Runtime.ImportError")];
    let body = json!({"errorMessage": "no module", "errorType": "ImportError"});
    let path = "/2018-06-01/runtime/init/error";
    for _ in 0..2 {
        let mut part = stage.part().await;
        let got = part.wire().send(Method::POST, path, &headers, body.to_string()).await;
        assert_eq!((got.status, got.json()), (202, json!({"status": "OK"})));
        soon(part.ended.wait_for(|ended| ended.contains(&"kill"))).await.expect("ended");
    }
    let error = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
    assert_eq!(error, ("Runtime.ImportError".into(), body));
    let line = stage.log.line("INIT_REPORT").await;
    assert!(line.ends_with(" ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportError"), "{line}");

    let (part, id, _reply) = stage.running().await;
    assert_eq!(
        part.wire().send(Method::POST, path, &headers, "{}").await.error(),
        (403, "InvalidStateTransition".into())
    );
    assert_eq!(part.wire().respond(&id, "{}").await.status, 202);
}

#[tokio::test]
async fn alb_336_ping_and_what_is_not_there() {
    let mut stage = Stage::one().await;
    let _reply = stage.invoke(event(&json!({})));
    let wire = stage.part().await.wire();
    assert_eq!(wire.send(Method::GET, "/2018-06-01/ping", &[], "").await.status, 200);
    for (method, path) in [
        (Method::GET, "/2018-06-01/runtime/restore/next"),
        (Method::POST, "/2018-06-01/runtime/restore/error"),
        (Method::GET, "/"),
        (Method::POST, "/2018-06-01/runtime/invocation/next"),
        (Method::POST, "/2018-06-01/runtime/invocation/a/b/response"),
        (Method::GET, "/2020-01-01/extension/register"),
    ] {
        assert_eq!(wire.send(method.clone(), path, &[], "").await.status, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn alb_337_an_event_asked_for_again_is_given_again() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    for _ in 0..2 {
        assert_eq!(part.wire().next().await.header("lambda-runtime-aws-request-id"), id);
    }
    assert_eq!(part.wire().respond(&id, "1").await.status, 202);
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "1");
    let waiting = spawn_next(&part.wire());
    stage.log.line("REPORT").await;
    for what in ["response", "error"] {
        let path = format!("/2018-06-01/runtime/invocation/{id}/{what}");
        assert_eq!(
            part.wire().send(Method::POST, &path, &[], "{}").await.error(),
            (403, "InvalidStateTransition".into())
        );
    }
    waiting.abort();
}

#[tokio::test]
async fn alb_338_an_environment_for_each_event_at_once_up_to_the_limit() {
    let mut stage = Stage::new(settings("f", 2)).await;
    let first = stage.invoke(event(&json!(1)));
    let one = stage.part().await;
    let second = stage.invoke(event(&json!(2)));
    let two = stage.part().await;
    assert_ne!(one.launch.runtime_api, two.launch.runtime_api, "each has an address of its own");
    assert_eq!((one.launch.slot, two.launch.slot), (0, 1));
    let third = stage.invoke(event(&json!(3)));
    let got = one.wire().next().await;
    let again = two.wire().next().await;
    assert_eq!((got.json(), again.json()), (json!(1), json!(2)));
    one.wire().respond(got.header("lambda-runtime-aws-request-id"), "1").await;
    soon(first).await.expect("no panic").expect("a reply");
    let got = one.wire().next().await;
    assert_eq!(got.json(), json!(3), "the third waited for the first environment that was free");
    one.wire().respond(got.header("lambda-runtime-aws-request-id"), "3").await;
    soon(third).await.expect("no panic").expect("a reply");
    two.wire().respond(again.header("lambda-runtime-aws-request-id"), "2").await;
    soon(second).await.expect("no panic").expect("a reply");
    assert!(stage.parts.try_recv().is_err(), "two environments, not more");
}

#[tokio::test]
async fn alb_338_an_event_that_waits_longer_than_the_time_out_is_throttled() {
    let settings = FunctionSettings { timeout: Duration::from_millis(300), ..settings("f", 1) };
    let mut stage = Stage::new(settings).await;
    // The first event never gets an environment that is ready; that lasts for ten seconds.
    let _first = stage.invoke(event(&json!(1)));
    let _part = stage.part().await;
    let second = stage.invoke(event(&json!(2)));
    assert_eq!(soon(second).await.expect("no panic").expect_err("an error"), InvokeError::Throttled);
}

#[tokio::test(start_paused = true)]
async fn alb_339_initialisation_over_ten_seconds_is_repeated_with_the_event() {
    let mut stage = Stage::one().await;
    let started = tokio::time::Instant::now();
    let error = stage.function.invoke(event(&json!({}))).await.expect_err("an error");
    assert_eq!(started.elapsed().as_secs(), 16, "ten for initialisation, six for the invocation");
    assert!(
        matches!(&error, InvokeError::TimedOut { message } if message.ends_with("Task timed out after 6.00 seconds")),
        "{error}"
    );
    let line = stage.log.line("INIT_REPORT").await;
    assert_eq!(line, "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout");
    assert!(stage.parts.try_recv().is_ok() && stage.parts.try_recv().is_ok() && stage.parts.try_recv().is_err());
}

#[tokio::test]
async fn alb_340_a_time_out_resets_the_environment() {
    let settings = FunctionSettings { timeout: Duration::from_millis(300), ..settings("f", 1) };
    let mut stage = Stage::new(settings).await;
    let (mut part, id, reply) = stage.running().await;
    let error = soon(reply).await.expect("no panic").expect_err("an error");
    let InvokeError::TimedOut { message } = &error else { panic!("{error:?}") };
    assert_eq!(*message, format!("RequestId: {id} Error: Task timed out after 0.30 seconds"));
    let line = stage.log.line("Task timed out").await;
    assert!(line.ends_with(&format!("Z {id} Task timed out after 0.30 seconds")), "{line}");
    soon(part.ended.wait_for(|ended| ended.contains(&"kill"))).await.expect("killed");
    assert!(part.wire().try_send(Method::GET, "/2018-06-01/ping", &[], "").await.is_err(), "its API is gone");

    let (again, id, reply) = stage.running().await;
    assert_eq!(
        again.launch.slot, part.launch.slot,
        "the same environment is started again, so that it finds its `/tmp`"
    );
    assert_eq!(again.launch.runtime_api, part.launch.runtime_api);
    again.wire().respond(&id, "1").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "1");
}

#[tokio::test]
async fn alb_341_the_process_ends_without_an_answer() {
    let killed = Exit { signal: Some(9), ..Exit::default() };
    for (exit, how) in [
        (Exit { status: Some(7), ..Exit::default() }, "Runtime exited with error: exit status 7"),
        (Exit { status: Some(0), ..Exit::default() }, "Runtime exited without providing a reason"),
        (killed, "Runtime exited with error: signal: killed"),
        (Exit { out_of_memory: true, ..killed }, "Runtime exited with error: signal: killed"),
        (Exit { signal: Some(11), ..Exit::default() }, "Runtime exited with error: signal: 11"),
    ] {
        let mut stage = Stage::one().await;
        let (part, id, reply) = stage.running().await;
        part.exit.send_replace(Some(exit));
        let error = function_error(soon(reply).await.expect("no panic").expect_err("an error"));
        let message = format!("RequestId: {id} Error: {how}");
        assert_eq!(
            error,
            ("Runtime.ExitError".into(), json!({"errorType": "Runtime.ExitError", "errorMessage": message}))
        );
    }
}

#[tokio::test]
async fn alb_341_a_process_that_ended_while_it_was_idle_is_replaced() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    part.wire().respond(&id, "1").await;
    soon(reply).await.expect("no panic").expect("a reply");
    let waiting = spawn_next(&part.wire());
    stage.log.line("REPORT").await;
    part.exit.send_replace(Some(Exit::default()));
    let reply = stage.invoke(event(&json!(2)));
    let again = stage.part().await;
    let got = again.wire().next().await;
    again.wire().respond(got.header("lambda-runtime-aws-request-id"), "2").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "2");
    waiting.abort();
}

#[tokio::test]
async fn alb_342_the_lines_of_an_invocation() {
    let mut stage = Stage::one().await;
    for cold in [true, false] {
        let reply = stage.invoke(event(&json!({})));
        let wire = if cold { Some(stage.part().await.wire()) } else { None };
        if let Some(wire) = wire {
            tokio::spawn(async move {
                for _ in 0..2 {
                    let id = wire.next().await.header("lambda-runtime-aws-request-id").to_owned();
                    wire.respond(&id, "{}").await;
                }
                wire.next().await;
            });
        }
        soon(reply).await.expect("no panic").expect("a reply");
        let lines = soon(async {
            loop {
                let lines = stage.log.lines();
                if lines.len() == if cold { 3 } else { 6 } {
                    return lines;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
        let [start, end, report] = &lines[lines.len() - 3..] else { panic!("{lines:?}") };
        let id =
            start.strip_prefix("START RequestId: ").and_then(|it| it.strip_suffix(" Version: $LATEST")).expect("an id");
        assert_eq!(*end, format!("END RequestId: {id}"));
        let fields: Vec<_> =
            report.trim_end().split('\t').map(|field| field.split(": ").next().unwrap_or_default()).collect();
        let expected = ["REPORT RequestId", "Init Duration", "Duration", "Billed Duration", "Memory Size"];
        let expected: Vec<_> = expected.into_iter().filter(|it| cold || *it != "Init Duration").collect();
        assert_eq!(fields, expected, "{report}");
        assert!(report.contains("\tMemory Size: 1024 MB\t"), "{report}");
    }
}

#[tokio::test]
async fn alb_344_385_the_variables_of_an_environment() {
    let mut stage = Stage::one().await;
    let _reply = stage.invoke(event(&json!({})));
    let part = stage.part().await;
    let api = part.launch.runtime_api.to_string();
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", Some(&*api)),
        ("AWS_LAMBDA_FUNCTION_NAME", Some("shop-dev-api")),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Some("1024")),
        ("AWS_LAMBDA_FUNCTION_VERSION", Some("$LATEST")),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", Some("on-demand")),
        ("AWS_LAMBDA_LOG_GROUP_NAME", Some("/aws/lambda/shop-dev-api")),
        ("AWS_REGION", Some("us-east-1")),
        ("AWS_DEFAULT_REGION", Some("us-east-1")),
        ("LAMBDA_TASK_ROOT", Some("/var/task")),
        ("LAMBDA_RUNTIME_DIR", Some("/var/runtime")),
        ("TZ", Some(":UTC")),
        ("_HANDLER", Some("app.handler")),
        ("AWS_EXECUTION_ENV", None),
        ("AWS_ACCESS_KEY_ID", None),
        ("PORT", None),
    ] {
        assert_eq!(part.variable(name), value, "{name}");
    }
    let stream = part.variable("AWS_LAMBDA_LOG_STREAM_NAME").expect("a stream");
    let (date, id) = stream.split_once("/[$LATEST]").expect("two parts");
    assert_eq!((date.len(), id.len()), (10, 32), "{stream}");
}

#[tokio::test]
async fn alb_344_the_advertised_host_is_what_environments_are_told() {
    let settings = FunctionSettings { advertised_host: Some("host.docker.internal".into()), ..settings("f", 1) };
    let mut stage = Stage::new(settings).await;
    let _reply = stage.invoke(event(&json!({})));
    let part = stage.part().await;
    let expected = format!("host.docker.internal:{}", part.launch.runtime_api.port());
    assert_eq!(part.variable("AWS_LAMBDA_RUNTIME_API"), Some(&*expected));
}

#[tokio::test]
async fn alb_376_a_whole_answer_where_a_streamed_one_would_do() {
    let mut stage = Stage::one().await;
    let reply = stage.invoke(Invocation { mode: Mode::Streaming, ..event(&json!({})) });
    let wire = stage.part().await.wire();
    let id = wire.next().await.header("lambda-runtime-aws-request-id").to_owned();
    wire.respond(&id, "\"Hello\"").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "\"Hello\"");
}

#[tokio::test]
async fn a_function_that_stops_takes_no_more_events_and_ends_its_environments() {
    let mut stage = Stage::one().await;
    let (mut part, id, reply) = stage.running().await;
    let function = stage.function.clone();
    let stopping = tokio::spawn(async move { function.stop(Duration::from_secs(10)).await });
    soon(async {
        while invoke(&stage.function, &json!({})).await != Err(InvokeError::Stopped) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    part.wire().respond(&id, "1").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "1", "what was under way was finished");
    let waiting = spawn_next(&part.wire());
    soon(stopping).await.expect("no panic");
    soon(part.ended.wait_for(|ended| ended.contains(&"kill"))).await.expect("killed");
    waiting.abort();
}

#[tokio::test]
async fn a_function_that_stops_at_once_ends_busy_environments() {
    let mut stage = Stage::one().await;
    let (mut part, _id, reply) = stage.running().await;
    soon(stage.function.stop(Duration::ZERO)).await;
    assert_eq!(soon(reply).await.expect("no panic").expect_err("an error"), InvokeError::Stopped);
    soon(part.ended.wait_for(|ended| ended.contains(&"kill"))).await.expect("killed");
}

#[tokio::test]
async fn environments_that_were_replaced_end_when_they_are_idle() {
    let mut stage = Stage::one().await;
    let (mut part, id, reply) = stage.running().await;
    let (environments, mut parts) = Played::new();
    stage.function.replace(environments);
    part.wire().respond(&id, "1").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "1", "a busy one is left alone");
    let waiting = spawn_next(&part.wire());
    stage.log.line("REPORT").await;
    let reply = stage.invoke(event(&json!(2)));
    let mut new = soon(parts.recv()).await.expect("a new environment");
    assert!(part.ended.borrow_and_update().contains(&"kill"), "the old one ended before");
    let got = new.wire().next().await;
    new.wire().respond(got.header("lambda-runtime-aws-request-id"), "2").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "2");
    waiting.abort();

    let waiting = spawn_next(&new.wire());
    soon(async {
        while stage.log.lines().iter().filter(|line| line.starts_with("REPORT")).count() < 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    // Right after the report the environment is put back; only then does replacing find it idle.
    soon(async {
        while !new.ended.borrow_and_update().contains(&"kill") {
            stage.function.replace(Played::new().0);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    waiting.abort();
}

#[tokio::test]
async fn an_environment_can_be_warmed_without_an_event() {
    let mut stage = Stage::one().await;
    let function = stage.function.clone();
    let warming = tokio::spawn(async move { function.warm().await });
    let part = stage.part().await;
    let waiting = spawn_next(&part.wire());
    soon(warming).await.expect("no panic").expect("warm");
    let reply = stage.invoke(event(&json!(1)));
    let got = soon(waiting).await.expect("no panic");
    part.wire().respond(got.header("lambda-runtime-aws-request-id"), "1").await;
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "1");
}

/// Posts a streamed response, written by hand, and gives back the answer.
async fn post_streamed(part: &Part, id: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(part.launch.runtime_api).await.expect("a connection");
    let request = format!(
        "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/vnd.awslambda.http-integration-response\r\n\
         Trailer: Lambda-Runtime-Function-Error-Type\r\nTrailer: Lambda-Runtime-Function-Error-Body\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    soon(connection.read_to_string(&mut answer)).await.expect("an answer");
    answer
}

#[tokio::test]
async fn alb_374_an_error_half_way_in_trailers() {
    let trailers =
        "Lambda-Runtime-Function-Error-Type: Half.Way\r\nLambda-Runtime-Function-Error-Body: eyJhIjoxfQ==\r\n";
    for (end, proper) in [(format!("0\r\n{trailers}\r\n"), false), ("0\r\n\r\n".to_owned(), true)] {
        let mut stage = Stage::one().await;
        let reply = stage.invoke(Invocation { mode: Mode::Streaming, ..event(&json!({})) });
        let part = stage.part().await;
        let id = part.wire().next().await.header("lambda-runtime-aws-request-id").to_owned();
        let answer = post_streamed(&part, &id, &format!("2\r\n{{}}\r\n8\r\n\0\0\0\0\0\0\0\0\r\n1\r\na\r\n{end}")).await;
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
        let Reply::Streaming { content_type, body } = soon(reply).await.expect("no panic").expect("a reply") else {
            panic!("a streamed reply")
        };
        let mut body = soon(response::streamed(content_type.as_deref(), body)).await.expect("a response").body;
        assert_eq!(soon(body.next()).await.expect("a part").expect("bytes"), "a");
        match soon(body.next()).await {
            None => assert!(proper),
            Some(Err(cut)) => {
                assert!(!proper);
                assert_eq!(cut.reason, "The function failed with Half.Way: {\"a\":1}");
            }
            Some(Ok(more)) => panic!("{more:?}"),
        }
    }
}

#[tokio::test]
async fn alb_375_a_streamed_answer_is_collected_for_who_cannot_take_it() {
    let mut stage = Stage::one().await;
    let (part, id, reply) = stage.running().await;
    let answer = post_streamed(&part, &id, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    assert_eq!(buffered(soon(reply).await.expect("no panic")), "ab");
}
