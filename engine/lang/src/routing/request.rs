//! What routing looks at in a request.

use std::fmt;

/// The parts of a request that some profile looks at. No profile looks at the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// How the client reached the entry, when that is known.
    pub scheme: Option<Scheme>,
    /// The host without its port; `None` for a request that names none.
    pub host: Option<&'a str>,
    /// The path as sent: percent-escapes, dot segments and double slashes untouched, no query.
    pub path: &'a str,
    /// What stands behind the `?`.
    pub query: Option<&'a str>,
}

/// Plain or encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Port 80.
    Http,
    /// Port 443.
    Https,
}

/// Why a method and a URL do not make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The method is not a word of HTTP.
    Method,
    /// There is no URL.
    Empty,
    /// The URL's scheme is none that a container is reached by.
    Scheme,
    /// The URL has a scheme and then no host.
    Host,
    /// The URL has a blank or a control character in it.
    Blank,
}

impl<'a> Request<'a> {
    /// Reads a method and a URL as they are typed: `https://host/path?query`, `host/path` or `/path`.
    pub fn parse(method: &str, url: &'a str) -> Result<Self, RequestError> {
        if method.is_empty() || !method.bytes().all(is_token) {
            return Err(RequestError::Method);
        }
        if url.is_empty() {
            return Err(RequestError::Empty);
        }
        if url.chars().any(|character| character.is_whitespace() || character.is_control()) {
            return Err(RequestError::Blank);
        }
        if url.starts_with('/') {
            return Ok(Self::to(None, None, url));
        }
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => (Some(known_scheme(scheme)?), rest),
            _ => (None, url),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = host_name(authority);
        if host.is_empty() { Err(RequestError::Host) } else { Ok(Self::to(scheme, Some(host), target)) }
    }

    /// A request for a target such as `/path?query`. A fragment never leaves the client; an empty path is `/`.
    pub fn to(scheme: Option<Scheme>, host: Option<&'a str>, target: &'a str) -> Self {
        let target = target.split_once('#').map_or(target, |(sent, _)| sent);
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        Self { scheme, host, path: if path.is_empty() { "/" } else { path }, query }
    }
}

/// The name in an authority or a `Host` header: without user, password and port, an IPv6 address in its brackets.
pub fn host_name(authority: &str) -> &str {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "The method is not a word of HTTP. Write one such as GET or POST.",
            Self::Empty => "The URL is empty. Write a path such as /api/users, or a whole URL.",
            Self::Scheme => {
                "Containers are reached by HTTP and WebSockets alone. Write a URL with https:// or http://."
            }
            Self::Host => "The URL has no host. Write it behind the //, or begin with the path.",
            Self::Blank => "The URL has a blank or a control character in it. Write a blank as %20.",
        })
    }
}

impl std::error::Error for RequestError {}

fn known_scheme(scheme: &str) -> Result<Scheme, RequestError> {
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => Ok(Scheme::Http),
        "https" | "wss" => Ok(Scheme::Https),
        _ => Err(RequestError::Scheme),
    }
}

/// Whether a byte may stand in a method (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_falls_into_its_parts() {
        use Scheme::{Http, Https};
        for (url, scheme, host, path, query) in [
            ("/a/b?x=1&y", None, None, "/a/b", Some("x=1&y")),
            ("/", None, None, "/", None),
            ("//a//b", None, None, "//a//b", None),
            ("/a?", None, None, "/a", Some("")),
            ("/a?b?c#d?e", None, None, "/a", Some("b?c")),
            ("/a#b", None, None, "/a", None),
            ("https://Api.example.com/caf%C3%A9/../x", Some(Https), Some("Api.example.com"), "/caf%C3%A9/../x", None),
            ("http://localhost:3000", Some(Http), Some("localhost"), "/", None),
            ("HTTPS://h?q", Some(Https), Some("h"), "/", Some("q")),
            ("wss://h/s", Some(Https), Some("h"), "/s", None),
            ("https://user:pass@h:8443/x", Some(Https), Some("h"), "/x", None),
            ("http://[::1]:3000/x", Some(Http), Some("[::1]"), "/x", None),
            ("http://[::1]/x", Some(Http), Some("[::1]"), "/x", None),
            ("api.example.com/a", None, Some("api.example.com"), "/a", None),
            ("localhost:3000/a", None, Some("localhost"), "/a", None),
            ("h/a?u=http://x", None, Some("h"), "/a", Some("u=http://x")),
            ("/a?u=http://x", None, None, "/a", Some("u=http://x")),
        ] {
            assert_eq!(Request::parse("GET", url), Ok(Request { scheme, host, path, query }), "{url}");
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for (method, url, error) in [
            ("", "/", RequestError::Method),
            ("GE T", "/", RequestError::Method),
            ("GÉT", "/", RequestError::Method),
            ("GET", "", RequestError::Empty),
            ("GET", "ftp://h/", RequestError::Scheme),
            ("GET", "https:///x", RequestError::Host),
            ("GET", "?x", RequestError::Host),
            ("GET", "http://:80/x", RequestError::Host),
            ("GET", "/a b", RequestError::Blank),
            ("GET", "/a\n", RequestError::Blank),
        ] {
            assert_eq!(Request::parse(method, url), Err(error), "{method} {url}");
        }
    }
}
