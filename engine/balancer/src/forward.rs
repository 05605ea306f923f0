//! Forwarding a request to a target over HTTP/1.1.

use std::future::poll_fn;
use std::io::{self, IoSlice, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::edge;
use crate::exchange::{After, Explanation, Job, explanation};
use crate::fault::Fault;
use crate::front::{Payload, RequestBody, Respond};
use crate::group::{Choice, Target, TargetGroup};
use crate::headers;
use crate::http1::body::{Body, BodyFault, Framing};
use crate::http1::field::{self, Kind};
use crate::http1::response::{self, Malformed, ResponseHead};
use crate::observe::Note;
use crate::record::Record;
use crate::stream::{Buffer, Elapsed, ReadHalf, Watch, WriteHalf};
use crate::upstream::{ConnectFault, Connection};

/// Forwards a request to a target of the group and sends its answer back.
pub(crate) async fn forward<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    group: &TargetGroup,
    is_devproxy: bool,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    let target =
        if is_devproxy { group.any().ok_or_else(|| no_target(group))? } else { choose(job, group, body).await? };
    let outstanding = target.begin();
    job.record.target = Some(Arc::clone(&target));
    let mut request = std::mem::take(&mut job.scratch.request);
    request.clear();
    if is_devproxy {
        headers::write_plain_request(&mut request, job.head, &job.scratch.host, body.framing());
    } else {
        headers::write_request(
            &mut request,
            job.head,
            job.origin(),
            &job.scratch.host,
            &job.record.trace_id,
            body.framing(),
            &job.site.settings,
        );
    }
    let patience = Patience::new(job, is_devproxy);
    let mut is_repeat = false;
    let mut attempts = 1;
    let result = loop {
        let mut connection = match connection(job, &target, is_repeat).await {
            Ok(connection) => connection,
            Err(fault) => break Err(fault),
        };
        match attempt(job, &target, &mut connection, &request, &patience, body, respond).await {
            // The target closed the idle connection while the request was on its way.
            Err(Broken::Unanswered(_)) if connection.idle_since.is_some() && may_be_repeated(job, body) => {
                job.site.tell_once("idle-connection-lost", &target.name, || idle_connection_lost(&target));
                is_repeat = true;
            }
            Err(Broken::Silent) if patience.repeats && attempts < EDGE_ATTEMPTS && !respond.has_head() => {
                attempts += 1;
            }
            Err(broken) => break Err(broken.fault(&target, connection.idle_since.is_some(), &patience)),
            Ok(Answered::Upgraded) => break Ok(After::Tunnel(Box::new((connection, outstanding)))),
            Ok(Answered::Whole { keeps_alive }) => {
                let is_complete = body.is_done();
                if keeps_alive && is_complete && !job.is_suspect && job.scratch.response.is_empty() {
                    target.pool.give_back(connection);
                }
                break Ok(if is_complete && !job.is_suspect { After::Keep } else { After::Close });
            }
        }
    };
    job.scratch.request = request;
    result
}

/// Who answers; waits for one that is being built or started.
async fn choose<B: RequestBody>(job: &mut Job<'_>, group: &TargetGroup, body: &mut B) -> Result<Arc<Target>, Fault> {
    let mut choice = group.choose();
    if let Choice::Wait(_) = choice
        && let Some(hold) = job.site.settings.hold
    {
        let began = Instant::now();
        let ready = async {
            loop {
                let changed = group.changed.notified();
                match group.choose() {
                    Choice::Wait(_) => changed.await,
                    choice => return choice,
                }
            }
        };
        let mut ready = pin!(ready);
        let mut gone = pin!(body.gone());
        let held = job.watch.within(
            hold,
            poll_fn(|ctx| match ready.as_mut().poll(ctx) {
                Poll::Ready(choice) => Poll::Ready(Some(choice)),
                Poll::Pending => gone.as_mut().poll(ctx).map(|()| None),
            }),
        );
        choice = match held.await {
            Ok(Some(choice)) => choice,
            Ok(None) => return Err(Fault::client_gone()),
            Err(Elapsed) => group.choose(),
        };
        let held = began.elapsed();
        job.record.held = Some(held);
        job.site.observer.note(&Note {
            code: "held",
            statement: "ALB-247",
            message: format!("The request waited {held:.1?} for a target of {} to be ready.", group.settings().name),
            target: None,
        });
    }
    match choice {
        Choice::Target(target) | Choice::Wait(Some(target)) => Ok(target),
        Choice::Wait(None) | Choice::Empty => Err(no_target(group)),
    }
}

/// Nobody is there who could answer.
pub(crate) fn no_target(group: &TargetGroup) -> Fault {
    let message = format!(
        "The target group {} has no registered target. Start the container, or look at why it stopped.",
        group.settings().name
    );
    Fault::new(503, "no-target", "ALB-214", message)
}

/// How long a target may be silent.
struct Patience {
    limit: Duration,
    /// It is the edge that is so impatient.
    is_edges: bool,
    /// The edge asks again when its patience is over.
    repeats: bool,
    is_devproxy: bool,
}

/// How often the edge asks, if it asks again at all.
const EDGE_ATTEMPTS: u32 = 3;
/// A time that nobody lives to see.
const FOR_EVER: Duration = Duration::from_hours(365 * 24);

impl Patience {
    fn new(job: &Job<'_>, is_devproxy: bool) -> Self {
        let settings = &job.site.settings;
        let (idle, edge_read) = (settings.timeouts.idle, settings.timeouts.edge_read);
        let is_edges = job.record.is_behind_edge && edge_read < idle;
        Self {
            limit: match (is_devproxy, is_edges) {
                (true, _) => FOR_EVER,
                (false, true) => edge_read,
                (false, false) => idle,
            },
            is_edges,
            repeats: is_edges && settings.edge_retries && matches!(job.head.method(), b"GET" | b"HEAD"),
            is_devproxy,
        }
    }
}

/// A connection to the target: one used before, unless one of those has just failed.
async fn connection(job: &mut Job<'_>, target: &Target, is_new: bool) -> Result<Connection, Fault> {
    let timeouts = &job.site.settings.timeouts;
    if !is_new && let Some(connection) = target.pool.take(timeouts.idle) {
        return Ok(connection);
    }
    let name = &target.name;
    match job.watch.within(timeouts.connect, target.pool.connect()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(ConnectFault::Refused(error))) => Err(Fault::new(
            502,
            "connect",
            "ALB-183",
            format!(
                "No connection to {name}: {error}. Look whether the container runs and listens on this port, on all \
                 interfaces (0.0.0.0) and not only on 127.0.0.1 inside the container."
            ),
        )),
        Ok(Err(ConnectFault::Handshake(error))) => Err(Fault::new(
            502,
            "target-tls",
            "ALB-185",
            format!("The TLS handshake with {name} failed: {error}. Look whether the target speaks TLS on this port."),
        )),
        Err(Elapsed) => Err(Fault::new(
            504,
            "connect-time-out",
            "ALB-183",
            format!(
                "There was no connection to {name} within {:?}. Look whether the address is right and nothing in \
                 between drops packets.",
                timeouts.connect
            ),
        )),
    }
}

/// What came of a request that was sent.
enum Answered {
    /// A whole answer, and whether the target takes another request on this connection.
    Whole { keeps_alive: bool },
    /// The target agreed to speak another protocol.
    Upgraded,
}

/// Why no whole answer came.
#[derive(Debug)]
enum Broken {
    /// The target closed the connection before it sent anything.
    Unanswered(Option<io::Error>),
    /// The target closed the connection in the middle of its answer.
    Cut,
    /// The target did not go on in time.
    Silent,
    Malformed(Malformed),
    /// The target was deregistered too long ago.
    Deregistered,
    /// A 101 that nobody asked for.
    UnaskedUpgrade,
    ClientGone,
    ClientSilent,
    /// The client closed the connection before it had sent its whole body.
    TruncatedBody,
    BadChunk,
}

/// How far the body of a request has been sent.
#[derive(Default)]
struct Progress {
    sent: AtomicU64,
    is_complete: AtomicBool,
}

/// Sends the request, and its body while the answer may already come.
async fn attempt<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    target: &Target,
    connection: &mut Connection,
    request: &[u8],
    patience: &Patience,
    body: &mut B,
    respond: &mut R,
) -> Result<Answered, Broken> {
    let (mut read, mut write) = connection.stream.split();
    let idle = job.site.settings.timeouts.idle;
    let framing = body.framing();
    job.scratch.response.clear();
    let first = body.peek().map_err(|_| Broken::BadChunk)?;
    let length = first.map_or(0, <[u8]>::len);
    let sent = job.watch.within(idle, write_piece(&mut write, request, first.unwrap_or_default(), framing));
    let sent = sent.await.map_err(|Elapsed| Broken::Silent)?;
    // A target may refuse a body and close, and still have said why.
    if let Err(error) = sent
        && length == 0
    {
        return Err(Broken::Unanswered(Some(error)));
    }
    body.consume(length);
    job.record.dispatched = Some(Instant::now());
    let longest_head = if job.record.is_behind_edge { edge::LONGEST_HEAD } else { response::LONGEST_HEAD };
    let progress = Progress::default();
    let explanation = explanation(job, None);
    let received = {
        let mut receiving = pin!(receive(
            Receiver {
                read: &mut read,
                buffer: &mut job.scratch.response,
                watch: job.watch,
                limit: patience.limit,
                progress: &progress,
                record: job.record,
                is_answer_to_head: job.head.method() == b"HEAD",
                wants_upgrade: !patience.is_devproxy && headers::is_websocket(job.head),
                longest_head,
                explanation: &explanation,
            },
            respond,
        ));
        let mut deregistered = pin!(target.cut.notified());
        let mut sending = pin!(send(body, &mut write, &progress, idle));
        poll_fn(|ctx| match receiving.as_mut().poll(ctx) {
            Poll::Ready(received) => Poll::Ready(received),
            Poll::Pending => match sending.as_mut().poll(ctx) {
                Poll::Ready(broken) => Poll::Ready(Err(broken)),
                Poll::Pending => deregistered.as_mut().poll(ctx).map(|()| Err(Broken::Deregistered)),
            },
        })
        .await
    };
    job.record.received += length as u64 + progress.sent.load(Ordering::Relaxed);
    received
}

/// Sends the body piece by piece, then waits for the client to go away. Ends only with a reason to give up.
async fn send<B: RequestBody>(body: &mut B, write: &mut WriteHalf<'_>, progress: &Progress, idle: Duration) -> Broken {
    let framing = body.framing();
    if !body.is_done() {
        let mut watch = Watch::new(idle);
        loop {
            let piece = match watch.within(idle, body.fill()).await {
                Ok(Ok(Some(piece))) => piece,
                Ok(Ok(None)) => break,
                Ok(Err(BodyFault::Chunk)) => return Broken::BadChunk,
                Ok(Err(BodyFault::Truncated | BodyFault::Io)) => return Broken::TruncatedBody,
                Err(Elapsed) => return Broken::ClientSilent,
            };
            let length = piece.len();
            match watch.within(idle, write_piece(write, &[], piece, framing)).await {
                Ok(Ok(())) => {}
                // The answer may have come, or say why; who reads it finds out.
                Ok(Err(_)) => return std::future::pending().await,
                Err(Elapsed) => return Broken::Silent,
            }
            body.consume(length);
            progress.sent.fetch_add(length as u64, Ordering::Relaxed);
        }
    }
    if framing == Framing::Chunked {
        let end = [b"0\r\n", body.trailers(), b"\r\n"].concat();
        if write.write_all(&mut [IoSlice::new(&end)]).await.is_err() {
            return std::future::pending().await;
        }
    }
    progress.is_complete.store(true, Ordering::Relaxed);
    body.gone().await;
    Broken::ClientGone
}

/// Writes the head, if it is given, and a piece of content.
async fn write_piece(write: &mut WriteHalf<'_>, head: &[u8], piece: &[u8], framing: Framing) -> io::Result<()> {
    if piece.is_empty() {
        return write.write_all(&mut [IoSlice::new(head)]).await;
    }
    if framing != Framing::Chunked {
        return write.write_all(&mut [IoSlice::new(head), IoSlice::new(piece)]).await;
    }
    let mut size = Vec::with_capacity(18);
    // Writing to memory does not fail.
    let _ = write!(size, "{:x}\r\n", piece.len());
    let slices = [head, &size, piece, b"\r\n"];
    write.write_all(&mut slices.map(IoSlice::new)).await
}

/// What is needed to receive an answer.
struct Receiver<'a, 'io> {
    read: &'a mut ReadHalf<'io>,
    buffer: &'a mut Buffer,
    watch: &'a mut Watch,
    /// How long the target may be silent.
    limit: Duration,
    progress: &'a Progress,
    record: &'a mut Record,
    is_answer_to_head: bool,
    wants_upgrade: bool,
    longest_head: usize,
    explanation: &'a Explanation,
}

/// What the head of an answer leads to.
enum Begun {
    /// An interim answer, which is not passed on; so many bytes of it.
    Interim(usize),
    Upgraded(usize),
    Final {
        length: usize,
        framing: Framing,
        keeps_alive: bool,
    },
    /// A 101 that nobody asked for.
    Unasked,
}

async fn receive<R: Respond>(mut receiver: Receiver<'_, '_>, respond: &mut R) -> Result<Answered, Broken> {
    let (framing, keeps_alive) = loop {
        if !receiver.buffer.is_empty() {
            let begun = response::read(receiver.buffer.data(), receiver.longest_head, |head| {
                begin(
                    head,
                    receiver.record,
                    receiver.explanation,
                    receiver.is_answer_to_head,
                    receiver.wants_upgrade,
                    respond,
                )
            });
            match begun.map_err(Broken::Malformed)? {
                Some(Begun::Interim(length)) => {
                    receiver.buffer.consume(length);
                    continue;
                }
                Some(Begun::Upgraded(length)) => {
                    receiver.buffer.consume(length);
                    respond.flush().await.map_err(|_| Broken::ClientGone)?;
                    return Ok(Answered::Upgraded);
                }
                Some(Begun::Unasked) => return Err(Broken::UnaskedUpgrade),
                Some(Begun::Final { length, framing, keeps_alive }) => {
                    receiver.buffer.consume(length);
                    break (framing, keeps_alive);
                }
                None => {}
            }
        }
        let is_first = receiver.buffer.is_empty();
        match receiver.read_head().await? {
            Ok(0) if is_first => return Err(Broken::Unanswered(None)),
            Ok(0) => return Err(Broken::Cut),
            Ok(_) => {}
            Err(error) if is_first => return Err(Broken::Unanswered(Some(error))),
            Err(_) => return Err(Broken::Cut),
        }
        if receiver.record.answered.is_none() {
            receiver.record.answered = Some(Instant::now());
        }
    };
    receiver.record.replied = receiver.record.answered;
    let mut body = Body::new(receiver.read, receiver.buffer, framing);
    loop {
        if let Some(piece) = body.peek().map_err(|_| Broken::Cut)? {
            let length = piece.len();
            let sent = receiver.watch.within(receiver.limit, respond.data(piece)).await;
            sent.map_err(|Elapsed| Broken::ClientSilent)?.map_err(|_| Broken::ClientGone)?;
            body.consume(length);
        } else if body.is_done() {
            break;
        } else {
            let sent = receiver.watch.within(receiver.limit, respond.flush()).await;
            sent.map_err(|Elapsed| Broken::ClientSilent)?.map_err(|_| Broken::ClientGone)?;
            let filled = receiver.watch.within(receiver.limit, body.fill()).await;
            filled.map_err(|Elapsed| Broken::Silent)?.map_err(|_| Broken::Cut)?;
        }
    }
    let sent = receiver.watch.within(receiver.limit, respond.end(body.trailers())).await;
    sent.map_err(|Elapsed| Broken::ClientSilent)?.map_err(|_| Broken::ClientGone)?;
    Ok(Answered::Whole { keeps_alive: keeps_alive && framing != Framing::UntilClose })
}

impl Receiver<'_, '_> {
    /// Reads once. While the request is still being sent, the target has reason to be silent.
    async fn read_head(&mut self) -> Result<io::Result<usize>, Broken> {
        loop {
            let sent = self.progress.sent.load(Ordering::Relaxed);
            if let Ok(read) = self.watch.within(self.limit, self.buffer.read(self.read)).await {
                return Ok(read);
            }
            let is_complete = self.progress.is_complete.load(Ordering::Relaxed);
            if is_complete && self.progress.sent.load(Ordering::Relaxed) == sent {
                return Err(Broken::Silent);
            }
        }
    }
}

/// Passes the head of an answer on.
fn begin<R: Respond>(
    head: &ResponseHead<'_>,
    record: &mut Record,
    explanation: &Explanation,
    is_answer_to_head: bool,
    wants_upgrade: bool,
    respond: &mut R,
) -> Result<Begun, Malformed> {
    match head.status {
        101 if !wants_upgrade => return Ok(Begun::Unasked),
        100 | 102..=199 => return Ok(Begun::Interim(head.length)),
        _ => {}
    }
    let framing = head.framing(is_answer_to_head)?;
    record.status = head.status;
    record.target_status = Some(head.status);
    respond.start(head.status, head.reason);
    let mut protocol: &[u8] = b"websocket";
    let mut length = None;
    for header in head.fields {
        let (name, value) = (header.name.as_bytes(), header.value);
        match field::kind(name) {
            Kind::Upgrade => protocol = value,
            Kind::ContentLength => length = crate::http1::body::length(value),
            kind if kind.is_hop_by_hop() => {}
            _ if head.is_named_by_connection(name) => {}
            _ => respond.field(name, value),
        }
    }
    for (name, value) in explanation.fields() {
        respond.field(name, value);
    }
    if head.status == 101 {
        record.is_websocket = true;
        respond.finish_upgrade(protocol);
        return Ok(Begun::Upgraded(head.length));
    }
    respond.finish_head(match (framing, length) {
        (Framing::Length(length), _) => Payload::Length(length),
        (Framing::Chunked | Framing::UntilClose, _) => Payload::Unknown,
        (Framing::None, Some(length)) if is_answer_to_head => Payload::Length(length),
        (Framing::None, _) => Payload::None,
    });
    Ok(Begun::Final { length: head.length, framing, keeps_alive: head.keeps_alive() })
}

/// Whether a request may be sent again that went to a connection which turned out to be closed.
fn may_be_repeated(job: &Job<'_>, body: &impl RequestBody) -> bool {
    body.framing() == Framing::None
        && matches!(job.head.method(), b"GET" | b"HEAD" | b"OPTIONS" | b"PUT" | b"DELETE" | b"TRACE")
}

fn idle_connection_lost(target: &Target) -> Note {
    Note {
        code: "idle-connection-lost",
        statement: "ALB-222",
        message: format!(
            "{} closed an idle connection just when a request was sent on it. The request was sent again, which the \
             load balancer does not promise: there it can be a 502. Raise the keep-alive time of the server above 60 \
             seconds (Node.js has 5 by default).",
            target.name
        ),
        target: Some(target.name.clone()),
    }
}

impl Broken {
    /// What the client and the user are told.
    fn fault(self, target: &Target, is_reused: bool, patience: &Patience) -> Fault {
        let name = &target.name;
        match self {
            Self::Unanswered(_) if is_reused => Fault::new(
                502,
                "idle-connection-lost",
                "ALB-222",
                format!(
                    "{name} closed an idle connection just when a request was sent on it. Raise the keep-alive time of \
                     the server above 60 seconds (Node.js has 5 by default)."
                ),
            ),
            Self::Unanswered(error) => {
                let cause = error.map_or_else(String::new, |error| format!(" ({error})"));
                Fault::new(
                    502,
                    "closed-unanswered",
                    "ALB-213",
                    format!(
                        "{name} took the request and closed the connection without an answer{cause}. Look into its \
                         log for a crash, and whether it listens on all interfaces inside its container."
                    ),
                )
            }
            Self::Cut => Fault::new(
                502,
                "closed-answering",
                "ALB-137",
                format!("{name} closed the connection in the middle of its answer. Look into its log for a crash."),
            ),
            Self::Silent if patience.is_edges => Fault::new(
                504,
                "edge-time-out",
                "ALB-187",
                format!(
                    "{name} was silent for {:?}, which is as long as the edge waits, whatever the time-outs behind it. \
                     Answer sooner, or send a first byte and go on later.",
                    patience.limit
                ),
            )
            .at_edge(),
            Self::Silent => Fault::new(
                504,
                "target-silent",
                "ALB-182",
                format!("{name} was silent for {:?}. Answer sooner, or raise the idle time-out.", patience.limit),
            ),
            Self::Malformed(Malformed::Long) => Fault::new(
                502,
                "long-response-head",
                "ALB-303",
                format!("The fields of the answer of {name} have more than 32 KiB. Send fewer or smaller cookies."),
            ),
            Self::Malformed(Malformed::Length) => Fault::new(
                502,
                "malformed-response",
                "ALB-213",
                format!(
                    "The answer of {name} does not tell where its body ends: its Content-Length is no number or stands \
                     there twice, or it has an unknown Transfer-Encoding."
                ),
            ),
            Self::Malformed(Malformed::Syntax(error)) => Fault::new(
                502,
                "malformed-response",
                "ALB-213",
                format!("The answer of {name} is not HTTP/1.1: {error}. Look whether the port is the right one."),
            ),
            Self::Deregistered => Fault::new(
                502,
                "deregistered",
                "ALB-252",
                format!(
                    "{name} was deregistered, and had not answered when its deregistration delay was over. Answer \
                     sooner, or raise the delay."
                ),
            ),
            Self::UnaskedUpgrade => Fault::new(
                502,
                "unasked-upgrade",
                "ALB-213",
                format!("{name} answered 101 to a request that did not ask for another protocol."),
            ),
            Self::ClientGone => Fault::client_gone(),
            Self::ClientSilent => Fault::client_silent(),
            Self::TruncatedBody => Fault::truncated_body(),
            Self::BadChunk => Fault::bad_chunk(),
        }
    }
}
