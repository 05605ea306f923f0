//! `textDocument/completion`.

use slipway_lang::ide::{self, ItemKind};
use tower_lsp::ls_types::{
    Command, CompletionItem, CompletionItemKind, CompletionItemTag, CompletionList, CompletionResponse,
    CompletionTextEdit, Documentation, InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, Position, TextEdit,
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
        let snippet = item.snippet && client.snippets;
        let new_text = if snippet { item.new_text.clone() } else { item.plain_text() };
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
            insert_text_format: Some(if snippet { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT }),
            // Lines are indented against that of the cursor.
            insert_text_mode: new_text.contains('\n').then_some(InsertTextMode::ADJUST_INDENTATION),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
            filter_text: item.filter,
            command: client.suggest_command.clone().filter(|_| item.more).map(|command| Command {
                title: "Suggest what comes next".to_owned(),
                command,
                arguments: None,
            }),
            tags: item.deprecated.then(|| vec![CompletionItemTag::DEPRECATED]),
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
        ItemKind::Snippet => CompletionItemKind::SNIPPET,
        ItemKind::Source => CompletionItemKind::MODULE,
        ItemKind::Variable => CompletionItemKind::VARIABLE,
        ItemKind::File => CompletionItemKind::FILE,
        ItemKind::Folder => CompletionItemKind::FOLDER,
        ItemKind::Alias => CompletionItemKind::REFERENCE,
    }
}
