//! `textDocument/formatting`, `textDocument/rangeFormatting` and `textDocument/onTypeFormatting`.

use slipway_lang::ide::{self, FormatOptions};
use slipway_lang::text::TextEdit;
use tower_lsp::ls_types::{DocumentOnTypeFormattingParams, FormattingOptions, Range, TextEdit as Edit};

use crate::snapshot::Snapshot;

/// The characters that move what stands around them.
pub(crate) const TRIGGERS: [char; 1] = ['\n'];

/// Lays out a document, or the lines that a range touches.
pub(crate) fn format(snapshot: &Snapshot, options: &FormattingOptions, range: Option<Range>) -> Vec<Edit> {
    let range = range.map(|range| snapshot.positions.text_range(snapshot.document.source(), range));
    edits(snapshot, &ide::format(&snapshot.document, &ours(options), range))
}

/// Lays out what a typed character begins or ends.
pub(crate) fn format_on_type(snapshot: &Snapshot, params: &DocumentOnTypeFormattingParams) -> Vec<Edit> {
    let offset = snapshot.positions.offset(snapshot.document.source(), params.text_document_position.position);
    let Some(typed) = params.ch.chars().next() else { return Vec::new() };
    edits(snapshot, &ide::format_on_type(&snapshot.document, offset, typed, &ours(&params.options)))
}

fn edits(snapshot: &Snapshot, edits: &[TextEdit]) -> Vec<Edit> {
    snapshot.positions.edits(snapshot.document.source(), edits)
}

/// What the client says and, where it does not, what most editors do. YAML knows no tabs, so that wish is not heard.
fn ours(options: &FormattingOptions) -> FormatOptions {
    FormatOptions {
        indent: options.tab_size,
        trim_trailing_whitespace: options.trim_trailing_whitespace.unwrap_or(true),
        insert_final_newline: options.insert_final_newline.unwrap_or(true),
        trim_final_newlines: options.trim_final_newlines.unwrap_or(true),
    }
}
