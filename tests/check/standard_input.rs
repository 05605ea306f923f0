//! `--stdin`: the text comes from an editor or a pipe.

use serde_json::Value;
use slipway_tests::Project;

use super::{CLEAN, faulty, mended};

#[test]
fn the_text_on_standard_input_is_checked() {
    let project = Project::new(&[("sub/api/Dockerfile", "FROM scratch\n")]);
    let run = project.run(&["check", "--stdin", "--stdin-path", "sub/serverless.containers.yml"], CLEAN, &[]);
    assert_eq!(run.stdout, "No problems found in sub/serverless.containers.yml.\n");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));

    let run = project.run(&["check", "--stdin", "--json"], &faulty(), &[]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"][0]["path"], "serverless.containers.yml");
    assert_eq!(run.code, Some(1));
}

#[test]
fn the_folder_of_the_named_file_is_looked_at() {
    let project = Project::new(&[("sub/api/Dockerfile", "FROM scratch\n")]);
    let codes = |path: &str, extra: &[&str]| {
        let run = project.run(&[&["check", "--json", "--stdin", "--stdin-path", path], extra].concat(), CLEAN, &[]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let diagnostics = report["files"][0]["diagnostics"].as_array().unwrap().clone();
        diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(
        codes("serverless.containers.yml", &[]).contains(&"SCF080".to_owned()),
        "the source folder is missing there"
    );
    assert!(!codes("sub/serverless.containers.yml", &[]).contains(&"SCF080".to_owned()));
    assert!(!codes("serverless.containers.yml", &["--no-disk"]).contains(&"SCF080".to_owned()));
}

#[test]
fn mended_text_goes_to_standard_output_and_the_report_aside() {
    let project = Project::new(&[("api/Dockerfile", "FROM scratch\n")]);
    let run = project.run(&["check", "--stdin", "--fix", "--json", "--quiet"], &faulty(), &[]);
    assert_eq!(run.stdout, mended());
    let report: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(report["summary"]["errors"], 0);
    assert_eq!(run.code, Some(0));
}

#[test]
fn text_that_needs_no_fix_passes_unchanged() {
    let project = Project::new(&[("api/Dockerfile", "FROM scratch\n")]);
    for text in [CLEAN.to_owned(), CLEAN.replace('\n', "\r\n"), format!("\u{feff}{CLEAN}"), String::new()] {
        assert_eq!(project.run(&["check", "--stdin", "--fix"], &text, &[]).stdout, text);
    }
}
