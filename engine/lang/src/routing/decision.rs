//! What a request meets, and why the other routes did not get it.

use std::fmt;

use super::{Answer, Origin, Request, Route, Scheme, Stages, Table, Verdict, alb, devproxy, edge, order, pattern};
use crate::model::ComputeType;

/// What a request meets. Its text is one sentence about the winner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'t> {
    /// Who answers, and by which way.
    pub verdict: Verdict,
    /// The route that answers, if one does.
    pub winner: Option<&'t Route>,
    /// The route that the routing function followed, if there is a function and it followed one.
    pub entry: Option<&'t Route>,
    /// All other routes, in the order of the file.
    pub losers: Vec<Loser<'t>>,
}

/// A route that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loser<'t> {
    /// The route.
    pub route: &'t Route,
    /// Why it does not.
    pub loss: Loss<'t>,
}

/// Why a route does not answer a request. Its text is a whole sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss<'t> {
    /// The pattern does not match the path.
    Path,
    /// The path has a character that no pattern matches.
    Character,
    /// The request is for another host.
    Host,
    /// The request is for another host, and the pattern does not match either.
    HostAndPath,
    /// It matches, and so does this route, which is more specific in the profile's order.
    LessSpecific(&'t Route),
    /// It matches, and so does this route, which is equally specific and stands before it in the file.
    Later(&'t Route),
    /// This route has the same key and is deployed after it, so that it took the place.
    Overwritten(&'t Route),
    /// The pattern matches, but the development proxy takes the wildcard for an ordinary character.
    LiteralWildcard,
    /// A Lambda route that the routing function does not recognise; the balancer has no rule for Lambda routes.
    NoRule,
    /// The balancer has a rule for it, but the routing function does not recognise the pattern and sends the request to
    /// this route's function URL, past the balancer.
    PastBalancer(&'t Route),
    /// The routing function sends the request to the balancer for its sake, but there this route's rule comes first.
    OtherRule(&'t Route),
    /// Its rule stands on port 443 only, and port 80 redirects.
    OnlyHttps,
    /// The balancer sends plain HTTP for the host of the request to HTTPS before it looks at this route's rule.
    Redirected,
    /// Its rule stands on port 80 only: it has no domain, and the request is for a host that is some container's domain.
    OnlyHttp,
}

impl Table {
    /// Who answers a request, and why every other route does not.
    pub fn decide(&self, request: &Request<'_>) -> Decision<'_> {
        let verdict = self.find(request);
        let winner = verdict.answer.route();
        let losers = (0..self.routes.len()).filter(|route| Some(*route) != winner).map(|route| Loser {
            route: &self.routes[route],
            loss: match &self.stages {
                Stages::Ordered { .. } => self.loss_by_order(route, winner, request),
                Stages::Edge { entries, .. } => self.loss_at_edge(entries, route, winner, verdict, request),
                Stages::Alb(listeners) => self.loss_at_balancer(listeners.of(request), route, verdict.answer, request),
                Stages::Devproxy { .. } => self.loss_in_devproxy(route, winner, request),
            },
        });
        Decision {
            verdict,
            winner: winner.map(|route| &self.routes[route]),
            entry: verdict.entry.map(|route| &self.routes[route]),
            losers: losers.collect(),
        }
    }

    fn loss_by_order(&self, route: usize, winner: Option<usize>, request: &Request<'_>) -> Loss<'_> {
        let route = &self.routes[route];
        match (mismatch(route, request), winner.map(|winner| &self.routes[winner])) {
            (Some(loss), _) => loss,
            (None, Some(winner)) if order::specificity(winner) == order::specificity(route) => Loss::Later(winner),
            (None, Some(winner)) => Loss::LessSpecific(winner),
            (None, None) => Loss::Path,
        }
    }

    fn loss_at_balancer(&self, listener: Scheme, route: usize, answer: Answer, request: &Request<'_>) -> Loss<'_> {
        let own = &self.routes[route];
        if let Some(loss) = mismatch(own, request) {
            return loss;
        }
        match (listener, &own.domain) {
            (Scheme::Http, Some(_)) => return Loss::OnlyHttps,
            (Scheme::Https, None) => return Loss::OnlyHttp,
            (Scheme::Http, None) if answer == Answer::RedirectToHttps => return Loss::Redirected,
            _ => {}
        }
        let same_rule = |other: &Route| other.domain == own.domain && other.path_pattern == own.path_pattern;
        self.overwritten(route, same_rule).unwrap_or_else(|| {
            let score = |route: &Route| alb::score(route.domain.as_deref(), &route.path_pattern);
            self.outranked(route, answer.route(), score)
        })
    }

    fn loss_at_edge(
        &self,
        entries: &edge::Entries,
        route: usize,
        winner: Option<usize>,
        verdict: Verdict,
        request: &Request<'_>,
    ) -> Loss<'_> {
        let own = &self.routes[route];
        let is_followed = edge::follows(&own.path_pattern, request.path);
        let is_matched = pattern::path_matches(&own.path_pattern, request.path);
        if !is_followed && !is_matched {
            return path_mismatch(request);
        }
        let asks_balancer = verdict.origin != Origin::FunctionUrl;
        let same_key = |other: &Route| other.path_pattern == own.path_pattern;
        let owner = entries.owner(&own.path_pattern).filter(|owner| *owner != route).map(|owner| &self.routes[owner]);
        match own.compute {
            // A Lambda route lives by its entry alone.
            ComputeType::Lambda => match owner {
                _ if !is_followed => Loss::NoRule,
                Some(owner) => Loss::Overwritten(owner),
                None => self.outranked_by(verdict.entry.or(winner), Loss::LessSpecific),
            },
            // A Fargate route lives by its rule, for which the request must come to the balancer.
            ComputeType::Fargate if asks_balancer && !is_matched => path_mismatch(request),
            ComputeType::Fargate if asks_balancer => {
                let same_rule = |other: &Route| other.compute == ComputeType::Fargate && same_key(other);
                self.overwritten(route, same_rule).unwrap_or_else(|| {
                    if verdict.entry == Some(route) {
                        self.outranked_by(winner, Loss::OtherRule)
                    } else {
                        self.outranked(route, winner, |route| alb::score(None, &route.path_pattern))
                    }
                })
            }
            ComputeType::Fargate => match owner {
                Some(owner) if is_followed => Loss::Overwritten(owner),
                _ if is_followed => self.outranked_by(winner, Loss::LessSpecific),
                _ => self.outranked_by(winner, Loss::PastBalancer),
            },
        }
    }

    fn loss_in_devproxy(&self, route: usize, winner: Option<usize>, request: &Request<'_>) -> Loss<'_> {
        let pattern = &self.routes[route].path_pattern;
        if devproxy::matches(pattern, request) {
            self.outranked(route, winner, |route| devproxy::segments(&route.path_pattern))
        } else if pattern::path_matches(pattern, request.path) {
            Loss::LiteralWildcard
        } else {
            Loss::Path
        }
    }

    /// The last route that took the place of this one.
    fn overwritten(&self, route: usize, has_same_place: impl Fn(&Route) -> bool) -> Option<Loss<'_>> {
        self.routes[route + 1..].iter().rev().find(|other| has_same_place(other)).map(Loss::Overwritten)
    }

    fn outranked<Score: Ord>(&self, route: usize, winner: Option<usize>, score: impl Fn(&Route) -> Score) -> Loss<'_> {
        let is_equal = winner.is_some_and(|winner| score(&self.routes[winner]) == score(&self.routes[route]));
        self.outranked_by(winner, if is_equal { Loss::Later } else { Loss::LessSpecific })
    }

    fn outranked_by<'t>(&'t self, winner: Option<usize>, loss: impl Fn(&'t Route) -> Loss<'t>) -> Loss<'t> {
        winner.map_or(Loss::Path, |winner| loss(&self.routes[winner]))
    }
}

/// What does not match, read as documented.
fn mismatch<'t>(route: &Route, request: &Request<'_>) -> Option<Loss<'t>> {
    let host = alb::hosts_match(&route.hosts(), request.host);
    let path = pattern::path_matches(&route.path_pattern, request.path);
    match (host, path) {
        (true, true) => None,
        (true, false) => Some(path_mismatch(request)),
        (false, true) => Some(Loss::Host),
        (false, false) => Some(Loss::HostAndPath),
    }
}

fn path_mismatch<'t>(request: &Request<'_>) -> Loss<'t> {
    if pattern::is_visible_ascii(request.path) { Loss::Path } else { Loss::Character }
}

impl fmt::Display for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = self.entry.filter(|entry| self.winner != Some(entry)) {
            write!(
                f,
                "The routing function follows `{}` of container `{}` to the load balancer. ",
                entry.path_pattern, entry.container
            )?;
        } else if self.verdict.origin == Origin::DefaultOrigin {
            f.write_str("The routing function knows no route, so the request goes to the load balancer. ")?;
        }
        match (self.verdict.answer, self.winner, self.verdict.priority) {
            (Answer::Route(_), Some(route), Some(priority)) => write!(
                f,
                "Container `{}` answers: rule {priority} of the load balancer, `{}`, forwards to it.",
                route.container, route.path_pattern
            ),
            (Answer::Route(_), Some(route), None) if self.verdict.origin == Origin::FunctionUrl => write!(
                f,
                "Container `{}` answers: the routing function follows `{}` to its function URL.",
                route.container, route.path_pattern
            ),
            (Answer::RedirectToHttps, ..) => f.write_str(
                "The load balancer sends the client to HTTPS (status 301): the host is a container's domain.",
            ),
            (Answer::Default(answer), ..) => {
                write!(f, "No route matches: the answer is status {} with the text “{}”.", answer.status, answer.body)
            }
            (Answer::Route(_), route, _) => {
                let (container, pattern) = route.map_or(("", ""), |route| (&*route.container, &*route.path_pattern));
                write!(f, "Container `{container}` answers: the proxy hands it what begins like `{pattern}`.")
            }
        }
    }
}

impl fmt::Display for Loss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, before: &str, route: &Route, after: &str| {
            write!(f, "{before} `{}` of container `{}` {after}", route.path_pattern, route.container)
        };
        match self {
            Self::Path => f.write_str("Its pattern does not match the path."),
            Self::Character => f.write_str(
                "The path has a character outside visible ASCII, which no pattern matches; a client sends it escaped, as in %C3%A9.",
            ),
            Self::Host => f.write_str("Its pattern matches the path, but the request is not for its domain."),
            Self::HostAndPath => f.write_str("The request is not for its domain, and its pattern does not match the path."),
            Self::LessSpecific(winner) => named(f, "It matches too, but", winner, "is more specific and is tried first."),
            Self::Later(winner) => {
                named(f, "It matches too, but", winner, "is equally specific and stands before it in the file.")
            }
            Self::Overwritten(owner) => {
                named(f, "It matches too, but", owner, "claims the same route and is deployed later, so that it takes its place.")
            }
            Self::LiteralWildcard => f.write_str(
                "Its pattern matches the path, but the development proxy understands no wildcard except one final `*`.",
            ),
            Self::NoRule => f.write_str(
                "Its pattern matches the path, but the routing function understands no wildcard except a final `/*`, and the load balancer has no rules for Lambda containers.",
            ),
            Self::PastBalancer(winner) => named(
                f,
                "Its pattern matches the path, but only the load balancer understands it, and the routing function follows",
                winner,
                "past the load balancer.",
            ),
            Self::OtherRule(winner) => named(
                f,
                "The routing function follows it to the load balancer, but there the rule for",
                winner,
                "comes first.",
            ),
            Self::OnlyHttps => f.write_str("It matches, but its rule stands on port 443 only, and the request came to port 80."),
            Self::Redirected => f.write_str(
                "It matches, but the host is a container's domain, and plain HTTP for it is sent to HTTPS first.",
            ),
            Self::OnlyHttp => f.write_str(
                "It matches, but without a domain its rule stands on port 80 only, and the request came to port 443.",
            ),
        }
    }
}

impl fmt::Display for Loser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of container `{}`: {}", self.route.path_pattern, self.route.container, self.loss)
    }
}
