use std::time::Duration;

use slipway_balancer::Settings;
use slipway_balancer::group::{Algorithm, GroupSettings, Reason, TargetState};
use slipway_balancer::{Balancer, Rules, TargetGroup};
use slipway_lang::routing::{Profile, Table};
use tokio::io::AsyncWriteExt;

use crate::support::{Notes, Server, Site, Wire, ok, quick, route, until};

async fn says(word: &'static str) -> Server {
    Server::answering(move |_| ok(word)).await
}

#[tokio::test]
async fn alb_242_the_health_check_is_the_balancers_own() {
    let (seen, mut checks) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::answering(move |request| {
        let _ = seen.send(request.clone());
        ok("")
    })
    .await;
    let _site = Site::of(&server).await;
    let check = checks.recv().await.unwrap();
    assert_eq!(check.line, "GET /health HTTP/1.1");
    let fields: Vec<(&str, &str)> = check.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let host = server.address.to_string();
    assert_eq!(
        fields,
        [
            ("Host", host.as_str()),
            ("Connection", "close"),
            ("User-Agent", "ELB-HealthChecker/2.0"),
            ("Accept-Encoding", "gzip, compressed"),
        ]
    );
}

#[tokio::test]
async fn alb_243_alb_248_what_a_check_finds_is_explained() {
    for (answer, reason, word) in [
        (
            "HTTP/1.1 301 Moved Permanently\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
            Reason::ResponseCodeMismatch,
            "redirects",
        ),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Reason::ResponseCodeMismatch, "404"),
        ("junk\r\n\r\n", Reason::FailedHealthChecks, "not HTTP"),
    ] {
        let server = Server::answering(move |_| answer.into()).await;
        let site = Site::of(&server).await;
        let status = site.groups[0].targets().remove(0);
        assert_eq!((status.state, status.reason), (TargetState::Unhealthy, Some(reason)), "{answer}");
        let changes = site.notes.health.lock().unwrap().clone();
        let explanation = changes.last().unwrap().explanation.clone().unwrap();
        for part in ["/health", word, "200"] {
            assert!(explanation.contains(part), "{explanation}");
        }
    }
}

#[tokio::test]
async fn alb_244_a_silent_target_times_out() {
    let server = Server::answering(|_| Vec::new()).await;
    let group = TargetGroup::new({
        let mut settings = quick("web");
        settings.health.timeout = Duration::from_millis(20);
        settings
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    group.register(listener.local_addr().unwrap());
    group.register(server.address);
    assert_eq!(group.targets()[0].state, TargetState::Unused);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group.clone()] };
    let balancer = Balancer::start(Settings::default(), rules, std::sync::Arc::new(Notes::default())).await.unwrap();
    until(|| group.targets().iter().all(|target| target.state == TargetState::Unhealthy)).await;
    let reasons: Vec<_> = group.targets().iter().map(|target| target.reason).collect();
    assert_eq!(reasons, [Some(Reason::Timeout), Some(Reason::FailedHealthChecks)]);
    balancer.stop(Duration::ZERO).await;
    until(|| group.targets()[0].state == TargetState::Unused).await;
    assert_eq!(group.targets()[0].reason, Some(Reason::NotInUse));
}

#[tokio::test]
async fn alb_245_only_healthy_targets_get_requests_and_all_if_none_is() {
    let (well, unwell) = (
        says("well").await,
        Server::answering(|request| {
            if request.line.contains("/health") {
                b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_vec()
            } else {
                ok("unwell")
            }
        })
        .await,
    );
    let site =
        Site::routing(&[("web", "/*")], Profile::Alb, Settings::default(), |_| vec![well.address, unwell.address])
            .await;
    for _ in 0..4 {
        assert_eq!(site.get("/").await.text(), "well");
    }
    let id = site.groups[0].targets()[0].id;
    site.groups[0].deregister(id);
    assert_eq!(site.get("/").await.text(), "unwell");
}

#[tokio::test]
async fn alb_250_alb_254_targets_answer_in_turn_on_one_connection() {
    let servers = [says("a").await, says("b").await, says("c").await];
    let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
    let site = Site::routing(&[("web", "/*")], Profile::Alb, Settings::default(), |_| addresses.clone()).await;
    let mut client = site.connect().await;
    let mut words = String::new();
    for _ in 0..9 {
        words += &client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.text();
    }
    assert!(["abcabcabc", "bcabcabca", "cabcabcab"].contains(&words.as_str()), "{words}");
}

/// A balancer for one group with two targets that are well.
async fn pair(settings: GroupSettings, first: &Server, second: &Server) -> (Balancer, std::sync::Arc<TargetGroup>) {
    let group = TargetGroup::new(settings);
    group.register(first.address);
    group.register(second.address);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group.clone()] };
    let balancer = Balancer::start(Settings::default(), rules, std::sync::Arc::new(Notes::default())).await.unwrap();
    until(|| group.targets().iter().all(|target| target.state == TargetState::Healthy)).await;
    (balancer, group)
}

#[tokio::test]
async fn alb_250_the_least_busy_target_is_chosen() {
    let busy = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let idle = says("idle").await;
    let settings = GroupSettings { algorithm: Algorithm::LeastOutstandingRequests, ..quick("web") };
    let (balancer, group) = pair(settings, &busy, &idle).await;
    let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let mut waiting = Wire::connect(balancer.addresses()[0]).await;
    waiting.send(request).await;
    until(|| group.targets()[0].outstanding == 1).await;
    for _ in 0..5 {
        assert_eq!(Wire::connect(balancer.addresses()[0]).await.ask(request).await.text(), "idle");
    }
}

#[tokio::test]
async fn alb_251_a_new_target_starts_slowly() {
    let (old, new) = (says("old").await, says("new").await);
    let slow_start = Some(Duration::from_mins(15));
    let (balancer, _group) = pair(GroupSettings { slow_start, ..quick("web") }, &old, &new).await;
    let mut client = Wire::connect(balancer.addresses()[0]).await;
    let mut new_count = 0;
    for _ in 0..40 {
        new_count += usize::from(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.text() == "new");
    }
    assert!(new_count <= 5, "{new_count} of 40");
}

#[tokio::test]
async fn alb_252_a_deregistered_target_finishes_what_it_has() {
    let (go_on, wait) = tokio::sync::watch::channel(false);
    let server = Server::scripted(move |mut wire, _| {
        let mut wait = wait.clone();
        async move {
            wait.wait_for(|go| *go).await.unwrap();
            wire.stream.write_all(&ok("late")).await.unwrap();
        }
    })
    .await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    until(|| site.groups[0].targets()[0].outstanding == 1).await;
    let id = site.groups[0].targets()[0].id;
    site.groups[0].deregister(id);
    let status = site.groups[0].targets().remove(0);
    assert_eq!((status.state, status.reason), (TargetState::Draining, Some(Reason::DeregistrationInProgress)));
    assert_eq!(site.get("/").await.status(), 503);
    go_on.send(true).unwrap();
    assert_eq!(client.message(false).await.unwrap().text(), "late");
    until(|| site.groups[0].targets().is_empty()).await;
}

#[tokio::test]
async fn alb_252_after_the_delay_what_is_left_is_a_502() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let group = TargetGroup::new(GroupSettings { deregistration_delay: Duration::from_millis(50), ..quick("web") });
    let id = group.register(server.address);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group.clone()] };
    let balancer = Balancer::start(Settings::default(), rules, std::sync::Arc::new(Notes::default())).await.unwrap();
    until(|| group.targets()[0].state == TargetState::Healthy).await;
    let mut client = Wire::connect(balancer.addresses()[0]).await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    until(|| group.targets()[0].outstanding == 1).await;
    group.deregister(id);
    assert_eq!(client.message(false).await.unwrap().status(), 502);
}

#[tokio::test]
async fn alb_247_requests_wait_while_their_container_is_made_anew() {
    let (old, new) = (says("old").await, says("new").await);
    let site = Site::of(&old).await;
    let id = site.groups[0].targets()[0].id;
    site.groups[0].set_hold(true);
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(site.notes.exchanges.lock().unwrap().is_empty());
    site.groups[0].deregister(id);
    site.groups[0].register(new.address);
    site.all_well().await;
    site.groups[0].set_hold(false);
    assert_eq!(client.message(false).await.unwrap().text(), "new");
    assert!(site.notes.exchange(1).await.held.is_some());
    assert_eq!(site.notes.codes(), ["held"]);
}

#[tokio::test]
async fn alb_247_a_request_waits_for_a_container_that_starts() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let group = TargetGroup::new({
        let mut settings = quick("web");
        settings.health.unhealthy_threshold = 10_000;
        settings
    });
    group.register(address);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group.clone()] };
    let balancer = Balancer::start(Settings::default(), rules, std::sync::Arc::new(Notes::default())).await.unwrap();
    let mut client = Wire::connect(balancer.addresses()[0]).await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut wire = Wire { stream, unread: Vec::new() };
            wire.message(false).await;
            wire.stream.write_all(&ok("up")).await.unwrap();
        }
    });
    assert_eq!(client.message(false).await.unwrap().text(), "up");
}

#[tokio::test]
async fn alb_245_without_holding_a_request_goes_to_whoever_is_there() {
    let server =
        Server::answering(|request| if request.line.contains("/health") { Vec::new() } else { ok("answered") }).await;
    let group = TargetGroup::new({
        let mut settings = quick("web");
        settings.health.unhealthy_threshold = 10_000;
        settings
    });
    group.register(server.address);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group] };
    let settings = Settings { hold: None, ..Settings::default() };
    let balancer = Balancer::start(settings, rules, std::sync::Arc::new(Notes::default())).await.unwrap();
    let mut client = Wire::connect(balancer.addresses()[0]).await;
    assert_eq!(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.text(), "answered");
}
