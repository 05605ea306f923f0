//! SCF206, SCF207, SCF233: two containers that want the same requests.

use std::collections::HashMap;

use super::{Routed, routes};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::model::DeploymentType;
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Reports two containers with the same path pattern and the same domain. The case of a domain does not count.
    ///
    /// ## Why it matters
    /// One of the two gets every request, the other none.
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shared/*}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shared/*}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shared/a/*}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shared/b/*}}
    /// ```
    DUPLICATE_ROUTE = "SCF206", "Duplicate route", Blocker, fix: None;

    /// ## What it does
    /// Reports two containers of an `awsApi@1.0` project with the same path pattern on a domain of two labels and on its `www.`
    /// name.
    ///
    /// ## Why it matters
    /// With `awsApi@1.0` a container on `acme.dev` also answers for `www.acme.dev`, so both listener rules match the same requests.
    /// Other pairs of domains do not get in each other's way: the host is part of every route. (The original tool did not look at
    /// the host with `aws@1.0`; there the container deployed last took all requests of the path.)
    ///
    /// ## Example
    /// ```yaml
    /// name: demo
    /// deployment: {type: awsApi@1.0}
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*, domain: acme.dev}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*, domain: www.acme.dev}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: demo
    /// deployment: {type: awsApi@1.0}
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*, domain: acme.dev}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*, domain: app.acme.dev}}
    /// ```
    SAME_PATH_OTHER_DOMAIN = "SCF207", "Same path, other domain", Blocker, fix: None;

    /// ## What it does
    /// Points out two path patterns that differ in case only.
    ///
    /// ## Why it matters
    /// Paths are compared with regard to case, so these are two routes. Few people mean that.
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shop/*}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /SHOP/*}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// containers:
    ///   a: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /shop/*}}
    ///   b: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /store/*}}
    /// ```
    CASE_TWIN = "SCF233", "Case twin", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let routes = routes(ctx);
    let is_api = ctx.deployment_type() == Some(DeploymentType::AwsApi);
    let mut claimed: HashMap<(String, &str), Container<'_>> = HashMap::new();
    let mut folded: HashMap<(String, String), &Routed<'_>> = HashMap::new();
    for routed in &routes {
        let pattern = routed.route.path_pattern.as_str();
        let domain = routed.route.domain.as_deref().unwrap_or_default().to_ascii_lowercase();
        let hosts = if is_api { routed.route.hosts() } else { vec![domain.clone()] };
        let hosts = if hosts.is_empty() { vec![String::new()] } else { hosts };
        for host in hosts {
            let host = host.to_ascii_lowercase();
            match claimed.get(&(host.clone(), pattern)) {
                Some(other) => {
                    acc.push(clash(routed, *other, &domain, &host));
                    break;
                }
                None => _ = claimed.insert((host, pattern), routed.container),
            }
        }
        let twin = folded.entry((domain, pattern.to_ascii_lowercase())).or_insert(routed);
        if twin.route.path_pattern != pattern
            && let Some(value) = routed.container.get(&["routing", "pathPattern"])
        {
            let message = format!(
                "`{pattern}` differs from the pattern of container `{}` in case only. Case counts, so these are two routes.",
                twin.container.name
            );
            let related = twin.container.get(&["routing", "pathPattern"]).map(crate::config::Value::range);
            let diagnostic = CASE_TWIN.at(value, message);
            acc.push(match related {
                Some(range) => diagnostic.related(range, "The other pattern is here."),
                None => diagnostic,
            });
        }
    }
}

fn clash(routed: &Routed<'_>, other: Container<'_>, domain: &str, host: &str) -> Diagnostic {
    let pattern = &routed.route.path_pattern;
    let place = routed.container.get(&["routing", "pathPattern"]).unwrap_or(routed.container.value);
    let other_domain = other.domain().unwrap_or_default().to_ascii_lowercase();
    let mut diagnostic = if domain == other_domain {
        let on = if domain.is_empty() { String::new() } else { format!(" on `{domain}`") };
        let message = format!(
            "Container `{}` already answers `{pattern}`{on}, and only one of the two can. Change one of them.",
            other.name
        );
        DUPLICATE_ROUTE.at(place, message)
    } else {
        let message = format!(
            "Containers `{}` and `{}` both answer `{pattern}` on `{host}`: with `awsApi@1.0` a domain of two labels includes its \
             `www.` name. Give one of them another pattern or domain.",
            other.name, routed.container.name
        );
        SAME_PATH_OTHER_DOMAIN.at(place, message)
    };
    if let Some(value) = other.get(&["routing", "pathPattern"]) {
        diagnostic = diagnostic.related(value.range(), format!("Container `{}` claims it here.", other.name));
    }
    diagnostic
}
