//! One case: a policy, what is known beside it, and what must be found. The files explain the format at their heads.

use std::path::Path;

use serde_json::Value;
use slipway_tests::Project;

const NAME: &str = "policy.yaml";

/// A case.
pub struct Case {
    id: String,
    policy: String,
    context: Value,
    expected: Vec<Value>,
}

/// A finding of the lint.
#[derive(Clone, Debug)]
struct Finding {
    code: String,
    severity: String,
    path: String,
    message: String,
    /// Byte positions in the policy.
    range: std::ops::Range<usize>,
    fixes: Vec<Value>,
}

/// Reads a file of cases.
pub fn read(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).unwrap();
    let content: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let case = |case: &Value| Case {
        id: text(&case["id"]),
        policy: text(&case["policy"]),
        context: case["context"].clone(),
        expected: case["expect"].as_array().expect("expectations").clone(),
    };
    content["cases"].as_array().expect("cases").iter().map(case).collect()
}

impl Case {
    /// What is wrong with the answer.
    pub fn complaints(&self) -> Vec<String> {
        let found = self.findings(&self.policy);
        let mut complaints = Vec::new();
        let mut rest = found.clone();
        for expectation in &self.expected {
            let meets = |finding: &Finding| self.meets(finding, expectation);
            match rest.iter().position(meets) {
                Some(at) => complaints.extend(self.details(&rest.remove(at), expectation)),
                None => complaints.push(format!("not found: {expectation}")),
            }
        }
        let grave = |finding: &&Finding| matches!(&*finding.severity, "error" | "warning");
        complaints.extend(rest.iter().filter(grave).map(|finding| format!("unexpected: {finding:?}")));
        complaints.iter().map(|complaint| format!("{}: {complaint}", self.id)).collect()
    }

    fn findings(&self, policy: &str) -> Vec<Finding> {
        let project = Project::new(&[(NAME, policy)]);
        let arguments = self.arguments();
        let mut command = vec!["iam", "lint", "--json", NAME];
        command.extend(arguments.iter().map(String::as_str));
        let run = project.slipway(&command);
        let report: Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{}: {error}: {run:?}", self.id));
        let findings = report["files"][0]["diagnostics"].as_array().expect("diagnostics").iter();
        let findings: Vec<Finding> = findings.map(|finding| Finding::of(finding, policy)).collect();
        let fails = findings.iter().any(|finding| finding.severity == "error");
        assert_eq!(run.code, Some(i32::from(fails)), "the exit code of {}", self.id);
        findings
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let Some(context) = self.context.as_object() else { return arguments };
        for (name, value) in context {
            let flag = match &**name {
                "region" => "--region",
                "accountId" => "--account-id",
                "roleArn" => "--role-arn",
                "compat" => "--compat",
                "deployTimeParameters" => {
                    let names = value.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                    arguments.extend(names.flat_map(|name| ["--parameter".to_owned(), name.to_owned()]));
                    continue;
                }
                "options" if value["hardcodedIds"] == true => {
                    arguments.extend(["--enable".to_owned(), "IAM072".to_owned()]);
                    continue;
                }
                other => panic!("{}: a context {other:?}", self.id),
            };
            arguments.extend([flag.to_owned(), value.as_str().unwrap().to_owned()]);
        }
        arguments
    }

    fn meets(&self, finding: &Finding, expected: &Value) -> bool {
        let place = match (expected["at"].as_str(), expected["line"].as_u64()) {
            (Some(pointer), _) => finding.path == path(pointer),
            (None, Some(line)) => line == self.line_of(finding),
            (None, None) => panic!("{}: no place in {expected}", self.id),
        };
        let text = expected["text"].as_str().is_none_or(|text| &self.policy[finding.range.clone()] == text);
        place && text && finding.code == expected["id"].as_str().unwrap() && expected["severity"] == *finding.severity
    }

    fn line_of(&self, finding: &Finding) -> u64 {
        self.policy[..finding.range.start].matches('\n').count() as u64 + 1
    }

    /// What is wrong with the words and the fix of a finding that was expected.
    fn details(&self, finding: &Finding, expected: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        let message = finding.message.to_lowercase();
        for detail in expected["detail"].as_array().into_iter().flatten().map(|detail| detail.as_str().unwrap()) {
            if !message.contains(&detail.to_lowercase()) {
                complaints.push(format!("{detail:?} is not in {:?}", finding.message));
            }
        }
        let promised = [&expected["fix"], &expected["fix_operator"]].into_iter().any(|fix| !fix.is_null());
        let Some(fix) = finding.fixes.first() else {
            if promised {
                complaints.push(format!("no fix: {expected}"));
            }
            return complaints;
        };
        let fixed = apply(&self.policy, fix);
        let after = self.findings(&fixed);
        let is_left = |other: &Finding| other.code == finding.code && other.path == finding.path;
        let (before, left) = (1, after.iter().filter(|other| is_left(other)).count());
        // A fix that leaves a place to be filled in does not mend yet.
        if left >= before && fix["safe"] == true {
            complaints.push(format!("{} does not mend {}:\n{fixed}", fix["title"], finding.code));
        }
        if promised && !self.is_as_promised(&fixed, expected) {
            complaints.push(format!("the fix is not that of {expected}:\n{fixed}"));
        }
        complaints
    }

    fn is_as_promised(&self, fixed: &str, expected: &Value) -> bool {
        let before: Value = serde_yaml::from_str(&self.policy).unwrap_or_default();
        let Ok(after) = serde_yaml::from_str::<Value>(fixed) else { return false };
        let pointer = expected["at"].as_str().unwrap();
        let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
        let fix = &expected["fix"];
        if let Some(operator) = expected["fix_operator"].as_str() {
            let condition = pointer.split_inclusive("/Condition").next().unwrap();
            return after.pointer(condition).is_some_and(|condition| condition.get(operator).is_some());
        }
        if expected["on"] == "key" {
            return after.pointer(parent).is_some_and(|map| map.get(fix.as_str().unwrap()).is_some());
        }
        if let Some(items) = fix.as_array() {
            let holder = if key.parse::<usize>().is_ok() { parent } else { pointer };
            return after
                .pointer(holder)
                .and_then(Value::as_array)
                .is_some_and(|list| items.iter().all(|item| list.contains(item)));
        }
        let (old, fix) = (before.pointer(pointer).map(plain).unwrap_or_default(), plain(fix));
        let new = after.pointer(pointer).map(plain).unwrap_or_default();
        match expected["text"].as_str() {
            Some(text) => new == old.replacen(text, &fix, 1) || new == fix,
            None => new.contains(&fix) && new != old,
        }
    }
}

impl Finding {
    fn of(finding: &Value, policy: &str) -> Self {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        Self {
            code: text("code"),
            severity: text("severity"),
            path: text("path"),
            message: text("message"),
            range: range(policy, &finding["range"]),
            fixes: finding["fixes"].as_array().unwrap().clone(),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn apply(text: &str, fix: &Value) -> String {
    let edits = fix["edits"].as_array().unwrap().iter();
    let mut edits: Vec<_> =
        edits.map(|edit| (range(text, &edit["range"]), edit["newText"].as_str().unwrap())).collect();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    edits.iter().fold(text.to_owned(), |mut text, (range, new)| {
        text.replace_range(range.clone(), new);
        text
    })
}

/// Byte positions of a range in lines and UTF-16 columns.
fn range(text: &str, range: &Value) -> std::ops::Range<usize> {
    let offset = |position: &Value| {
        let number = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        let mut column = 0;
        let behind = text[start..].char_indices().find(|(_, character)| {
            let here = column >= number("character");
            column += character.len_utf16();
            here
        });
        behind.map_or(text.len(), |(at, _)| start + at)
    };
    offset(&range["start"])..offset(&range["end"])
}

/// The dotted path of a JSON pointer.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        if step.parse::<usize>().is_ok() {
            path.push_str(&format!("[{step}]"));
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        let quoted = step.contains(['.', '"', '\'', '[', ']']) || step.contains(char::is_whitespace);
        path.push_str(&if quoted { Value::from(step).to_string() } else { step });
    }
    path
}
