//! What has to do with the container that a policy belongs to.

mod default_grants;
mod deploy_time_parameter;
mod role_and_policy;
mod upstream;

use std::collections::BTreeSet;

use super::PolicyCheck;
use crate::diagnostic::Rule;
use crate::iam::variables::places;
use crate::rules::RuleContext;
use crate::variables::{is_in_policy, references};
use crate::yaml::NodeKind;

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

/// The parameters of Systems Manager that variables of the file read, and that it does not name otherwise: what a container is told
/// the name of, it may read itself. The slash that their names in ARNs begin with is left as it is.
pub(super) fn deploy_time_parameters(ctx: &RuleContext<'_>) -> BTreeSet<String> {
    let parameter = |reference: &crate::variables::ReferenceUse<'_>| match (reference.provider, reference.resolver) {
        ("ssm", _) | ("aws", Some("ssm")) => reference.key.map(str::to_owned),
        ("aws", None) => reference.key.filter(|key| key.starts_with('/')).map(str::to_owned),
        _ => None,
    };
    let parameters = references(ctx.document, ctx.config.variables());
    parameters.iter().filter_map(parameter).filter(|name| !is_told(ctx, name)).collect()
}

/// Whether a name stands in the file outside of variables and policies.
fn is_told(ctx: &RuleContext<'_>, name: &str) -> bool {
    let tree = ctx.document.tree();
    let is_outside = |text: &str| {
        let (mut rest, mut done) = (Vec::new(), 0);
        for place in places(text) {
            rest.push(&text[done..place.start]);
            done = place.end;
        }
        rest.push(&text[done..]);
        rest.iter().any(|text| text.contains(name))
    };
    tree.nodes().any(|(id, node)| match &node.kind {
        NodeKind::Scalar(scalar) => {
            scalar.text.contains(name) && is_outside(&scalar.text) && !is_in_policy(tree, ctx.inputs.kind, id)
        }
        _ => false,
    })
}
