//! SARIF 2.1.0, the exchange format of code-scanning services.

use std::collections::HashMap;

use serde::Serialize;
use slipway_lang::diagnostic::{Diagnostic, Fix, Rule, Severity};
use slipway_lang::text::{Encoding, Source, TextRange};

use super::{CheckedFile, Level, Report};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Prints the report as SARIF.
pub(crate) fn render(report: &Report) -> String {
    let mut rules = Rules::default();
    let mut results = Vec::new();
    for (file, finding) in report.findings() {
        let level = report.policy.level(finding);
        results.push(result(file, finding, level, rules.index(finding.rule)));
    }
    let notifications = report.failures.iter();
    let notifications = notifications
        .map(|failure| Notification { level: "error", message: Message { text: failure.chain() } })
        .collect();
    let run = Run {
        tool: Tool {
            driver: Driver { name: "Slipway", version: env!("CARGO_PKG_VERSION"), rules: rules.descriptors() },
        },
        invocations: [Invocation {
            execution_successful: report.failures.is_empty(),
            tool_execution_notifications: notifications,
        }],
        column_kind: "utf16CodeUnits",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let mut text = serde_json::to_string_pretty(&log).expect("strings and numbers always become JSON");
    text.push('\n');
    text
}

/// The rules that were broken, each once.
#[derive(Default)]
struct Rules {
    rules: Vec<&'static Rule>,
    index: HashMap<&'static str, usize>,
}

impl Rules {
    fn index(&mut self, rule: &'static Rule) -> usize {
        *self.index.entry(rule.code).or_insert_with(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        })
    }

    fn descriptors(self) -> Vec<Descriptor> {
        self.rules.into_iter().map(descriptor).collect()
    }
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    // The format wants an absolute address, and services refuse a file whose addresses are not.
    let url = Some(rule.url()).filter(|url| url.contains("://"));
    let page = unindented(rule.docs);
    Descriptor {
        id: rule.code,
        name: pascal_case(rule.title),
        short_description: Message { text: rule.title.to_owned() },
        help_uri: url,
        help: Help { text: page.clone(), markdown: page },
        default_configuration: Configuration { level: level_name(rule.severity.into()) },
    }
}

fn result(file: &CheckedFile, finding: &Diagnostic, level: Level, rule_index: usize) -> SarifResult {
    let location = |range| PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(&file.path) },
        region: Region::of(&file.source, range),
    };
    let logical = (!finding.path.is_empty())
        .then(|| vec![LogicalLocation { fully_qualified_name: finding.path.clone(), kind: "member" }]);
    let related = finding.related.iter().enumerate();
    let related = related.map(|(index, related)| RelatedLocation {
        id: index + 1,
        physical_location: location(related.range),
        message: Message { text: related.message.clone() },
    });
    SarifResult {
        rule_id: finding.rule.code,
        rule_index,
        level: level_name(level),
        message: Message { text: finding.message.clone() },
        locations: [Location { physical_location: location(finding.range), logical_locations: logical }],
        related_locations: related.collect(),
        fixes: finding.fixes.iter().filter(|fix| !fix.edits.is_empty()).map(|fix| sarif_fix(file, fix)).collect(),
        properties: Properties { blocker: finding.severity == Severity::Blocker },
    }
}

fn sarif_fix(file: &CheckedFile, fix: &Fix) -> SarifFix {
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: Region::of(&file.source, edit.range),
        inserted_content: Content { text: edit.new_text.clone() },
    });
    let change = ArtifactChange {
        artifact_location: ArtifactLocation { uri: uri(&file.path) },
        replacements: replacements.collect(),
    };
    SarifFix { description: Message { text: fix.title.clone() }, artifact_changes: [change] }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint => "note",
    }
}

/// "Duplicate route" becomes `DuplicateRoute`.
fn pascal_case(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capitalized = |word: &str| {
        let mut characters = word.chars();
        characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect::<String>()
    };
    words.map(capitalized).collect()
}

/// A doc comment's lines without the space after the slashes.
fn unindented(docs: &str) -> String {
    let lines: Vec<&str> = docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_owned()
}

/// A path as a URI reference: relative ones stay relative, absolute ones get the scheme of files.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

impl Region {
    fn of(source: &Source, range: TextRange) -> Self {
        let start = source.position(range.start(), Encoding::Utf16);
        let end = source.position(range.end(), Encoding::Utf16);
        Self {
            start_line: start.line + 1,
            start_column: start.character + 1,
            end_line: end.line + 1,
            end_column: end.character + 1,
        }
    }
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    properties: Properties,
}

#[derive(Serialize)]
struct Properties {
    blocker: bool,
}

impl Properties {
    fn is_empty(&self) -> bool {
        !self.blocker
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<Vec<LogicalLocation>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RelatedLocation {
    id: usize,
    physical_location: PhysicalLocation,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// Lines and columns from 1, the end column exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: Message,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Policy, samples};
    use super::*;

    #[test]
    fn a_result_points_at_its_place_and_its_rule() {
        let log: Value = serde_json::from_str(&render(&samples::report(Policy::default()))).unwrap();
        let run = &log["runs"][0];
        let result = &run["results"][2];
        assert_eq!(run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], "SCF901");
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({
                "artifactLocation": {"uri": "a%20b/serverless.containers.yml"},
                "region": {"startLine": 4, "startColumn": 10, "endLine": 4, "endColumn": 13}
            })
        );
        assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "containers.api.cpu");
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "256");
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "memory is set here");
        assert_eq!(run["results"][0]["properties"]["blocker"], true);
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    }

    #[test]
    fn a_rule_is_described_once() {
        let log: Value = serde_json::from_str(&render(&samples::report(Policy::default()))).unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 3);
        assert_eq!(
            rules[2],
            json!({
                "id": "SCF901", "name": "WrongSize", "shortDescription": {"text": "Wrong size"},
                "help": {
                    "text": "## What it does\nReports sizes that do not exist.",
                    "markdown": "## What it does\nReports sizes that do not exist."
                },
                "defaultConfiguration": {"level": "error"}
            })
        );
    }

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("a/ä b#?.yml"), "a/%C3%A4%20b%23%3F.yml");
        assert_eq!(uri("/x/c:d"), "file:///x/c%3Ad");
    }
}
