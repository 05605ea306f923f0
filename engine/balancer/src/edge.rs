//! The edge before the balancer: the distribution, and the routing function that it may run.
//!
//! It makes a request of its own out of the viewer's; the balancer then treats that as if it had come over the wire.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use slipway_lang::names::Kind as NameKind;
use slipway_lang::routing::{Origin, Profile, Verdict};

use crate::exchange::Job;
use crate::fault::Fault;
use crate::front::{Payload, Respond};
use crate::headers;
use crate::http1::body::Framing;
use crate::http1::field::{self, Kind};
use crate::http1::head::{Head, Version};
use crate::rules::Installed;

/// The longest URL, in bytes.
const LONGEST_URL: usize = 8 * 1024;
/// The longest head of a request, and of an origin's answer, in bytes.
pub(crate) const LONGEST_HEAD: usize = 20 * 1024;
/// The address of the edge that the balancer sees: one of those that the service publishes.
pub(crate) const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(130, 176, 0, 1)), 443);
/// The field that tells the balancer's rules that a request passed the edge.
pub(crate) const TOKEN_FIELD: &[u8] = b"x-scf-token";
/// Its value here; deployed, it is a secret.
pub(crate) const TOKEN: &[u8] = b"slipway-local-origin-token";

/// The methods that the distribution lets pass.
const METHODS: &[&[u8]] = &[b"GET", b"HEAD", b"OPTIONS", b"PUT", b"PATCH", b"POST", b"DELETE"];

/// Refuses what the edge refuses.
pub(crate) fn check(head: &Head, framing: Framing) -> Result<(), Fault> {
    let is_long = head.target().len() > LONGEST_URL;
    if is_long || head.bytes().len() > LONGEST_HEAD {
        let message = if is_long {
            "The URL has more than 8192 bytes, which the edge does not take. Send the data in the body."
        } else {
            "The head of the request has more than 20 KiB, which the edge does not take. Most often there are too many \
             cookies."
        };
        return Err(Fault::new(413, "edge-long-request", "ALB-316", message).closing().at_edge());
    }
    if !METHODS.contains(&head.method()) {
        let method = String::from_utf8_lossy(head.method()).into_owned();
        let message = format!("The distribution does not let {method} pass. Use one of the seven usual methods.");
        return Err(Fault::new(403, "edge-method", "ALB-315", message).at_edge());
    }
    if head.method() == b"GET" && framing != Framing::None {
        let message = "The request is a GET with a body, which the edge refuses. Send it as a POST.";
        return Err(Fault::new(403, "edge-get-body", "ALB-315", message).closing().at_edge());
    }
    Ok(())
}

/// Makes the request that the edge sends on.
pub(crate) fn pass(out: &mut Head, job: &Job<'_>, viewer_host: &str, id: &str, rules: &Installed, verdict: &Verdict) {
    let (site, head) = (job.site, job.head);
    out.make(head.method(), headers::path_and_query(head.target()), Version::Http11);
    let keeps_host = !matches!(rules.profile(), Profile::Edge | Profile::Slipway);
    let host = if keeps_host { viewer_host } else { &site.host };
    out.push(b"Host", host.as_bytes());
    let has_connection = head.value(Kind::Connection).is_some();
    for field in head.fields() {
        let is_kept = match field.kind {
            Kind::Host | Kind::Expect | Kind::XForwardedProto | Kind::XForwardedFor => false,
            Kind::ContentLength | Kind::TransferEncoding => true,
            kind if kind.is_hop_by_hop() => false,
            _ if has_connection && headers::is_named_by_connection(head, field.name) => false,
            _ => !is_dropped(field.name),
        };
        if is_kept {
            out.push(field.name, field.value);
        }
    }
    if headers::is_websocket(head) {
        out.push(b"Connection", b"upgrade");
        out.push(b"Upgrade", b"websocket");
    } else {
        out.push(b"Connection", b"Keep-Alive");
    }
    let mut forwarded: Vec<u8> = head.values(Kind::XForwardedFor).collect::<Vec<_>>().join(&b", "[..]);
    if !forwarded.is_empty() {
        forwarded.extend_from_slice(b", ");
    }
    headers::push_address(&mut forwarded, job.client.address, false);
    out.push(b"X-Forwarded-For", &forwarded);
    out.push(b"Via", via(head.version(), id).as_bytes());
    out.push(b"X-Amz-Cf-Id", id.as_bytes());
    if let Some(route) = verdict.entry {
        let parts = site.settings.names.parts().container(&rules.route(route).container);
        let (name, kind) = match verdict.origin {
            Origin::FunctionUrl => (NameKind::FunctionOrigin, "lambda"),
            _ => (NameKind::BalancerOrigin, "alb"),
        };
        out.push(b"x-origin-id", parts.name(name).original().as_bytes());
        out.push(b"x-origin-type", kind.as_bytes());
        out.push(b"x-forwarded-host", viewer_host.as_bytes());
    }
    if !keeps_host && verdict.origin != Origin::FunctionUrl {
        out.push(TOKEN_FIELD, TOKEN);
    }
}

/// Whether a request comes with the token of the edge.
pub(crate) fn has_token(head: &Head) -> bool {
    head.fields().any(|field| field.name.eq_ignore_ascii_case(TOKEN_FIELD) && field.value == TOKEN)
}

/// A new id of a request.
pub(crate) fn new_id() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(54).chain(['=', '=']).collect()
}

fn via(version: Version, id: &str) -> String {
    let version = match version {
        Version::Http10 => "1.0",
        Version::Http11 => "1.1",
        Version::Http2 => "2.0",
    };
    format!("{version} {}.cloudfront.net (CloudFront)", id[..32].to_ascii_lowercase())
}

/// Fields of the viewer that the edge takes out.
fn is_dropped(name: &[u8]) -> bool {
    let begins = |start: &[u8]| name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    name.eq_ignore_ascii_case(b"x-real-ip")
        || begins(b"x-edge-")
        || begins(b"proxy-")
        // Only the edge itself may say that a request passed it.
        || name.eq_ignore_ascii_case(TOKEN_FIELD)
        || [&b"x-origin-id"[..], b"x-origin-type"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// The way back through the edge, or past it.
pub(crate) struct Outlet<'a, R> {
    inner: &'a mut R,
    /// The id of the request at the edge; without one there is no edge.
    id: Option<&'a str>,
    is_error: bool,
}

impl<'a, R: Respond> Outlet<'a, R> {
    pub(crate) fn new(inner: &'a mut R, id: Option<&'a str>) -> Self {
        Self { inner, id, is_error: false }
    }
}

impl<R: Respond> Respond for Outlet<'_, R> {
    fn start(&mut self, status: u16, reason: &[u8]) {
        self.is_error = status >= 400;
        self.inner.start(status, reason);
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        if self.id.is_some() {
            if name.eq_ignore_ascii_case(b"trailer") {
                return;
            }
            if name.eq_ignore_ascii_case(b"vary") {
                let kept: Vec<&[u8]> = field::words(value).filter(|word| !word.eq_ignore_ascii_case(b"host")).collect();
                if !kept.is_empty() {
                    self.inner.field(name, &kept.join(&b", "[..]));
                }
                return;
            }
        }
        self.inner.field(name, value);
    }

    fn finish_head(&mut self, payload: Payload) {
        if let Some(id) = self.id {
            let cache: &[u8] = if self.is_error { b"Error from cloudfront" } else { b"Miss from cloudfront" };
            self.inner.field(b"X-Cache", cache);
            self.inner.field(b"Via", via(Version::Http11, id).as_bytes());
            self.inner.field(b"X-Amz-Cf-Pop", b"LOCAL50-P1");
            self.inner.field(b"X-Amz-Cf-Id", id.as_bytes());
        }
        self.inner.finish_head(payload);
    }

    fn finish_upgrade(&mut self, protocol: &[u8]) {
        self.inner.finish_upgrade(protocol);
    }

    async fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        self.inner.data(piece).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().await
    }

    async fn end(&mut self, trailers: &[u8]) -> io::Result<()> {
        self.inner.end(if self.id.is_some() { &[] } else { trailers }).await
    }

    fn has_head(&self) -> bool {
        self.inner.has_head()
    }

    fn close(&mut self) {
        self.inner.close();
    }

    fn sent(&self) -> u64 {
        self.inner.sent()
    }
}
