//! Invocation by tools: the endpoint of Lambda's own API that takes an event and gives back what the function answers.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    function::{Function, Invocation, InvokeError, Mode},
    reply::{BUFFERED_LIMIT, Reply},
};

type Answer = Response<Full<Bytes>>;

/// A listener for direct invocations. It ends when dropped.
pub struct Server {
    address: SocketAddr,
    _listening: DropGuard,
}

impl Server {
    /// Serves functions by name. `function`, the name that AWS's own emulator answers to, means the only one.
    pub async fn start(address: SocketAddr, functions: Vec<Arc<Function>>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let listening = CancellationToken::new();
        tokio::spawn(listen(listener, functions.into(), listening.clone()));
        Ok(Self { address, _listening: listening.drop_guard() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn listen(listener: TcpListener, functions: Arc<[Arc<Function>]>, until: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = until.cancelled() => return,
        };
        let Ok((connection, _)) = accepted else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _ = connection.set_nodelay(true);
        let (functions, until) = (Arc::clone(&functions), until.clone());
        tokio::spawn(async move {
            let service =
                hyper::service::service_fn(|request| async { Ok::<_, Infallible>(answer(&functions, request).await) });
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(connection), service);
            tokio::select! {
                () = until.cancelled() => {}
                _ = connection => {}
            }
        });
    }
}

async fn answer(functions: &[Arc<Function>], request: Request<Incoming>) -> Answer {
    let path = request.uri().path();
    let name = path.strip_prefix("/2015-03-31/functions/").and_then(|rest| rest.strip_suffix("/invocations"));
    let Some(name) = name.filter(|_| request.method() == Method::POST) else {
        return plain(StatusCode::NOT_FOUND, "404 page not found\n".into());
    };
    let function = match functions {
        [only] if name == "function" => Some(only),
        _ => functions.iter().find(|function| name == function.settings().name || name == function.arn()),
    };
    let Some(function) = function else {
        return plain(StatusCode::NOT_FOUND, format!("There is no function {name:?}.\n"));
    };
    let client_context = match request.headers().get("x-amz-client-context").map(http::HeaderValue::as_bytes) {
        None | Some(b"") => None,
        Some(encoded) => match data_encoding::BASE64.decode(encoded).ok().and_then(|text| String::from_utf8(text).ok())
        {
            Some(context) => Some(context),
            None => {
                return plain(
                    StatusCode::BAD_REQUEST,
                    "The header X-Amz-Client-Context is not base64 of UTF-8.\n".into(),
                );
            }
        },
    };
    let trace_id = request.headers().get("x-amzn-trace-id").and_then(|it| it.to_str().ok()).map(str::to_owned);
    let mut event = Vec::new();
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return plain(StatusCode::BAD_REQUEST, "The event was cut off.\n".into()) };
        if let Ok(data) = frame.into_data() {
            // One that is too large is refused below, by its length.
            if event.len() <= BUFFERED_LIMIT {
                event.extend_from_slice(&data);
            }
        }
    }
    if event.is_empty() {
        event.extend_from_slice(b"{}");
    }
    let invocation = Invocation { event: event.into(), trace_id, mode: Mode::Buffered, client_context };
    let result = function.invoke(invocation).await;
    let answer = Response::builder().header(header::CONTENT_TYPE, "application/json");
    let answer = match &result {
        Ok(_) => answer,
        Err(InvokeError::RequestTooLarge(_)) => answer.status(StatusCode::PAYLOAD_TOO_LARGE),
        Err(InvokeError::Throttled) => answer.status(StatusCode::TOO_MANY_REQUESTS),
        Err(InvokeError::Unreachable(_) | InvokeError::Stopped) => answer.status(StatusCode::BAD_GATEWAY),
        Err(InvokeError::Function { .. } | InvokeError::TimedOut { .. } | InvokeError::ResponseTooLarge) => {
            answer.header("X-Amz-Function-Error", "Unhandled")
        }
    };
    let payload = match result {
        Ok(Reply::Buffered(payload)) => payload,
        // Not asked for.
        Ok(Reply::Streaming { .. }) => Bytes::new(),
        Err(error) => error.payload(),
    };
    let answer = answer.header("X-Amz-Executed-Version", "$LATEST").body(Full::new(payload));
    answer.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, String::new()))
}

fn plain(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::new(text.into()));
    *answer.status_mut() = status;
    answer
}
