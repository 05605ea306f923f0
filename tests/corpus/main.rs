//! The corpus: every valid file passes, every invalid one gets what is written at its top, and no other error.

mod fixing;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The verdict at the top of a file.
#[derive(Debug, Default)]
struct Verdict {
    clean: bool,
    expected: Vec<Expected>,
    environment: Vec<(String, String)>,
}

#[derive(Debug)]
struct Expected {
    severity: String,
    path: String,
    code: Option<String>,
    line: String,
}

impl Verdict {
    fn read(text: &str) -> Self {
        let mut verdict = Self::default();
        for line in text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim) {
            if line == "clean" {
                verdict.clean = true;
            } else if let Some(rest) = line.strip_prefix("expect: ") {
                let mut words = rest.split(' ');
                let (severity, path) = (words.next().unwrap(), words.next().expect("a path"));
                let code = words.next().filter(|word| word.starts_with("SCF"));
                verdict.expected.push(Expected {
                    severity: severity.to_owned(),
                    path: path.to_owned(),
                    code: code.map(str::to_owned),
                    line: line.to_owned(),
                });
            } else if let Some(rest) = line.strip_prefix("resolve: env:") {
                let (name, value) = rest.split_once('=').expect("NAME=value");
                verdict.environment.push((name.to_owned(), value.to_owned()));
            }
        }
        verdict
    }
}

fn check(path: &Path, verdict: &Verdict) -> Vec<Value> {
    let mut command = Command::new(slipway_tests::slipway());
    command.args(["check", "--no-disk", "--format", "json"]).arg(path);
    command.env_remove("SERVERLESS_STAGE").envs(verdict.environment.iter().map(|(name, value)| (name, value)));
    let output = command.output().expect("slipway starts");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", path.display(), String::from_utf8_lossy(&output.stderr)));
    let diagnostics = report["files"][0]["diagnostics"].as_array().expect("diagnostics").clone();
    let errors = diagnostics.iter().any(|diagnostic| diagnostic["severity"] == "error");
    assert_eq!(output.status.code(), Some(i32::from(errors)), "the exit code of {}", path.display());
    diagnostics
}

/// What is wrong with the answer for one file.
fn complaints(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let verdict = Verdict::read(&text);
    let diagnostics = check(path, &verdict);
    let mut complaints = Vec::new();
    for expected in &verdict.expected {
        if !diagnostics.iter().any(|diagnostic| meets(diagnostic, expected)) {
            complaints.push(format!("not met: {}", expected.line));
        }
    }
    // A file that cannot be read as YAML is judged by its syntax problem alone.
    let syntax = verdict.expected.iter().any(|expected| expected.path.starts_with("line:"));
    for diagnostic in &diagnostics {
        let severity = diagnostic["severity"].as_str().unwrap();
        let covered = verdict.expected.iter().any(|expected| covers(&expected.path, diagnostic));
        let wrong = match severity {
            "error" => !covered && !syntax,
            "warning" => verdict.clean,
            _ => false,
        };
        if wrong {
            complaints.push(format!(
                "unexpected: {severity} {} {} {}",
                diagnostic["code"].as_str().unwrap(),
                diagnostic["path"],
                diagnostic["message"]
            ));
        }
    }
    complaints.iter().map(|complaint| format!("{}: {complaint}", path.file_name().unwrap().to_string_lossy())).collect()
}

fn meets(diagnostic: &Value, expected: &Expected) -> bool {
    let code = expected.code.as_ref().is_none_or(|code| diagnostic["code"] == **code);
    code && diagnostic["severity"] == *expected.severity && covers(&expected.path, diagnostic)
}

/// Whether a diagnostic stands at a path or below it.
fn covers(path: &str, diagnostic: &Value) -> bool {
    let found = diagnostic["path"].as_str().unwrap();
    let line = diagnostic["range"]["start"]["line"].as_u64().unwrap() + 1;
    if path == "-" {
        return found.is_empty();
    }
    match path.strip_prefix("line:") {
        Some(rest) => match rest.strip_suffix('+') {
            Some(first) => line >= first.parse::<u64>().unwrap(),
            None => line == rest.parse::<u64>().unwrap(),
        },
        None => found.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[track_caller]
fn assert_verdicts(folder: &Path, at_least: usize) {
    let files = files(folder);
    assert!(files.len() >= at_least, "{} holds {} files only", folder.display(), files.len());
    let complaints: Vec<String> = files.iter().flat_map(|file| complaints(file)).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus")
}

#[test]
fn valid_files_raise_no_error() {
    assert_verdicts(&corpus().join("valid"), 27);
}

#[test]
fn invalid_files_get_what_is_expected_and_no_other_error() {
    assert_verdicts(&corpus().join("invalid"), 51);
}

/// Published configurations of other people: they are never part of this repository, and looked at where they are at hand.
#[test]
fn published_files_raise_no_false_alarm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/config/real");
    if folder.is_dir() {
        assert_verdicts(&folder, 1);
    }
}
