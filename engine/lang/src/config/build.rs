use super::Config;
use crate::diagnostic::Diagnostic;
use crate::inputs::Inputs;
use crate::yaml::Document;

/// Works out what a document means. The diagnostics are those of variables, which are found on the way.
pub fn build(document: &Document, inputs: &Inputs<'_>) -> (Config, Vec<Diagnostic>) {
    let _ = (document, inputs);
    (Config::default(), Vec::new())
}
