//! The elements of statements.

mod effect;
mod elements;
mod empty;
mod missing;
mod sid;
mod space;
mod types;

pub(super) use space::{action_judge, resource_judge};

use super::PolicyCheck;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &elements::STATEMENT_ELEMENT,
    &effect::EFFECT_MISSING,
    &effect::EFFECT_INVALID,
    &missing::ACTION_MISSING,
    &missing::ACTION_AND_NOT_ACTION,
    &missing::RESOURCE_MISSING,
    &missing::RESOURCE_AND_NOT_RESOURCE,
    &elements::PRINCIPAL_NOT_ALLOWED,
    &types::ELEMENT_TYPE,
    &sid::SID_CHARACTERS,
    &sid::SID_DUPLICATE,
    &sid::SID_EMPTY,
    &empty::ACTION_EMPTY,
    &empty::RESOURCE_EMPTY,
    &space::STRAY_SPACE,
    &empty::CONDITION_EMPTY,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] =
    &[elements::check, effect::check, missing::check, types::check, sid::check, empty::check];
