//! Which rule acts on a request.

use std::sync::Arc;

use slipway_lang::routing::request::host_name;
use slipway_lang::routing::{Answer, DefaultAnswer, Origin, Profile, Request, Route, Scheme, Table, Verdict, alb};

use crate::group::TargetGroup;
use crate::settings::{Settings, Unmatched};

/// What a balancer routes by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which route a request takes.
    pub table: Table,
    /// Who answers for each route: the group at a position serves the route at the same position of the table.
    pub groups: Vec<Arc<TargetGroup>>,
}

/// Rules in use.
#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) rules: Rules,
    /// The full name of each group.
    pub(crate) arns: Vec<String>,
    /// Whether requests pass the edge first.
    pub(crate) has_edge: bool,
    /// The rules of the balancer alone, for a profile with a routing function that is left out.
    bare: Option<Vec<alb::Rule>>,
}

impl Installed {
    pub(crate) fn new(rules: Rules, settings: &Settings) -> Self {
        let has_function = matches!(rules.table.profile(), Profile::Edge | Profile::Slipway);
        let has_edge = settings.edge.unwrap_or(has_function);
        Self {
            arns: rules.groups.iter().map(|group| settings.names.group_arn(&group.settings().name)).collect(),
            has_edge,
            bare: (has_function && !has_edge).then(|| rules.table.rules()),
            rules,
        }
    }

    pub(crate) fn profile(&self) -> Profile {
        self.rules.table.profile()
    }

    pub(crate) fn route(&self, index: usize) -> &Route {
        &self.rules.table.routes()[index]
    }

    /// Which route a request takes.
    /// `has_token` says that the request passed the edge.
    pub(crate) fn find(&self, request: &Request<'_>, has_token: bool, settings: &Settings) -> Verdict {
        let verdict = match &self.bare {
            None => self.rules.table.find(request),
            Some(rules) => {
                let is_let_in = has_token || !settings.strict_origin;
                let rule = rules.iter().find(|rule| is_let_in && rule.matches(request));
                let answer = match rule.map(|rule| rule.action) {
                    Some(alb::Action::Forward(route)) => Answer::Route(route),
                    _ => Answer::Default(self.profile().default_answer()),
                };
                Verdict { answer, origin: Origin::LoadBalancer, priority: rule.map(|rule| rule.priority), entry: None }
            }
        };
        match verdict.answer {
            Answer::Default(_) if settings.unmatched == Unmatched::NotFound => {
                Verdict { answer: Answer::Default(DefaultAnswer { status: 404, body: "Not Found" }), ..verdict }
            }
            _ => verdict,
        }
    }

    /// The host that a request is for: a configured domain where the client used a stand-in for it.
    pub(crate) fn meant_host<'h>(&self, host: &'h str, settings: &'h Settings) -> &'h str {
        let name = host_name(host);
        let split = name.len().saturating_sub(".localhost".len());
        if let Some((domain, end)) = name.split_at_checked(split)
            && end.eq_ignore_ascii_case(".localhost")
            && self.rules.table.routes().iter().any(|route| is_host_of(route, domain))
        {
            return domain;
        }
        let is_here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own));
        match &settings.assumed_host {
            Some(assumed) if is_here => assumed,
            _ => host,
        }
    }
}

fn is_host_of(route: &Route, host: &str) -> bool {
    route.domain.is_some() && alb::hosts_match(&route.hosts(), Some(host))
}

/// How a request came, as far as routing cares. On a plain listener it is not known how it will come once deployed,
/// unless there is another for HTTPS.
pub(crate) fn scheme(is_tls: bool, settings: &Settings) -> Option<Scheme> {
    match (is_tls, &settings.tls) {
        (true, _) => Some(Scheme::Https),
        (false, Some(_)) => Some(Scheme::Http),
        (false, None) => None,
    }
}
