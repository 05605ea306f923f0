//! `slipway iam explain`: what policies let containers do, held by snapshots.

use serde_json::{Value, json};
use slipway_tests::{Project, Run};

fn explain(policy: &str, args: &[&str]) -> Run {
    Project::new(&[("policy.yaml", policy)]).slipway(&[&["iam", "explain", "policy.yaml"], args].concat())
}

/// The one policy of a file, as data.
fn data(policy: &str) -> Value {
    let run = explain(policy, &["--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{policy}");
    let mut report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["version"], 1);
    report["files"][0]["policies"][0].take()
}

const CONFIGURATION: &str = "\
name: shop
deployment:
  type: aws@1.0
containers:
  api:
    src: ./api
    routing: {pathPattern: /*}
    compute:
      type: awsLambda
      awsIam:
        customPolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [s3:GetObject, s3:PutObject, s3:ListBucket, 's3:Delete*']
              Resource: [arn:aws:s3:::report-archive, 'arn:aws:s3:::report-archive/*']
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, 'sqs:Gett*']
              Resource: arn:aws:dynamodb:us-east-1:314159265358:table/orders
              Condition:
                ForAllValues:StringEquals:
                  dynamodb:LeadingKeys: ['${aws:PrincipalTag/tenant}']
            - Effect: Allow
              Action: [iam:PassRole, iam:PutRolePolicy, sqs:SendMessage]
              Resource: arn:aws:iam::314159265358:role/worker
            - Effect: Allow
              Action: ['lambda:*', sts:GetSessionToken]
              Resource: '*'
            - Effect: Deny
              Action: s3:Delete*
              Resource: arn:aws:s3:::report-archive/kept/*
            - Effect: Deny
              NotAction: s3:*
              Resource: '*'
              Condition: {Bool: {aws:SecureTransport: 'false'}}
            - Effect: Deny
              Action: [logs:CreateLogGroup, 'lambda:*Permission']
              Resource: '*'
  worker:
    src: ./worker
    routing: {pathPattern: /worker/*}
    compute:
      type: awsLambda
      awsIam:
        customPolicy: ${file(policy.yml)}
  web:
    src: ./web
    routing: {pathPattern: /web/*}
    compute: {type: awsLambda}
";

#[test]
fn containers_are_told_apart() {
    let project = Project::new(&[("serverless.containers.yml", CONFIGURATION)]);
    let run = project.slipway(&["iam", "explain", "serverless.containers.yml"]);
    assert_eq!(run.code, Some(0));
    insta::assert_snapshot!(run.stdout);
    insta::assert_snapshot!(run.stderr, @r"
    serverless.containers.yml has an error, and what is faulty is not counted: `slipway iam lint serverless.containers.yml`
    Paths to more permissions are described at https://pathfinding.cloud/paths/
    ");
}

#[test]
fn an_explanation_is_data() {
    let policy = "\
Version: '2012-10-17'
Statement:
- {Effect: Allow, Action: [s3:GetObject, s3:DeleteObject], Resource: 'arn:aws:s3:::report-archive/*'}
- Effect: Deny
  Action: s3:DeleteObject
  Resource: arn:aws:s3:::report-archive/kept/*
  Condition: {StringNotEquals: {aws:PrincipalTag/role: [keeper, admin]}}
- {Effect: Allow, Action: ['iam:PutRolePolicy', '${param:more}'], Resource: 'arn:aws:iam::314159265358:role/*'}
";
    insta::assert_json_snapshot!(data(policy));
}

#[test]
fn negated_elements_are_explained() {
    let policy = "\
Version: '2012-10-17'
Statement:
- {Effect: Allow, NotAction: ['iam:*', 'organizations:*'], Resource: '*'}
- {Effect: Allow, Action: s3:GetObject, NotResource: 'arn:aws:s3:::secret/*'}
- {Effect: Deny, Action: s3:GetObject*, NotResource: 'arn:aws:s3:::open/*'}
- {Effect: Deny, NotAction: 's3:*', Resource: '*', Condition: {StringNotEquals: {aws:RequestedRegion: eu-west-1}}}
";
    insta::assert_snapshot!(explain(policy, &["--quiet"]).stdout);
}

/// Statements, and what is granted: `ability actions resources exceptions`.
#[test]
fn a_deny_takes_back_what_it_covers() {
    let allow = "{Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: 'arn:aws:s3:::a/*'}";
    let cases: &[(&str, &[&str])] = &[
        ("{Effect: Deny, Action: s3:Put*, Resource: '*'}", &["read s3:GetObject on arn:aws:s3:::a/*"]),
        (
            "{Effect: Deny, Action: s3:PutObject, Resource: 'arn:aws:s3:::*'}",
            &["read s3:GetObject on arn:aws:s3:::a/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, Resource: 'arn:aws:s3:::a/b/*'}",
            &["read s3:GetObject on arn:aws:s3:::a/*", "write s3:PutObject on arn:aws:s3:::a/* but arn:aws:s3:::a/b/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, Resource: 'arn:aws:s3:::b/*'}",
            &["read s3:GetObject on arn:aws:s3:::a/*", "write s3:PutObject on arn:aws:s3:::a/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, Resource: 'arn:aws:s3:::a'}",
            &["read s3:GetObject on arn:aws:s3:::a/*", "write s3:PutObject on arn:aws:s3:::a/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, NotResource: 'arn:aws:s3:::b/*'}",
            &["read s3:GetObject on arn:aws:s3:::a/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, NotResource: 'arn:aws:s3:::*'}",
            &["read s3:GetObject on arn:aws:s3:::a/*", "write s3:PutObject on arn:aws:s3:::a/*"],
        ),
        (
            "{Effect: Deny, Action: s3:PutObject, NotResource: 'arn:aws:s3:::a/b/*'}",
            &[
                "read s3:GetObject on arn:aws:s3:::a/*",
                "write s3:PutObject on arn:aws:s3:::a/* but !arn:aws:s3:::a/b/*",
            ],
        ),
        ("{Effect: Deny, NotAction: s3:Get*, Resource: '*'}", &["read s3:GetObject on arn:aws:s3:::a/*"]),
        (
            "{Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {aws:SecureTransport: 'false'}}}",
            &["read s3:GetObject on arn:aws:s3:::a/* but * if", "write s3:PutObject on arn:aws:s3:::a/* but * if"],
        ),
        ("{Effect: Deny, Action: '*', Resource: '*'}", &[]),
        (
            "{Effect: Deny, Action: s3:PutObject, Resource: '${param:x}'}",
            &["read s3:GetObject on arn:aws:s3:::a/*", "write s3:PutObject on arn:aws:s3:::a/* but ${param:x}"],
        ),
    ];
    for (deny, expected) in cases {
        let policy = data(&format!("Version: '2012-10-17'\nStatement:\n- {allow}\n- {deny}\n"));
        let texts = |list: &Value| {
            let texts: Vec<&str> = list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
            texts.join(" ")
        };
        let grants = policy["grants"].as_array().unwrap().iter().map(|grant| {
            let exceptions = grant["exceptions"].as_array().unwrap().iter().map(|exception| {
                let not = if exception["resources"]["negated"] == true { "!" } else { "" };
                let when = if exception["conditions"]["tests"] == json!([]) { "" } else { " if" };
                format!(" but {not}{}{when}", texts(&exception["resources"]["names"]))
            });
            format!(
                "{} {} on {}{}",
                grant["ability"].as_str().unwrap(),
                texts(&grant["actions"]),
                texts(&grant["resources"]["names"]),
                exceptions.collect::<String>()
            )
        });
        assert_eq!(grants.collect::<Vec<_>>(), *expected, "{deny}");
    }
}

/// Statements, and the risks: kind or path, and limits.
#[test]
fn risks_are_open_or_limited() {
    let cases: &[(&str, &[&str])] = &[
        ("{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::a/*'}", &[]),
        ("{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::*'}", &["exfiltration"]),
        (
            "{Effect: Allow, Action: kms:Decrypt, Resource: '*', Condition: {Bool: {aws:SecureTransport: 'true'}}}",
            &["exfiltration condition"],
        ),
        ("{Effect: Allow, Action: iam:PutRolePolicy, Resource: '*'}", &["iam-005"]),
        (
            "{Effect: Allow, Action: iam:PutRolePolicy, Resource: 'arn:aws:iam::314159265358:role/a'}",
            &["iam-005 resources"],
        ),
        (
            "{Effect: Allow, Action: iam:PutRolePolicy, Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: iam:PutRolePolicy, Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/a'}",
            &["iam-005 deny"],
        ),
        (
            "{Effect: Allow, Action: [iam:PassRole, ec2:RunInstances], Resource: '*', Condition: {StringEquals: {iam:PassedToService: lambda.amazonaws.com}}}",
            &[],
        ),
        (
            "{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {StringEquals: {iam:PassedToService: ec2.amazonaws.com}}}, {Effect: Allow, Action: ec2:RunInstances, Resource: '*'}",
            &["ec2-001"],
        ),
        (
            "{Effect: Allow, Action: iam:PassRole, Resource: 'arn:aws:iam::314159265358:role/a'}, {Effect: Allow, Action: ec2:RunInstances, Resource: '*'}",
            &["ec2-001 resources"],
        ),
        ("{Effect: Allow, Action: sts:AssumeRole, Resource: 'arn:aws:iam::*:role/*'}", &["sts-001"]),
        ("{Effect: Allow, Action: sts:GetSessionToken, Resource: '*'}", &["credentials"]),
    ];
    for (statements, expected) in cases {
        let policy = data(&format!("{{Version: '2012-10-17', Statement: [{statements}]}}"));
        let risks = policy["risks"].as_array().unwrap().iter().map(|risk| {
            let name = risk["path"].as_str().or(risk["kind"].as_str()).unwrap();
            let limits = risk["limits"].as_array().unwrap().iter().map(|limit| format!(" {}", limit.as_str().unwrap()));
            format!("{name}{}", limits.collect::<String>())
        });
        assert_eq!(risks.collect::<Vec<_>>(), *expected, "{statements}");
    }
    let admin = data("{Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}");
    assert_eq!(admin["risks"][0], json!({"kind": "administrator", "actions": [], "limits": []}));
    assert!(admin["risks"].as_array().unwrap().len() > 60);
}

#[test]
fn what_cannot_be_explained_is_said() {
    for (policy, expected) in [
        ("[]", "policy.yaml\n  What stands there is no policy.\n"),
        ("", "policy.yaml\n  What stands there is no policy.\n"),
        ("{Version: '2012-10-17', Statement: []}", "policy.yaml\n  The policy allows nothing.\n"),
        ("name: shop\ncontainers: {}\n", "policy.yaml: no container\n"),
    ] {
        let run = explain(policy, &["--quiet"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), expected), "{policy}");
    }
    let run = Project::new(&[("a.yaml", "{}")]).slipway(&["iam", "explain", "a.yaml", "gone.yaml"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.starts_with("a.yaml\n") && run.stderr.contains("gone.yaml"), "{run:?}");
}
