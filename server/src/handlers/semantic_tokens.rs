//! `textDocument/semanticTokens`: full, delta and range.
//!
//! Of each open document the last answer is kept: a delta is the difference to it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use slipway_lang::ide::{self, TokenKind};
use tower_lsp::ls_types::{
    Range, SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensEdit, SemanticTokensFullDeltaResult, Uri,
};

use crate::snapshot::Snapshot;

/// Numbers that a token is sent as.
const NUMBERS: usize = 5;

/// The tokens of a document.
pub(crate) fn full(snapshot: &Snapshot) -> SemanticTokens {
    let data = encode(snapshot, None);
    SemanticTokens { result_id: Some(remember(&snapshot.uri, data.clone())), data }
}

/// The tokens of a part of a document.
pub(crate) fn range(snapshot: &Snapshot, range: Range) -> SemanticTokens {
    SemanticTokens { result_id: None, data: encode(snapshot, Some(range)) }
}

/// What has changed since an earlier answer; everything when that is not known any more.
pub(crate) fn delta(snapshot: &Snapshot, previous: &str) -> SemanticTokensFullDeltaResult {
    let earlier = recall(&snapshot.uri, previous);
    let tokens = full(snapshot);
    match earlier {
        Some(earlier) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            edits: difference(&earlier, &tokens.data).into_iter().collect(),
            result_id: tokens.result_id,
        }),
        None => SemanticTokensFullDeltaResult::Tokens(tokens),
    }
}

fn encode(snapshot: &Snapshot, range: Option<Range>) -> Vec<SemanticToken> {
    let (source, positions) = (snapshot.document.source(), snapshot.positions);
    let range = range.map(|range| positions.text_range(source, range));
    let (mut line, mut start) = (0, 0);
    let tokens = snapshot.ask(|ctx| ide::tokens(ctx, range)).into_iter().map(|token| {
        let range = positions.range(source, token.range);
        let delta_line = range.start.line - line;
        let delta_start = if delta_line == 0 { range.start.character - start } else { range.start.character };
        (line, start) = (range.start.line, range.start.character);
        SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character - range.start.character,
            token_type: TokenKind::ALL.iter().position(|kind| *kind == token.kind).unwrap_or_default() as u32,
            token_modifiers_bitset: token.modifiers.bits(),
        }
    });
    tokens.collect()
}

/// The one stretch that differs, when something does.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    if same == old.len() && same == new.len() {
        return None;
    }
    let (old, new) = (&old[same..], &new[same..]);
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    Some(SemanticTokensEdit {
        start: (same * NUMBERS) as u32,
        delete_count: ((old.len() - same_end) * NUMBERS) as u32,
        data: Some(new[..new.len() - same_end].to_vec()),
    })
}

/// An answer and its number.
type Answer = (u64, Vec<SemanticToken>);

/// The last answer about each document: what a delta starts from.
static LAST: LazyLock<Mutex<HashMap<Uri, Answer>>> = LazyLock::new(Mutex::default);

fn remember(uri: &Uri, data: Vec<SemanticToken>) -> String {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let number = last.get(uri).map_or(1, |(number, _)| number + 1);
    last.insert(uri.clone(), (number, data));
    number.to_string()
}

fn recall(uri: &Uri, result_id: &str) -> Option<Vec<SemanticToken>> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.get(uri).filter(|(number, _)| number.to_string() == result_id).map(|(_, data)| data.clone())
}

/// Forgets the answers about a document that is closed.
pub(crate) fn forget(uri: &Uri) {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
}
