//! The routing function that the original tool runs at the edge: one map from path patterns to origins.
//!
//! It understands a pattern that is the path itself, and one that ends in `/*`. Any other wildcard is an ordinary
//! character to it, and hosts do not exist for it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Route;
use crate::model::ComputeType;
use crate::names::{Kind, Parts};

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

/// The map as it stands in the key-value store: one value for all routes of a project, as compact JSON. The store takes
/// [`VALUE_LENGTH`](crate::limits::cloudfront::VALUE_LENGTH) characters.
pub fn routing_value(project: Parts<'_>, routes: &[Route]) -> String {
    // A later entry replaces an earlier one of the same pattern and keeps its place, as in the original.
    let mut paths = Map::new();
    for route in routes {
        let parts = project.container(&route.container);
        let (origin, kind) = match route.compute {
            ComputeType::Lambda => (parts.name(Kind::FunctionOrigin), "lambda"),
            ComputeType::Fargate => (parts.name(Kind::BalancerOrigin), "alb"),
        };
        paths.insert(route.path_pattern.clone(), json!({"originId": origin.original(), "originType": kind}));
    }
    Value::Object(Map::from_iter([("paths".to_owned(), Value::Object(paths))])).to_string()
}

/// What a path must begin with, for a pattern that ends in `/*`.
pub(super) fn prefix(pattern: &str) -> Option<&str> {
    pattern.strip_suffix('*').filter(|prefix| prefix.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_compact_json_in_the_order_of_the_file() {
        let routes = [
            Route::lambda("api", None, "/api/*"),
            Route::fargate("web", None, "/*"),
            Route::fargate("other", None, "/\"é"),
            Route::fargate("late", Some("a.com"), "/api/*"),
        ];
        assert_eq!(routing_value(Parts::project("shop", "dev"), &[]), r#"{"paths":{}}"#);
        assert_eq!(
            routing_value(Parts::project("shop", "dev"), &routes[..3]),
            r#"{"paths":{"/api/*":{"originId":"shop-dev-lambda-api-origin","originType":"lambda"},"/*":{"originId":"shop-dev-alb-origin","originType":"alb"},"/\"é":{"originId":"shop-dev-alb-origin","originType":"alb"}}}"#
        );
        assert_eq!(
            routing_value(Parts::project("shop", "dev"), &[routes[0].clone(), routes[1].clone(), routes[3].clone()]),
            r#"{"paths":{"/api/*":{"originId":"shop-dev-alb-origin","originType":"alb"},"/*":{"originId":"shop-dev-alb-origin","originType":"alb"}}}"#
        );
    }

    #[test]
    fn so_many_routes_fit_into_one_value() {
        // Measured on the original: containers of eight characters, each with a pattern of its own.
        for (name, stage, compute, most) in [
            ("acme", "dev", ComputeType::Lambda, 12),
            ("acme", "dev", ComputeType::Fargate, 14),
            ("acme-platform", "production", ComputeType::Lambda, 10),
            ("acme-platform", "production", ComputeType::Fargate, 12),
        ] {
            let size = |count: usize| {
                let route = |index| {
                    let container = format!("service{index:x}");
                    let path = format!("/{container}/*");
                    Route { compute, ..Route::fargate(&container, None, &path) }
                };
                let routes: Vec<Route> = (0..count).map(route).collect();
                routing_value(Parts::project(name, stage), &routes).chars().count()
            };
            assert!(size(most) <= crate::limits::cloudfront::VALUE_LENGTH, "{name} {compute:?} {}", size(most));
            assert!(size(most + 1) > crate::limits::cloudfront::VALUE_LENGTH, "{name} {compute:?} {}", size(most + 1));
        }
        assert_eq!(
            routing_value(Parts::project("acme", "dev"), &[Route::lambda("service0", None, "/service0/*")]).len(),
            12 + 82
        );
    }
}
