//! Starter projects.

use slipway_tests::Project;

#[test]
fn every_template_checks_without_a_finding() {
    for template in ["node", "python", "rust"] {
        let project = Project::new::<&str>(&[]);
        let run = project.slipway(&["init", "My Shop", "--template", template]);
        assert_eq!(run.code, Some(0), "{template}: {run:?}");
        assert!(project.read("My Shop/serverless.containers.yml").contains("name: my-shop\n"));
        for file in run.stdout.lines().filter_map(|line| line.strip_prefix("  ")) {
            assert!(project.path(file).is_file(), "{template}: {file}");
        }
        let run = project.slipway(&["check", "My Shop", "--strict", "--deny", "warnings", "--verbose"]);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (Some(0), "No problems found in My Shop/serverless.containers.yml.\n", ""),
            "{template}"
        );
    }
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    for args in [&["init"][..], &["init", "--yes"]] {
        let project = Project::new::<&str>(&[]);
        let run = project.run(args, "2\n", &[]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert!(project.path("api/index.js").is_file());
    }
}

#[test]
fn json_lists_what_was_written() {
    let run = Project::new::<&str>(&[]).slipway(&["init", "a/b", "--json", "--template", "python"]);
    let written: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&written["name"], &written["folder"]), (&"b-app".into(), &"a/b".into()));
    assert!(written["files"].as_array().unwrap().contains(&"api/main.py".into()));
}

#[test]
fn nothing_is_ever_overwritten() {
    let cases: &[(&str, i32)] = &[
        ("serverless.containers.yml", 1),
        ("serverless.containers.json", 1),
        ("serverless.containers.ts", 1),
        ("api/index.js", 1),
        (".gitignore", 1),
        ("api", 1),
        ("unrelated.txt", 0),
        ("api/other.js", 0),
    ];
    for (file, code) in cases {
        let project = Project::new(&[(*file, "mine")]);
        let run = project.slipway(&["init", "--template", "node"]);
        assert_eq!(run.code, Some(*code), "{file}: {run:?}");
        assert_eq!(project.read(file), "mine");
        if *code != 0 {
            assert!(run.stderr.contains(file) && run.stderr.contains("help: "), "{file}: {}", run.stderr);
            assert!(!project.path("README.md").exists(), "{file}: nothing is written");
        }
    }
}

#[test]
fn wrong_usage_is_refused() {
    let project = Project::new(&[("file", "")]);
    let cases: &[(&[&str], i32, &str)] = &[
        (&["init", "--template", "cobol"], 2, "possible values: node, python, rust"),
        (&["init", "file"], 1, "file is a file, and a project needs a folder"),
        (&["init", "--config", "a.yml"], 2, "Leave out --config"),
    ];
    for (args, code, part) in cases {
        let run = project.slipway(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(*code), ""), "{args:?}");
        assert!(run.stderr.contains(part), "{args:?}: {}", run.stderr);
    }
}
