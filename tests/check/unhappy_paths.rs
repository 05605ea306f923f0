//! Every way in which there is nothing to check: an answer that says why and what to do, and exit code 2.

use slipway_tests::Project;

use super::CLEAN;

/// Files of the project, arguments, and parts that standard error must have.
type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a [&'a str], &'a [&'a str]);

const NAMES: &str =
    "serverless.containers.yml, serverless.containers.yaml and serverless.containers.json were looked for";

#[test]
fn what_cannot_be_checked_is_explained() {
    let clean = CLEAN.as_bytes();
    let cases: &[Case<'_>] = &[
        (&[], &[], &["there is no configuration file in [project]", NAMES, "slipway init", "--config FILE"]),
        (&[("sub/", b"")], &["sub"], &["there is no configuration file in [project]/sub", "slipway init"]),
        (
            &[("serverless.containers.yml", clean), ("sub/", b"")],
            &["--cwd", "sub"],
            &["in [project]/sub", "There is one in [project]", "--cwd [project]"],
        ),
        (&[("serverless.containers.yml/", b"")], &[], &["serverless.containers.yml is a folder", "Rename"]),
        (&[("serverless.containers.ts", b"")], &[], &["serverless.containers.ts is there", "YAML and JSON", "Move"]),
        (&[("a.ts", b"")], &["a.ts"], &["a.ts is a .ts file", "YAML and JSON"]),
        (
            &[("serverless.containers.yml", clean)],
            &["other.yml"],
            &["there is no file other.yml", "Did you mean serverless.containers.yml?"],
        ),
        (&[], &["other.yml"], &["there is no file other.yml", "spelling"]),
        (&[], &["--config", "other.yml"], &["there is no file other.yml"]),
        (&[("sub/", b"")], &["--config", "sub"], &["sub is a folder, and --config names a file"]),
        (&[("a.yml", clean)], &["--config", "a.yml", "a.yml"], &["--config names the file", "Leave out one"]),
        (&[("a.yml", b"name: \xff\n")], &["a.yml"], &["a.yml is not UTF-8 text: line 1", "UTF-8"]),
        (&[("a.yml", b"\xff\xfen\0")], &["a.yml"], &["a.yml is UTF-16 text", "Save it"]),
        (&[("a.yml", b"\x7fELF\x02\x01\x01\0\x90\x90")], &["a.yml"], &["a.yml is not UTF-8 text"]),
        (&[("sub/", b"")], &["--recursive", "sub"], &["[project]/sub or any folder below it", ".gitignore"]),
        (&[], &["--cwd", "nowhere"], &["cannot work in the folder nowhere of --cwd"]),
        (&[], &["/dev/null"], &["/dev/null is not a regular file", "--stdin"]),
        (&[], &["--json", "--format", "sarif"], &["--json and --format", "Leave out one"]),
        (&[], &["--format", "jsn"], &["invalid value 'jsn'", "json"]),
        (&[], &["--formt", "json"], &["unexpected argument '--formt'", "--format"]),
        (&[], &["--param", "x"], &["KEY=VALUE"]),
        (&[], &["--stdin", "a.yml"], &["cannot be used with"]),
        (&[], &["--stdin-path", "a.yml"], &["--stdin"]),
    ];
    for (files, args, parts) in cases {
        let project = Project::new(files);
        let run = project.slipway(&[&["check"], *args].concat());
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert_eq!(run.stdout, "", "{args:?}");
        for part in *parts {
            assert!(run.stderr.contains(part), "{args:?} lacks {part:?}:\n{}", run.stderr);
        }
    }
}

#[test]
fn what_can_be_checked_is_checked_all_the_same() {
    let project = Project::new(&[("good.yml", CLEAN), ("api/Dockerfile", "FROM scratch\n")]);
    let run = project.slipway(&["check", "missing.yml", "good.yml", "--json"]);
    assert_eq!(run.code, Some(2));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"][0]["path"], "good.yml");
    assert_eq!(report["summary"]["files"], 1);
    assert!(run.stderr.contains("there is no file missing.yml"), "{}", run.stderr);
}

#[test]
fn json_is_one_document_even_when_nothing_could_be_checked() {
    let run = Project::new::<&str>(&[]).slipway(&["check", "--json"]);
    assert_eq!(run.code, Some(2));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"], serde_json::json!([]));
}

#[test]
fn a_file_named_twice_is_checked_once() {
    let project = Project::new(&[("serverless.containers.yml", CLEAN), ("api/Dockerfile", "FROM scratch\n")]);
    let run =
        project.slipway(&["check", "--json", ".", "serverless.containers.yml", "./api/../serverless.containers.yml"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(report["files"][0]["path"], "serverless.containers.yml");
}

#[cfg(unix)]
#[test]
fn pipes_and_full_disks_are_no_reason_to_hang_or_panic() {
    use std::process::{Command, Stdio};
    let project = Project::new(&[("a.yml", CLEAN)]);
    let status = Command::new("mkfifo").arg(project.path("pipe.yml")).status().unwrap();
    assert!(status.success());
    let run = project.slipway(&["check", "pipe.yml"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("pipe.yml is not a regular file"), "{}", run.stderr);

    let mut command = Command::new(slipway_tests::slipway());
    command.args(["schema"]).stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("could not be written to standard output"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::{Command, Stdio};
    let mut command = Command::new(slipway_tests::slipway());
    command.args(["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}
