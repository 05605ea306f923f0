//! What is wrong, in words.

use slipway_tests::Dev;

use crate::support::{Container, at, project, ready, runtimes, typed};

fn with_mode(more: &'static str) -> Container {
    Container { name: "api", pattern: "/*", more }
}

#[test]
fn t05_a_server_on_loopback_is_told_what_to_do() {
    for runtime in runtimes() {
        let project = project(&[with_mode("    environment:\n      MODE: loopback\n")]);
        let mut session = Dev::start(&project, &["--runtime", runtime]);
        let diagnosis = session.diagnosis("DEV032");
        assert_eq!(diagnosis["code"], "LISTEN_LOOPBACK");
        assert_eq!(diagnosis["container"], "api");
        // On this machine it works all the same; in a container nobody can reach it.
        assert_eq!(diagnosis["severity"], if runtime == "docker" { "error" } else { "warning" });
        let message = diagnosis["message"].as_str().unwrap();
        assert!(message.contains("It listens on 127.0.0.1:"), "{message}");
        assert!(message.contains("Deployed on Fargate its health check would fail"), "{message}");
        assert!(diagnosis["remedy"].as_str().unwrap().contains("0.0.0.0"), "{diagnosis}");
    }
}

#[test]
fn t06_another_port_no_server_and_an_exit_are_told_apart() {
    for runtime in runtimes() {
        let run = |more| {
            let project = project(&[with_mode(more)]);
            let session = Dev::start(&project, &["--runtime", runtime]);
            (project, session)
        };
        let (_project, mut other) = run("    environment:\n      MODE: other\n");
        let message = other.diagnosis("DEV033")["message"].as_str().unwrap().to_owned();
        assert!(message.contains("It listens on port 3999"), "{message}");
        if runtime == "process" {
            // It can be reached there, so it is.
            other.wait("ready", |_| true);
            assert_eq!(other.get("/x").body, "GET /x");
        }
        other.stop();
        let (_project, mut deaf) = run("    environment:\n      MODE: deaf\n");
        assert_eq!(deaf.diagnosis("DEV035")["code"], "NOTHING_LISTENS");
        let (_project, mut ended) = run("    environment:\n      MODE: exit:1\n");
        let diagnosis = ended.diagnosis("DEV023");
        assert!(diagnosis["message"].as_str().unwrap().contains("exit code 1"), "{diagnosis}");
        assert_eq!(diagnosis["evidence"][0], "Error: cannot go on");
    }
}

#[test]
fn t06_too_much_memory_is_told() {
    if !slipway_tests::docker_answers() {
        return;
    }
    let project = project(&[with_mode("    environment:\n      MODE: memory\n")]);
    let mut session = Dev::start(&project, &["--runtime", "docker"]);
    let diagnosis = session.diagnosis("DEV024");
    assert!(diagnosis["message"].as_str().unwrap().contains("512 MB of `compute.awsFargateEcs.memory`"), "{diagnosis}");
}

#[test]
fn a_crash_loop_ends_with_a_word_and_a_change_ends_it() {
    let project = project(&[with_mode("    environment:\n      MODE: exit:7\n")]);
    let mut session = Dev::start(&project, &["--runtime", "process"]);
    session.diagnosis("DEV023");
    let text = crate::support::configuration("aws@1.0", &[at("api", "/*")]);
    std::fs::write(project.path("serverless.containers.yml"), text).unwrap();
    session.wait("reload", |event| event["phase"] == "ready");
    assert_eq!(session.get("/x").status, 200);
}

#[test]
fn a_health_check_that_redirects_is_told() {
    for runtime in runtimes() {
        let project = project(&[with_mode("    environment:\n      MODE: redirect\n")]);
        let mut session = Dev::start(&project, &["--runtime", runtime]);
        let diagnosis = session.diagnosis("DEV031");
        let message = diagnosis["message"].as_str().unwrap();
        assert!(message.contains("`GET /healthy` answers 301 Moved Permanently, to /elsewhere"), "{message}");
        session.wait("ready", |_| true);
        assert_eq!(session.get("/x").status, 200, "it serves all the same");
    }
}

#[test]
fn a_server_that_closes_connections_is_told() {
    let project = project(&[with_mode("    environment:\n      MODE: rude\n")]);
    let mut session = Dev::start(&project, &["--runtime", "process"]);
    assert_eq!(session.diagnosis("DEV036")["code"], "CLOSES_WITHOUT_ANSWER");
}

#[test]
fn t13_the_target_stage_runs_and_one_that_is_missing_is_named() {
    let stages = "FROM scratch AS dev\nCOPY service /service\nCMD [\"/service\", \"dev\"]\nFROM scratch AS prod\nCOPY service /service\nCMD [\"/service\", \"prod\"]\n";
    for runtime in runtimes() {
        let with = |more| {
            let project = project(&[Container { name: "api", pattern: "/*", more }]);
            std::fs::write(project.path("api/Dockerfile"), stages).unwrap();
            project
        };
        let right = with("    build:\n      options: --target dev\n");
        assert_eq!(ready(&right, runtime).get("/version").body, "dev", "{runtime}");
        let absent = with("    build:\n      options: --target test\n");
        let mut session = Dev::start(&absent, &["--runtime", runtime]);
        let diagnosis = session.diagnosis("DEV013");
        assert!(diagnosis["message"].as_str().unwrap().contains("`dev`, `prod`"), "{diagnosis}");
    }
}

#[test]
fn a_build_that_fails_names_the_line() {
    if !slipway_tests::docker_answers() {
        return;
    }
    let project = project(&[at("api", "/*")]);
    std::fs::write(project.path("api/Dockerfile"), "FROM scratch\nCOPY service /service\nCOPY missing /x\n").unwrap();
    let mut session = Dev::start(&project, &["--runtime", "docker"]);
    let diagnosis = session.diagnosis("DEV010");
    assert!(
        diagnosis["message"].as_str().unwrap().contains("line 3 of its Dockerfile: COPY missing /x"),
        "{diagnosis}"
    );
    assert_eq!(diagnosis["place"]["line"], 2);
}

#[test]
fn t19_t20_every_line_of_a_log_is_shown_whole() {
    for runtime in runtimes() {
        let project = project(&[with_mode("    environment:\n      MODE: logs\n"), at("web", "/web/*")]);
        let mut session = ready(&project, runtime);
        for (stream, name) in [("stdout", "out"), ("stderr", "err")] {
            for number in 0..2000 {
                let line = format!("{name} {number} [ERROR] Duration: START RequestId: x {{\"a\": 1}}");
                session.wait("log", |event| event["stream"] == stream && event["line"] == line.as_str());
            }
        }
    }
}

#[test]
fn secrets_are_masked_wherever_they_turn_up() {
    let more = "    environment:\n      MODE: ''\n      API_TOKEN: ${env:SHOP_TOKEN}\n";
    let project = typed("aws@1.0", &[Container { name: "api", pattern: "/*", more }]);
    std::fs::write(project.path(".env"), "SHOP_TOKEN=hunter2hunter2\n").unwrap();
    let mut session = ready(&project, "process");
    assert!(session.get("/environment?q=hunter2hunter2").body.contains("API_TOKEN=hunter2hunter2"));
    let request = session.wait("request", |_| true);
    assert_eq!(request["path"], "/environment?q=***");
    let all = session.api("GET", "/api/requests", b"").body;
    assert!(!all.contains("hunter2hunter2"), "{all}");
}
