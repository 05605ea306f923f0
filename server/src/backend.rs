//! The methods of the protocol, a line or two each.
//!
//! Three rules keep the session sound, as all handlers are polled by one task. A change of a document is in the session
//! before its handler's first `.await`, and a request has its snapshot before its own. Work goes to
//! [`compute`]. No handler waits for an answer of the client: what has to is spawned.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
#[allow(clippy::wildcard_imports, reason = "a method of the protocol has two types of its own")]
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::compute::compute;
use crate::outbox::{self, Outbox};
use crate::session::Session;
use crate::settings::{SECTION, Settings};
use crate::snapshot::Snapshot;
use crate::{capabilities, diagnostics, handlers, tasks, watch};

/// The server, as the protocol sees it.
pub(crate) struct Backend {
    session: Arc<Session>,
}

impl Backend {
    /// A server for one client.
    pub(crate) fn new(client: Client) -> Self {
        let (outbox, queue) = Outbox::new();
        let session = Arc::new(Session::new(client.clone(), outbox));
        tokio::spawn(outbox::forward(client, queue, Arc::downgrade(&session)));
        Self { session }
    }

    /// The session.
    pub(crate) fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session)
    }

    /// Asks something about an open document. `None` when it is none of ours; an error when it has changed meanwhile, as
    /// an answer about another text would be shown in the wrong places.
    fn ask<T, Q>(&self, uri: &Uri, question: Q) -> impl Future<Output = Result<Option<T>>> + Send + use<T, Q>
    where
        T: Send + 'static,
        Q: FnOnce(&Session, &Snapshot) -> T + Send + 'static,
    {
        let session = self.session();
        let asked = session.snapshot(uri).map(|snapshot| {
            let (session, snapshot) = (Arc::clone(&session), snapshot);
            (snapshot.uri.clone(), snapshot.version, compute(move || question(&session, &snapshot)))
        });
        async move {
            let Some((uri, version, answer)) = asked else { return Ok(None) };
            let answer = answer.await?;
            match session.snapshot(&uri) {
                Some(now) if now.version == version => Ok(Some(answer)),
                _ => Err(content_modified()),
            }
        }
    }

    /// `window/workDoneProgress/cancel`, which the frame does not know.
    #[allow(clippy::unused_async, reason = "the frame takes async methods only")]
    pub(crate) async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.session.tasks().cancel(&params.token);
    }

    /// Reads the client's settings, now and after every change of them.
    fn pull_settings(&self) {
        let session = self.session();
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
            match session.client.configuration(vec![item]).await {
                Ok(mut values) => configure(&session, values.pop().unwrap_or_default()).await,
                Err(error) => tracing::warn!("the client does not tell its settings: {error}"),
            }
        });
    }
}

async fn configure(session: &Arc<Session>, settings: Value) {
    match Settings::parse(settings) {
        Ok(settings) => {
            if session.configure(settings) {
                diagnostics::schedule_all(session);
                refresh(session).await;
            }
        }
        Err(refusal) => session.tell(MessageType::WARNING, refusal).await,
    }
}

/// Asks the client to show anew what depends on settings.
async fn refresh(session: &Session) {
    let failed = |error: &Error| tracing::warn!("the client did not take the wish to show everything anew: {error}");
    if session.abilities().refreshes_hints {
        let _ = session.client.inlay_hint_refresh().await.inspect_err(failed);
    }
    if session.abilities().refreshes_lenses {
        let _ = session.client.code_lens_refresh().await.inspect_err(failed);
    }
}

/// `ServerCancelled` of the protocol, which the frame does not name.
fn ask_again() -> Error {
    const SERVER_CANCELLED: i64 = -32802;
    Error {
        code: ErrorCode::ServerError(SERVER_CANCELLED),
        message: "The text has changed meanwhile.".into(),
        data: Some(serde_json::json!({ "retriggerRequest": true })),
    }
}

fn content_modified() -> Error {
    Error { code: ErrorCode::ContentModified, message: "The text has changed meanwhile.".into(), data: None }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        if let Err(refusal) = self.session.begin(&params) {
            let session = self.session();
            tokio::spawn(async move { session.tell(MessageType::WARNING, refusal).await });
        }
        Ok(InitializeResult {
            capabilities: capabilities::offered(self.session.abilities()),
            server_info: Some(ServerInfo {
                name: "slipway-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let session = self.session();
        if session.abilities().configuration {
            self.pull_settings();
        }
        tokio::spawn(async move {
            if session.abilities().registers_configuration {
                let registration = Registration {
                    id: "slipway-settings".to_owned(),
                    method: "workspace/didChangeConfiguration".to_owned(),
                    register_options: Some(serde_json::json!({ "section": SECTION })),
                };
                if let Err(error) = session.client.register_capability(vec![registration]).await {
                    tracing::warn!("the client does not tell of changed settings: {error}");
                }
            }
            session.watch().begin(&session).await;
        });
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.shut_down();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, language_id, version, text } = params.text_document;
        if self.session.open(&uri, &language_id, version, text) {
            diagnostics::refresh(&self.session);
        }
        diagnostics::schedule(&self.session, &uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        self.session.change(&uri, version, params.content_changes);
        diagnostics::schedule(&self.session, &uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.close(&params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.session.abilities().configuration {
            self.pull_settings();
        } else if let Some(settings) = params.settings.get(SECTION).cloned() {
            let session = self.session();
            tokio::spawn(async move { configure(&session, settings).await });
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        watch::changed(&self.session);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|folder| folder.uri).collect::<Vec<_>>();
        self.session.change_folders(&uris(params.event.added), &uris(params.event.removed));
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        tasks::execute(&self.session, &params.command, params.arguments)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let (session, previous) = (self.session(), params.previous_result_id);
        let uri = params.text_document.uri;
        if session.snapshot(&uri).is_none() {
            let report = compute(move || {
                let file = session.asked_early(&uri)?;
                Some(handlers::diagnostic::document(&session, &file, previous.as_deref()))
            });
            return Ok(report.await?.unwrap_or_else(handlers::diagnostic::nothing).into());
        }
        let report = self.ask(&uri, move |_, snapshot| {
            session.watch().follow(&session, snapshot);
            handlers::diagnostic::document(&session, snapshot, previous.as_deref())
        });
        // Elsewhere an answer that comes too late is no loss; here the client would show it as "nothing found".
        let report = report.await.map_err(|error| match error.code {
            ErrorCode::ContentModified => ask_again(),
            _ => error,
        });
        Ok(report?.unwrap_or_else(handlers::diagnostic::nothing).into())
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let session = self.session();
        let report = compute(move || handlers::diagnostic::workspace(&session, &params.previous_result_ids)).await?;
        Ok(report.into())
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        self.ask(&text_document.uri, move |session, snapshot| {
            handlers::completion::complete(session.abilities(), snapshot, position)
        })
        .await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let answer = self.ask(&text_document.uri, move |session, snapshot| {
            handlers::hover::hover(session.abilities(), snapshot, position)
        });
        Ok(answer.await?.flatten())
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let answer = self.ask(&text_document.uri, move |session, snapshot| {
            handlers::definition::definition(session.abilities(), snapshot, position)
        });
        Ok(answer.await?.flatten())
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let declaration = params.context.include_declaration;
        self.ask(&text_document.uri, move |_, snapshot| {
            handlers::references::references(snapshot, position, declaration)
        })
        .await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        self.ask(&text_document.uri, move |_, snapshot| handlers::highlight::highlights(snapshot, position)).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let answer = self
            .ask(&params.text_document.uri, move |_, snapshot| handlers::rename::prepare(snapshot, params.position));
        Ok(answer.await?.flatten())
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let answer = self.ask(&text_document.uri, move |session, snapshot| {
            handlers::rename::rename(session.abilities(), snapshot, position, &params.new_name)
        });
        answer.await?.transpose()
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(&params.text_document.uri, move |_, snapshot| {
            handlers::formatting::format(snapshot, &params.options, None)
        })
        .await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(&params.text_document.uri, move |_, snapshot| {
            handlers::formatting::format(snapshot, &params.options, Some(params.range))
        })
        .await
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let uri = params.text_document_position.text_document.uri.clone();
        self.ask(&uri, move |_, snapshot| handlers::formatting::format_on_type(snapshot, &params)).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(&params.text_document.uri, |session, snapshot| {
            handlers::symbols::document(session.abilities(), snapshot)
        })
        .await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let session = self.session();
        let found = compute(move || handlers::symbols::workspace(&session, &params.query)).await?;
        Ok(Some(WorkspaceSymbolResponse::Flat(found)))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        self.ask(&uri, move |session, snapshot| handlers::code_action::actions(session, snapshot, &params)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(&params.text_document.uri, handlers::code_lens::lenses).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(&params.text_document.uri, |session, snapshot| handlers::folding::folds(session.abilities(), snapshot))
            .await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(&params.text_document.uri, move |_, snapshot| {
            handlers::selection::selections(snapshot, &params.positions)
        })
        .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(&params.text_document.uri, |_, snapshot| handlers::links::links(snapshot)).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(&params.text_document.uri, move |session, snapshot| {
            handlers::inlay_hint::hints(session, snapshot, params.range)
        })
        .await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let answer = self.ask(&params.text_document.uri, handlers::semantic_tokens::full);
        Ok(answer.await?.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.ask(&params.text_document.uri, move |session, snapshot| {
            handlers::semantic_tokens::delta(session, snapshot, &params.previous_result_id)
        })
        .await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let answer = self.ask(&params.text_document.uri, move |_, snapshot| {
            handlers::semantic_tokens::range(snapshot, params.range)
        });
        Ok(answer.await?.map(SemanticTokensRangeResult::Tokens))
    }
}
