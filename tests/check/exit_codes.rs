//! Exit codes: what fails a check, and what does not.

use slipway_tests::Project;

use super::CLEAN;

#[test]
fn the_gravest_finding_decides() {
    let with = |line: &str| format!("{CLEAN}{line}\n");
    let error = with("containrs: {}");
    let blocker = CLEAN[..CLEAN.find("containers:").unwrap()].to_owned() + "containers: {}\n";
    let warning = with("stages: {prod: {extra: 1}}");
    let info = with("org: acme");
    let silenced = with("stages: {prod: {extra: 1}} # slipway-ignore: SCF019");
    // Text, and the exit codes without flags, with --strict, with --deny warnings, and with both.
    let cases = [
        ("clean", CLEAN, [0, 0, 0, 0]),
        ("info", &info, [0, 0, 0, 0]),
        ("silenced", &silenced, [0, 0, 0, 0]),
        ("warning", &warning, [0, 0, 1, 1]),
        ("blocker", &blocker, [0, 1, 1, 1]),
        ("error", &error, [1, 1, 1, 1]),
    ];
    let flags: [&[&str]; 4] = [&[], &["--strict"], &["--deny", "warnings"], &["--strict", "--deny", "warnings"]];
    for (name, text, codes) in cases {
        let project = Project::new(&[("serverless.containers.yml", text)]);
        for (flags, code) in flags.iter().zip(codes) {
            for format in ["human", "json", "sarif", "github", "junit"] {
                let run = project.slipway(&[&["check", "--no-disk", "--format", format], *flags].concat());
                assert_eq!(run.code, Some(code), "{name} with {flags:?} as {format}:\n{}", run.stdout);
                assert_eq!(run.stderr, "", "{name}");
            }
        }
    }
}

#[test]
fn one_bad_file_among_good_ones_is_enough() {
    let project = Project::new(&[("a/serverless.containers.yml", CLEAN), ("b/serverless.containers.yml", "name: [\n")]);
    let run = project.slipway(&["check", "--recursive", "--no-disk"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("in 1 of 2 files"), "{}", run.stdout);
}

#[test]
fn the_alias_does_the_same() {
    let project = Project::new(&[("serverless.containers.yml", "name: [\n")]);
    let (check, validate) = (project.slipway(&["check"]), project.slipway(&["validate"]));
    assert_eq!((check.code, &check.stdout), (Some(1), &validate.stdout));
}
