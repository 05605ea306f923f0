//! The environment of the containers.

mod engine;
mod lambda;
mod local_address;
mod names;
mod secrets;
mod shape;
mod size;
mod values;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &shape::NULL_VALUE,
    &shape::NOT_A_MAP,
    &lambda::NAME_NOT_ALLOWED,
    &lambda::RESERVED_ON_LAMBDA,
    &size::TOO_LARGE_FOR_LAMBDA,
    &engine::OVERRIDES_ENGINE_VARIABLE,
    &engine::TERM_HAS_NO_EFFECT,
    &engine::WRONG_PORT,
    &values::VALUE_CHANGES,
    &values::NUMBER_LOSES_DIGITS,
    &values::STRUCTURED_VALUE,
    &secrets::SECRET_IN_PLAIN_TEXT,
    &secrets::STATIC_CREDENTIALS,
    &names::BAD_NAME,
    &engine::ADAPTER_SETTING,
    &size::TASK_DEFINITION_TOO_LARGE,
    &super::variables::UNDEFINED_LOCAL_VARIABLE,
    &local_address::LOCAL_ADDRESS,
    &names::CASE_TWIN,
];

/// The family's checks.
pub static CHECKS: &[Check] =
    &[names::check, lambda::check, size::check, engine::check, values::check, secrets::check, local_address::check];

/// Whether a variable of this name can be read with `${env:…}`.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
