//! `slipway route`: who answers a request.

use serde_json::{Value, json};
use slipway_tests::Project;

const CONFIG: &str = "\
name: shop
deployment:
  type: aws@1.0
containers:
  web:
    src: ./web
    routing:
      pathPattern: /*
    compute:
      type: awsLambda
  api:
    src: ./api
    routing:
      pathPattern: /api/*
      pathHealthCheck: /health
    compute:
      type: awsFargateEcs
  images:
    src: ./images
    routing:
      domain: img.example.org
      pathPattern: /*/thumbnails/*
    compute:
      type: awsLambda
";

fn project(config: &str) -> Project {
    Project::new(&[("serverless.containers.yml", config)])
}

/// The answers of the profiles, by the name of the profile.
fn answers(config: &str, args: &[&str]) -> impl Fn(&str) -> Value + use<> {
    let run = project(config).slipway(&[&["route", "--json"], args].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{args:?}");
    let answers: Value = serde_json::from_str(&run.stdout).unwrap();
    let profiles = answers["profiles"].as_array().unwrap().clone();
    move |name| profiles.iter().find(|profile| profile["profile"] == name).unwrap().clone()
}

#[test]
fn every_profile_answers() {
    let project = project(CONFIG);
    insta::assert_snapshot!(
        project.slipway(&["route", "GET", "https://img.example.org/api/thumbnails/1.png?x=1"]).stdout
    );
    insta::assert_snapshot!(project.slipway(&["route", "GET", "/api/thumbnails/1.png", "--json"]).stdout);
}

#[test]
fn the_winner_has_its_rule_and_its_origin() {
    let answer = answers(CONFIG, &["GET", "/api/users"]);
    let slipway = answer("slipway");
    assert_eq!(slipway["container"], "api");
    assert_eq!(slipway["origin"], "loadBalancer");
    assert_eq!(
        slipway["rule"],
        json!({"container": "api", "domain": null, "pathPattern": "/api/*", "compute": "awsFargateEcs", "priority": 100})
    );
    assert_eq!(slipway["applies"], true);
    assert_eq!(answer("alb")["applies"], false);
    let losers: Vec<_> = slipway["losers"].as_array().unwrap().iter().map(|loser| loser["container"].clone()).collect();
    assert_eq!(losers, ["web", "images"]);
    assert_eq!(answers(CONFIG, &["GET", "/other"])("slipway")["origin"], "functionUrl");
}

#[test]
fn nobody_answering_is_an_answer() {
    let config = CONFIG.replace("pathPattern: /*\n", "pathPattern: /web\n");
    let slipway = answers(&config, &["GET", "/nothing"])("slipway");
    assert_eq!(
        (&slipway["answer"], &slipway["status"], &slipway["rule"]),
        (&json!("default"), &json!(404), &Value::Null)
    );
}

#[test]
fn a_route_that_the_file_does_not_give_is_named() {
    let config = CONFIG.replace("pathPattern: /api/*", "pathPattern: ${aws:ssm:/api/path}");
    let project = project(&config);
    let run = project.slipway(&["route", "GET", "/api/users", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap()["unknown"], json!(["api"]));
    assert!(
        project
            .slipway(&["route", "GET", "/x"])
            .stdout
            .contains("Not considered, because the file does not say where they stand: api.")
    );
}

#[test]
fn the_older_deployment_type_has_its_own_profiles() {
    let config = CONFIG.replace("aws@1.0", "awsApi@1.0");
    let answer = answers(&config, &["GET", "/api/users"]);
    let applying: Vec<&str> = ["slipway", "slipway-api", "edge", "alb", "devproxy"]
        .into_iter()
        .filter(|profile| answer(profile)["applies"] == true)
        .collect();
    assert_eq!(applying, ["slipway-api", "alb", "devproxy"]);
}

#[test]
fn what_is_no_request_is_refused() {
    let cases: &[(&str, &[&str], i32, &str)] = &[
        (CONFIG, &["GET", "/a b"], 2, "blank"),
        (CONFIG, &["GET", "ftp://x/"], 2, "HTTP"),
        (CONFIG, &["G T", "/"], 2, "method"),
        (CONFIG, &["GET"], 2, "<URL>"),
        (CONFIG, &["GET", "/", "--config", "other.yml"], 2, "there is no file other.yml"),
        ("name: shop\n", &["GET", "/"], 1, "has no container"),
    ];
    for (config, args, code, part) in cases {
        let run = project(config).slipway(&[&["route"], *args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(*code), ""), "{args:?}");
        assert!(run.stderr.contains(part), "{args:?}: {}", run.stderr);
    }
}
