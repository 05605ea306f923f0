//! Where containers run, with which resources and permissions.

mod fargate;
mod kind;
mod lambda;
mod mastra;
mod policy;
mod roles;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &kind::UNKNOWN_COMPUTE_TYPE,
    &kind::COMPUTE_TYPE_DEFAULTED,
    &kind::FARGATE_BLOCK_ON_LAMBDA,
    &kind::LAMBDA_BLOCK_ON_FARGATE,
    &lambda::LAMBDA_MEMORY_RANGE,
    &lambda::LAMBDA_MEMORY_NOT_WHOLE,
    &lambda::LAMBDA_TIMEOUT_RANGE,
    &lambda::TIMEOUT_BEYOND_THE_EDGE,
    &lambda::SHORT_DEFAULT_TIMEOUT,
    &lambda::VPC_LAMBDA_WITHOUT_INTERNET,
    &lambda::LAMBDA_PAYLOAD_LIMITS,
    &fargate::CPU_VALUE,
    &fargate::MEMORY_OFF_STEP,
    &fargate::MEMORY_OUT_OF_RANGE,
    &fargate::MEMORY_MISSING,
    &fargate::MEMORY_RANGE,
    &roles::CONTAINER_EXECUTION_ROLE,
    &roles::CONTAINER_ROLE,
    &roles::ROLE_AND_POLICY_TOGETHER,
    &policy::EXTENDED_POLICY_KEY,
    &mastra::UNSUPPORTED_COMBINATION,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[kind::check, lambda::check, fargate::check, roles::check, policy::check, mastra::check];
