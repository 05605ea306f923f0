//! Verdicts on the file as a whole, its stages, its network and its routes: those measured on the original tool, and those
//! that the services would give.

mod support;

use support::assert_verdicts;

const PROJECT: &str = "name: demo\ndeployment: {type: aws@1.0}\n";
const CONTAINERS: &str = "containers:\n  api: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*}}\n";

#[test]
fn containers_may_be_absent_but_then_nothing_is_deployed() {
    let table: &[(&str, &[&str])] = &[
        ("", &["SCF015 blocker containers"]),
        ("containers: {}", &["SCF015 blocker containers"]),
        ("containers:", &["SCF008 error containers"]),
        ("containers: {api: }", &["SCF008 error containers.api"]),
        ("containers: {api: {src: ., routing: {pathPattern: /*}}}", &["SCF005 error containers.api.compute"]),
        (
            "containers: {api: {src: ., compute: , routing: {pathPattern: /*}}}",
            &["SCF008 error containers.api.compute"],
        ),
        (
            "containers: {api: {src: ., compute: {type: awsLambda}, environment: , routing: {pathPattern: /*}}}",
            &["SCF008 error containers.api.environment"],
        ),
    ];
    assert_verdicts(table, &("SCF001"..="SCF019"), "", |fragment| format!("{PROJECT}{fragment}\n"));
}

#[test]
fn keys_of_other_formats_are_refused() {
    for key in [
        "provider",
        "state",
        "licenseKey",
        "app",
        "custom",
        "useDotenv",
        "service",
        "functions",
        "plugins",
        "resources",
    ] {
        let found = support::findings(&format!("{PROJECT}{CONTAINERS}{key}: x\n"), "SCF001"..="SCF019");
        assert_eq!(found, [format!("SCF004 error {key}")]);
    }
    let table: &[(&str, &[&str])] = &[
        ("params: {a: 1}", &["SCF055 error params"]),
        ("frameworkVersion: 4", &["SCF006 error frameworkVersion", "SCF013 info frameworkVersion"]),
        ("frameworkVersion: 4.39.0", &["SCF013 info frameworkVersion"]),
        ("stages: {prod: {extra: 1}}", &["SCF019 warning stages.prod.extra"]),
        ("stages: {p: {}}", &["SCF043 error stages.p"]),
    ];
    assert_verdicts(table, &("SCF001"..="SCF055"), "", |fragment| format!("{PROJECT}{CONTAINERS}{fragment}\n"));
}

#[test]
fn parameters_at_the_top_move_to_the_default_stage() {
    let moved = |text: &str| {
        let document = slipway_lang::yaml::Document::new(text);
        let found = slipway_lang::analyze(&document, &support::inputs()).diagnostics;
        let finding = found.into_iter().find(|finding| finding.rule.code == "SCF055").expect("SCF055");
        finding.fixes.first().map(|fix| slipway_lang::text::apply_edits(text, &fix.edits).unwrap())
    };
    assert_eq!(
        moved("name: demo\nparams:\n  a: 1 # one\n  b: [x]\ndeployment: {type: aws@1.0}\n").unwrap(),
        "name: demo\nstages:\n  default:\n    params:\n      a: 1 # one\n      b: [x]\ndeployment: {type: aws@1.0}\n"
    );
    assert_eq!(
        moved("name: demo\nstages:\n  default:\n    resolvers: {}\nparams:\n  a: 1\n").unwrap(),
        "name: demo\nstages:\n  default:\n    resolvers: {}\n    params:\n      a: 1\n"
    );
    assert_eq!(
        moved("name: demo\nparams: {a: 1}\nstages:\n  prod: {}\n").unwrap(),
        "name: demo\nstages:\n  prod: {}\n  default:\n    params: {a: 1}\n"
    );
    assert_eq!(moved("name: demo\nparams:\n  prod:\n    a: 1\n"), None, "these may be meant by stage");
}

#[test]
fn a_network_is_all_or_nothing() {
    let deployment = |fragment: &str| format!("name: demo\ndeployment: {{type: aws@1.0, {fragment}}}\n{CONTAINERS}");
    let table: &[(&str, &[&str])] = &[
        (
            "awsVpc: {id: vpc-0a1b2c3d}",
            &[
                "SCF060 error deployment.awsVpc.loadBalancerSecurityGroupId",
                "SCF060 error deployment.awsVpc.privateSubnets",
                "SCF060 error deployment.awsVpc.publicSubnets",
                "SCF060 error deployment.awsVpc.s2sSecurityGroupId",
            ],
        ),
        (
            "awsVpc: {id: vpc-0a1b2c3d, publicSubnets: [], privateSubnets: [], s2sSecurityGroupId: sg-0000eeee, \
             loadBalancerSecurityGroupId: sg-0000ffff}",
            &["SCF061 blocker deployment.awsVpc.publicSubnets", "SCF062 warning deployment.awsVpc.privateSubnets"],
        ),
    ];
    assert_verdicts(table, &("SCF060"..="SCF066"), "", deployment);
}

#[test]
fn the_older_deployment_type_has_neither_slack_nor_integrations() {
    let slack = format!("name: demo\ndeployment: {{type: awsApi@1.0, slack: {{}}}}\n{CONTAINERS}");
    assert_eq!(support::findings(&slack, "SCF070"..="SCF075"), ["SCF072 error deployment.slack"]);
    let containers = CONTAINERS.replace("}}\n", "}, integrations: {}}\n");
    let integrations = format!("name: demo\ndeployment: {{type: awsApi@1.0}}\n{containers}");
    assert_eq!(support::findings(&integrations, "SCF300"..="SCF330"), ["SCF301 error containers.api.integrations"]);
}

#[test]
fn routes_are_held_against_what_a_load_balancer_takes() {
    let long = format!("{{pathPattern: /{}}}", "a".repeat(300));
    let table: &[(&str, &[&str])] = &[
        ("{pathPattern: /*, domain: \"https://x y\"}", &["SCF221 blocker domain"]),
        ("{pathPattern: /*, domain: foo_bar.com}", &["SCF222 blocker domain"]),
        (
            "{pathPattern: /*, pathHealthCheck: \"no slash\"}",
            &["SCF216 blocker pathHealthCheck", "SCF219 info pathHealthCheck"],
        ),
        (&long, &["SCF202 blocker pathPattern", "SCF215 info "]),
        ("{pathPattern: /a*b*c*d*e*f*g}", &["SCF204 blocker pathPattern", "SCF209 info pathPattern", "SCF215 info "]),
        ("{pathPattern: api/*}", &["SCF201 error pathPattern"]),
        ("{pathPattern: \"/my api\"}", &["SCF201 error pathPattern", "SCF215 info "]),
        ("{pathPattern: /a%20b}", &["SCF203 blocker pathPattern", "SCF215 info "]),
        ("{pathPattern: /*, priority: 1}", &["SCF234 error priority"]),
        ("{}", &["SCF200 error pathPattern"]),
        ("{pathPattern: \"${aws:ssm:/pattern}\", domain: \"${aws:ssm:/domain}\"}", &[]),
    ];
    let mut wrong = Vec::new();
    for (routing, expected) in table {
        let text =
            format!("{PROJECT}containers:\n  api: {{src: ., compute: {{type: awsLambda}}, routing: {routing}}}\n");
        let found = support::findings(&text, "SCF200"..="SCF235");
        let found: Vec<String> =
            found.iter().map(|each| each.replace("containers.api.routing.", "").replace("containers", "")).collect();
        if found != *expected {
            wrong.push(format!("{routing}\n  expected {expected:?}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
