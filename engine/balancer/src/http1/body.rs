//! Where the body of a message begins and ends.

use super::field;
use crate::stream::{Buffer, ReadHalf};

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Framing {
    /// There is no body.
    #[default]
    None,
    /// It has so many bytes.
    Length(u64),
    /// It comes in chunks.
    Chunked,
    /// It ends with the connection.
    UntilClose,
}

/// The most that trailers may have, in bytes.
const LONGEST_TRAILERS: usize = 16 * 1024;
/// The longest line that gives a chunk's size, in bytes.
const LONGEST_SIZE_LINE: usize = 4 * 1024;

/// Why a body cannot be read on.
#[derive(Debug)]
pub(crate) enum BodyFault {
    /// The peer closed the connection before the end.
    Truncated,
    /// The connection broke.
    Io,
    /// The chunks are not well-formed.
    Chunk,
}

/// Finds the content among the framing.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    state: State,
    trailers: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// So many bytes are left of the whole body.
    Length(u64),
    /// So much of a chunk's size has been read, in so many bytes.
    Size {
        size: u64,
        digits: usize,
    },
    /// The rest of the line behind a size.
    Extension {
        size: u64,
        length: usize,
    },
    /// So many bytes are left of a chunk.
    Data(u64),
    /// The line end behind a chunk.
    DataEnd,
    /// The same, its first character read.
    DataLineFeed,
    /// A line of the trailers, or the empty line behind them; the line starts here in `trailers`.
    Trailers {
        line: usize,
    },
    UntilClose,
    #[default]
    Done,
}

/// What a decoder finds at the start of its input: some framing, then some content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    framing: usize,
    content: usize,
}

impl Decoder {
    pub(crate) fn new(framing: Framing) -> Self {
        let state = match framing {
            Framing::None | Framing::Length(0) => State::Done,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Size { size: 0, digits: 0 },
            Framing::UntilClose => State::UntilClose,
        };
        Self { state, trailers: Vec::new() }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// The fields behind a chunked body, as lines.
    pub(crate) fn trailers(&self) -> &[u8] {
        &self.trailers
    }

    /// Both parts are taken for read. When neither the end is reached nor any content found, more input is needed.
    fn find(&mut self, input: &[u8]) -> Result<Found, BodyFault> {
        let mut at = 0;
        loop {
            let content = match &mut self.state {
                State::Done => Some(0),
                State::UntilClose => Some(input.len() - at),
                State::Length(left) | State::Data(left) if at < input.len() => {
                    let content = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len() - at);
                    *left -= content as u64;
                    Some(content)
                }
                _ => None,
            };
            if let Some(content) = content {
                match self.state {
                    State::Length(0) => self.state = State::Done,
                    State::Data(0) => self.state = State::DataEnd,
                    _ => {}
                }
                return Ok(Found { framing: at, content });
            }
            let Some(byte) = input.get(at).copied() else { return Ok(Found { framing: at, content: 0 }) };
            at += 1;
            self.state = self.state.after(byte, &mut self.trailers)?;
        }
    }
}

impl State {
    /// The state after a byte of framing.
    fn after(self, byte: u8, trailers: &mut Vec<u8>) -> Result<Self, BodyFault> {
        Ok(match (self, byte) {
            (Self::Size { size, digits }, _) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).unwrap_or_default();
                let size = size.checked_mul(16).ok_or(BodyFault::Chunk)? + u64::from(digit);
                Self::Size { size, digits: digits + 1 }
            }
            (Self::Size { size, digits: 1.. }, b'\r' | b'\n' | b';' | b' ' | b'\t') => {
                Self::Extension { size, length: 0 }.after(byte, trailers)?
            }
            (Self::Extension { size: 0, .. }, b'\n') => Self::Trailers { line: 0 },
            (Self::Extension { size, .. }, b'\n') => Self::Data(size),
            (Self::Extension { size, length }, _) if length < LONGEST_SIZE_LINE => {
                Self::Extension { size, length: length + 1 }
            }
            (Self::DataEnd, b'\r') => Self::DataLineFeed,
            (Self::DataEnd | Self::DataLineFeed, b'\n') => Self::Size { size: 0, digits: 0 },
            (Self::Trailers { line }, b'\n') => {
                if trailers[line..].is_empty() || &trailers[line..] == b"\r" {
                    trailers.truncate(line);
                    return Ok(Self::Done);
                }
                trailers.push(byte);
                Self::Trailers { line: trailers.len() }
            }
            (Self::Trailers { .. }, _) if trailers.len() < LONGEST_TRAILERS => {
                trailers.push(byte);
                self
            }
            _ => return Err(BodyFault::Chunk),
        })
    }
}

/// A body that is read from a connection piece by piece.
pub(crate) struct Body<'a, 'io> {
    io: &'a mut ReadHalf<'io>,
    buffer: &'a mut Buffer,
    framing: Framing,
    decoder: Decoder,
    /// So many bytes at the start of the buffer are content.
    content: usize,
}

impl<'a, 'io> Body<'a, 'io> {
    pub(crate) fn new(io: &'a mut ReadHalf<'io>, buffer: &'a mut Buffer, framing: Framing) -> Self {
        Self { io, buffer, framing, decoder: Decoder::new(framing), content: 0 }
    }

    /// How its end is told.
    pub(crate) fn framing(&self) -> Framing {
        self.framing
    }

    /// Finds content in what has been read already; `None` when there is none, be it that the body is over or that more
    /// has to be read.
    pub(crate) fn peek(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        if self.content == 0 && !self.decoder.is_done() {
            let found = self.decoder.find(self.buffer.data())?;
            self.buffer.consume(found.framing);
            self.content = found.content;
        }
        Ok(if self.content == 0 { None } else { Some(&self.buffer.data()[..self.content]) })
    }

    /// The next piece of content, which stays until it is consumed; `None` at the end.
    pub(crate) async fn fill(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        while self.peek()?.is_none() {
            if self.decoder.is_done() {
                return Ok(None);
            }
            if self.buffer.read(self.io).await.map_err(|_| BodyFault::Io)? == 0 {
                if self.decoder.state == State::UntilClose {
                    self.decoder.state = State::Done;
                    return Ok(None);
                }
                return Err(BodyFault::Truncated);
            }
        }
        Ok(Some(&self.buffer.data()[..self.content]))
    }

    pub(crate) fn consume(&mut self, length: usize) {
        self.buffer.consume(length);
        self.content -= length;
    }

    /// Whether all content has been consumed.
    pub(crate) fn is_done(&self) -> bool {
        self.content == 0 && self.decoder.is_done()
    }

    /// The fields behind the body, as lines, when it is done.
    pub(crate) fn trailers(&self) -> &[u8] {
        self.decoder.trailers()
    }

    /// Reads on past the body, for as long as there is room, to learn when the peer goes away.
    pub(crate) async fn gone(&mut self) {
        loop {
            match self.buffer.read_ahead(self.io).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}

/// What a list of transfer codings says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codings {
    /// Nothing but `identity`.
    Identity,
    Chunked,
    /// One that the balancer does not know.
    Unknown,
}

/// Reads the values of all `Transfer-Encoding` fields.
pub(crate) fn codings<'v>(values: impl Iterator<Item = &'v [u8]>) -> Codings {
    let mut all = Codings::Identity;
    for coding in values.flat_map(field::words) {
        if coding.eq_ignore_ascii_case(b"chunked") {
            all = Codings::Chunked;
        } else if !coding.eq_ignore_ascii_case(b"identity") {
            return Codings::Unknown;
        }
    }
    all
}

/// Reads the value of a `Content-Length` field; an empty one means no body.
pub(crate) fn length(value: &[u8]) -> Option<u64> {
    value.iter().try_fold(0u64, |length, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        length.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes a body that comes in pieces of a length; gives content, trailers and what is left.
    fn decode(framing: Framing, input: &[u8], step: usize) -> Result<(Vec<u8>, Vec<u8>, usize), BodyFault> {
        let mut decoder = Decoder::new(framing);
        let (mut content, mut start, mut end) = (Vec::new(), 0, 0);
        loop {
            let found = decoder.find(&input[start..end])?;
            start += found.framing;
            content.extend_from_slice(&input[start..start + found.content]);
            start += found.content;
            if decoder.is_done() || end == input.len() && found.content == 0 {
                return Ok((content, decoder.trailers.clone(), input.len() - start));
            }
            if found.content == 0 {
                end = (end + step).min(input.len());
            }
        }
    }

    #[test]
    fn content_is_found_however_it_is_cut() {
        let chunked = b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nA: b\r\n\r\nnext";
        for step in 1..chunked.len() {
            let (content, trailers, left) = decode(Framing::Chunked, chunked, step).unwrap();
            assert_eq!(
                (&content[..], &trailers[..], left <= 4),
                (&b"hello world"[..], &b"A: b\r\n"[..], true),
                "{step}"
            );
        }
        assert_eq!(decode(Framing::Length(3), b"abcdef", 6).unwrap(), (b"abc".to_vec(), vec![], 3));
        assert_eq!(decode(Framing::None, b"abc", 3).unwrap(), (vec![], vec![], 3));
        assert_eq!(decode(Framing::UntilClose, b"abc", 2).unwrap().0, b"abc");
    }

    #[test]
    fn malformed_chunks_are_refused() {
        for text in ["x\r\n", "\r\n", "5\r\nhellox", "ffffffffffffffffff\r\n", "-1\r\n", "0x5\r\n"] {
            assert!(matches!(decode(Framing::Chunked, text.as_bytes(), 99), Err(BodyFault::Chunk)), "{text}");
        }
    }

    #[test]
    fn codings_and_lengths_are_read() {
        for (values, expected) in [
            (&["chunked"][..], Codings::Chunked),
            (&["Identity"], Codings::Identity),
            (&["identity, CHUNKED"], Codings::Chunked),
            (&["gzip", "chunked"], Codings::Unknown),
            (&["gzip, chunked"], Codings::Unknown),
        ] {
            assert_eq!(codings(values.iter().map(|value| value.as_bytes())), expected, "{values:?}");
        }
        for (value, expected) in
            [("12", Some(12)), ("", Some(0)), ("+1", None), ("1 2", None), ("99999999999999999999", None)]
        {
            assert_eq!(length(value.as_bytes()), expected, "{value}");
        }
    }
}
