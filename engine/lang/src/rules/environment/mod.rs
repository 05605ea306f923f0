//! The environment of the containers.

mod local_address;
mod names;
mod secrets;
mod shape;
mod values;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &shape::NULL_VALUE,
    &shape::NOT_A_MAP,
    &values::VALUE_CHANGES,
    &values::NUMBER_LOSES_DIGITS,
    &values::STRUCTURED_VALUE,
    &secrets::SECRET_IN_PLAIN_TEXT,
    &secrets::STATIC_CREDENTIALS,
    &names::BAD_NAME,
    // SCF267 is registered here, by the module of variables.
    &local_address::LOCAL_ADDRESS,
    &names::CASE_TWIN,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[values::check, secrets::check, names::check, local_address::check];
