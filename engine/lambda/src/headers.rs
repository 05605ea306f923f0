//! Facts about HTTP headers that several mappings need.

/// Whether a header, in lower case, speaks of one connection and is never passed on.
pub(crate) fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Whether a content type, parameters aside, is one that AWS passes on as text.
pub(crate) fn is_text(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    let text = media.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
    text || ["application/json", "application/javascript", "application/xml"]
        .iter()
        .any(|it| media.eq_ignore_ascii_case(it))
}
