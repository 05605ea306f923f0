//! Who may use the control API: programs of this machine, and the dashboard itself.
//!
//! A page on the internet can make a browser send requests to this machine, under the page's own name or, after changing
//! what its name stands for, under a foreign `Host`. Both are refused.

use hyper::Request;
use hyper::header::{HOST, HeaderValue, ORIGIN};

/// Refuses what comes from elsewhere, with the reason.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), String> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let host = request.headers().get(HOST).map(text).unwrap_or_default();
    if !is_local(&host) {
        return Err(format!("The control API is for this machine alone, and the request asks for the host `{host}`."));
    }
    if let Some(origin) = request.headers().get(ORIGIN).map(text)
        && origin.strip_prefix("http://") != Some(&*host)
    {
        return Err(format!(
            "The control API is for the dashboard alone, and the request comes from the page `{origin}`."
        ));
    }
    let site = request.headers().get("sec-fetch-site").map(text);
    match site.as_deref() {
        None | Some("same-origin" | "none") => Ok(()),
        Some(site) => Err(format!("The control API is for the dashboard alone, and the request is `{site}`.")),
    }
}

fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || ["127.0.0.1", "::1"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_hosts_and_origins_are_refused() {
        for (fields, allowed) in [
            (&[("host", "127.0.0.1:3001")][..], true),
            (&[("host", "localhost:3001")], true),
            (&[("host", "LocalHost")], true),
            (&[("host", "[::1]:3001")], true),
            (&[], false),
            (&[("host", "evil.example:3001")], false),
            (&[("host", "localhost.evil.example")], false),
            (&[("host", "127.0.0.1.evil.example")], false),
            (&[("host", "localhost:3001"), ("origin", "http://localhost:3001")], true),
            (&[("host", "localhost:3001"), ("origin", "http://localhost:3000")], false),
            (&[("host", "localhost:3001"), ("origin", "https://evil.example")], false),
            (&[("host", "localhost:3001"), ("origin", "null")], false),
            (&[("host", "localhost:3001"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "localhost:3001"), ("sec-fetch-site", "same-origin")], true),
            (&[("host", "localhost:3001"), ("sec-fetch-site", "none")], true),
        ] {
            let mut request = Request::builder();
            for (name, value) in fields {
                request = request.header(*name, *value);
            }
            assert_eq!(check(&request.body(()).unwrap()).is_ok(), allowed, "{fields:?}");
        }
    }
}
