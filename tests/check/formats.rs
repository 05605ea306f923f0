//! The forms in which findings are printed, held by snapshots.

use serde_json::Value;
use slipway_tests::Project;

/// A file with findings of most severities, fixes, related places, a long line, wide characters and a tab.
const FAULTS: &str = include_str!("../fixtures/check/faults.yml");
/// A file that is well formed and cannot be deployed.
const EMPTY: &str = include_str!("../fixtures/check/empty.yml");

fn printed(format: &str) -> String {
    let project = Project::new(&[
        ("serverless.containers.yml", FAULTS),
        ("empty/serverless.containers.yml", EMPTY),
        ("clean/serverless.containers.yml", super::CLEAN),
    ]);
    let paths = ["serverless.containers.yml", "empty", "clean"];
    let run = project.slipway(&[&["check", "--no-disk", "--verbose", "--format", format], &paths[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{format}");
    run.stdout
}

#[test]
fn human() {
    insta::assert_snapshot!(printed("human"));
}

#[test]
fn json() {
    insta::assert_snapshot!(printed("json"));
}

#[test]
fn github() {
    insta::assert_snapshot!(printed("github"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(printed("junit"));
}

#[test]
fn sarif() {
    // The pages of the rules have their own tests.
    let mut log: Value = serde_json::from_str(&printed("sarif")).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        assert!(!rule["help"]["markdown"].as_str().unwrap().is_empty());
        rule.as_object_mut().unwrap().remove("help");
    }
    log["runs"][0]["tool"]["driver"]["version"] = "[version]".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn sarif_follows_its_schema() {
    let mut schema: Value = serde_json::from_str(include_str!("../fixtures/sarif/sarif-schema-2.1.0.json")).unwrap();
    // Its expression for languages has a bracket too many; nothing that is written has that property.
    for place in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{place}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let project = Project::new::<&str>(&[]);
    let unreadable = project.slipway(&["check", "--format", "sarif", "gone.yml"]).stdout;
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/corpus");
    let files = ["invalid", "valid", "complete"].map(|folder| std::fs::read_dir(format!("{corpus}/{folder}")).unwrap());
    let files: Vec<_> = files.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    let files = files.iter().map(|file| file.to_str().unwrap());
    let args: Vec<&str> = ["check", "--no-disk", "--format", "sarif"].into_iter().chain(files).collect();
    let many = project.slipway(&args).stdout;
    assert!(serde_json::from_str::<Value>(&many).unwrap()["runs"][0]["results"].as_array().unwrap().len() > 100);
    for text in [printed("sarif"), unreadable, many] {
        let log: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

/// What every form says about one finding agrees.
#[test]
fn the_forms_count_alike() {
    let json: Value = serde_json::from_str(&printed("json")).unwrap();
    let sarif: Value = serde_json::from_str(&printed("sarif")).unwrap();
    let count = |level: &str| usize::try_from(json["summary"][level].as_u64().unwrap()).unwrap();
    let all = count("errors") + count("warnings") + count("infos") + count("hints");
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), all);
    assert_eq!(printed("github").lines().count(), all);
    assert_eq!(printed("junit").matches("<testcase ").count(), all + 1, "and one for the clean file");
    assert_eq!(printed("human").matches("docs/rules/").count(), all);
    assert_eq!(printed("github").matches("::error ").count(), count("errors"));
    assert_eq!(printed("junit").matches("<failure ").count(), count("errors"));
}

/// A secret in the environment or in the file is not shown in any form.
#[test]
fn secrets_are_never_shown() {
    let text = "name: ${env:API_TOKEN}\ndeployment: aws@1.0\ncontainers:\n  api:\n    environment:\n      DB_PASSWORD: correct-horse-battery\n";
    let project = Project::new(&[("serverless.containers.yml", text), (".env", "SIGNING_SECRET=wrong-horse\n")]);
    for format in ["human", "json", "sarif", "github", "junit"] {
        let run = project.run(
            &["check", "--verbose", "--debug", "--format", format],
            "",
            &[("API_TOKEN", "tok-0123456789-never-shown")],
        );
        assert_eq!(run.code, Some(1), "{format}");
        for secret in ["never-shown", "wrong-horse", "correct-horse"] {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{format}: {}", run.stdout);
        }
    }
}
