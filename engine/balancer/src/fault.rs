//! What goes wrong with an exchange: the answer that it leads to, and what a user should know.

use crate::observe::Note;

/// Why an exchange failed.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The status of the page that the client gets, and of the log.
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) message: String,
    /// The client's connection cannot be used after it.
    pub(crate) closes: bool,
    /// The edge made the answer, not the balancer.
    pub(crate) is_from_edge: bool,
}

impl Fault {
    pub(crate) fn new(status: u16, code: &'static str, statement: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, statement, message: message.into(), closes: false, is_from_edge: false }
    }

    /// The same, after which the client's connection is closed.
    pub(crate) fn closing(self) -> Self {
        Self { closes: true, ..self }
    }

    /// The same, found by the edge.
    pub(crate) fn at_edge(self) -> Self {
        Self { is_from_edge: true, ..self }
    }

    pub(crate) fn note(&self, target: Option<&str>) -> Note {
        Note {
            code: self.code,
            statement: self.statement,
            message: self.message.clone(),
            target: target.map(str::to_owned),
        }
    }

    pub(crate) fn client_gone() -> Self {
        Self::new(
            460,
            "client-gone",
            "ALB-186",
            "The client closed its connection before the answer was there, so the request to the target was dropped. \
             If its own time limit is short, raise it, or answer sooner.",
        )
        .closing()
    }

    pub(crate) fn client_silent() -> Self {
        Self::new(
            408,
            "client-silent",
            "ALB-181",
            "The client began a request and then sent nothing more until the idle time-out. Send the whole request, or \
             raise the time-out.",
        )
        .closing()
    }

    pub(crate) fn truncated_body() -> Self {
        Self::new(
            400,
            "body-cut-short",
            "ALB-201",
            "The client closed its connection before it had sent the whole body of its request.",
        )
        .closing()
    }

    pub(crate) fn bad_chunk() -> Self {
        Self::new(
            400,
            "bad-chunk",
            "ALB-201",
            "The body of the request says that it comes in chunks, but the chunks are not well-formed. Each needs its \
             length in hexadecimal digits before it and a line end behind it.",
        )
        .closing()
    }
}
