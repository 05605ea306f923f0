use std::time::Duration;

use slipway_balancer::Settings;
use slipway_balancer::settings::Timeouts;
use slipway_lang::routing::Profile;
use tokio::io::AsyncWriteExt;

use crate::support::{Server, Site, Wire};

const HANDSHAKE: &str = "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
                         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// Agrees to speak, says hello in the same packet, and then echoes until the client is done.
async fn echo() -> Server {
    Server::scripted(|mut wire, head| async move {
        assert_eq!(head.field("upgrade").as_deref(), Some("websocket"));
        assert_eq!(head.field("connection").as_deref(), Some("Upgrade"));
        assert!(head.field("x-amzn-trace-id").is_some());
        let agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello";
        wire.stream.write_all(agreed.as_bytes()).await.unwrap();
        while let Some(bytes) = wire.exactly(4).await {
            wire.stream.write_all(&bytes).await.unwrap();
        }
        wire.stream.write_all(b"bye").await.unwrap();
    })
    .await
}

async fn open(site: &Site) -> Wire {
    let mut client = site.connect().await;
    client.send(HANDSHAKE).await;
    let answer = client.head().await.unwrap();
    assert_eq!(answer.line, "HTTP/1.1 101 Switching Protocols");
    assert_eq!(answer.field("upgrade").as_deref(), Some("websocket"));
    assert_eq!(answer.field("connection").as_deref(), Some("upgrade"));
    assert_eq!(answer.field("sec-websocket-accept").as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    client
}

#[tokio::test]
async fn alb_160_alb_164_alb_166_bytes_pass_both_ways_until_both_sides_are_done() {
    let server = echo().await;
    let site = Site::of(&server).await;
    let mut client = open(&site).await;
    assert_eq!(client.exactly(5).await.unwrap(), b"hello");
    for word in ["ping", "pong"] {
        client.send(word).await;
        assert_eq!(client.exactly(4).await.unwrap(), word.as_bytes());
    }
    assert!(site.notes.exchanges.lock().unwrap().is_empty(), "it is told when it is over");
    client.stream.shutdown().await.unwrap();
    assert_eq!(client.rest().await, b"bye", "the other direction is still open");
    let kept = site.notes.exchange(1).await;
    assert_eq!((kept.status, kept.target_status), (101, Some(101)));
    assert_eq!(kept.received, HANDSHAKE.len() as u64 + 8);
    assert!(kept.sent > 5 + 8 + 3);
}

#[tokio::test]
async fn alb_165_websockets_pass_the_edge() {
    let server = echo().await;
    let site = Site::routing(&[("web", "/*")], Profile::Edge, Settings::default(), |_| vec![server.address]).await;
    let mut client = open(&site).await;
    assert_eq!(client.exactly(5).await.unwrap(), b"hello");
}

#[tokio::test]
async fn alb_161_a_silent_websocket_is_closed_and_bytes_keep_it_open() {
    let server = echo().await;
    let timeouts = Timeouts { idle: Duration::from_millis(300), ..Timeouts::default() };
    let site = Site::with(&server, Settings { timeouts, ..Settings::default() }).await;
    let mut client = open(&site).await;
    client.exactly(5).await.unwrap();
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.send("ping").await;
        assert!(client.exactly(4).await.is_some());
    }
    assert!(client.is_closed().await);
    assert_eq!(site.notes.exchange(1).await.status, 101);
}

#[tokio::test]
async fn alb_165_the_edge_closes_what_the_origin_leaves_silent() {
    let server = Server::scripted(|mut wire, _| async move {
        let agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        wire.stream.write_all(agreed.as_bytes()).await.unwrap();
        wire.rest().await;
    })
    .await;
    let timeouts = Timeouts { edge_tunnel: Duration::from_millis(150), ..Timeouts::default() };
    let settings = Settings { timeouts, ..Settings::default() };
    let site = Site::routing(&[("web", "/*")], Profile::Edge, settings, |_| vec![server.address]).await;
    let mut client = site.connect().await;
    client.send(HANDSHAKE).await;
    assert_eq!(client.head().await.unwrap().status(), 101);
    // What the client sends does not count.
    while client.stream.write_all(b"ping").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn alb_162_another_answer_is_an_ordinary_one() {
    let server = Server::answering(|_| b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno".to_vec()).await;
    let site = Site::of(&server).await;
    let mut client = site.connect().await;
    let answer = client.ask(HANDSHAKE).await;
    assert_eq!((answer.status(), answer.text().as_str()), (426, "no"));
    assert_eq!(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.status(), 426);
}
