//! The path that a balancer asks whether a container is well.

/// The health-check path of a container that names none: the pattern up to its first wildcard, without the slash at its
/// end; `/` where nothing is left.
pub fn default_path(pattern: &str) -> &str {
    let fixed = pattern.split(['*', '?', '{', '}']).next().unwrap_or_default().trim_end_matches('/');
    if fixed.is_empty() { "/" } else { fixed }
}

#[cfg(test)]
mod tests {
    use super::default_path;

    #[test]
    fn the_path_ends_before_the_first_wildcard() {
        for (pattern, expected) in [
            ("/*", "/"),
            ("/api/*", "/api"),
            ("/img/*.png", "/img"),
            ("/a?c", "/a"),
            ("/", "/"),
            ("/x", "/x"),
            ("", "/"),
        ] {
            assert_eq!(default_path(pattern), expected, "{pattern}");
        }
    }
}
