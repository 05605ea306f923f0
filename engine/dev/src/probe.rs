//! Asks a container whether it is well.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::header::{CONNECTION, HOST, LOCATION, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A status, and where a redirect leads.
    Status(StatusCode, Option<String>),
    /// Nobody listens, or the connection was reset.
    Refused,
    /// The connection was made, and closed without an answer that is HTTP.
    NoHttp,
    /// No answer in time.
    Timeout,
}

/// Sends `GET path`, as the load balancer's health check would.
pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    tokio::time::timeout(TIMEOUT, ask(address, path)).await.unwrap_or(Answer::Timeout)
}

async fn ask(address: SocketAddr, path: &str) -> Answer {
    let Ok(stream) = TcpStream::connect(address).await else { return Answer::Refused };
    let Ok((mut sender, connection)) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await else {
        return Answer::Refused;
    };
    let driver = tokio::spawn(connection);
    let request = Request::get(path)
        .header(HOST, address.to_string())
        .header(USER_AGENT, "ELB-HealthChecker/2.0")
        .header(CONNECTION, "close")
        .body(Empty::<Bytes>::new());
    let Ok(request) = request else { return Answer::NoHttp };
    match sender.send_request(request).await {
        Ok(answer) => {
            let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
            Answer::Status(answer.status(), location)
        }
        Err(error) => {
            drop(sender);
            // Which of the two errors tells of the reset depends on who noticed first.
            let connection = driver.await;
            let reset = was_reset(&error) || matches!(&connection, Ok(Err(error)) if was_reset(error));
            if reset { Answer::Refused } else { Answer::NoHttp }
        }
    }
}

/// A published port accepts the connection and resets it when nobody listens behind it.
fn was_reset(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::NotConnected
            )
        {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    async fn answered(bytes: &'static [u8]) -> Answer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            assert_ne!(stream.read(&mut request).await.unwrap(), 0);
            stream.write_all(bytes).await.unwrap();
        });
        get(address, "/health").await
    }

    #[tokio::test]
    async fn answers_are_told_apart() {
        assert_eq!(
            answered(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await,
            Answer::Status(StatusCode::OK, None)
        );
        assert_eq!(
            answered(b"HTTP/1.1 301 Moved\r\nlocation: /health/\r\ncontent-length: 0\r\n\r\n").await,
            Answer::Status(StatusCode::MOVED_PERMANENTLY, Some("/health/".into()))
        );
        assert_eq!(answered(b"").await, Answer::NoHttp);
        assert_eq!(answered(b"\x15\x03\x03\x00\x02\x02\x46").await, Answer::NoHttp);
        assert_eq!(get("127.0.0.1:1".parse().unwrap(), "/").await, Answer::Refused);
    }
}
