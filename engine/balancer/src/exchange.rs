//! One request and its answer: the checks, the rule that acts, and what is said when something fails.

use std::sync::Arc;

use slipway_lang::routing::request::host_name;
use slipway_lang::routing::{Answer, DefaultAnswer, Profile, Request, Verdict};

use crate::capture::{self, KeptBody, KeptResponse};
use crate::desync::{self, Action, Classification};
use crate::edge::{self, Outlet};
use crate::fault::Fault;
use crate::forward;
use crate::front::{RequestBody, Respond};
use crate::group::{Kind as GroupKind, Outstanding, ProtocolVersion};
use crate::headers::{self, Origin};
use crate::http1::body::{self, Codings, Framing};
use crate::http1::field::Kind;
use crate::http1::head::{Head, Version};
use crate::lambda;
use crate::observe::Note;
use crate::page;
use crate::record::Record;
use crate::rules::{Installed, scheme};
use crate::site::{self, Client, Site};
use crate::stream::{Buffer, Watch};
use crate::upstream::Connection;

/// All that an exchange works with.
pub(crate) struct Job<'a> {
    pub(crate) site: &'a Site,
    pub(crate) client: &'a Client,
    pub(crate) head: &'a Head,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) watch: &'a mut Watch,
    pub(crate) record: &'a mut Record,
    /// Both connections are closed after it: servers might differ about where the request ends.
    pub(crate) is_suspect: bool,
}

/// Memory that is used again for the next exchange.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The head for the target.
    pub(crate) request: Vec<u8>,
    /// The host for the target.
    pub(crate) host: Vec<u8>,
    /// What came from the target.
    pub(crate) response: Buffer,
    /// The head that the edge made.
    pub(crate) edge_head: Head,
}

/// What becomes of the client's connection.
#[derive(Debug)]
pub(crate) enum After {
    /// The next request may come, if the responder agrees.
    Keep,
    /// It is closed.
    Close,
    /// It is tied to a target.
    Tunnel(Box<(Connection, Outstanding)>),
}

impl Job<'_> {
    pub(crate) fn origin(&self) -> Origin<'_> {
        let Client { address, is_tls, port, tls, .. } = self.client;
        let usual = if *is_tls { 443 } else { 80 };
        Origin {
            client: *address,
            is_tls: *is_tls,
            port: if self.site.settings.literal_port { *port } else { usual },
            tls: tls.as_ref().map(|(version, suite)| (version.as_str(), suite.as_str())),
        }
    }
}

/// How the body of a request is told, from its head; a fault where it cannot be told.
pub(crate) fn framing(head: &Head) -> Result<Framing, Fault> {
    if head.value(Kind::TransferEncoding).is_some() {
        match body::codings(head.values(Kind::TransferEncoding)) {
            Codings::Chunked => return Ok(Framing::Chunked),
            Codings::Identity => {}
            Codings::Unknown => {
                return Err(Fault::new(
                    501,
                    "transfer-encoding",
                    "ALB-132",
                    "The request has a Transfer-Encoding other than chunked and identity, which the load balancer does \
                     not take. Send the body in chunks, and name its compression in Content-Encoding.",
                )
                .closing());
            }
        }
    }
    let mut lengths = head.values(Kind::ContentLength).map(body::length);
    let bad_length = || {
        Fault::new(
            400,
            "content-length",
            "ALB-201",
            "The Content-Length of the request is no number, or there are two that differ. Send one, in digits.",
        )
        .closing()
    };
    match lengths.next() {
        None | Some(Some(0)) => Ok(Framing::None),
        Some(Some(length)) => Ok(Framing::Length(length)),
        Some(None) => Err(bad_length()),
    }
}

/// Decides about a request as the classifier sees it. Gives whether both connections are closed after it.
pub(crate) fn check_desync(site: &Site, head: &Head, record: &mut Record) -> Result<bool, Fault> {
    record.classification = desync::classify(head);
    match record.classification.action(site.settings.desync) {
        Action::Forward => Ok(false),
        Action::ForwardAndClose => Ok(true),
        Action::Refuse => Err(refused(record)),
    }
}

/// The fault of a request that is refused for its class.
pub(crate) fn refused(record: &Record) -> Fault {
    let (class, reason) = record.classification.words().unwrap_or(("Severe", "BadHeader"));
    let message = format!(
        "The request was refused as {class} ({reason}): servers on its way might read it differently. Send it as the \
         standard of HTTP has it, or choose a milder mode of desync mitigation."
    );
    Fault::new(400, "desync", "ALB-230", message).closing()
}

/// Answers a request that cannot be served.
pub(crate) async fn refuse<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    body: &mut B,
    respond: &mut R,
    fault: Fault,
) -> After {
    let was_text = job.head.version() != Version::Http2;
    if was_text && job.record.classification == Classification::COMPLIANT {
        job.record.classification = desync::classify_text(job.head.bytes());
    }
    headers::write_trace_id(&mut job.record.trace_id, job.head, job.record.created);
    let after = fail(job, body, respond, fault).await;
    job.record.sent = respond.sent();
    after
}

/// Answers a request.
pub(crate) async fn serve<B: RequestBody, R: Respond>(job: &mut Job<'_>, body: &mut B, respond: &mut R) -> After {
    let rules = job.site.rules();
    job.record.rules = Some(Arc::clone(&rules));
    let edge_id = rules.has_edge.then(edge::new_id);
    let limit = job.site.settings.capture;
    let mut body = KeptBody::new(body, limit.unwrap_or_default());
    let mut kept = KeptResponse::new(respond, limit);
    let mut respond = Outlet::new(&mut kept, edge_id.as_deref());
    let answered = match &edge_id {
        None => answer(job, &rules, &mut body, &mut respond).await,
        Some(id) => answer_at_edge(job, &rules, id, &mut body, &mut respond).await,
    };
    let after = match answered {
        Ok(after) => after,
        Err(fault) => fail(job, &mut body, &mut respond, fault).await,
    };
    job.record.sent = respond.sent();
    if let Some(captured) = &mut job.record.captured {
        captured.request_fields = capture::fields(job.head);
        captured.request_body = body.kept;
        captured.response_fields = kept.fields;
        captured.response_body = kept.body;
    }
    after
}

/// Says what went wrong: to the observer, and to the client where it can still be told.
pub(crate) async fn fail<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    body: &mut B,
    respond: &mut R,
    fault: Fault,
) -> After {
    let note = fault.note(job.record.target.as_ref().map(|target| target.name.as_str()));
    job.site.observer.note(&note);
    job.record.note = Some(note);
    if respond.has_head() {
        return After::Close;
    }
    job.record.status = fault.status;
    if fault.status == 460 {
        return After::Close;
    }
    discard_what_came(body);
    if fault.closes || !body.is_done() {
        respond.close();
    }
    let explanation = explanation(job, Some(fault.code));
    let fields = explanation.fields();
    let idle = job.site.settings.timeouts.idle;
    let is_devproxy = job.record.rules.as_ref().is_some_and(|rules| rules.profile() == Profile::Devproxy);
    // An edge that no longer waits is a client that left, for the balancer behind it.
    job.record.logged_status = fault.is_from_edge.then_some(460);
    let sent = if fault.is_from_edge {
        job.watch.within(idle, page::send_from_edge(respond, fault.status, &fields)).await
    } else if is_devproxy && fault.status >= 500 {
        // That proxy says what went wrong, and knows one status for all of it.
        job.record.status = 502;
        job.watch.within(idle, page::fixed(respond, 502, "text/plain", &fault.message, &fields)).await
    } else {
        job.watch.within(idle, page::send(respond, fault.status, &fields)).await
    };
    match sent {
        Ok(Ok(())) if !fault.closes && body.is_done() => After::Keep,
        _ => After::Close,
    }
}

/// The balancer as the client meets it.
async fn answer<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    rules: &Installed,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    headers::write_trace_id(&mut job.record.trace_id, job.head, job.record.created);
    if rules.profile() != Profile::Devproxy {
        check(job.head)?;
    }
    let sent_host = sent_host(job)?;
    let host = rules.meant_host(&sent_host, &job.site.settings);
    let target = String::from_utf8_lossy(headers::path_and_query(job.head.target()));
    let request = Request::to(scheme(job.client.is_tls, &job.site.settings), Some(host_name(host)), &target);
    let verdict = rules.find(&request, edge::has_token(job.head), &job.site.settings);
    act(job, rules, verdict, host, &request, body, respond).await
}

/// The edge, and the balancer behind it.
async fn answer_at_edge<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    rules: &Installed,
    id: &str,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    job.record.is_behind_edge = true;
    job.record.is_logged = false;
    edge::check(job.head, body.framing())?;
    let sent_host = sent_host(job)?;
    let viewer_host = rules.meant_host(&sent_host, &job.site.settings);
    let target = String::from_utf8_lossy(headers::path_and_query(job.head.target()));
    let request = Request::to(scheme(job.client.is_tls, &job.site.settings), Some(host_name(viewer_host)), &target);
    let verdict = rules.find(&request, true, &job.site.settings);
    job.record.is_logged = verdict.origin != slipway_lang::routing::Origin::FunctionUrl;
    let mut head = std::mem::take(&mut job.scratch.edge_head);
    edge::pass(&mut head, job, viewer_host, id, rules, &verdict);
    let mut behind = Job {
        site: job.site,
        client: &site::EDGE,
        head: &head,
        scratch: job.scratch,
        watch: job.watch,
        record: job.record,
        is_suspect: job.is_suspect,
    };
    headers::write_trace_id(&mut behind.record.trace_id, behind.head, behind.record.created);
    let host = head.value(Kind::Host).map(String::from_utf8_lossy).unwrap_or_default();
    let answered = match check(&head) {
        Ok(()) => act(&mut behind, rules, verdict, &host, &request, body, respond).await,
        Err(fault) => Err(fault),
    };
    job.scratch.edge_head = head;
    answered
}

/// Does what the rule says that acts. `host` is what the target gets to see.
async fn act<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    rules: &Installed,
    verdict: Verdict,
    host: &str,
    request: &Request<'_>,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    let is_devproxy = rules.profile() == Profile::Devproxy;
    job.record.priority = Some(verdict.priority.unwrap_or(0));
    match verdict.answer {
        Answer::Route(route) => {
            job.record.route = Some(route);
            job.record.action = "forward";
            let group = &rules.rules.groups[route];
            check_version(job.head, group.settings().version)?;
            job.scratch.host.clear();
            if is_devproxy {
                let container = &rules.route(route).container;
                job.scratch.host.extend_from_slice(format!("{container}:{CONTAINER_PORT}").as_bytes());
            } else {
                let port = job.origin().port;
                headers::write_host(&mut job.scratch.host, host.as_bytes(), port);
            }
            match &group.settings().kind {
                GroupKind::Http => forward::forward(job, group, is_devproxy, body, respond).await,
                GroupKind::Lambda(target) => lambda::invoke(job, group, target, verdict.origin, body, respond).await,
            }
        }
        Answer::RedirectToHttps => redirect(job, host, request, body, respond).await,
        Answer::Default(answer) => {
            job.site.tell_once("unmatched-path", request.path, || unmatched(rules, request, answer));
            job.record.action = "fixed-response";
            respond_fixed(job, answer.status, "text/plain", answer.body, body, respond).await
        }
    }
}

/// The port that containers listen on.
const CONTAINER_PORT: u16 = 8080;

/// Refuses clients that do not speak the version of HTTP that a group is for.
fn check_version(head: &Head, version: ProtocolVersion) -> Result<(), Fault> {
    let is_http2 = head.version() == Version::Http2;
    let is_grpc = || {
        let types = head.fields().filter(|field| field.name.eq_ignore_ascii_case(b"content-type"));
        types.into_iter().any(|field| field.value.starts_with(b"application/grpc"))
    };
    let message = match version {
        ProtocolVersion::Http1 if is_http2 && is_grpc() => {
            "The request is gRPC, and the target group is for HTTP/1.1, which gRPC does not fit in."
        }
        ProtocolVersion::Http2 | ProtocolVersion::Grpc if !is_http2 => {
            "The target group is for HTTP/2, and the client speaks HTTP/1.1. Use an HTTPS listener and a client of HTTP/2."
        }
        ProtocolVersion::Grpc if head.method() != b"POST" => {
            "The target group is for gRPC, which knows POST alone. Send the request as POST."
        }
        _ => return Ok(()),
    };
    Err(Fault::new(464, "protocol-version", "ALB-172", message))
}

/// The checks that come before any rule.
fn check(head: &Head) -> Result<(), Fault> {
    if head.method() == b"TRACE" {
        let message = "The load balancer refuses TRACE. Ask with another method.";
        return Err(Fault::new(405, "trace", "ALB-204", message));
    }
    if head.method() == b"CONNECT" {
        let message = "CONNECT is for proxies; the load balancer refuses it. Send the request to the server itself.";
        return Err(Fault::new(400, "connect", "ALB-125", message).closing());
    }
    let forwarded = headers::forwarded_addresses(head);
    if forwarded > headers::MOST_FORWARDED {
        let message = format!(
            "X-Forwarded-For has {forwarded} addresses, and the load balancer takes {}. Cut the list, or look for a \
             loop of proxies.",
            headers::MOST_FORWARDED
        );
        return Err(Fault::new(463, "forwarded-for", "ALB-101", message));
    }
    Ok(())
}

/// The host as sent: that of a whole URL, else the first `Host`; the balancer's own name for an old client without one.
fn sent_host(job: &Job<'_>) -> Result<String, Fault> {
    let authority = headers::authority(job.head.target()).or_else(|| job.head.value(Kind::Host));
    match authority {
        Some(host) => Ok(String::from_utf8_lossy(host).into_owned()),
        None if job.head.version() == Version::Http10 => Ok(job.site.host.clone()),
        None => {
            let message = "The request is of HTTP/1.1 and has no Host, which the standard demands. Add it.";
            Err(Fault::new(400, "no-host", "ALB-109", message).closing())
        }
    }
}

/// Sends an answer of the balancer's own.
async fn respond_fixed<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    status: u16,
    content_type: &str,
    text: &str,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    discard_what_came(body);
    if !body.is_done() {
        respond.close();
    }
    job.record.status = status;
    let explanation = explanation(job, None);
    let fields = explanation.fields();
    let sent = page::fixed(respond, status, content_type, text, &fields);
    match job.watch.within(job.site.settings.timeouts.idle, sent).await {
        Ok(Ok(())) if body.is_done() => Ok(After::Keep),
        _ => Ok(After::Close),
    }
}

async fn redirect<B: RequestBody, R: Respond>(
    job: &mut Job<'_>,
    host: &str,
    request: &Request<'_>,
    body: &mut B,
    respond: &mut R,
) -> Result<After, Fault> {
    job.record.action = "redirect";
    let host = host_name(host);
    let query = request.query.map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("https://{host}:443{}{query}", request.path);
    if location.len() > LONGEST_LOCATION {
        let message = "The request is redirected to HTTPS, but the URL is too long for a redirect. Shorten it.";
        return Err(Fault::new(507, "long-redirect", "ALB-073", message));
    }
    discard_what_came(body);
    if !body.is_done() {
        respond.close();
    }
    job.record.status = 301;
    let explanation = explanation(job, None);
    let mut fields = explanation.fields();
    fields.push((b"Location", location.as_bytes()));
    let sent = page::send(respond, 301, &fields);
    let result = job.watch.within(job.site.settings.timeouts.idle, sent).await;
    job.record.redirect = Some(location);
    match result {
        Ok(Ok(())) if body.is_done() => Ok(After::Keep),
        _ => Ok(After::Close),
    }
}

/// The longest URL of a redirect, in bytes.
const LONGEST_LOCATION: usize = 8 * 1024;

fn unmatched(rules: &Installed, request: &Request<'_>, answer: DefaultAnswer) -> Note {
    let closest = rules.rules.table.decide(request).losers.first().map_or_else(String::new, |loser| {
        format!(" The route of container {} (`{}`) does not take it.", loser.route.container, loser.route.path_pattern)
    });
    Note {
        code: "unmatched-path",
        statement: "ALB-060",
        message: format!(
            "No route matches {}, so it got the default answer, status {}.{closest} Add a route, or ask for another \
             path.",
            request.path, answer.status
        ),
        target: None,
    }
}

/// Takes away what has already come of a body that nobody wants, so that the connection may still be used.
fn discard_what_came(body: &mut impl RequestBody) {
    while let Ok(Some(piece)) = body.peek() {
        let length = piece.len();
        body.consume(length);
    }
}

/// The fields that say which rule and target made an answer.
pub(crate) struct Explanation(Option<[String; 3]>);

/// What an answer says about itself, if it is to say it.
pub(crate) fn explanation(job: &Job<'_>, reason: Option<&str>) -> Explanation {
    let record = &job.record;
    Explanation(job.site.settings.explain.then(|| {
        let rule = match (record.priority, record.route, &record.rules) {
            (priority, Some(route), Some(rules)) => {
                format!("{} {}", priority.unwrap_or(0), rules.route(route).path_pattern)
            }
            (Some(0), None, _) => "default".to_owned(),
            _ => "none".to_owned(),
        };
        let target = record.target.as_ref().map_or("none", |target| &target.name).to_owned();
        [rule, target, reason.unwrap_or(record.action).to_owned()]
    }))
}

impl Explanation {
    pub(crate) fn fields(&self) -> Vec<(&[u8], &[u8])> {
        let names: [&[u8]; 3] = [b"x-slipway-rule", b"x-slipway-target", b"x-slipway-reason"];
        let values = self.0.iter().flatten().map(String::as_bytes);
        names.into_iter().zip(values).collect()
    }
}
