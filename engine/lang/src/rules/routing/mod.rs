//! Routes: their form, and how they get on with each other.

mod domain;
mod duplicates;
mod health;
mod limits;
mod pattern;
mod reach;
mod shape;

use super::{Check, Container, RuleContext};
use crate::diagnostic::Rule;
use crate::routing::Route;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &shape::PATH_PATTERN_MISSING,
    &shape::PATH_PATTERN_SYNTAX,
    &pattern::TOO_LONG,
    &pattern::CHARACTERS,
    &pattern::TOO_MANY_WILDCARDS,
    &duplicates::DUPLICATE_ROUTE,
    &duplicates::SAME_PATH_OTHER_DOMAIN,
    &reach::NEVER_REACHED,
    &reach::NOT_UNDERSTOOD_FOR_LAMBDA,
    &reach::BASE_PATH_NOT_MATCHED,
    &pattern::FOREIGN_SYNTAX,
    &pattern::QUERY_STRING,
    &pattern::TRAILING_SLASH,
    &reach::NO_CATCH_ALL,
    &health::SYNTAX,
    &health::CONTENT,
    &health::NOT_SET,
    &health::UNUSED,
    &domain::IS_URL,
    &domain::SYNTAX,
    &domain::TOO_LONG,
    &domain::SPELLING,
    &domain::SEVERAL,
    &domain::CERTIFICATE_REGION,
    &domain::WWW,
    &domain::RESERVED,
    &limits::TOO_MANY_ROUTES,
    &limits::TABLE_FULL,
    &duplicates::CASE_TWIN,
    &shape::NO_CUSTOM_PRIORITY,
    &health::MAY_REDIRECT,
];

/// The family's checks.
pub static CHECKS: &[Check] =
    &[pattern::check, duplicates::check, reach::check, health::check, domain::check, limits::check];

/// A container whose route is wholly known.
struct Routed<'a> {
    container: Container<'a>,
    route: Route,
}

/// The routes that are wholly known, in the order of the file.
fn routes<'a>(ctx: &RuleContext<'a>) -> Vec<Routed<'a>> {
    ctx.containers().filter_map(|container| Some(Routed { container, route: container.route()? })).collect()
}

/// Whether every container's route is known, so that nothing unknown could stand where nothing is seen.
fn all_known(ctx: &RuleContext<'_>) -> bool {
    ctx.containers().all(|container| container.route().is_some())
        && ctx.get(&["containers"]).is_some_and(super::super::config::Value::is_map)
}
