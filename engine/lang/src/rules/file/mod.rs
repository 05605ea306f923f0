//! The file as a whole, and the shape of its values.

mod document;
mod neighbours;
mod scalars;
mod shape;
mod syntax;

pub(super) use syntax::check as syntax;

use super::Check;
use crate::diagnostic::Rule;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &syntax::SYNTAX_ERROR,
    &syntax::DUPLICATE_KEY,
    &document::NOT_A_MAP,
    &shape::UNKNOWN_PROPERTY,
    &shape::MISSING_PROPERTY,
    &shape::WRONG_TYPE,
    &shape::VALUE_NOT_IN_LIST,
    &shape::EMPTY_VALUE,
    &scalars::DATE_LIKE_SCALAR,
    &scalars::CLOUDFORMATION_TAG,
    &neighbours::SEVERAL_CONFIG_FILES,
    &neighbours::OTHER_FILE_PICKED,
    &document::FRAMEWORK_VERSION_IGNORED,
    &document::ORG_IGNORED,
    &document::NO_CONTAINERS,
    &shape::DEPLOYMENT_TYPE_MISSING,
    &shape::UNKNOWN_DEPLOYMENT_TYPE,
    &document::LEGACY_DEPLOYMENT_TYPE,
    &shape::IGNORED_PROPERTY,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[syntax::check, document::check, scalars::check, neighbours::check];
