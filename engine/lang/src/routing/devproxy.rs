//! The proxy of the original tool's development mode.

use std::cmp::Reverse;

use super::{Request, Route};

/// The positions of routes in the order in which the proxy tries them: most path segments first, then the order of the
/// file.
pub fn order(routes: &[Route]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..routes.len()).collect();
    order.sort_by_cached_key(|route| Reverse(segments(&routes[*route].path_pattern)));
    order
}

/// Whether the proxy takes a request for a pattern's: the pattern, less one final `*`, begins the target, query and all.
/// Every other wildcard is an ordinary character, and hosts do not count.
pub fn matches(pattern: &str, request: &Request<'_>) -> bool {
    let prefix = prefix(pattern).as_bytes();
    let target = request
        .path
        .bytes()
        .chain(request.query.into_iter().flat_map(|query| std::iter::once(b'?').chain(query.bytes())));
    let mut target = target.take(prefix.len());
    prefix.iter().all(|byte| target.next() == Some(*byte))
}

/// What a target must begin with.
pub(super) fn prefix(pattern: &str) -> &str {
    pattern.strip_suffix('*').unwrap_or(pattern)
}

pub(super) fn segments(pattern: &str) -> usize {
    pattern.split('/').filter(|segment| !segment.is_empty()).count()
}
