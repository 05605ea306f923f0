//! SCF208 to SCF210, SCF215: requests that a route gets, and requests that no route gets.

use super::{Routed, all_known, routes};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::alb;
use crate::model::{ComputeType, DeploymentType};
use crate::routing::{Answer, Profile, Request, Table, edge};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Says that a route got no request in a deployment made by the original tool, since another route took them all.
    ///
    /// ## Why it matters
    /// Slipway tries the most specific route first, so the route works once Slipway deploys it: its requests then go to another
    /// container than before. `slipway route` shows both.
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   web: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*}}
    ///   img: {src: ./api, compute: {type: awsFargateEcs}, routing: {pathPattern: /img/*.png, pathHealthCheck: /img/health}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// containers:
    ///   web: {src: ./api, compute: {type: awsLambda}, routing: {pathPattern: /*}}
    ///   img: {src: ./api, compute: {type: awsFargateEcs}, routing: {pathPattern: /img/*, pathHealthCheck: /img/health}}
    /// ```
    NEVER_REACHED = "SCF208", "Route never reached", Info, fix: None;

    /// ## What it does
    /// Says that the original tool's routing function does not understand the pattern of a Lambda container: it knows exact paths
    /// and patterns that end in `/*`.
    ///
    /// ## Why it matters
    /// Slipway's routing function gives `*` and `?` their meaning everywhere. In a deployment made by the original tool the
    /// container got no request by this pattern, so its requests go to another container than before.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    NOT_UNDERSTOOD_FOR_LAMBDA = "SCF209", "Pattern not understood for Lambda", Info, fix: None;

    /// ## What it does
    /// Says who gets the path itself where a pattern covers all that is below it.
    ///
    /// ## Why it matters
    /// `/api/*` matches `/api/` and `/api/users`, but not `/api`. People who type the address expect the same container.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api*
    /// ```
    BASE_PATH_NOT_MATCHED = "SCF210", "Base path not matched", Info, fix: None;

    /// ## What it does
    /// Says that some requests have no container.
    ///
    /// ## Why it matters
    /// They get the default answer: 404 where Slipway made the listener, 200 with a fixed text where the original tool did.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /*
    /// ```
    NO_CATCH_ALL = "SCF215", "No catch-all", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let routes = routes(ctx);
    // Beyond what one balancer takes, SCF230 speaks; to compare every route with every other would only take time.
    if routes.is_empty() || routes.len() > alb::RULES {
        return;
    }
    if let Some(deployment) = ctx.deployment_type() {
        in_original(&routes, deployment, acc);
    }
    if all_known(ctx) {
        base_paths(&routes, acc);
        catch_all(ctx, &routes, acc);
    }
}

fn table(routes: &[Routed<'_>], profile: Profile) -> Table {
    Table::new(routes.iter().map(|routed| routed.route.clone()).collect(), profile)
}

fn in_original(routes: &[Routed<'_>], deployment: DeploymentType, acc: &mut Vec<Diagnostic>) {
    let (own, original) = match deployment {
        DeploymentType::Aws => (Profile::Slipway, Profile::Edge),
        DeploymentType::AwsApi => (Profile::SlipwayApi, Profile::Alb),
    };
    let place = |index: usize| {
        routes[index].container.get(&["routing", "pathPattern"]).unwrap_or(routes[index].container.value)
    };
    let in_own = table(routes, own).unreached();
    for unreached in table(routes, original).unreached() {
        if in_own.iter().any(|other| other.route == unreached.route) {
            continue; // a duplicate, which SCF206 reports
        }
        let message = format!(
            "In a deployment by the original tool this route gets no request: container `{}` takes them all. Slipway tries the more \
             specific route first, so that it works.",
            routes[unreached.by].container.name
        );
        let diagnostic = NEVER_REACHED.at(place(unreached.route), message);
        acc.push(diagnostic.related(place(unreached.by).range(), "This pattern takes its requests there."));
    }
    if deployment == DeploymentType::Aws {
        for (index, routed) in routes.iter().enumerate() {
            if routed.route.compute == ComputeType::Lambda && !edge::understands(&routed.route.path_pattern) {
                let message = format!(
                    "The original tool's routing function does not understand `{}` for a Lambda container; it knows exact paths and \
                     patterns that end in `/*`. Slipway's understands it.",
                    routed.route.path_pattern
                );
                acc.push(NOT_UNDERSTOOD_FOR_LAMBDA.at(place(index), message));
            }
        }
    }
}

fn base_paths(routes: &[Routed<'_>], acc: &mut Vec<Diagnostic>) {
    let all = table(routes, Profile::Slipway);
    for routed in routes {
        let Some(base) =
            routed.route.path_pattern.strip_suffix("/*").filter(|base| !base.is_empty() && !base.contains(['*', '?']))
        else {
            continue;
        };
        let host = routed.route.domain.as_deref().filter(|domain| !domain.contains(['*', '?']));
        let answer = all.find(&Request::to(None, host, base)).answer;
        let taker = match answer {
            Answer::Route(index) if routes[index].route.path_pattern != "/*" => continue, // somebody thought of it
            Answer::Route(index) => format!("goes to container `{}`", routes[index].container.name),
            Answer::RedirectToHttps | Answer::Default(_) => "has no container".to_owned(),
        };
        if let Some(value) = routed.container.get(&["routing", "pathPattern"]) {
            let message =
                format!("`{base}/*` does not match `{base}` itself, which {taker}. `{base}*` would match both.");
            acc.push(BASE_PATH_NOT_MATCHED.at(value, message));
        }
    }
}

fn catch_all(ctx: &RuleContext<'_>, routes: &[Routed<'_>], acc: &mut Vec<Diagnostic>) {
    if routes.iter().any(|routed| routed.route.path_pattern == "/*" && routed.route.domain.is_none()) {
        return;
    }
    let mut domains: Vec<String> = routes
        .iter()
        .filter_map(|routed| routed.route.domain.as_ref())
        .map(|domain| domain.to_ascii_lowercase())
        .collect();
    domains.sort();
    domains.dedup();
    let covered = |domain: &String| {
        routes.iter().any(|routed| {
            routed.route.path_pattern == "/*"
                && routed.route.domain.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(domain))
        })
    };
    // Who names a domain for every container has no other requests to expect.
    if !domains.is_empty() && routes.iter().all(|routed| routed.route.domain.is_some()) && domains.iter().all(covered) {
        return;
    }
    if let Some(containers) = ctx.get(&["containers"]) {
        let message =
            "No container has the pattern `/*`, so requests that match no other pattern get the default answer.";
        acc.push(NO_CATCH_ALL.at(containers.key_place(), message));
    }
}
