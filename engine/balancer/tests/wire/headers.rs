use slipway_balancer::settings::{ForwardedFor, Settings};

use crate::support::{Server, Site, ok};

async fn echo() -> Server {
    Server::answering(|_| ok("")).await
}

/// What a target gets of a request with these lines behind the first.
async fn sent(settings: Settings, line: &str, fields: &str) -> crate::support::Message {
    let server = echo().await;
    let site = Site::with(&server, settings).await;
    assert_eq!(site.ask(format!("{line}\r\n{fields}\r\n")).await.status(), 200, "{line} {fields}");
    server.last()
}

#[tokio::test]
async fn alb_100_forwarded_for_has_three_modes() {
    use ForwardedFor::{Append, Preserve, Remove};
    for (mode, fields, expected) in [
        (Append, "", Some("127.0.0.1")),
        (Append, "X-Forwarded-For: 1.2.3.4\r\n", Some("1.2.3.4, 127.0.0.1")),
        (Append, "x-forwarded-for: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n", Some("1.2.3.4, 5.6.7.8, 127.0.0.1")),
        (Preserve, "X-Forwarded-For: 1.2.3.4\r\n", Some("1.2.3.4")),
        (Preserve, "", None),
        (Remove, "X-Forwarded-For: 1.2.3.4\r\n", None),
    ] {
        let settings = Settings { forwarded_for: mode, ..Settings::default() };
        let request = sent(settings, "GET / HTTP/1.1", &format!("Host: h\r\n{fields}")).await;
        assert_eq!(request.field("x-forwarded-for").as_deref(), expected, "{mode:?} {fields}");
    }
    let settings = Settings { client_port: true, ..Settings::default() };
    let value = sent(settings, "GET / HTTP/1.1", "Host: h\r\n").await.field("x-forwarded-for").unwrap();
    let port = value.strip_prefix("127.0.0.1:").unwrap();
    assert!(port.parse::<u16>().is_ok(), "{value}");
}

#[tokio::test]
async fn alb_101_too_many_forwarded_addresses_are_refused() {
    let server = echo().await;
    let site = Site::of(&server).await;
    let list = |count| vec!["1.2.3.4"; count].join(", ");
    let request = |count| format!("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: {}\r\n\r\n", list(count));
    assert_eq!(site.ask(request(30)).await.status(), 200);
    assert_eq!(site.ask(request(31)).await.status(), 463);
    assert_eq!(server.count(), 1);
    assert_eq!(site.notes.exchange(2).await.status, 463);
}

#[tokio::test]
async fn alb_102_scheme_and_port_are_the_listeners() {
    let client = "Host: h\r\nX-Forwarded-Proto: https\r\nx-forwarded-port: 1\r\n";
    let request = sent(Settings::default(), "GET / HTTP/1.1", client).await;
    assert_eq!(request.field("x-forwarded-proto").as_deref(), Some("http"));
    assert_eq!(request.field("x-forwarded-port").as_deref(), Some("80"));
}

#[tokio::test]
async fn alb_103_a_trace_id_is_added() {
    let id = sent(Settings::default(), "GET / HTTP/1.1", "Host: h\r\n").await.field("x-amzn-trace-id").unwrap();
    let parts: Vec<&str> = id.strip_prefix("Root=").unwrap().split('-').collect();
    assert!(matches!(parts[..], ["1", seconds, random] if seconds.len() == 8 && random.len() == 24), "{id}");
}

#[tokio::test]
async fn alb_104_a_trace_id_is_kept_and_gets_this_hop() {
    let fields = "Host: h\r\nX-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678;CalledFrom=app\r\n";
    let id = sent(Settings::default(), "GET / HTTP/1.1", fields).await.field("x-amzn-trace-id").unwrap();
    assert!(id.starts_with("Self=1-"), "{id}");
    assert!(id.ends_with(";Root=1-67891233-abcdef012345678912345678;CalledFrom=app"), "{id}");
}

#[tokio::test]
async fn alb_105_a_large_head_gets_a_new_trace_id() {
    let fields = format!("Host: h\r\nX-Amzn-Trace-Id: Root=1-2-3\r\nX-Large: {}\r\n", "x".repeat(7 * 1024));
    let id = sent(Settings::default(), "GET / HTTP/1.1", &fields).await.field("x-amzn-trace-id").unwrap();
    assert!(id.starts_with("Root=1-") && !id.contains("1-2-3"), "{id}");
}

#[tokio::test]
async fn alb_106_the_host_is_rewritten() {
    for (line, fields, expected) in [
        ("GET / HTTP/1.1", "Host: H.Example\r\n", "h.example"),
        ("GET / HTTP/1.1", "Host: H.Example:3000\r\n", "h.example"),
        ("GET http://Uri.Example/p HTTP/1.1", "Host: other\r\n", "uri.example"),
        ("GET http://Uri.Example:99/p HTTP/1.1", "Host: other\r\n", "uri.example"),
        ("GET / HTTP/1.1", "Host: first\r\nHost: second\r\n", "first"),
    ] {
        let request = sent(Settings::default(), line, fields).await;
        assert_eq!(request.field("host").as_deref(), Some(expected), "{line} {fields}");
    }
}

#[tokio::test]
async fn alb_107_the_host_is_kept_when_asked_to() {
    let settings = Settings { preserve_host: true, ..Settings::default() };
    let request = sent(settings, "GET / HTTP/1.1", "Host: H.Example:3000\r\nHost: two\r\n").await;
    assert_eq!(request.field("host").as_deref(), Some("H.Example:3000 | two"));
}

#[tokio::test]
async fn alb_108_the_real_port_is_told_when_asked_to() {
    let server = echo().await;
    let site = Site::with(&server, Settings { literal_port: true, ..Settings::default() }).await;
    let port = site.address().port();
    site.ask("GET / HTTP/1.1\r\nHost: H\r\n\r\n").await;
    assert_eq!(server.last().field("host"), Some(format!("h:{port}")));
    assert_eq!(server.last().field("x-forwarded-port"), Some(port.to_string()));
    site.ask("GET / HTTP/1.1\r\nHost: h:7\r\n\r\n").await;
    assert_eq!(server.last().field("host").as_deref(), Some("h:7"));
}

#[tokio::test]
async fn alb_109_an_old_client_without_a_host_gets_the_balancers() {
    let request = sent(Settings::default(), "GET / HTTP/1.0", "").await;
    let host = request.field("host").unwrap();
    assert!(host.starts_with("alb-local-dev-") && host.ends_with(".us-east-1.elb.amazonaws.com"), "{host}");
}

#[tokio::test]
async fn alb_110_names_keep_their_case_and_order() {
    let request = sent(Settings::default(), "GET / HTTP/1.1", "b: 1\r\nHost: h\r\nA: 2\r\ncC: 3\r\na: 4\r\n").await;
    assert_eq!(
        request.names(),
        ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port", "Host", "X-Amzn-Trace-Id", "b", "A", "cC", "a"]
    );
}

#[tokio::test]
async fn alb_111_leave_to_send_is_given_at_once() {
    let server = Server::answering(|request| ok(&request.text())).await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n").await;
    assert_eq!(client.head().await.unwrap().line, "HTTP/1.1 100 Continue");
    client.send("body").await;
    assert_eq!(client.message(false).await.unwrap().text(), "body");
    assert_eq!(server.last().field("expect"), None);
}

#[tokio::test]
async fn alb_112_unusual_names_pass_unless_they_are_dropped() {
    let fields = "Host: h\r\nx_y: 1\r\nX-Z9: 2\r\n";
    let passed = sent(Settings::default(), "GET / HTTP/1.1", fields).await;
    assert_eq!(passed.field("x_y").as_deref(), Some("1"));
    let settings = Settings { drop_invalid_headers: true, ..Settings::default() };
    let dropped = sent(settings, "GET / HTTP/1.1", fields).await;
    assert_eq!((dropped.field("x_y"), dropped.field("x-z9").as_deref()), (None, Some("2")));
}

#[tokio::test]
async fn alb_113_folded_fields_are_refused_and_explained() {
    let server = echo().await;
    let site = Site::of(&server).await;
    assert_eq!(site.ask("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n").await.status(), 400);
    assert_eq!(site.notes.exchange(1).await.problem, Some("folded-field"));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn alb_120_fields_of_one_connection_stay_there() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nConnection: x-own, keep-alive\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\nX-Other: 2\r\n\
          Content-Length: 0\r\n\r\n"
            .to_vec()
    })
    .await;
    let site = Site::of(&server).await;
    let answer = site
        .ask(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Own\r\nX-Own: 1\r\nKeep-Alive: 5\r\n\
             Proxy-Connection: x\r\nTE: gzip\r\nUpgrade: h2c\r\nX-Other: 2\r\n\r\n",
        )
        .await;
    let names = |message: &crate::support::Message| message.names().join(" ").to_ascii_lowercase();
    let request = server.last();
    assert_eq!(
        names(&request),
        "x-forwarded-for x-forwarded-proto x-forwarded-port host x-amzn-trace-id x-other",
        "{request:?}"
    );
    assert_eq!(names(&answer), "x-other content-length connection");
    assert_eq!(answer.field("connection").as_deref(), Some("keep-alive"));
    site.ask("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n").await;
    assert_eq!(server.last().field("te").as_deref(), Some("trailers"));
}

#[tokio::test]
async fn alb_126_the_targets_own_fields_are_kept_and_none_is_added() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 Fine\r\nServer: mine\r\nDate: now\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n"
            .to_vec()
    })
    .await;
    let site = Site::of(&server).await;
    let answer = site.get("/").await;
    assert_eq!(answer.line, "HTTP/1.1 200 Fine");
    assert_eq!(answer.names(), ["Server", "Date", "Set-Cookie", "set-cookie", "Content-Length", "Connection"]);
    let request = server.last();
    assert_eq!(request.field("via"), None);
}

#[tokio::test]
async fn alb_003_nothing_is_added_unless_asked_for() {
    let server = echo().await;
    let plain = Site::of(&server).await.get("/").await;
    assert!(!plain.names().iter().any(|name| name.starts_with("x-slipway")), "{plain:?}");
    let site = Site::with(&server, Settings { explain: true, ..Settings::default() }).await;
    let explained = site.get("/").await;
    assert_eq!(explained.field("x-slipway-rule").as_deref(), Some("100 /*"));
    assert_eq!(explained.field("x-slipway-target"), Some(server.address.to_string()));
    assert_eq!(explained.field("x-slipway-reason").as_deref(), Some("forward"));
    assert!(!server.last().names().iter().any(|name| name.to_ascii_lowercase().contains("slipway")));
}
