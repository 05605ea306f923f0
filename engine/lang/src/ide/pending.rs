#![allow(missing_docs, unused_variables)]
use crate::rules::RuleContext; use crate::text::*; use crate::yaml::Document; use crate::diagnostic::Diagnostic;
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Symbol { pub name: String, pub detail: String, pub kind: SymbolKind, pub range: TextRange, pub selection: TextRange, pub children: Vec<Symbol> }
#[derive(Debug, Clone, Copy, PartialEq, Eq)] pub enum SymbolKind { A }
pub fn symbols(ctx: &RuleContext<'_>) -> Vec<Symbol> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Fold { pub range: TextRange, pub kind: FoldKind }
#[derive(Debug, Clone, Copy, PartialEq, Eq)] pub enum FoldKind { Block, Comment }
pub fn folds(d: &Document) -> Vec<Fold> { vec![] }
pub fn selection(d: &Document, o: TextSize) -> Vec<TextRange> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Location { pub file: Option<String>, pub range: TextRange }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Definition { pub origin: TextRange, pub targets: Vec<Location> }
pub fn definition(ctx: &RuleContext<'_>, o: TextSize) -> Option<Definition> { None }
pub fn references(ctx: &RuleContext<'_>, o: TextSize, d: bool) -> Vec<Location> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Highlight { pub range: TextRange, pub kind: HighlightKind }
#[derive(Debug, Clone, Copy, PartialEq, Eq)] pub enum HighlightKind { Read, Write, Text }
pub fn highlights(ctx: &RuleContext<'_>, o: TextSize) -> Vec<Highlight> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct RenameTarget { pub range: TextRange, pub name: String }
pub fn rename_target(ctx: &RuleContext<'_>, o: TextSize) -> Option<RenameTarget> { None }
pub fn rename(ctx: &RuleContext<'_>, o: TextSize, n: &str) -> Result<Vec<TextEdit>, String> { Ok(vec![]) }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Link { pub range: TextRange, pub target: LinkTarget, pub tooltip: String }
#[derive(Debug, Clone, PartialEq, Eq)] pub enum LinkTarget { File(String), Url(String), Rule(String) }
pub fn links(ctx: &RuleContext<'_>) -> Vec<Link> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct FormatOptions { pub indent: u32, pub trim_trailing_whitespace: bool, pub insert_final_newline: bool, pub trim_final_newlines: bool }
pub fn format(d: &Document, o: &FormatOptions, r: Option<TextRange>) -> Vec<TextEdit> { vec![] }
pub fn format_on_type(d: &Document, o: TextSize, c: char, p: &FormatOptions) -> Vec<TextEdit> { vec![] }
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Action { pub title: String, pub kind: ActionKind, pub edits: Vec<TextEdit>, pub diagnostics: Vec<usize>, pub preferred: bool }
#[derive(Debug, Clone, Copy, PartialEq, Eq)] pub enum ActionKind { QuickFix, Refactor, RefactorRewrite, RefactorExtract, SourceFixAll }
pub fn actions(ctx: &RuleContext<'_>, d: &[Diagnostic], r: TextRange) -> Vec<Action> { vec![] }
