use crate::config::{Config, build};
use crate::diagnostic::Diagnostic;
use crate::inputs::Inputs;
use crate::yaml::Document;

/// What analysis found out about a document.
#[derive(Debug)]
pub struct Analysis {
    /// What the document means.
    pub config: Config,
    /// Everything to be said about it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Analyses a document. Never fails; an unreadable text gives diagnostics.
pub fn analyze(document: &Document, inputs: &Inputs<'_>) -> Analysis {
    let (config, diagnostics) = build(document, inputs);
    Analysis { config, diagnostics }
}
