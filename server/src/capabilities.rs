//! What the client can do, as far as it changes what is sent to it, and what the server offers.

use slipway_lang::ide::{Modifier, TokenKind};
use slipway_lang::text::Encoding;
use tower_lsp::ls_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions,
    DocumentOnTypeFormattingOptions, ExecuteCommandOptions, FoldingRangeProviderCapability, HoverProviderCapability,
    InitializeParams, InlayHintOptions, InlayHintServerCapabilities, MarkupKind, OneOf, PositionEncodingKind,
    RenameOptions, SelectionRangeProviderCapability, SemanticTokenModifier, SemanticTokenType,
    SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use crate::handlers::formatting::TRIGGERS;
use crate::tasks::Command;

/// The kind of the action that mends everything that is certain; editors run it on save.
pub(crate) const FIX_ALL: &str = "source.fixAll.slipway";

/// What the client can do.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub(crate) struct Client {
    /// It counts columns in bytes.
    pub(crate) utf8: bool,
    /// It asks for diagnostics.
    pub(crate) pulls_diagnostics: bool,
    /// It shows text as Markdown.
    pub(crate) hover_markdown: bool,
    /// Completion documentation may be Markdown.
    pub(crate) completion_markdown: bool,
    /// It takes snippets.
    pub(crate) snippets: bool,
    /// Its command that asks for completion again, for items behind which there is more to choose from.
    pub(crate) suggest_command: Option<String>,
    /// It shows an outline as a tree.
    pub(crate) symbol_trees: bool,
    /// It takes code actions that carry an edit.
    pub(crate) code_action_literals: bool,
    /// It takes a range of its own with a definition.
    pub(crate) definition_links: bool,
    /// It edits documents by version.
    pub(crate) document_changes: bool,
    /// It folds whole lines only.
    pub(crate) folds_lines_only: bool,
    /// It answers when asked for settings.
    pub(crate) configuration: bool,
    /// It tells of changed settings once asked to.
    pub(crate) registers_configuration: bool,
    /// It tells of changed files once asked to.
    pub(crate) watches_files: bool,
    /// It shows progress that the server begins.
    pub(crate) progress: bool,
    /// It opens addresses and files.
    pub(crate) shows_documents: bool,
    /// It takes back what it shows within the text when told so.
    pub(crate) refreshes_hints: bool,
    /// The same for lenses.
    pub(crate) refreshes_lenses: bool,
    /// The same for diagnostics that it asks for.
    pub(crate) refreshes_diagnostics: bool,
    /// It shows related places.
    pub(crate) related_information: bool,
}

impl Client {
    /// Reads what the client said.
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { workspace, text_document, window, general, experimental, .. } = &params.capabilities;
        let (workspace, text) = (workspace.clone().unwrap_or_default(), text_document.clone().unwrap_or_default());
        let window = window.clone().unwrap_or_default();
        let general = general.clone().unwrap_or_default();
        let markdown =
            |kinds: Option<Vec<MarkupKind>>| kinds.is_some_and(|kinds| kinds.contains(&MarkupKind::Markdown));
        let completion = text.completion.and_then(|completion| completion.completion_item).unwrap_or_default();
        let folding = text.folding_range.unwrap_or_default();
        Self {
            utf8: general.position_encodings.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8)),
            pulls_diagnostics: text.diagnostic.is_some(),
            hover_markdown: markdown(text.hover.and_then(|hover| hover.content_format)),
            completion_markdown: markdown(completion.documentation_format),
            snippets: completion.snippet_support.unwrap_or_default(),
            suggest_command: experimental
                .as_ref()
                .and_then(|experimental| experimental.get("suggestCommand")?.as_str())
                .map(str::to_owned),
            symbol_trees: text
                .document_symbol
                .is_some_and(|symbols| symbols.hierarchical_document_symbol_support == Some(true)),
            code_action_literals: text.code_action.is_some_and(|action| action.code_action_literal_support.is_some()),
            definition_links: text.definition.is_some_and(|definition| definition.link_support == Some(true)),
            document_changes: workspace.workspace_edit.is_some_and(|edit| edit.document_changes == Some(true)),
            folds_lines_only: folding.line_folding_only == Some(true),
            configuration: workspace.configuration == Some(true),
            registers_configuration: workspace
                .did_change_configuration
                .is_some_and(|change| change.dynamic_registration == Some(true)),
            watches_files: workspace
                .did_change_watched_files
                .is_some_and(|watching| watching.dynamic_registration == Some(true)),
            progress: window.work_done_progress == Some(true),
            shows_documents: window.show_document.is_some_and(|show| show.support),
            refreshes_hints: workspace.inlay_hint.is_some_and(|hints| hints.refresh_support == Some(true)),
            refreshes_lenses: workspace.code_lens.is_some_and(|lenses| lenses.refresh_support == Some(true)),
            refreshes_diagnostics: workspace.diagnostics.is_some_and(|pull| pull.refresh_support == Some(true)),
            related_information: text
                .publish_diagnostics
                .is_some_and(|publish| publish.related_information == Some(true))
                || text.diagnostic.is_some_and(|pull| pull.related_information == Some(true)),
        }
    }

    /// The unit in which columns are counted in this session.
    pub(crate) fn encoding(&self) -> Encoding {
        if self.utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }
}

/// Everything the server offers.
pub(crate) fn offered(client: &Client) -> ServerCapabilities {
    let work_done_progress_options = WorkDoneProgressOptions::default();
    ServerCapabilities {
        position_encoding: Some(if client.utf8 { PositionEncodingKind::UTF8 } else { PositionEncodingKind::UTF16 }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([" ", ":", "$", "{", "-", "/", ".", "*"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::REFACTOR_EXTRACT,
                CodeActionKind::REFACTOR_REWRITE,
                CodeActionKind::from(FIX_ALL),
            ]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: TRIGGERS[0].to_string(),
            more_trigger_character: Some(TRIGGERS[1..].iter().map(char::to_string).collect()),
        }),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_link_provider: Some(DocumentLinkOptions { resolve_provider: Some(false), work_done_progress_options }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: Command::ALL.iter().map(|command| command.name().to_owned()).collect(),
            ..ExecuteCommandOptions::default()
        }),
        inlay_hint_provider: Some(OneOf::Right(InlayHintServerCapabilities::Options(InlayHintOptions {
            resolve_provider: Some(false),
            ..InlayHintOptions::default()
        }))),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: TokenKind::ALL.iter().map(|kind| SemanticTokenType::new(kind.name())).collect(),
                    token_modifiers: Modifier::ALL
                        .iter()
                        .map(|modifier| SemanticTokenModifier::new(modifier.name()))
                        .collect(),
                },
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            }
            .into(),
        ),
        // A client that would not ask is told without asking; one that asks would show a pushed finding a second time.
        diagnostic_provider: client.pulls_diagnostics.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("slipway".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..DiagnosticOptions::default()
            })
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}
