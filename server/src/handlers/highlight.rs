//! `textDocument/documentHighlight`.

use slipway_lang::ide::{self, HighlightKind};
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, Position};

use crate::snapshot::Snapshot;

/// Where what stands at a position is named in the document.
pub(crate) fn highlights(snapshot: &Snapshot, position: Position) -> Vec<DocumentHighlight> {
    let source = snapshot.document.source();
    let offset = snapshot.positions.offset(source, position);
    let found = snapshot.ask(|ctx| ide::highlights(ctx, offset));
    let highlight = |found: ide::Highlight| DocumentHighlight {
        range: snapshot.positions.range(source, found.range),
        kind: Some(match found.kind {
            HighlightKind::Read => DocumentHighlightKind::READ,
            HighlightKind::Write => DocumentHighlightKind::WRITE,
            HighlightKind::Text => DocumentHighlightKind::TEXT,
        }),
    };
    found.into_iter().map(highlight).collect()
}
