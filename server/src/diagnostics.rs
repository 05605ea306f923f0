//! When diagnostics are worked out, and for which text.
//!
//! A document has at most one piece of work under way. What the client types meanwhile is not queued: the work takes the
//! newest text when it is done with an older one, and throws the older result away. So a quick text is answered at once,
//! and a long one as often as the machine can.

use std::sync::Arc;

use tower_lsp::ls_types::{Diagnostic, Uri};

use crate::compute::compute;
use crate::outbox::Publication;
use crate::session::Session;
use crate::snapshot::Snapshot;

/// Sees to it that the client gets the diagnostics of a document, unless it asks for them itself.
pub(crate) fn schedule(session: &Arc<Session>, uri: &Uri) {
    if session.abilities().pulls_diagnostics || !session.take_work(uri) {
        return;
    }
    tokio::spawn(work(Arc::clone(session), uri.clone()));
}

/// The same for every open document; a client that asks itself is told to ask again.
pub(crate) fn schedule_all(session: &Arc<Session>) {
    for snapshot in session.snapshots() {
        schedule(session, &snapshot.uri);
    }
    refresh(session);
}

/// Tells a client that asks for diagnostics itself to ask again.
pub(crate) fn refresh(session: &Arc<Session>) {
    if session.abilities().pulls_diagnostics && session.abilities().refreshes_diagnostics {
        let session = Arc::clone(session);
        tokio::spawn(async move {
            if let Err(error) = session.client.workspace_diagnostic_refresh().await {
                tracing::warn!("the client did not take the wish to ask for diagnostics again: {error}");
            }
        });
    }
}

async fn work(session: Arc<Session>, uri: Uri) {
    // What the client has sent already is read first: a burst of changes needs one answer.
    tokio::task::yield_now().await;
    while let Some(snapshot) = session.snapshot(&uri) {
        let about = Some((snapshot.id, snapshot.version));
        let found = {
            let (session, snapshot) = (Arc::clone(&session), Arc::clone(&snapshot));
            compute(move || of(&session, &snapshot)).await
        };
        // A failure is in the log; what the client has stays, and the next change of the text tries again.
        let publication = found.ok().map(|diagnostics| Publication { uri: uri.clone(), about, diagnostics });
        if session.finish_work(&uri, snapshot.id, publication) {
            session.watch().follow(&session, &snapshot);
            return;
        }
    }
}

/// The diagnostics of a document, as the protocol writes them: those of the text, and what a command reported about it.
pub(crate) fn of(session: &Session, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let (source, related) = (snapshot.document.source(), session.abilities().related_information);
    let found = &snapshot.analysis().diagnostics;
    let mut diagnostics: Vec<Diagnostic> =
        found.iter().map(|found| snapshot.positions.diagnostic(source, &snapshot.uri, related, found)).collect();
    diagnostics.extend(session.tasks().diagnostics(snapshot));
    diagnostics
}
