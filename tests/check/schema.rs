//! The schema and the checker agree: what the schema refuses, the checker reports, and a file without errors passes it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use slipway_tests::Project;

/// Faults of shape that JSON Schema cannot see, or that have no place in a schema of the file as written.
const BEYOND: &[&str] = &["SCF001", "SCF002"];

fn corpus(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn both_drafts_are_schemas_and_take_every_valid_file() {
    for draft in ["draft-07", "2020-12"] {
        let validator = validator(draft);
        for file in corpus("valid") {
            let errors: Vec<String> = validator.iter_errors(&plain(&file)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{draft}: {}: {errors:?}", file.display());
        }
    }
}

#[test]
fn what_the_schema_refuses_the_checker_reports() {
    let validator = validator("draft-07");
    let mut refused = 0;
    for file in corpus("invalid") {
        let project = Project::new(&[("serverless.containers.yml", fs::read(&file).unwrap())]);
        let run = project.slipway(&["check", "--no-disk", "--json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let diagnostics = report["files"][0]["diagnostics"].as_array().unwrap();
        if diagnostics.iter().any(|diagnostic| BEYOND.contains(&diagnostic["code"].as_str().unwrap())) {
            continue;
        }
        if !validator.is_valid(&plain(&file)) {
            refused += 1;
            let found = diagnostics.iter().any(|each| each["severity"] == "error" || each["blocker"] == true);
            assert!(found, "{}: only the schema refuses it", file.display());
        }
    }
    assert!(refused > 25, "the schema refuses {refused} of the invalid files only");
}

fn validator(draft: &str) -> jsonschema::Validator {
    let project = Project::new::<&str>(&[]);
    let run = project.slipway(&["schema", "--draft", draft]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{draft}: {error}"))
}

/// The file as a reader of plain YAML sees it, variables unresolved.
fn plain(path: &Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
