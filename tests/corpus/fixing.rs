//! `--fix` on the whole corpus: it mends what it says, leaves the rest alone, and has nothing left to do afterwards.

use std::fs;
use std::path::Path;

use serde_json::Value;
use slipway_tests::Project;

const NAME: &str = "serverless.containers.yml";

fn findings(project: &Project) -> Vec<Value> {
    let run = project.slipway(&["check", "--no-disk", "--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    report["files"][0]["diagnostics"].as_array().unwrap().clone()
}

fn safe_fixes(finding: &Value) -> impl Iterator<Item = &Value> {
    finding["fixes"].as_array().into_iter().flatten().filter(|fix| fix["safe"] == true)
}

/// What is wrong after fixing one file; nothing when it has no safe fix.
fn complaints(path: &Path) -> (bool, Vec<String>) {
    let text = fs::read_to_string(path).unwrap();
    let project = Project::new(&[(NAME, &*text)]);
    let before = findings(&project);
    if before.iter().all(|finding| safe_fixes(finding).next().is_none()) {
        return (false, Vec::new());
    }
    project.slipway(&["check", "--no-disk", "--fix"]);
    let (fixed, after) = (project.read(NAME), findings(&project));
    let mut complaints = Vec::new();

    let syntax = |findings: &[Value]| findings.iter().filter(|finding| finding["code"] == "SCF001").count();
    if syntax(&after) > syntax(&before) {
        complaints.push("it no longer parses".to_owned());
    }
    for finding in after.iter().filter(|finding| safe_fixes(finding).next().is_some()) {
        complaints.push(format!("still there: {} {}", finding["code"], finding["path"]));
    }
    let touched = |line: usize| {
        let edits = before.iter().flat_map(safe_fixes).flat_map(|fix| fix["edits"].as_array().unwrap());
        let mut ranges = edits.map(|edit| &edit["range"]);
        let number = |place: &Value| usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        ranges.any(|range| (number(&range["start"])..=number(&range["end"])).contains(&line))
    };
    let mut rest = fixed.lines();
    for (number, line) in text.lines().enumerate() {
        if !touched(number) && !rest.any(|other| other == line) {
            complaints.push(format!("line {} is gone or out of order: {line:?}", number + 1));
            break;
        }
    }
    project.slipway(&["check", "--no-disk", "--fix"]);
    if project.read(NAME) != fixed {
        complaints.push("a second run changes it again".to_owned());
    }
    (true, complaints.iter().map(|complaint| format!("{}: {complaint}\n{fixed}", path.display())).collect())
}

#[test]
fn safe_fixes_mend_and_leave_the_rest_alone() {
    let folders = ["valid", "invalid"].map(|name| super::corpus().join(name));
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/acmeinc-broken").join(NAME);
    let files = folders.iter().flat_map(|folder| super::files(folder)).chain([broken]);
    let (mut fixable, mut wrong) = (0, Vec::new());
    for file in files {
        let (has_fixes, complaints) = complaints(&file);
        fixable += usize::from(has_fixes);
        wrong.extend(complaints);
    }
    assert!(fixable > 10, "only {fixable} files have safe fixes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
