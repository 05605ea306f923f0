use super::{Change, FREE, Fault, Object, Pattern, Property, Shape, Stray, Text, TextKind};

const PRIORITY: &str = "Priorities cannot be chosen: the more specific route comes first.";

/// The form that the original tool asks of a path pattern; what a load balancer asks is narrower.
const PATH_PATTERN: Pattern = Pattern {
    regex: r#"^\/[^\s<>\\"]*$"#,
    matches: |text| {
        text.starts_with('/') && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '\\' | '"'))
    },
    words: "must start with `/` and may not hold blanks, `<`, `>`, `\\` or `\"`",
};

/// `routing`.
pub(super) static ROUTING: Object = Object {
    name: "Routing",
    doc: "Which requests the container answers.",
    strict: true,
    properties: &[
        Property::new(
            "pathPattern",
            Shape::Text(&Text { pattern: Some(&PATH_PATTERN), kind: TextKind::PathPattern, ..FREE }),
            "The paths that the container answers. `*` stands for any characters, `?` for exactly one; case counts, the query \
             string does not. `/api/*` does not match `/api`. The most specific pattern wins.\n\n\
             At most 128 characters and 5 wildcards ([quotas of load balancers]\
             (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html)).",
        )
        .required()
        .snippet("/*")
        .examples(&["/*"])
        .codes(&[(Fault::Missing, "SCF200"), (Fault::Pattern, "SCF201")]),
        Property::new(
            "domain",
            Shape::Text(&Text { kind: TextKind::Domain, ..FREE }),
            "Your own host name, without scheme and path. A Route 53 hosted zone for it or a parent domain must exist in the \
             account.\n\n\
             All domains of the project stand on one certificate: at most 10 names, the first of at most 64 characters \
             ([quotas of ACM](https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html)).",
        )
        .snippet("www.example.org"),
        Property::new(
            "pathHealthCheck",
            Shape::Text(&Text { kind: TextKind::UrlPath, ..FREE }),
            "The path that the load balancer asks every 30 seconds whether a Fargate container is well; it must answer 200. \
             Absent: the pattern up to its first wildcard.\n\n\
             At most 1024 characters ([target groups]\
             (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)).",
        )
        .snippet("/health")
        .examples(&["/health", "/"]),
    ],
    strays: &[
        Stray { key: "path", advice: "The path stands under `pathPattern`.", code: "", change: Change::Rename("pathPattern") },
        Stray { key: "pattern", advice: "The path stands under `pathPattern`.", code: "", change: Change::Rename("pathPattern") },
        Stray { key: "host", advice: "The host stands under `domain`.", code: "", change: Change::Rename("domain") },
        Stray { key: "healthCheck", advice: "The health check path stands under `pathHealthCheck`.", code: "", change: Change::Rename("pathHealthCheck") },
        Stray { key: "healthCheckPath", advice: "The health check path stands under `pathHealthCheck`.", code: "", change: Change::Rename("pathHealthCheck") },
        Stray { key: "awsAlb", advice: PRIORITY, code: "SCF234", change: Change::Remove },
        Stray { key: "priority", advice: PRIORITY, code: "SCF234", change: Change::Remove },
        Stray { key: "port", advice: "Every container listens on port 8080, given to it as `PORT`.", code: "", change: Change::Remove },
    ],
};
