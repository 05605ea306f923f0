//! From the core's terms to the protocol's and back. The only place that knows positions of both kinds.

use slipway_lang::diagnostic::{self, Severity};
use slipway_lang::text::{self, Encoding, Source, TextRange, TextSize};
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Position, Range, TextEdit, Uri,
};

use crate::rule_pages;

/// Who made a diagnostic, as editors show it.
pub(crate) const SOURCE: &str = "slipway";

/// How positions are counted in this session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Positions(pub(crate) Encoding);

impl Positions {
    /// The position of a byte offset.
    pub(crate) fn position(self, source: &Source, offset: TextSize) -> Position {
        let text::Position { line, character } = source.position(offset, self.0);
        Position { line, character }
    }

    /// The byte offset of a position; one outside the text counts as the nearest inside.
    pub(crate) fn offset(self, source: &Source, position: Position) -> TextSize {
        let Position { line, character } = position;
        source.offset(text::Position { line, character }, self.0)
    }

    /// The range of a byte range.
    pub(crate) fn range(self, source: &Source, range: TextRange) -> Range {
        Range { start: self.position(source, range.start()), end: self.position(source, range.end()) }
    }

    /// The byte range of a range; one that runs backwards is turned round.
    pub(crate) fn text_range(self, source: &Source, range: Range) -> TextRange {
        let (start, end) = (self.offset(source, range.start), self.offset(source, range.end));
        TextRange::new(start.min(end), start.max(end))
    }

    /// Edits, as the protocol writes them.
    pub(crate) fn edits(self, source: &Source, edits: &[text::TextEdit]) -> Vec<TextEdit> {
        let edit =
            |edit: &text::TextEdit| TextEdit { range: self.range(source, edit.range), new_text: edit.new_text.clone() };
        edits.iter().map(edit).collect()
    }

    /// A diagnostic, as the protocol writes it.
    pub(crate) fn diagnostic(
        self,
        source: &Source,
        uri: &Uri,
        related: bool,
        found: &diagnostic::Diagnostic,
    ) -> Diagnostic {
        let others = found.related.iter().map(|other| DiagnosticRelatedInformation {
            location: Location { uri: uri.clone(), range: self.range(source, other.range) },
            message: other.message.clone(),
        });
        Diagnostic {
            range: self.range(source, found.range),
            severity: Some(severity(found.severity)),
            code: Some(NumberOrString::String(found.rule.code.to_owned())),
            code_description: rule_pages::href(found.rule).map(|href| CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: found.message.clone(),
            related_information: related.then(|| others.collect::<Vec<_>>()).filter(|others| !others.is_empty()),
            tags: found.unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Blocker | Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}
