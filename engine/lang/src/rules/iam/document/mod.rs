//! The policy as a whole.

mod characters;
mod elements;
mod policy_type;
mod size;
mod statements;
mod syntax;
mod version;

pub(super) use policy_type::check_empty;
pub(super) use size::size as policy_size;
pub(super) use syntax::{bare_star, check as unreadable, repeated_key};

use super::{PolicyCheck, PolicyScope};
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::policy::{Statement, Text};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &policy_type::POLICY_TYPE,
    &elements::POLICY_ELEMENT,
    &version::VERSION_MISSING,
    &version::VERSION_INVALID,
    &version::VERSION_2008,
    &version::VERSION_UNQUOTED,
    &statements::STATEMENT_MISSING,
    &statements::STATEMENT_EMPTY,
    &statements::STATEMENT_TYPE,
    &size::POLICY_SIZE,
    &size::POLICY_SIZE_NEAR,
    &elements::POLICY_ID,
    &characters::CHARACTER_RANGE,
    &syntax::DUPLICATE_KEY,
    &syntax::BARE_STAR,
    &policy_type::BARE_STATEMENT,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] =
    &[policy_type::check, elements::check, version::check, statements::check, characters::check];

/// What comes after all other checks: how a policy can be shortened goes by what they found.
pub(super) static LAST: &[PolicyCheck] = &[size::check];

/// Looks at an action or a resource: what has a character that IAM refuses is reported with all other texts.
pub(super) fn judge<'a>(_: &PolicyScope<'a>, _: &Statement<'a>, text: &Text<'a>, _: &mut Vec<Diagnostic>) -> bool {
    characters::refused(text.text).is_none()
}
