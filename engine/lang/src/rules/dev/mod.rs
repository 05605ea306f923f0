//! The settings of `slipway dev`.

mod excluded;
mod extensions;
mod hooks;
mod looping;
mod watch_path;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &hooks::HOOKS_MISSING,
    &hooks::UNKNOWN_HOOK,
    &watch_path::WATCH_PATH_MISSING,
    &extensions::EXTENSION_SPELLING,
    &excluded::EXCLUDED_FOLDER_UNKNOWN,
    &looping::HOOK_MAY_LOOP,
    &watch_path::IGNORED_BY_OLDER_TOOL,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[hooks::check, watch_path::check, extensions::check, excluded::check, looping::check];
