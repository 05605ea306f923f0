//! Where a container's route stands among the others.

use super::markdown::code;
use crate::limits::alb;
use crate::model::DeploymentType;
use crate::routing::alb::Action;
use crate::routing::{Answer, Profile, Request, Route, Table, order};
use crate::rules::{Container, RuleContext};

/// Neighbours that are named, before and behind.
const MOST_NAMED: usize = 5;

/// The routes of a project that are known, in the order in which they are tried.
pub(in crate::ide) struct Routes<'a> {
    table: Table,
    /// By the positions of the table.
    containers: Vec<Container<'a>>,
    /// Positions, first tried first.
    order: Vec<usize>,
}

/// Where one route stands.
pub(in crate::ide) struct Place {
    /// How many are tried up to it, itself included.
    pub(in crate::ide) rank: usize,
    /// The number of its listener rule, if it has one.
    pub(in crate::ide) priority: Option<u32>,
}

impl<'a> Routes<'a> {
    /// The routes of a document; `None` where the deployment type is not known.
    pub(in crate::ide) fn of(ctx: &RuleContext<'a>) -> Option<Self> {
        let profile = match ctx.deployment_type()? {
            DeploymentType::Aws => Profile::Slipway,
            DeploymentType::AwsApi => Profile::SlipwayApi,
        };
        let (containers, routes): (Vec<_>, Vec<_>) =
            ctx.containers().filter_map(|container| Some((container, container.route()?))).unzip();
        let order = order::most_specific_first(&routes);
        Some(Self { table: Table::new(routes, profile), containers, order })
    }

    /// How many there are.
    pub(in crate::ide) fn len(&self) -> usize {
        self.containers.len()
    }

    /// All containers with the places of their routes, first tried first.
    pub(in crate::ide) fn places(&self) -> impl Iterator<Item = (Container<'a>, Place)> {
        let mut priorities = vec![None; self.containers.len()];
        for rule in self.table.rules() {
            if let Action::Forward(route) = rule.action {
                priorities[route] = Some(rule.priority);
            }
        }
        let ranked = self.order.iter().zip(1..);
        ranked.map(move |(route, rank)| (self.containers[*route], Place { rank, priority: priorities[*route] }))
    }

    /// The route of a container in words: what it answers, when it is tried, and what its neighbours take.
    pub(super) fn describe(&self, container: Container<'_>) -> Option<String> {
        let at = self.containers.iter().position(|other| other.name == container.name)?;
        let route = &self.table.routes()[at];
        let (_, place) = self.places().find(|(other, _)| other.name == container.name)?;
        let mut lines = vec![format!("- Answers {}", words_of(route)), format!("- {}", place.in_words(self.len()))];
        if let Some(taker) = self.table.taker(at) {
            lines.push(format!("- Gets no request: `{}` takes them all", self.containers[taker].name));
        }
        lines.extend(self.example(at).map(|example| format!("- For example {}", code(&example))));
        let behind = self.order.iter().position(|other| *other == at)? + 1;
        let before = self.sharing(route, &self.order[..behind - 1]);
        let after = self.sharing(route, &self.order[behind..]);
        lines.extend(
            before.map(|before| format!("- These are more specific and take what they share with it: {before}")),
        );
        lines.extend(after.map(|after| format!("- It takes what it shares with these: {after}")));
        Some(format!("Among the routes of the project:\n\n{}", lines.join("\n")))
    }

    /// The routes among some that a request of this route also matches, in words.
    fn sharing(&self, route: &Route, among: &[usize]) -> Option<String> {
        // No service takes longer patterns, and to compare them takes time.
        let is_short = |route: &Route| route.path_pattern.len() <= alb::PATH_PATTERN_LENGTH;
        let shares = |other: &&usize| {
            let other = &self.table.routes()[**other];
            is_short(other) && is_short(route) && other.overlaps(route)
        };
        let sharing: Vec<&usize> = among.iter().filter(shares).collect();
        let named = sharing.iter().take(MOST_NAMED).map(|other| {
            let route = &self.table.routes()[**other];
            format!("`{}` {}", route.container, code(&pattern_of(route)))
        });
        let mut named: Vec<String> = named.collect();
        let others = sharing.len().saturating_sub(MOST_NAMED);
        if others > 0 {
            named.push(format!("{others} more"));
        }
        (!named.is_empty()).then(|| named.join(", "))
    }

    /// A request that the container answers.
    fn example(&self, at: usize) -> Option<String> {
        /// What a star may stand for, and what a question mark.
        const FILLINGS: [(&str, &str); 4] = [("users", "1"), ("index.html", "x"), ("", "a"), ("a-b/c", "z")];
        let route = &self.table.routes()[at];
        let fill = |pattern: &str, star: &str, single: &str| pattern.replace('*', star).replace('?', single);
        FILLINGS.iter().find_map(|(star, single)| {
            let path = fill(&route.path_pattern, star, single);
            let host = route.domain.as_deref().map(|domain| fill(domain, "www", single));
            let request = Request { scheme: None, host: host.as_deref(), path: &path, query: None };
            (self.table.find(&request).answer == Answer::Route(at)).then(|| match &host {
                Some(host) => format!("https://{host}{path}"),
                None => path.clone(),
            })
        })
    }
}

impl Place {
    /// When the route is tried.
    pub(in crate::ide) fn in_words(&self, of: usize) -> String {
        let Self { rank, priority } = self;
        let tried = if of == 1 { "The only route".to_owned() } else { format!("Tried as number {rank} of {of}") };
        match priority {
            Some(priority) => format!("{tried}; its listener rule has priority {priority}"),
            None => format!("{tried}, by the routing function"),
        }
    }
}

fn words_of(route: &Route) -> String {
    match &route.domain {
        Some(_) => format!("{} on {}", code(&route.path_pattern), hosts(route)),
        None => format!("{} on every host", code(&route.path_pattern)),
    }
}

fn hosts(route: &Route) -> String {
    let hosts: Vec<String> = route.hosts().iter().map(|host| code(host)).collect();
    hosts.join(" and ")
}

fn pattern_of(route: &Route) -> String {
    format!("{}{}", route.domain.as_deref().unwrap_or_default(), route.path_pattern)
}
