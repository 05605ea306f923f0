use std::time::Duration;

use slipway_balancer::settings::{Settings, Timeouts};
use tokio::io::AsyncWriteExt;

use crate::support::{Server, Site, ok, soon};

#[tokio::test]
async fn alb_123_pipelined_requests_are_answered_in_order() {
    let server = Server::answering(|request| ok(&request.line)).await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    let requests: String = (0..5).map(|number| format!("GET /{number} HTTP/1.1\r\nHost: h\r\n\r\n")).collect();
    client.send(requests).await;
    for number in 0..5 {
        let answer = client.message(false).await.unwrap();
        assert_eq!(answer.text(), format!("GET /{number} HTTP/1.1"));
    }
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn alb_121_the_client_may_have_its_connection_closed() {
    let server = Server::answering(|_| ok("x")).await;
    let site = Site::of(&server).await;
    for (request, closes) in [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", true),
        ("GET / HTTP/1.0\r\nHost: h\r\n\r\n", true),
        ("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", false),
    ] {
        let mut client = site.connect().await;
        let answer = client.ask(request).await;
        assert_eq!(answer.field("connection").as_deref(), Some(if closes { "close" } else { "keep-alive" }));
        if closes {
            assert!(client.is_closed().await, "{request}");
        } else {
            assert_eq!(client.ask(request).await.status(), 200);
        }
    }
}

#[tokio::test]
async fn alb_122_connections_to_targets_are_kept_and_shared() {
    // Answers with the number of requests that its connection has seen.
    let server = Server::scripted(|mut wire, head| async move {
        for count in 1.. {
            let close = if head.line.contains("/close") { "Connection: close\r\n" } else { "" };
            let answer = format!("HTTP/1.1 200 OK\r\n{close}Content-Length: 1\r\n\r\n{count}");
            if wire.stream.write_all(answer.as_bytes()).await.is_err() || wire.message(false).await.is_none() {
                return;
            }
        }
    })
    .await;
    let site = Site::of(&server).await;
    for expected in ["1", "2", "3"] {
        assert_eq!(site.get("/").await.text(), expected);
    }
    let site = Site::of(&server).await;
    for _ in 0..3 {
        assert_eq!(site.get("/close").await.text(), "1");
    }
}

#[tokio::test]
async fn alb_130_bodies_are_streamed_both_ways_at_once() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
        while let Some(size) = wire.until("\r\n").await {
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let piece = wire.exactly(size + 2).await.unwrap();
            wire.stream.write_all(format!("{size:x}\r\n").as_bytes()).await.unwrap();
            wire.stream.write_all(&piece).await.unwrap();
            if size == 0 {
                return;
            }
        }
    })
    .await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    assert_eq!(client.head().await.unwrap().status(), 200);
    for piece in ["hello", "world"] {
        client.send(format!("5\r\n{piece}\r\n")).await;
        assert_eq!(client.until(&format!("5\r\n{piece}\r\n")).await.unwrap().len(), 10);
    }
    client.send("0\r\n\r\n").await;
    assert_eq!(client.until("0\r\n\r\n").await.as_deref(), Some("0\r\n\r\n"));
    // The connection can be used on.
    assert_eq!(site.notes.exchange(1).await.status, 200);
}

#[tokio::test]
async fn alb_131_lengths_are_kept_or_the_body_comes_in_chunks() {
    let server = Server::answering(|request| match request.line.split(' ').nth(1).unwrap() {
        "/length" => ok("hello"),
        "/chunks" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n".to_vec(),
        _ => panic!("{request:?}"),
    })
    .await;
    let until_close = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhello").await.unwrap();
    })
    .await;
    let site = Site::of(&server).await;
    let other = Site::of(&until_close).await;
    for (site, path, version, length, coding) in [
        (&site, "/length", "1.1", Some("5"), None),
        (&site, "/length", "1.0", Some("5"), None),
        (&site, "/chunks", "1.1", None, Some("chunked")),
        (&site, "/chunks", "1.0", None, None),
        (&other, "/", "1.1", None, Some("chunked")),
        (&other, "/", "1.0", None, None),
    ] {
        let mut client = site.connect().await;
        let answer = client.ask(format!("GET {path} HTTP/{version}\r\nHost: h\r\n\r\n")).await;
        assert_eq!(answer.text(), "hello", "{path} {version}");
        assert_eq!(answer.field("content-length").as_deref(), length, "{path} {version}");
        assert_eq!(answer.field("transfer-encoding").as_deref(), coding, "{path} {version}");
        if version == "1.0" {
            assert!(client.is_closed().await);
        }
    }
    let mut client = site.connect().await;
    client.send("POST /length HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n").await;
    client.message(false).await.unwrap();
    let request = server.last();
    assert_eq!((request.text().as_str(), request.field("content-length")), ("hello", None));
    client.ask("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").await;
    let request = server.last();
    assert_eq!((request.text().as_str(), request.field("transfer-encoding")), ("hello", None));
}

#[tokio::test]
async fn alb_133_trailers_pass_between_chunked_bodies() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nTrailer: grpc-status\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\
          grpc-status: 0\r\n\r\n"
            .to_vec()
    })
    .await;
    let site = Site::of(&server).await;
    let answer = site
        .ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 9\r\n\r\n")
        .await;
    assert_eq!((answer.text().as_str(), answer.trailers.as_str()), ("hi", "grpc-status: 0\r\n"));
    assert_eq!(server.last().trailers, "X-Sum: 9\r\n");
}

#[tokio::test]
async fn alb_134_each_piece_is_passed_on_as_it_comes() {
    // The target sends a piece only when the client has told that it got the one before.
    let (told, tell) = tokio::sync::mpsc::unbounded_channel::<()>();
    let tell = std::sync::Arc::new(tokio::sync::Mutex::new(tell));
    let server = Server::scripted(move |mut wire, _| {
        let tell = std::sync::Arc::clone(&tell);
        async move {
            wire.stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                .await
                .unwrap();
            for number in 0..10 {
                wire.stream.write_all(format!("9\r\ndata: {number}\n\n\r\n").as_bytes()).await.unwrap();
                soon(tell.lock().await.recv()).await;
            }
            wire.stream.write_all(b"0\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    client.head().await.unwrap();
    for number in 0..10 {
        assert!(client.until(&format!("data: {number}\n\n\r\n")).await.is_some());
        told.send(()).unwrap();
    }
    assert!(client.until("0\r\n\r\n").await.is_some());
}

#[tokio::test]
async fn alb_135_some_answers_have_no_body() {
    let server = Server::answering(|request| match request.line.split(' ').nth(1).unwrap() {
        "/head" => b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n".to_vec(),
        "/204" => b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody".to_vec(),
        "/304" => b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(),
        _ => b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\
               Content-Length: 2\r\n\r\nok"
            .to_vec(),
    })
    .await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    let head = client.ask("HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert_eq!((head.status(), head.field("content-length").as_deref()), (200, Some("999")));
    for (path, status, body) in [("/204", 204, ""), ("/304", 304, ""), ("/hints", 200, "ok"), ("/204", 204, "")] {
        let answer = client.ask(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")).await;
        assert_eq!((answer.status(), answer.text().as_str()), (status, body), "{path}");
    }
}

#[tokio::test]
async fn alb_137_an_answer_that_breaks_off_is_not_taken_for_a_whole_one() {
    let server = Server::scripted(|mut wire, head| async move {
        let framing = if head.line.contains("/chunks") {
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        } else {
            "Content-Length: 10\r\n\r\nabc"
        };
        wire.stream.write_all(format!("HTTP/1.1 200 OK\r\n{framing}").as_bytes()).await.unwrap();
    })
    .await;
    let site = Site::of(&server).await;
    for (count, path) in [(1, "/chunks"), (2, "/length")] {
        let mut client = site.connect().await;
        client.send(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")).await;
        assert_eq!(client.head().await.unwrap().status(), 200);
        let rest = client.rest().await;
        assert!(!rest.ends_with(b"0\r\n\r\n"), "{rest:?}");
        let kept = site.notes.exchange(count).await;
        assert_eq!((kept.status, kept.problem), (200, Some("closed-answering")));
    }
}

#[tokio::test]
async fn alb_136_a_body_shorter_than_told_is_waited_for_and_then_cut() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").await.unwrap();
        wire.rest().await;
    })
    .await;
    let timeouts = Timeouts { idle: Duration::from_millis(100), ..Timeouts::default() };
    let site = Site::with(&server, Settings { timeouts, ..Settings::default() }).await;
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert_eq!(client.head().await.unwrap().status(), 200);
    assert_eq!(client.rest().await, b"abc");
    assert_eq!(site.notes.exchange(1).await.problem, Some("target-silent"));
}

#[tokio::test]
async fn large_bodies_pass_whole_in_both_directions() {
    let body: String = ('a'..='z').cycle().take(3_000_000).collect();
    let server = Server::answering(|request| ok(&request.text())).await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    let head = format!("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n", body.len());
    for _ in 0..2 {
        assert_eq!(client.ask(format!("{head}{body}")).await.text(), body);
    }
    let kept = site.notes.exchange(2).await;
    assert_eq!(kept.received, (head.len() + body.len()) as u64);
}

#[tokio::test]
async fn alb_138_a_request_whose_body_was_sent_is_not_repeated() {
    // Each connection serves one request, and dies when it gets another.
    let server = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(&ok("first")).await.unwrap();
        wire.message(false).await;
    })
    .await;
    let site = Site::of(&server).await;
    site.get("/").await;
    let put = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx";
    assert_eq!(site.ask(put).await.status(), 502);
    assert_eq!(site.notes.exchange(2).await.problem, Some("idle-connection-lost"));
}

#[tokio::test]
async fn alb_222_a_lost_idle_connection_is_told_and_only_safe_requests_are_repeated() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(&ok("first")).await.unwrap();
        wire.message(false).await;
    })
    .await;
    let site = Site::of(&server).await;
    site.get("/").await;
    assert_eq!(site.get("/").await.status(), 200);
    assert_eq!(site.notes.codes(), ["idle-connection-lost"]);
    let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(site.ask(post).await.status(), 502);
}
