//! `textDocument/inlayHint`.

use slipway_lang::ide::{self, HintKind};
use tower_lsp::ls_types::{
    InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, MarkupContent, MarkupKind, Range,
};

use crate::session::Session;
use crate::snapshot::Snapshot;

/// What is shown within a part of the text.
pub(crate) fn hints(session: &Session, snapshot: &Snapshot, range: Range) -> Vec<InlayHint> {
    let source = snapshot.document.source();
    let range = snapshot.positions.text_range(source, range);
    let wanted = session.settings().inlay_hints.clone();
    let is_wanted = |hint: &ide::Hint| match hint.kind {
        HintKind::Default => wanted.defaults,
        HintKind::Variable => wanted.variables,
        HintKind::Route => wanted.routes,
        HintKind::Cost => wanted.costs,
        HintKind::Policy => wanted.policies,
    };
    let hint = |hint: ide::Hint| InlayHint {
        position: snapshot.positions.position(source, hint.offset),
        label: InlayHintLabel::String(hint.label),
        kind: (hint.kind == HintKind::Default).then_some(InlayHintKind::PARAMETER),
        text_edits: None,
        tooltip: Some(InlayHintTooltip::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: hint.tooltip,
        })),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    snapshot.ask(|ctx| ide::hints(ctx, range)).into_iter().filter(is_wanted).map(hint).collect()
}
