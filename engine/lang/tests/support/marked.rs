//! Texts with a cursor, and places of texts in words.

use slipway_lang::analyze;
use slipway_lang::ide::Location;
use slipway_lang::inputs::{Files, Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{Encoding, Source, TextRange, TextSize};
use slipway_lang::yaml::Document;

/// Stands for the cursor.
const CURSOR: &str = "$0";

/// A text without its cursor, and where that stood.
pub fn marked(text: &str) -> (String, TextSize) {
    let at = text.find(CURSOR).unwrap_or_else(|| panic!("no cursor in {text}"));
    (text.replacen(CURSOR, "", 1), TextSize::new(at as u32))
}

/// Asks something about a document among files.
pub fn ask<T>(text: &str, files: &MemoryFiles, question: impl FnOnce(&RuleContext<'_>) -> T) -> T {
    let inputs = Inputs { files: Some(files), env: Some([].into()), ..Inputs::default() };
    let document = Document::new(text);
    let analysis = analyze(&document, &inputs);
    question(&RuleContext::new(&document, &analysis.config, &inputs))
}

/// A place as `line:column text`, from 1.
pub fn place(source: &Source, range: TextRange) -> String {
    let at = source.position(range.start(), Encoding::Utf32);
    format!("{}:{} {}", at.line + 1, at.character + 1, source.slice(range))
}

/// A location, with the file before it unless it is the document.
pub fn location(ctx: &RuleContext<'_>, files: &MemoryFiles, location: &Location) -> String {
    match &location.file {
        None => place(ctx.source(), location.range),
        Some(path) => match files.read(path) {
            Some(text) => format!("{path} {}", place(&Source::new(text), location.range)),
            None => format!("{path} {:?}", location.range),
        },
    }
}
