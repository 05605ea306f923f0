//! Verdicts on names, the `deployment` block and the environment: those measured on the original tool, and those that the
//! services would give.

mod support;

use slipway_lang::analyze;
use slipway_lang::inputs::Inputs;
use slipway_lang::yaml::Document;
use support::{assert_verdicts, findings, findings_with, inputs};

fn project(name: &str, containers: &[(&str, &str)]) -> String {
    let container = |(key, compute): &(&str, &str)| {
        format!("  {key}: {{src: ./a, compute: {{type: \"{compute}\"}}, routing: {{pathPattern: /*}}}}\n")
    };
    let containers: String = containers.iter().map(container).collect();
    format!("name: {name}\ndeployment: {{type: aws@1.0}}\ncontainers:\n{containers}")
}

#[test]
fn project_names() {
    assert_verdicts(
        &[
            ("shop", &[]),
            ("a-1", &[]),
            ("abcdefghij-12345", &[]),
            ("ab", &["SCF030 error name"]),
            ("abcdefghijklmnopq", &["SCF030 error name"]),
            ("led@ger", &["SCF031 error name"]),
            ("Ledger", &["SCF032 blocker name"]),
            ("my_app", &["SCF033 blocker name"]),
            ("shop-", &["SCF034 blocker name"]),
            ("my--shop", &["SCF034 blocker name"]),
            ("-My_App-", &["SCF032 blocker name", "SCF033 blocker name", "SCF034 blocker name"]),
            // Unknown until it is deployed.
            ("${aws:accountId}", &[]),
            ("${env:NAME}", &[]),
            ("${env:NAME, 'Shop'}", &["SCF032 blocker name"]),
        ],
        &("SCF030"..="SCF046"),
        "",
        |name| project(name, &[("api", "awsLambda")]),
    );
}

#[test]
fn container_names() {
    let key = |fault: &str, key: &str| format!("{fault} containers.{key}");
    for (name, expected) in [
        ("api", vec![]),
        ("api-v1", vec![]),
        ("webApp", vec![key("SCF032 blocker", "webApp")]),
        ("web_app", vec![key("SCF033 blocker", "web_app")]),
        ("web-", vec![key("SCF034 blocker", "web-")]),
        ("-web", vec![key("SCF034 blocker", "-web")]),
        ("we--b", vec![key("SCF034 blocker", "we--b")]),
        ("api/v1", vec![key("SCF039 blocker", "api/v1")]),
        ("we ird/Name", vec![key("SCF032 blocker", "\"we ird/Name\""), key("SCF039 blocker", "\"we ird/Name\"")]),
        ("\"\"", vec![key("SCF039 blocker", "\"\"")]),
        ("bücher", vec![key("SCF039 blocker", "bücher")]),
        ("a", vec![key("SCF040 warning", "a")]),
        ("redis", vec![key("SCF046 warning", "redis")]),
        ("redis-api", vec![]),
    ] {
        let text = project("shop", &[(name, "awsLambda")]);
        assert_eq!(findings(&text, "SCF030"..="SCF046"), expected, "{name}");
    }
}

#[test]
fn stages() {
    let document = |stages: &str| format!("stages: {stages}\n{}", project("shop", &[("api", "awsLambda")]));
    assert_verdicts(
        &[
            ("{}", &[]),
            ("{default: {}, dev: {}, prod: {}, perf-lab-01: {}}", &[]),
            ("{p: {}}", &["SCF043 error stages.p"]),
            ("{qa: {}}", &["SCF043 error stages.qa"]),
            ("{test.env: {}}", &["SCF043 error stages.\"test.env\""]),
            ("{production-eu-1: {}}", &["SCF044 warning stages.production-eu-1"]),
            ("{production-europe: {}}", &["SCF043 error stages.production-europe"]),
            ("{Prod: {}}", &["SCF032 warning stages.Prod"]),
            ("{pre_prod: {}}", &["SCF033 warning stages.pre_prod"]),
            ("{prod-: {}}", &["SCF034 warning stages.prod-"]),
        ],
        &("SCF030"..="SCF046"),
        "",
        document,
    );
    for (stage, stages, expected) in [
        ("dev", "{}", vec![]),
        ("p", "{}", vec!["SCF041 error name"]),
        ("production-eu", "{}", vec!["SCF041 error name"]),
        ("pre prod", "{}", vec!["SCF042 error name"]),
        ("Prod", "{}", vec!["SCF032 blocker name"]),
        ("Prod", "{Prod: {}, Test: {}}", vec!["SCF032 blocker stages.Prod", "SCF032 warning stages.Test"]),
        ("pre-", "{}", vec!["SCF034 blocker name"]),
    ] {
        let inputs = Inputs { stage: stage.to_owned(), ..inputs() };
        assert_eq!(findings_with(&inputs, &document(stages), "SCF030"..="SCF046"), expected, "{stage} {stages}");
    }
    // Without a name, the place is the start of the document.
    let inputs = Inputs { stage: "p".to_owned(), ..inputs() };
    assert_eq!(findings_with(&inputs, "deployment: {}", "SCF041"..="SCF041"), ["SCF041 error "]);
}

#[test]
fn names_that_are_too_long() {
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);
    const FARGATE: &str = "awsFargateEcs";
    const LAMBDA: &str = "awsLambda";
    let cases: &[Case<'_>] = &[
        ("abcdefghijklmnop", "productions", "aws@1.0", &[], &[]),
        ("abcdefghijklmnop", "production12", "aws@1.0", &[], &["SCF035 warning name"]),
        ("acmeinc", "dev", "aws@1.0", &[("service-web", FARGATE)], &[]),
        (
            "my-long-project",
            "prod",
            "aws@1.0",
            &[("service-api", FARGATE), ("service-web", LAMBDA)],
            &["SCF036 warning containers.service-api"],
        ),
        // Lambda containers have target groups in the older architecture only.
        (
            "my-long-project",
            "prod",
            "awsApi@1.0",
            &[("service-web", LAMBDA)],
            &["SCF036 warning containers.service-web"],
        ),
        (
            "acmeinc",
            "dev",
            "aws@1.0",
            &[("service-frontend-a", FARGATE)],
            &["SCF036 warning containers.service-frontend-a"],
        ),
        (
            "acmeinc",
            "dev",
            "aws@1.0",
            &[("service-frontend-a", FARGATE), ("service-frontend-b", FARGATE)],
            &["SCF036 warning containers.service-frontend-a", "SCF037 warning containers.service-frontend-b"],
        ),
        // A target group of addresses and one of a function have other endings.
        (
            "acmeinc",
            "dev",
            "awsApi@1.0",
            &[("service-frontend-a", FARGATE), ("service-frontend-b", LAMBDA)],
            &["SCF036 warning containers.service-frontend-a", "SCF036 warning containers.service-frontend-b"],
        ),
        ("acmeinc", "dev", "aws@1.0", &[("service-frontend-a", "${aws:ssm:/type}")], &[]),
        ("acmeinc", "dev", "aws@1.0", &[("a-container-with-a-name-of-fifty-two-characters-here", LAMBDA)], &[]),
        (
            "acmeinc",
            "dev",
            "aws@1.0",
            &[
                ("a-container-with-a-name-of-fifty-two-characters-for-ab", LAMBDA),
                ("a-container-with-a-name-of-fifty-two-characters-for-ac", LAMBDA),
            ],
            &[
                "SCF038 warning containers.a-container-with-a-name-of-fifty-two-characters-for-ab",
                "SCF038 warning containers.a-container-with-a-name-of-fifty-two-characters-for-ac",
            ],
        ),
    ];
    for (name, stage, deployment, containers, expected) in cases {
        let text = project(name, containers).replace("aws@1.0", deployment);
        let inputs = Inputs { stage: (*stage).to_owned(), ..inputs() };
        assert_eq!(findings_with(&inputs, &text, "SCF035"..="SCF038"), *expected, "{name} {stage} {containers:?}");
    }
}

#[test]
fn deployments() {
    assert_verdicts(
        &[
            ("{type: aws@1.0}", &[]),
            (
                "{type: aws@1.0, awsVpc: {id: vpc-0a1b2c3d}}",
                &[
                    "SCF060 error deployment.awsVpc.loadBalancerSecurityGroupId",
                    "SCF060 error deployment.awsVpc.privateSubnets",
                    "SCF060 error deployment.awsVpc.publicSubnets",
                    "SCF060 error deployment.awsVpc.s2sSecurityGroupId",
                ],
            ),
            (
                "{type: aws@1.0, awsIam: {roleArn: x}}",
                &["SCF067 blocker deployment.awsIam.roleArn", "SCF070 info deployment.awsIam.roleArn"],
            ),
            ("{type: aws@1.0, awsIam: {roleArn: \"${aws:ssm:/role}\"}}", &["SCF070 info deployment.awsIam.roleArn"]),
            (
                "{type: aws@1.0, awsFargateEcs: {executionRoleArn: \"arn:aws:iam::123456789012:user/x\"}}",
                &["SCF067 blocker deployment.awsFargateEcs.executionRoleArn"],
            ),
            (
                "{type: aws@1.0, awsAlb: {wafAclArn: x}}",
                &["SCF068 blocker deployment.awsAlb.wafAclArn", "SCF071 info deployment.awsAlb.wafAclArn"],
            ),
            ("{type: awsApi@1.0, awsAlb: {wafAclArn: x}}", &["SCF068 blocker deployment.awsAlb.wafAclArn"]),
            (
                "{type: awsApi@1.0, awsAlb: {wafAclArn: \"arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b\"}}",
                &["SCF069 blocker deployment.awsAlb.wafAclArn"],
            ),
            (
                "{type: awsApi@1.0, awsAlb: {wafAclArn: \"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b\"}}",
                &[],
            ),
            ("{type: awsApi@1.0, slack: {}}", &["SCF072 error deployment.slack"]),
            ("{type: aws@1.0, slack: {}}", &[]),
            ("{type: aws@1.0, slack: {appConfigTokenSSMParameterPath: /acmeinc/slack/token}}", &[]),
            (
                "{type: aws@1.0, slack: {appConfigTokenSSMParameterPath: acmeinc/token}}",
                &["SCF073 blocker deployment.slack.appConfigTokenSSMParameterPath"],
            ),
            (
                "{type: aws@1.0, slack: {appConfigTokenSSMParameterPath: /aws/token}}",
                &["SCF073 blocker deployment.slack.appConfigTokenSSMParameterPath"],
            ),
        ],
        &("SCF060"..="SCF075"),
        "",
        |deployment| project("shop", &[("api", "awsLambda")]).replace("{type: aws@1.0}", deployment),
    );
}

#[test]
fn networks() {
    let document = |(id, public, private, shared, balancer, compute): (&str, &str, &str, &str, &str, &str)| {
        let vpc = format!(
            "{{type: aws@1.0, awsVpc: {{id: {id}, publicSubnets: {public}, privateSubnets: {private}, \
             s2sSecurityGroupId: {shared}, loadBalancerSecurityGroupId: {balancer}}}}}"
        );
        project("shop", &[("api", compute)]).replace("{type: aws@1.0}", &vpc)
    };
    let (public, private) = ("[subnet-0000aaaa, subnet-0000bbbb]", "[subnet-0000cccc, subnet-0000dddd]");
    let (shared, balancer) = ("sg-0000eeee", "sg-0000ffff");
    let vpc = "vpc-0a1b2c3d";
    let (lambda, fargate) = ("awsLambda", "awsFargateEcs");
    for (network, expected) in [
        ((vpc, public, private, shared, balancer, lambda), vec![]),
        (
            (vpc, "[]", "[]", shared, balancer, lambda),
            vec!["SCF061 blocker publicSubnets", "SCF062 warning privateSubnets"],
        ),
        (
            (vpc, "[]", "[]", shared, balancer, fargate),
            vec!["SCF061 blocker publicSubnets", "SCF062 blocker privateSubnets"],
        ),
        (
            (vpc, "[subnet-0000aaaa]", "[subnet-0000cccc]", shared, balancer, fargate),
            vec!["SCF061 blocker publicSubnets", "SCF062 warning privateSubnets"],
        ),
        (
            (vpc, "[subnet-0000aaaa, subnet-0000aaaa]", private, shared, balancer, lambda),
            vec!["SCF061 blocker publicSubnets", "SCF064 warning publicSubnets[1]"],
        ),
        // What a variable will bring may be another subnet, or a whole list.
        ((vpc, "[subnet-0000aaaa, \"${aws:ssm:/subnet}\"]", private, shared, balancer, lambda), vec![]),
        ((vpc, "\"${aws:ssm:/subnets}\"", "\"${aws:ssm:/subnets}\"", shared, balancer, fargate), vec![]),
        (
            (vpc, public, "[subnet-0000aaaa, subnet-0000cccc]", shared, balancer, lambda),
            vec!["SCF065 info privateSubnets[0]"],
        ),
        ((vpc, public, private, shared, shared, lambda), vec!["SCF066 info loadBalancerSecurityGroupId"]),
        (
            ("vpc_1", "[subnet-1, subnet-0000bbbb]", "[vpc-0000cccc, subnet-0000DDDD]", "sg-", "default", lambda),
            vec![
                "SCF063 blocker id",
                "SCF063 blocker loadBalancerSecurityGroupId",
                "SCF063 blocker privateSubnets[0]",
                "SCF063 blocker privateSubnets[1]",
                "SCF063 blocker publicSubnets[0]",
                "SCF063 blocker s2sSecurityGroupId",
            ],
        ),
    ] {
        let found = findings(&document(network), "SCF060"..="SCF075");
        let found: Vec<String> = found.iter().map(|each| each.replace("deployment.awsVpc.", "")).collect();
        assert_eq!(found, expected, "{network:?}");
    }
}

#[test]
fn arns_of_other_places() {
    let text = "\
name: shop
deployment:
  type: awsApi@1.0
  awsAlb:
    wafAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b
containers:
  api:
    src: ./api
    routing: {pathPattern: /*}
    compute:
      type: awsLambda
      awsIam:
        roleArn: x
        customPolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: dynamodb:GetItem
              Resource:
                - arn:aws:dynamodb:us-east-1:123456789012:table/a
                - arn:aws:dynamodb:us-east-1:222222222222:table/a
                - arn:aws:dynamodb:*:*:table/a
                - arn:aws:s3:::bucket
                - arn:aws:iam::aws:policy/ReadOnlyAccess
    environment:
      TOPIC: arn:aws:sns:eu-west-1:222222222222:topic
      QUEUE: arn:aws:sqs:eu-west-1:333333333333:queue
      SSM: arn:aws:ssm:${aws:region}:${aws:accountId}:parameter/a
stages:
  prod: {params: {topic: arn:aws:sns:us-west-2:444444444444:topic}}
";
    let resource = |index: u32| format!("containers.api.compute.awsIam.customPolicy.Statement[0].Resource[{index}]");
    let accounts = [
        "SCF067 blocker containers.api.compute.awsIam.roleArn".to_owned(),
        format!("SCF074 warning {}", resource(1)),
        "SCF074 warning containers.api.environment.QUEUE".to_owned(),
    ];
    assert_eq!(findings(text, "SCF060"..="SCF075"), accounts);
    let inputs = Inputs { region: Some("eu-west-1".to_owned()), ..inputs() };
    let regions = [format!("SCF075 warning {}", resource(0)), format!("SCF075 warning {}", resource(1))];
    assert_eq!(findings_with(&inputs, text, "SCF069"..="SCF069"), ["SCF069 blocker deployment.awsAlb.wafAclArn"]);
    assert_eq!(findings_with(&inputs, text, "SCF075"..="SCF075"), regions);
    // The place is the part that differs.
    let document = Document::new(text);
    let diagnostics = analyze(&document, &inputs).diagnostics;
    let shown = |code: &str| {
        let of_code = diagnostics.iter().filter(|each| each.rule.code == code);
        of_code.map(|each| document.source().slice(each.range)).collect::<Vec<_>>()
    };
    assert_eq!(shown("SCF069"), ["us-east-1"]);
    assert_eq!(shown("SCF074"), ["222222222222", "333333333333"]);
    assert_eq!(shown("SCF075"), ["us-east-1", "us-east-1"]);
}

/// A container's `environment`, and what is found in it.
const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("{}", &[]),
    ("{A: 1, B: true, C: {x: [1]}}", &["SCF261 info C"]),
    ("", &["SCF008 error "]),
    ("[A=1]", &["SCF251 error "]),
    ("{A: }", &["SCF250 error A"]),
    ("{A: {b: [null]}}", &["SCF250 error A.b[0]", "SCF261 info A"]),
    // Names.
    ("{MY-VAR: a}", &[]),
    ("{\"\": a}", &["SCF264 blocker \"\""]),
    ("{\"A B\": a}", &["SCF264 blocker \"A B\""]),
    ("{\"A=B\": a}", &["SCF264 blocker A=B"]),
    ("{\"A\\0\": a}", &["SCF264 blocker A\0"]),
    ("{Mode: a, MODE: b, mode: c}", &["SCF269 info MODE", "SCF269 info mode"]),
    // Names with a meaning.
    ("{SERVERLESS_STAGE: a}", &["SCF255 warning SERVERLESS_STAGE"]),
    ("{SERVERLESS_ORG: a}", &[]),
    ("{TERM: dumb}", &["SCF256 warning TERM"]),
    ("{PORT: 8080}", &[]),
    ("{PORT: \"8080\"}", &[]),
    ("{PORT: 3000}", &["SCF257 blocker PORT"]),
    ("{PORT: \"${env:PORT, '3000'}\"}", &["SCF257 blocker PORT"]),
    ("{PORT: \"${aws:ssm:/port}\"}", &[]),
    ("{AWS_LWA_PORT: 3000}", &["SCF265 warning AWS_LWA_PORT"]),
    ("{AWS_LWA_INVOKE_MODE: buffered}", &["SCF265 warning AWS_LWA_INVOKE_MODE"]),
    ("{AWS_REGION: eu-west-1}", &[]),
    ("{AWS_ACCESS_KEY_ID: \"${env:A}\"}", &["SCF263 warning AWS_ACCESS_KEY_ID"]),
    ("{AWS_SESSION_TOKEN: \"${aws:ssm:/a}\"}", &["SCF263 warning AWS_SESSION_TOKEN"]),
    // Values.
    ("{A: 1.50}", &["SCF259 warning A"]),
    ("{A: \"1.50\"}", &[]),
    ("{A: 010}", &["SCF259 warning A"]),
    ("{A: 0x1F}", &["SCF259 warning A"]),
    ("{A: 1e3}", &["SCF259 warning A"]),
    ("{A: True}", &["SCF259 warning A"]),
    ("{A: yes, B: 1_000, C: 12:30, D: 1.5, E: -3, F: true}", &[]),
    ("{A: 2024-01-31}", &[]),
    ("{A: 9007199254740992}", &[]),
    ("{A: 9007199254740993}", &["SCF260 warning A"]),
    ("{A: -12345678901234567890}", &["SCF260 warning A"]),
    ("{A: 3.14159265358979323846}", &["SCF259 warning A"]),
    ("{A: {b: 12345678901234567890, c: 1.50}}", &["SCF260 warning A.b", "SCF261 info A"]),
    // Secrets.
    ("{DB_PASSWORD: hunter2}", &["SCF262 warning DB_PASSWORD"]),
    ("{DB: {password: hunter2, user: app}}", &["SCF261 info DB", "SCF262 warning DB.password"]),
    ("{DB_URL: \"postgres://app:hunter2@db.acme.dev/app\"}", &["SCF262 warning DB_URL"]),
    ("{DB_PASSWORD: \"${env:DB_PASSWORD, 'hunter2'}\"}", &[]),
    ("{DB_PASSWORD: \"${aws:ssm:/db/password}\"}", &[]),
    ("{PASSWORD_MIN_LENGTH: 8, TOKEN_URL: \"https://acme.dev/token\"}", &[]),
    ("{SECRET_KEY_BASE: your-secret-key-base-here}", &[]),
    // Addresses.
    ("{API: \"http://localhost:4000\"}", &["SCF268 warning API"]),
    ("{API: 127.0.0.1}", &["SCF268 warning API"]),
    ("{API: \"http://localhost.acme.dev\"}", &[]),
    ("{CORS_ORIGINS: \"http://localhost:4000\"}", &[]),
    ("{API: \"${env:API, 'http://localhost:4000'}\"}", &[]),
];

/// The same on Lambda, where it differs.
const ENVIRONMENTS_ON_LAMBDA: &[(&str, &[&str])] = &[
    ("{MY-VAR: a}", &["SCF252 blocker MY-VAR"]),
    ("{A: a}", &["SCF252 blocker A"]),
    ("{_AB: a}", &["SCF252 blocker _AB"]),
    ("{\"A B\": a}", &["SCF264 blocker \"A B\""]),
    ("{AWS_REGION: eu-west-1}", &["SCF253 blocker AWS_REGION"]),
    ("{_HANDLER: a}", &["SCF253 blocker _HANDLER"]),
    ("{AWS_ACCESS_KEY_ID: \"${env:A}\"}", &["SCF253 blocker AWS_ACCESS_KEY_ID"]),
    ("{AWS_LWA_PORT: 3000}", &["SCF257 blocker AWS_LWA_PORT"]),
    ("{PORT: 3000, AWS_LWA_PORT: 3000}", &["SCF257 warning AWS_LWA_PORT", "SCF257 warning PORT"]),
    ("{AWS_LWA_INVOKE_MODE: buffered}", &["SCF255 warning AWS_LWA_INVOKE_MODE"]),
    ("{AWS_LWA_READINESS_CHECK_PATH: /health}", &[]),
];

/// The same while the compute type is unknown.
const ENVIRONMENTS_SOMEWHERE: &[(&str, &[&str])] = &[
    ("{MY-VAR: a, AWS_REGION: eu-west-1, AWS_ACCESS_KEY_ID: \"${env:A}\"}", &[]),
    ("{PORT: 3000}", &["SCF257 blocker PORT"]),
];

#[test]
fn environments() {
    for (table, compute) in [
        (ENVIRONMENTS, "awsFargateEcs"),
        (ENVIRONMENTS_ON_LAMBDA, "awsLambda"),
        (ENVIRONMENTS_SOMEWHERE, "${aws:ssm:/type}"),
    ] {
        for (environment, expected) in table {
            let text = format!(
                "name: shop\ndeployment: {{type: aws@1.0}}\ncontainers:\n  api:\n    src: ./api\n    environment: {environment}\n    \
                 compute: {{type: \"{compute}\"}}\n    routing: {{pathPattern: /*}}\n"
            );
            let mut found = findings(&text, "SCF250"..="SCF269");
            found.extend(findings(&text, "SCF008"..="SCF008"));
            found.retain(|each| !each.starts_with("SCF267"));
            let found: Vec<String> = found
                .iter()
                .map(|each| each.replace("containers.api.environment.", "").replace("containers.api.environment", ""))
                .collect();
            assert_eq!(found, *expected, "{environment} with {compute}");
        }
    }
}

#[test]
fn webhook_variables_belong_to_their_integrations() {
    let text = "\
name: shop
deployment: {type: aws@1.0}
containers:
  api:
    src: ./api
    compute: {type: awsFargateEcs}
    routing: {pathPattern: /*}
    environment:
      SERVERLESS_NIGHTLY_WEBHOOKPATH: /a
      SERVERLESS_WEEKLY_WEBHOOKPATH: /b
    integrations:
      nightly: {type: schedule, schedule: rate(1 day)}
";
    let path = "containers.api.environment.SERVERLESS_NIGHTLY_WEBHOOKPATH";
    assert_eq!(findings(text, "SCF255"..="SCF255"), [format!("SCF255 warning {path}")]);
}

#[test]
fn environments_that_are_too_large() {
    let document = |compute: &str, length: usize| {
        format!(
            "name: shop\ndeployment: {{type: aws@1.0}}\ncontainers:\n  api:\n    src: ./api\n    environment: {{TEXT: {}}}\n    compute: \
             {{type: {compute}}}\n    routing: {{pathPattern: /*}}\n",
            "x".repeat(length)
        )
    };
    // Names and values of what is added: 10 variables, the shortest of which is `PORT`.
    let added: usize = [
        "SERVERLESS_NAMESPACEshop",
        "SERVERLESS_STAGEdev",
        "SERVERLESS_CONTAINER_NAMEapi",
        "SERVERLESS_COMPUTE_TYPEawsLambda",
        "SERVERLESS_ROUTING_PATH_PATTERN/*",
        "SERVERLESS_LOCALfalse",
        "PORT8080",
        "TERMxterm-256color",
        "AWS_LWA_INVOKE_MODEresponse_stream",
        "TEXT",
    ]
    .map(str::len)
    .iter()
    .sum();
    for (size, expected) in [
        (3599, None),
        (3600, Some("SCF254 warning containers.api.environment")),
        (4096, Some("SCF254 warning containers.api.environment")),
        (4097, Some("SCF254 blocker containers.api.environment")),
    ] {
        let found = findings(&document("awsLambda", size - added), "SCF254"..="SCF254");
        assert_eq!(found, Vec::from_iter(expected), "{size}");
    }
    assert_eq!(findings(&document("awsFargateEcs", 60_000), "SCF254"..="SCF266"), [""; 0]);
    assert_eq!(
        findings(&document("awsFargateEcs", 66_000), "SCF254"..="SCF266"),
        ["SCF266 blocker containers.api.environment"]
    );
}
