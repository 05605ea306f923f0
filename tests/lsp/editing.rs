//! Edits, many of them: the server's text is the client's, and its findings are those of a fresh check.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use slipway_tests::{Editor, Project};

use super::{FAULTY, codes, project, simple};

#[test]
fn edits_are_counted_in_the_units_agreed_on() {
    let text = "# 😀é\nname: 'shöp😀'\n";
    for (abilities, unit, emoji) in [
        (json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}}), "utf-8", [12, 16]),
        (simple(), "utf-16", [11, 13]),
    ] {
        let project = Project::new(&[("serverless.containers.yml", text)]);
        let mut editor = Editor::start(&project, &abilities);
        assert_eq!(editor.offered["capabilities"]["positionEncoding"], unit);
        let uri = editor.open(&project.path("serverless.containers.yml"), None);
        let first = editor.diagnostics(&uri, 1);
        let [start, end] = emoji.map(|character| json!({"line": 1, "character": character}));
        let range = json!({"start": start, "end": end});
        let change =
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": range, "text": ""}]});
        editor.notify("textDocument/didChange", &change);
        let second = editor.diagnostics(&uri, 2);
        assert_ne!(first, second, "the name is another");
        assert_eq!(without_links(second), checked(&project, "# 😀é\nname: 'shöp'\n", unit));
        editor.end();
    }
}

#[test]
fn a_burst_of_changes_arrives_in_order() {
    const CHANGES: i32 = 5000;
    let project = project();
    let mut editor = Editor::start(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    for version in 2..=CHANGES {
        // Every second change mends the fault.
        let text = if version % 2 == 0 { "  9" } else { "901" };
        let range = json!({"start": {"line": 11, "character": 17}, "end": {"line": 11, "character": 20}});
        let document = json!({"uri": uri, "version": version});
        let changes = json!([{"range": range, "text": text}]);
        editor.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": changes}));
    }
    let mut last = 0;
    while last < CHANGES {
        let params = editor.notification("textDocument/publishDiagnostics");
        let version = params["version"].as_i64().expect("a version") as i32;
        assert!(version > last, "{version} after {last}");
        let expected: &[&str] = if version % 2 == 0 { &[] } else { &["SCF116"] };
        assert_eq!(codes(params["diagnostics"].as_array().expect("a list")), expected, "version {version}");
        last = version;
    }
    editor.end();
}

/// One random edit of a text: where, how much goes, what comes.
#[derive(Clone, Debug)]
enum Edit {
    Splice { at: prop::sample::Index, length: usize, text: String },
    Undo,
}

fn edit() -> impl Strategy<Value = Edit> {
    let text = prop_oneof![
        4 => "[a-z:{}$\\-\"'# \n]{0,3}",
        1 => prop::sample::select(vec![
            "  api:\n    src: ./api\n", "${env:X}", "😀", "é漢", "\r\n", "\t", "&a ", "*a", "|\n", "- ", "    compute:\n      type: awsFargateEcs\n",
        ]).prop_map(str::to_owned),
    ];
    prop_oneof![
        12 => (any::<prop::sample::Index>(), 0..6_usize, text)
            .prop_map(|(at, length, text)| Edit::Splice { at, length, text }),
        1 => Just(Edit::Undo),
    ]
}

/// 100,000 edits, many to a message; after each hundredth message the findings are held against a fresh check.
#[test]
fn random_edits_never_make_the_server_diverge() {
    const MESSAGES: i32 = 2000;
    const EDITS: usize = 50;
    let project = project();
    let mut editor = Editor::start(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    editor.diagnostics(&uri, 1);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut text = FAULTY.to_owned();
    let mut history: Vec<String> = Vec::new();
    for message in 0..MESSAGES {
        let mut changes = Vec::new();
        for _ in 0..EDITS {
            let edit = edit().new_tree(&mut runner).expect("an edit").current();
            let (start, end, new) = match edit {
                Edit::Splice { at, length, text: new } => {
                    // Grown texts shrink again.
                    let length = if text.len() > 4000 { length * 200 } else { length };
                    let start = text.floor_char_boundary(at.index(text.len() + 1));
                    (start, text.floor_char_boundary((start + length).min(text.len())), new)
                }
                Edit::Undo => match history.pop() {
                    Some(earlier) => (0, text.len(), earlier),
                    None => continue,
                },
            };
            let (start, end) = (outside_line_end(&text, start), outside_line_end(&text, end));
            changes.push(json!({"range": {"start": position(&text, start), "end": position(&text, end)}, "text": new}));
            if history.len() == 20 {
                history.remove(0);
            }
            history.push(text.clone());
            text.replace_range(start..end, &new);
        }
        let version = message + 2;
        let document = json!({"uri": uri, "version": version});
        editor.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": changes}));
        if message % 100 == 99 {
            let found = editor.diagnostics(&uri, version);
            assert_eq!(without_links(found), checked(&project, &text, "utf-16"), "{text}");
            editor.ignore("textDocument/publishDiagnostics");
        }
    }
    editor.ignore("textDocument/publishDiagnostics");
    editor.end();
}

/// An offset that is not between the two characters of one line end, where no position leads.
fn outside_line_end(text: &str, offset: usize) -> usize {
    if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') { offset - 1 } else { offset }
}

/// The position of a byte offset, worked out as the protocol says and not as the server does.
fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let unified = before.replace("\r\n", "\n").replace('\r', "\n");
    let line = unified.matches('\n').count();
    let column = unified.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    json!({"line": line, "character": column})
}

/// What a server that sees the text for the first time finds.
fn checked(project: &Project, text: &str, unit: &str) -> Vec<Value> {
    let abilities = json!({"general": {"positionEncodings": [unit]}});
    let mut editor = Editor::start(project, &abilities);
    let uri = editor.open(&project.path("serverless.containers.yml"), Some(text));
    let found = editor.diagnostics(&uri, 1);
    editor.end();
    without_links(found)
}

/// Each server keeps the pages of the rules in a home of its own.
fn without_links(mut found: Vec<Value>) -> Vec<Value> {
    for found in &mut found {
        found.as_object_mut().expect("an object").remove("codeDescription");
    }
    found
}
