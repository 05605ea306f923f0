//! `--fix`: what is certain is mended in the file.

use slipway_tests::Project;

use super::{CLEAN, faulty, mended};

#[test]
fn safe_fixes_are_applied_and_told() {
    let project = Project::new(&[("serverless.containers.yml", &*faulty()), ("api/Dockerfile", "FROM scratch\n")]);
    let run = project.slipway(&["check", "--fix"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(project.read("serverless.containers.yml"), mended());
    assert!(
        run.stderr.starts_with(
            "Fixed 1 problem in serverless.containers.yml:\n  SCF006 containers.api.compute.awsLambda.memory: "
        ),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("warning[SCF019]"), "what needs a look is left: {}", run.stdout);
    let again = project.slipway(&["check", "--fix"]);
    assert_eq!(again.stderr, "", "nothing is left to do");
}

#[test]
fn the_rest_of_the_file_stays_as_it_is() {
    let text = format!("\u{feff}# kept\r\n{}", faulty().replace('\n', "  # kept\r\n"));
    let project = Project::new(&[("serverless.containers.yml", &*text), ("api/Dockerfile", "FROM scratch\n")]);
    project.slipway(&["check", "--fix"]);
    assert_eq!(project.read("serverless.containers.yml"), text.replace("'1024'", "1024"));
}

#[test]
fn a_file_that_needs_no_fix_is_not_touched() {
    let project = Project::new(&[("serverless.containers.yml", CLEAN), ("api/Dockerfile", "FROM scratch\n")]);
    let written = || project.path("serverless.containers.yml").metadata().unwrap().modified().unwrap();
    let before = written();
    assert_eq!(project.slipway(&["check", "--fix"]).code, Some(0));
    assert_eq!(written(), before);
}

#[test]
fn no_fix_is_applied_without_being_asked_for() {
    let project = Project::new(&[("serverless.containers.yml", &*faulty())]);
    let run = project.slipway(&["check", "--no-disk"]);
    assert_eq!(project.read("serverless.containers.yml"), faulty());
    assert!(run.stdout.contains("(--fix does it)") && run.stdout.contains("1 fixable with --fix"), "{}", run.stdout);
}
