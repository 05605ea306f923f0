//! Commands. The engine's own are not all there yet; a stand-in speaks its contract.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use slipway_tests::{Editor, Project};

use super::{FAULTY, codes};

/// Writes its arguments to a file, and then does what is asked of it.
const ENGINE: &str = r#"#!/bin/sh
echo "$@" >> calls
case "$1" in
dev)
  echo '{"event":"ready","proxy":"http://127.0.0.1:3999","control":"","runtime":"process","routes":[]}'
  echo '{"event":"health","container":"web","status":"unhealthy","detail":"GET / answered 500"}'
  trap 'echo stopped >> calls; exit 130' TERM
  while :; do sleep 0.05; done ;;
plan) echo '{"version":1,"summary":{"create":2,"none":31}}' ;;
info) echo '{"deployed":true,"lastDeployed":"2026-01-02T03:04:05Z","containers":[{"name":"web","url":"https://web.example.com","status":"healthy"}]}' ;;
deploy) case "$*" in *--yes*) echo '{}' ;; *) echo 'error: `web` would be replaced' >&2; exit 3 ;; esac ;;
remove) echo 'error: the certificate of `web` is in use' >&2; exit 1 ;;
logs) echo '{"line":"hello"}' ;;
esac
"#;

fn project() -> Project {
    let project = Project::new(&[
        ("serverless.containers.yml", FAULTY.replace("901", "20")),
        ("web/Dockerfile", "FROM scratch\n".to_owned()),
        ("bin/slipway", ENGINE.to_owned()),
    ]);
    std::fs::set_permissions(project.path("bin/slipway"), std::fs::Permissions::from_mode(0o755)).expect("a program");
    project
}

fn start(project: &Project, settings: &Value) -> (Editor, String) {
    let mut settings = settings.clone();
    settings["enginePath"] = json!(project.path("bin/slipway"));
    let abilities = json!({
        "window": {"workDoneProgress": true, "showDocument": {"support": true}},
        // A server that watches would look again whenever the stand-in writes down its calls.
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
    });
    let mut editor = Editor::start_with(project, &abilities, &settings);
    let uri = editor.open(&project.path("serverless.containers.yml"), None);
    editor.diagnostics(&uri, 1);
    (editor, uri)
}

fn execute(editor: &mut Editor, command: &str, arguments: &Value) -> Result<Value, Value> {
    editor.request("workspace/executeCommand", &json!({"command": command, "arguments": arguments}))
}

/// Ends a session of which the messages on the way are not what the test is about.
fn end(mut editor: Editor) {
    editor.request("shutdown", &Value::Null).expect("the server ends");
    editor.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert!(editor.wait().success());
}

fn progress(editor: &mut Editor, kind: &str) -> Value {
    editor.take(|message| message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind)
}

#[test]
fn the_local_cloud_runs_as_a_child_and_ends_with_a_command() {
    let project = project();
    let (mut editor, uri) = start(&project, &json!({"stage": "test"}));
    assert!(!project.path("calls").exists(), "nothing runs because a file was opened");
    assert_eq!(execute(&mut editor, "slipway.dev", &json!([{"uri": uri}])), Ok(Value::Null));
    assert_eq!(progress(&mut editor, "begin")["params"]["value"]["title"], "Local cloud");
    let unhealthy = editor.take(|message| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["diagnostics"].as_array().is_some_and(|found| !found.is_empty())
    });
    let found = &unhealthy["params"]["diagnostics"][0];
    assert_eq!(found["code"], "health");
    assert_eq!(found["range"]["start"], json!({"line": 4, "character": 2}), "at the container");
    let refused = execute(&mut editor, "slipway.dev", &json!([{"uri": uri}])).unwrap_err();
    assert!(refused["message"].as_str().expect("words").contains("under way"), "{refused}");
    assert_eq!(execute(&mut editor, "slipway.openRoute", &json!([{"uri": uri}])), Ok(Value::Null));
    assert_eq!(execute(&mut editor, "slipway.stopDev", &json!([uri])), Ok(Value::Null));
    assert_eq!(progress(&mut editor, "end")["params"]["value"]["message"], "cancelled");
    let calls = project.read("calls");
    assert!(calls.starts_with("dev --log-format json --config "), "{calls}");
    assert!(calls.contains("--stage test") && calls.ends_with("stopped\n"), "{calls}");
    end(editor);
}

#[test]
fn progress_is_cancelled_by_the_client() {
    let project = project();
    let (mut editor, uri) = start(&project, &json!({}));
    execute(&mut editor, "slipway.dev", &json!([{"uri": uri}])).expect("an answer");
    let token = progress(&mut editor, "report")["params"]["token"].clone();
    editor.notify("window/workDoneProgress/cancel", &json!({"token": token}));
    assert_eq!(progress(&mut editor, "end")["params"]["value"]["message"], "cancelled");
    end(editor);
}

#[test]
fn children_end_when_the_server_ends() {
    let project = project();
    let (mut editor, uri) = start(&project, &json!({}));
    execute(&mut editor, "slipway.dev", &json!([{"uri": uri}])).expect("an answer");
    progress(&mut editor, "report");
    end(editor);
    while !project.read("calls").contains("stopped") {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn results_are_told_and_failures_are_shown_where_they_come_from() {
    let project = project();
    let (mut editor, uri) = start(&project, &json!({}));
    for (command, told) in [
        ("slipway.plan", "Plan: 2 to create"),
        ("slipway.info", "Info: deployed 2026-01-02T03:04:05Z"),
        ("slipway.logs", "Logs: done"),
    ] {
        assert_eq!(execute(&mut editor, command, &json!([{"uri": uri}])), Ok(Value::Null));
        assert_eq!(editor.notification("window/showMessage")["message"], told);
    }
    editor.press(json!("Remove"));
    execute(&mut editor, "slipway.remove", &json!([])).expect("the one open file is meant");
    let message = editor.notification("window/showMessage");
    assert_eq!(message["message"], "Remove failed: error: the certificate of `web` is in use");
    let shown = editor.take(|message| {
        message["method"] == "textDocument/publishDiagnostics" && message["params"]["diagnostics"] != json!([])
    });
    let found = shown["params"]["diagnostics"].as_array().expect("a list").clone();
    assert_eq!(codes(&found), ["slipway.remove"]);
    assert_eq!(found[0]["range"]["start"], json!({"line": 4, "character": 2}));
    end(editor);
}

#[test]
fn what_cannot_be_undone_is_asked_first() {
    let project = project();
    let (mut editor, uri) = start(&project, &json!({"stage": "prod"}));
    let asked = |editor: &mut Editor| editor.take(|message| message["method"] == "window/showMessageRequest");
    // Not answered, so not done.
    execute(&mut editor, "slipway.remove", &json!([{"uri": uri}])).expect("an answer");
    assert!(asked(&mut editor)["params"]["message"].as_str().expect("words").contains("`prod`"));
    execute(&mut editor, "slipway.deploy", &json!([{"uri": uri}])).expect("an answer");
    assert!(asked(&mut editor)["params"]["message"].as_str().expect("words").contains("protected"));
    // Nothing ran meanwhile: the next command is the first.
    editor.press(json!("Deploy"));
    execute(&mut editor, "slipway.info", &json!([{"uri": uri}])).expect("an answer");
    editor.notification("window/showMessage");
    assert!(project.read("calls").starts_with("info "), "{}", project.read("calls"));
    execute(&mut editor, "slipway.deploy", &json!([{"uri": uri}])).expect("an answer");
    asked(&mut editor);
    // The engine itself refuses without consent, and the user is asked what it said.
    assert!(asked(&mut editor)["params"]["message"].as_str().expect("words").contains("would be replaced"));
    assert_eq!(editor.notification("window/showMessage")["message"], "Deploy: done");
    assert!(project.read("calls").lines().last().expect("a call").contains("--yes"), "{}", project.read("calls"));
    end(editor);
}

#[test]
fn a_program_of_the_workspace_is_never_run() {
    let project = project();
    let mut editor = Editor::start(&project, &json!({}));
    editor.notify("workspace/didChangeConfiguration", &json!({"settings": {"slipway": {"enginePath": "bin/slipway"}}}));
    let message = editor.notification("window/showMessage");
    assert!(message["message"].as_str().expect("words").contains("absolute"), "{message}");
    end(editor);
}
