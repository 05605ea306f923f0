//! How many tasks of a Fargate container run: `compute.awsFargateEcs.scale`.

mod bounds;
mod combinations;
mod duplicates;
mod item_type;
mod step_bands;
mod step_metric;
mod targets;
mod view;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &item_type::SCALE_ITEM_TYPE,
    &duplicates::DUPLICATE_BOUND,
    &bounds::ZERO_BOUND,
    &bounds::COUNT_NOT_WHOLE,
    &bounds::MIN_ABOVE_MAX,
    &bounds::DESIRED_OUTSIDE_BOUNDS,
    &combinations::BOUND_WITHOUT_POLICY,
    &combinations::POLICY_WITHOUT_MAX,
    &combinations::DESIRED_WITH_TARGET,
    &combinations::DESIRED_IGNORED,
    &combinations::STEP_WITH_TARGET,
    &duplicates::TOO_MANY_TARGETS,
    &duplicates::DUPLICATE_TARGET,
    &targets::TARGET_VALUE,
    &targets::REQUEST_TARGET_DEFAULTED,
    &targets::COOLDOWN,
    &step_bands::NO_STEP_ADJUSTMENTS,
    &step_bands::STEP_OVERLAP,
    &step_bands::STEP_GAP,
    &step_bands::OPEN_ENDS,
    &step_bands::STEP_WITHOUT_BOUNDS,
    &step_bands::MISSING_OPEN_END,
    &step_metric::STEPS_ON_ONE_METRIC,
    &step_metric::ECS_METRIC_WITHOUT_DIMENSIONS,
    &step_metric::ALARM_UNIT,
    &step_metric::STEP_COOLDOWN,
    &step_metric::DIRECTION_MISMATCH,
    &step_metric::ADJUSTMENT_NOT_WHOLE,
    &bounds::SCALED_TO_ZERO,
    &bounds::HIGH_MAXIMUM,
    &combinations::POLICY_WITHOUT_MIN,
];

/// The family's checks.
pub static CHECKS: &[Check] =
    &[duplicates::check, bounds::check, combinations::check, targets::check, step_bands::check, step_metric::check];
