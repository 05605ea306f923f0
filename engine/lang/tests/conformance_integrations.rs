//! Verdicts on `integrations`: those measured on the original tool, and those that the services would give.

mod support;

use slipway_lang::analyze;
use slipway_lang::diagnostic::Severity;
use slipway_lang::inputs::Inputs;
use slipway_lang::yaml::Document;
use support::{assert_verdicts, findings};

const CODES: std::ops::RangeInclusive<&str> = "SCF300"..="SCF330";
const BELOW: &str = "containers.api.integrations.";

/// The integrations of a container, and what is found below them.
const INTEGRATIONS: &[(&str, &[&str])] = &[
    ("{}", &[]),
    ("{a: {type: cron}}", &["SCF300 error a.type"]),
    ("{a: {schedule: rate(1 day)}}", &["SCF300 error a.type"]),
    ("{a: \"${env:A}\", b: {type: \"${env:B}\"}}", &[]),
    // Keys.
    ("{my job: {type: schedule, webhookPath: /x}}", &["SCF302 blocker \"my job\""]),
    ("{\"\": {type: schedule, webhookPath: /x}}", &["SCF302 blocker \"\""]),
    ("{my job: {type: slack, name: A}}", &[]),
    ("{a-b: {type: schedule, webhookPath: /x}}", &["SCF303 info a-b"]),
    (
        "{a-b: {type: schedule, webhookPath: /x}, a_b: {type: schedule, webhookPath: /y}}",
        &["SCF303 info a-b", "SCF304 warning a_b"],
    ),
    (
        "{job: {type: schedule, webhookPath: /x}, Job: {type: awsEventBridge, pattern: {source: [a]}, webhookPath: /y}}",
        &["SCF304 warning Job"],
    ),
    // Paths.
    ("{a: {type: schedule}}", &["SCF308 info a"]),
    ("{a: {type: schedule, webhookPath: /x}}", &[]),
    ("{a: {type: schedule, webhookPath: \"https://example.com/x\"}}", &[]),
    ("{a: {type: schedule, webhookPath: \"${env:PATH}\"}}", &[]),
    ("{a: {type: schedule, webhookPath: x}}", &["SCF305 blocker a.webhookPath"]),
    ("{a: {type: schedule, webhookPath: \"\"}}", &["SCF305 blocker a.webhookPath"]),
    ("{a: {type: schedule, webhookPath: \"/a b\"}}", &["SCF305 blocker a.webhookPath"]),
    ("{a: {type: schedule, webhookPath: \"http://example.com/x\"}}", &["SCF305 blocker a.webhookPath"]),
    ("{a: {type: schedule, webhookPath: \"https://\"}}", &["SCF305 blocker a.webhookPath"]),
    ("{a: {type: schedule, webhookPath: /x}, b: {type: schedule, webhookPath: /x}}", &["SCF306 warning b.webhookPath"]),
    (
        "{a: {type: schedule, webhookPath: \"https://e.com/x\"}, b: {type: schedule, webhookPath: \"https://e.com/x\"}}",
        &["SCF306 warning b.webhookPath"],
    ),
    (
        "{a: {type: schedule, webhookPath: /v1/integrations/b/schedule}, b: {type: schedule}}",
        &["SCF306 warning b", "SCF308 info b"],
    ),
    // Slack.
    ("{a: {type: slack}}", &["SCF322 error a.name"]),
    ("{a: {type: slack, name: A}}", &[]),
    ("{a: {type: slack, name: A}, b: {type: slack, name: B}}", &["SCF324 warning b"]),
    ("{a: {type: slack, name: A, webhookPath: /x}}", &["SCF327 info a.webhookPath"]),
    ("{a: {type: slack, name: A, webhookPath: x}}", &["SCF305 blocker a.webhookPath", "SCF327 info a.webhookPath"]),
    ("{a: {type: slack, name: 12345678901234567890123456789012345x}}", &["SCF328 blocker a.name"]),
    ("{a: {type: slack, name: ääääääääääääääääääääääääääääääääääx}}", &[]),
    ("{a: {type: slack, name: A, socketMode: true}}", &["SCF326 warning a.socketMode"]),
    ("{a: {type: slack, name: A, socketMode: false}}", &[]),
    ("{a: {type: slack, name: A, socketMode: true, credentials: \"${env:C}\"}}", &[]),
    (
        "{a: {type: slack, name: A, socketMode: true, credentials: {signingSecret: \"${env:S}\", botToken: \"${env:B}\"}}}",
        &["SCF323 error a.credentials.appToken"],
    ),
    (
        "{a: {type: slack, name: A, credentials: {signingSecret: \"${env:S}\", botToken: xoxb-1}}}",
        &["SCF325 warning a.credentials.botToken"],
    ),
    ("{a: {type: slack, name: A, credentials: {signingSecret: \"\", botToken: \"x${env:B}\"}}}", &[]),
    // Event patterns.
    ("{a: {type: awsEventBridge, webhookPath: /x, pattern: {}}}", &["SCF314 blocker a.pattern"]),
    ("{a: {type: awsEventBridge, webhookPath: /x, pattern: {source: x}}}", &["SCF315 blocker a.pattern.source"]),
    (
        "{a: {type: awsEventBridge, webhookPath: /x, pattern: {source: [{begins-with: x}]}}}",
        &["SCF316 blocker a.pattern.source[0].begins-with"],
    ),
    (
        "{a: {type: awsEventBridge, webhookPath: /x, pattern: {detail: {n: [{numeric: 5}]}}}}",
        &["SCF317 blocker a.pattern.detail.n[0].numeric"],
    ),
    (
        "{a: {type: awsEventBridge, webhookPath: /x, pattern: {detailType: [x]}}}",
        &["SCF318 warning a.pattern.detailType"],
    ),
    ("{a: {type: awsEventBridge, webhookPath: /x, pattern: \"${env:P}\"}}", &[]),
];

/// Schedules, and what is found at them.
const SCHEDULES: &[(&str, &[&str])] = &[
    ("rate(5 minutes)", &["SCF313 hint"]),
    ("rate(1 hour)", &["SCF313 hint"]),
    ("cron(0 2 * * ? *)", &["SCF313 hint"]),
    ("cron(0 9 ? * MON-FRI *)", &["SCF313 hint"]),
    ("garbage", &["SCF309 blocker"]),
    ("\"\"", &["SCF309 blocker"]),
    ("every 5 min", &["SCF309 blocker"]),
    ("Rate(5 minutes)", &["SCF309 blocker"]),
    ("rate(1 minutes)", &["SCF310 blocker"]),
    ("rate(5 minute)", &["SCF310 blocker"]),
    ("rate(0 hours)", &["SCF310 blocker"]),
    ("rate(-5 minutes)", &["SCF310 blocker"]),
    ("rate(1.5 hours)", &["SCF310 blocker"]),
    ("rate(30 seconds)", &["SCF310 blocker"]),
    ("cron(0 2 * * *)", &["SCF311 blocker"]),
    ("\"cron(0 9 * * MON-FRI)\"", &["SCF311 blocker"]),
    ("cron(0 9 1 * MON *)", &["SCF311 blocker"]),
    ("cron(0 9 ? * ? *)", &["SCF311 blocker"]),
    ("cron(60 9 * * ? *)", &["SCF311 blocker"]),
    ("cron(0 9 * * ? 1969)", &["SCF311 blocker"]),
    ("at(2030-01-01T00:00:00)", &["SCF312 blocker"]),
    ("${env:SCHEDULE}", &[]),
    ("5", &[]),
];

fn container(name: &str, compute: &str, routing: &str, integrations: &str) -> String {
    format!(
        "  {name}:\n    src: ./api\n    compute: {compute}\n    routing: {routing}\n    integrations: {integrations}\n"
    )
}

fn project(containers: &[String]) -> String {
    format!("name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n{}", containers.concat())
}

fn on_lambda(integrations: &str) -> String {
    project(&[container("api", "{type: awsLambda}", "{pathPattern: \"/*\"}", integrations)])
}

#[test]
fn one_container() {
    let with_schedule = |integrations: &str| {
        // What is said about schedules has a table of its own.
        on_lambda(&integrations.replace("{type: schedule", "{type: schedule, schedule: \"${env:SCHEDULE}\""))
    };
    assert_verdicts(INTEGRATIONS, &CODES, BELOW, with_schedule);
}

#[test]
fn schedules() {
    let at = " containers.api.integrations.a.schedule";
    let scheduled = |schedule: &str| {
        let integration =
            format!("\n      a:\n        type: schedule\n        webhookPath: /x\n        schedule: {schedule}");
        project(&[container("api", "{type: awsFargateEcs}", "{pathPattern: \"/*\"}", &integration)])
    };
    assert_verdicts(SCHEDULES, &CODES, at, scheduled);
}

#[test]
fn frequent_calls_of_slow_functions_are_reported() {
    let found = |compute: &str, schedule: &str| {
        let integrations = format!("{{a: {{type: schedule, webhookPath: /x, schedule: \"{schedule}\"}}}}");
        let text = project(&[container("api", compute, "{pathPattern: \"/*\"}", &integrations)]);
        findings(&text, "SCF330"..="SCF330").len()
    };
    let [in_network, slow] = ["vpc: true", "timeout: 60"].map(|setting| format!("{{awsLambda: {{{setting}}}}}"));
    assert_eq!(found(&in_network, "rate(1 minute)"), 1);
    assert_eq!(found(&slow, "rate(1 minute)"), 1);
    assert_eq!(found(&slow, "cron(* * * * ? *)"), 1);
    assert_eq!(found(&slow, "rate(2 minutes)"), 0);
    assert_eq!(found(&slow, "cron(0 * * * ? *)"), 0);
    assert_eq!(found("{awsLambda: {timeout: 59, vpc: false}}", "rate(1 minute)"), 0);
    assert_eq!(found("{type: awsFargateEcs}", "rate(1 minute)"), 0);
}

#[test]
fn the_faulty_part_of_a_schedule_is_marked() {
    for (schedule, part) in [
        ("rate(5 minute)", "minute"),
        ("cron(60 9 * * ? *)", "60"),
        ("\"cron(0 9 1 * MON *)\"", "1 * MON"),
        ("every 5 min", "every 5 min"),
    ] {
        let integration = format!("\n      a:\n        type: schedule\n        schedule: {schedule}");
        let text = on_lambda(&integration);
        let analysis = analyze(&Document::new(text.as_str()), &Inputs::default());
        let blocker = analysis.diagnostics.iter().find(|each| each.severity == Severity::Blocker).unwrap();
        assert_eq!(&text[std::ops::Range::<usize>::from(blocker.range)], part);
    }
}

#[test]
fn the_variable_is_of_no_matter_on_fargate() {
    let integrations = "{a-b: {type: schedule, schedule: \"${env:S}\", webhookPath: /x}}";
    let text = project(&[container("api", "{type: awsFargateEcs}", "{pathPattern: \"/*\"}", integrations)]);
    assert_eq!(findings(&text, CODES), [""; 0]);
}

#[test]
fn the_route_decides_who_is_called() {
    let job = |path: &str| format!("{{job: {{type: schedule, schedule: \"${{env:S}}\"{path}}}}}");
    let web = |domain: &str| container("web", "{type: awsLambda}", &format!("{{pathPattern: \"/*\"{domain}}}"), "{}");
    let api = |routing: &str, path: &str| container("api", "{type: awsLambda}", routing, &job(path));
    let at_default = ["SCF307 warning containers.api.integrations.job", "SCF308 info containers.api.integrations.job"];
    let at_path = ["SCF307 warning containers.api.integrations.job.webhookPath"];
    let cases: &[(&[String], &[&str])] = &[
        (&[api("{pathPattern: \"/api/*\"}", "")], &at_default),
        (&[api("{pathPattern: \"/api/*\"}", ""), web("")], &at_default),
        (&[api("{pathPattern: \"/v1/*\"}", ""), web("")], &at_default[1..]),
        (&[api("{pathPattern: \"/api/*\"}", ", webhookPath: /api/job"), web("")], &[]),
        (&[api("{pathPattern: \"/api/*\"}", ", webhookPath: /job"), web("")], &at_path),
        (&[api("{pathPattern: \"/api/*\"}", ", webhookPath: \"https://example.com/job\"")], &[]),
        // The more specific route of another container takes the call.
        (
            &[
                api("{pathPattern: \"/*\"}", ", webhookPath: /jobs/job"),
                container("jobs", "{type: awsLambda}", "{pathPattern: \"/jobs/*\"}", "{}"),
            ],
            &at_path,
        ),
        // Another host is another matter.
        (&[api("{pathPattern: \"/*\", domain: api.example.com}", ", webhookPath: /job"), web("")], &[]),
        (
            &[
                api("{pathPattern: \"/*\"}", ", webhookPath: /jobs/job"),
                container("jobs", "{type: awsLambda}", "{pathPattern: \"/jobs/*\", domain: b.example.com}", "{}"),
            ],
            &[],
        ),
        // What is not known is not judged.
        (&[api("{pathPattern: \"${env:P}\"}", ", webhookPath: /job"), web("")], &[]),
        (&[api("{pathPattern: \"/api/*\", domain: \"${env:D}\"}", ", webhookPath: /job"), web("")], &[]),
    ];
    for (containers, expected) in cases {
        let text = project(containers);
        assert_eq!(findings(&text, CODES), *expected, "{text}");
    }
}

#[test]
fn addresses_are_compared_across_containers() {
    let job = |path: &str| format!("{{job: {{type: schedule, schedule: \"${{env:S}}\"{path}}}}}");
    let both = |routing: [&str; 2], path: &str| {
        project(&[
            container("api", "{type: awsFargateEcs}", routing[0], &job(path)),
            container("web", "{type: awsFargateEcs}", routing[1], &job(path)),
        ])
    };
    let same_host = ["{pathPattern: \"/*\"}", "{pathPattern: \"/web/*\"}"];
    let other_host = ["{pathPattern: \"/*\", domain: a.example.com}", "{pathPattern: \"/*\", domain: b.example.com}"];
    let found = findings(&both(same_host, ""), "SCF306"..="SCF307");
    assert_eq!(
        found,
        ["SCF306 warning containers.web.integrations.job", "SCF307 warning containers.web.integrations.job"]
    );
    assert_eq!(findings(&both(other_host, ""), "SCF306"..="SCF307"), [""; 0]);
}

#[test]
fn the_other_deployment_type_has_none() {
    let text = on_lambda("{my job: {type: slack, name: A}}").replace("aws@1.0", "awsApi@1.0");
    assert_eq!(findings(&text, CODES), ["SCF301 error containers.api.integrations"]);
}

#[test]
fn long_timeouts_are_pointed_out() {
    let timed = |compute: &str| {
        let integrations = "{a: {type: schedule, schedule: \"${env:S}\", webhookPath: /x}}";
        findings(&project(&[container("api", compute, "{pathPattern: \"/*\"}", integrations)]), CODES)
    };
    let found = ["SCF321 info containers.api.integrations.a"];
    assert_eq!(timed("{type: awsLambda, awsLambda: {timeout: 6}}"), found);
    assert_eq!(timed("{awsLambda: {timeout: 900}}"), found);
    assert_eq!(timed("{type: awsLambda, awsLambda: {timeout: 5}}"), [""; 0]);
    assert_eq!(timed("{type: awsFargateEcs}"), [""; 0]);
}

#[test]
fn no_path_is_written_that_is_refused() {
    for (key, is_offered) in [("nightly", true), ("my job", false), ("büro", false)] {
        let text = on_lambda(&format!("{{{key}: {{type: schedule, schedule: rate(1 day)}}}}"));
        let diagnostics = analyze(&Document::new(text.as_str()), &Inputs::default()).diagnostics;
        let found =
            diagnostics.iter().find(|diagnostic| diagnostic.rule.code == "SCF308").expect("the path is pointed out");
        assert_eq!(!found.fixes.is_empty(), is_offered, "{key}");
    }
}
