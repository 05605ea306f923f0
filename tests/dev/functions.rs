//! Containers on Lambda: events, time-outs and limits in between, and images built for Lambda as they are.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use slipway_tests::{Dev, Project};

use crate::support::{Container, dockerfile, ready, runtimes, typed};

fn function(deployment: &str, more: &'static str) -> Project {
    typed(deployment, &[Container { name: "api", pattern: "/*", more }])
}

const LAMBDA: &str = "    compute:\n      type: awsLambda\n";

#[test]
fn a_plain_server_runs_as_a_function() {
    for runtime in runtimes() {
        for deployment in ["aws@1.0", "awsApi@1.0"] {
            let project = function(deployment, LAMBDA);
            let mut session = ready(&project, runtime);
            let fields = session.get("/fields?a=1").body.to_lowercase();
            for name in ["x-amzn-request-context: {", "x-amzn-lambda-context: {", "x-amzn-trace-id: root="] {
                assert!(fields.contains(name), "{runtime} {deployment}: {name} of\n{fields}");
            }
            let environment = session.get("/environment").body;
            for line in ["AWS_LAMBDA_FUNCTION_NAME=shop-dev-api", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=1024"] {
                assert!(environment.lines().any(|each| each == line), "{line} of\n{environment}");
            }
            let report = |event: &serde_json::Value| {
                event["stream"] == "platform" && event["line"].as_str().unwrap().starts_with("REPORT RequestId: ")
            };
            session.wait("log", report);
            assert_eq!(session.stop(), Some(0));
        }
    }
}

#[test]
fn a_changed_function_is_replaced_when_the_new_one_is_ready() {
    for runtime in runtimes() {
        let project = function("aws@1.0", LAMBDA);
        let mut session = ready(&project, runtime);
        assert_eq!(session.get("/version").body, "one");
        std::fs::write(project.path("api/Dockerfile"), dockerfile("two")).unwrap();
        session.wait("reload", |event| event["phase"] == "ready");
        assert_eq!(session.get("/version").body, "two", "{runtime}");
        std::fs::write(project.path("api/Dockerfile"), dockerfile("two") + "ENV MODE=exit:4\n").unwrap();
        session.wait("reload", |event| event["phase"] == "failed");
        assert_eq!(session.get("/version").body, "two", "{runtime}: the one before goes on");
    }
}

#[test]
fn requests_at_the_same_time_have_environments_of_their_own() {
    let project = function("aws@1.0", LAMBDA);
    let mut session = ready(&project, "process");
    let port = session.proxy();
    let clients: Vec<_> =
        (0..3).map(|_| std::thread::spawn(move || Dev::send(port, "GET", "/slow", &[], b"").status)).collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), 200);
    }
    assert!(crate::support::processes_of(&project).len() >= 2, "one works on one request at a time");
}

#[test]
fn what_lambda_would_refuse_is_refused() {
    let api = function("awsApi@1.0", LAMBDA);
    let mut session = ready(&api, "process");
    let body = vec![b'x'; 1024 * 1024 + 1];
    assert_eq!(Dev::send(session.proxy(), "POST", "/body", &[], &body).status, 413, "behind a load balancer: 1 MB");
    let url = function("aws@1.0", LAMBDA);
    let mut session = ready(&url, "process");
    assert_eq!(Dev::send(session.proxy(), "POST", "/body", &[], &body).status, 200, "at its own URL: 6 MB");
}

#[test]
fn t10_a_function_takes_no_websocket() {
    let project = function("awsApi@1.0", LAMBDA);
    let mut session = ready(&project, "process");
    let mut stream = TcpStream::connect(("127.0.0.1", session.proxy())).unwrap();
    stream.write_all(b"GET /socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}

/// A program on the runtime client that AWS publishes, not changed in any way.
fn runtime_client() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "--package", "slipway-lambda", "--example", "runtime_client"]);
    build.env("CARGO_TARGET_DIR", profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(build.status().unwrap().success());
    profile.join("examples/runtime_client")
}

#[test]
fn an_image_built_for_lambda_runs_unchanged() {
    let client = runtime_client();
    for runtime in runtimes() {
        for deployment in ["aws@1.0", "awsApi@1.0"] {
            let project = function(deployment, LAMBDA);
            let folder = project.path("api");
            std::fs::remove_file(folder.join("service")).unwrap();
            std::fs::copy(&client, folder.join("bootstrap")).unwrap();
            // It is linked to the C library, so the image gets that too.
            let listed = Command::new("ldd").arg(&client).output().unwrap().stdout;
            let listed = String::from_utf8(listed).unwrap();
            let libraries = listed.split_whitespace().filter(|word| word.starts_with('/'));
            let mut image = "FROM scratch\nENV HANDLER=http\n".to_owned();
            for library in libraries {
                let name = library.rsplit('/').next().unwrap();
                std::fs::copy(library, folder.join(name)).unwrap();
                image.push_str(&format!("COPY {name} {library}\n"));
            }
            image.push_str("COPY bootstrap /bootstrap\nCMD [\"/bootstrap\"]\n");
            std::fs::write(folder.join("Dockerfile"), image).unwrap();
            let mut session = ready(&project, runtime);
            let answer = Dev::send(session.proxy(), "POST", "/a%2Fb?x=1", &[("content-type", "text/plain")], b"hello");
            assert_eq!(answer.status, 201, "{runtime} {deployment}: {answer:?}");
            let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(told["method"], "POST");
            assert_eq!(told["body"], "hello");
            assert_eq!(told["query"], "x=1");
            assert_eq!(session.stop(), Some(0));
        }
    }
}
