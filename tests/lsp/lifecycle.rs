//! Beginnings, ends, and messages that make no sense.

use std::process::Command;

use serde_json::{Value, json};
use slipway_tests::Editor;

use super::{FAULTY, codes, project, simple};

const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const NOT_INITIALIZED: i64 = -32002;

#[test]
fn a_document_is_checked_when_it_is_opened() {
    let project = project();
    let mut editor = Editor::start(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    let diagnostics = editor.diagnostics(&uri, 1);
    assert_eq!(codes(&diagnostics), ["SCF116"]);
    assert_eq!(diagnostics[0]["source"], "slipway");
    assert_eq!(diagnostics[0]["range"]["start"], json!({"line": 11, "character": 17}));
    let page = diagnostics[0]["codeDescription"]["href"].as_str().expect("a link").strip_prefix("file://");
    let page = std::fs::read_to_string(page.expect("a file")).expect("the page of the rule");
    assert!(page.contains("SCF116"), "{page}");
    editor.notify("textDocument/didClose", &json!({"textDocument": {"uri": uri}}));
    assert!(editor.diagnostics(&uri, Value::Null).is_empty(), "closing takes them back");
    editor.end();
}

#[test]
fn shutdown_is_answered_with_and_without_parameters_and_exit_ends_it_at_once() {
    for shutdown in [
        json!({"jsonrpc": "2.0", "id": 99, "method": "shutdown", "params": null}),
        json!({"jsonrpc": "2.0", "id": 99, "method": "shutdown"}),
    ] {
        let mut editor = Editor::start(&project(), &simple());
        editor.send(&shutdown);
        assert_eq!(editor.answer(99), Ok(Value::Null));
        editor.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
        // Standard input stays open.
        assert_eq!(editor.wait().code(), Some(0));
    }
}

#[test]
fn an_exit_without_shutdown_and_a_closed_pipe_end_it_too() {
    let mut editor = Editor::start(&project(), &simple());
    editor.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(editor.wait().code(), Some(1));
    let mut editor = Editor::start(&project(), &simple());
    editor.hang_up();
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn what_makes_no_sense_is_answered_with_an_error() {
    let project = project();
    let mut editor = Editor::spawn(&project, &[]);
    let hover = json!({"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}});
    let error = editor.request("textDocument/hover", &hover).unwrap_err();
    assert_eq!(error["code"], NOT_INITIALIZED);
    drop(editor);
    let mut editor = Editor::start(&project, &simple());
    for (method, params, code) in [
        ("textDocument/nonsense", json!({}), METHOD_NOT_FOUND),
        ("textDocument/hover", json!({"textDocument": 7}), INVALID_PARAMS),
        ("workspace/executeCommand", json!({"command": "slipway.fly"}), INVALID_PARAMS),
    ] {
        let error = editor.request(method, &params).unwrap_err();
        assert_eq!(error["code"], code, "{method}: {error}");
    }
    editor.notify("textDocument/nonsense", &json!({}));
    editor.notify("$/nonsense", &json!({}));
    editor.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 7}}));
    // Positions and documents that are not there are no reason to fail.
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    assert_eq!(codes(&editor.diagnostics(&uri, 1)), ["SCF116"]);
    for position in [json!({"line": 9999, "character": 0}), json!({"line": 0, "character": 9999})] {
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        editor.request("textDocument/completion", &params).expect("an answer");
    }
    let params = json!({"textDocument": {"uri": "file:///other.yml"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.request("textDocument/completion", &params), Ok(Value::Null));
    editor.end();
}

#[test]
fn a_request_that_is_cancelled_is_answered_all_the_same() {
    let project = project();
    let mut editor = Editor::start(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    editor.diagnostics(&uri, 1);
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
    for _ in 0..100 {
        let id = editor.ask("textDocument/completion", &params);
        editor.notify("$/cancelRequest", &json!({"id": id}));
        if let Err(error) = editor.answer(id) {
            assert_eq!(error["code"], -32800, "{error}");
        }
    }
    editor.end();
}

#[test]
fn files_of_others_are_left_alone() {
    let project = project();
    std::fs::write(project.path("compose.yml"), FAULTY).expect("a file");
    let mut editor = Editor::start(&project, &simple());
    let other = editor.open(&project.path("compose.yml"), None);
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    assert_eq!(codes(&editor.diagnostics(&uri, 1)), ["SCF116"]);
    let params = json!({"textDocument": {"uri": other}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.request("textDocument/completion", &params), Ok(Value::Null));
    editor.end();
}

#[test]
fn a_client_that_asks_for_diagnostics_is_not_sent_any() {
    let project = project();
    std::fs::create_dir(project.path("second")).expect("a folder");
    std::fs::write(project.path("second/serverless.containers.yml"), "name: x\n").expect("a file");
    let mut editor = Editor::start(&project, &json!({"textDocument": {"diagnostic": {}}}));
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    let document = json!({"uri": uri});
    let report = editor.request("textDocument/diagnostic", &json!({"textDocument": document})).expect("a report");
    assert_eq!(report["kind"], "full");
    assert_eq!(codes(report["items"].as_array().expect("a list")), ["SCF116"]);
    let params = json!({"textDocument": document, "previousResultId": report["resultId"]});
    let again = editor.request("textDocument/diagnostic", &params).expect("a report");
    assert_eq!(again["kind"], "unchanged");
    editor.replace(&uri, 2, &FAULTY.replace("901", "20"));
    let changed = editor.request("textDocument/diagnostic", &params).expect("a report");
    assert_eq!((&changed["kind"], &changed["items"]), (&json!("full"), &json!([])));
    let all = editor.request("workspace/diagnostic", &json!({"previousResultIds": []})).expect("a report");
    let items = all["items"].as_array().expect("a list");
    assert_eq!(items.len(), 2, "{all:#}");
    assert_eq!((&items[0]["version"], &items[0]["items"]), (&json!(2), &json!([])));
    assert_eq!(items[1]["version"], Value::Null);
    assert!(!items[1]["items"].as_array().expect("a list").is_empty());
    let known: Vec<_> = items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    let again = editor.request("workspace/diagnostic", &json!({"previousResultIds": known})).expect("a report");
    assert!(again["items"].as_array().expect("a list").iter().all(|item| item["kind"] == "unchanged"), "{again:#}");
    editor.end();
}

#[test]
fn what_happens_is_logged() {
    let project = project();
    let log = project.path("logs/slipway.log");
    let refused =
        Command::new(slipway_tests::slipway_lsp()).arg("--log").arg(&log).output().expect("slipway-lsp starts");
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr).expect("text");
    assert!(words.starts_with("slipway-lsp: cannot write the log") && words.contains("logs/slipway.log"), "{words}");
    std::fs::create_dir(project.path("logs")).expect("a folder");
    let mut editor = Editor::spawn(&project, &["--log", log.to_str().expect("text")]);
    editor.begin(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    editor.diagnostics(&uri, 1);
    editor.end();
    let words = std::fs::read_to_string(log).expect("the log");
    assert!(words.contains("started"), "{words}");
    assert!(!words.contains("timeout"), "texts of documents are not logged: {words}");
}
