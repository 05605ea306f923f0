//! The `deployment` block, and the ARNs of the whole file.

mod arns;
mod network;
mod roles;
mod shape;
mod slack_token;
mod subnets;
mod web_acl;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &shape::INCOMPLETE_VPC,
    &subnets::TOO_FEW_PUBLIC_SUBNETS,
    &subnets::TOO_FEW_PRIVATE_SUBNETS,
    &network::BAD_RESOURCE_ID,
    &subnets::DUPLICATE_SUBNET,
    &subnets::PUBLIC_USED_AS_PRIVATE,
    &network::SAME_SECURITY_GROUP_TWICE,
    &roles::BAD_ROLE_ARN,
    &web_acl::BAD_WEB_ACL_ARN,
    &web_acl::WEB_ACL_SCOPE,
    &roles::DEPLOYMENT_ROLE_BECOMES_ACTIVE,
    &web_acl::SEES_CLOUDFRONT_ONLY,
    &shape::SLACK_UNAVAILABLE,
    &slack_token::BAD_PARAMETER_NAME,
    &arns::ACCOUNTS_DIFFER,
    &arns::REGIONS_DIFFER,
];

/// The family's checks.
pub static CHECKS: &[Check] =
    &[subnets::check, network::check, roles::check, web_acl::check, slack_token::check, arns::check];
