//! Settings and files beside the document.

use std::fs;

use serde_json::{Value, json};
use slipway_tests::Editor;

use super::{FAULTY, codes, project, simple};

#[test]
fn settings_are_asked_for_and_their_change_is_seen() {
    let project = project();
    let text = FAULTY.replace("timeout: 901", "timeout: ${param:seconds}");
    let abilities = json!({"workspace": {"configuration": true}});
    let mut editor = Editor::start_with(&project, &abilities, &json!({"params": {"seconds": "901"}}));
    let uri = editor.open(&project.path("serverless.containers.yml"), Some(&text));
    // That a text stands for the number is a note of its own.
    assert_eq!(codes(&editor.diagnostics(&uri, 1)), ["SCF116", "SCF363"]);
    editor.set_settings(json!({"params": {"seconds": "20"}}));
    editor.notify("workspace/didChangeConfiguration", &json!({"settings": null}));
    assert_eq!(codes(&editor.diagnostics(&uri, 1)), ["SCF363"]);
    editor.set_settings(json!({"parms": {}}));
    editor.notify("workspace/didChangeConfiguration", &json!({"settings": null}));
    let message = editor.notification("window/showMessage");
    assert!(message["message"].as_str().expect("words").contains("parms"), "{message}");
    editor.end();
}

#[test]
fn a_client_that_cannot_be_asked_sends_its_settings() {
    let project = project();
    let text = FAULTY.replace("timeout: 901", "timeout: ${param:seconds, 20}");
    let mut editor = Editor::start(&project, &simple());
    let uri = editor.open(&project.path("serverless.containers.yml"), Some(&text));
    assert!(!codes(&editor.diagnostics(&uri, 1)).contains(&"SCF116"));
    let settings = json!({"settings": {"slipway": {"params": {"seconds": "901"}}}});
    editor.notify("workspace/didChangeConfiguration", &settings);
    assert_eq!(codes(&editor.diagnostics(&uri, 1)), ["SCF116", "SCF363"]);
    editor.end();
}

/// The folder of the sources goes and comes; the client tells, or the server sees for itself.
#[test]
fn source_folders_and_environment_files_come_and_go() {
    let watching = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    for (abilities, tells) in [(watching, true), (simple(), false)] {
        let project = project();
        let text = FAULTY.replace("901", "${env:SECONDS}");
        let mut editor = Editor::start(&project, &abilities);
        let uri = editor.open(&project.path("serverless.containers.yml"), Some(&text));
        let before = editor.diagnostics(&uri, 1);
        if !tells {
            // The server watches from its first look on.
            editor.request("textDocument/documentSymbol", &json!({"textDocument": {"uri": uri}})).expect("an answer");
        }
        fs::write(project.path(".env"), "SECONDS=901\n").expect("a file");
        fs::rename(project.path("web"), project.path("gone")).expect("a folder");
        if tells {
            let changes = json!({"changes": [{"uri": format!("{uri}/../.env"), "type": 1}]});
            editor.notify("workspace/didChangeWatchedFiles", &changes);
        }
        let found = loop {
            let found = editor.diagnostics(&uri, 1);
            if tells || codes(&found).len() >= 2 {
                break found;
            }
        };
        assert_ne!(before, found);
        assert!(codes(&found).contains(&"SCF116"), "the value of the file counts: {found:#?}");
        assert!(
            found.iter().any(|found| found["message"].as_str().is_some_and(|words| words.contains("web"))),
            "{found:#?}"
        );
        editor.ignore("textDocument/publishDiagnostics");
        if !tells {
            drop(editor);
            continue;
        }
        editor.end();
    }
}

/// What a client can do that asks for diagnostics and can be told to ask again.
fn pulling() -> Value {
    json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}})
}

/// The codes that such a client gets.
fn pulled(editor: &mut Editor, uri: &str) -> String {
    let report = editor.request("textDocument/diagnostic", &json!({"textDocument": {"uri": uri}})).expect("a report");
    codes(report["items"].as_array().expect("a list")).join(" ")
}

/// The same for a client that asks for diagnostics: it is told to ask again.
#[test]
fn a_client_that_asks_is_told_when_to_ask_again() {
    let project = project();
    let mut editor = Editor::start(&project, &pulling());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    assert_eq!(pulled(&mut editor, &uri), "SCF116");
    fs::rename(project.path("web"), project.path("gone")).expect("a folder");
    loop {
        editor.asked("workspace/diagnostic/refresh");
        if pulled(&mut editor, &uri) != "SCF116" {
            break;
        }
    }
    editor.end();
}

/// Some clients ask about a document before they open it when the server starts again.
#[test]
fn a_client_that_asks_too_early_is_told_to_ask_again() {
    let project = project();
    let mut editor = Editor::start(&project, &pulling());
    let path = project.path("serverless.containers.yml");
    let uri = slipway_tests::uri(&path);
    assert_eq!(pulled(&mut editor, &uri), "SCF116");
    editor.open(&path, Some(&FAULTY.replace("901", "20")));
    editor.asked("workspace/diagnostic/refresh");
    assert_eq!(pulled(&mut editor, &uri), "");
    editor.end();
}

/// An answer that comes too late must not look like "nothing found". Whether it comes too late is up to the machine, so a long
/// text is asked about until it does.
#[test]
fn a_client_that_types_on_is_told_to_ask_again() {
    const SERVER_CANCELLED: i64 = -32802;
    let project = project();
    let mut editor = Editor::start(&project, &pulling());
    let containers: String =
        (0..500).map(|number| format!("  web-{number}:\n    src: ./web\n    timout: 1\n")).collect();
    let text = format!("name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n{containers}");
    let uri = editor.open(&project.path("serverless.containers.yml"), Some(&text));
    let params = json!({"textDocument": {"uri": uri}});
    let mut version = 1;
    let error = loop {
        version += 1;
        let id = editor.ask("textDocument/diagnostic", &params);
        editor.replace(&uri, version, &format!("{text}# {version}\n"));
        match editor.answer(id) {
            Err(error) => break error,
            Ok(report) => assert_ne!(report["items"], json!([])),
        }
    };
    assert_eq!((&error["code"], &error["data"]), (&json!(SERVER_CANCELLED), &json!({"retriggerRequest": true})));
    assert_ne!(pulled(&mut editor, &uri), "");
    editor.end();
}

#[test]
fn a_document_without_a_file_is_served_by_its_language() {
    let project = project();
    let mut editor = Editor::start(&project, &simple());
    let document =
        json!({"uri": "untitled:Untitled-1", "languageId": "serverless-containers", "version": 1, "text": FAULTY});
    editor.notify("textDocument/didOpen", &json!({"textDocument": document}));
    assert_eq!(codes(&editor.diagnostics("untitled:Untitled-1", 1)), ["SCF116"]);
    assert_eq!(
        editor.request("textDocument/codeLens", &json!({"textDocument": {"uri": "untitled:Untitled-1"}})),
        Ok(Value::Array(Vec::new()))
    );
    editor.end();
}
