//! Diagnostics on their way to the client: in order, and none of a text that has been superseded meanwhile.

use std::sync::{Arc, Weak};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

use crate::session::Session;

/// Diagnostics of a document.
#[derive(Debug)]
pub(crate) struct Publication {
    pub(crate) uri: Uri,
    /// The snapshot they are about; `None` when the document is closed and they are taken back.
    pub(crate) about: Option<(u64, i32)>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The sending end.
#[derive(Clone, Debug)]
pub(crate) struct Outbox(UnboundedSender<Publication>);

impl Outbox {
    pub(crate) fn new() -> (Self, UnboundedReceiver<Publication>) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), receiver)
    }

    /// Puts diagnostics in the queue. Called under the session's lock, so that the queue has the order of events.
    pub(crate) fn send(&self, publication: Publication) {
        // The other end is gone only while the server ends.
        let _ = self.0.send(publication);
    }
}

/// Sends what comes out of the queue until the session is over.
pub(crate) async fn forward(client: Client, mut queue: UnboundedReceiver<Publication>, session: Weak<Session>) {
    while let Some(Publication { uri, about, diagnostics }) = queue.recv().await {
        let Some(session): Option<Arc<Session>> = session.upgrade() else { return };
        let current = session.snapshot(&uri).map(|snapshot| snapshot.id);
        if current == about.map(|(id, _)| id) {
            client.publish_diagnostics(uri, diagnostics, about.map(|(_, version)| version)).await;
        }
    }
}
