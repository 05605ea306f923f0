//! The actions of statements, each by itself.

mod api_operation;
mod case;
mod format;
mod name;
mod service;
mod wildcard;

use super::{PolicyCheck, PolicyScope, edits};
use crate::diagnostic::{Diagnostic, Fix, Rule};
use crate::iam::policy::{Statement, Text};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &format::ACTION_FORMAT,
    &service::UNKNOWN_SERVICE,
    &service::UNRECOGNISED_SERVICE,
    &name::UNKNOWN_ACTION,
    &name::UNRECOGNISED_ACTION,
    &service::RETIRED,
    &api_operation::API_OPERATION,
    &wildcard::MATCHES_NOTHING,
    &wildcard::WILDCARD_SERVICE,
    &case::ACTION_CASE,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[wildcard::check, case::check];

/// Looks at an action: whether there is one of this name.
pub(super) fn judge<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    acc: &mut Vec<Diagnostic>,
) -> bool {
    // What a variable makes of a name is not known; whether one may stand there is looked at elsewhere.
    if matches!(text.text, "*" | "*:*") || !text.variables.is_empty() {
        return true;
    }
    let Some((prefix, name)) = format::parts(text.text) else {
        acc.push(format::malformed(scope, statement, text));
        return false;
    };
    let is_pattern = text.text.contains(['*', '?']);
    let service = scope.reference.service(prefix);
    let is_known = match service {
        _ if is_pattern => wildcard::matches_something(scope, text),
        service => service.is_some_and(|service| service.knows(name)),
    };
    let fault = service::retired(scope, text, prefix, name).or_else(|| match service {
        _ if is_known => None,
        None if !prefix.contains(['*', '?']) => Some(service::unknown(scope, text, prefix, name)),
        Some(service) if !is_pattern => {
            let operation = api_operation::operation(scope, statement, text);
            Some(operation.unwrap_or_else(|| name::unknown(scope, text, service, name)))
        }
        _ => Some(wildcard::matches_nothing(scope, text)),
    });
    acc.extend(fault);
    // What a closed service had is known still, so that the rest can be looked at.
    is_known
}

/// A fix that puts another action in the place of one. It changes what is granted, and so is to be looked at.
fn use_instead<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, action: &str) -> Option<Fix> {
    edits::suggestion(format!("Use `{action}`"), edits::replace(scope, text.value, action))
}
