//! The project's name, the stage and the containers' names, of which the names of cloud resources are made.

mod characters;
mod container_name;
mod length;
mod part;
mod shape;
mod stage;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &shape::NAME_LENGTH,
    &shape::NAME_CHARACTERS,
    &characters::UPPER_CASE,
    &characters::UNDERSCORE,
    &characters::HYPHEN_POSITION,
    &length::LOAD_BALANCER_NAME_TOO_LONG,
    &length::TARGET_GROUP_NAME_CUT,
    &length::TARGET_GROUP_CLASH,
    &length::FUNCTION_NAME_CUT,
    &characters::CONTAINER_NAME_CHARACTERS,
    &container_name::TOO_SHORT_FOR_DOCKER,
    &stage::STAGE_LENGTH,
    &stage::STAGE_CHARACTERS,
    &shape::STAGE_KEY_INVALID,
    &stage::STAGE_KEY_UNUSABLE,
    &shape::ORG_CHARACTERS,
    &container_name::COMMON_LOCAL_CONTAINER,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[characters::check, length::check, container_name::check, stage::check];
