//! The examples on the rules' pages are true: the bad one gives the finding, the good one does not.
//!
//! A fenced block of a page is an example by its info string:
//!
//! - `yaml`: a whole configuration file;
//! - `yaml container`: keys of one container, put into a valid file in the place of its own keys of the same name;
//! - `yaml top`: keys of the top level, put into a valid file likewise;
//! - `yaml policy`: a policy that stands alone;
//! - `text PATH`, `json PATH`, `dockerfile PATH`: a file of the project; it counts for the next `yaml` block;
//! - `text PATH -> TARGET`: likewise a symbolic link.
//!
//! A line `<!-- with: KEY=VALUE -->` before a block sets `stage`, `region`, `account`, `role`, `compat`, `enable`,
//! `parameter`, `env.NAME` or `file_name` for it.

use std::collections::BTreeMap;

use slipway_lang::analyze;
use slipway_lang::diagnostic::{FixKind, Rule};
use slipway_lang::inputs::{DocumentKind, Inputs, MemoryFiles};
use slipway_lang::rules;
use slipway_lang::text::apply_edits;
use slipway_lang::yaml::Document;

/// The files that the projects of the examples have, where the example says nothing else.
const FILES: &[(&str, &str)] = &[
    ("api/Dockerfile", "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8080\nCMD [\"node\", \"index.js\"]\n"),
    ("api/.dockerignore", "node_modules\n"),
    ("api/index.js", "require('http').createServer().listen(8080)\n"),
];

const TOP: &[(&str, &str)] = &[
    ("name", "name: demo\n"),
    ("deployment", "deployment:\n  type: aws@1.0\n"),
    (
        "containers",
        "containers:\n  api:\n    src: ./api\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda\n",
    ),
];

const CONTAINER: &[(&str, &str)] = &[
    ("src", "src: ./api\n"),
    ("routing", "routing:\n  pathPattern: /*\n"),
    ("compute", "compute:\n  type: awsLambda\n"),
];

/// Rules whose example would fill the page; tests beside them show it.
const SHOWN_IN_WORDS: &[&str] = &["SCF230"];

/// Rules whose fix depends on what the example of the page does not have: a near word, another stage, a file to edit.
const FIXED_ELSEWHERE: &[&str] = &["SCF055", "SCF059", "SCF091", "SCF358", "SCF360", "SCF367"];

#[derive(Debug)]
struct Example {
    section: String,
    text: String,
    files: BTreeMap<String, String>,
    settings: Vec<(String, String)>,
}

#[test]
fn every_page_says_what_and_why_and_shows_it() {
    for rule in rules::all() {
        for heading in ["## What it does", "## Why it matters", "## Example", "## Use instead"] {
            assert!(rule.docs.contains(heading), "{} has no section {heading:?}", rule.code);
        }
        let examples = examples(rule);
        let shown = examples.iter().any(|example| example.section == "Example");
        assert!(shown != SHOWN_IN_WORDS.contains(&rule.code), "{}: an example, in YAML or in words", rule.code);
    }
}

#[test]
fn bad_examples_are_reported_and_good_ones_are_not() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        for example in examples(rule) {
            let found = codes(&example);
            let reported = found.iter().any(|code| code == rule.code);
            match (example.section.as_str(), reported) {
                ("Example", false) => {
                    wrong.push(format!("{}: not reported (found {found:?}):\n{}", rule.code, example.text));
                }
                ("Use instead", true) => {
                    wrong.push(format!("{}: reported, but should not be:\n{}", rule.code, example.text));
                }
                ("Example", true) | ("Use instead", false) => {}
                (other, _) => wrong.push(format!("{}: an example in the section {other:?}", rule.code)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_declared_fix_is_offered() {
    let mut without = Vec::new();
    for rule in rules::all().filter(|rule| rule.fix != FixKind::None && !FIXED_ELSEWHERE.contains(&rule.code)) {
        let offered = examples(rule).iter().any(|example| {
            with_inputs(example, |inputs| {
                let found = analyze(&Document::new(example.text.clone()), inputs).diagnostics;
                found.iter().any(|finding| finding.rule.code == rule.code && !finding.fixes.is_empty())
            })
        });
        if !offered {
            without.push(rule.code);
        }
    }
    assert!(without.is_empty(), "no fix is shown for {without:?}");
}

#[test]
fn fixes_are_of_the_declared_kind_and_safe_ones_mend() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        for example in examples(rule) {
            with_inputs(&example, |inputs| {
                let document = Document::new(example.text.clone());
                for diagnostic in analyze(&document, inputs).diagnostics {
                    for fix in &diagnostic.fixes {
                        let allowed = match diagnostic.rule.fix {
                            FixKind::None => false,
                            FixKind::Safe => fix.safe,
                            FixKind::Unsafe => !fix.safe,
                            FixKind::Mixed => true,
                        };
                        let code = diagnostic.rule.code;
                        if !allowed {
                            wrong.push(format!(
                                "{code}: a fix of an undeclared kind: {:?}, safe: {}",
                                fix.title, fix.safe
                            ));
                        }
                        let fixed = match apply_edits(&example.text, &fix.edits) {
                            Ok(fixed) => fixed,
                            Err(error) => {
                                wrong.push(format!("{code}: {error} in {:?}", fix.title));
                                continue;
                            }
                        };
                        let count = |document: &Document| {
                            analyze(document, inputs).diagnostics.iter().filter(|each| each.rule.code == code).count()
                        };
                        if fix.safe && count(&Document::new(fixed.clone())) >= count(&document) {
                            wrong.push(format!(
                                "{code}: {:?} does not mend:\n{}\nbecomes\n{fixed}",
                                fix.title, example.text
                            ));
                        }
                    }
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn codes(example: &Example) -> Vec<String> {
    let document = Document::new(example.text.clone());
    with_inputs(example, |inputs| {
        analyze(&document, inputs).diagnostics.iter().map(|diagnostic| diagnostic.rule.code.to_owned()).collect()
    })
}

fn with_inputs<R>(example: &Example, run: impl FnOnce(&Inputs<'_>) -> R) -> R {
    let mut files: BTreeMap<String, String> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (path, text) in &example.files {
        // An example that brings files to a folder decides alone what is in it.
        if let Some((folder, _)) = path.rsplit_once('/') {
            files.retain(|other, _| !FILES.iter().any(|(known, _)| known == other && known.starts_with(folder)));
        }
        files.insert(path.clone(), text.clone());
    }
    files.extend(example.files.clone());
    let (links, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.contains(" -> "));
    let links = links.iter().filter_map(|(path, _)| path.split_once(" -> "));
    let files = links.fold(MemoryFiles::new(files), |files, (path, target)| files.with_link(path, target));
    let mut inputs = Inputs { files: Some(&files), env: Some(BTreeMap::new()), ..Inputs::default() };
    for (key, value) in &example.settings {
        match key.split_once('.') {
            Some(("env", name)) => {
                inputs.env.get_or_insert_default().insert(name.to_owned(), value.clone());
            }
            _ => match key.as_str() {
                "stage" => inputs.stage.clone_from(value),
                "kind" => inputs.kind = DocumentKind::Policy,
                "region" => inputs.region = Some(value.clone()),
                "account" => inputs.iam.account_id = Some(value.clone()),
                "role" => inputs.iam.role_arn = Some(value.clone()),
                "compat" => inputs.iam.compat_upstream = value == "upstream",
                "enable" => drop(inputs.iam.enabled.insert(value.clone())),
                "parameter" => drop(inputs.iam.parameters.insert(value.clone())),
                "file_name" => inputs.file_name.clone_from(value),
                other => panic!("unknown setting {other:?}"),
            },
        }
    }
    run(&inputs)
}

fn examples(rule: &Rule) -> Vec<Example> {
    let mut examples = Vec::new();
    let (mut section, mut files, mut settings) = (String::new(), BTreeMap::new(), Vec::new());
    let mut lines = rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut section);
            files = BTreeMap::new();
        } else if let Some(with) = line.strip_prefix("<!-- with: ") {
            let (key, value) = with.trim_end_matches(" -->").split_once('=').expect("KEY=VALUE");
            settings.push((key.to_owned(), value.to_owned()));
        } else if let Some(info) = line.strip_prefix("```") {
            let body: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            let text = match info.trim() {
                "yaml" => body,
                "yaml policy" => {
                    settings.push(("kind".to_owned(), "policy".to_owned()));
                    body
                }
                "yaml container" => {
                    let container = complete(&body, CONTAINER);
                    let indented: String = container.lines().map(|line| format!("    {line}\n")).collect();
                    complete(&format!("containers:\n  api:\n{indented}"), TOP)
                }
                "yaml top" => complete(&body, TOP),
                info => {
                    let (_, path) = info.split_once(' ').unwrap_or_else(|| panic!("{}: a block {info:?}", rule.code));
                    files.insert(path.to_owned(), body);
                    continue;
                }
            };
            let settings = std::mem::take(&mut settings);
            examples.push(Example { section: section.clone(), text, files: std::mem::take(&mut files), settings });
        }
    }
    examples
}

/// Puts the parts that a fragment does not have itself before it.
fn complete(fragment: &str, parts: &[(&str, &str)]) -> String {
    let has = |key: &str| fragment.lines().any(|line| line.starts_with(&format!("{key}:")));
    let missing: String = parts.iter().filter(|(key, _)| !has(key)).map(|(_, text)| *text).collect();
    missing + fragment
}
