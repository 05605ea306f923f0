//! The files of the dashboard. They are part of the program; nothing is loaded from elsewhere.

/// The type and the content of a file.
pub(super) fn find(path: &str) -> Option<(&'static str, &'static [u8])> {
    Some(match path {
        "/" | "/index.html" => ("text/html; charset=utf-8", include_bytes!("assets/index.html")),
        "/dashboard.css" => ("text/css; charset=utf-8", include_bytes!("assets/dashboard.css")),
        "/dashboard.js" => ("text/javascript; charset=utf-8", include_bytes!("assets/dashboard.js")),
        _ => return None,
    })
}
