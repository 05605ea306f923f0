//! A client's connection that speaks HTTP/2. What each stream asks goes through the same exchange as over HTTP/1.

use std::convert::Infallible;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::connection::too_long;
use crate::exchange::{self, After, Job, Scratch};
use crate::front::{Payload, RequestBody, Respond};
use crate::http1::body::{self, BodyFault, Framing};
use crate::http1::head::{Head, Version};
use crate::http1::response::push_field;
use crate::record::Record;
use crate::site::{Client, Site};
use crate::stream::Watch;

/// So many requests may be under way on a connection.
const MOST_STREAMS: u32 = 128;
/// After so many requests a connection is closed.
const MOST_REQUESTS: u64 = 10_000;
/// The longest list of fields that is read at all, in bytes; what is too long for a load balancer is refused later.
const LONGEST_LIST: u32 = 128 * 1024;
/// So many pieces of an answer may wait for the client.
const WAITING_PIECES: usize = 4;

/// Serves a client until the connection is over.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    site: Arc<Site>,
    stream: S,
    client: Client,
) {
    let timeouts = site.settings.timeouts;
    let use_of = Arc::new(Use::default());
    let mut stopping = site.stopping.subscribe();
    let service = {
        let (site, client, use_of) = (Arc::clone(&site), Arc::new(client), Arc::clone(&use_of));
        service_fn(move |request| {
            use_of.begun.fetch_add(1, Ordering::Relaxed);
            answer(Arc::clone(&site), Arc::clone(&client), request, Active::new(&use_of))
        })
    };
    let connection = http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(LONGEST_LIST)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let end_of_life = Instant::now() + timeouts.lifetime;
    let mut is_ending = false;
    let mut last_begun = 0;
    let mut idle_since = Instant::now();
    loop {
        // Coarse, and of no cost to a request.
        let look = tokio::time::sleep((timeouts.idle / 4).min(Duration::from_secs(1)));
        tokio::select! {
            // Whatever ended the connection, the streams on it have been told.
            _ = connection.as_mut() => return,
            () = look => {}
            _ = stopping.wait_for(|stopping| *stopping), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
            () = use_of.enough.notified(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
        let begun = use_of.begun.load(Ordering::Relaxed);
        if begun != last_begun || use_of.active.load(Ordering::Relaxed) > 0 {
            (last_begun, idle_since) = (begun, Instant::now());
        }
        let is_idle = idle_since.elapsed() >= timeouts.idle;
        if !is_ending && (is_idle || Instant::now() >= end_of_life) {
            is_ending = true;
            connection.as_mut().graceful_shutdown();
        }
    }
}

/// How a connection is used.
#[derive(Debug, Default)]
struct Use {
    begun: AtomicU64,
    active: AtomicUsize,
    /// Told when no more requests are taken.
    enough: tokio::sync::Notify,
}

/// A request under way.
struct Active(Arc<Use>);

impl Active {
    fn new(use_of: &Arc<Use>) -> Self {
        use_of.active.fetch_add(1, Ordering::Relaxed);
        if use_of.begun.load(Ordering::Relaxed) >= MOST_REQUESTS {
            use_of.enough.notify_one();
        }
        Self(Arc::clone(use_of))
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs an exchange of its own for a stream, and gives the head of its answer as soon as it is there.
async fn answer(
    site: Arc<Site>,
    client: Arc<Client>,
    request: http::Request<Incoming>,
    active: Active,
) -> Result<http::Response<Answer>, Infallible> {
    let (head_sender, head) = oneshot::channel();
    let (pieces_sender, pieces) = mpsc::channel(WAITING_PIECES);
    let (alive, gone) = oneshot::channel();
    tokio::spawn(async move {
        run(&site, &client, request, alive, Out::new(head_sender, pieces_sender)).await;
        drop(active);
    });
    let body = Answer { pieces, _gone: gone };
    Ok(match head.await {
        Ok(parts) => http::Response::from_parts(parts, body),
        // The exchange ended without an answer, which only a client that left makes it do.
        Err(_) => http::Response::new(body),
    })
}

async fn run(
    site: &Site,
    client: &Client,
    request: http::Request<Incoming>,
    alive: oneshot::Sender<Infallible>,
    mut out: Out,
) {
    let (parts, incoming) = request.into_parts();
    let mut head = Head::default();
    make_head(&mut head, &parts);
    let mut body = Input::new(incoming, &parts.headers, alive);
    let (mut record, mut scratch) = (Record::new(), Scratch::default());
    let mut watch = Watch::new(site.settings.timeouts.idle);
    record.begin(site, head.bytes().len() as u64);
    out.is_answer_to_head = head.method() == b"HEAD";
    let mut job = Job {
        site,
        client,
        head: &head,
        scratch: &mut scratch,
        watch: &mut watch,
        record: &mut record,
        is_suspect: false,
    };
    let after = match too_long(&head) {
        None => exchange::serve(&mut job, &mut body, &mut out).await,
        Some(fault) => exchange::refuse(&mut job, &mut body, &mut out, fault).await,
    };
    if matches!(after, After::Close) && out.stage < Stage::Ended {
        out.abort().await;
    }
    record.finish(site, client, &head, &scratch);
}

fn make_head(head: &mut Head, parts: &http::request::Parts) {
    let target = parts.uri.path_and_query().map_or("*", |target| target.as_str());
    head.make(parts.method.as_str().as_bytes(), target.as_bytes(), Version::Http2);
    if let Some(authority) = parts.uri.authority() {
        head.push(b"host", authority.as_str().as_bytes());
    }
    let cookies: Vec<&[u8]> = parts.headers.get_all(http::header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    for (name, value) in &parts.headers {
        let is_host_again = name == http::header::HOST && parts.uri.authority().is_some();
        if name != http::header::COOKIE && !is_host_again {
            head.push(name.as_str().as_bytes(), value.as_bytes());
        }
    }
    // A client of HTTP/2 may cut its cookies up, and has them put together for HTTP/1 (RFC 9113, section 8.2.3).
    if !cookies.is_empty() {
        head.push(b"cookie", &cookies.join(&b"; "[..]));
    }
}

/// The body of a request.
struct Input {
    incoming: Incoming,
    framing: Framing,
    piece: Bytes,
    is_over: bool,
    trailers: Vec<u8>,
    /// Closed when the client has lost interest.
    alive: oneshot::Sender<Infallible>,
}

impl Input {
    fn new(incoming: Incoming, headers: &HeaderMap, alive: oneshot::Sender<Infallible>) -> Self {
        let length = headers.get(http::header::CONTENT_LENGTH).and_then(|value| body::length(value.as_bytes()));
        let is_over = incoming.is_end_stream();
        let framing = match length {
            _ if is_over => Framing::None,
            Some(length) => Framing::Length(length),
            None => Framing::Chunked,
        };
        Self { incoming, framing, piece: Bytes::new(), is_over, trailers: Vec::new(), alive }
    }
}

impl RequestBody for Input {
    fn framing(&self) -> Framing {
        self.framing
    }

    fn peek(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        Ok(if self.piece.is_empty() { None } else { Some(&self.piece) })
    }

    async fn fill(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        while self.piece.is_empty() {
            match std::future::poll_fn(|ctx| Pin::new(&mut self.incoming).poll_frame(ctx)).await {
                None => {
                    self.is_over = true;
                    return Ok(None);
                }
                Some(Err(_)) => return Err(BodyFault::Truncated),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => self.piece = piece,
                    Err(frame) => {
                        for (name, value) in frame.trailers_ref().into_iter().flatten() {
                            push_field(&mut self.trailers, name.as_str().as_bytes(), value.as_bytes());
                        }
                    }
                },
            }
        }
        Ok(Some(&self.piece))
    }

    fn consume(&mut self, length: usize) {
        self.piece.advance(length);
        self.is_over |= self.piece.is_empty() && self.incoming.is_end_stream();
    }

    fn is_done(&self) -> bool {
        self.is_over && self.piece.is_empty()
    }

    fn trailers(&self) -> &[u8] {
        &self.trailers
    }

    async fn gone(&mut self) {
        self.alive.closed().await;
    }
}

/// The way back to the client.
struct Out {
    head: Option<oneshot::Sender<http::response::Parts>>,
    pieces: mpsc::Sender<io::Result<Frame<Bytes>>>,
    parts: http::response::Parts,
    is_answer_to_head: bool,
    has_body: bool,
    stage: Stage,
    sent: u64,
}

/// How far an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Begun,
    /// The head is finished.
    Head,
    Ended,
}

impl Out {
    fn new(head: oneshot::Sender<http::response::Parts>, pieces: mpsc::Sender<io::Result<Frame<Bytes>>>) -> Self {
        let (parts, ()) = http::Response::new(()).into_parts();
        Self { head: Some(head), pieces, parts, is_answer_to_head: false, has_body: true, stage: Stage::Begun, sent: 0 }
    }

    /// Lets the client know that the answer is not whole.
    async fn abort(&mut self) {
        // A client that is gone needs not be told.
        let _ = self.flush().await;
        let _ = self.pieces.send(Err(io::ErrorKind::ConnectionAborted.into())).await;
    }

    async fn send(&mut self, frame: Frame<Bytes>) -> io::Result<()> {
        self.flush().await?;
        self.pieces.send(Ok(frame)).await.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Respond for Out {
    fn start(&mut self, status: u16, _: &[u8]) {
        // Statuses without a meaning for the standard, such as 999, are not known to the library.
        self.parts.status = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        // What HTTP/2 has no way to say is left out.
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            self.sent += name.as_str().len() as u64 + value.len() as u64;
            self.parts.headers.append(name, value);
        }
    }

    fn finish_head(&mut self, payload: Payload) {
        if let Payload::Length(length) = payload {
            self.parts.headers.insert(http::header::CONTENT_LENGTH, length.into());
        }
        self.has_body = payload != Payload::None && !self.is_answer_to_head;
        self.stage = Stage::Head;
    }

    fn finish_upgrade(&mut self, _: &[u8]) {
        // Nobody can ask for it over HTTP/2.
        self.stage = Stage::Head;
    }

    async fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        if !self.has_body || piece.is_empty() {
            return Ok(());
        }
        self.sent += piece.len() as u64;
        self.send(Frame::data(Bytes::copy_from_slice(piece))).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        let Some(head) = self.head.take_if(|_| self.stage >= Stage::Head) else { return Ok(()) };
        let (empty, ()) = http::Response::new(()).into_parts();
        let parts = std::mem::replace(&mut self.parts, empty);
        head.send(parts).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    async fn end(&mut self, trailers: &[u8]) -> io::Result<()> {
        self.flush().await?;
        self.stage = Stage::Ended;
        let mut fields = HeaderMap::new();
        for line in trailers.split(|byte| *byte == b'\n') {
            let line = line.trim_ascii();
            if let Some(colon) = line.iter().position(|byte| *byte == b':')
                && let Ok(name) = HeaderName::from_bytes(&line[..colon])
                && let Ok(value) = HeaderValue::from_bytes(line[colon + 1..].trim_ascii())
            {
                fields.append(name, value);
            }
        }
        if fields.is_empty() || !self.has_body { Ok(()) } else { self.send(Frame::trailers(fields)).await }
    }

    fn has_head(&self) -> bool {
        self.stage >= Stage::Head
    }

    fn close(&mut self) {}

    fn sent(&self) -> u64 {
        self.sent
    }
}

/// The body of an answer, as it comes from the exchange.
struct Answer {
    pieces: mpsc::Receiver<io::Result<Frame<Bytes>>>,
    /// Tells the exchange, when it is dropped, that the client has lost interest.
    _gone: oneshot::Receiver<Infallible>,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.poll_recv(ctx)
    }
}
