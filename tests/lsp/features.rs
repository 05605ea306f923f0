//! Each method once, through the wire: what the features do is tested where they are; here it is that they are wired.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use slipway_tests::{Editor, Project, uri};

const TEXT: &str = "\
# The shop.
name: shop
deployment:
  type: aws@1.0
containers:
  web:
    src: ./web
    routing:
      pathPattern: /*
    environment:
      HOST: ${env:HOST}
      NAME: ${self:name}
    compute: &small
      type: awsLambda
      awsLambda:
        timeout: 901
  api:
    src: ./web
    routing:
      pathPattern: /api/*
    compute:   *small
";

/// What a full client can do.
fn abilities() -> Value {
    json!({
        "textDocument": {
            "hover": {"contentFormat": ["markdown"]},
            "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": true}},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            "definition": {"linkSupport": true},
            "publishDiagnostics": {"relatedInformation": true},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true}, "didChangeWatchedFiles": {"dynamicRegistration": true}},
    })
}

fn start() -> (Project, Editor, String) {
    let project = Project::new(&[
        ("serverless.containers.yml", TEXT),
        ("web/Dockerfile", "FROM scratch\n"),
        (".env", "HOST=example.com\n"),
    ]);
    let mut editor = Editor::start(&project, &abilities());
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    editor.diagnostics(&uri, 1);
    (project, editor, uri)
}

/// The position of the first occurrence of a word, some columns into it.
fn position(word: &str, into: usize) -> Value {
    let at = TEXT.find(word).expect("the word");
    let line = TEXT[..at].matches('\n').count();
    let column = at - TEXT[..at].rfind('\n').map_or(0, |end| end + 1);
    json!({"line": line, "character": column + into})
}

fn options() -> Value {
    json!({"tabSize": 2, "insertSpaces": true})
}

#[test]
fn what_is_offered() {
    let (_project, editor, _) = start();
    assert_json_snapshot!(editor.offered["capabilities"]);
    editor.end();
}

/// Every request that is about a document, with what it answers. Addresses are written without the folder.
#[test]
fn every_method_answers() {
    let (project, mut editor, uri) = start();
    let document = json!({"uri": uri});
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let fault = position("901", 1);
    let requests = [
        ("hover", json!({"position": position("timeout", 1)})),
        ("definition", json!({"position": position("*small", 2)})),
        ("references", json!({"position": position("name: shop", 1), "context": {"includeDeclaration": true}})),
        ("documentHighlight", json!({"position": position("&small", 2)})),
        ("documentSymbol", json!({})),
        ("codeAction", json!({"range": {"start": fault, "end": fault}, "context": {"diagnostics": []}})),
        ("codeLens", json!({})),
        ("foldingRange", json!({})),
        ("selectionRange", json!({"positions": [position("shop\ndep", 1)]})),
        ("documentLink", json!({})),
        ("inlayHint", json!({"range": whole})),
        ("prepareRename", json!({"position": position("web:", 1)})),
        ("rename", json!({"position": position("web:", 1), "newName": "front"})),
        (
            "semanticTokens/range",
            json!({"range": {"start": {"line": 9, "character": 0}, "end": {"line": 11, "character": 0}}}),
        ),
        ("formatting", json!({"options": options()})),
        (
            "rangeFormatting",
            json!({"options": options(), "range": {"start": position("   *small", 0), "end": position("   *small", 1)}}),
        ),
    ];
    for (method, mut params) in requests {
        params["textDocument"] = document.clone();
        let answer = editor.request(&format!("textDocument/{method}"), &params).expect(method);
        assert!(!answer.is_null() && answer != json!([]), "{method} answers nothing");
        let (folder, home) = (slipway_tests::uri(project.folder()), slipway_tests::uri(editor.home()));
        let shown: Value =
            serde_json::from_str(&answer.to_string().replace(&folder, "[project]").replace(&home, "[home]"))
                .expect("JSON");
        assert_json_snapshot!(method.replace('/', "_"), shown);
    }
    let error = editor.request(
        "textDocument/rename",
        &json!({"textDocument": document, "position": position("web:", 1), "newName": "api"}),
    );
    assert!(error.unwrap_err()["message"].as_str().expect("words").contains("api"));
    editor.end();
}

#[test]
fn completion_replaces_what_is_typed() {
    let (_project, mut editor, uri) = start();
    editor.replace(&uri, 2, &TEXT.replace("type: awsLambda", "type: awsLam"));
    let mut at = position("awsLambda", 0);
    let start = at.clone();
    at["character"] = json!(at["character"].as_u64().expect("a number") + 6);
    let answer = editor.request("textDocument/completion", &json!({"textDocument": {"uri": uri}, "position": at}));
    let items = answer.expect("an answer")["items"].clone();
    let item = items.as_array().expect("a list").iter().find(|item| item["label"] == "awsLambda").expect("the type");
    assert_eq!(item["textEdit"]["range"], json!({"start": start, "end": at}));
    editor.diagnostics(&uri, 2);
    editor.end();
}

/// The cases of the corpus: what must be offered at a place of a half-typed document, and what must not.
#[test]
fn the_corpus_is_completed() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/corpus/complete");
    let cases = std::fs::read_dir(cases).expect("the corpus").map(|case| case.expect("a file").path());
    let mut expectations = 0;
    for case in cases {
        let text = std::fs::read_to_string(&case).expect("a text");
        let project =
            Project::new(&[("serverless.containers.yml", text.as_str()), ("web/Dockerfile", "FROM scratch\n")]);
        let mut editor = Editor::start(&project, &abilities());
        let uri = editor.open(&project.path("serverless.containers.yml"), None);
        editor.diagnostics(&uri, 1);
        for line in text.lines() {
            let Some((mark, rest)) = line.strip_prefix("# ").and_then(|line| line.split_once(": ")) else { break };
            let (place, labels) = rest.split_once(" -> ").expect("a place and labels");
            let (line, column) = place.split_once(':').expect("line and column");
            let number = |text: &str| text.parse::<u32>().expect("a number") - 1;
            let position = json!({"line": number(line), "character": number(column)});
            let params = json!({"textDocument": {"uri": uri}, "position": position});
            let answer = editor.request("textDocument/completion", &params).expect("an answer");
            let items = answer["items"].as_array().expect("a list");
            for label in labels.split(", ") {
                let is_offered = items.iter().any(|item| item["label"] == label);
                assert_eq!(is_offered, mark == "complete", "{}: {label} at {place}", case.display());
                expectations += 1;
            }
        }
        editor.end();
    }
    assert!(expectations >= 20, "{expectations}");
}

/// A client that has a command for it is asked to go on where there is more to choose from.
#[test]
fn completion_goes_on_where_there_is_more() {
    for command in [json!("ask.again"), Value::Null] {
        let mut abilities = abilities();
        abilities["experimental"] = json!({"suggestCommand": command});
        let project = Project::new(&[("serverless.containers.yml", TEXT), ("web/Dockerfile", "FROM scratch\n")]);
        let mut editor = Editor::start(&project, &abilities);
        let uri = editor.open(&project.path("serverless.containers.yml"), Some("name: shop\nstages: ${\n"));
        editor.diagnostics(&uri, 1);
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 10}});
        let answer = editor.request("textDocument/completion", &params).expect("an answer");
        let item = answer["items"].as_array().expect("a list").iter().find(|item| item["label"] == "env").expect("env");
        assert_eq!(item["command"]["command"], command);
        editor.end();
    }
}

/// An action that mends is applied as a client does it, and the fault is gone.
#[test]
fn an_action_mends_what_it_names() {
    let (_project, mut editor, uri) = start();
    let text = TEXT.replace("type: awsLambda", "type: awslambda");
    editor.replace(&uri, 2, &text);
    let found = editor.diagnostics(&uri, 2);
    let fault = found.iter().find(|found| found["message"].as_str().is_some_and(|words| words.contains("awslambda")));
    let fault = fault.expect("the fault");
    let params = json!({"textDocument": {"uri": uri}, "range": fault["range"], "context": {"diagnostics": [fault], "only": ["quickfix"]}});
    let actions = editor.request("textDocument/codeAction", &params).expect("an answer");
    let action =
        actions.as_array().expect("a list").iter().find(|action| action["isPreferred"] == true).expect("a fix");
    assert_eq!(action["diagnostics"][0]["code"], fault["code"]);
    let edit = &action["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({"uri": uri, "version": 2}));
    let changes: Vec<_> = edit["edits"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|edit| json!({"range": edit["range"], "text": edit["newText"]}))
        .collect();
    editor.notify(
        "textDocument/didChange",
        &json!({"textDocument": {"uri": uri, "version": 3}, "contentChanges": changes}),
    );
    assert!(editor.diagnostics(&uri, 3).iter().all(|found| found["code"] != fault["code"]));
    let all = json!({"textDocument": {"uri": uri}, "range": fault["range"], "context": {"diagnostics": [], "only": ["source.fixAll"]}});
    let actions = editor.request("textDocument/codeAction", &all).expect("an answer");
    assert!(actions.as_array().expect("a list").iter().all(|action| action["kind"] == "source.fixAll.slipway"));
    editor.end();
}

#[test]
fn tokens_are_sent_as_what_has_changed() {
    let (_project, mut editor, uri) = start();
    let document = json!({"textDocument": {"uri": uri}});
    let full = editor.request("textDocument/semanticTokens/full", &document).expect("tokens");
    let numbers = |value: &Value| value.as_array().expect("a list").clone();
    let mut data = numbers(&full["data"]);
    assert!(data.len() > 20 && data.len().is_multiple_of(5), "{full}");
    editor.replace(&uri, 2, &TEXT.replacen("HOST: ${env:HOST}", "HOST: ${env:HOST2} ${env:HOST}", 1));
    editor.diagnostics(&uri, 2);
    let mut params = document.clone();
    params["previousResultId"] = full["resultId"].clone();
    let delta = editor.request("textDocument/semanticTokens/full/delta", &params).expect("a difference");
    for edit in numbers(&delta["edits"]) {
        let (start, count) =
            (edit["start"].as_u64().expect("a number"), edit["deleteCount"].as_u64().expect("a number"));
        data.splice(start as usize..(start + count) as usize, numbers(&edit["data"]));
    }
    let again = editor.request("textDocument/semanticTokens/full", &document).expect("tokens");
    assert_eq!(data, numbers(&again["data"]));
    params["previousResultId"] = json!("unknown");
    let all = editor.request("textDocument/semanticTokens/full/delta", &params).expect("tokens");
    assert_eq!(numbers(&all["data"]), data);
    editor.end();
}

#[test]
fn symbols_of_the_workspace_are_found() {
    let (project, mut editor, _) = start();
    std::fs::create_dir(project.path("second")).expect("a folder");
    std::fs::write(project.path("second/serverless.containers.yml"), "containers:\n  webhooks:\n    src: .\n")
        .expect("a file");
    let found = editor.request("workspace/symbol", &json!({"query": "wbhk"})).expect("an answer");
    let found = found.as_array().expect("a list");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["name"], "webhooks");
    assert_eq!(found[0]["location"]["uri"], uri(&project.path("second/serverless.containers.yml")));
    editor.end();
}

#[test]
fn folders_of_the_workspace_come_and_go() {
    let (_project, mut editor, _) = start();
    let other = Project::new(&[("serverless.containers.yml", "containers:\n  webhooks:\n    src: .\n")]);
    let folder = json!({"uri": uri(other.folder()), "name": "other"});
    for (added, removed, found) in [(json!([folder]), json!([]), 1), (json!([]), json!([folder]), 0)] {
        let event = json!({"event": {"added": added, "removed": removed}});
        editor.notify("workspace/didChangeWorkspaceFolders", &event);
        let answer = editor.request("workspace/symbol", &json!({"query": "webhooks"})).expect("an answer");
        assert_eq!(answer.as_array().expect("a list").len(), found);
    }
    editor.end();
}

#[test]
fn a_new_line_is_indented_as_it_is_typed() {
    let (_project, mut editor, uri) = start();
    editor.replace(&uri, 2, &TEXT.replace("    environment:\n", "    environment:\n\n"));
    let at = json!({"line": position("environment:", 0)["line"].as_u64().expect("a number") + 1, "character": 0});
    let params = json!({"textDocument": {"uri": uri}, "position": at, "ch": "\n", "options": options()});
    let edits = editor.request("textDocument/onTypeFormatting", &params).expect("an answer");
    assert_eq!(edits, json!([{"range": {"start": at, "end": at}, "newText": "      "}]));
    editor.diagnostics(&uri, 2);
    editor.end();
}
