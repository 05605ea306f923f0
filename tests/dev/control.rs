//! The control API.

use serde_json::{Value as Json, json};
use slipway_tests::Dev;

use crate::support::{Container, at, project, ready};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn the_state_tells_of_containers_and_routes() {
    let project = project(&[at("api", "/api/*"), at("web", "/*")]);
    let mut session = ready(&project, "process");
    let state = parsed(&session.api("GET", "/api/state", b"").body);
    assert_eq!(state["project"], "shop");
    assert_eq!(state["containers"]["api"]["phase"], "running");
    assert_eq!(state["containers"]["api"]["health"], "healthy");
    let patterns: Vec<&str> =
        state["routes"].as_array().unwrap().iter().map(|route| route["pathPattern"].as_str().unwrap()).collect();
    assert_eq!(patterns, ["/api/*", "/*"]);
    assert_eq!(session.api("GET", "/healthz", b"").status, 200);
    let decided = parsed(&session.api("GET", "/api/route?url=%2Fapi%2Fx", b"").body);
    assert_eq!(decided["container"], "api");
    assert_eq!(decided["losers"][0]["container"], "web");
}

#[test]
fn requests_are_kept_and_sent_again_with_changes() {
    let project = project(&[at("api", "/*")]);
    let mut session = ready(&project, "process");
    let port = session.proxy();
    Dev::send(port, "POST", "/body", &[("x-a", "1"), ("authorization", "Bearer very-secret")], b"first");
    let id = session.wait("request", |_| true)["id"].as_str().unwrap().to_owned();
    let record = parsed(&session.api("GET", &format!("/api/requests/{id}"), b"").body);
    assert_eq!(record["request"]["body"], "first");
    assert_eq!(record["response"]["body"], "first");
    assert_eq!(record["status"], 200);
    let fields = record["request"]["headers"].to_string();
    assert!(fields.contains(r#"["authorization","***"]"#) && fields.contains(r#"["x-a","1"]"#), "{fields}");
    let replay = |session: &mut Dev, edits: &Json| {
        let body = if edits.is_null() { Vec::new() } else { edits.to_string().into_bytes() };
        parsed(&session.api("POST", &format!("/api/requests/{id}/replay"), &body).body)
    };
    assert_eq!(replay(&mut session, &Json::Null)["body"], "first");
    assert_eq!(replay(&mut session, &json!({"body": "second"}))["body"], "second");
    let masked =
        json!({"method": "GET", "path": "/fields", "headers": [["authorization", "***"], ["x-b", "2"]], "body": ""});
    let answer = replay(&mut session, &masked)["body"].as_str().unwrap().to_lowercase();
    assert!(answer.contains("authorization: bearer very-secret") && answer.contains("x-b: 2"), "{answer}");
    assert!(!answer.contains("x-a: "), "{answer}");
    assert!(replay(&mut session, &json!({"speed": 1}))["error"].as_str().unwrap().contains("`method`"));
    assert_eq!(session.api("GET", "/api/requests/none", b"").status, 404);
}

#[test]
fn foreign_pages_and_names_are_refused() {
    let project = project(&[at("api", "/*")]);
    let mut session = ready(&project, "process");
    let port = session.control();
    let local = format!("127.0.0.1:{port}");
    for (fields, status) in [
        (vec![("host", local.clone())], 200),
        (vec![("host", "rebound.example".to_owned())], 403),
        (vec![("host", local.clone()), ("origin", "https://evil.example".to_owned())], 403),
        (vec![("host", local.clone()), ("origin", format!("http://{local}"))], 200),
    ] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        let answer = Dev::send(port, "GET", "/api/state", &fields, b"");
        assert_eq!(answer.status, status, "{fields:?}");
        assert_eq!(answer.field("access-control-allow-origin"), None);
        assert!(answer.field("content-security-policy").unwrap().contains("default-src 'none'"));
        let restart = Dev::send(port, "POST", "/api/containers/api/restart", &fields, b"");
        assert_eq!(restart.status, if status == 200 { 202 } else { 403 });
    }
}

#[test]
fn a_restart_is_a_reload_without_a_change() {
    let project = project(&[at("api", "/*")]);
    let mut session = ready(&project, "process");
    assert_eq!(session.api("POST", "/api/containers/api/restart", b"").status, 202);
    let reload = session.wait("reload", |event| event["phase"] == "ready");
    assert_eq!(reload["reason"], "restart");
    assert_eq!(session.api("POST", "/api/containers/none/restart", b"").status, 404);
}

#[test]
fn t24_integrations_are_called_as_aws_would() {
    let more = "    integrations:\n      nightly:\n        type: schedule\n        schedule: rate(1 day)\n        webhookPath: /api/body\n      \
                paid:\n        type: awsEventBridge\n        pattern:\n          source: [shop]\n        webhookPath: /api/body\n";
    let project = project(&[Container { name: "api", pattern: "/api/*", more }]);
    let mut session = ready(&project, "process");
    let fire = |session: &mut Dev, name: &str, body: &[u8]| {
        parsed(&session.api("POST", &format!("/api/containers/api/trigger/{name}"), body).body)
    };
    let fired = fire(&mut session, "nightly", b"");
    assert_eq!(fired["status"], 200, "{fired}");
    assert_eq!(fired["event"]["detail-type"], "Scheduled Event");
    assert_eq!(fired["event"]["source"], "aws.events");
    let missed = fire(&mut session, "paid", br#"{"source": "other"}"#);
    assert_eq!(missed["matched"], false);
    assert!(missed["mismatches"][0].as_str().unwrap().contains("`source` is \"other\""), "{missed}");
    assert_eq!(fire(&mut session, "paid", br#"{"source": "shop"}"#)["status"], 200);
    assert!(fire(&mut session, "none", b"")["error"].as_str().unwrap().contains("nightly, paid"));
    let port = session.control().to_string();
    let run = project.slipway(&["dev", "trigger", "api.nightly", "--port-control", &port]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("api.nightly was called and answered 200"), "{run:?}");
}

#[test]
fn schedules_fire_on_time_when_they_are_wanted() {
    // A minute is the shortest distance that a schedule has.
    let more = "    integrations:\n      often:\n        type: schedule\n        schedule: rate(1 minute)\n        webhookPath: /api/body\n";
    let project = project(&[Container { name: "api", pattern: "/api/*", more }]);
    let mut session = Dev::ready(&project, &["--runtime", "process", "--schedules"]);
    session.wait("note", |event| event["message"] == "Schedules that fire on time: 1.");
    let fired = session.wait("note", |event| event["message"].as_str().unwrap().contains("`api.often` was fired: 200"));
    assert_eq!(fired["container"], "api");
}
