//! `textDocument/prepareRename` and `textDocument/rename`.

use slipway_lang::ide;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Position, PrepareRenameResponse, WorkspaceEdit};

use super::code_action::workspace_edit;
use crate::capabilities::Client;
use crate::snapshot::Snapshot;

/// What would be renamed at a position.
pub(crate) fn prepare(snapshot: &Snapshot, position: Position) -> Option<PrepareRenameResponse> {
    let source = snapshot.document.source();
    let offset = snapshot.positions.offset(source, position);
    let found = snapshot.ask(|ctx| ide::rename_target(ctx, offset))?;
    let range = snapshot.positions.range(source, found.range);
    Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.name })
}

/// Renames what stands at a position.
///
/// # Errors
///
/// A sentence when it cannot have that name.
pub(crate) fn rename(
    client: &Client,
    snapshot: &Snapshot,
    position: Position,
    new_name: &str,
) -> Result<WorkspaceEdit> {
    let offset = snapshot.positions.offset(snapshot.document.source(), position);
    match snapshot.ask(|ctx| ide::rename(ctx, offset, new_name)) {
        Ok(edits) => Ok(workspace_edit(client, snapshot, &edits)),
        Err(refusal) => Err(Error::invalid_params(refusal.to_string())),
    }
}
