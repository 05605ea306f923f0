//! Requests that a function answers: behind the balancer, or at its own URL.

use slipway_lambda::event::{self, ALB_BODY_LIMIT, FUNCTION_URL_LIMIT};
use slipway_lambda::function::{Function, Invocation, InvokeError, Mode};
use slipway_lambda::reply::Reply;
use slipway_lambda::response::{self, Failure, Head, Reason, Response, Streamed};
use slipway_lang::routing::Origin;
use tokio::time::Instant;

use crate::exchange::{After, Job, explanation};
use crate::fault::Fault;
use crate::forward;
use crate::front::{Payload, RequestBody, Respond};
use crate::group::{Choice, Lambda, TargetGroup};
use crate::headers;
use crate::http1::body::{BodyFault, Framing};
use crate::http1::field::Kind;
use crate::http1::head::Version;
use crate::http1::response::LONGEST_HEAD;
use crate::observe::Note;
use crate::page;
use crate::stream::Elapsed;

/// So much of an answer is sent at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Who stands before a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Front {
    Balancer,
    Url,
}

/// What goes wrong on the way to an answer of the function.
enum Problem {
    /// The exchange itself failed.
    Exchange(Fault),
    /// The function gave no answer that could be used.
    Function(Failure),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Exchange(fault)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Function(failure)
    }
}

/// Gives a request to the function of a group and sends its answer back.
pub(crate) async fn invoke<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    group: &TargetGroup,
    target: &Lambda,
    origin: Origin,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    let front = if origin == Origin::FunctionUrl { Front::Url } else { Front::Balancer };
    // What the service calls the request, in the event and in the response.
    let request_id = if front == Front::Url { event::request_id() } else { String::new() };
    let failure = match exchange(job, group, target, front, &request_id, body, respond).await {
        Ok(()) if body.is_done() && !job.is_suspect => return Ok(After::Keep),
        Ok(()) => return Ok(After::Close),
        Err(Problem::Exchange(fault)) => return Err(fault),
        Err(Problem::Function(failure)) => failure,
    };
    job.record.error_reason = Some(failure.reason.as_str());
    let fault = Fault::new(failure.status, code(failure.reason), failure.statement, failure.detail);
    match front {
        Front::Balancer => Err(fault),
        Front::Url => Ok(refuse(job, fault, &request_id, body, respond).await),
    }
}

async fn exchange<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    group: &TargetGroup,
    target: &Lambda,
    front: Front,
    request_id: &str,
    body: &mut B,
    respond: &mut R,
) -> Result<(), Problem> {
    if headers::is_websocket(job.head) {
        return Err(response::upgrade_refused().into());
    }
    let content = collect(job, front, body).await?;
    held(job, group, body).await?;
    let function = target.function().ok_or_else(|| forward::no_target(group))?;
    let event = event(job, target, &function, front, request_id, &content)?;
    let invocation = Invocation {
        event,
        trace_id: Some(job.record.trace_id.clone()),
        mode: if front == Front::Url { Mode::Streaming } else { Mode::Buffered },
        client_context: None,
    };
    job.record.dispatched = Some(Instant::now());
    let reply = tokio::select! {
        biased;
        reply = function.invoke(invocation) => reply,
        () = body.gone() => return Err(Fault::client_gone().into()),
    };
    job.record.answered = Some(Instant::now());
    job.record.replied = job.record.answered;
    let method = String::from_utf8_lossy(job.head.method());
    match (front, reply) {
        (Front::Balancer, Ok(Reply::Buffered(payload))) => {
            let alb =
                response::Alb { multi_value: target.multi_value_headers, strict: target.is_strict, method: &method };
            let response = response::alb(alb, &payload)?;
            for remark in &response.remarks {
                let name = &function.settings().name;
                job.site.tell_once("lambda-response-fields", name, || remarked(remark, name));
            }
            whole(job, front, request_id, response, respond).await.map_err(Problem::from)
        }
        (Front::Balancer, Ok(Reply::Streaming { .. })) => Err(response::of_alb(&InvokeError::Stopped).into()),
        (Front::Balancer, Err(error)) => Err(response::of_alb(&error).into()),
        (Front::Url, Ok(Reply::Buffered(payload))) => {
            let response = response::function_url(&payload, &method)?;
            whole(job, front, request_id, response, respond).await.map_err(Problem::from)
        }
        (Front::Url, Ok(Reply::Streaming { content_type, body: stream })) => {
            let streamed = tokio::select! {
                biased;
                streamed = response::streamed(content_type.as_deref(), stream) => streamed?,
                () = body.gone() => return Err(Fault::client_gone().into()),
            };
            stream_on(job, request_id, streamed, body, respond).await
        }
        (Front::Url, Err(error)) => Err(response::of_url(&error).into()),
    }
}

/// Reads the whole body, as long as it is not too large for an event.
async fn collect<B: RequestBody>(job: &mut Job<'_>, front: Front, body: &mut B) -> Result<Vec<u8>, Problem> {
    let (limit, too_large) = match front {
        Front::Balancer => (ALB_BODY_LIMIT, response::of_alb as fn(&InvokeError) -> Failure),
        Front::Url => (FUNCTION_URL_LIMIT, response::of_url as fn(&InvokeError) -> Failure),
    };
    let told = match body.framing() {
        Framing::Length(length) => usize::try_from(length).unwrap_or(usize::MAX),
        _ => 0,
    };
    if told > limit {
        return Err(too_large(&InvokeError::RequestTooLarge(told)).into());
    }
    let mut content = Vec::with_capacity(told);
    let idle = job.site.settings.timeouts.idle;
    while !body.is_done() {
        let piece = match job.watch.within(idle, body.fill()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            Ok(Err(BodyFault::Chunk)) => return Err(Fault::bad_chunk().into()),
            Ok(Err(BodyFault::Truncated | BodyFault::Io)) => return Err(Fault::truncated_body().into()),
            Err(Elapsed) => return Err(Fault::client_silent().into()),
        };
        let length = piece.len();
        content.extend_from_slice(piece);
        body.consume(length);
        job.record.received += length as u64;
        if content.len() > limit {
            return Err(too_large(&InvokeError::RequestTooLarge(content.len())).into());
        }
    }
    Ok(content)
}

/// Waits while the function is being built.
async fn held<B: RequestBody>(job: &mut Job<'_>, group: &TargetGroup, body: &mut B) -> Result<(), Fault> {
    let Some(hold) = job.site.settings.hold else { return Ok(()) };
    if !matches!(group.choose(), Choice::Wait(_)) {
        return Ok(());
    }
    let began = Instant::now();
    let ready = async {
        loop {
            let changed = group.changed.notified();
            if !matches!(group.choose(), Choice::Wait(_)) {
                return;
            }
            changed.await;
        }
    };
    tokio::select! {
        _ = job.watch.within(hold, ready) => {}
        () = body.gone() => return Err(Fault::client_gone()),
    }
    let waited = began.elapsed();
    job.record.held = Some(waited);
    job.site.observer.note(&Note {
        code: "held",
        statement: "ALB-247",
        message: format!("The request waited {waited:.1?} for the function of {} to be ready.", group.settings().name),
        target: None,
    });
    Ok(())
}

/// The event that the request becomes.
fn event(
    job: &Job<'_>,
    target: &Lambda,
    function: &Function,
    front: Front,
    request_id: &str,
    content: &[u8],
) -> Result<bytes::Bytes, Failure> {
    let Job { site, head, record, scratch, .. } = job;
    let settings = &site.settings;
    let origin = job.origin();
    let method = String::from_utf8_lossy(head.method());
    let target_text = String::from_utf8_lossy(headers::path_and_query(head.target()));
    let mut forwarded_for = Vec::new();
    let port = origin.port.to_string();
    let length = content.len().to_string();
    let mut fields: Vec<(&[u8], &[u8])> = Vec::with_capacity(head.fields().count() + 6);
    for field in head.fields() {
        if headers::passes(&field, settings) && !headers::is_named_by_connection(head, field.name) {
            fields.push((field.name, field.value));
        }
    }
    if headers::push_forwarded_for(&mut forwarded_for, head, origin, settings) {
        fields.push((b"x-forwarded-for", &forwarded_for));
    }
    fields.push((b"x-forwarded-proto", if origin.is_tls { b"https" } else { b"http" }));
    fields.push((b"x-forwarded-port", port.as_bytes()));
    fields.push((b"x-amzn-trace-id", record.trace_id.as_bytes()));
    if head.value(Kind::ContentLength).is_some() || !content.is_empty() {
        fields.push((b"content-length", length.as_bytes()));
    }
    if front == Front::Balancer {
        fields.push((
            b"host",
            if settings.preserve_host { head.value(Kind::Host).unwrap_or(&scratch.host) } else { &scratch.host },
        ));
    }
    let request = event::Request {
        method: &method,
        target: &target_text,
        headers: &fields,
        body: content,
        source: origin.client.ip().to_canonical(),
    };
    match front {
        Front::Balancer => {
            let installed = record.rules.as_ref().zip(record.route);
            let target_group_arn = installed.map_or("", |(rules, route)| &rules.arns[route]);
            event::alb(event::Alb { target_group_arn, multi_value: target.multi_value_headers }, request)
        }
        Front::Url => {
            let protocol = match head.version() {
                Version::Http10 => "HTTP/1.0",
                Version::Http11 => "HTTP/1.1",
                Version::Http2 => "HTTP/2.0",
            };
            let function = function.settings();
            let id = settings.names.function_url(&function.name);
            let url =
                event::FunctionUrl { id: &id, region: &function.region, request_id, protocol, time: record.created };
            event::function_url(url, request)
        }
    }
}

/// Writes the head of an answer, without what frames it.
fn begin(
    job: &mut Job<'_>,
    front: Front,
    request_id: &str,
    head: &Head,
    respond: &mut impl Respond,
) -> Result<(), Fault> {
    let length: usize = head.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    if length > LONGEST_HEAD {
        return Err(Fault::new(
            502,
            "long-response-head",
            "ALB-303",
            "The headers of the function's response have more than 32 KiB. Send fewer or smaller cookies.",
        ));
    }
    job.record.status = head.status;
    job.record.target_status = Some(head.status);
    match &head.reason {
        Some(reason) => respond.start(head.status, reason.as_bytes()),
        None => respond.start(
            head.status,
            http::StatusCode::from_u16(head.status)
                .ok()
                .and_then(|it| it.canonical_reason())
                .unwrap_or_default()
                .as_bytes(),
        ),
    }
    let has = |wanted: &str| head.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    if !has("date") {
        respond.field(b"Date", page::date().as_bytes());
    }
    match front {
        Front::Balancer if !has("server") => respond.field(b"Server", page::SERVER),
        Front::Balancer => {}
        Front::Url => {
            respond.field(b"x-amzn-RequestId", request_id.as_bytes());
            respond.field(b"X-Amzn-Trace-Id", job.record.trace_id.as_bytes());
        }
    }
    for (name, value) in &head.headers {
        respond.field(name.as_bytes(), value.as_bytes());
    }
    for (name, value) in explanation(job, None).fields() {
        respond.field(name, value);
    }
    Ok(())
}

/// Sends an answer that is all there.
async fn whole<R: Respond>(
    job: &mut Job<'_>,
    front: Front,
    request_id: &str,
    response: Response,
    respond: &mut R,
) -> Result<(), Fault> {
    begin(job, front, request_id, &response.head, respond)?;
    respond.finish_head(match response.head.status {
        204 | 304 => Payload::None,
        _ => Payload::Length(response.content_length),
    });
    let idle = job.site.settings.timeouts.idle;
    // In pieces, so that a slow client is not taken for a silent one.
    for piece in response.body.chunks(PIECE) {
        let sent = job.watch.within(idle, respond.data(piece)).await;
        sent.map_err(|Elapsed| Fault::client_silent())?.map_err(|_| Fault::client_gone())?;
    }
    let sent = job.watch.within(idle, respond.end(b"")).await;
    sent.map_err(|Elapsed| Fault::client_silent())?.map_err(|_| Fault::client_gone())
}

/// Sends an answer as it comes.
async fn stream_on<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    request_id: &str,
    streamed: Streamed,
    body: &mut B,
    respond: &mut R,
) -> Result<(), Problem> {
    let Streamed { head, content_length, body: mut stream } = streamed;
    begin(job, Front::Url, request_id, &head, respond)?;
    respond.finish_head(match (head.status, content_length) {
        (204 | 304, _) => Payload::None,
        (_, Some(length)) if job.head.method() == b"HEAD" => Payload::Length(length),
        _ => Payload::Unknown,
    });
    let idle = job.site.settings.timeouts.idle;
    let late = |Elapsed| Fault::client_silent();
    loop {
        job.watch.within(idle, respond.flush()).await.map_err(late)?.map_err(|_| Fault::client_gone())?;
        let chunk = tokio::select! {
            biased;
            chunk = stream.next() => chunk,
            () = body.gone() => return Err(Fault::client_gone().into()),
        };
        match chunk {
            Some(Ok(bytes)) => {
                job.watch.within(idle, respond.data(&bytes)).await.map_err(late)?.map_err(|_| Fault::client_gone())?;
            }
            Some(Err(cut)) => {
                return Err(Failure {
                    status: 502,
                    reason: Reason::Unhandled,
                    statement: "ALB-374",
                    detail: cut.reason,
                }
                .into());
            }
            None => break,
        }
    }
    job.watch.within(idle, respond.end(b"")).await.map_err(late)?.map_err(|_| Fault::client_gone())?;
    Ok(())
}

/// Answers in place of a function behind its URL: what the service says itself is no page of a balancer.
async fn refuse<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    fault: Fault,
    request_id: &str,
    body: &mut B,
    respond: &mut R,
) -> After {
    let note = fault.note(None);
    job.site.observer.note(&note);
    job.record.note = Some(note);
    if respond.has_head() {
        return After::Close;
    }
    let text = match fault.status {
        400 => "{\"message\":\"Bad Request\"}",
        413 => "{\"message\":\"Request Entity Too Large\"}",
        429 => "{\"message\":\"Rate Exceeded.\"}",
        _ => "Internal Server Error",
    };
    if !body.is_done() {
        respond.close();
    }
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let head = Head { status: fault.status, reason: None, headers };
    let answer = Response { head, content_length: text.len() as u64, body: text.into(), remarks: Vec::new() };
    let sent = whole(job, Front::Url, request_id, answer, respond).await;
    job.record.target_status = None;
    if sent.is_ok() && body.is_done() { After::Keep } else { After::Close }
}

fn remarked(remark: &str, function: &str) -> Note {
    Note {
        code: "lambda-response-fields",
        statement: "ALB-272",
        message: format!("{function}: {remark}"),
        target: None,
    }
}

/// The short name of a failure.
fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::BadRequest => "lambda-bad-request",
        Reason::ConnectionError => "lambda-connection-error",
        Reason::ConnectionTimeout => "lambda-connection-time-out",
        Reason::InvalidResponse => "lambda-invalid-response",
        Reason::RequestTooLarge => "lambda-request-too-large",
        Reason::ResponseTooLarge => "lambda-response-too-large",
        Reason::Throttling => "lambda-throttling",
        Reason::Unhandled => "lambda-unhandled",
        Reason::WebsocketNotSupported => "lambda-websocket",
    }
}
