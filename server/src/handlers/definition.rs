//! `textDocument/definition`.

use slipway_lang::ide;
use tower_lsp::ls_types::{GotoDefinitionResponse, LocationLink, Position};

use super::references::location;
use crate::capabilities::Client;
use crate::snapshot::Snapshot;

/// Where what stands at a position is defined.
pub(crate) fn definition(client: &Client, snapshot: &Snapshot, position: Position) -> Option<GotoDefinitionResponse> {
    let source = snapshot.document.source();
    let offset = snapshot.positions.offset(source, position);
    snapshot.ask(|ctx| {
        let found = ide::definition(ctx, offset)?;
        let targets = found.targets.iter().filter_map(|target| location(snapshot, ctx, target));
        if !client.definition_links {
            return Some(GotoDefinitionResponse::Array(targets.collect()));
        }
        let origin = snapshot.positions.range(source, found.origin);
        let links = targets.map(|target| LocationLink {
            origin_selection_range: Some(origin),
            target_uri: target.uri,
            target_range: target.range,
            target_selection_range: target.range,
        });
        Some(GotoDefinitionResponse::Link(links.collect()))
    })
}
