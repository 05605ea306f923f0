//! Responses: read from a target, written to a client.

use std::io::{self, IoSlice, Write as _};
use std::mem::MaybeUninit;

use super::body::{self, Codings, Framing};
use super::field::{self, Kind};
use super::head::Version;
use crate::front::{Payload, Respond};
use crate::stream::WriteHalf;

/// The most that the head of a response may have, in bytes.
pub(crate) const LONGEST_HEAD: usize = 32 * 1024;

/// So many fields of a response are read without taking memory for them.
const USUAL_FIELDS: usize = 64;
/// No head that is short enough has more fields than this: the shortest is `a:` and a line end.
const MOST_FIELDS: usize = LONGEST_HEAD / 4;

/// The head of a response.
pub(crate) struct ResponseHead<'a> {
    pub(crate) status: u16,
    pub(crate) reason: &'a [u8],
    pub(crate) fields: &'a [httparse::Header<'a>],
    /// Whether the target is of HTTP/1.0.
    pub(crate) is_old: bool,
    /// How many bytes it has.
    pub(crate) length: usize,
}

/// A response that cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// It is not HTTP.
    Syntax(httparse::Error),
    /// Its length cannot be told.
    Length,
    /// Its head is too long.
    Long,
}

/// Reads the head at the start of `input`, of at most `longest` bytes, and hands it on. Gives `None` when the end of the head has not come yet.
pub(crate) fn read<T>(
    input: &[u8],
    longest: usize,
    hand_on: impl FnOnce(&ResponseHead<'_>) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    let mut few = [const { MaybeUninit::uninit() }; USUAL_FIELDS];
    let mut many = Vec::new();
    let mut response = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    let mut parsed = config.parse_response_with_uninit_headers(&mut response, input, &mut few);
    if parsed == Err(httparse::Error::TooManyHeaders) {
        many.resize_with(MOST_FIELDS, MaybeUninit::uninit);
        response = httparse::Response::new(&mut []);
        parsed = config.parse_response_with_uninit_headers(&mut response, input, &mut many);
    }
    match parsed.map_err(Malformed::Syntax)? {
        httparse::Status::Partial if input.len() > longest => Err(Malformed::Long),
        httparse::Status::Partial => Ok(None),
        httparse::Status::Complete(length) if length > longest => Err(Malformed::Long),
        httparse::Status::Complete(length) => hand_on(&ResponseHead {
            status: response.code.unwrap_or_default(),
            reason: response.reason.unwrap_or_default().as_bytes(),
            fields: response.headers,
            is_old: response.version == Some(0),
            length,
        })
        .map(Some),
    }
}

impl ResponseHead<'_> {
    /// How the end of the body is told (RFC 9112, section 6.3).
    pub(crate) fn framing(&self, is_answer_to_head: bool) -> Result<Framing, Malformed> {
        let values = |wanted: Kind| {
            let wanted = self.fields.iter().filter(move |field| field::kind(field.name.as_bytes()) == wanted);
            wanted.map(|field| field.value)
        };
        if is_answer_to_head || matches!(self.status, 100..=199 | 204 | 304) {
            return Ok(Framing::None);
        }
        if values(Kind::TransferEncoding).next().is_some() {
            match body::codings(values(Kind::TransferEncoding)) {
                Codings::Chunked => return Ok(Framing::Chunked),
                Codings::Identity => {}
                Codings::Unknown => return Err(Malformed::Length),
            }
        }
        let mut lengths = values(Kind::ContentLength).map(body::length);
        match lengths.next() {
            None => Ok(Framing::UntilClose),
            Some(first) if lengths.any(|other| other != first) => Err(Malformed::Length),
            Some(length) => length.map(Framing::Length).ok_or(Malformed::Length),
        }
    }

    /// Whether `Connection` keeps a field to this connection.
    pub(crate) fn is_named_by_connection(&self, name: &[u8]) -> bool {
        let is_connection = |header: &&httparse::Header<'_>| field::kind(header.name.as_bytes()) == Kind::Connection;
        let mut words = self.fields.iter().filter(is_connection).flat_map(|header| field::words(header.value));
        words.any(|word| word.eq_ignore_ascii_case(name))
    }

    /// Whether the connection can be used for another request.
    pub(crate) fn keeps_alive(&self) -> bool {
        let has = |word| {
            let named = |field: &&httparse::Header<'_>| field::kind(field.name.as_bytes()) == Kind::Connection;
            self.fields.iter().filter(named).any(|field| field::has_word(field.value, word))
        };
        if self.is_old { has("keep-alive") } else { !has("close") }
    }
}

/// Writes a response to a client of HTTP/1.
pub(crate) struct Responder<'a, 'io> {
    io: &'a mut WriteHalf<'io>,
    /// What has not been sent yet.
    out: &'a mut Vec<u8>,
    version: Version,
    is_answer_to_head: bool,
    closes: bool,
    framing: Framing,
    has_head: bool,
    sent: u64,
}

/// Pieces of content up to this size are collected and sent together, in bytes.
const SMALL_PIECE: usize = 4 * 1024;
/// So much is collected at most, in bytes.
const MOST_COLLECTED: usize = 16 * 1024;

impl<'a, 'io> Responder<'a, 'io> {
    /// A responder to a client; `out` is memory that it may use.
    pub(crate) fn new(
        io: &'a mut WriteHalf<'io>,
        out: &'a mut Vec<u8>,
        version: Version,
        is_answer_to_head: bool,
        closes: bool,
    ) -> Self {
        out.clear();
        Self { io, out, version, is_answer_to_head, closes, framing: Framing::None, has_head: false, sent: 0 }
    }

    /// Whether the connection is to be closed after this response.
    pub(crate) fn closes(&self) -> bool {
        self.closes
    }

    async fn send(&mut self, slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        self.sent += slices.iter().map(|slice| slice.len() as u64).sum::<u64>();
        self.io.write_all(slices).await
    }
}

impl Respond for Responder<'_, '_> {
    fn start(&mut self, status: u16, reason: &[u8]) {
        self.out.extend_from_slice(b"HTTP/1.1 ");
        push_decimal(self.out, u64::from(status));
        self.out.push(b' ');
        self.out.extend_from_slice(reason);
        self.out.extend_from_slice(b"\r\n");
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        push_field(self.out, name, value);
    }

    fn finish_head(&mut self, payload: Payload) {
        self.framing = match payload {
            Payload::None => Framing::None,
            Payload::Length(length) => {
                self.out.extend_from_slice(b"Content-Length: ");
                push_decimal(self.out, length);
                self.out.extend_from_slice(b"\r\n");
                if self.is_answer_to_head { Framing::None } else { Framing::Length(length) }
            }
            Payload::Unknown if self.version == Version::Http10 => {
                self.closes = true;
                Framing::UntilClose
            }
            Payload::Unknown => {
                self.out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
                if self.is_answer_to_head { Framing::None } else { Framing::Chunked }
            }
        };
        let end: &[u8] = if self.closes { b"Connection: close\r\n\r\n" } else { b"Connection: keep-alive\r\n\r\n" };
        self.out.extend_from_slice(end);
        self.has_head = true;
    }

    fn finish_upgrade(&mut self, protocol: &[u8]) {
        push_field(self.out, b"Connection", b"upgrade");
        push_field(self.out, b"Upgrade", protocol);
        self.out.extend_from_slice(b"\r\n");
        self.has_head = true;
    }

    async fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.framing == Framing::None || piece.is_empty() {
            return Ok(());
        }
        let is_chunked = self.framing == Framing::Chunked;
        if is_chunked {
            // Writing to memory does not fail.
            let _ = write!(self.out, "{:x}\r\n", piece.len());
        }
        let end: &[u8] = if is_chunked { b"\r\n" } else { b"" };
        if piece.len() <= SMALL_PIECE {
            self.out.extend_from_slice(piece);
            self.out.extend_from_slice(end);
            if self.out.len() < MOST_COLLECTED { Ok(()) } else { self.flush().await }
        } else {
            let out = std::mem::take(self.out);
            let sent = self.send(&mut [IoSlice::new(&out), IoSlice::new(piece), IoSlice::new(end)]).await;
            *self.out = out;
            self.out.clear();
            sent
        }
    }

    async fn flush(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let out = std::mem::take(self.out);
        let sent = self.send(&mut [IoSlice::new(&out)]).await;
        *self.out = out;
        self.out.clear();
        sent
    }

    async fn end(&mut self, trailers: &[u8]) -> io::Result<()> {
        if self.framing == Framing::Chunked {
            self.out.extend_from_slice(b"0\r\n");
            self.out.extend_from_slice(trailers);
            self.out.extend_from_slice(b"\r\n");
        }
        self.flush().await
    }

    fn has_head(&self) -> bool {
        self.has_head
    }

    fn close(&mut self) {
        self.closes = true;
    }

    fn sent(&self) -> u64 {
        self.sent
    }
}

/// Appends a field as a line.
pub(crate) fn push_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Appends a number in decimal digits.
pub(crate) fn push_decimal(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_body_is_told_by_its_head() {
        for (text, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", Ok(Framing::Length(3))),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", Ok(Framing::Length(3))),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", Err(Malformed::Length)),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Err(Malformed::Length)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", Ok(Framing::Chunked)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Err(Malformed::Length)),
            ("HTTP/1.1 200 OK\r\n\r\n", Ok(Framing::UntilClose)),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", Ok(Framing::None)),
            ("HTTP/1.1 304 Not Modified\r\n\r\n", Ok(Framing::None)),
        ] {
            let framing = read(text.as_bytes(), LONGEST_HEAD, |head| head.framing(false));
            assert_eq!(framing.map(Option::unwrap), expected, "{text}");
        }
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
        assert_eq!(read(head, LONGEST_HEAD, |head| head.framing(true)), Ok(Some(Framing::None)));
    }

    #[test]
    fn many_fields_are_read() {
        let text = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a:b\r\n".repeat(5000));
        assert_eq!(read(text.as_bytes(), LONGEST_HEAD, |head| Ok(head.fields.len())), Ok(Some(5000)));
        let long = format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n", "b".repeat(LONGEST_HEAD));
        assert_eq!(read(long.as_bytes(), LONGEST_HEAD, |_| Ok(())), Err(Malformed::Long));
        assert_eq!(read(&long.as_bytes()[..=LONGEST_HEAD], LONGEST_HEAD, |_| Ok(())), Err(Malformed::Long));
    }

    #[test]
    fn numbers_become_digits() {
        for number in [0, 7, 10, 4_294_967_296, u64::MAX] {
            let mut out = Vec::new();
            push_decimal(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
