//! `textDocument/completion`.

use slipway_lang::ide::{self, ItemKind};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionResponse, CompletionTextEdit, Documentation,
    InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, Position, TextEdit,
};

use crate::capabilities::Client;
use crate::snapshot::Snapshot;

/// What can be written at a position.
pub(crate) fn complete(client: &Client, snapshot: &Snapshot, position: Position) -> CompletionResponse {
    let source = snapshot.document.source();
    let offset = snapshot.positions.offset(source, position);
    let found = snapshot.ask(|ctx| ide::complete(ctx, offset));
    let items = found.into_iter().enumerate().map(|(rank, item)| {
        let range = snapshot.positions.range(source, item.replaced);
        let documentation = if client.completion_markdown {
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: item.documentation })
        } else {
            Documentation::String(item.documentation)
        };
        CompletionItem {
            kind: Some(kind_of(item.kind)),
            detail: Some(item.detail).filter(|detail| !detail.is_empty()),
            documentation: Some(documentation),
            sort_text: Some(format!("{rank:05}")),
            insert_text_format: Some(InsertTextFormat::PLAIN_TEXT),
            // The indentation is part of the text already.
            insert_text_mode: item.new_text.contains('\n').then_some(InsertTextMode::AS_IS),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: item.new_text })),
            label: item.label,
            ..CompletionItem::default()
        }
    });
    CompletionResponse::List(CompletionList { is_incomplete: false, items: items.collect() })
}

fn kind_of(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Key => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::ENUM_MEMBER,
    }
}
