//! Keeping what passes, for whoever watches.

use std::io;

use crate::front::{Payload, RequestBody, Respond};
use crate::http1::body::{BodyFault, Framing};
use crate::http1::head::Head;

/// The fields of a head as text.
pub(crate) fn fields(head: &Head) -> Vec<(String, String)> {
    head.fields().map(|field| (text(field.name), text(field.value))).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A body whose start is kept as it passes.
pub(crate) struct KeptBody<'a, B> {
    inner: &'a mut B,
    limit: usize,
    pub(crate) kept: Vec<u8>,
}

impl<'a, B: RequestBody> KeptBody<'a, B> {
    /// Keeps so many bytes.
    pub(crate) fn new(inner: &'a mut B, limit: usize) -> Self {
        Self { inner, limit, kept: Vec::new() }
    }
}

impl<B: RequestBody> RequestBody for KeptBody<'_, B> {
    fn framing(&self) -> Framing {
        self.inner.framing()
    }

    fn peek(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        self.inner.peek()
    }

    async fn fill(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        self.inner.fill().await
    }

    fn consume(&mut self, length: usize) {
        let room = self.limit - self.kept.len();
        if room > 0
            && let Ok(Some(piece)) = self.inner.peek()
        {
            self.kept.extend_from_slice(&piece[..length.min(room)]);
        }
        self.inner.consume(length);
    }

    fn is_done(&self) -> bool {
        self.inner.is_done()
    }

    fn trailers(&self) -> &[u8] {
        self.inner.trailers()
    }

    async fn gone(&mut self) {
        self.inner.gone().await;
    }
}

/// An answer that is kept as it passes.
pub(crate) struct KeptResponse<'a, R> {
    inner: &'a mut R,
    /// How much of the content is kept; nothing at all, fields neither, without it.
    limit: Option<usize>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl<'a, R: Respond> KeptResponse<'a, R> {
    pub(crate) fn new(inner: &'a mut R, limit: Option<usize>) -> Self {
        Self { inner, limit, fields: Vec::new(), body: Vec::new() }
    }
}

impl<R: Respond> Respond for KeptResponse<'_, R> {
    fn start(&mut self, status: u16, reason: &[u8]) {
        self.inner.start(status, reason);
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        if self.limit.is_some() {
            self.fields.push((text(name), text(value)));
        }
        self.inner.field(name, value);
    }

    fn finish_head(&mut self, payload: Payload) {
        if let (Some(_), Payload::Length(length)) = (self.limit, payload) {
            self.fields.push(("Content-Length".to_owned(), length.to_string()));
        }
        self.inner.finish_head(payload);
    }

    fn finish_upgrade(&mut self, protocol: &[u8]) {
        self.inner.finish_upgrade(protocol);
    }

    async fn data(&mut self, piece: &[u8]) -> io::Result<()> {
        if let Some(limit) = self.limit {
            let room = limit - self.body.len();
            self.body.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        self.inner.data(piece).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().await
    }

    async fn end(&mut self, trailers: &[u8]) -> io::Result<()> {
        self.inner.end(trailers).await
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
