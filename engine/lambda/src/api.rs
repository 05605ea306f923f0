//! The HTTP server of one execution environment: the Runtime API and the Extensions API.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header, response::Builder};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::{
    environment::{Answering, Environment, Refusal, ShutdownReason, fresh_id},
    extensions::{Denied, Event},
    function::InvokeError,
    json,
    reply::BUFFERED_LIMIT,
};

const JSON: &str = "application/json";
/// The most that a report of an error may hold, in bytes; the rest is of no use to anyone.
const ERROR_LIMIT: usize = BUFFERED_LIMIT;

/// How the runtime for Rust reports an error half-way: as a chunk of the body, where the API has trailers.
const ERROR_AS_TEXT: &[u8] = b"Lambda-Runtime-Function-Error-Type: ";

type Answer = Response<Full<Bytes>>;

/// Serves one connection until it ends or the environment does.
pub(crate) async fn serve(connection: TcpStream, environment: Arc<Environment>) {
    let _ = connection.set_nodelay(true);
    let over = environment.over.clone();
    let service = hyper::service::service_fn(move |request| {
        let environment = Arc::clone(&environment);
        async move { Ok::<_, Infallible>(route(&environment, request).await) }
    });
    // Half-closed connections are served, so that a runtime which cuts its response short can still be told.
    let connection =
        hyper::server::conn::http1::Builder::new().half_close(true).serve_connection(TokioIo::new(connection), service);
    tokio::select! {
        () = over.cancelled() => {}
        _ = connection => {}
    }
}

async fn route(environment: &Arc<Environment>, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if let Some(path) = path.strip_prefix("/2018-06-01") {
        return runtime(environment, &parts.method, path, &parts.headers, body).await;
    }
    if let Some(path) = path.strip_prefix("/2020-01-01/extension/") {
        let answer = extension(environment, &parts.method, path, &parts.headers, body).await;
        return answer.unwrap_or_else(|denied| error(StatusCode::FORBIDDEN, denied.error_type, &denied.message));
    }
    match (&parts.method, path) {
        (&Method::PUT, "/2020-08-15/logs") => unsupported("Logs"),
        (&Method::PUT, "/2022-07-01/telemetry") => unsupported("Telemetry"),
        _ => not_found(),
    }
}

async fn runtime(
    environment: &Arc<Environment>,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: Incoming,
) -> Answer {
    match (method, path) {
        (&Method::GET, "/runtime/invocation/next") => next(environment).await,
        (&Method::POST, "/runtime/init/error") => {
            let error_type =
                text(headers, "lambda-runtime-function-error-type").unwrap_or("Runtime.Unknown").to_owned();
            let payload = match collect(body, ERROR_LIMIT).await {
                Ok(payload) => payload.bytes,
                Err(broken) => return broken.answer(),
            };
            match environment.init_failed(error_type, payload) {
                Ok(()) => accepted(),
                Err(refusal) => refused(refusal, "InitError"),
            }
        }
        (&Method::GET, "/ping") => plain(StatusCode::OK, "pong"),
        (&Method::POST, _) => {
            let invocation = path.strip_prefix("/runtime/invocation/").and_then(|rest| rest.split_once('/'));
            match invocation {
                Some((id, "response")) => match environment.answer(id) {
                    Ok(answering) => response(answering, headers, body).await,
                    Err(refusal) => refused(refusal, "InvocationResponse"),
                },
                Some((id, "error")) => match environment.answer(id) {
                    Ok(answering) => failure(answering, headers, body).await,
                    Err(refusal) => refused(refusal, "InvocationErrorResponse"),
                },
                _ => not_found(),
            }
        }
        _ => not_found(),
    }
}

async fn next(environment: &Arc<Environment>) -> Answer {
    let running = match environment.next().await {
        Ok(running) => running,
        Err(refusal) => return refused(refusal, "Ready"),
    };
    let mut answer = Response::builder()
        .header(header::CONTENT_TYPE, JSON)
        .header("Lambda-Runtime-Aws-Request-Id", &running.id)
        .header("Lambda-Runtime-Deadline-Ms", running.deadline_ms)
        .header("Lambda-Runtime-Invoked-Function-Arn", &environment.identity.arn)
        .header("Lambda-Runtime-Trace-Id", &running.trace_id);
    if let Some(context) = &running.client_context {
        answer = answer.header("Lambda-Runtime-Client-Context", context);
    }
    finish(answer, running.event.clone())
}

async fn response(answering: Answering, headers: &HeaderMap, body: Incoming) -> Answer {
    let streaming = match headers.get("lambda-runtime-function-response-mode").map(http::HeaderValue::as_bytes) {
        None | Some(b"") => false,
        Some(b"streaming") => true,
        Some(_) => {
            answering.failed(InvokeError::function(
                "Runtime.InvalidResponseModeHeader",
                "The runtime named a response mode that does not exist.",
            ));
            return error(StatusCode::BAD_REQUEST, "InvalidFunctionResponseMode", "Invalid function response mode");
        }
    };
    if streaming && answering.streams() {
        let content_type = text(headers, header::CONTENT_TYPE.as_str()).map(str::to_owned);
        return pump(&answering, content_type, body).await;
    }
    match collect(body, BUFFERED_LIMIT).await {
        Ok(whole) => {
            match whole.error {
                Some(error) => answering.failed(error),
                None => answering.whole(whole.bytes),
            }
            accepted()
        }
        Err(Broken::TooLarge) => {
            answering.failed(InvokeError::ResponseTooLarge);
            Broken::TooLarge.answer()
        }
        Err(broken) => broken.answer(),
    }
}

/// Hands a streamed answer on as it comes.
async fn pump(answering: &Answering, content_type: Option<String>, mut body: Incoming) -> Answer {
    let mut sender = answering.streaming(content_type);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            sender.cut("The runtime ended its response before all of it was sent.".into()).await;
            return Broken::Cut.answer();
        };
        match frame.into_data() {
            Ok(data) if data.starts_with(ERROR_AS_TEXT) => {
                sender.cut(format!("The function failed: {}", String::from_utf8_lossy(&data).trim_end())).await;
                return accepted();
            }
            Ok(data) => {
                if sender.send(data).await.is_err() {
                    return Broken::TooLarge.answer();
                }
            }
            Err(frame) => {
                if let Some(error) = frame.trailers_ref().and_then(reported) {
                    sender.cut(error.to_string()).await;
                    return accepted();
                }
            }
        }
    }
    sender.end().await;
    accepted()
}

async fn failure(answering: Answering, headers: &HeaderMap, body: Incoming) -> Answer {
    let error_type = text(headers, "lambda-runtime-function-error-type").unwrap_or("Runtime.Unknown").to_owned();
    match collect(body, ERROR_LIMIT).await {
        Ok(whole) => {
            answering.failed(InvokeError::Function { error_type, payload: whole.bytes });
            accepted()
        }
        Err(broken) => broken.answer(),
    }
}

async fn extension(
    environment: &Arc<Environment>,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<Answer, Denied> {
    match (method, path) {
        (&Method::POST, "register") => register(environment, headers, body).await,
        (&Method::GET, "event/next") => extension_event(environment, identifier(headers)?).await,
        (&Method::POST, "init/error" | "exit/error") => {
            let id = identifier(headers)?;
            let Some(error_type) = text(headers, "lambda-extension-function-error-type").filter(|it| !it.is_empty())
            else {
                return Err(Denied {
                    error_type: "Extension.MissingHeader",
                    message: "Lambda-Extension-Function-Error-Type not found".into(),
                });
            };
            environment.extension_failed(id, error_type, path == "init/error")?;
            Ok(accepted())
        }
        _ => Ok(not_found()),
    }
}

async fn register(environment: &Environment, headers: &HeaderMap, body: Incoming) -> Result<Answer, Denied> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Registration {
        #[serde(default)]
        events: Option<Vec<String>>,
        #[serde(default)]
        configuration_keys: Vec<String>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Registered<'a> {
        function_name: &'a str,
        function_version: &'a str,
        handler: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        account_id: Option<&'a str>,
    }

    let bad_format = |message: String| Denied { error_type: "InvalidRequestFormat", message };
    let name = text(headers, "lambda-extension-name").unwrap_or_default();
    if name.is_empty() {
        return environment.register(name, &[]).map(|_| accepted());
    }
    let body = collect(body, 64 * 1024).await.map_err(|_| bad_format("The body cannot be read".into()))?;
    let registration: Registration = json::object(&body.bytes).map_err(|error| bad_format(error.to_string()))?;
    if !registration.configuration_keys.is_empty() {
        return Err(bad_format("configurationKeys are deprecated; use environment variables instead".into()));
    }
    let id = environment.register(name, &registration.events.unwrap_or_default())?;
    let identity = &environment.identity;
    let features = text(headers, "lambda-extension-accept-feature").unwrap_or_default();
    let registered = Registered {
        function_name: &identity.name,
        function_version: "$LATEST",
        handler: &identity.handler,
        account_id: features.split(',').any(|it| it.trim() == "accountId").then_some(&*identity.account_id),
    };
    let answer =
        Response::builder().header(header::CONTENT_TYPE, JSON).header("Lambda-Extension-Identifier", id.to_string());
    Ok(finish(answer, to_json(&registered)))
}

async fn extension_event(environment: &Environment, id: Uuid) -> Result<Answer, Denied> {
    #[derive(Serialize)]
    #[serde(tag = "eventType", rename_all_fields = "camelCase")]
    enum Told<'a> {
        #[serde(rename = "INVOKE")]
        Invoke { deadline_ms: u64, request_id: &'a str, invoked_function_arn: &'a str, tracing: Tracing<'a> },
        #[serde(rename = "SHUTDOWN")]
        Shutdown { shutdown_reason: &'a str, deadline_ms: u64 },
    }
    #[derive(Serialize)]
    struct Tracing<'a> {
        r#type: &'a str,
        value: &'a str,
    }

    let event = environment.extension_next(id).await?;
    let told = match &event {
        Event::Invoke(running) => Told::Invoke {
            deadline_ms: running.deadline_ms,
            request_id: &running.id,
            invoked_function_arn: &environment.identity.arn,
            tracing: Tracing { r#type: "X-Amzn-Trace-Id", value: &running.trace_id },
        },
        Event::Shutdown(shutdown) => Told::Shutdown {
            shutdown_reason: match shutdown.reason {
                ShutdownReason::Spindown => "SPINDOWN",
                ShutdownReason::Timeout => "TIMEOUT",
                ShutdownReason::Failure => "FAILURE",
            },
            deadline_ms: shutdown.deadline_ms,
        },
    };
    let answer = Response::builder()
        .header(header::CONTENT_TYPE, JSON)
        .header("Lambda-Extension-Event-Identifier", fresh_id().to_string());
    Ok(finish(answer, to_json(&told)))
}

fn identifier(headers: &HeaderMap) -> Result<Uuid, Denied> {
    let id = text(headers, "lambda-extension-identifier").unwrap_or_default();
    if id.is_empty() {
        let message = "Missing Lambda-Extension-Identifier header".into();
        return Err(Denied { error_type: "Extension.MissingExtensionIdentifier", message });
    }
    Uuid::parse_str(id).map_err(|_| Denied {
        error_type: "Extension.InvalidExtensionIdentifier",
        message: "Invalid Lambda-Extension-Identifier".into(),
    })
}

/// A body that was read to its end.
struct Whole {
    bytes: Bytes,
    /// The error that trailers report.
    error: Option<InvokeError>,
}

/// A body that could not be read to its end.
#[derive(Clone, Copy)]
enum Broken {
    TooLarge,
    Cut,
}

impl Broken {
    fn answer(self) -> Answer {
        match self {
            Self::TooLarge => error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                &format!("Exceeded maximum allowed payload size ({BUFFERED_LIMIT} bytes)."),
            ),
            Self::Cut => error(StatusCode::BAD_REQUEST, "TruncatedHTTPRequest", "HTTP request detected as truncated"),
        }
    }
}

/// Reads a body. One that is too large is still read to its end, for a client that writes all before it reads the answer.
async fn collect(mut body: Incoming, limit: usize) -> Result<Whole, Broken> {
    let mut chunks = Vec::new();
    let mut length = 0;
    let mut error = None;
    while let Some(frame) = body.frame().await {
        match frame.map_err(|_| Broken::Cut)?.into_data() {
            Ok(data) => {
                length += data.len();
                if length > limit { chunks.clear() } else { chunks.push(data) }
            }
            Err(frame) => error = frame.trailers_ref().and_then(reported),
        }
    }
    if length > limit {
        return Err(Broken::TooLarge);
    }
    let bytes = if chunks.len() == 1 { chunks.swap_remove(0) } else { chunks.concat().into() };
    Ok(Whole { bytes, error })
}

/// The error that the trailers of a streamed answer report.
fn reported(trailers: &HeaderMap) -> Option<InvokeError> {
    let error_type = text(trailers, "lambda-runtime-function-error-type")?.to_owned();
    let body = text(trailers, "lambda-runtime-function-error-body").unwrap_or_default();
    let payload = data_encoding::BASE64.decode(body.as_bytes()).unwrap_or_else(|_| body.as_bytes().to_vec());
    Some(InvokeError::Function { error_type, payload: payload.into() })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn accepted() -> Answer {
    let answer = Response::builder().status(StatusCode::ACCEPTED).header(header::CONTENT_TYPE, JSON);
    finish(answer, Bytes::from_static(b"{\"status\":\"OK\"}\n"))
}

fn refused(refusal: Refusal, wanted: &str) -> Answer {
    match refusal {
        Refusal::UnknownRequest => error(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        Refusal::State(state) => error(
            StatusCode::FORBIDDEN,
            "InvalidStateTransition",
            &format!(
                "State transition from {state:?} to {wanted} failed for runtime. Error: State transition is not allowed"
            ),
        ),
    }
}

fn unsupported(api: &str) -> Answer {
    let (error_type, message) = (format!("{api}.NotSupported"), format!("{api} API is not supported"));
    error(StatusCode::ACCEPTED, &error_type, &message)
}

fn error(status: StatusCode, error_type: &str, message: &str) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Report<'a> {
        error_message: &'a str,
        error_type: &'a str,
    }
    let answer = Response::builder().status(status).header(header::CONTENT_TYPE, JSON);
    finish(answer, to_json(&Report { error_message: message, error_type }))
}

fn not_found() -> Answer {
    plain(StatusCode::NOT_FOUND, "404 page not found\n")
}

fn plain(status: StatusCode, body: &'static str) -> Answer {
    let answer = Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    finish(answer, Bytes::from_static(body.as_bytes()))
}

fn to_json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// A response with a body. What cannot be a header (a client context with a line break) makes it an error instead.
fn finish(answer: Builder, body: Bytes) -> Answer {
    answer.body(Full::new(body)).unwrap_or_else(|_| {
        let mut broken = Response::new(Full::new(Bytes::new()));
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}
