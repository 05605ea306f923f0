//! The head of a request on its way to a target.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::http1::body::Framing;
use crate::http1::field::{self, Kind};
use crate::http1::head::{Field, Head};
use crate::http1::response::{push_decimal, push_field};
use crate::settings::{ForwardedFor, Settings};

/// What is told of the client's connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) client: SocketAddr,
    pub(crate) is_tls: bool,
    /// The port that clients are taken to have come to.
    pub(crate) port: u16,
    /// Version and cipher suite of the connection.
    pub(crate) tls: Option<(&'a str, &'a str)>,
}

/// The most addresses that `X-Forwarded-For` may have.
pub(crate) const MOST_FORWARDED: usize = 30;
/// A head longer than this, in bytes, gets a new trace id whatever it has.
const LONGEST_TRACED: usize = 7 * 1024;

/// Whether the client asks for a WebSocket.
pub(crate) fn is_websocket(head: &Head) -> bool {
    head.values(Kind::Upgrade).any(|value| field::has_word(value, "websocket"))
        && head.values(Kind::Connection).any(|value| field::has_word(value, "upgrade"))
}

/// Whether the client waits for leave to send its body.
pub(crate) fn expects_continue(head: &Head) -> bool {
    head.values(Kind::Expect).any(|value| value.eq_ignore_ascii_case(b"100-continue"))
}

/// How many addresses `X-Forwarded-For` has.
pub(crate) fn forwarded_addresses(head: &Head) -> usize {
    head.values(Kind::XForwardedFor).flat_map(field::words).count()
}

/// The fields that `Connection` keeps to this connection, beside those that are kept anyway.
pub(crate) fn is_named_by_connection(head: &Head, name: &[u8]) -> bool {
    head.values(Kind::Connection).flat_map(field::words).any(|word| {
        word.eq_ignore_ascii_case(name)
            && !matches!(field::kind(word), Kind::Host | Kind::ContentLength | Kind::XForwardedFor | Kind::XAmznTraceId)
    })
}

/// Writes the head for a target. `trace_id` is what [`trace_id`] made.
pub(crate) fn write_request(
    out: &mut Vec<u8>,
    head: &Head,
    origin: Origin<'_>,
    host: &[u8],
    trace_id: &str,
    framing: Framing,
    settings: &Settings,
) {
    out.extend_from_slice(head.method());
    out.push(b' ');
    out.extend_from_slice(path_and_query(head.target()));
    out.extend_from_slice(b" HTTP/1.1\r\n");
    write_forwarded_for(out, head, origin, settings);
    push_field(out, b"X-Forwarded-Proto", if origin.is_tls { b"https" } else { b"http" });
    out.extend_from_slice(b"X-Forwarded-Port: ");
    push_decimal(out, u64::from(origin.port));
    out.extend_from_slice(b"\r\n");
    if settings.preserve_host {
        for host in head.values(Kind::Host) {
            push_field(out, b"Host", host);
        }
    } else {
        push_field(out, b"Host", host);
    }
    push_field(out, b"X-Amzn-Trace-Id", trace_id.as_bytes());
    if let Some((version, suite)) = origin.tls.filter(|_| settings.tls_headers) {
        push_field(out, b"x-amzn-tls-version", version.as_bytes());
        push_field(out, b"x-amzn-tls-cipher-suite", suite.as_bytes());
    }
    if is_websocket(head) {
        out.extend_from_slice(b"Upgrade: websocket\r\nConnection: Upgrade\r\n");
    }
    // Hardly any request names fields of its own there; most then need no look at the list.
    let has_connection =
        head.values(Kind::Connection).any(|value| value.contains(&b',') || field::kind(value) != Kind::KeepAlive);
    for field in head.fields() {
        if passes(&field, settings) && !(has_connection && is_named_by_connection(head, field.name)) {
            push_field(out, field.name, field.value);
        }
    }
    push_framing(out, head, framing);
}

/// Ends a head with the fields that tell where the body ends.
fn push_framing(out: &mut Vec<u8>, head: &Head, framing: Framing) {
    match framing {
        // A method that has content by nature gets to know that there is none.
        Framing::None => {
            if head.value(Kind::ContentLength).is_some() {
                out.extend_from_slice(b"Content-Length: 0\r\n");
            }
        }
        Framing::Length(length) => {
            out.extend_from_slice(b"Content-Length: ");
            push_decimal(out, length);
            out.extend_from_slice(b"\r\n");
        }
        Framing::Chunked | Framing::UntilClose => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes the head for a target behind the proxy of the original tool's development mode, which adds nothing.
pub(crate) fn write_plain_request(out: &mut Vec<u8>, head: &Head, host: &[u8], framing: Framing) {
    out.extend_from_slice(head.method());
    out.push(b' ');
    out.extend_from_slice(path_and_query(head.target()));
    out.extend_from_slice(b" HTTP/1.1\r\n");
    push_field(out, b"Host", host);
    for field in head.fields() {
        let is_own = matches!(field.kind, Kind::Host | Kind::ContentLength | Kind::Expect);
        if !is_own && !field.kind.is_hop_by_hop() {
            push_field(out, field.name, field.value);
        }
    }
    push_framing(out, head, framing);
}

/// Whether a field of the client is passed on as it is.
pub(crate) fn passes(field: &Field<'_>, settings: &Settings) -> bool {
    match field.kind {
        Kind::Host
        | Kind::ContentLength
        | Kind::XForwardedFor
        | Kind::XForwardedPort
        | Kind::XForwardedProto
        | Kind::XAmznTraceId => false,
        Kind::Te => field.value.eq_ignore_ascii_case(b"trailers"),
        Kind::Expect => !field.value.eq_ignore_ascii_case(b"100-continue"),
        kind if kind.is_hop_by_hop() => false,
        _ => {
            let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
            !settings.drop_invalid_headers || !field.name.is_empty() && field.name.iter().all(is_valid)
        }
    }
}

fn write_forwarded_for(out: &mut Vec<u8>, head: &Head, origin: Origin<'_>, settings: &Settings) {
    let start = out.len();
    out.extend_from_slice(b"X-Forwarded-For: ");
    if push_forwarded_for(out, head, origin, settings) {
        out.extend_from_slice(b"\r\n");
    } else {
        out.truncate(start);
    }
}

/// Appends the value of `X-Forwarded-For` that a target gets, if it gets one.
pub(crate) fn push_forwarded_for(out: &mut Vec<u8>, head: &Head, origin: Origin<'_>, settings: &Settings) -> bool {
    if settings.forwarded_for == ForwardedFor::Remove {
        return false;
    }
    let is_appended = settings.forwarded_for == ForwardedFor::Append;
    let start = out.len();
    let mut count = 0;
    for value in head.values(Kind::XForwardedFor) {
        out.extend_from_slice(if count > 0 { b", " } else { b"" });
        out.extend_from_slice(value);
        count += 1;
    }
    if is_appended {
        out.extend_from_slice(if out.len() == start { b"" } else { b", " });
        push_address(out, origin.client, settings.client_port);
    }
    count > 0 || is_appended
}

/// Appends an address. Brackets tell an IPv6 address from its port, so it has them only when a port follows.
pub(crate) fn push_address(out: &mut Vec<u8>, address: SocketAddr, with_port: bool) {
    // Writing to memory does not fail.
    let _ = match address.ip().to_canonical() {
        ip @ IpAddr::V6(_) if with_port => write!(out, "[{ip}]"),
        IpAddr::V4(ip) => {
            for (index, octet) in ip.octets().into_iter().enumerate() {
                out.extend_from_slice(if index > 0 { b"." } else { b"" });
                push_decimal(out, u64::from(octet));
            }
            Ok(())
        }
        ip @ IpAddr::V6(_) => write!(out, "{ip}"),
    };
    if with_port {
        out.push(b':');
        push_decimal(out, u64::from(address.port()));
    }
}

/// The path and the query of a target, which may be a whole URL.
pub(crate) fn path_and_query(target: &[u8]) -> &[u8] {
    match authority_and_rest(target) {
        Some((_, [])) => b"/",
        Some((_, rest @ [b'/', ..])) => rest,
        // A query without a path: nothing can be cut off here without taking memory, and no client sends it.
        Some((_, _)) | None => target,
    }
}

/// The authority of a target that is a whole URL.
pub(crate) fn authority(target: &[u8]) -> Option<&[u8]> {
    authority_and_rest(target).map(|(authority, _)| authority)
}

fn authority_and_rest(target: &[u8]) -> Option<(&[u8], &[u8])> {
    if target.first() == Some(&b'/') {
        return None;
    }
    let scheme = memchr::memmem::find(target, b"://")?;
    if !target[..scheme].iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let rest = &target[scheme + 3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    Some(rest.split_at(end))
}

/// The value that a target gets as `Host`: in lower case, with the port only where it is not the usual one.
pub(crate) fn write_host(out: &mut Vec<u8>, host: &[u8], port: u16) {
    let name_end = match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => colon,
        _ => host.len(),
    };
    let is_usual = matches!(port, 80 | 443);
    let kept = if is_usual { &host[..name_end] } else { host };
    out.extend(kept.iter().map(u8::to_ascii_lowercase));
    if !is_usual && name_end == host.len() {
        out.push(b':');
        push_decimal(out, u64::from(port));
    }
}

/// Writes the trace id that a target gets: a new one, or the client's with this hop in it.
pub(crate) fn write_trace_id(out: &mut String, head: &Head, now: SystemTime) {
    out.clear();
    let sent = head.value(Kind::XAmznTraceId).and_then(|value| std::str::from_utf8(value).ok());
    let Some(sent) = sent.filter(|_| head.bytes().len() <= LONGEST_TRACED) else {
        out.push_str("Root=");
        push_id(out, now);
        return;
    };
    let parts = || sent.split(';').map(str::trim).filter(|part| !part.is_empty());
    let is_field = |part: &str, name: &str| part.split_once('=').is_some_and(|(own, _)| own.eq_ignore_ascii_case(name));
    let has_root = parts().any(|part| is_field(part, "Root"));
    let has_self = parts().any(|part| is_field(part, "Self"));
    out.push_str(if has_root || has_self { "Self=" } else { "Root=" });
    push_id(out, now);
    for part in parts().filter(|part| !is_field(part, "Self")) {
        out.push(';');
        out.push_str(part);
    }
}

/// Appends an id: a version, the time in seconds, and 96 random bits.
fn push_id(out: &mut String, now: SystemTime) {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()) as u32;
    out.push_str("1-");
    push_hex(out, u64::from(seconds), 8);
    out.push('-');
    push_hex(out, u64::from(fastrand::u32(..)), 8);
    push_hex(out, fastrand::u64(..), 16);
}

fn push_hex(out: &mut String, number: u64, digits: u32) {
    for digit in (0..digits).rev() {
        out.push(char::from(b"0123456789abcdef"[(number >> (4 * digit) & 15) as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(fields: &[(&str, &str)]) -> Head {
        let mut head = Head::default();
        head.make(b"GET", b"/", crate::http1::head::Version::Http11);
        for (name, value) in fields {
            head.push(name.as_bytes(), value.as_bytes());
        }
        head
    }

    #[test]
    fn alb_106_hosts_lose_their_usual_port_and_their_capitals() {
        for (host, port, expected) in [
            ("H.Example", 80, "h.example"),
            ("H.Example:3000", 80, "h.example"),
            ("h.example:8443", 443, "h.example"),
            ("h.example", 3000, "h.example:3000"),
            ("h.example:80", 3000, "h.example:80"),
            ("[::1]:3000", 80, "[::1]"),
            ("[::1]", 3000, "[::1]:3000"),
            ("[::1]", 80, "[::1]"),
        ] {
            let mut out = Vec::new();
            write_host(&mut out, host.as_bytes(), port);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{host} {port}");
        }
    }

    #[test]
    fn whole_urls_have_an_authority_and_a_path() {
        for (target, host, path) in [
            ("/a?b", None, "/a?b"),
            ("http://H:1/a?b", Some("H:1"), "/a?b"),
            ("http://h", Some("h"), "/"),
            ("*", None, "*"),
            ("/x?u=http://h/", None, "/x?u=http://h/"),
            ("a/b://c/d", None, "a/b://c/d"),
        ] {
            assert_eq!(authority(target.as_bytes()), host.map(str::as_bytes), "{target}");
            assert_eq!(path_and_query(target.as_bytes()), path.as_bytes(), "{target}");
        }
    }

    #[test]
    fn alb_103_to_105_trace_ids() {
        let now = UNIX_EPOCH + std::time::Duration::from_secs(0x5833_7262);
        // What is sent, and what becomes of it with the new id as `#`.
        let long = "x".repeat(LONGEST_TRACED);
        for (fields, expected) in [
            (&[][..], "Root=#"),
            (
                &[("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")],
                "Self=#;Root=1-67891233-abcdef012345678912345678",
            ),
            (&[("x-amzn-trace-id", "Root=1-2-3;CalledFrom=app")], "Self=#;Root=1-2-3;CalledFrom=app"),
            (&[("X-Amzn-Trace-Id", "Self=1-8-9;Root=1-2-3;CalledFrom=app")], "Self=#;Root=1-2-3;CalledFrom=app"),
            (&[("X-Amzn-Trace-Id", "Self=1-8-9")], "Self=#"),
            (&[("X-Amzn-Trace-Id", "CalledFrom=app")], "Root=#;CalledFrom=app"),
            (&[("X-Amzn-Trace-Id", "Root=1-2-3"), ("X-Long", &long)], "Root=#"),
        ] {
            let mut out = String::new();
            write_trace_id(&mut out, &head(fields), now);
            let (before, after) = expected.split_once('#').unwrap();
            let id =
                out.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_else(|| panic!("{out}"));
            let parts: Vec<&str> = id.split('-').collect();
            assert!(matches!(parts[..], ["1", "58337262", random] if random.len() == 24), "{id}");
        }
    }

    #[test]
    fn alb_100_addresses_are_written_bare_or_with_their_port() {
        for (address, with_port, expected) in [
            ("1.2.3.4:5678", false, "1.2.3.4"),
            ("1.2.3.4:5678", true, "1.2.3.4:5678"),
            ("[2001:db8::1]:5678", false, "2001:db8::1"),
            ("[2001:db8::1]:5678", true, "[2001:db8::1]:5678"),
            ("[::ffff:1.2.3.4]:5678", false, "1.2.3.4"),
        ] {
            let mut out = Vec::new();
            push_address(&mut out, address.parse().unwrap(), with_port);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
