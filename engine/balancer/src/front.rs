//! What an exchange needs of the client, whichever version of HTTP it speaks.

use std::io;

use crate::http1::body::{Body, BodyFault, Framing};

/// The body of a request.
pub(crate) trait RequestBody: Send {
    /// How its end is told.
    fn framing(&self) -> Framing;
    /// Content that is there already; `None` when there is none, be it that the body is over or that more has to come.
    fn peek(&mut self) -> Result<Option<&[u8]>, BodyFault>;
    /// The next piece of content, which stays until it is consumed; `None` at the end.
    fn fill(&mut self) -> impl Future<Output = Result<Option<&[u8]>, BodyFault>> + Send;
    /// Takes content away.
    fn consume(&mut self, length: usize);
    /// Whether all of it has been consumed.
    fn is_done(&self) -> bool;
    /// The fields behind the body, as lines, when it is done.
    fn trailers(&self) -> &[u8];
    /// Waits until the client goes away.
    fn gone(&mut self) -> impl Future<Output = ()> + Send;
}

/// What a response has behind its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Nothing, and no length is told: 204, 304, and answers to `HEAD`, whose length is that of another answer.
    None,
    /// So many bytes.
    Length(u64),
    /// Something that ends when it ends.
    Unknown,
}

/// The way back to the client. First the head, then the content, then the end.
pub(crate) trait Respond: Send {
    /// Begins the head.
    fn start(&mut self, status: u16, reason: &[u8]);
    /// Adds a field to the head. Those that frame the message are added by the responder itself.
    fn field(&mut self, name: &[u8], value: &[u8]);
    /// Ends the head. It is sent with the first piece of content, or by `flush`.
    fn finish_head(&mut self, payload: Payload);
    /// Ends the head of an answer after which both sides speak another protocol.
    fn finish_upgrade(&mut self, protocol: &[u8]);
    /// Sends a piece of content. It may stay behind until `flush`.
    fn data(&mut self, piece: &[u8]) -> impl Future<Output = io::Result<()>> + Send;
    /// Sends what has stayed behind.
    fn flush(&mut self) -> impl Future<Output = io::Result<()>> + Send;
    /// Ends the content, with fields behind it, given as lines, where the client can take them.
    fn end(&mut self, trailers: &[u8]) -> impl Future<Output = io::Result<()>> + Send;
    /// Whether a head has been finished.
    fn has_head(&self) -> bool;
    /// Closes the connection after this response.
    fn close(&mut self);
    /// Bytes sent so far, fields and framing included.
    fn sent(&self) -> u64;
}

impl RequestBody for Body<'_, '_> {
    fn framing(&self) -> Framing {
        self.framing()
    }

    fn peek(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        self.peek()
    }

    async fn fill(&mut self) -> Result<Option<&[u8]>, BodyFault> {
        self.fill().await
    }

    fn consume(&mut self, length: usize) {
        self.consume(length);
    }

    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn trailers(&self) -> &[u8] {
        self.trailers()
    }

    async fn gone(&mut self) {
        self.gone().await;
    }
}
