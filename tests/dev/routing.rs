//! Requests through the balancer of a session.

use std::io::{Read, Write};
use std::net::TcpStream;

use slipway_tests::{Dev, docker_answers};

use crate::support::{Container, at, project, ready, runtimes, typed};

#[test]
fn t08_the_most_specific_route_wins_in_any_order() {
    let all = || vec![at("root", "/*"), at("health", "/health"), at("api", "/api/*"), at("png", "/img/*.png")];
    let mut turned = all();
    turned.reverse();
    for (deployment, containers) in [("aws@1.0", all()), ("awsApi@1.0", all()), ("aws@1.0", turned)] {
        let project = typed(deployment, &containers);
        let mut session = ready(&project, "process");
        for (path, container) in [
            ("/", "root"),
            ("/health", "health"),
            ("/healthz", "root"),
            ("/health/x", "root"),
            ("/api", "root"),
            ("/api/", "api"),
            ("/api/x/y", "api"),
            ("/API/x", "root"),
            ("/img/a.png", "png"),
            ("/img/a/b.png", "png"),
            ("/img/a.jpg", "root"),
            ("/img/a.png?size=1", "png"),
        ] {
            assert_eq!(session.get(path).status, 200);
            let request = session.wait("request", |event| event["path"] == path);
            assert_eq!(request["container"], container, "{deployment} {path}");
        }
    }
}

#[test]
fn t10_websockets_pass_to_fargate() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        let mut stream = TcpStream::connect(("127.0.0.1", session.proxy())).unwrap();
        let handshake = "GET /socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
        stream.write_all(handshake.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
        stream.write_all(b"hello").unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"hello");
    }
}

#[test]
fn t11_events_arrive_while_the_answer_goes_on() {
    let project = project(&[at("api", "/*")]);
    let mut session = ready(&project, "process");
    let mut stream = TcpStream::connect(("127.0.0.1", session.proxy())).unwrap();
    stream.write_all(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut text = String::new();
    let mut buffer = [0; 1024];
    // The answer never ends, so what is read here was passed on at once.
    while !text.contains("data: 3\n") {
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
}

#[test]
fn t12_hosts_choose_the_container_and_are_kept() {
    let domain = |name, more| Container { name, pattern: "", more };
    let project = typed(
        "awsApi@1.0",
        &[
            domain("one", "    routing:\n      domain: a.example.com\n      pathPattern: /*\n"),
            domain("two", "    routing:\n      domain: b.example.com\n      pathPattern: /*\n"),
        ],
    );
    let mut session = ready(&project, "process");
    let port = session.proxy();
    for (host, container) in [("a.example.com", "one"), ("B.example.com", "two")] {
        let answer = Dev::send(port, "GET", "/fields", &[("host", host)], b"");
        let request = session.wait("request", |event| event["host"] == host);
        assert_eq!(request["container"], container);
        assert!(
            answer.body.contains(&format!("Host: {}\n", host.to_lowercase()))
                || answer.body.to_lowercase().contains(&format!("host: {}", host.to_lowercase())),
            "{}",
            answer.body
        );
    }
}

#[test]
fn containers_reach_each_other_by_their_keys() {
    if !docker_answers() {
        return;
    }
    // An address that only the network of the session knows.
    let project = project(&[at("api", "/api/*"), at("web", "/*")]);
    let mut session = ready(&project, "docker");
    assert_eq!(session.get("/api/x").status, 200);
    let config = project.path("serverless.containers.yml").canonicalize().unwrap();
    let filter = format!("label=dev.slipway.config={}", config.display());
    let docker = |args: &[&str]| {
        String::from_utf8(std::process::Command::new("docker").args(args).output().unwrap().stdout).unwrap()
    };
    let ids = docker(&["ps", "--quiet", "--filter", &filter]);
    let aliases: Vec<String> = ids
        .lines()
        .map(|id| docker(&["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}", id]))
        .collect();
    for name in ["api", "web"] {
        assert!(aliases.iter().any(|all| all.contains(name)), "{aliases:?}");
    }
}

#[test]
fn bodies_pass_both_ways() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        let body = "x".repeat(300_000);
        let answer = Dev::send(session.proxy(), "POST", "/body", &[], body.as_bytes());
        assert_eq!((answer.status, answer.body.len()), (200, body.len()), "{runtime}");
    }
}
