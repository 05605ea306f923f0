use slipway_balancer::Settings;
use slipway_balancer::settings::DesyncMode;

use crate::support::{Server, Site, ok};

/// Requests, without `Host`, their class and reason, and whether a milder mode than the strictest lets them through.
const CASES: &[(&str, &str, &str)] = &[
    ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "", ""),
    (
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
        "Ambiguous",
        "BothTeClPresent",
    ),
    (
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Severe",
        "MultipleTransferEncodingChunked",
    ),
    ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Ambiguous", "SuspiciousHeader"),
    ("GET / HTTP/1.1\r\nHost: h\r\nTransfer_Encoding: chunked\r\n\r\n", "Ambiguous", "SuspiciousHeader"),
    (
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "Ambiguous",
        "DuplicateContentLength",
    ),
    (
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "Severe",
        "MultipleContentLength",
    ),
    ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "Severe", "BadContentLength"),
    ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: what\r\n\r\n", "Severe", "BadTransferEncoding"),
    (
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        "Ambiguous",
        "BothTeClPresent",
    ),
    ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", "Ambiguous", "UndefinedContentLengthSemantics"),
    ("HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", "Ambiguous", "UndefinedContentLengthSemantics"),
    ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", "Acceptable", "GetHeadZeroContentLength"),
    (
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Ambiguous",
        "UndefinedTransferEncodingSemantics",
    ),
    ("GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n", "Acceptable", "NonCompliantHeader"),
    ("GET / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n", "Acceptable", "NonCompliantHeader"),
    ("GET / HTTP/1.1\r\nHost: h\r\nA: \0\r\n\r\n", "Severe", "BadHeader"),
    ("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", "Severe", "BadHeader"),
    ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "Acceptable", "SpaceInUri"),
    ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", "Acceptable", "NonCompliantVersion"),
    ("GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", "Ambiguous", "AmbiguousUri"),
    ("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", "Severe", "BadUri"),
    ("G\x01T / HTTP/1.1\r\nHost: h\r\n\r\n", "Severe", "BadMethod"),
    ("GET / FTP/1.1\r\nHost: h\r\n\r\n", "Severe", "BadVersion"),
    ("GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", "Ambiguous", "EmptyHeader"),
    ("GET / HTTP/1.1\r\nHost: h\r\nNoColon\r\n\r\n", "Ambiguous", "MissingHeaderColon"),
    ("GET / HTTP/1.1\nHost: h\n\n", "Acceptable", "NonCrLfLineTermination"),
];

async fn hold_to(mode: DesyncMode) {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::with(&server, Settings { desync: mode, ..Settings::default() }).await;
    for (count, (request, class, reason)) in CASES.iter().enumerate() {
        let (is_refused, closes) = match (*class, mode) {
            // What cannot be read cannot be forwarded, in whatever mode.
            ("Severe", DesyncMode::Monitor) => {
                let is_unreadable =
                    request.contains("-Length: x") || request.contains("FTP") || request.contains("what");
                (is_unreadable, is_unreadable)
            }
            ("Severe", _) => (true, true),
            ("Ambiguous", DesyncMode::Defensive) => (false, true),
            ("", _) | (_, DesyncMode::Monitor) | ("Acceptable", DesyncMode::Defensive) => (false, false),
            _ => (true, true),
        };
        let before = server.count();
        let mut client = site.connect().await;
        let answer = client.ask(request).await;
        let shown = request.escape_debug();
        let kept = site.notes.exchange(count + 1).await;
        assert_eq!(kept.classification.unwrap_or_default(), (*class, *reason), "{shown}");
        let expected = if is_refused { 400 } else { 200 };
        let expected =
            if is_refused && request.contains("what") && mode == DesyncMode::Monitor { 501 } else { expected };
        assert_eq!(answer.status(), expected, "{mode:?} {shown}");
        // No rule matches a control character, so what is let through meets the default action.
        let is_unmatched = matches!(*reason, "AmbiguousUri" | "BadUri");
        assert_eq!(server.count() - before, usize::from(!is_refused && !is_unmatched), "{mode:?} {shown}");
        let connection = answer.field("connection");
        assert_eq!(connection.as_deref(), Some(if closes { "close" } else { "keep-alive" }), "{mode:?} {shown}");
        if closes {
            assert!(client.is_closed().await, "{mode:?} {shown}");
        }
    }
}

#[tokio::test]
async fn alb_230_to_235_defensive() {
    hold_to(DesyncMode::Defensive).await;
}

#[tokio::test]
async fn alb_230_to_235_monitor() {
    hold_to(DesyncMode::Monitor).await;
}

#[tokio::test]
async fn alb_230_to_235_strictest() {
    hold_to(DesyncMode::Strictest).await;
}

#[tokio::test]
async fn alb_234_both_lengths_are_forwarded_as_chunks_alone() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    site.ask(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    )
    .await;
    let request = server.last();
    assert_eq!(request.field("transfer-encoding").as_deref(), Some("chunked"));
    assert_eq!((request.field("content-length"), request.text().as_str()), (None, "ab"));
}

#[tokio::test]
async fn alb_235_gzip_before_chunked_is_not_implemented() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    let answer = site.ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n").await;
    assert_eq!(answer.status(), 501);
}

#[tokio::test]
async fn alb_235_irregular_heads_reach_the_target_as_they_came() {
    let server = Server::answering(|_| ok("")).await;
    let site = Site::of(&server).await;
    site.ask("GET /a b?c d HTTP/1.2\r\nHost: H.Example\r\nA b: \u{1}\r\nCASE: Kept\r\n\r\n").await;
    let request = server.last();
    assert_eq!(request.line, "GET /a b?c d HTTP/1.1");
    assert_eq!(request.field("A b").as_deref(), Some("\u{1}"));
    assert!(request.names().contains(&"CASE"));
    assert_eq!(request.field("host").as_deref(), Some("h.example"));
}
