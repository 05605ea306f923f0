//! `textDocument/diagnostic` and `workspace/diagnostic`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use slipway_project::{find_all, read_text};
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport, PreviousResultId,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::diagnostics;
use crate::session::{Session, path_of};
use crate::snapshot::Snapshot;

/// The diagnostics of a document; "unchanged" when the client has them.
pub(crate) fn document(session: &Session, snapshot: &Snapshot, previous: Option<&str>) -> DocumentDiagnosticReport {
    let items = diagnostics::of(session, snapshot);
    let result_id = result_id(&items);
    if previous == Some(&result_id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
        return RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report,
        }
        .into();
    }
    full(Some(result_id), items)
}

/// What is said of a document that is none of ours.
pub(crate) fn nothing() -> DocumentDiagnosticReport {
    full(None, Vec::new())
}

fn full(result_id: Option<String>, items: Vec<Diagnostic>) -> DocumentDiagnosticReport {
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
    RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report }.into()
}

/// The diagnostics of every configuration file of the workspace: open ones as they are in the editor, others as they are
/// on disk.
pub(crate) fn workspace(session: &Session, previous: &[PreviousResultId]) -> WorkspaceDiagnosticReport {
    let known: HashMap<&Uri, &str> = previous.iter().map(|known| (&known.uri, &*known.value)).collect();
    let open = session.snapshots();
    let open_paths: Vec<_> = open.iter().filter_map(|snapshot| path_of(&snapshot.uri)).collect();
    let mut items: Vec<_> =
        open.iter().map(|snapshot| item(session, snapshot, Some(i64::from(snapshot.version)), &known)).collect();
    for folder in session.folders() {
        let (paths, failures) = find_all(&folder);
        for failure in failures {
            tracing::warn!("{} cannot be searched: {failure}", folder.display());
        }
        for path in paths.iter().filter(|path| !open_paths.contains(path)) {
            let Some(text) = read_text(path) else { continue };
            if let Some(snapshot) = session.unopened(path, text) {
                items.push(item(session, &snapshot, None, &known));
            }
        }
    }
    WorkspaceDiagnosticReport { items }
}

fn item(
    session: &Session,
    snapshot: &Snapshot,
    version: Option<i64>,
    known: &HashMap<&Uri, &str>,
) -> WorkspaceDocumentDiagnosticReport {
    let items = diagnostics::of(session, snapshot);
    let (uri, result_id) = (snapshot.uri.clone(), result_id(&items));
    if known.get(&uri) == Some(&&*result_id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
        return WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }
            .into();
    }
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
}

/// Names a set of diagnostics by what is in it, so that nothing has to be remembered.
fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for item in items {
        // Diagnostics always have a form in JSON.
        serde_json::to_string(item).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
