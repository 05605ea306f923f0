//! A language server that does nothing, on the frame that `slipway-lsp` stands on: what the frame alone costs.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CompletionOptions, CompletionParams, CompletionResponse, DidChangeTextDocumentParams, DidOpenTextDocumentParams,
    Hover, HoverParams, HoverProviderCapability, InitializeParams, InitializeResult, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use tower_lsp::{Client, LanguageServer, LspService, Server};

struct Empty(Client);

impl Empty {
    async fn find_nothing(&self, uri: Uri, version: i32) {
        self.0.publish_diagnostics(uri, Vec::new(), Some(version)).await;
    }
}

impl LanguageServer for Empty {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        let capabilities = ServerCapabilities {
            text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
            completion_provider: Some(CompletionOptions::default()),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            ..ServerCapabilities::default()
        };
        Ok(InitializeResult { capabilities, ..InitializeResult::default() })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.find_nothing(params.text_document.uri, params.text_document.version).await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.find_nothing(params.text_document.uri, params.text_document.version).await;
    }

    async fn completion(&self, _: CompletionParams) -> Result<Option<CompletionResponse>> {
        Ok(None)
    }

    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        Ok(None)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (service, socket) = LspService::new(Empty);
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket).serve(service).await;
}
