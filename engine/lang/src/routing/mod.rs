//! Which container answers a request: the one matcher.
//!
//! A [`Table`] is a project's routes under one [`Profile`]. [`Table::find`] says who answers a request, [`Table::decide`]
//! also says why every other route did not.
//!
//! The product's own meaning of routes is [`Profile::Slipway`]: `*` and `?` anywhere, the path with regard to case, the
//! host without, and the most specific route first. What that is, [`order`] defines; listener priorities and the
//! generated routing function both come from it.

pub mod alb;
pub mod devproxy;
pub mod edge;
pub mod health;
pub mod order;
pub mod pattern;
pub mod request;

mod decision;
mod reach;

use std::fmt;

use alb::{Action, Listeners, PRIORITY_STEP, Rule, hosts_match};
use edge::Entries;

use crate::model::ComputeType;

pub use decision::{Decision, Loser, Loss};
pub use reach::Unreached;
pub use request::{Request, RequestError, Scheme};

/// The route of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The container's key.
    pub container: String,
    /// `routing.domain`.
    pub domain: Option<String>,
    /// `routing.pathPattern`.
    pub path_pattern: String,
    /// What runs the container.
    pub compute: ComputeType,
}

/// Whose routing is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Slipway's deployment of `aws@1.0`: a routing function, then a load balancer or a function URL.
    Slipway,
    /// Slipway's deployment of `awsApi@1.0`: a load balancer in front of everything.
    SlipwayApi,
    /// The original tool's deployment of `aws@1.0`.
    Edge,
    /// The original tool's deployment of `awsApi@1.0`.
    Alb,
    /// The proxy of the original tool's development mode.
    Devproxy,
}

/// Who answers a request, and by which way it gets there. Cheap to copy; made without allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Who answers.
    pub answer: Answer,
    /// Where the request is sent.
    pub origin: Origin,
    /// The number of the listener rule that acts; `None` where none does.
    pub priority: Option<u32>,
    /// The position of the route that the routing function followed. The balancer behind it may have a better rule, so
    /// this need not be the route that answers.
    pub entry: Option<usize>,
}

/// Who answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The container of the route at this position.
    Route(usize),
    /// The load balancer, which sends the client to HTTPS.
    RedirectToHttps,
    /// The load balancer or the proxy, since no route matches.
    Default(DefaultAnswer),
}

/// What a request gets that no route matches: plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultAnswer {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: &'static str,
}

/// Where a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// To the load balancer.
    LoadBalancer,
    /// To the function's own URL.
    FunctionUrl,
    /// To the default origin of the distribution, which is the load balancer: the routing function knows no route.
    DefaultOrigin,
    /// Straight to the container.
    Container,
}

/// The routes of a project under one profile.
///
/// Under [`Profile::Slipway`] the balancer stands behind the routing function and sees the origin's name as the host, so
/// the host condition of its rules is one on `x-forwarded-host`, which the function sets. Both stages use one order;
/// so the first rule of the balancer that matches is that of the route which the function chose.
#[derive(Clone, Debug)]
pub struct Table {
    routes: Vec<Route>,
    profile: Profile,
    stages: Stages,
}

#[derive(Clone, Debug)]
enum Stages {
    /// One rule for each route, most specific first.
    Ordered {
        rules: Vec<OrderedRule>,
    },
    Edge {
        entries: Entries,
        rules: Vec<Rule>,
    },
    Alb(Listeners),
    Devproxy {
        order: Vec<usize>,
    },
}

#[derive(Clone, Debug)]
struct OrderedRule {
    route: usize,
    hosts: Vec<String>,
    /// `None` for a route that the balancer knows nothing of.
    priority: Option<u32>,
}

impl Profile {
    /// All of them, the product's own first.
    pub const ALL: [Self; 5] = [Self::Slipway, Self::SlipwayApi, Self::Edge, Self::Alb, Self::Devproxy];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slipway => "slipway",
            Self::SlipwayApi => "slipway-api",
            Self::Edge => "edge",
            Self::Alb => "alb",
            Self::Devproxy => "devproxy",
        }
    }

    /// What a request gets that no route matches.
    pub fn default_answer(self) -> DefaultAnswer {
        match self {
            Self::Edge | Self::Alb => DefaultAnswer { status: 200, body: "The request was successful." },
            Self::Slipway | Self::SlipwayApi | Self::Devproxy => DefaultAnswer { status: 404, body: "Not Found" },
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|profile| profile.name() == name).ok_or(UnknownProfile)
    }
}

/// A name that no profile has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Profile::ALL.map(Profile::name).join(", ");
        write!(f, "There is no routing profile of this name. Use one of: {names}.")
    }
}

impl std::error::Error for UnknownProfile {}

impl Answer {
    /// The position of the route that answers, if one does.
    pub fn route(self) -> Option<usize> {
        match self {
            Self::Route(route) => Some(route),
            Self::RedirectToHttps | Self::Default(_) => None,
        }
    }
}

impl Route {
    /// The hosts it answers for, as patterns; empty for every host. A domain of two labels also answers with `www.`.
    pub fn hosts(&self) -> Vec<String> {
        self.domain.as_deref().map(alb::host_values).unwrap_or_default()
    }
}

impl Table {
    /// The table of these routes, given in the order of the file.
    pub fn new(routes: Vec<Route>, profile: Profile) -> Self {
        let stages = match profile {
            Profile::Slipway => {
                Stages::Ordered { rules: ordered(&routes, |route| route.compute == ComputeType::Fargate) }
            }
            Profile::SlipwayApi => Stages::Ordered { rules: ordered(&routes, |_| true) },
            Profile::Edge => Stages::Edge { entries: Entries::new(&routes), rules: alb::rules_behind_edge(&routes) },
            Profile::Alb => Stages::Alb(alb::listeners(&routes)),
            Profile::Devproxy => Stages::Devproxy { order: devproxy::order(&routes) },
        };
        Self { routes, profile, stages }
    }

    /// Its routes, in the order of the file. Positions in verdicts are positions here.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Its profile.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Who answers a request.
    pub fn find(&self, request: &Request<'_>) -> Verdict {
        let verdict = match &self.stages {
            Stages::Ordered { rules } => self.find_ordered(rules, request),
            Stages::Edge { entries, rules } => Some(self.find_at_edge(entries, rules, request)),
            Stages::Alb(listeners) => listeners.first_match(request).map(|rule| Verdict {
                answer: match rule.action {
                    Action::Forward(route) => Answer::Route(route),
                    Action::RedirectToHttps => Answer::RedirectToHttps,
                },
                priority: Some(rule.priority),
                ..self.unmatched()
            }),
            Stages::Devproxy { order } => {
                let route = order.iter().find(|route| devproxy::matches(&self.routes[**route].path_pattern, request));
                route.map(|route| Verdict { answer: Answer::Route(*route), ..self.unmatched() })
            }
        };
        verdict.unwrap_or(self.unmatched())
    }

    /// The forwarding rules of the load balancer, in the order of their priorities. Under [`Profile::Alb`] those of
    /// both listeners, port 443 first.
    pub fn rules(&self) -> Vec<Rule> {
        match &self.stages {
            Stages::Ordered { rules } => rules
                .iter()
                .filter_map(|rule| {
                    Some(Rule {
                        priority: rule.priority?,
                        hosts: rule.hosts.clone(),
                        path: self.routes[rule.route].path_pattern.clone(),
                        action: Action::Forward(rule.route),
                    })
                })
                .collect(),
            Stages::Edge { rules, .. } => rules.clone(),
            Stages::Alb(listeners) => {
                let all = listeners.https.iter().chain(&listeners.http);
                all.filter(|rule| matches!(rule.action, Action::Forward(_))).cloned().collect()
            }
            Stages::Devproxy { .. } => Vec::new(),
        }
    }

    fn find_ordered(&self, rules: &[OrderedRule], request: &Request<'_>) -> Option<Verdict> {
        let rule = rules.iter().find(|rule| {
            pattern::path_matches(&self.routes[rule.route].path_pattern, request.path)
                && hosts_match(&rule.hosts, request.host)
        })?;
        let has_edge = self.profile == Profile::Slipway;
        Some(Verdict {
            answer: Answer::Route(rule.route),
            origin: if rule.priority.is_some() { Origin::LoadBalancer } else { Origin::FunctionUrl },
            priority: rule.priority,
            entry: has_edge.then_some(rule.route),
        })
    }

    /// Both stages in turn: what the function sends to the balancer, the balancer decides anew.
    fn find_at_edge(&self, entries: &Entries, rules: &[Rule], request: &Request<'_>) -> Verdict {
        let entry = entries.entry(request.path);
        if let Some(route) = entry
            && self.routes[route].compute == ComputeType::Lambda
        {
            return Verdict { answer: Answer::Route(route), origin: Origin::FunctionUrl, priority: None, entry };
        }
        let rule = rules.iter().find(|rule| rule.matches(request));
        let (answer, priority) = match rule {
            Some(Rule { action: Action::Forward(route), priority, .. }) => (Answer::Route(*route), Some(*priority)),
            _ => (self.unmatched().answer, None),
        };
        let origin = if entry.is_some() { Origin::LoadBalancer } else { Origin::DefaultOrigin };
        Verdict { answer, origin, priority, entry }
    }

    fn unmatched(&self) -> Verdict {
        Verdict {
            answer: Answer::Default(self.profile.default_answer()),
            origin: match self.profile {
                Profile::Slipway | Profile::Edge => Origin::DefaultOrigin,
                Profile::SlipwayApi | Profile::Alb => Origin::LoadBalancer,
                Profile::Devproxy => Origin::Container,
            },
            priority: None,
            entry: None,
        }
    }
}

/// All routes, most specific first; those that the balancer knows have a priority.
fn ordered(routes: &[Route], is_listed: impl Fn(&Route) -> bool) -> Vec<OrderedRule> {
    let mut next = PRIORITY_STEP;
    let rules = order::most_specific_first(routes).into_iter().map(|index| {
        let route = &routes[index];
        let priority = is_listed(route).then_some(next);
        next += if priority.is_some() { PRIORITY_STEP } else { 0 };
        OrderedRule { route: index, hosts: route.hosts(), priority }
    });
    rules.collect()
}

#[cfg(test)]
mod tests;
