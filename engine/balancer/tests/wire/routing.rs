use std::sync::Arc;

use slipway_balancer::settings::{Settings, Unmatched};
use slipway_balancer::{Rules, TargetGroup};
use slipway_lang::routing::{Profile, Table};

use crate::support::{Server, Site, ok, route, soon};

/// A server that answers with a word.
async fn says(word: &'static str) -> Server {
    Server::answering(move |_| ok(word)).await
}

/// Routes of a file whose table of cases is that of the one matcher: who answers, over the wire, in each profile.
#[tokio::test]
async fn alb_089_the_table_of_the_three_routers() {
    let lines = include_str!("../../../lang/src/routing/disagreements.tsv").lines();
    let server = Server::answering(|request| ok(&request.field("host").unwrap_or_default())).await;
    for line in lines.filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [patterns, path, alb, edge, devproxy, slipway] = columns[..] else { panic!("{line}") };
        for (profile, expected) in
            [(Profile::Alb, alb), (Profile::Edge, edge), (Profile::Devproxy, devproxy), (Profile::Slipway, slipway)]
        {
            // The column of the edge is that of the routing function alone, which is heard where it does not send
            // requests on to the balancer.
            let compute = if profile == Profile::Edge { " λ" } else { "" };
            let texts: Vec<String> = patterns.split(' ').map(|pattern| format!("{pattern}{compute}")).collect();
            let routes: Vec<(&str, &str)> = patterns.split(' ').zip(texts.iter().map(String::as_str)).collect();
            let site = Site::routing(&routes, profile, Settings::default(), |_| vec![server.address]).await;
            let answer = soon(site.get(path)).await;
            let kept = site.notes.exchange(1).await;
            let found = kept.container.as_deref().unwrap_or("-");
            assert_eq!(found, expected, "{profile} {line}");
            let default = profile.default_answer();
            let status = if found == "-" { default.status } else { 200 };
            assert_eq!(answer.status(), status, "{profile} {line}");
        }
    }
}

#[tokio::test]
async fn alb_010_to_019_paths_at_the_wire() {
    let server = says("").await;
    let routes = [
        ("query", "/q"),
        ("case", "/Case"),
        ("star", "/assets/*/images/*"),
        ("mark", "/profile/202?"),
        ("escaped", "/caf%C3%A9"),
        ("dots", "/api/../x"),
        ("slash", "/a/b"),
    ];
    let site = Site::routing(&routes, Profile::Alb, Settings::default(), |_| vec![server.address]).await;
    for (count, (target, expected)) in [
        ("/q?a=/x", Some("query")),
        ("/q", Some("query")),
        ("/case", None),
        ("/Case", Some("case")),
        ("/assets/v1/x/images/a/b.png", Some("star")),
        ("/profile/2021", Some("mark")),
        ("/profile/202", None),
        ("/profile/202/", Some("mark")),
        ("/profile/20211", None),
        ("/caf%C3%A9", Some("escaped")),
        ("/café", None),
        ("/api/../x", Some("dots")),
        ("/x", None),
        ("/a%2Fb", None),
        ("//a/b", None),
        ("/assets/\u{1}/images/a", None),
        ("http://host/a/b", Some("slash")),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = site.get(target).await;
        let kept = site.notes.exchange(count + 1).await;
        assert_eq!(kept.container.as_deref(), expected, "{target}");
        match expected {
            Some(_) => {
                let sent = target.strip_prefix("http://host").unwrap_or(target);
                assert_eq!(server.last().line, format!("GET {sent} HTTP/1.1"), "the request is not altered");
            }
            None => assert_eq!(answer.text(), "The request was successful."),
        }
    }
}

#[tokio::test]
async fn alb_030_to_036_hosts_at_the_wire() {
    let server = says("").await;
    let routes = [("api", "api.example.com /*"), ("apex", "example.com /*"), ("rest", "/*")];
    let settings = Settings { assumed_host: Some("example.com".to_owned()), ..Settings::default() };
    let site = Site::routing(&routes, Profile::Alb, settings, |_| vec![server.address]).await;
    for (count, (host, expected, sent)) in [
        ("api.example.com", "api", "api.example.com"),
        ("API.Example.COM:3000", "api", "api.example.com"),
        ("example.com", "apex", "example.com"),
        ("www.example.com", "apex", "www.example.com"),
        ("www.api.example.com", "-", ""),
        ("api.example.com.localhost:3000", "api", "api.example.com"),
        ("app.localhost:3000", "rest", "app.localhost"),
        ("localhost:3000", "apex", "example.com"),
        ("127.0.0.1", "apex", "example.com"),
        ("[::1]:3000", "apex", "example.com"),
        ("other.example", "rest", "other.example"),
        ("api.example.com\r\nHost: example.com", "api", "api.example.com"),
    ]
    .into_iter()
    .enumerate()
    {
        site.ask(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        let kept = site.notes.exchange(count + 1).await;
        assert_eq!(kept.container.as_deref().unwrap_or("-"), expected, "{host}");
        if expected == "-" {
            continue;
        }
        assert_eq!(server.last().field("host").as_deref(), Some(sent), "{host}");
    }
}

#[tokio::test]
async fn alb_050_the_first_rule_by_its_number_acts() {
    let server = says("").await;
    let routes = [("all", "/*"), ("near", "/api*"), ("deep", "/api/*")];
    let site = Site::routing(&routes, Profile::Alb, Settings::default(), |_| vec![server.address]).await;
    for (count, (path, container, priority)) in
        [("/api/x", "deep", 100), ("/apix", "all", 200), ("/", "all", 200)].into_iter().enumerate()
    {
        site.get(path).await;
        let kept = site.notes.exchange(count + 1).await;
        assert_eq!((kept.container.as_deref(), kept.priority), (Some(container), Some(priority)), "{path}");
    }
}

#[tokio::test]
async fn alb_058_alb_071_plain_http_of_a_domain_is_redirected_where_there_is_https() {
    let server = says("").await;
    let tls = slipway_balancer::settings::Tls {
        listen: vec!["127.0.0.1:0".parse().unwrap()],
        certificate: slipway_balancer::settings::Certificate::SelfSigned(vec!["example.com".to_owned()]),
    };
    let settings = Settings { tls: Some(tls), ..Settings::default() };
    let routes = [("web", "example.com /*"), ("rest", "/*")];
    let site = Site::routing(&routes, Profile::Alb, settings, |_| vec![server.address]).await;
    let answer = site.ask("GET /x?y=1 HTTP/1.1\r\nHost: example.com\r\n\r\n").await;
    assert_eq!((answer.status(), answer.text().len()), (301, 134));
    assert_eq!(answer.field("location").as_deref(), Some("https://example.com:443/x?y=1"));
    let answer = site.ask("GET /x HTTP/1.1\r\nHost: deep.example.com\r\n\r\n").await;
    assert_eq!(answer.field("location").as_deref(), Some("https://deep.example.com:443/x"));
    assert_eq!(site.ask("GET / HTTP/1.1\r\nHost: other\r\n\r\n").await.status(), 200);
}

#[tokio::test]
async fn alb_073_a_redirect_that_would_be_too_long_is_a_507() {
    let tls = slipway_balancer::settings::Tls {
        listen: vec!["127.0.0.1:0".parse().unwrap()],
        certificate: slipway_balancer::settings::Certificate::SelfSigned(vec!["example.com".to_owned()]),
    };
    let settings = Settings { tls: Some(tls), ..Settings::default() };
    let site = Site::routing(&[("web", "example.com /*")], Profile::Alb, settings, |_| Vec::new()).await;
    let path = "x".repeat(9000);
    let answer = site.ask(format!("GET /{path} HTTP/1.1\r\nHost: example.com\r\n\r\n")).await;
    assert_eq!(answer.line, "HTTP/1.1 507 Insufficient Storage");
}

#[tokio::test]
async fn alb_060_alb_070_unmatched_requests_get_the_default_answer_and_are_told() {
    let server = says("").await;
    let site = Site::routing(&[("web", "/only")], Profile::Alb, Settings::default(), |_| vec![server.address]).await;
    for _ in 0..2 {
        let answer = site.get("/other").await;
        assert_eq!((answer.status(), answer.text().as_str()), (200, "The request was successful."));
        assert_eq!(answer.field("content-type").as_deref(), Some("text/plain"));
        assert_eq!(answer.names(), ["Server", "Date", "Content-Type", "Content-Length", "Connection"]);
    }
    let notes = site.notes.told.lock().unwrap().clone();
    assert_eq!(notes.len(), 1, "it is told once: {notes:?}");
    assert!(notes[0].message.contains("/only"), "{:?}", notes[0]);
    assert_eq!(site.notes.exchange(2).await.priority, Some(0));
}

#[tokio::test]
async fn alb_002_the_default_answer_can_be_turned_off() {
    let settings = Settings { unmatched: Unmatched::NotFound, ..Settings::default() };
    let site = Site::routing(&[("web", "/only")], Profile::Alb, settings, |_| Vec::new()).await;
    assert_eq!(site.get("/other").await.status(), 404);
}

#[tokio::test]
async fn alb_125_all_other_methods_are_forwarded() {
    let server = says("").await;
    let site = Site::of(&server).await;
    for method in ["GET", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get", "X-OWN"] {
        assert_eq!(site.ask(format!("{method} /p HTTP/1.1\r\nHost: h\r\n\r\n")).await.status(), 200);
        assert_eq!(server.last().line, format!("{method} /p HTTP/1.1"));
    }
}

#[tokio::test]
async fn alb_422_rules_are_swapped_without_dropping_anything() {
    let (old, new) = (says("old").await, says("new").await);
    let site = Site::of(&old).await;
    let mut client = site.connect().await;
    let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    assert_eq!(client.ask(request).await.text(), "old");
    let group = TargetGroup::new(crate::support::quick("new"));
    group.register(new.address);
    let table = Table::new(vec![route("new", "/*")], Profile::Alb);
    site.balancer.replace(Rules { table, groups: vec![Arc::clone(&group)] });
    assert_eq!(client.ask(request).await.text(), "new", "the same connection sees the new rules");
    assert_eq!(site.notes.exchange(2).await.container.as_deref(), Some("new"));
}

#[tokio::test]
async fn alb_425_it_listens_on_loopback_only() {
    let server = says("").await;
    assert!(Site::of(&server).await.address().ip().is_loopback());
}
