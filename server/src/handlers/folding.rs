//! `textDocument/foldingRange`.

use slipway_lang::ide::{self, FoldKind};
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};

use crate::capabilities::Client;
use crate::snapshot::Snapshot;

/// What can be folded.
pub(crate) fn folds(client: &Client, snapshot: &Snapshot) -> Vec<FoldingRange> {
    let source = snapshot.document.source();
    let fold = |fold: ide::Fold| {
        let range = snapshot.positions.range(source, fold.range);
        let columns = !client.folds_lines_only;
        FoldingRange {
            start_line: range.start.line,
            start_character: columns.then_some(range.start.character),
            end_line: range.end.line,
            end_character: columns.then_some(range.end.character),
            kind: match fold.kind {
                FoldKind::Block => None,
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
            },
            collapsed_text: None,
        }
    };
    ide::folds(&snapshot.document).into_iter().map(fold).collect()
}
