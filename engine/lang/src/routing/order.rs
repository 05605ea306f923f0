//! The one order in which Slipway tries routes: most specific first.
//!
//! Listener priorities, the generated routing function, the emulator and the rules of the linter all use it. It is a
//! key to sort by, whose parts are compared one after the other, higher first:
//!
//! 1. the host: more labels first; half a label less when the pattern begins with `*`; no domain comes last;
//! 2. the path: more segments first; half a segment less when the last one has a `*`;
//! 3. the host's fixed characters, then its `?`, then the fewest `*`;
//! 4. the same for the path;
//! 5. the order of the file.
//!
//! Parts 1 and 2 are the order of the original tool's balancer ([`super::alb::score`]), so that a taken-over listener
//! keeps its order; 3 and 4 decide where that tool leaves it to the order in which rules were made.
//!
//! Every part is at least as high for a route as for any route that covers it, and one is higher when the two differ.
//! So **a route always comes before every other route that covers it**: none is out of reach but for an exact
//! duplicate. For that, two details differ from the original score. Empty segments count here: `/api/`, which
//! `/api/*` covers, has two, where the original counts one and so would never reach it. And a host that begins with
//! `?*` counts as beginning with `*`, which means the same.

use std::cmp::Reverse;

use super::Route;

/// How narrow a route is. Greater is more specific, and tried earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity {
    /// Twice the number of host labels, one less for a leading star; 0 without a domain.
    host_labels: usize,
    /// Twice the number of path segments, one less for a star in the last.
    path_segments: usize,
    host: Fixed,
    path: Fixed,
}

/// How much of a pattern is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fixed {
    characters: usize,
    single_wildcards: usize,
    /// Runs of wildcards that have a star; further stars in a run mean nothing.
    stars: Reverse<usize>,
}

/// How specific a route is.
pub fn specificity(route: &Route) -> Specificity {
    let host = route.domain.as_deref().map(str::to_ascii_lowercase);
    Specificity {
        host_labels: host.as_deref().map_or(0, host_labels),
        path_segments: path_segments(&route.path_pattern),
        host: fixed(host.as_deref().unwrap_or_default()),
        path: fixed(&route.path_pattern),
    }
}

/// The positions of routes in the order in which they are tried.
pub fn most_specific_first(routes: &[Route]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..routes.len()).collect();
    order.sort_by_cached_key(|route| Reverse(specificity(&routes[*route])));
    order
}

fn host_labels(host: &str) -> usize {
    let leading_wildcards = &host[..host.find(|character| !matches!(character, '*' | '?')).unwrap_or(host.len())];
    2 * (1 + host.matches('.').count()) - usize::from(leading_wildcards.contains('*'))
}

fn path_segments(path: &str) -> usize {
    let last_has_star = path.rsplit('/').next().is_some_and(|last| last.contains('*'));
    (2 * path.matches('/').count()).saturating_sub(usize::from(last_has_star))
}

fn fixed(pattern: &str) -> Fixed {
    let is_wildcard = |byte: u8| matches!(byte, b'*' | b'?');
    let runs = pattern.as_bytes().chunk_by(|left, right| is_wildcard(*left) == is_wildcard(*right));
    Fixed {
        characters: pattern.bytes().filter(|byte| !is_wildcard(*byte)).count(),
        single_wildcards: pattern.matches('?').count(),
        stars: Reverse(runs.filter(|run| run.contains(&b'*')).count()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::routing::{alb, pattern};

    fn route(domain: Option<&str>, path: &str) -> Route {
        Route::fargate("c", domain, path)
    }

    #[test]
    fn each_route_precedes_the_next() {
        let order: &[(Option<&str>, &str)] = &[
            (Some("api.example.com"), "/a"),
            (Some("*.example.com"), "/a/b/c/d/e"),
            (Some("longer.com"), "/a/b"),
            (Some("a.com"), "/a/b"),
            (Some("?.com"), "/a/b"),
            (Some("longer.com"), "/*"),
            (Some("*.com"), "/z/z/z"),
            (None, "/a/b/c"),
            (None, "/a/?/c"),
            (None, "/a/*/c"),
            (None, "/a/b/*"),
            (None, "/*/*"),
            (None, "/x?"),
            (None, "/?"),
            (None, "/"),
            (None, "/api*"),
            (None, "/x?*"),
            (None, "/x*"),
            (None, "/*"),
        ];
        for pair in order.windows(2) {
            let [first, second] = [pair[0], pair[1]].map(|(domain, path)| specificity(&route(domain, path)));
            assert!(first > second, "{:?} before {:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn equals_keep_the_order_of_the_file() {
        let routes = ["/a/*/c", "/a/b/*", "/*/a/c", "/a/*/c"].map(|path| route(None, path));
        assert_eq!(most_specific_first(&routes), [0, 2, 3, 1]);
        assert_eq!(specificity(&route(Some("A.Example.com"), "/*")), specificity(&route(Some("b.example.com"), "/*")));
    }

    fn covers(wide: &Route, narrow: &Route) -> bool {
        let host = match (&wide.domain, &narrow.domain) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wide), Some(narrow)) => pattern::host_covers(wide, narrow),
        };
        host && pattern::path_covers(&wide.path_pattern, &narrow.path_pattern)
    }

    prop_compose! {
        fn any_route()(domain in proptest::option::of("[*?a.]{1,5}"), path in "/[*?ab/]{0,6}") -> Route {
            route(domain.as_deref(), &path)
        }
    }

    prop_compose! {
        /// Without the two oddities that the original score misjudges: empty segments, and hosts that begin with `?*`.
        fn usual_route()(
            domain in proptest::option::of("(\\*|a|[ab?]b)(\\.[ab*?]{1,2}){1,3}"),
            path in "(/[*?ab]{1,2}){1,4}|/"
        ) -> Route {
            route(domain.as_deref(), &path)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2500))]

        #[test]
        fn a_route_comes_before_all_that_cover_it(one in any_route(), other in any_route()) {
            if covers(&one, &other) {
                let (wide, narrow) = (specificity(&one), specificity(&other));
                prop_assert!(narrow >= wide, "{other:?} before {one:?}");
                prop_assert_eq!(narrow == wide, covers(&other, &one), "{:?} {:?}", one, other);
            }
        }

        #[test]
        fn the_original_order_is_kept(one in usual_route(), other in usual_route()) {
            let [one_score, other_score] = [&one, &other]
                .map(|route| alb::score(route.domain.as_deref(), &route.path_pattern));
            if one_score > other_score {
                prop_assert!(specificity(&one) > specificity(&other), "{one:?} before {other:?}");
            }
        }
    }
}
