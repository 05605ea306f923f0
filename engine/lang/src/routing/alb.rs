//! The listener rules that the original tool makes in a load balancer.

use std::{cmp::Reverse, collections::HashMap};

use super::{Request, Route, Scheme, pattern};
use crate::model::ComputeType;

/// The distance between two priorities; the first rule has this one.
pub const PRIORITY_STEP: u32 = 100;

/// A rule of a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The number by which rules are tried, lowest first.
    pub priority: u32,
    /// Its host condition: one of these patterns must match. Empty when it has none.
    pub hosts: Vec<String>,
    /// Its path condition.
    pub path: String,
    /// What it does.
    pub action: Action,
}

/// What a listener rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Forwards to the container of the route at this position.
    Forward(usize),
    /// Sends the client to HTTPS.
    RedirectToHttps,
}

impl Rule {
    /// Whether both conditions hold.
    pub fn matches(&self, request: &Request<'_>) -> bool {
        pattern::path_matches(&self.path, request.path) && hosts_match(&self.hosts, request.host)
    }
}

/// The rules of the two listeners, each in the order of its priorities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listeners {
    /// Port 80: routes without a domain, and a redirect for each domain.
    pub http: Vec<Rule>,
    /// Port 443: routes with a domain.
    pub https: Vec<Rule>,
}

impl Listeners {
    /// The listener that a request arrives at. Where the scheme is unknown, a client of a configured domain is taken to
    /// have followed the redirect; any other host is that of the balancer or of a distribution, which both end at
    /// port 80.
    pub fn of(&self, request: &Request<'_>) -> Scheme {
        let is_configured = self
            .http
            .iter()
            .any(|rule| rule.action == Action::RedirectToHttps && hosts_match(&rule.hosts, request.host));
        if is_configured && request.scheme != Some(Scheme::Http) { Scheme::Https } else { Scheme::Http }
    }

    /// The first rule that matches, on the listener that the request arrives at.
    pub fn first_match(&self, request: &Request<'_>) -> Option<&Rule> {
        let rules = match self.of(request) {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        rules.iter().find(|rule| rule.matches(request))
    }
}

/// The rules of a deployment without a routing function: hosts count, and both kinds of compute have rules.
pub fn listeners(routes: &[Route]) -> Listeners {
    let with_host = |domain: bool| {
        let keys = routes.iter().enumerate().filter(move |(_, route)| route.domain.is_some() == domain);
        keys.map(|(index, route)| (index, route.domain.as_deref(), route.path_pattern.as_str()))
    };
    let mut domains: Vec<&str> = Vec::new();
    for domain in routes.iter().filter_map(|route| route.domain.as_deref()) {
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    let redirects = domains.iter().map(|domain| Draft {
        domain: Some(domain),
        // Not the hosts of a forwarding rule: every name below the domain is redirected.
        hosts: vec![(*domain).to_owned(), format!("*.{domain}")],
        path: "/*",
        action: Action::RedirectToHttps,
    });
    Listeners { http: ranked(redirects.chain(drafts(with_host(false)))), https: ranked(drafts(with_host(true))) }
}

/// The rules behind a routing function: for Fargate containers alone, and without a look at the host.
pub fn rules_behind_edge(routes: &[Route]) -> Vec<Rule> {
    let fargate = routes.iter().enumerate().filter(|(_, route)| route.compute == ComputeType::Fargate);
    ranked(drafts(fargate.map(|(index, route)| (index, None, route.path_pattern.as_str()))))
}

/// How early the original tool tries a rule: a thousand for each label of the host, ten for each segment of the path.
pub fn score(domain: Option<&str>, path: &str) -> u64 {
    500 * domain.map_or(0, host_half_labels) + 5 * path_half_segments(path)
}

/// The values of a route's host condition: its domain, and `www.` in front of it when it has just two labels.
pub fn host_values(domain: &str) -> Vec<String> {
    let mut values = vec![domain.to_owned()];
    if domain.split('.').count() == 2 && !domain.starts_with("www.") {
        values.push(format!("www.{domain}"));
    }
    values
}

/// Whether a host condition holds; one without values always does.
pub fn hosts_match(hosts: &[String], host: Option<&str>) -> bool {
    hosts.is_empty() || host.is_some_and(|host| hosts.iter().any(|value| pattern::host_matches(value, host)))
}

/// A rule without its number.
struct Draft<'a> {
    domain: Option<&'a str>,
    hosts: Vec<String>,
    path: &'a str,
    action: Action,
}

/// One rule for each pair of host and path. The container deployed last takes over a rule that has its pair already,
/// which stays in its place.
fn drafts<'a>(routes: impl Iterator<Item = (usize, Option<&'a str>, &'a str)>) -> Vec<Draft<'a>> {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut places = HashMap::new();
    for (index, domain, path) in routes {
        let action = Action::Forward(index);
        let place = *places.entry((domain, path)).or_insert_with(|| {
            drafts.push(Draft { domain, hosts: domain.map(host_values).unwrap_or_default(), path, action });
            drafts.len() - 1
        });
        drafts[place].action = action;
    }
    drafts
}

/// Numbers rules by their score. A redirect is made at priority 1, and the tool keeps a rule whose number is not a
/// multiple of the step one above it.
fn ranked<'a>(drafts: impl IntoIterator<Item = Draft<'a>>) -> Vec<Rule> {
    let mut drafts: Vec<Draft<'a>> = drafts.into_iter().collect();
    drafts.sort_by_cached_key(|draft| Reverse(score(draft.domain, draft.path)));
    let numbered = drafts.into_iter().zip(1..).map(|(draft, rank)| Rule {
        priority: PRIORITY_STEP * rank + u32::from(draft.action == Action::RedirectToHttps),
        hosts: draft.hosts,
        path: draft.path.to_owned(),
        action: draft.action,
    });
    numbered.collect()
}

fn host_half_labels(host: &str) -> u64 {
    let labels = host.split('.').filter(|label| !label.is_empty()).count() as u64;
    (2 * labels).saturating_sub(u64::from(host.starts_with('*')))
}

fn path_half_segments(path: &str) -> u64 {
    if path == "/" {
        return 2;
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let last_has_star = segments.clone().next_back().is_some_and(|last| last.contains('*'));
    (2 * segments.count() as u64).saturating_sub(u64::from(last_has_star))
}
