//! `textDocument/selectionRange`.

use slipway_lang::ide;
use tower_lsp::ls_types::{Position, Range, SelectionRange};

use crate::snapshot::Snapshot;

/// What an editor selects around each position, step by step.
pub(crate) fn selections(snapshot: &Snapshot, positions: &[Position]) -> Vec<SelectionRange> {
    positions.iter().map(|position| around(snapshot, *position)).collect()
}

fn around(snapshot: &Snapshot, position: Position) -> SelectionRange {
    let source = snapshot.document.source();
    let ranges = ide::selection(&snapshot.document, snapshot.positions.offset(source, position));
    let outermost_first = ranges.iter().rev().map(|range| snapshot.positions.range(source, *range));
    let nested =
        outermost_first.fold(None, |parent, range| Some(SelectionRange { range, parent: parent.map(Box::new) }));
    nested.unwrap_or(SelectionRange { range: Range { start: position, end: position }, parent: None })
}
