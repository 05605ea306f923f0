//! What has to do with the container that a policy belongs to.

mod default_grants;
mod deploy_time_parameter;
mod role_and_policy;
mod upstream;

use std::collections::BTreeSet;

use super::PolicyCheck;
use crate::diagnostic::Rule;
use crate::rules::RuleContext;
use crate::variables::references;

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &upstream::UPSTREAM_ELEMENT,
    &role_and_policy::ROLE_AND_POLICY,
    &default_grants::GRANTED_BY_DEFAULT,
    &default_grants::DENY_BREAKS_DEFAULTS,
    &deploy_time_parameter::DEPLOY_TIME_PARAMETER,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] =
    &[upstream::check, role_and_policy::check, default_grants::check, deploy_time_parameter::check];

/// The parameters of Systems Manager that variables of the file read, with the slash that their names in ARNs begin with left
/// as it is.
pub(super) fn deploy_time_parameters(ctx: &RuleContext<'_>) -> BTreeSet<String> {
    let parameter = |reference: &crate::variables::ReferenceUse<'_>| match (reference.provider, reference.resolver) {
        ("ssm", _) | ("aws", Some("ssm")) => reference.key.map(str::to_owned),
        ("aws", None) => reference.key.filter(|key| key.starts_with('/')).map(str::to_owned),
        _ => None,
    };
    references(ctx.document, ctx.config.variables()).iter().filter_map(parameter).collect()
}
