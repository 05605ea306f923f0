//! The head of a request.
//!
//! The balancer passes much on that stricter parsers refuse or repair: blanks in a name, control characters in a value,
//! a blank in the target. What is dangerous about it is the classifier's business ([`crate::desync`]). So this reader
//! only cuts lines at their first colon, and notes when a line is not a regular one.

use std::ops::Range;

use memchr::memchr;

use super::field::{self, Kind};

/// The longest request line, in bytes.
pub(crate) const LONGEST_REQUEST_LINE: usize = 16 * 1024;
/// The longest field, in bytes.
pub(crate) const LONGEST_FIELD: usize = 16 * 1024;
/// The most that all fields may have, in bytes.
pub(crate) const LONGEST_FIELDS: usize = 64 * 1024;

/// A version of HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Version {
    Http10,
    #[default]
    Http11,
    Http2,
}

/// The head of a request, in memory that is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Head {
    bytes: Vec<u8>,
    method: Range<usize>,
    target: Range<usize>,
    version_text: Range<usize>,
    version: Version,
    fields: Vec<Entry>,
    is_regular: bool,
    /// Where reading goes on when more of the head has come.
    at: usize,
    fields_start: usize,
}

#[derive(Debug)]
struct Entry {
    name: Range<usize>,
    value: Range<usize>,
    kind: Kind,
}

/// A field of a head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
    pub(crate) kind: Kind,
}

/// Why bytes are not the head of a request that can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadFault {
    /// The request line is too long.
    LongRequestLine,
    /// A field is too long.
    LongField,
    /// All fields together are too long.
    LongFields,
    /// A field goes on in a second line.
    Folded,
    /// There is no version, as in HTTP/0.9, or no target.
    RequestLine,
    /// The version is none of HTTP/1.
    Version,
}

impl Head {
    /// Forgets the request, to read the next.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.fields.clear();
        (self.method, self.target, self.version_text) = (0..0, 0..0, 0..0);
        (self.at, self.fields_start) = (0, 0);
        self.is_regular = true;
    }

    /// Reads the head at the start of `input`, going on where it stopped when it was called with less of the same. Gives
    /// the number of bytes that the head has, or `None` when its end has not come yet.
    pub(crate) fn read(&mut self, input: &[u8]) -> Result<Option<usize>, HeadFault> {
        loop {
            let line = &input[self.at..];
            let in_request_line = self.fields_start == 0;
            let (limit, fault) = if in_request_line {
                (LONGEST_REQUEST_LINE, HeadFault::LongRequestLine)
            } else {
                (LONGEST_FIELD, HeadFault::LongField)
            };
            let end = memchr(b'\n', line);
            if end.unwrap_or(line.len()) > limit + 2 {
                return Err(fault);
            }
            if !in_request_line && self.at - self.fields_start > LONGEST_FIELDS {
                return Err(HeadFault::LongFields);
            }
            let Some(end) = end else { return Ok(None) };
            let start = self.at;
            self.at += end + 1;
            let text = line[..end].strip_suffix(b"\r").unwrap_or_else(|| {
                self.is_regular = false;
                &line[..end]
            });
            if in_request_line {
                // Empty lines before a request are left over from one before (RFC 9112, section 2.2).
                if text.is_empty() {
                    continue;
                }
                self.request_line(text, start)?;
                self.fields_start = self.at;
            } else if text.is_empty() {
                self.bytes.clear();
                self.bytes.extend_from_slice(&input[..self.at]);
                return Ok(Some(self.at));
            } else {
                self.field_line(text, start)?;
            }
        }
    }

    fn request_line(&mut self, line: &[u8], start: usize) -> Result<(), HeadFault> {
        let method_end = memchr(b' ', line).ok_or(HeadFault::RequestLine)?;
        let version_start = line.trim_ascii_end().iter().rposition(|byte| *byte == b' ').map_or(0, |blank| blank + 1);
        if version_start <= method_end + 1 {
            return Err(HeadFault::RequestLine);
        }
        self.method = start..start + method_end;
        self.target = start + method_end + 1..start + version_start - 1;
        self.version_text = start + version_start..start + line.len();
        if self.target.is_empty() {
            return Err(HeadFault::RequestLine);
        }
        self.version = match line[version_start..].trim_ascii() {
            b"HTTP/1.1" => Version::Http11,
            b"HTTP/1.0" => Version::Http10,
            // A minor version changes nothing about how a message is read.
            [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit() => Version::Http11,
            _ => return Err(HeadFault::Version),
        };
        Ok(())
    }

    fn field_line(&mut self, line: &[u8], start: usize) -> Result<(), HeadFault> {
        if line[0] == b' ' || line[0] == b'\t' {
            return Err(HeadFault::Folded);
        }
        let colon = memchr(b':', line).unwrap_or_else(|| {
            self.is_regular = false;
            line.len()
        });
        let value = line.get(colon + 1..).unwrap_or_default();
        let blanks = value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let value_end = value.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(blanks, |last| last + 1);
        let value_start = (start + colon + 1).min(start + line.len());
        self.fields.push(Entry {
            name: start..start + colon,
            value: value_start + blanks..value_start + value_end,
            kind: field::kind(&line[..colon]),
        });
        Ok(())
    }

    /// Makes a head that did not come as text.
    pub(crate) fn make(&mut self, method: &[u8], target: &[u8], version: Version) {
        self.clear();
        self.method = self.append(method);
        self.target = self.append(target);
        self.version_text = self.append(version.text().as_bytes());
        self.version = version;
    }

    /// Adds a field to a head.
    pub(crate) fn push(&mut self, name: &[u8], value: &[u8]) {
        let (name, kind) = (self.append(name), field::kind(name));
        let value = self.append(value);
        self.fields.push(Entry { name, value, kind });
    }

    fn append(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }

    /// Keeps what came of a head that is not there as a whole: the log names it.
    pub(crate) fn keep(&mut self, input: &[u8]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(&input[..input.len().min(LONGEST_FIELDS)]);
        let is_kept = |range: &Range<usize>| range.end <= self.bytes.len();
        if ![&self.method, &self.target, &self.version_text].into_iter().all(is_kept) {
            (self.method, self.target, self.version_text) = (0..0, 0..0, 0..0);
        }
        let length = self.bytes.len();
        self.fields.retain(|entry| entry.name.end <= length && entry.value.end <= length);
    }

    /// The head as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn method(&self) -> &[u8] {
        &self.bytes[self.method.clone()]
    }

    /// The target as sent: a path with its query, or a whole URL.
    pub(crate) fn target(&self) -> &[u8] {
        &self.bytes[self.target.clone()]
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// The version as sent.
    pub(crate) fn version_text(&self) -> &[u8] {
        &self.bytes[self.version_text.clone()]
    }

    /// Whether each line ends in CRLF and each field has a colon.
    pub(crate) fn is_regular(&self) -> bool {
        self.is_regular
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = Field<'_>> + Clone {
        self.fields.iter().map(|entry| Field {
            name: &self.bytes[entry.name.clone()],
            value: &self.bytes[entry.value.clone()],
            kind: entry.kind,
        })
    }

    /// The values of all fields of a kind.
    pub(crate) fn values(&self, kind: Kind) -> impl Iterator<Item = &[u8]> {
        self.fields.iter().filter(move |entry| entry.kind == kind).map(|entry| &self.bytes[entry.value.clone()])
    }

    /// The value of the first field of a kind.
    pub(crate) fn value(&self, kind: Kind) -> Option<&[u8]> {
        self.values(kind).next()
    }
}

impl Version {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2.0",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Head, Option<usize>), HeadFault> {
        let mut head = Head::default();
        head.clear();
        let length = head.read(text.as_bytes())?;
        Ok((head, length))
    }

    #[test]
    fn a_head_falls_into_its_parts() {
        let text = "GET /a b?c HTTP/1.1\r\nHost: h\r\nX y:  \u{1}z\t\r\nEmpty:\r\n\r\nbody";
        let (head, length) = read(text).unwrap();
        assert_eq!(length, Some(text.len() - 4));
        assert_eq!((head.method(), head.target(), head.version()), (&b"GET"[..], &b"/a b?c"[..], Version::Http11));
        let fields: Vec<_> = head.fields().map(|field| (field.name, field.value)).collect();
        assert_eq!(fields, [(&b"Host"[..], &b"h"[..]), (b"X y", b"\x01z"), (b"Empty", b"")]);
        assert!(head.is_regular());
    }

    #[test]
    fn a_head_may_come_byte_by_byte() {
        let text = "\r\nPOST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n";
        let mut head = Head::default();
        head.clear();
        for end in 0..text.len() {
            assert_eq!(head.read(&text.as_bytes()[..end]), Ok(None), "{end}");
        }
        assert_eq!(head.read(text.as_bytes()), Ok(Some(text.len())));
        assert_eq!(head.value(Kind::ContentLength), Some(&b"3"[..]));
        assert_eq!(head.version(), Version::Http10);
    }

    #[test]
    fn irregular_lines_are_noted() {
        for text in ["GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\nHost\r\n\r\n"] {
            assert!(!read(text).unwrap().0.is_regular(), "{text}");
        }
    }

    #[test]
    fn what_is_no_head_is_refused() {
        for (text, fault) in [
            ("GET /\r\n", HeadFault::RequestLine),
            ("GET\r\n", HeadFault::RequestLine),
            ("GET  HTTP/1.1\r\n", HeadFault::RequestLine),
            ("PRI * HTTP/2.0\r\n", HeadFault::Version),
            ("GET / HTTP/0.9\r\n", HeadFault::Version),
            ("GET / FTP/1.1\r\n", HeadFault::Version),
            ("GET / HTTP/1.1\r\nA: b\r\n c\r\n", HeadFault::Folded),
        ] {
            assert_eq!(read(text).map(|(_, length)| length), Err(fault), "{text}");
        }
    }

    #[test]
    fn limits_hold_before_the_line_has_ended() {
        let long = "x".repeat(17_000);
        assert_eq!(read(&format!("GET /{long}")).map(|_| ()), Err(HeadFault::LongRequestLine));
        assert_eq!(read(&format!("GET / HTTP/1.1\r\nA: {long}")).map(|_| ()), Err(HeadFault::LongField));
        let many = format!("A: {}\r\n", "x".repeat(10_000)).repeat(7);
        assert_eq!(read(&format!("GET / HTTP/1.1\r\n{many}")).map(|_| ()), Err(HeadFault::LongFields));
        let fits = "x".repeat(16 * 1024 - 5);
        assert!(read(&format!("GET / HTTP/1.1\r\nA: {fits}\r\n\r\n")).is_ok());
    }
}
