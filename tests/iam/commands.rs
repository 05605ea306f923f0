//! The command itself: its inputs, its forms of output, its exit codes.

use serde_json::Value;
use slipway_tests::Project;

const GOOD: &str = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::report-archive/*\"}]}";
const BAD: &str = "Version: '2012-10-17'\nId: x\nStatement:\n- effect: Allow\n  Action: s3:GetObject\n  Resource: arn:aws:s3:::report-archive/*\n";

fn codes(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let diagnostics =
        report["files"].as_array().unwrap().iter().flat_map(|file| file["diagnostics"].as_array().unwrap());
    diagnostics
        .map(|each| {
            format!(
                "{} {} {}",
                each["code"].as_str().unwrap(),
                each["severity"].as_str().unwrap(),
                each["path"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn policies_in_json_and_yaml_are_linted() {
    let project = Project::new(&[("good.json", GOOD), ("bad.yaml", BAD)]);
    let run = project.slipway(&["iam", "lint", "--json", "good.json", "bad.yaml"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(codes(&run.stdout), ["IAM012 warning Id", "IAM020 error Statement[0].effect"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&report["version"], &report["summary"]["files"]), (&1.into(), &2.into()));
    let good = project.slipway(&["iam", "lint", "good.json"]);
    assert_eq!((good.code, good.stderr.as_str()), (Some(0), ""));
}

#[test]
fn exit_codes_go_by_severity() {
    let warned = BAD.replace("effect", "Effect");
    let project = Project::new(&[("warned.yaml", &*warned), ("bad.yaml", BAD)]);
    for (arguments, code) in [
        (&["warned.yaml"][..], 0),
        (&["warned.yaml", "--strict"], 1),
        (&["warned.yaml", "--deny", "warnings"], 1),
        (&["bad.yaml"], 1),
        (&["gone.yaml"], 2),
        (&["bad.yaml", "gone.yaml"], 2),
        (&[], 2),
        (&["bad.yaml", "--account-id", "12"], 2),
        (&["bad.yaml", "--enable", "IAM999"], 2),
        (&["bad.yaml", "--enable", "SCF001"], 2),
        (&["bad.yaml", "--compat", "terraform"], 2),
    ] {
        let command: Vec<&str> = ["iam", "lint"].iter().chain(arguments).copied().collect();
        let run = project.slipway(&command);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
    }
}

#[test]
fn every_form_of_output_names_the_finding() {
    let project = Project::new(&[("bad.yaml", BAD)]);
    for format in ["human", "json", "sarif", "github", "junit"] {
        let run = project.slipway(&["iam", "lint", "--format", format, "bad.yaml"]);
        assert!(run.stdout.contains("IAM020"), "{format}: {run:?}");
    }
}

#[test]
fn of_a_configuration_only_the_policies_are_linted() {
    let policy = BAD.replace('\n', "\n          ");
    let config = format!(
        "name: Not A Name\nsurprise: 1\ncontainers:\n  api:\n    compute:\n      awsIam:\n        customPolicy:\n          {policy}\n"
    );
    let project = Project::new(&[("serverless.containers.yml", &*config)]);
    let expected = [
        "IAM012 warning containers.api.compute.awsIam.customPolicy.Id",
        "IAM020 error containers.api.compute.awsIam.customPolicy.Statement[0].effect",
    ];
    let run = project.slipway(&["iam", "lint", "--json", "serverless.containers.yml"]);
    assert_eq!(codes(&run.stdout), expected);
    let run = project.slipway(&["check", "--json"]);
    let found = codes(&run.stdout);
    assert!(expected.iter().all(|code| found.iter().any(|each| each == code)), "{found:?}");
    assert!(found.iter().any(|each| each.starts_with("SCF")), "{found:?}");
}

#[test]
fn findings_can_be_silenced_by_a_comment() {
    let silenced =
        BAD.replace("Id: x", "Id: x # slipway-ignore IAM012: kept for the auditors").replace("effect", "Effect");
    let project = Project::new(&[("policy.yaml", &*silenced)]);
    let run = project.slipway(&["iam", "lint", "--json", "policy.yaml"]);
    assert_eq!(codes(&run.stdout), Vec::<String>::new());
}

#[test]
fn what_is_no_policy_at_all_is_reported() {
    for (text, expected) in
        [("", "IAM001 error "), ("[]", "IAM001 error "), ("text", "IAM001 error "), ("{", "SCF001 error ")]
    {
        let project = Project::new(&[("policy.yaml", text)]);
        let run = project.slipway(&["iam", "lint", "--json", "policy.yaml"]);
        assert!(codes(&run.stdout).contains(&expected.to_owned()), "{text:?}: {run:?}");
        assert_eq!(run.code, Some(1));
    }
}
