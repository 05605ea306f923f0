//! `textDocument/hover`.

use slipway_lang::ide;
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::capabilities::Client;
use crate::snapshot::Snapshot;

/// What is to be said about a position.
pub(crate) fn hover(client: &Client, snapshot: &Snapshot, position: Position) -> Option<Hover> {
    let source = snapshot.document.source();
    let offset = snapshot.positions.offset(source, position);
    let found = snapshot.ask(|ctx| ide::hover(ctx, offset))?;
    let kind = if client.hover_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value: found.markdown }),
        range: Some(snapshot.positions.range(source, found.range)),
    })
}
