//! The resources of statements, each by itself.

mod fields;
mod format;
mod other_place;
mod partition;
mod place;
mod service;
mod shape;

use super::{PolicyCheck, PolicyScope};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::iam::arn::{Arn, partition_of};
use crate::iam::formats::{self, ServiceFormat};
use crate::iam::policy::{Statement, Text};
use crate::iam::variables::{Kind, Variable};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &format::NOT_AN_ARN,
    &format::TOO_FEW_FIELDS,
    &partition::PARTITION,
    &service::ARN_SERVICE,
    &place::ARN_REGION,
    &place::ARN_ACCOUNT,
    &fields::REGION_NOT_ALLOWED,
    &fields::ACCOUNT_NOT_ALLOWED,
    &fields::REGION_MISSING,
    &fields::ACCOUNT_MISSING,
    &shape::ARN_SHAPE,
    &other_place::PLACEHOLDER_ACCOUNT,
    &other_place::HARD_CODED_ID,
    &other_place::OTHER_REGION,
    &partition::PARTITION_MISMATCH,
    &other_place::OTHER_ACCOUNT,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[other_place::check];

/// Looks at a resource: whether there can be one of this name. What is probably wrong but may be newer than the reference takes
/// part in the rest.
pub(super) fn judge<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    acc: &mut Vec<Diagnostic>,
) -> bool {
    // Variables that mean nothing are looked at elsewhere, and what they stand for is not known.
    let means_something =
        |variable: &Variable<'_>| matches!(variable.kind, Kind::Escape(_) | Kind::DeployTime | Kind::Iam(_));
    if text.text == "*" || !text.variables.iter().all(means_something) {
        return true;
    }
    let before = acc.len();
    match Arn::split(text.text) {
        Ok(arn) => look(scope, statement, text, &arn, acc),
        // A variable of the deployment may supply all that is missing.
        Err(_) if text.variables.iter().any(may_hold_fields) => {}
        Err(fault) => acc.push(format::malformed(scope, statement, text, fault)),
    }
    acc[before..].iter().all(|finding| finding.severity < Severity::Error)
}

fn look<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    arn: &Arn<'a>,
    acc: &mut Vec<Diagnostic>,
) {
    let fault = partition::unknown(scope, text, arn).or_else(|| service::check(scope, statement, text, arn));
    if fault.is_some() {
        return acc.extend(fault);
    }
    let before = acc.len();
    acc.extend(place::region(scope, text, arn));
    acc.extend(place::account(scope, text, arn));
    acc.extend(partition::mismatch(scope, text, arn));
    if acc[before..].iter().any(|finding| finding.severity == Severity::Error) {
        return;
    }
    let formats = formats::of_service(arn.service.text);
    let having: Vec<&'static ServiceFormat> = formats.iter().filter(|format| format.has_resource(arn)).collect();
    if !having.is_empty() {
        fields::check(scope, text, arn, &having, acc);
    } else if !formats.is_empty() && !arn.resource.pattern.starts_with_wildcard() {
        acc.push(shape::unknown(scope, statement, text, arn, formats));
    }
}

/// Whether a variable can stand for several fields of an ARN, or for its beginning.
fn may_hold_fields(variable: &Variable<'_>) -> bool {
    variable.kind == Kind::DeployTime
        && !matches!(variable.inside.trim(), "aws:accountId" | "aws:partition" | "aws:region")
}

/// The partition of the deployment, as far as that is known.
fn partition(scope: &PolicyScope<'_>) -> &'static str {
    scope.facts.region.and_then(partition_of).unwrap_or("aws")
}
