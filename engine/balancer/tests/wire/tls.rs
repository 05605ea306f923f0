//! Listeners for HTTPS, HTTP/2 on them, and targets that speak TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::client::conn::http2::SendRequest;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use slipway_balancer::group::{GroupSettings, Protocol, ProtocolVersion};
use slipway_balancer::settings::{Certificate, Settings, Timeouts, Tls};
use slipway_balancer::{Balancer, Rules, TargetGroup};
use slipway_lang::routing::{Profile, Table};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, version};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::support::{Message, Notes, Server, Site, ok, quick, route, soon, until};

/// A certificate for `localhost`, and what a client needs to trust it.
struct Identity {
    pem: Certificate,
    roots: RootCertStore,
}

fn identity() -> Identity {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let pem =
        Certificate::Pem { chain: made.cert.pem().into_bytes(), key: made.signing_key.serialize_pem().into_bytes() };
    Identity { pem, roots }
}

/// A site with a listener for HTTPS, and how to get in.
struct Secure {
    site: Site,
    roots: RootCertStore,
}

impl Secure {
    async fn of(server: &Server, settings: Settings) -> Self {
        let Identity { pem, roots } = identity();
        let tls = Tls { listen: vec!["127.0.0.1:0".parse().unwrap()], certificate: pem };
        let settings = Settings { tls: Some(tls), ..settings };
        Self { site: Site::with(server, settings).await, roots }
    }

    fn address(&self) -> SocketAddr {
        self.site.balancer.addresses()[1]
    }

    async fn connect(&self, alpn: &[&str]) -> TlsStream<TcpStream> {
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        let socket = TcpStream::connect(self.address()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        soon(TlsConnector::from(Arc::new(config)).connect(name, socket)).await.unwrap()
    }

    async fn http2(&self) -> SendRequest<Full<Bytes>> {
        let stream = self.connect(&["h2", "http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }
}

fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(format!("https://Shop.Example{path}")).body(Full::default()).unwrap()
}

async fn text(response: Response<Incoming>) -> String {
    String::from_utf8(soon(response.into_body().collect()).await.unwrap().to_bytes().to_vec()).unwrap()
}

/// What one request over HTTP/1 gets; the connection is closed after it.
async fn ask_over_http1(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

#[tokio::test]
async fn alb_102_alb_114_targets_are_told_of_tls() {
    let server = Server::answering(|_| ok("hello")).await;
    let secure = Secure::of(&server, Settings { tls_headers: true, ..Settings::default() }).await;
    let mut stream = secure.connect(&[]).await;
    assert!(ask_over_http1(&mut stream).await.ends_with("\r\n\r\nhello"));
    let request = server.last();
    for (name, expected) in [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "443"),
        ("x-amzn-tls-version", "TLSv1.3"),
        ("x-amzn-tls-cipher-suite", "TLS_AES_256_GCM_SHA384"),
        ("host", "h"),
    ] {
        assert_eq!(request.field(name).as_deref(), Some(expected), "{name}");
    }
    let secure = Secure::of(&server, Settings::default()).await;
    ask_over_http1(&mut secure.connect(&["http/1.1"]).await).await;
    assert_eq!(server.last().field("x-amzn-tls-version"), None);
}

#[tokio::test]
async fn alb_110_alb_170_http2_reaches_targets_as_http1() {
    let server = Server::answering(|request| {
        let mut answer = ok(&request.text());
        answer.splice(17..17, b"X-Own: 1\r\nConnection: x\r\nKeep-Alive: 5\r\n".to_vec());
        answer
    })
    .await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut client = secure.http2().await;
    let request = Request::post("https://Shop.Example:9/p?q")
        .header("X-Mixed-Case", "1")
        .header("cookie", "a=1")
        .header("cookie", "b=2")
        .body(Full::from("content"))
        .unwrap();
    let answer = soon(client.send_request(request)).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, hyper::Version::HTTP_2));
    assert_eq!(answer.headers()["x-own"], "1");
    assert_eq!(answer.headers().get("connection"), None);
    assert_eq!(text(answer).await, "content");
    let request = server.last();
    assert_eq!(request.line, "POST /p?q HTTP/1.1");
    assert_eq!(
        request.names(),
        [
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "Host",
            "X-Amzn-Trace-Id",
            "x-mixed-case",
            "cookie",
            "Content-Length"
        ]
    );
    assert_eq!(request.field("host").as_deref(), Some("shop.example"));
    assert_eq!(request.field("cookie").as_deref(), Some("a=1; b=2"));
}

#[tokio::test]
async fn alb_170_so_many_streams_are_offered_and_no_push() {
    let server = Server::answering(|_| ok("")).await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut stream = secure.connect(&["h2"]).await;
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut head = [0; 9];
    soon(stream.read_exact(&mut head)).await.unwrap();
    assert_eq!(head[3], 4, "the first frame has the settings");
    let mut settings = vec![0; usize::from(head[2])];
    soon(stream.read_exact(&mut settings)).await.unwrap();
    let value = |id: u16| {
        let entries = settings.chunks_exact(6).map(|entry| {
            (u16::from_be_bytes([entry[0], entry[1]]), u32::from_be_bytes([entry[2], entry[3], entry[4], entry[5]]))
        });
        entries.into_iter().find(|(own, _)| *own == id).map(|(_, value)| value)
    };
    assert_eq!(value(3), Some(128));
}

#[tokio::test]
async fn alb_133_trailers_pass_to_http2() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\ngrpc-status: 0\r\n\r\n".to_vec()
    })
    .await;
    let secure = Secure::of(&server, Settings::default()).await;
    let stream = secure.connect(&["h2"]).await;
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut sum = hyper::HeaderMap::new();
    sum.insert("x-sum", "9".parse().unwrap());
    let frames = [Frame::data(Bytes::from_static(b"x")), Frame::trailers(sum)];
    let body = StreamBody::new(futures_like(frames));
    let answer = soon(client.send_request(Request::post("https://h/").body(body).unwrap())).await.unwrap();
    let collected = soon(answer.into_body().collect()).await.unwrap();
    assert_eq!(collected.trailers().unwrap()["grpc-status"], "0");
    assert_eq!(collected.to_bytes(), "hi");
    let request: Message = server.last();
    assert_eq!((request.text().as_str(), request.trailers.as_str()), ("x", "x-sum: 9\r\n"));
}

/// Frames as a stream.
fn futures_like<const N: usize>(
    frames: [Frame<Bytes>; N],
) -> impl futures_core::Stream<Item = Result<Frame<Bytes>, std::convert::Infallible>> + Send + Unpin {
    struct Frames(std::collections::VecDeque<Frame<Bytes>>);
    impl futures_core::Stream for Frames {
        type Item = Result<Frame<Bytes>, std::convert::Infallible>;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Ready(self.0.pop_front().map(Ok))
        }
    }
    Frames(frames.into())
}

#[tokio::test]
async fn alb_135_answers_without_a_body_end_at_once_over_http2() {
    let server = Server::answering(|request| {
        if request.line.starts_with("HEAD") {
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n".to_vec()
        } else {
            b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()
        }
    })
    .await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut client = secure.http2().await;
    for (method, status) in [("HEAD", 200), ("GET", 204)] {
        let request = Request::builder().method(method).uri("https://h/").body(Full::default()).unwrap();
        let answer = soon(client.send_request(request)).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(text(answer).await, "");
    }
    let kept = secure.site.notes.exchange(2).await;
    assert_eq!((kept.status, kept.problem), (204, None));
}

#[tokio::test]
async fn alb_137_an_answer_that_breaks_off_is_a_reset_over_http2() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").await.unwrap();
    })
    .await;
    let secure = Secure::of(&server, Settings::default()).await;
    // The reset may overtake the head.
    if let Ok(answer) = soon(secure.http2().await.send_request(get("/"))).await {
        assert_eq!(answer.status(), 200);
        assert!(soon(answer.into_body().collect()).await.is_err());
    }
    assert_eq!(secure.site.notes.exchange(1).await.problem, Some("closed-answering"));
}

#[tokio::test]
async fn alb_186_a_stream_that_is_reset_takes_its_request_along() {
    let server = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut client = secure.http2().await;
    let waiting = tokio::spawn(client.send_request(get("/")));
    until(|| secure.site.groups[0].targets()[0].outstanding == 1).await;
    waiting.abort();
    assert_eq!(secure.site.notes.exchange(1).await.status, 460);
    until(|| secure.site.groups[0].targets()[0].outstanding == 0).await;
}

#[tokio::test]
async fn alb_171_a_connection_takes_ten_thousand_requests() {
    let server = Server::answering(|_| ok("")).await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut client = secure.http2().await;
    let trace = || Request::builder().method("TRACE").uri("https://h/").body(Full::default()).unwrap();
    let mut count = 0;
    while client.ready().await.is_ok() {
        match soon(client.send_request(trace())).await {
            Ok(answer) => assert_eq!(answer.status(), 405),
            Err(_) => break,
        }
        count += 1;
    }
    assert!((10_000..10_010).contains(&count), "{count}");
}

#[tokio::test]
async fn alb_171_an_idle_http2_connection_is_closed() {
    let server = Server::answering(|_| ok("")).await;
    let timeouts = Timeouts { idle: Duration::from_millis(200), ..Timeouts::default() };
    let secure = Secure::of(&server, Settings { timeouts, ..Settings::default() }).await;
    let mut client = secure.http2().await;
    soon(client.send_request(get("/"))).await.unwrap();
    soon(async {
        while client.ready().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn alb_172_versions_that_do_not_fit_are_a_464() {
    let server = Server::answering(|_| ok("")).await;
    let Identity { pem, roots } = identity();
    let tls = Tls { listen: vec!["127.0.0.1:0".parse().unwrap()], certificate: pem };
    let versions = [ProtocolVersion::Http1, ProtocolVersion::Http2, ProtocolVersion::Grpc];
    let routes = vec![route("one", "/one"), route("two", "/two"), route("grpc", "/grpc")];
    let groups: Vec<Arc<TargetGroup>> = routes
        .iter()
        .zip(versions)
        .map(|(route, version)| TargetGroup::new(GroupSettings { version, ..quick(&route.container) }))
        .collect();
    groups[0].register(server.address);
    let rules = Rules { table: Table::new(routes, Profile::Alb), groups: groups.clone() };
    let notes = Arc::new(Notes::default());
    let settings = Settings { tls: Some(tls), ..Settings::default() };
    let balancer = Balancer::start(settings, rules, Arc::clone(&notes) as _).await.unwrap();
    let secure = Secure { site: Site { balancer, notes, groups }, roots };
    for path in ["/two", "/grpc"] {
        assert_eq!(secure.site.get(path).await.status(), 464, "{path}");
    }
    let mut client = secure.http2().await;
    for (method, path, content_type, status) in [
        ("GET", "/grpc", "text/plain", 464),
        ("POST", "/one", "application/grpc", 464),
        ("POST", "/one", "text/plain", 200),
    ] {
        let uri = format!("https://h{path}");
        let request = Request::builder().method(method).uri(uri).header("content-type", content_type);
        let answer = soon(client.send_request(request.body(Full::default()).unwrap())).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path} {content_type}");
    }
}

#[tokio::test]
async fn alb_173_http2_with_prior_knowledge_is_off_unless_asked_for() {
    let server = Server::answering(|_| ok("hello")).await;
    let site = Site::with(&server, Settings { plain_http2: true, ..Settings::default() }).await;
    let stream = TcpStream::connect(site.address()).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("http://h/").body(Full::<Bytes>::default()).unwrap();
    assert_eq!(text(soon(client.send_request(request)).await.unwrap()).await, "hello");
    assert_eq!(site.get("/").await.text(), "hello");
    let site = Site::of(&server).await;
    assert_eq!(site.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.status(), 505);
}

#[tokio::test]
async fn alb_300_limits_hold_for_http2() {
    let server = Server::answering(|_| ok("")).await;
    let secure = Secure::of(&server, Settings::default()).await;
    let mut client = secure.http2().await;
    let long = "x".repeat(16 * 1024 + 1);
    let answer = soon(client.send_request(get(&format!("/{long}")))).await.unwrap();
    assert_eq!(answer.status(), 414);
    let request = Request::get("https://h/").header("a", &long).body(Full::default()).unwrap();
    assert_eq!(soon(client.send_request(request)).await.unwrap().status(), 400);
}

/// A group whose targets speak TLS, behind a balancer of its own.
async fn before_tls_target(address: SocketAddr, timeouts: Timeouts) -> Site {
    let group = TargetGroup::new(GroupSettings { protocol: Protocol::Https, ..quick("web") });
    group.register(address);
    let rules = Rules { table: Table::new(vec![route("web", "/*")], Profile::Alb), groups: vec![group.clone()] };
    let notes = Arc::new(Notes::default());
    let settings = Settings { timeouts, hold: None, ..Settings::default() };
    let balancer = Balancer::start(settings, rules, Arc::clone(&notes) as _).await.unwrap();
    Site { balancer, notes, groups: vec![group] }
}

#[tokio::test]
async fn alb_174_the_certificate_of_a_target_is_not_looked_at() {
    let made = rcgen::generate_simple_self_signed(["elsewhere.example".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let chain: Vec<CertificateDer<'static>> = vec![made.cert.der().clone()];
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(socket).await.unwrap();
                let mut request = [0; 4096];
                while stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                    stream.write_all(&ok("secret")).await.unwrap();
                }
            });
        }
    });
    let site = before_tls_target(address, Timeouts::default()).await;
    site.all_well().await;
    for _ in 0..3 {
        assert_eq!(site.get("/").await.text(), "secret");
    }
}

#[tokio::test]
async fn alb_185_a_target_that_fails_the_handshake() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            plain.accept().await.unwrap().0.write_all(&ok("plain")).await.unwrap();
        }
    });
    let site = before_tls_target(address, Timeouts::default()).await;
    assert_eq!(site.get("/").await.status(), 502);
    assert_eq!(site.notes.exchange(1).await.problem, Some("target-tls"));
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let timeouts =
        Timeouts { connect: Duration::from_millis(100), handshake: Duration::from_millis(100), ..Timeouts::default() };
    let site = before_tls_target(silent.local_addr().unwrap(), timeouts).await;
    assert_eq!(site.get("/").await.status(), 504);
}
