//! A function on the runtime client for Rust that AWS publishes, for the tests: `HANDLER` says what it does.

use std::{convert::Infallible, env, process, time::Duration};

use bytes::Bytes;
use http_body::Frame;
use lambda_http::{Body, Error, Request, RequestExt, Response};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variable = env::var("HANDLER").unwrap_or_default();
    match variable.as_str() {
        "http" => lambda_http::run(service_fn(http)).await,
        "http-stream" => lambda_http::run_with_streaming_response(service_fn(http_stream)).await,
        "exit-at-start" => process::exit(3),
        _ => lambda_runtime::run(service_fn(plain)).await,
    }
}

/// Does what the event says.
async fn plain(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    match payload["do"].as_str() {
        Some("fail") => Err("it went wrong".into()),
        Some("panic") => panic!("it panicked"),
        Some("exit") => process::exit(7),
        Some("sleep") => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            Ok(Value::Null)
        }
        Some("large") => Ok(Value::String("x".repeat(7 * 1024 * 1024))),
        _ => Ok(json!({
            "echo": payload,
            "requestId": context.request_id,
            "arn": context.invoked_function_arn,
            "trace": context.xray_trace_id,
            "memory": context.env_config.memory,
            "pid": process::id(),
        })),
    }
}

/// Shows what arrived.
async fn http(request: Request) -> Result<Response<Body>, Infallible> {
    let shown = json!({
        "method": request.method().as_str(),
        "path": request.raw_http_path(),
        "query": request.uri().query(),
        "host": request.headers().get("host").and_then(|it| it.to_str().ok()),
        "body": String::from_utf8_lossy(request.body()),
    });
    let answer = Response::builder()
        .status(201)
        .header("content-type", "application/json")
        .header("set-cookie", "a=1")
        .header("set-cookie", "b=2")
        .body(Body::Text(shown.to_string()));
    Ok(answer.unwrap_or_default())
}

/// Sends a first part, then waits for ever, fails, or ends, as the path says.
async fn http_stream(request: Request) -> Result<Response<Chunks>, Infallible> {
    let chunks = Chunks { path: request.raw_http_path().to_owned(), sent: 0 };
    let mut answer = Response::new(chunks);
    *answer.status_mut() = lambda_http::http::StatusCode::ACCEPTED;
    for (name, value) in
        [("content-type", "text/event-stream"), ("x-many", "1"), ("x-many", "2"), ("set-cookie", "a=1")]
    {
        if let Ok(value) = value.parse() {
            answer.headers_mut().append(name, value);
        }
    }
    Ok(answer)
}

struct Chunks {
    path: String,
    sent: usize,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Error>>> {
        use std::task::Poll::{Pending, Ready};
        self.sent += 1;
        match (self.path.as_str(), self.sent) {
            ("/empty", _) => Ready(None),
            (_, 1) => Ready(Some(Ok(Frame::data(Bytes::from_static(b"data: 1\n\n"))))),
            ("/wait", _) => Pending,
            ("/fail", 2) => Ready(Some(Err("half-way".into()))),
            ("/large", 2..=64) => Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; 1024 * 1024]))))),
            _ => Ready(None),
        }
    }
}
