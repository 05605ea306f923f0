//! What calls a container: schedules, events and Slack.

mod kinds;
mod names;
mod patterns;
mod schedules;
mod slack;
mod view;
mod webhooks;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &kinds::UNKNOWN_INTEGRATION_TYPE,
    &kinds::NEEDS_AWS,
    &names::KEY_CHARACTERS,
    &names::VARIABLE_NAME,
    &names::VARIABLE_CLASH,
    &webhooks::PATH_SYNTAX,
    &webhooks::DUPLICATE_PATH,
    &webhooks::NOT_ROUTED_HERE,
    &webhooks::DEFAULT_PATH,
    &schedules::SCHEDULE_SYNTAX,
    &schedules::RATE_UNIT,
    &schedules::CRON_FIELDS,
    &schedules::ONE_TIME_SCHEDULE,
    &schedules::SCHEDULE_IN_WORDS,
    &patterns::EMPTY_PATTERN,
    &patterns::LEAF_NOT_A_LIST,
    &patterns::UNKNOWN_OPERATOR,
    &patterns::OPERATOR_ARGUMENT,
    &patterns::UNKNOWN_FIELD,
    &patterns::PATTERN_TOO_LARGE,
    &webhooks::FIVE_SECONDS,
    &slack::NAME_MISSING,
    &slack::APP_TOKEN_MISSING,
    &slack::SEVERAL_APPS,
    &slack::SECRET_IN_PLAIN_TEXT,
    &slack::SOCKET_MODE_WITHOUT_TOKEN,
    &slack::PATH_IGNORED,
    &slack::NAME_TOO_LONG,
    &schedules::FREQUENT_SCHEDULE,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[names::check, webhooks::check, schedules::check, patterns::check, slack::check];
