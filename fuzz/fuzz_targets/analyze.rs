//! Any text is read and analysed; places fit the text, and every fix can be applied.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_lang::analyze;
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::text::{Encoding, apply_edits};
use slipway_lang::yaml::Document;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let document = Document::new(&*text);
    let source = document.source();
    let files = MemoryFiles::new([("api/Dockerfile", "FROM scratch\n"), ("a.yml", "b: {c: 1}\n")]);
    let inputs = Inputs { files: Some(&files), env: Some(Default::default()), ..Inputs::default() };
    for diagnostic in analyze(&document, &inputs).diagnostics {
        let places = diagnostic.related.iter().map(|related| related.range).chain([diagnostic.range]);
        for range in places {
            assert!(source.text().get(usize::from(range.start())..usize::from(range.end())).is_some());
            assert!(source.position(range.end(), Encoding::Utf16).line < source.line_count());
        }
        for fix in &diagnostic.fixes {
            assert!(apply_edits(source.text(), &fix.edits).is_ok());
        }
    }
});
