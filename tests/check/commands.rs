//! The commands beside `check` and `init`.

use slipway_tests::Project;

#[test]
fn help_names_what_there_is_and_nothing_else() {
    let project = Project::new::<&str>(&[]);
    let run = project.slipway(&["--help"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let commands: Vec<&str> = run
        .stdout
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|word| !word.is_empty()))
        .collect();
    assert_eq!(commands, ["check", "schema", "init", "route", "iam", "dev", "completions", "help"]);
}

#[test]
fn wrong_usage_is_answered_with_the_nearest_right_one() {
    let project = Project::new::<&str>(&[]);
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage: slipway"),
        (&["chek"], "'check'"),
        (&["check", "--recursiv"], "'--recursive'"),
        (&["completions", "bsh"], "'bash'"),
        (&["deploy"], "unrecognized subcommand 'deploy'"),
    ];
    for (args, part) in cases {
        let run = project.slipway(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(part), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn the_version_is_printed() {
    let run = Project::new::<&str>(&[]).slipway(&["--version"]);
    assert_eq!((run.code, run.stdout), (Some(0), format!("slipway {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_schema_is_the_one_checked_in() {
    let project = Project::new::<&str>(&[]);
    let checked_in = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/serverless.containers.schema.json");
    let run = project.slipway(&["schema"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout, std::fs::read_to_string(checked_in).unwrap());
    let newer: serde_json::Value =
        serde_json::from_str(&project.slipway(&["schema", "--draft", "2020-12"]).stdout).unwrap();
    assert_eq!(newer["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn completions_know_the_commands_and_flags() {
    let project = Project::new::<&str>(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = project.slipway(&["completions", shell]);
        assert_eq!(run.code, Some(0), "{shell}");
        assert!(run.stdout.contains("stdin-path") && run.stdout.contains("validate"), "{shell}");
    }
    let run = project.slipway(&["completions", "bash", "--json"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn colour_is_for_terminals_alone() {
    let project = Project::new(&[("a.yml", "name: [\n")]);
    assert!(!project.slipway(&["check", "a.yml"]).stdout.contains('\u{1b}'));
    let forced = |args: &[&str], environment: &[(&str, &str)]| {
        let environment = [&[("CLICOLOR_FORCE", "1")], environment].concat();
        project.run(&[&["check", "a.yml"], args].concat(), "", &environment).stdout.contains('\u{1b}')
    };
    assert!(forced(&[], &[]));
    assert!(!forced(&["--no-color"], &[]));
    assert!(!forced(&[], &[("NO_COLOR", "1")]));
}

#[test]
fn debug_says_what_is_looked_at() {
    let project =
        Project::new(&[("serverless.containers.yml", super::CLEAN), (".env.prod", "AWS_REGION=eu-north-1\n")]);
    let run = project.slipway(&["check", "--debug", "--stage", "prod"]);
    assert!(run.stderr.contains("serverless.containers.yml: stage prod, region eu-north-1"), "{}", run.stderr);
    let run = project.run(&["check", "--debug"], "", &[("SERVERLESS_STAGE", "test")]);
    assert!(run.stderr.contains("stage test, region not named"), "{}", run.stderr);
}
