//! The access log: a line for each request, in the form of the load balancer's own.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use tokio::time::Instant;

use crate::headers;
use crate::http1::field::Kind;
use crate::http1::head::{Head, Version};
use crate::http1::response::push_decimal;
use crate::observe::ExchangeScheme;
use crate::record::Record;
use crate::site::Client;

/// How long lines are collected before they are written.
const COLLECT: Duration = Duration::from_millis(100);
/// So much of a user agent is written, in bytes.
const LONGEST_USER_AGENT: usize = 8 * 1024;

/// A file that lines are appended to, by a thread of its own so that no request waits for a disk.
#[derive(Debug)]
pub(crate) struct AccessLog {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
    /// How the balancer is named in each line.
    balancer: String,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<u8>,
    is_over: bool,
    clock: Clock,
}

impl AccessLog {
    /// Opens the file, or makes it.
    pub(crate) fn open(path: &Path, balancer: String) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let shared = Arc::new(Shared::default());
        let written = Arc::clone(&shared);
        let writer = std::thread::Builder::new().name("access-log".to_owned()).spawn(move || write(file, &written))?;
        Ok(Self { shared, writer: Some(writer), balancer })
    }

    /// Adds the line of an exchange.
    pub(crate) fn add(&self, record: &Record, client: &Client, head: &Head) {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { lines, clock, .. } = &mut *state;
        let was_empty = lines.is_empty();
        push_line(lines, clock, &self.balancer, record, client, head, SystemTime::now());
        if was_empty {
            self.shared.news.notify_one();
        }
    }
}

impl Drop for AccessLog {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
        self.shared.news.notify_one();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has nothing left to write.
            let _ = writer.join();
        }
    }
}

fn write(mut file: File, shared: &Shared) {
    let mut taken = Vec::new();
    loop {
        let state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = shared
            .news
            .wait_while(state, |state| state.lines.is_empty() && !state.is_over)
            .unwrap_or_else(PoisonError::into_inner);
        if !state.is_over {
            drop(state);
            std::thread::sleep(COLLECT);
            state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        }
        let is_over = state.is_over;
        std::mem::swap(&mut taken, &mut state.lines);
        drop(state);
        // A full disk must not stop the balancer; the lines are lost.
        let _ = file.write_all(&taken);
        taken.clear();
        if is_over {
            return;
        }
    }
}

fn push_line(
    out: &mut Vec<u8>,
    clock: &mut Clock,
    balancer: &str,
    record: &Record,
    client: &Client,
    head: &Head,
    now: SystemTime,
) {
    let group = record.rules.as_deref().zip(record.route).map(|(rules, route)| rules.arns[route].as_str());
    let target = record.target.as_ref().map(|target| target.name.as_str());
    let dispatched = target.filter(|_| record.dispatched.is_some());
    out.extend_from_slice(match record.scheme(client, head) {
        ExchangeScheme::Http => b"http ",
        ExchangeScheme::Https => b"https ",
        ExchangeScheme::Http2 => b"h2 ",
        ExchangeScheme::WebSocket => b"ws ",
        ExchangeScheme::SecureWebSocket => b"wss ",
    });
    clock.push(out, now);
    out.push(b' ');
    out.extend_from_slice(balancer.as_bytes());
    out.push(b' ');
    headers::push_address(out, client.address, true);
    out.push(b' ');
    push_or_dash(out, dispatched);
    // Between the reception of the request, its dispatch, the start of the target's answer and the start of our own.
    let moments = [Some(record.started), record.dispatched, record.answered, record.replied];
    for pair in moments.windows(2) {
        push_duration(out, pair[0].filter(|_| dispatched.is_some()), pair[1]);
    }
    out.push(b' ');
    let status = record.logged_status.unwrap_or(record.status);
    if status == 0 {
        out.push(b'-');
    } else {
        push_decimal(out, u64::from(status));
    }
    out.push(b' ');
    push_status(out, record.target_status);
    out.push(b' ');
    push_decimal(out, record.received);
    out.push(b' ');
    push_decimal(out, record.sent);
    out.extend_from_slice(b" \"");
    push_request(out, client, head);
    out.extend_from_slice(b"\" \"");
    match head.value(Kind::UserAgent) {
        Some(agent) => push_escaped(out, &agent[..agent.len().min(LONGEST_USER_AGENT)]),
        None => out.push(b'-'),
    }
    out.extend_from_slice(b"\" ");
    match &client.tls {
        Some((version, suite)) => {
            out.extend_from_slice(suite.as_bytes());
            out.push(b' ');
            out.extend_from_slice(version.as_bytes());
        }
        None => out.extend_from_slice(b"- -"),
    }
    out.push(b' ');
    push_or_dash(out, group);
    out.extend_from_slice(b" \"");
    push_or_dash(out, Some(record.trace_id.as_str()).filter(|id| !id.is_empty()));
    out.extend_from_slice(b"\" \"");
    // The name that the client gave in its TLS handshake, which is the only one that counts here.
    push_or_dash(out, client.server_name.as_deref());
    // A certificate of this machine has no name that the service would know.
    out.extend_from_slice(b"\" \"-\" ");
    match record.priority {
        Some(priority) => push_decimal(out, u64::from(priority)),
        None => out.push(b'-'),
    }
    out.push(b' ');
    clock.push(out, record.created);
    out.extend_from_slice(b" \"");
    out.extend_from_slice(record.action.as_bytes());
    out.extend_from_slice(b"\" \"");
    match &record.redirect {
        Some(url) => push_escaped(out, url.as_bytes()),
        None => out.push(b'-'),
    }
    out.extend_from_slice(b"\" \"");
    push_or_dash(out, record.error_reason);
    out.extend_from_slice(b"\" \"");
    push_or_dash(out, dispatched);
    out.extend_from_slice(b"\" \"");
    push_status(out, record.target_status);
    let (class, reason) = record.classification.words().unwrap_or(("-", "-"));
    for word in [class, reason] {
        out.extend_from_slice(b"\" \"");
        out.extend_from_slice(word.as_bytes());
    }
    out.extend_from_slice(b"\"\n");
}

/// The request line, its target made a whole URL.
fn push_request(out: &mut Vec<u8>, client: &Client, head: &Head) {
    if head.method().is_empty() {
        out.extend_from_slice(b"- - -");
        return;
    }
    push_escaped(out, head.method());
    out.push(b' ');
    let target = head.target();
    let (scheme, usual_port): (&[u8], u64) = if client.is_tls { (b"https", 443) } else { (b"http", 80) };
    let host = headers::authority(target).or_else(|| head.value(Kind::Host)).unwrap_or(b"-");
    out.extend_from_slice(scheme);
    out.extend_from_slice(b"://");
    push_escaped(out, host);
    let port = host.iter().rposition(|byte| *byte == b':').map(|colon| &host[colon + 1..]);
    if !port.is_some_and(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit)) {
        out.push(b':');
        push_decimal(out, usual_port);
    }
    push_escaped(out, headers::path_and_query(target));
    out.push(b' ');
    out.extend_from_slice(match head.version() {
        Version::Http2 => b"HTTP/2.0",
        _ => head.version_text(),
    });
}

fn push_or_dash(out: &mut Vec<u8>, text: Option<&str>) {
    out.extend_from_slice(text.unwrap_or("-").as_bytes());
}

fn push_status(out: &mut Vec<u8>, status: Option<u16>) {
    match status {
        Some(status) => push_decimal(out, u64::from(status)),
        None => out.push(b'-'),
    }
}

/// Appends the time between two moments in seconds with three decimals; -1 where one of them never was.
fn push_duration(out: &mut Vec<u8>, from: Option<Instant>, to: Option<Instant>) {
    let Some((from, to)) = from.zip(to) else {
        out.extend_from_slice(b" -1");
        return;
    };
    let millis = to.saturating_duration_since(from).as_millis() as u64;
    out.push(b' ');
    push_decimal(out, millis / 1000);
    out.push(b'.');
    push_padded(out, millis % 1000, 3);
}

fn push_padded(out: &mut Vec<u8>, number: u64, digits: u32) {
    for digit in (0..digits).rev() {
        out.push(b'0' + (number / 10_u64.pow(digit) % 10) as u8);
    }
}

/// Appends text for a quoted field: what is not visible, a quote and a backslash as numbers.
fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    let is_plain = |byte: u8| matches!(byte, 0x20..=0x7e) && !matches!(byte, b'"' | b'\\');
    if text.iter().copied().all(is_plain) {
        out.extend_from_slice(text);
        return;
    }
    for byte in text.iter().copied() {
        if is_plain(byte) {
            out.push(byte);
        } else if matches!(byte, b'"' | b'\\') {
            // Writing to memory does not fail.
            // The two that have a case of their own are in lower case in the service's documentation.
            let _ = write!(out, "\\x{byte:02x}");
        } else {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
}

/// Writes moments, and knows the last second's text.
#[derive(Debug, Default)]
struct Clock {
    second: u64,
    text: String,
}

impl Clock {
    /// Appends a moment in UTC, with microseconds.
    fn push(&mut self, out: &mut Vec<u8>, moment: SystemTime) {
        let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        if self.second != since.as_secs() || self.text.is_empty() {
            self.second = since.as_secs();
            let timestamp = Timestamp::from_second(self.second.cast_signed()).unwrap_or_default();
            self.text = timestamp.strftime("%Y-%m-%dT%H:%M:%S.").to_string();
        }
        out.extend_from_slice(self.text.as_bytes());
        push_padded(out, u64::from(since.subsec_micros()), 6);
        out.push(b'Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_406_text_is_escaped() {
        for (text, expected) in
            [(&b"plain ~"[..], "plain ~"), (b"a\"b\\c", "a\\x22b\\x5cc"), (b"\t\x7f\xc3\xa9", "\\x09\\x7F\\xC3\\xA9")]
        {
            let mut out = Vec::new();
            push_escaped(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn alb_401_moments_have_microseconds() {
        let mut clock = Clock::default();
        for (micros, expected) in [
            (1_530_570_180_186_641, "2018-07-02T22:23:00.186641Z"),
            (1_530_570_180_000_001, "2018-07-02T22:23:00.000001Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
        ] {
            let mut out = Vec::new();
            clock.push(&mut out, UNIX_EPOCH + Duration::from_micros(micros));
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
