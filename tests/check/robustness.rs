//! Everything a file may hold: all mistakes in one run, and no file that is too much.

use serde_json::Value;
use slipway_tests::Project;

fn codes(text: &[u8]) -> Vec<String> {
    let project = Project::new(&[("serverless.containers.yml", text)]);
    let run = project.slipway(&["check", "--no-disk", "--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let diagnostics = report["files"][0]["diagnostics"].as_array().cloned().unwrap_or_default();
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ten_mistakes_are_found_in_one_run_around_a_broken_line() {
    let text = "\
name: ab
deployment:
  type: aws
containers:
  web:
    src: ./web
    enviroment: {}
    compute:
      type: lambda
    routing:
      pathPattern: api/*
  broken
  api:
    src: ./api
    compute:
      type: awsFargateEcs
      awsFargateEcs:
        cpu: 300
        memory: \"512\"
        scale:
          - type: min
            min: 0
    routing:
      pathPattern: /api/*
      pathHealthCheck: health
    environment:
      TOKEN:
      PORT: 3000
      LEVEL: ${enw:LEVEL}
";
    let found = codes(text.as_bytes());
    for code in [
        "SCF030", "SCF017", "SCF004", "SCF110", "SCF201", "SCF001", "SCF121", "SCF006", "SCF152", "SCF216", "SCF250",
        "SCF257", "SCF351",
    ] {
        assert!(found.iter().any(|other| other == code), "{code} is not among {found:?}");
    }
}

#[test]
fn hostile_and_accidental_texts_get_an_answer() {
    let bomb = {
        let mut text = "name: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let previous = level - 1;
            let items = vec![format!("*a{previous}"); 9].join(", ");
            text += &format!("a{level}: &a{level} [{items}]\n");
        }
        text
    };
    let conflict = "name: demo\n<<<<<<< ours\ndeployment: {type: aws@1.0}\n=======\ndeployment: {type: awsApi@1.0}\n>>>>>>> theirs\n";
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("alias bomb", bomb.into_bytes(), "SCF001"),
        ("deep brackets", "[".repeat(100_000).into_bytes(), "SCF001"),
        ("deep dashes", "- ".repeat(50_000).into_bytes(), "SCF001"),
        ("merge conflict", conflict.into(), "SCF001"),
        ("empty", Vec::new(), "SCF003"),
        ("a list", b"- a\n- b\n".to_vec(), "SCF003"),
        ("half a line", b"nam".to_vec(), "SCF003"),
        ("JSON", b"{\n\t\"name\": \"demo\",\n\t\"deployment\": {\"type\": \"aws\"}\n}\n".to_vec(), "SCF017"),
        ("byte order mark and CRLF", "\u{feff}name: demo\r\ndeployment:\r\n  type: aws\r\n".into(), "SCF017"),
        ("ten megabytes", [b"name: demo\nx: ".to_vec(), vec![b'y'; 10 << 20]].concat(), "SCF004"),
    ];
    for (what, text, code) in cases {
        let found = codes(&text);
        assert!(found.iter().any(|other| other == code), "{what}: {code} is not among {found:?}");
    }
}

#[test]
fn more_findings_than_anyone_reads_are_counted() {
    let keys: String = (0..1500).map(|number| format!("stray{number}: 1\n")).collect();
    let project = Project::new(&[("serverless.containers.yml", format!("name: demo\n{keys}"))]);
    let run = project.slipway(&["check", "--no-disk"]);
    let last = run.stdout.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("1000 errors in 1 file"), "{last}");
    assert!(last.contains("left out: mend some of these first"), "{last}");
}
