use std::time::Duration;

use slipway_balancer::Settings;
use slipway_balancer::settings::Timeouts;
use slipway_lang::routing::Profile;

use crate::support::{Server, Site, ok, until};

async fn site_of(server: &Server, profile: Profile, settings: Settings) -> Site {
    Site::routing(&[("web", "/*")], profile, settings, |_| vec![server.address]).await
}

#[tokio::test]
async fn alb_085_alb_311_to_314_what_a_container_behind_the_edge_sees() {
    let server = Server::answering(|_| ok("")).await;
    let site = site_of(&server, Profile::Edge, Settings::default()).await;
    site.ask(
        "GET /p?q HTTP/1.1\r\nHost: Shop.Example:3000\r\nUser-Agent: mine\r\nX-Forwarded-Proto: https\r\n\
         X-Real-IP: 1\r\nX-Edge-Own: 1\r\nProxy-Authorization: 1\r\nx-origin-id: forged\r\nx-scf-token: forged\r\n\
         Accept: */*\r\n\r\n",
    )
    .await;
    let request = server.last();
    assert_eq!(request.line, "GET /p?q HTTP/1.1");
    for (name, expected) in [
        ("x-forwarded-host", Some("Shop.Example:3000")),
        ("x-origin-id", Some("local-dev-alb-origin")),
        ("x-origin-type", Some("alb")),
        ("x-scf-token", Some("slipway-local-origin-token")),
        ("x-forwarded-proto", Some("http")),
        ("x-forwarded-port", Some("80")),
        ("x-forwarded-for", Some("127.0.0.1, 130.176.0.1")),
        ("user-agent", Some("mine")),
        ("accept", Some("*/*")),
        ("x-real-ip", None),
        ("x-edge-own", None),
        ("proxy-authorization", None),
        ("connection", None),
    ] {
        assert_eq!(request.field(name).as_deref(), expected, "{name}");
    }
    let host = request.field("host").unwrap();
    assert!(host.starts_with("alb-local-dev-") && host.ends_with(".elb.amazonaws.com"), "{host}");
    let via = request.field("via").unwrap();
    assert!(via.starts_with("1.1 ") && via.ends_with(".cloudfront.net (CloudFront)"), "{via}");
    assert_eq!(request.field("x-amz-cf-id").unwrap().len(), 56);
}

#[tokio::test]
async fn alb_086_both_stages_run_in_turn() {
    let server = Server::answering(|_| ok("")).await;
    // The function follows `/a/b/*`, and the balancer's own rule for `/a/*/c` comes first.
    let routes = [("middle", "/a/*/c"), ("deep", "/a/b/*")];
    let site = Site::routing(&routes, Profile::Edge, Settings::default(), |_| vec![server.address]).await;
    site.get("/a/b/c").await;
    assert_eq!(site.notes.exchange(1).await.container.as_deref(), Some("middle"));
    assert_eq!(server.last().field("x-origin-type").as_deref(), Some("alb"));
}

#[tokio::test]
async fn alb_061_alb_083_without_an_entry_the_default_origin_answers() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::routing(&[("a", "/a?c")], Profile::Edge, Settings::default(), |_| vec![server.address]).await;
    // No entry, but the balancer behind the default origin has a rule for it.
    site.get("/abc").await;
    let request = server.last();
    for name in ["x-origin-id", "x-origin-type", "x-forwarded-host"] {
        assert_eq!(request.field(name), None, "{name}");
    }
    assert_eq!(site.get("/other").await.text(), "The request was successful.");
}

#[tokio::test]
async fn alb_046_alb_319_the_bare_balancer_may_demand_the_token() {
    let server = Server::answering(|_| ok("answered")).await;
    let plain = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let with_token = "GET / HTTP/1.1\r\nHost: h\r\nx-scf-token: slipway-local-origin-token\r\n\r\n";
    for (strict_origin, request, expected) in
        [(false, plain, "answered"), (true, plain, "The request was successful."), (true, with_token, "answered")]
    {
        let settings = Settings { edge: Some(false), strict_origin, ..Settings::default() };
        let site = site_of(&server, Profile::Edge, settings).await;
        let answer = site.ask(request).await;
        assert_eq!(answer.text(), expected, "{strict_origin} {request}");
        assert_eq!(answer.field("x-cache"), None);
    }
    assert_eq!(server.last().field("x-forwarded-for").as_deref(), Some("127.0.0.1"));
}

#[tokio::test]
async fn alb_047_the_bare_balancer_has_no_rule_for_functions() {
    let server = Server::answering(|_| ok("answered")).await;
    let settings = Settings { edge: Some(false), ..Settings::default() };
    let site = Site::routing(&[("fn", "/* λ")], Profile::Edge, settings, |_| vec![server.address]).await;
    assert_eq!(site.get("/").await.text(), "The request was successful.");
}

#[tokio::test]
async fn alb_315_alb_316_what_the_edge_refuses() {
    let server = Server::answering(|_| ok("")).await;
    let site = site_of(&server, Profile::Edge, Settings::default()).await;
    let long_url = format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(8192));
    let long_head = format!("GET / HTTP/1.1\r\nHost: h\r\nA: {0}\r\nB: {0}\r\n\r\n", "x".repeat(10_300));
    for (request, status) in [
        ("PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n", 403),
        ("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", 403),
        (&long_url, 413),
        (&long_head, 413),
    ] {
        let answer = site.ask(request).await;
        let shown = &request[..20];
        assert_eq!((answer.status(), answer.field("server").as_deref()), (status, Some("CloudFront")), "{shown}");
        assert_eq!(answer.field("x-cache").as_deref(), Some("Error from cloudfront"), "{shown}");
    }
    assert_eq!(server.count(), 0);
    for method in ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"] {
        assert_eq!(site.ask(format!("{method} / HTTP/1.1\r\nHost: h\r\n\r\n")).await.status(), 200, "{method}");
    }
}

#[tokio::test]
async fn alb_320_a_long_response_head_is_a_502_behind_the_edge() {
    let server = Server::answering(|request| {
        let fill = if request.line.contains("/health") { 1 } else { 21 * 1024 };
        format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: {}\r\n\r\n", "x".repeat(fill)).into_bytes()
    })
    .await;
    assert_eq!(site_of(&server, Profile::Edge, Settings::default()).await.get("/").await.status(), 502);
    assert_eq!(site_of(&server, Profile::Alb, Settings::default()).await.get("/").await.status(), 200);
}

#[tokio::test]
async fn alb_317_what_the_edge_does_to_answers() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nTrailer: x\r\nUpgrade: y\r\nVary: Host, Accept-Encoding, Cookie\r\nX-Own: 1\r\n\
          Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
            .to_vec()
    })
    .await;
    let answer = site_of(&server, Profile::Edge, Settings::default()).await.get("/").await;
    for (name, expected) in [
        ("x-cache", Some("Miss from cloudfront")),
        ("trailer", None),
        ("upgrade", None),
        ("vary", Some("Accept-Encoding, Cookie")),
        ("x-own", Some("1")),
        ("transfer-encoding", Some("chunked")),
    ] {
        assert_eq!(answer.field(name).as_deref(), expected, "{name}");
    }
    assert!(answer.field("via").unwrap().contains("cloudfront.net"));
    assert!(answer.field("x-amz-cf-pop").is_some() && answer.field("x-amz-cf-id").is_some());
    assert_eq!(answer.text(), "hi");
}

#[tokio::test]
async fn alb_326_a_distribution_before_a_plain_balancer_keeps_the_host() {
    let server = Server::answering(|_| ok("")).await;
    let site = site_of(&server, Profile::Alb, Settings { edge: Some(true), ..Settings::default() }).await;
    let answer = site.ask("GET / HTTP/1.1\r\nHost: Shop.Example\r\n\r\n").await;
    assert_eq!(answer.field("x-cache").as_deref(), Some("Miss from cloudfront"));
    let request = server.last();
    assert_eq!(request.field("host").as_deref(), Some("shop.example"));
    for name in ["x-scf-token", "x-origin-id", "x-forwarded-host"] {
        assert_eq!(request.field(name), None, "{name}");
    }
}

fn hasty(edge_retries: bool) -> Settings {
    let timeouts = Timeouts { edge_read: Duration::from_millis(80), ..Timeouts::default() };
    Settings { timeouts, edge_retries, ..Settings::default() }
}

#[tokio::test]
async fn alb_187_alb_321_the_edge_waits_less_than_the_balancer() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("access.log");
    let settings = Settings { access_log: Some(log.clone()), ..hasty(false) };
    let site = site_of(&server, Profile::Edge, settings).await;
    let answer = site.get("/").await;
    assert_eq!((answer.status(), answer.field("server").as_deref()), (504, Some("CloudFront")));
    let kept = site.notes.exchange(1).await;
    assert_eq!((kept.status, kept.problem), (504, Some("edge-time-out")));
    // For the balancer, its client left.
    until(|| std::fs::read_to_string(&log).is_ok_and(|text| text.contains(" 460 - "))).await;
}

#[tokio::test]
async fn alb_188_the_edge_may_ask_three_times() {
    let (asked, mut count) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::scripted(move |mut wire, _| {
        asked.send(()).unwrap();
        async move {
            wire.rest().await;
        }
    })
    .await;
    for (retries, method, expected) in [(false, "GET", 1), (true, "GET", 3), (true, "POST", 1)] {
        let site = site_of(&server, Profile::Edge, hasty(retries)).await;
        let answer = site.ask(format!("{method} / HTTP/1.1\r\nHost: h\r\n\r\n")).await;
        assert_eq!(answer.status(), 504);
        let mut times = 0;
        while count.try_recv().is_ok() {
            times += 1;
        }
        assert_eq!(times, expected, "{retries} {method}");
    }
}

#[tokio::test]
async fn alb_310_nothing_is_redirected_or_cached_here() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nCache-Control: public, max-age=999\r\nContent-Length: 0\r\n\r\n".to_vec()
    })
    .await;
    let site = site_of(&server, Profile::Edge, Settings::default()).await;
    site.get("/").await;
    assert_eq!(site.get("/").await.status(), 200);
    until(|| server.count() == 2).await;
}
