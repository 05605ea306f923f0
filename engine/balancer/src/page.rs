//! Answers that the balancer or the edge makes itself.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use crate::front::{Payload, Respond};

/// What the balancer calls itself.
pub(crate) const SERVER: &[u8] = b"awselb/2.0";

/// The status text of a page.
pub(crate) fn title(status: u16) -> &'static str {
    match status {
        301 => "301 Moved Permanently",
        302 => "302 Found",
        400 => "400 Bad Request",
        401 => "401 Authorization Required",
        403 => "403 Forbidden",
        404 => "404 Not Found",
        405 => "405 Not Allowed",
        408 => "408 Request Time-out",
        413 => "413 Request Entity Too Large",
        414 => "414 Request-URI Too Large",
        460 => "460",
        463 => "463",
        464 => "464",
        500 => "500 Internal Server Error",
        501 => "501 Not Implemented",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        505 => "505 HTTP Version Not Supported",
        507 => "507 Insufficient Storage",
        561 => "561",
        _ => "200 OK",
    }
}

/// The status text without the number; nothing for the numbers that are the service's own.
pub(crate) fn reason(status: u16) -> &'static [u8] {
    title(status).get(4..).unwrap_or_default().as_bytes()
}

/// The balancer's page for a status.
pub(crate) fn body(status: u16) -> String {
    let title = title(status);
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
}

/// Sends the balancer's page for a status.
pub(crate) async fn send(respond: &mut impl Respond, status: u16, fields: &[(&[u8], &[u8])]) -> io::Result<()> {
    fixed(respond, status, "text/html", &body(status), fields).await
}

/// Sends an answer of the balancer's own.
pub(crate) async fn fixed(
    respond: &mut impl Respond,
    status: u16,
    content_type: &str,
    body: &str,
    fields: &[(&[u8], &[u8])],
) -> io::Result<()> {
    respond.start(status, reason(status));
    respond.field(b"Server", SERVER);
    respond.field(b"Date", date().as_bytes());
    respond.field(b"Content-Type", content_type.as_bytes());
    finish(respond, body, fields).await
}

/// Sends the edge's page for a status.
pub(crate) async fn send_from_edge(
    respond: &mut impl Respond,
    status: u16,
    fields: &[(&[u8], &[u8])],
) -> io::Result<()> {
    let body = format!(
        "<!DOCTYPE HTML>\n<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n\
         <H1>{}</H1>\n<H2>The request could not be satisfied.</H2>\n</BODY></HTML>\n",
        title(status)
    );
    respond.start(status, reason(status));
    respond.field(b"Server", b"CloudFront");
    respond.field(b"Date", date().as_bytes());
    respond.field(b"Content-Type", b"text/html");
    finish(respond, &body, fields).await
}

async fn finish(respond: &mut impl Respond, body: &str, fields: &[(&[u8], &[u8])]) -> io::Result<()> {
    for (name, value) in fields {
        respond.field(name, value);
    }
    respond.finish_head(Payload::Length(body.len() as u64));
    respond.data(body.as_bytes()).await?;
    respond.end(&[]).await
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_second(since.as_secs().cast_signed()).unwrap_or_default()
}

/// Now, as a field has it.
pub(crate) fn date() -> String {
    now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_200_pages_are_as_long_as_those_captured() {
        for (status, length) in [(301, 134), (502, 122), (503, 162), (504, 132)] {
            assert_eq!(body(status).len(), length, "{status}");
        }
    }
}
