//! `textDocument/formatting`, `rangeFormatting` and `onTypeFormatting`.

use slipway_lang::ide::{self, FormatOptions};
use tower_lsp::ls_types::{FormattingOptions, Position, Range, TextEdit};

use crate::snapshot::Snapshot;

/// Formats a document, or a part of it.
pub(crate) fn document(snapshot: &Snapshot, options: &FormattingOptions, range: Option<Range>) -> Vec<TextEdit> {
    let source = snapshot.document.source();
    let range = range.map(|range| snapshot.positions.text_range(source, range));
    snapshot.positions.edits(source, &ide::format(&snapshot.document, &options_of(options), range))
}

/// Formats what has just been typed.
pub(crate) fn on_type(
    snapshot: &Snapshot,
    position: Position,
    typed: &str,
    options: &FormattingOptions,
) -> Vec<TextEdit> {
    let source = snapshot.document.source();
    let Some(typed) = typed.chars().next() else { return Vec::new() };
    let offset = snapshot.positions.offset(source, position);
    let edits = ide::format_on_type(&snapshot.document, offset, typed, &options_of(options));
    snapshot.positions.edits(source, &edits)
}

fn options_of(options: &FormattingOptions) -> FormatOptions {
    FormatOptions {
        indent: options.tab_size,
        trim_trailing_whitespace: options.trim_trailing_whitespace.unwrap_or(true),
        insert_final_newline: options.insert_final_newline.unwrap_or(true),
        trim_final_newlines: options.trim_final_newlines.unwrap_or(true),
    }
}
