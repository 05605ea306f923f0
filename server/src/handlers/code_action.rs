//! `textDocument/codeAction`.

use slipway_lang::ide::{self, ActionKind};
use slipway_lang::text::TextEdit;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionTriggerKind, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, WorkspaceEdit,
};

use crate::capabilities::{Client, FIX_ALL};
use crate::session::Session;
use crate::snapshot::Snapshot;

/// What can be done about a part of the text.
pub(crate) fn actions(session: &Session, snapshot: &Snapshot, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let (client, source) = (session.abilities(), snapshot.document.source());
    if !client.code_action_literals {
        return Vec::new();
    }
    let range = snapshot.positions.text_range(source, params.range);
    let found = &snapshot.analysis().diagnostics;
    let context = &params.context;
    let is_wanted = |wanted: ActionKind| match &context.only {
        Some(only) => only.iter().any(|only| is_within(kind(wanted).as_str(), only.as_str())),
        // What is asked at every move of the cursor is not to mend the whole document.
        None => wanted != ActionKind::SourceFixAll || context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC),
    };
    let action = |action: ide::Action| {
        let mends = action.diagnostics.iter().filter_map(|index| found.get(*index));
        let mends: Vec<_> = mends
            .map(|found| snapshot.positions.diagnostic(source, &snapshot.uri, client.related_information, found))
            .collect();
        CodeActionOrCommand::CodeAction(CodeAction {
            title: action.title,
            kind: Some(kind(action.kind)),
            diagnostics: Some(mends).filter(|mends| !mends.is_empty()),
            edit: Some(workspace_edit(client, snapshot, &action.edits)),
            is_preferred: action.preferred.then_some(true),
            ..CodeAction::default()
        })
    };
    snapshot.ask(|ctx| ide::actions(ctx, found, range, &is_wanted)).into_iter().map(action).collect()
}

/// Edits of a document, tied to its version when the client can.
pub(super) fn workspace_edit(client: &Client, snapshot: &Snapshot, edits: &[TextEdit]) -> WorkspaceEdit {
    let edits = snapshot.positions.edits(snapshot.document.source(), edits);
    if !client.document_changes {
        return WorkspaceEdit { changes: Some([(snapshot.uri.clone(), edits)].into()), ..WorkspaceEdit::default() };
    }
    let text_document =
        OptionalVersionedTextDocumentIdentifier { uri: snapshot.uri.clone(), version: Some(snapshot.version) };
    let edit = TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() };
    WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(vec![edit])), ..WorkspaceEdit::default() }
}

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::RefactorExtract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::RefactorRewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::SourceFixAll => CodeActionKind::from(FIX_ALL),
    }
}

/// Whether a kind is the wanted one or one below it.
fn is_within(kind: &str, wanted: &str) -> bool {
    wanted.is_empty() || kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
