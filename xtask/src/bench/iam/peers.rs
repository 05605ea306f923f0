//! Other linters of policies: how long they take for all that AWS manages, and what they find in the cases.
#![allow(clippy::print_stdout, reason = "chores speak to the person who runs them")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::reference;
use crate::run::{fill_once, root, target_dir};
use crate::venv;

/// A linter, with what its environment needs: no two of them have to agree on versions.
pub(super) struct Peer {
    /// Its name, which is that of its program as well.
    pub(super) name: &'static str,
    packages: &'static [&'static str],
}

/// The peers, in the versions that are compared. The second package of parliament is what it needs and does not ask for.
pub(super) const PEERS: [Peer; 3] = [
    Peer { name: "parliament", packages: &["parliament==1.6.4", "setuptools==80.9.0"] },
    Peer { name: "iam-policy-validator", packages: &["iam-policy-validator==1.31.4"] },
    Peer { name: "cfn-lint", packages: &["cfn-lint==1.58.0"] },
];

/// What a peer said of some policies.
#[derive(Deserialize)]
pub(super) struct Answer {
    /// How long it took, without its start.
    pub(super) seconds: f64,
    /// The names of its findings, policy by policy.
    found: Vec<Vec<String>>,
}

impl Peer {
    /// Its program, installed.
    pub(super) fn program(&self) -> Result<PathBuf> {
        Ok(self.provide()?.join(self.name))
    }

    fn provide(&self) -> Result<PathBuf> {
        venv::provide(&format!("iam-{}", self.name), self.packages)
    }

    /// Has it look at policies, all of them in one process.
    pub(super) fn ask(&self, policies: &[String]) -> Result<Answer> {
        let folder = target_dir()?.join("bench");
        fs::create_dir_all(&folder)?;
        let (file, script) = (folder.join("policies.json"), folder.join("peers.py"));
        fs::write(&file, serde_json::to_string(policies)?).with_context(|| file.display().to_string())?;
        fs::write(&script, include_str!("peers.py")).with_context(|| script.display().to_string())?;
        let mut process = Command::new(self.provide()?.join("python"));
        process.arg(script).arg(self.name).arg(file).arg(data()?);
        let output = process.output().with_context(|| self.name.to_owned())?;
        ensure!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        let answer: Answer = serde_json::from_slice(&output.stdout).with_context(|| self.name.to_owned())?;
        ensure!(answer.found.len() == policies.len(), "{} leaves out policies", self.name);
        Ok(answer)
    }
}

/// The folder with the IAM reference that iam-policy-validator would ask AWS for.
pub(super) fn data() -> Result<PathBuf> {
    let folder = target_dir()?.join("bench").join("iam-reference");
    fill_once(&folder, slipway_lang::iam::reference::reference().date(), || reference::write(&folder))?;
    Ok(folder)
}

/// What is expected of a case.
struct Case {
    /// The policy as JSON, what a deployment knows filled in; `None` for text that is no YAML.
    policy: Option<String>,
    /// Codes of errors and warnings.
    grave: BTreeSet<(String, bool)>,
    /// All codes.
    all: BTreeSet<String>,
}

/// Prints how what peers say of the cases agrees with what is expected.
pub(super) fn compare() -> Result<()> {
    let cases = cases()?;
    let same: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        serde_yaml::from_str(include_str!("peers.yaml")).context("peers.yaml")?;
    let readable: Vec<&Case> = cases.iter().filter(|case| case.policy.is_some()).collect();
    let policies: Vec<String> = readable.iter().filter_map(|case| case.policy.clone()).collect();
    let count = |of: &dyn Fn(&Case) -> usize| cases.iter().map(of).sum::<usize>();
    let errors = count(&|case| case.grave.iter().filter(|(_, is_error)| *is_error).count());
    let warnings = count(&|case| case.grave.iter().filter(|(_, is_error)| !is_error).count());
    let quiet = count(&|case| usize::from(case.grave.is_empty()));
    println!(
        "\n{} cases with {errors} errors and {warnings} warnings, each rule once a case; {quiet} of them have neither. A finding agrees when it is about the same fault, wherever it points; what a peer reports beyond what is expected of a case is extra.\n",
        cases.len()
    );
    println!("| peer | errors agreed | missed | warnings agreed | missed | extra | quiet cases with an extra one |");
    println!("| --- | --: | --: | --: | --: | --: | --: |");
    println!("| slipway (held by the tests) | {errors} | 0 | {warnings} | 0 | 0 | 0 |");
    for peer in &PEERS {
        let answer = peer.ask(&policies)?;
        let (mut agreed, mut extra, mut alarms) = ([0, 0], 0, 0);
        for (case, found) in readable.iter().zip(&answer.found) {
            let is_same = |code: &str, name: &String| {
                let names = same.get(code).and_then(|peers| peers.get(peer.name));
                names.into_iter().flatten().any(|known| match known.strip_suffix('*') {
                    Some(start) => name.starts_with(start),
                    None => name.split(' ').next() == Some(known),
                })
            };
            for (code, is_error) in &case.grave {
                if found.iter().any(|name| is_same(code, name)) {
                    agreed[usize::from(!is_error)] += 1;
                }
            }
            let more = found.iter().filter(|name| !case.all.iter().any(|code| is_same(code, name))).count();
            extra += more;
            alarms += usize::from(case.grave.is_empty() && more > 0);
        }
        println!(
            "| {} | {} | {} | {} | {} | {extra} | {alarms} |",
            peer.name,
            agreed[0],
            errors - agreed[0],
            agreed[1],
            warnings - agreed[1]
        );
    }
    Ok(())
}

fn cases() -> Result<Vec<Case>> {
    let folder = root().join("tests/fixtures/iam");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| !file.ends_with("managed-baseline.yaml"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        cases.extend(read(&file)?);
    }
    Ok(cases)
}

fn read(file: &Path) -> Result<Vec<Case>> {
    let content: Value =
        serde_yaml::from_str(&fs::read_to_string(file)?).with_context(|| file.display().to_string())?;
    let case = |case: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let expected = || case["expect"].as_array().into_iter().flatten();
        let grave = expected().filter(|each| each["severity"] == "error" || each["severity"] == "warning");
        // A tag is what JSON does not have.
        let policy: Option<Value> = serde_yaml::from_str(&filled(&text(&case["policy"]))).ok();
        Case {
            policy: policy.map(|policy| policy.to_string()),
            grave: grave.map(|each| (text(&each["id"]), each["severity"] == "error")).collect(),
            all: expected().map(|each| text(&each["id"])).collect(),
        }
    };
    Ok(content["cases"].as_array().context("cases")?.iter().map(case).collect())
}

/// The text with what a deployment would put in the place of its variables.
fn filled(text: &str) -> String {
    const KNOWN: [(&str, &str); 3] =
        [("aws:accountId", "314159265358"), ("aws:region", "us-east-1"), ("aws:partition", "aws")];
    const PROVIDERS: [&str; 12] =
        ["self:", "env:", "param:", "opt:", "file(", "sls:", "git:", "output:", "ssm:", "cf:", "aws:ssm:", "aws:cf:"];
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once("${").and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        filled.push_str(before);
        let known = KNOWN.iter().find(|(name, _)| *name == inside).map(|(_, value)| *value);
        let is_resolved = PROVIDERS.iter().any(|start| inside.starts_with(start));
        match known.or(is_resolved.then_some("filled")) {
            Some(value) => filled.push_str(value),
            None => filled.push_str(&format!("${{{inside}}}")),
        }
        rest = after;
    }
    filled + rest
}
