#![allow(missing_docs, unused_variables)]
use crate::text::*;
use crate::yaml::Document;
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatOptions {
    pub indent: u32,
    pub trim_trailing_whitespace: bool,
    pub insert_final_newline: bool,
    pub trim_final_newlines: bool,
}
pub fn format(d: &Document, o: &FormatOptions, r: Option<TextRange>) -> Vec<TextEdit> {
    vec![]
}
pub fn format_on_type(d: &Document, o: TextSize, c: char, p: &FormatOptions) -> Vec<TextEdit> {
    vec![]
}
