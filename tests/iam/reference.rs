//! `slipway iam expand` and `slipway iam actions`: what the IAM reference has.

use serde_json::{Value, json};
use slipway_tests::{Project, Run};

fn iam(args: &[&str]) -> Run {
    Project::new::<&str>(&[]).slipway(&[&["iam"], args].concat())
}

fn json_of(args: &[&str]) -> Value {
    let run = iam(&[args, &["--json"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{args:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_pattern_is_expanded() {
    let run = iam(&["expand", "dynamodb:*GetItem"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stdout, "dynamodb:BatchGetItem  Read\ndynamodb:GetItem       Read\n");
    assert_eq!(run.stderr, "2 actions: 2 Read\n");
    let run = iam(&["expand", "S3:putobject", "--quiet"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("s3:PutObject  Write\n", ""));
}

#[test]
fn an_expansion_is_data() {
    let mut document = json_of(&["expand", "sqs:*Permission"]);
    assert!(document["referenceDate"].take().as_str().unwrap().starts_with("20"));
    assert_eq!(
        document,
        json!({
            "version": 1,
            "pattern": "sqs:*Permission",
            "referenceDate": null,
            "actions": [
                {"action": "sqs:AddPermission", "level": "Permissions management"},
                {"action": "sqs:RemovePermission", "level": "Permissions management"},
            ],
        })
    );
    assert!(json_of(&["expand", "*"])["actions"].as_array().unwrap().len() > 20_000);
}

#[test]
fn names_without_more_are_told_apart() {
    let run = iam(&["expand", "lambda:CreateWeb*Function"]);
    assert_eq!(run.stdout, "lambda:createwebfunction  known by its name only\n");
    assert_eq!(run.stderr, "1 action: 1 known by name only\n");
    let document = json_of(&["expand", "lambda:CreateWebFunction"]);
    assert_eq!(document["actions"], json!([{"action": "lambda:createwebfunction", "level": null}]));
}

#[test]
fn a_service_is_listed() {
    let run = iam(&["actions", "SQS"]);
    assert_eq!(run.code, Some(0));
    let line = |start: &str| run.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert_eq!(line("AddPermission "), "AddPermission               Permissions management  queue");
    assert!(line("ListQueues ").ends_with("  *"));
    assert!(run.stderr.starts_with("Amazon SQS: "), "{}", run.stderr);
    assert!(run.stdout.lines().all(|line| line.trim_end() == line));
}

#[test]
fn a_service_is_data() {
    let document = json_of(&["actions", "lambda"]);
    let find = |list: &str, key: &str, name: &str| {
        let found = document[list].as_array().unwrap().iter().find(|item| item[key] == name);
        found.cloned().unwrap_or_default()
    };
    assert_eq!((&document["version"], &document["prefix"]), (&json!(1), &json!("lambda")));
    assert_eq!(document["title"], "AWS Lambda");
    let create = find("actions", "action", "lambda:CreateFunction");
    assert_eq!(create["level"], "Write");
    assert_eq!(create["resourceTypes"], json!([{"name": "function", "required": true}]));
    assert!(create["dependentActions"].as_array().unwrap().contains(&json!("iam:PassRole")));
    assert!(create["conditionKeys"].as_array().unwrap().contains(&json!("lambda:VpcIds")));
    let function = find("resourceTypes", "name", "function");
    assert_eq!(
        function["arnFormats"],
        json!(["arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"])
    );
    assert!(document["knownByNameOnly"].as_array().unwrap().contains(&json!("createwebfunction")));
}

#[test]
fn the_end_of_a_service_is_told() {
    for (args, end) in [
        (["actions", "codestar-connections"], "The service was renamed: its prefix is `codeconnections` now.\n"),
        (["expand", "iotevents:Get*"], "AWS has closed the service.\n"),
    ] {
        let run = iam(&args);
        assert!(run.code == Some(0) && run.stderr.starts_with(end), "{args:?}: {}", run.stderr);
    }
}

/// Arguments, the exit code, and parts that standard error must have.
type Case<'a> = (&'a [&'a str], i32, &'a [&'a str]);

#[test]
fn what_cannot_be_answered_is_explained() {
    let cases: &[Case<'_>] = &[
        (&["expand", "dynamo:Get*"], 1, &["has no service `dynamo`", "Did you mean `dynamodb`, Amazon DynamoDB?"]),
        (&["expand", "sqqs:*"], 1, &["has no service `sqqs`", "Did you mean `sqs`"]),
        (&["expand", "acmewidgets:*"], 1, &["has no service `acmewidgets`", "before the colon"]),
        (&["expand", "s3:Gett*"], 1, &["`s3:Gett*` reaches no action", "of 20", "`s3:Get*` reaches 63 actions."]),
        (&["expand", "s3:GetObjct"], 1, &["`s3:GetObjct` reaches no action", "Did you mean `s3:GetObject`?"]),
        (&["expand", "q?q:*"], 1, &["`q?q:*` reaches no action", "slipway iam actions PREFIX"]),
        (&["expand", "GetObject"], 2, &["`GetObject` is no pattern of actions", "as `s3:Get*`"]),
        (&["expand", "s3:Get Object"], 2, &["is no pattern of actions"]),
        (&["expand", "s3:Get:Object"], 2, &["is no pattern of actions"]),
        (&["expand", "s3:"], 2, &["is no pattern of actions"]),
        (&["expand", "\u{1b}[31m"], 2, &["`\\u{1b}[31m` is no pattern"]),
        (&["expand"], 2, &["<PATTERN>"]),
        (&["actions", "eventbridge"], 1, &["Did you mean `events`, Amazon EventBridge?"]),
        (&["actions", "deepracer"], 1, &["has no service `deepracer`", "AWS has closed the service."]),
        (&["actions", "opsworks-cm2"], 1, &["Did you mean `opsworks-cm`"]),
        (&["actions", "sumerian2"], 1, &["has no service `sumerian2`"]),
        (&["actions", "s3:Get*"], 2, &["`s3:Get*` is no prefix of a service", "slipway iam expand 's3:Get*'"]),
        (&["actions", ""], 1, &["has no service ``"]),
        (&[], 2, &["Usage: slipway iam"]),
    ];
    for (args, code, parts) in cases {
        let run = iam(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(*code), ""), "{args:?}: {}", run.stderr);
        for part in *parts {
            assert!(run.stderr.contains(part), "{args:?} should say {part:?}: {}", run.stderr);
        }
    }
}

#[test]
fn another_reference_can_be_used() {
    let blob = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/lang/data/iam/reference.bin")).unwrap();
    let project =
        Project::new(&[("good.bin", &blob[..]), ("cut.bin", &blob[..1000]), ("text.bin", b"{}"), ("sub/", b"")]);
    let with = |file: &str, args: &[&str]| project.run(args, "", &[("SLIPWAY_IAM_REFERENCE", file)]);
    for file in ["good.bin", ""] {
        let run = with(file, &["iam", "expand", "sqs:SendMessage"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), "sqs:SendMessage  Write\n"), "{}", run.stderr);
    }
    for (file, cause) in [
        ("missing.bin", "No such file"),
        ("sub", "directory"),
        ("cut.bin", "it is damaged"),
        ("text.bin", "it does not begin as one does"),
    ] {
        let run = with(file, &["iam", "expand", "sqs:SendMessage"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{file}");
        for part in [&format!("the file {file}, which SLIPWAY_IAM_REFERENCE names, cannot be used"), cause, "embedded"]
        {
            assert!(run.stderr.contains(part), "{file} should say {part:?}: {}", run.stderr);
        }
    }
}
