//! A client's connection that speaks HTTP/1: one request after another.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::exchange::{self, After, Job, Scratch};
use crate::fault::Fault;
use crate::headers;
use crate::http1::body::{Body, Framing};
use crate::http1::field::{self, Kind};
use crate::http1::head::{Head, HeadFault, LONGEST_FIELD, LONGEST_FIELDS, LONGEST_REQUEST_LINE, Version};
use crate::http1::response::Responder;
use crate::record::Record;
use crate::site::{Client, Site};
use crate::stream::{Buffer, Elapsed, ReadHalf, Stream, Watch, WriteHalf};
use crate::tunnel;

/// How long a client is given to take notice of a last answer.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves a client until the connection is over.
pub(crate) async fn serve(site: Arc<Site>, mut stream: Stream, client: Client, mut buffer: Buffer) {
    let (mut read, mut write) = stream.split();
    let mut watch = Watch::new(site.settings.timeouts.idle);
    let mut stopping = site.stopping.subscribe();
    let (mut head, mut record, mut scratch) = (Head::default(), Record::new(), Scratch::default());
    let mut out = Vec::with_capacity(1024);
    let end_of_life = Instant::now() + site.settings.timeouts.lifetime;
    loop {
        head.clear();
        let next = tokio::select! {
            biased;
            next = read_head(&site, &mut read, &mut buffer, &mut head, &mut watch) => next,
            _ = stopping.wait_for(|stopping| *stopping) => Next::Over,
        };
        let refused = match next {
            Next::Over => return,
            Next::Request => None,
            Next::Refused(fault) => Some(fault),
        };
        record.begin(&site, head.bytes().len() as u64);
        let closes = refused.is_some() || wants_close(&head) || Instant::now() >= end_of_life || *stopping.borrow();
        let is_answer_to_head = head.method() == b"HEAD";
        let mut job = Job {
            site: &site,
            client: &client,
            head: &head,
            scratch: &mut scratch,
            watch: &mut watch,
            record: &mut record,
            is_suspect: false,
        };
        let checked = match refused {
            Some(fault) => Err(fault),
            None => exchange::check_desync(job.site, job.head, job.record)
                .and_then(|is_suspect| Ok((is_suspect, exchange::framing(job.head)?))),
        };
        let framing = checked.as_ref().map_or(Framing::None, |(_, framing)| *framing);
        if checked.is_ok() && head.version() == Version::Http11 && headers::expects_continue(&head) {
            let mut leave = [IoSlice::new(b"HTTP/1.1 100 Continue\r\n\r\n")];
            let leave = write.write_all(&mut leave);
            if !matches!(job.watch.within(site.settings.timeouts.idle, leave).await, Ok(Ok(()))) {
                return;
            }
        }
        let is_suspect = checked.as_ref().is_ok_and(|(is_suspect, _)| *is_suspect);
        let closes = closes || is_suspect;
        let mut body = Body::new(&mut read, &mut buffer, framing);
        let mut respond = Responder::new(&mut write, &mut out, head.version(), is_answer_to_head, closes);
        let after = match checked {
            Ok(_) => {
                job.is_suspect = is_suspect;
                exchange::serve(&mut job, &mut body, &mut respond).await
            }
            Err(fault) => exchange::refuse(&mut job, &mut body, &mut respond, fault).await,
        };
        let closes = respond.closes();
        let is_body_done = body.is_done();
        match after {
            After::Keep if !closes => record.finish(&site, &client, &head, &scratch),
            After::Keep | After::Close => {
                record.finish(&site, &client, &head, &scratch);
                if !is_body_done || !buffer.is_empty() || record.note.is_some() {
                    let _ = watch.within(FAREWELL, say_farewell(&mut read, &mut write, &mut buffer)).await;
                } else if client.is_tls {
                    // TLS has a farewell of its own; a plain connection is told by closing it.
                    let _ = write.shutdown().await;
                }
                return;
            }
            After::Tunnel(tied) => {
                let (mut connection, outstanding) = *tied;
                let left = (buffer.data(), scratch.response.data());
                let timeouts = &site.settings.timeouts;
                let limits = tunnel::Limits {
                    idle: timeouts.idle,
                    edge_idle: record.is_behind_edge.then_some(timeouts.edge_tunnel),
                    cut: &outstanding.0.cut,
                };
                let carried = tunnel::run(&mut read, &mut write, &mut connection, left, limits, &mut watch).await;
                record.received += carried.from_client;
                record.sent += carried.to_client;
                record.finish(&site, &client, &head, &scratch);
                drop(outstanding);
                return;
            }
        }
    }
}

/// What comes next on a connection.
enum Next {
    Request,
    Refused(Fault),
    /// Nothing: the client is done, or has been idle for too long.
    Over,
}

async fn read_head(
    site: &Site,
    read: &mut ReadHalf<'_>,
    buffer: &mut Buffer,
    head: &mut Head,
    watch: &mut Watch,
) -> Next {
    watch.set(site.settings.timeouts.idle);
    loop {
        if !buffer.is_empty() {
            match head.read(buffer.data()) {
                Ok(Some(length)) => {
                    buffer.consume(length);
                    return Next::Request;
                }
                Ok(None) => {}
                Err(fault) => {
                    head.keep(buffer.data());
                    return Next::Refused(unreadable(fault, head));
                }
            }
        }
        match watch.until_set(buffer.read(read)).await {
            Ok(Ok(0)) if buffer.data().trim_ascii().is_empty() => return Next::Over,
            Ok(Ok(0) | Err(_)) => {
                head.keep(buffer.data());
                return if buffer.is_empty() { Next::Over } else { Next::Refused(cut_short()) };
            }
            Ok(Ok(_)) => watch.set(site.settings.timeouts.idle),
            Err(Elapsed) if buffer.is_empty() => return Next::Over,
            Err(Elapsed) => {
                head.keep(buffer.data());
                return Next::Refused(Fault::client_silent());
            }
        }
    }
}

fn cut_short() -> Fault {
    let message = "The client closed its connection in the middle of the head of a request.";
    Fault::new(400, "head-cut-short", "ALB-201", message).closing()
}

/// What is wrong with a head that did not come as lines, if it is too long.
pub(crate) fn too_long(head: &Head) -> Option<Fault> {
    let lengths = || head.fields().map(|field| field.name.len() + field.value.len() + 4);
    let fault = if head.target().len() > LONGEST_REQUEST_LINE {
        HeadFault::LongRequestLine
    } else if lengths().any(|length| length > LONGEST_FIELD + 2) {
        HeadFault::LongField
    } else if lengths().sum::<usize>() > LONGEST_FIELDS {
        HeadFault::LongFields
    } else {
        return None;
    };
    Some(unreadable(fault, head))
}

fn unreadable(fault: HeadFault, head: &Head) -> Fault {
    let fault = match fault {
        HeadFault::LongRequestLine => Fault::new(
            414,
            "long-target",
            "ALB-300",
            "The first line of the request has more than 16 KiB. Send the data in the body.",
        ),
        HeadFault::LongField => Fault::new(
            400,
            "long-field",
            "ALB-301",
            "A field of the request has more than 16 KiB. Make it shorter; most often it is a cookie.",
        ),
        HeadFault::LongFields => Fault::new(
            400,
            "long-fields",
            "ALB-302",
            "The fields of the request have more than 64 KiB together. Send fewer; most often there are too many cookies.",
        ),
        HeadFault::Folded => Fault::new(
            400,
            "folded-field",
            "ALB-113",
            "A field of the request goes on in a second line. The load balancer would pass that line on as a field of \
             its own, which servers misread. Write the field in one line.",
        ),
        HeadFault::Version if head.bytes().split(|byte| *byte == b'\n').next().is_some_and(is_newer_http) => {
            Fault::new(
                505,
                "version",
                "ALB-216",
                "The request is of HTTP/2 or later, on a connection for HTTP/1. HTTP/2 is spoken on HTTPS listeners, \
                 where the client negotiates it.",
            )
        }
        HeadFault::Version | HeadFault::RequestLine => Fault::new(
            400,
            "request-line",
            "ALB-201",
            "The first line of the request is not of the form `GET /path HTTP/1.1`.",
        ),
    };
    fault.closing()
}

fn is_newer_http(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let version = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    matches!(version, [b'H', b'T', b'T', b'P', b'/', b'2'..=b'9', ..])
}

/// Whether the client wants its connection closed after the answer.
fn wants_close(head: &Head) -> bool {
    let has = |word| head.values(Kind::Connection).any(|value| field::has_word(value, word));
    match head.version() {
        Version::Http10 => !has("keep-alive"),
        Version::Http11 | Version::Http2 => has("close"),
    }
}

/// Ends a connection so that the client can still read the last answer, though it may be sending: closing at once would
/// make its system throw the answer away.
async fn say_farewell(read: &mut ReadHalf<'_>, write: &mut WriteHalf<'_>, buffer: &mut Buffer) -> io::Result<()> {
    write.shutdown().await?;
    loop {
        buffer.clear();
        if buffer.read(read).await? == 0 {
            return Ok(());
        }
    }
}
