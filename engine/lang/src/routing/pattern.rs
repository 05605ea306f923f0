//! Path and host patterns: `*` stands for any run of characters, `?` for exactly one, everything else for itself.
//!
//! A pattern is compared with the whole text. Only visible ASCII takes part: a text with any other character matches
//! nothing, and neither does a pattern with one.

use crate::glob;

/// Longest pattern, in bytes, for which [`path_covers`] and its siblings look for an answer. No service takes patterns
/// anywhere near it; beyond it only equal patterns count as related, so that the work stays bounded.
pub const LONGEST_COMPARED: usize = 1024;

/// Whether a path, as sent and without its query, matches a pattern. Case counts.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    is_visible_ascii(path) && glob(pattern.as_bytes(), path.as_bytes(), accepts)
}

/// Whether a host name, without its port, matches a pattern. Case does not count.
pub fn host_matches(pattern: &str, host: &str) -> bool {
    let accepts = |own: u8, other: u8| accepts(own.to_ascii_lowercase(), other.to_ascii_lowercase());
    is_visible_ascii(host) && glob(pattern.as_bytes(), host.as_bytes(), accepts)
}

/// Whether the path pattern `wide` matches every path that `narrow` matches. Exact up to [`LONGEST_COMPARED`].
pub fn path_covers(wide: &str, narrow: &str) -> bool {
    if !is_visible_ascii(narrow) || wide == narrow {
        return true;
    }
    // A star in `narrow` may stand for nothing or for a long text of letters that `wide` does not name (`*` itself may
    // occur in a path and is such a letter). So only a star of `wide` can answer it, and a `?` of `narrow` only a
    // wildcard; read that way, `narrow` is a text like any other.
    comparable(wide, narrow)
        && glob(&floating(wide), narrow.as_bytes(), |own, other| match own {
            b'?' => other != b'*',
            literal => literal == other,
        })
}

/// Whether the host pattern `wide` matches every host that `narrow` matches. Exact up to [`LONGEST_COMPARED`].
pub fn host_covers(wide: &str, narrow: &str) -> bool {
    path_covers(&wide.to_ascii_lowercase(), &narrow.to_ascii_lowercase())
}

/// Whether some path matches both patterns. Exact up to [`LONGEST_COMPARED`].
pub fn path_overlaps(one: &str, other: &str) -> bool {
    if !is_visible_ascii(one) || !is_visible_ascii(other) {
        return false;
    }
    if !comparable(one, other) {
        return one == other;
    }
    let other = other.as_bytes();
    // `reached[j]`: a common text exists for what was read of `one` and the first `j` characters of `other`.
    let mut reached = vec![false; other.len() + 1];
    reached[0] = true;
    skip_stars(&mut reached, other);
    for own in one.bytes() {
        let before = reached;
        reached = vec![false; other.len() + 1];
        for j in (0..before.len()).filter(|j| before[*j]) {
            match (own, other.get(j)) {
                (b'*', _) => reached[j..].fill(true),
                (_, Some(b'*')) => reached[j] = true,
                (_, Some(theirs)) if own == b'?' || *theirs == b'?' || own == *theirs => reached[j + 1] = true,
                _ => {}
            }
        }
        skip_stars(&mut reached, other);
    }
    reached[other.len()]
}

/// Whether some host matches both patterns. Exact up to [`LONGEST_COMPARED`].
pub fn host_overlaps(one: &str, other: &str) -> bool {
    path_overlaps(&one.to_ascii_lowercase(), &other.to_ascii_lowercase())
}

/// Whether every character of a text can take part in matching.
pub fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// How many `*` and `?` a pattern has.
pub fn wildcard_count(pattern: &str) -> usize {
    pattern.bytes().filter(|byte| is_wildcard(*byte)).count()
}

fn is_wildcard(byte: u8) -> bool {
    matches!(byte, b'*' | b'?')
}

fn accepts(own: u8, other: u8) -> bool {
    own == b'?' || own == other
}

fn glob(pattern: &[u8], text: &[u8], accepts: impl Fn(u8, u8) -> bool) -> bool {
    // Keeps the work below the square of the text's length, however long the pattern is.
    if pattern.iter().filter(|byte| **byte != b'*').count() > text.len() {
        return false;
    }
    glob::matches(pattern.iter().copied(), text.iter().copied(), |piece| piece == b'*', accepts)
}

/// Puts stars around each `?` of a run that has a star: `*?`, `?*` and `*?*` mean the same, and so every order of the
/// two can be met from the left.
fn floating(pattern: &str) -> Vec<u8> {
    let mut spread = Vec::with_capacity(2 * pattern.len());
    for run in pattern.as_bytes().chunk_by(|left, right| is_wildcard(*left) == is_wildcard(*right)) {
        if run.contains(&b'*') && is_wildcard(run[0]) {
            spread.push(b'*');
            for _ in run.iter().filter(|byte| **byte == b'?') {
                spread.extend_from_slice(b"?*");
            }
        } else {
            spread.extend_from_slice(run);
        }
    }
    spread
}

fn comparable(one: &str, other: &str) -> bool {
    one.len() <= LONGEST_COMPARED && other.len() <= LONGEST_COMPARED
}

/// A star may stand for nothing: whoever stands before one also stands behind it.
fn skip_stars(reached: &mut [bool], pattern: &[u8]) {
    for (j, byte) in pattern.iter().enumerate() {
        reached[j + 1] |= reached[j] && *byte == b'*';
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_match_as_the_balancer_matches_them() {
        // pattern, paths that match, paths that do not
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("/api", &["/api"], &["/API", "/api/", "/apix", "/ap", "", "/api?x"]),
            ("/api/*", &["/api/", "/api/x", "/api/x/y", "/api//"], &["/api", "/apix", "/API/x"]),
            ("/api*", &["/api", "/apix", "/api/x", "/api/"], &["/ap", "/API"]),
            ("/*", &["/", "/a", "/a/b.c", "/%00", "/*", "/ "], &["", "a", "/é", "/\u{7f}", "/\t", "/a\u{0}"]),
            ("/", &["/"], &["/a", "", "//"]),
            ("/assets/*/images/*", &["/assets/v1/images/", "/assets/v1/x/images/a/b.png"], &["/assets/images/x"]),
            (
                "/profile/202?",
                &["/profile/2021", "/profile/202/", "/profile/202?"],
                &["/profile/202", "/profile/20211"],
            ),
            ("/a%2Fb", &["/a%2Fb"], &["/a/b", "/a%2fb"]),
            ("/caf%C3%A9", &["/caf%C3%A9"], &["/café"]),
            ("/café", &[], &["/café", "/caf%C3%A9"]),
            ("/api/../x", &["/api/../x"], &["/x"]),
            ("*", &["", "/", "anything"], &["\n"]),
            ("", &[""], &["/"]),
            ("/**a**", &["/a", "/xxaxx"], &["/", "/b"]),
            ("/?*", &["/a", "/ab"], &["/"]),
            ("/*?", &["/a", "/ab"], &["/"]),
        ];
        for (pattern, matching, others) in cases {
            for path in *matching {
                assert!(path_matches(pattern, path), "{pattern} should match {path:?}");
            }
            for path in *others {
                assert!(!path_matches(pattern, path), "{pattern} should not match {path:?}");
            }
        }
    }

    #[test]
    fn hosts_match_without_regard_to_case() {
        for (pattern, host, expected) in [
            ("*.example.com", "test.example.com", true),
            ("*.example.com", "a.b.Example.COM", true),
            ("*.example.com", "example.com", false),
            ("EXAMPLE.com", "example.COM", true),
            ("example.com", "www.example.com", false),
            ("?.example.com", "a.example.com", true),
            ("?.example.com", "ab.example.com", false),
            ("exämple.com", "exämple.com", false),
        ] {
            assert_eq!(host_matches(pattern, host), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn many_stars_against_a_long_path_end_soon() {
        let pattern = "/*a".repeat(40) + "b";
        let path = "/a".repeat(8000);
        assert!(!path_matches(&pattern, &path));
        assert!(!path_matches(&"a".repeat(10_000_000), &path));
        assert!(!path_covers(&"*a".repeat(512), &"a*".repeat(500)));
    }

    #[test]
    fn one_pattern_covers_another() {
        for (wide, narrow, expected) in [
            ("/*", "/api/*", true),
            ("/*", "/", true),
            ("/*", "/*", true),
            ("/api/*", "/api", false),
            ("/api*", "/api/*", true),
            ("/api/*", "/api*", false),
            ("/?", "/a", true),
            ("/a", "/?", false),
            ("/*?", "/?*", true),
            ("/?*", "/*?", true),
            ("/*??*", "/??", true),
            ("/??", "/*??*", false),
            // The `?` of the first may be any character of a non-empty text before `x`.
            ("*?x", "*yx", true),
            ("?*x", "*yx", true),
            ("*?x", "*x", false),
            ("*ab*", "*a*b*", false),
            ("*a*b*", "*ab*", true),
            ("/img/*", "/img/*.png", true),
            ("/img/*.png", "/img/*", false),
            ("/a/*/c", "/a/b/*", false),
            ("/a", "/é", true),
            ("/é", "/a", false),
        ] {
            assert_eq!(path_covers(wide, narrow), expected, "{wide} over {narrow}");
        }
        assert!(host_covers("*.Example.com", "api.example.COM"));
        assert!(!path_covers("/A", "/a"));
    }

    #[test]
    fn two_patterns_overlap() {
        for (one, other, expected) in [
            ("/a/*/c", "/a/b/*", true),
            ("/api/*", "/api", false),
            ("/api*", "/api", true),
            ("*a", "b*", true),
            ("a*", "b*", false),
            ("/?", "/", false),
            ("", "*", true),
            ("", "", true),
            ("*", "", true),
            ("/é*", "/*", false),
            ("*x*y*", "*y*x*", true),
        ] {
            assert_eq!(path_overlaps(one, other), expected, "{one} and {other}");
            assert_eq!(path_overlaps(other, one), expected, "{other} and {one}");
        }
        assert!(host_overlaps("*.EXAMPLE.com", "api.*"));
    }

    #[test]
    fn over_long_patterns_are_only_compared_for_equality() {
        let long = "/a*".repeat(LONGEST_COMPARED);
        assert!(path_covers(&long, &long) && path_overlaps(&long, &long));
        assert!(!path_covers("*", &long) && !path_overlaps("*", &long));
    }

    /// The definition, word for word.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), None) => naive(rest, text),
            (Some((b'*', rest)), Some((_, behind))) => naive(rest, text) || naive(pattern, behind),
            (Some((own, rest)), Some((byte, behind))) => (own == byte || *own == b'?') && naive(rest, behind),
            _ => false,
        }
    }

    /// All texts over two letters that patterns use and one that they do not.
    fn texts(longest: usize) -> Vec<Vec<u8>> {
        let mut all = vec![Vec::new()];
        let mut start = 0;
        for _ in 0..longest {
            let end = all.len();
            for at in start..end {
                for letter in *b"abz" {
                    let mut longer = all[at].clone();
                    longer.push(letter);
                    all.push(longer);
                }
            }
            start = end;
        }
        all
    }

    /// The texts, of those given, that a pattern matches: one bit each.
    fn language(pattern: &str, texts: &[Vec<u8>]) -> Vec<u64> {
        let word = |texts: &[Vec<u8>]| {
            texts.iter().fold(0, |word, text| word << 1 | u64::from(naive(pattern.as_bytes(), text)))
        };
        texts.chunks(64).map(word).collect()
    }

    fn is_subset(narrow: &[u64], wide: &[u64]) -> bool {
        narrow.iter().zip(wide).all(|(narrow, wide)| narrow & !wide == 0)
    }

    fn have_common(one: &[u64], other: &[u64]) -> bool {
        one.iter().zip(other).any(|(one, other)| one & other != 0)
    }

    #[test]
    fn covers_and_overlaps_agree_with_the_sets_of_all_short_patterns() {
        // Patterns of up to 4 characters; texts of up to 7 tell any two of them apart.
        let mut patterns = vec![String::new()];
        for length in 0..4 {
            for shorter in patterns.iter().filter(|pattern| pattern.len() == length).cloned().collect::<Vec<_>>() {
                patterns.extend(["a", "b", "*", "?"].map(|letter| shorter.clone() + letter));
            }
        }
        let texts = texts(7);
        let sets: Vec<Vec<u64>> = patterns.iter().map(|pattern| language(pattern, &texts)).collect();
        for (wide, wide_set) in patterns.iter().zip(&sets) {
            for (narrow, narrow_set) in patterns.iter().zip(&sets) {
                assert_eq!(path_covers(wide, narrow), is_subset(narrow_set, wide_set), "{wide:?} over {narrow:?}");
                assert_eq!(path_overlaps(wide, narrow), have_common(wide_set, narrow_set), "{wide:?} and {narrow:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn matching_agrees_with_the_definition(pattern in "[ab/*?]{0,10}", text in "[ab/]{0,12}") {
            prop_assert_eq!(path_matches(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()));
            prop_assert_eq!(
                host_matches(&pattern, &text.to_uppercase()),
                naive(pattern.as_bytes(), text.as_bytes())
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn covers_and_overlaps_agree_with_the_sets_of_longer_patterns(
            one in "[ab*?]{0,7}", other in "(a|b|\\*|\\?|\\*\\?|\\?\\*|ab){0,5}"
        ) {
            let texts = texts(9);
            let (wide, narrow) = (language(&one, &texts), language(&other, &texts));
            // A longer text than those tried might refute what they suggest, never confirm what they refute.
            if path_covers(&one, &other) {
                prop_assert!(is_subset(&narrow, &wide), "{one:?} over {other:?}");
            } else if one.len() + other.len() <= 8 {
                prop_assert!(!is_subset(&narrow, &wide), "{one:?} over {other:?}");
            }
            if have_common(&wide, &narrow) {
                prop_assert!(path_overlaps(&one, &other), "{one:?} and {other:?}");
            } else if one.len() + other.len() <= 8 {
                prop_assert!(!path_overlaps(&one, &other), "{one:?} and {other:?}");
            }
        }

        #[test]
        fn any_text_is_taken(one in ".{0,20}", other in "[\\*\\?a.é]{0,20}") {
            path_matches(&other, &one);
            host_matches(&one, &other);
            path_overlaps(&one, &other);
            prop_assert!(path_covers(&one, &one));
            prop_assert_eq!(path_covers("*", &other), true);
        }
    }
}
