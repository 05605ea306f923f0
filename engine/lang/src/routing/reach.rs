//! Routes that no request ever reaches.

use super::{Route, Stages, Table, alb, devproxy, edge, pattern};
use crate::model::ComputeType;

/// A route that gets no request, since another gets all that it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// The position of the route.
    pub route: usize,
    /// The position of the one that gets its requests.
    pub by: usize,
}

impl Table {
    /// The routes of which every request goes to one other route, in the order of the file. A route that several others
    /// only cover together is not found, nor is one whose wildcards the routing function does not understand
    /// ([`edge::understands`]).
    pub fn unreached(&self) -> Vec<Unreached> {
        let routes = 0..self.routes.len();
        routes.filter_map(|route| self.taker(route).map(|by| Unreached { route, by })).collect()
    }

    /// The position of the route that gets every request of the one at a position, if there is one.
    pub fn taker(&self, route: usize) -> Option<usize> {
        let own = &self.routes[route];
        match &self.stages {
            Stages::Ordered { rules } => {
                let order = rules.iter().map(|rule| rule.route);
                self.first_cover(order, route, |other| hosts_cover(other, own))
            }
            Stages::Alb(listeners) => {
                let listener = if own.domain.is_some() { &listeners.https } else { &listeners.http };
                self.rule_before(listener, route, |other| hosts_cover(other, own))
            }
            Stages::Edge { entries, rules } => self.taker_at_edge(entries, rules, route),
            Stages::Devproxy { order } => {
                let own = devproxy::prefix(&own.path_pattern);
                let before = order.iter().copied().take_while(|other| *other != route);
                before.into_iter().find(|other| own.starts_with(devproxy::prefix(&self.routes[*other].path_pattern)))
            }
        }
    }

    fn taker_at_edge(&self, entries: &edge::Entries, rules: &[alb::Rule], route: usize) -> Option<usize> {
        let own = &self.routes[route];
        let pattern = &own.path_pattern;
        if own.compute == ComputeType::Lambda {
            return entries.owner(pattern).filter(|owner| *owner != route);
        }
        let past_balancer = || {
            let is_entry = |other: &usize| entries.owner(&self.routes[*other].path_pattern) == Some(*other);
            let understood = |other: &usize| edge::understands(&self.routes[*other].path_pattern);
            let all = || (0..self.routes.len()).filter(is_entry).filter(understood);
            let of = |compute: ComputeType| all().filter(move |other| self.routes[*other].compute == compute);
            of(ComputeType::Lambda).find(|lambda| {
                let taken = &self.routes[*lambda].path_pattern;
                let brings_to_balancer = |fargate: usize| {
                    let brought = &self.routes[fargate].path_pattern;
                    let goes_first = brought.len() > taken.len() || !brought.ends_with('*');
                    goes_first && pattern::path_overlaps(brought, pattern)
                };
                pattern::path_covers(taken, pattern) && !of(ComputeType::Fargate).any(brings_to_balancer)
            })
        };
        self.rule_before(rules, route, |_| true).or_else(past_balancer)
    }

    /// The route whose rule comes before this one's and covers it, or has taken its place.
    fn rule_before(&self, rules: &[alb::Rule], route: usize, hosts_cover: impl Fn(&Route) -> bool) -> Option<usize> {
        let order = rules.iter().filter_map(|rule| match rule.action {
            alb::Action::Forward(other) => Some(other),
            alb::Action::RedirectToHttps => None,
        });
        self.first_cover(order, route, hosts_cover)
    }

    /// The first of an order that covers a route, unless the route itself comes first.
    fn first_cover(
        &self,
        order: impl Iterator<Item = usize>,
        route: usize,
        hosts_cover: impl Fn(&Route) -> bool,
    ) -> Option<usize> {
        let covers = |other: &usize| {
            let other = &self.routes[*other];
            hosts_cover(other) && pattern::path_covers(&other.path_pattern, &self.routes[route].path_pattern)
        };
        order.take_while(|other| *other != route).find(covers)
    }
}

impl Route {
    /// Whether some request matches both. Exact as far as [`pattern::path_overlaps`] is.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (own, others) = (self.hosts(), other.hosts());
        let hosts_overlap = own.is_empty()
            || others.is_empty()
            || own.iter().any(|own| others.iter().any(|other| pattern::host_overlaps(own, other)));
        hosts_overlap && pattern::path_overlaps(&self.path_pattern, &other.path_pattern)
    }
}

fn hosts_cover(wide: &Route, narrow: &Route) -> bool {
    let (wide, narrow) = (wide.hosts(), narrow.hosts());
    let is_covered = |host: &String| wide.iter().any(|wide| pattern::host_covers(wide, host));
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(is_covered))
}
