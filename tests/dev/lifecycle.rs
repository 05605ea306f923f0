//! Start, stop, and what is left.

use std::io::{BufRead, BufReader};
use std::process::Command;

use slipway_tests::{Dev, Project, docker_answers};

use crate::support::{
    Container, at, configuration, engine_lists, eventually, is_alive, processes_of, project, ready, runtimes,
};

#[test]
fn t01_everything_runs_without_credentials() {
    let more = "    environment:\n      GREETING: hello\n";
    for runtime in runtimes() {
        let project = project(&[Container { name: "api", pattern: "/api/*", more }]);
        let mut session = ready(&project, runtime);
        let environment = session.get("/api/environment").body;
        let lines: Vec<&str> = environment.lines().collect();
        for expected in [
            "GREETING=hello",
            "SERVERLESS_LOCAL=true",
            "SERVERLESS_NAMESPACE=shop",
            "SERVERLESS_STAGE=dev",
            "SERVERLESS_CONTAINER_NAME=api",
            "SERVERLESS_COMPUTE_TYPE=awsFargateEcs",
            "TERM=xterm-256color",
        ] {
            assert!(lines.contains(&expected), "{runtime}: {expected} of\n{environment}");
        }
        assert!(!environment.contains("AWS_ACCESS_KEY_ID") && !environment.contains("AWS_SECRET"), "{environment}");
        assert_eq!(session.stop(), Some(0));
    }
}

#[test]
fn t02_a_foreign_container_of_the_same_name_is_untouched() {
    if !docker_answers() {
        return;
    }
    let project = project(&[at("api", "/*")]);
    let image = format!("slipway-test-foreign-{}", std::process::id());
    let docker = |args: &[&str]| {
        let output = Command::new("docker").args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    docker(&["build", "--tag", &image, &project.path("api").to_string_lossy()]);
    // The name is the container's key, which the original tool would remove.
    let name = format!("api-{}", std::process::id());
    let foreign = docker(&["run", "--detach", "--name", &name, &image]);
    let mut session = ready(&project, "docker");
    session.stop();
    assert_eq!(docker(&["inspect", "--format", "{{.State.Running}}", &foreign]), "true");
    docker(&["rm", "--force", &foreign]);
    docker(&["rmi", "--force", &image]);
}

#[test]
fn t03_two_projects_run_side_by_side() {
    for runtime in runtimes() {
        let (one, other) = (project(&[at("api", "/*")]), project(&[at("api", "/*")]));
        let (mut first, mut second) = (ready(&one, runtime), ready(&other, runtime));
        assert_eq!(first.stop(), Some(0));
        assert_eq!(second.get("/x").body, "GET /x", "{runtime}");
        assert_eq!(second.stop(), Some(0));
    }
}

#[test]
fn t04_what_a_killed_session_left_is_removed() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut killed = ready(&project, runtime);
        killed.signal("KILL");
        killed.ended();
        let before = if runtime == "docker" { engine_lists(&project) } else { format!("{:?}", processes_of(&project)) };
        assert!(before.len() > 2, "{runtime}: something has to be left for this test");
        let mut session = Dev::start(&project, &["--runtime", runtime]);
        session.diagnosis("DEV005");
        session.wait("ready", |_| true);
        assert_eq!(session.seen().iter().filter(|event| event["event"] == "exit").count(), 0);
        let now = if runtime == "docker" { engine_lists(&project) } else { format!("{:?}", processes_of(&project)) };
        assert_ne!(before, now);
        session.stop();
    }
}

#[test]
fn clean_removes_what_a_killed_session_left() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut killed = ready(&project, runtime);
        killed.signal("KILL");
        killed.ended();
        let clean = || {
            let mut command = Command::new(slipway_tests::slipway());
            command.args(["dev", "clean"]).current_dir(project.folder());
            command.env("XDG_STATE_HOME", project.folder().join(".state")).output().unwrap()
        };
        let said = |output: std::process::Output| String::from_utf8(output.stderr).unwrap();
        assert_eq!(said(clean()), "One container of an earlier session was removed.\n", "{runtime}");
        assert_eq!(said(clean()), "Nothing was left of an earlier session.\n");
        assert_eq!(engine_lists(&project), "");
        eventually("its processes end", || processes_of(&project).is_empty());
    }
}

#[test]
fn a_second_session_of_a_project_is_refused() {
    let project = project(&[at("api", "/*")]);
    let mut first = ready(&project, "process");
    let mut second = Dev::start(&project, &["--runtime", "process"]);
    assert_eq!(second.ended(), Some(3));
    let stderr = second.stderr();
    assert!(stderr.contains(&format!("process {}", first.id())), "{stderr}");
    assert_eq!(first.get("/x").status, 200, "the first one is not disturbed");
}

#[test]
fn t21_one_signal_stops_everything() {
    for (signal, code) in [("TERM", 0), ("HUP", 0), ("INT", 130)] {
        for runtime in runtimes() {
            let project = project(&[at("api", "/api/*"), at("web", "/*")]);
            let mut session = ready(&project, runtime);
            session.signal(signal);
            assert_eq!(session.ended(), Some(code), "{runtime}");
            session.wait("stopped", |_| true);
            assert_eq!(engine_lists(&project), "");
            assert!(processes_of(&project).is_empty());
        }
    }
}

#[test]
fn t22_a_session_that_ends_while_it_starts_leaves_nothing() {
    for runtime in runtimes() {
        let project =
            project(&[Container { name: "api", pattern: "/*", more: "    environment:\n      MODE: deaf\n" }]);
        let mut session = Dev::start(&project, &["--runtime", runtime]);
        session.wait("build", |event| event["phase"] == "started");
        assert_eq!(session.stop(), Some(0));
        assert_eq!(engine_lists(&project), "");
        eventually("its processes end", || processes_of(&project).is_empty());
    }
}

#[test]
fn t23_the_users_own_port_is_honoured() {
    // Processes of this machine share its ports.
    let port = 20000 + std::process::id() % 20000;
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let more = format!("    environment:\n      PORT: {port}\n");
        let text = configuration("aws@1.0", &[at("api", "/*")]) + &more;
        std::fs::write(project.path("serverless.containers.yml"), text).unwrap();
        let mut session = ready(&project, runtime);
        assert_eq!(session.diagnosis("DEV034")["severity"], "warning");
        assert!(session.get("/environment").body.contains(&format!("PORT={port}\n")), "{runtime}");
    }
}

#[test]
fn t29_keys_that_engines_do_not_take_start() {
    for runtime in runtimes() {
        let project = project(&[at("my_api", "/my/*"), at("A", "/*")]);
        let mut session = ready(&project, runtime);
        assert_eq!(session.get("/my/x").body, "GET /my/x");
        assert_eq!(session.get("/x").body, "GET /x");
    }
}

#[test]
fn what_runs_elsewhere_is_not_started() {
    let project = project(&[at("api", "/api/*"), at("web", "/*")]);
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = elsewhere.local_addr().unwrap();
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for mut stream in elsewhere.incoming().flatten() {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nelsewhere");
        }
    });
    let mut session = Dev::ready(&project, &["--runtime", "process", "--target", &format!("api={address}")]);
    assert_eq!(session.get("/api/x").body, "elsewhere");
    assert_eq!(session.get("/x").body, "GET /x");
    assert_eq!(processes_of(&project).len(), 1);
}

#[test]
fn only_the_named_containers_are_started() {
    let project = project(&[at("api", "/api/*"), at("web", "/*")]);
    let mut session = Dev::ready(&project, &["--runtime", "process", "web"]);
    assert_eq!(session.get("/x").status, 200);
    assert_eq!(session.get("/api/x").status, 503, "nobody is there");
    let mut unknown = Dev::start(&project, &["--runtime", "process", "--container", "wep"]);
    assert_eq!(unknown.ended(), Some(2));
    assert!(unknown.stderr().contains("there is no container `wep`; there are: api, web"), "{}", unknown.stderr());
}

#[test]
fn a_configuration_with_errors_is_not_run() {
    let project = Project::new(&[("serverless.containers.yml", "name: shop\ncontainers:\n  api:\n    srk: ./api\n")]);
    let mut session = Dev::start(&project, &[]);
    assert_eq!(session.ended(), Some(1));
    let stderr = session.stderr();
    assert!(stderr.contains("serverless.containers.yml:4: SCF") && stderr.contains("slipway check"), "{stderr}");
}

#[test]
fn the_port_that_is_taken_names_its_holder() {
    let project = project(&[at("api", "/*")]);
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let mut session = Dev::start(&project, &["--runtime", "process", "--port-proxy", &port]);
    assert_eq!(session.ended(), Some(1));
    let stderr = session.stderr();
    let own = format!("process {}", std::process::id());
    assert!(stderr.contains("DEV003") && stderr.contains(&own) && stderr.contains("--port-proxy 0"), "{stderr}");
    assert!(processes_of(&project).is_empty());
}

#[test]
fn the_end_of_the_program_that_reads_the_events_is_the_end() {
    let project = project(&[at("api", "/*")]);
    let mut command = Command::new(slipway_tests::slipway());
    command.args(["dev", "--log-format", "json", "--port-proxy", "0", "--port-control", "off", "--runtime", "process"]);
    command.current_dir(project.folder()).env("XDG_STATE_HOME", project.folder().join(".state"));
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut process = command.spawn().unwrap();
    let id = process.id();
    let mut first = String::new();
    let mut reader = BufReader::new(process.stdout.take().unwrap());
    while !first.contains("\"ready\"") {
        first.clear();
        assert_ne!(reader.read_line(&mut first).unwrap(), 0);
    }
    drop(process.stdin.take());
    std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    assert_eq!(process.wait().unwrap().code(), Some(0));
    assert!(!is_alive(id) && processes_of(&project).is_empty());
}
