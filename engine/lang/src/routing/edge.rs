//! The routing function that the original tool runs at the edge: one map from path patterns to origins.
//!
//! It understands a pattern that is the path itself, and one that ends in `/*`. Any other wildcard is an ordinary
//! character to it, and hosts do not exist for it.

use std::collections::HashMap;

use super::Route;

/// The map, as the function reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Position of the route that owns each pattern.
    by_pattern: HashMap<String, usize>,
    /// The patterns that end in `/*`, longest first, each less its star, with the position of its route.
    prefixes: Vec<(String, usize)>,
}

impl Entries {
    /// The entries of these routes. Of two with one pattern the later, which is deployed last, owns the entry.
    pub fn new(routes: &[Route]) -> Self {
        let by_pattern: HashMap<String, usize> =
            routes.iter().enumerate().map(|(index, route)| (route.path_pattern.clone(), index)).collect();
        let mut prefixes: Vec<(String, usize)> =
            by_pattern.iter().filter_map(|(pattern, route)| Some((prefix(pattern)?.to_owned(), *route))).collect();
        // Two prefixes of one length never fit one path, so their order is of no account.
        prefixes.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Self { by_pattern, prefixes }
    }

    /// The position of the route whose entry the function follows for a path; `None` sends the request to the default
    /// origin.
    pub fn entry(&self, path: &str) -> Option<usize> {
        let exact = self.by_pattern.get(path);
        let fitting = || self.prefixes.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, route)| route);
        // `/*` is taken without a look at the path, even at one that does not begin with a slash.
        exact.or_else(fitting).or_else(|| self.by_pattern.get("/*")).copied()
    }

    /// The position of the route that owns the entry of a pattern.
    pub fn owner(&self, pattern: &str) -> Option<usize> {
        self.by_pattern.get(pattern).copied()
    }
}

/// Whether the function would follow this pattern for this path, were it the only one.
pub fn follows(pattern: &str, path: &str) -> bool {
    pattern == path || pattern == "/*" || prefix(pattern).is_some_and(|prefix| path.starts_with(prefix))
}

/// Whether the function gives a pattern its documented meaning: no wildcard, or only the star of a final `/*`.
pub fn understands(pattern: &str) -> bool {
    !prefix(pattern).unwrap_or(pattern).contains(['*', '?'])
}

/// What a path must begin with, for a pattern that ends in `/*`.
pub(super) fn prefix(pattern: &str) -> Option<&str> {
    pattern.strip_suffix('*').filter(|prefix| prefix.ends_with('/'))
}
