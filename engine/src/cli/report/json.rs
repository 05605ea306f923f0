//! One JSON document. Its shape is a public contract.

use serde::Serialize;
use slipway_lang::diagnostic::{Diagnostic, Fix, Related, Severity};
use slipway_lang::text::Source;

use super::{CheckedFile, Level, Policy, Report, Span, Summary};

/// The version of the shape.
const VERSION: u32 = 1;

/// Prints the report as JSON.
pub(crate) fn render(report: &Report) -> String {
    let files = report.files.iter().map(|file| JsonFile::of(file, report.policy)).collect();
    let document = JsonReport { version: VERSION, files, summary: report.summary() };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u32,
    files: Vec<JsonFile<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'static str,
    severity: Level,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    blocker: bool,
    message: &'a str,
    path: &'a str,
    range: Span,
    url: String,
    fixes: Vec<JsonFix<'a>>,
    related: Vec<JsonRelated<'a>>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonEdit<'a> {
    range: Span,
    new_text: &'a str,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    message: &'a str,
    range: Span,
}

impl<'a> JsonFile<'a> {
    fn of(file: &'a CheckedFile, policy: Policy) -> Self {
        let diagnostic = |finding| JsonDiagnostic::of(&file.source, finding, policy);
        Self { path: &file.path, diagnostics: file.findings.iter().map(diagnostic).collect() }
    }
}

impl<'a> JsonDiagnostic<'a> {
    fn of(source: &Source, finding: &'a Diagnostic, policy: Policy) -> Self {
        Self {
            code: finding.rule.code,
            severity: policy.level(finding),
            blocker: finding.severity == Severity::Blocker,
            message: &finding.message,
            path: &finding.path,
            range: Span::of(source, finding.range),
            url: finding.rule.url(),
            fixes: finding.fixes.iter().map(|fix| JsonFix::of(source, fix)).collect(),
            related: finding.related.iter().map(|related| JsonRelated::of(source, related)).collect(),
        }
    }
}

impl<'a> JsonFix<'a> {
    fn of(source: &Source, fix: &'a Fix) -> Self {
        let edits = fix.edits.iter();
        let edits =
            edits.map(|edit| JsonEdit { range: Span::of(source, edit.range), new_text: &edit.new_text }).collect();
        Self { title: &fix.title, safe: fix.safe, edits }
    }
}

impl<'a> JsonRelated<'a> {
    fn of(source: &Source, related: &'a Related) -> Self {
        Self { message: &related.message, range: Span::of(source, related.range) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Policy, samples};
    use super::*;

    fn rendered(policy: Policy) -> Value {
        serde_json::from_str(&render(&samples::report(policy))).unwrap()
    }

    #[test]
    fn the_shape_is_the_contract() {
        let document = rendered(Policy::default());
        let expected = json!({
            "code": "SCF901", "severity": "error", "message": "There is no size 300.\nTake 256 or 512.",
            "path": "containers.api.cpu",
            "range": {"start": {"line": 3, "character": 9}, "end": {"line": 3, "character": 12}},
            "url": "docs/rules/SCF901.md",
            "fixes": [
                {"title": "Use 256", "safe": true, "edits": [
                    {"range": {"start": {"line": 3, "character": 9}, "end": {"line": 3, "character": 12}}, "newText": "256"}]},
                {"title": "Use 512", "safe": false, "edits": [
                    {"range": {"start": {"line": 3, "character": 9}, "end": {"line": 3, "character": 12}}, "newText": "512"}]}],
            "related": [{"message": "memory is set here",
                "range": {"start": {"line": 4, "character": 12}, "end": {"line": 4, "character": 16}}}]
        });
        assert_eq!(document["files"][0]["diagnostics"][2], expected);
        assert_eq!(document["version"], 1);
        assert_eq!(document["files"][1], json!({"path": "clean.yml", "diagnostics": []}));
        assert_eq!(document["summary"], json!({"files": 2, "errors": 1, "warnings": 1, "infos": 1, "hints": 0}));
    }

    #[test]
    fn columns_are_counted_in_utf_16_units() {
        let range = &rendered(Policy::default())["files"][0]["diagnostics"][1]["range"];
        assert_eq!(*range, json!({"start": {"line": 0, "character": 14}, "end": {"line": 0, "character": 16}}));
    }

    #[test]
    fn a_blocker_is_a_warning_until_strict() {
        let blocker = |policy| rendered(policy)["files"][0]["diagnostics"][0].clone();
        let lenient = blocker(Policy::default());
        assert_eq!((&lenient["severity"], &lenient["blocker"]), (&json!("warning"), &json!(true)));
        let strict = blocker(Policy { errors_from: Severity::Blocker, ..Policy::default() });
        assert_eq!((&strict["severity"], &strict["blocker"]), (&json!("error"), &json!(true)));
    }
}
