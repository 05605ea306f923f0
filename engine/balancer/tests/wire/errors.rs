use std::time::Duration;

use slipway_balancer::Settings;
use slipway_balancer::settings::Timeouts;
use slipway_lang::routing::Profile;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::support::{Message, Server, Site, ok, soon};

fn is_page(answer: &Message, title: &str) {
    let body = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n\
         </html>\r\n"
    );
    assert_eq!(answer.text(), body);
    assert_eq!(answer.names(), ["Server", "Date", "Content-Type", "Content-Length", "Connection"]);
    assert_eq!(answer.field("server").as_deref(), Some("awselb/2.0"));
    assert_eq!(answer.field("content-type").as_deref(), Some("text/html"));
    let date = answer.field("date").unwrap();
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
}

#[tokio::test]
async fn alb_200_to_218_pages_of_requests_that_are_refused() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    let long = "x".repeat(17_000);
    let many = format!("A: {}\r\n", "x".repeat(10_000)).repeat(7);
    for (count, (request, title, code)) in [
        ("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), "405 Not Allowed", "trace"),
        ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), "400 Bad Request", "connect"),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), "400 Bad Request", "no-host"),
        ("GET /\r\n\r\n".to_owned(), "400 Bad Request", "request-line"),
        ("GET / HTTP/0.9\r\n\r\n".to_owned(), "400 Bad Request", "request-line"),
        ("PRI * HTTP/2.0\r\n\r\n".to_owned(), "505 HTTP Version Not Supported", "version"),
        ("GET / HTTP/3.0\r\nHost: h\r\n\r\n".to_owned(), "505 HTTP Version Not Supported", "version"),
        (format!("GET /{long} HTTP/1.1\r\nHost: h\r\n\r\n"), "414 Request-URI Too Large", "long-target"),
        (format!("GET / HTTP/1.1\r\nHost: h\r\nA: {long}\r\n\r\n"), "400 Bad Request", "long-field"),
        (format!("GET / HTTP/1.1\r\nHost: h\r\n{many}\r\n"), "400 Bad Request", "long-fields"),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n".to_owned(),
            "501 Not Implemented",
            "transfer-encoding",
        ),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n".to_owned(),
            "400 Bad Request",
            "bad-chunk",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let shown = &request[..request.len().min(60)];
        let answer = site.ask(&request).await;
        is_page(&answer, title);
        let kept = site.notes.exchange(count + 1).await;
        assert_eq!((kept.status, kept.problem), (answer.status(), Some(code)), "{shown}");
        assert_eq!(kept.target_status, None, "{shown}");
    }
    assert_eq!(server.count(), 0);
    for note in site.notes.told.lock().unwrap().iter() {
        assert!(note.statement.starts_with("ALB-") && note.message.ends_with('.'), "{note:?}");
    }
}

#[tokio::test]
async fn alb_300_to_302_what_is_just_short_enough_passes() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    let line = "x".repeat(16 * 1024 - "GET / HTTP/1.1".len());
    assert_eq!(site.get(&format!("/{line}")).await.status(), 200);
    let field = format!("A: {}\r\n", "x".repeat(16 * 1024 - "A: ".len()));
    let request = format!("GET / HTTP/1.1\r\nHost: h\r\n{field}{field}{field}\r\n");
    assert_eq!(site.ask(request).await.status(), 200);
    let many = "A: b\r\n".repeat(101);
    assert_eq!(site.ask(format!("GET / HTTP/1.1\r\nHost: h\r\n{many}\r\n")).await.status(), 200);
}

#[tokio::test]
async fn alb_183_alb_213_a_target_that_refuses_is_a_502() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    drop(server);
    crate::support::until(|| site.groups[0].targets()[0].state == slipway_balancer::group::TargetState::Unhealthy)
        .await;
    let answer = site.get("/").await;
    is_page(&answer, "502 Bad Gateway");
    assert_eq!(site.notes.exchange(1).await.problem, Some("connect"));
}

#[tokio::test]
async fn alb_213_broken_answers_are_502() {
    let server = Server::scripted(|mut wire, head| async move {
        let long = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "x".repeat(33 * 1024));
        let answer = match head.line.split(' ').nth(1).unwrap() {
            "/nothing" => "",
            "/half" => "HTTP/1.1 200 OK\r\nA: b\r\n",
            "/junk" => "SSH-2.0-OpenSSH\r\n\r\n",
            "/length" => "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "/coding" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "/upgrade" => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            _ => &long,
        };
        let _ = wire.stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let site = Site::of(&server).await;
    for (count, (path, code)) in [
        ("/nothing", "closed-unanswered"),
        ("/half", "closed-answering"),
        ("/junk", "malformed-response"),
        ("/length", "malformed-response"),
        ("/coding", "malformed-response"),
        ("/upgrade", "unasked-upgrade"),
        ("/long", "long-response-head"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut client = site.connect().await;
        is_page(&client.ask(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")).await, "502 Bad Gateway");
        assert_eq!(site.notes.exchange(count + 1).await.problem, Some(code), "{path}");
        // The client's connection is none the worse for it.
        assert_eq!(client.ask("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").await.status(), 405);
        site.notes.exchanges.lock().unwrap().pop();
    }
}

#[tokio::test]
async fn alb_303_a_response_head_just_short_enough_passes() {
    let server = Server::answering(|_| {
        let start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
        let fill = "x".repeat(32 * 1024 - start.len() - 4);
        format!("{start}{fill}\r\n\r\n").into_bytes()
    })
    .await;
    assert_eq!(Site::of(&server).await.get("/").await.status(), 200);
}

#[tokio::test]
async fn alb_214_no_target_is_a_503() {
    let site = Site::routing(&[("web", "/*")], Profile::Alb, Settings::default(), |_| Vec::new()).await;
    is_page(&site.get("/").await, "503 Service Temporarily Unavailable");
    assert_eq!(site.notes.exchange(1).await.problem, Some("no-target"));
}

fn impatient() -> Settings {
    let timeouts = Timeouts { idle: Duration::from_millis(100), ..Timeouts::default() };
    Settings { timeouts, ..Settings::default() }
}

#[tokio::test]
async fn alb_182_a_silent_target_is_a_504() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let site = Site::with(&server, impatient()).await;
    is_page(&site.get("/").await, "504 Gateway Time-out");
    assert_eq!(site.notes.exchange(1).await.problem, Some("target-silent"));
}

#[tokio::test]
async fn alb_183_a_target_that_cannot_be_reached_in_time_is_a_504() {
    // A listener whose queue is full takes no further connection, and does not refuse it either.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full: TcpListener = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(200), tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream);
    }
    let timeouts = Timeouts { connect: Duration::from_millis(100), ..Timeouts::default() };
    let settings = Settings { timeouts, hold: None, ..Settings::default() };
    let rules = slipway_balancer::Rules {
        table: slipway_lang::routing::Table::new(vec![crate::support::route("web", "/*")], Profile::Alb),
        groups: vec![slipway_balancer::TargetGroup::new(crate::support::quick("web"))],
    };
    rules.groups[0].register(address);
    let notes = std::sync::Arc::new(crate::support::Notes::default());
    let balancer = slipway_balancer::Balancer::start(settings, rules, notes.clone()).await.unwrap();
    let mut client = crate::support::Wire::connect(balancer.addresses()[0]).await;
    is_page(&client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await, "504 Gateway Time-out");
    assert_eq!(notes.exchange(1).await.problem, Some("connect-time-out"));
}

#[tokio::test]
async fn alb_181_a_client_that_stops_in_a_request_gets_a_408() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::with(&server, impatient()).await;
    for request in [
        "GET / HTTP/1.1\r\nHost:",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
        let mut client = site.connect().await;
        is_page(&client.ask(request).await, "408 Request Time-out");
        assert!(client.is_closed().await);
    }
    // One that is idle between requests is closed without a word.
    assert!(site.connect().await.is_closed().await);
    let mut client = site.connect().await;
    client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn alb_184_a_connection_that_lived_its_time_gets_one_more_answer() {
    let server = Server::answering(|_| ok("")).await;
    let timeouts = Timeouts { lifetime: Duration::from_millis(50), ..Timeouts::default() };
    let site = Site::with(&server, Settings { timeouts, ..Settings::default() }).await;
    let mut client = site.connect().await;
    let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    client.ask(request).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    let last = client.ask(request).await;
    assert_eq!((last.status(), last.field("connection").as_deref()), (200, Some("close")));
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn alb_186_alb_208_a_client_that_leaves_takes_its_request_along() {
    let (gone, mut is_gone) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::scripted(move |mut wire, _| {
        let gone = gone.clone();
        async move {
            wire.rest().await;
            gone.send(()).unwrap();
        }
    })
    .await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    crate::support::until(|| site.groups[0].targets()[0].outstanding == 1).await;
    drop(client);
    soon(is_gone.recv()).await.unwrap();
    let kept = site.notes.exchange(1).await;
    assert_eq!((kept.status, kept.problem), (460, Some("client-gone")));
}

#[tokio::test]
async fn alb_201_a_body_cut_short_is_a_400_in_the_log() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab").await;
    client.stream.shutdown().await.unwrap();
    is_page(&client.message(false).await.unwrap(), "400 Bad Request");
    assert_eq!(site.notes.exchange(1).await.problem, Some("body-cut-short"));
}

#[tokio::test]
async fn alb_220_errors_of_a_target_are_passed_on_as_they_are() {
    let server = Server::answering(|request| {
        let status = &request.line[5..8];
        format!("HTTP/1.1 {status} Own\r\nContent-Length: 3\r\nX-Own: 1\r\n\r\nown").into_bytes()
    })
    .await;
    let site = Site::of(&server).await;
    for status in [404, 429, 500, 502, 503, 504, 599] {
        let answer = site.get(&format!("/{status}")).await;
        assert_eq!(answer.line, format!("HTTP/1.1 {status} Own"));
        assert_eq!((answer.text().as_str(), answer.field("x-own").as_deref()), ("own", Some("1")));
    }
    assert!(site.notes.codes().is_empty());
}
