//! What changes is started anew, and until it answers the one before serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use slipway_tests::Dev;

use crate::support::{Container, at, configuration, dockerfile, processes_of, project, ready, runtimes};

#[test]
fn a_change_is_served_and_no_request_fails_meanwhile() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        let port = session.proxy();
        let done = Arc::new(AtomicBool::new(false));
        let count = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let (done, count) = (Arc::clone(&done), Arc::clone(&count));
                std::thread::spawn(move || {
                    while !done.load(Ordering::Relaxed) {
                        let answer = Dev::send(port, "GET", "/version", &[], b"");
                        assert_eq!(answer.status, 200, "{answer:?}");
                        assert!(["one", "two", "three"].contains(&&*answer.body), "{answer:?}");
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for version in ["two", "three"] {
            std::fs::write(project.path("api/Dockerfile"), dockerfile(version)).unwrap();
            let reload = session.wait("reload", |event| event["phase"] == "ready");
            assert_eq!(reload["reason"], "api/Dockerfile changed");
            assert_eq!(session.get("/version").body, version, "{runtime}");
        }
        done.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().unwrap();
        }
        assert!(count.load(Ordering::Relaxed) > 10);
        assert_eq!(session.stop(), Some(0));
    }
}

#[test]
fn t14_a_broken_dockerfile_keeps_the_one_before() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        let write = |text: &str| std::fs::write(project.path("api/Dockerfile"), text).unwrap();
        write("FROM scratch\nCOPY service /service\nCOPY missing /x\nCMD [\"/absent\"]\n");
        session.wait("reload", |event| event["phase"] == "failed");
        assert_eq!(session.get("/version").body, "one", "{runtime}");
        write(&dockerfile("two"));
        write(&dockerfile("three"));
        session.wait("reload", |event| event["phase"] == "ready");
        assert_eq!(session.get("/version").body, "three");
    }
}

#[test]
fn one_that_crashes_after_a_change_keeps_the_one_before() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        std::fs::write(project.path("api/Dockerfile"), dockerfile("one") + "ENV MODE=exit:4\n").unwrap();
        session.diagnosis("DEV023");
        session.wait("reload", |event| event["phase"] == "failed");
        assert_eq!(session.get("/version").body, "one", "{runtime}");
    }
}

#[test]
fn one_that_ends_is_started_again_and_requests_wait_for_it() {
    for runtime in runtimes() {
        let project = project(&[at("api", "/*")]);
        let mut session = ready(&project, runtime);
        let port = session.proxy();
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        std::io::Write::write_all(&mut stream, b"GET /exit HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let exit = session.wait("exit", |_| true);
        assert_eq!(exit["code"], 3, "{runtime}");
        assert_eq!(session.get("/version").body, "one", "it waits until the container is back");
    }
}

#[test]
fn t15_t16_what_counts_as_a_change() {
    let more = "    dev:\n      hooks:\n        onreload: touch reloaded\n      watchExtensions: [ts, .html]\n      excludeDirectories: [out]\n";
    let project = project(&[Container { name: "api", pattern: "/*", more }]);
    let mut session = ready(&project, "process");
    let write = |path: &str| {
        let path = project.path("api").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    };
    // None of these is a change of the source; the last one is.
    for path in ["a.md", "out/x.ts", "node_modules/x/y.ts", "b.test.ts", "c.ts~"] {
        write(path);
    }
    write("test/deep/d.ts");
    let reload = session.wait("reload", |event| event["phase"] == "started");
    assert_eq!(reload["reason"], "api/test/deep/d.ts changed");
    session.wait("reload", |event| event["phase"] == "ready");
    assert!(project.path("api/reloaded").exists(), "the hook ran");
    write("e.html");
    assert_eq!(session.wait("reload", |event| event["phase"] == "started")["reason"], "api/e.html changed");
    session.wait("reload", |event| event["phase"] == "ready");
    // Saved without a change.
    write("e.html");
    write("f.ts");
    assert_eq!(session.wait("reload", |event| event["phase"] == "started")["reason"], "api/f.ts changed");
}

#[test]
fn t25_a_bad_configuration_changes_nothing_and_a_good_one_only_what_it_must() {
    let project = project(&[at("api", "/api/*"), at("web", "/*")]);
    let mut session = ready(&project, "process");
    let before = processes_of(&project);
    let write = |text: String| std::fs::write(project.path("serverless.containers.yml"), text).unwrap();
    write("name: shop\ncontainers: [\n".to_owned());
    let refused = session.diagnosis("DEV062");
    assert!(refused["evidence"][0].as_str().unwrap().contains("serverless.containers.yml:"), "{refused}");
    assert_eq!(session.get("/api/version").body, "one");
    let more = "    environment:\n      ADDED: '1'\n";
    write(configuration("aws@1.0", &[Container { name: "api", pattern: "/v2/*", more }, at("web", "/*")]));
    session.wait("reload", |event| event["container"] == "api" && event["phase"] == "ready");
    assert!(session.get("/v2/environment").body.contains("ADDED=1"));
    assert_eq!(session.get("/api/x").body, "GET /api/x", "web takes it now");
    let after = processes_of(&project);
    assert_eq!(before.iter().filter(|id| after.contains(id)).count(), 1, "only the changed one is another process");
    write(configuration("aws@1.0", &[at("web", "/*")]));
    session.wait("note", |event| event["message"].as_str().unwrap().contains("in force"));
    assert_eq!(session.get("/v2/x").body, "GET /v2/x", "web takes it now");
    crate::support::eventually("the removed one ends", || processes_of(&project).len() == 1);
}

#[test]
fn a_changed_env_file_is_a_changed_configuration() {
    let more = "    environment:\n      LEVEL: ${env:SHOP_LEVEL}\n";
    let project = project(&[Container { name: "api", pattern: "/*", more }]);
    std::fs::write(project.path(".env"), "SHOP_LEVEL=low\n").unwrap();
    let mut session = ready(&project, "process");
    std::fs::write(project.path(".env"), "SHOP_LEVEL=high\n").unwrap();
    session.wait("reload", |event| event["phase"] == "ready");
    assert!(session.get("/environment").body.contains("LEVEL=high"));
}
