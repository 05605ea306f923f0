//! What a command reported about the file, at its place in the text.

use std::path::Path;

use slipway_lang::config::{Value, tree_path};
use slipway_lang::text::{Encoding, Position, TextRange, TextSize};
use tower_lsp::ls_types::{Diagnostic, DiagnosticSeverity, NumberOrString};

use crate::convert::SOURCE;
use crate::snapshot::Snapshot;

/// Something that went wrong at a place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The dotted path; empty for the file as a whole.
    pub(super) path: String,
    /// What the program calls it.
    pub(super) code: String,
    /// What it says.
    pub(super) message: String,
    /// Whether the command failed by it.
    pub(super) grave: bool,
}

impl Failure {
    /// A failure of a container.
    pub(super) fn of_container(name: &str, code: &str, message: String, grave: bool) -> Self {
        Self { path: container_path(name), code: code.to_owned(), message, grave }
    }

    /// What a run that failed said, at the place its words name: a position in the file, else a container.
    pub(super) fn of_words(words: &str, command: &str, config: &Path, snapshot: Option<&Snapshot>) -> Self {
        let path = snapshot.and_then(|snapshot| {
            let named = position_in(words, config).and_then(|position| path_at(snapshot, position));
            named.or_else(|| container_in(words, snapshot))
        });
        Self { path: path.unwrap_or_default(), code: command.to_owned(), message: words.to_owned(), grave: true }
    }

    /// As a diagnostic of the text as it is now. What is gone from the text is shown at what is left around it.
    pub(super) fn diagnostic(&self, snapshot: &Snapshot) -> Diagnostic {
        let range = snapshot.ask(|ctx| {
            let mut best: Option<(usize, TextRange)> = None;
            for value in ctx.config.values() {
                let path = value.path();
                let inside =
                    self.path.strip_prefix(&*path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
                if (inside || path.is_empty()) && best.is_none_or(|(length, _)| path.len() > length) {
                    best = Some((path.len(), Value::heading(value)));
                }
            }
            best.map_or(TextRange::empty(TextSize::new(0)), |(_, range)| range)
        });
        Diagnostic {
            range: snapshot.positions.range(snapshot.document.source(), range),
            severity: Some(if self.grave { DiagnosticSeverity::ERROR } else { DiagnosticSeverity::WARNING }),
            code: Some(NumberOrString::String(self.code.clone())),
            source: Some(SOURCE.to_owned()),
            message: self.message.clone(),
            ..Diagnostic::default()
        }
    }
}

fn container_path(name: &str) -> String {
    if name.contains(['.', '"', '\'', '[', ']']) {
        format!("containers.\"{name}\"")
    } else {
        format!("containers.{name}")
    }
}

/// The first `FILE:LINE:COLUMN` in the words, counted from one.
fn position_in(words: &str, config: &Path) -> Option<Position> {
    let name = config.file_name()?.to_str()?;
    words.match_indices(name).find_map(|(at, _)| {
        let mut numbers =
            words[at + name.len()..].strip_prefix(':')?.splitn(3, |letter: char| !letter.is_ascii_digit());
        let line: u32 = numbers.next()?.parse().ok()?;
        let column: u32 = numbers.next().and_then(|column| column.parse().ok()).unwrap_or(1);
        Some(Position { line: line.checked_sub(1)?, character: column.saturating_sub(1) })
    })
}

fn path_at(snapshot: &Snapshot, position: Position) -> Option<String> {
    let document = &snapshot.document;
    let offset = document.source().offset(position, Encoding::Utf32);
    Some(tree_path(document, document.tree().node_at(offset)?))
}

/// The container that the words name, in quotes as the program writes names.
fn container_in(words: &str, snapshot: &Snapshot) -> Option<String> {
    snapshot.ask(|ctx| {
        let named = ctx.containers().find(|container| {
            ['`', '"', '\''].iter().any(|quote| words.contains(&format!("{quote}{}{quote}", container.name)))
                || words.contains(&format!("containers.{}", container.name))
        });
        named.map(|container| container_path(container.name))
    })
}
