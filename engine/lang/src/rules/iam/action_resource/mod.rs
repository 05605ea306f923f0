//! Actions and resources that have to fit each other.

mod matching;
mod names;
mod star;

use super::PolicyCheck;
use super::context::{Reach, StatementContext};
use crate::diagnostic::Rule;
use crate::iam::arn::Arn;
use crate::iam::reference::Action;
use crate::iam::{formats, templates};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &matching::NO_MATCHING_RESOURCE,
    &matching::NEEDS_STAR,
    &matching::UNUSED_RESOURCE,
    &matching::COMPANION_TYPES,
    &star::STAR_READ,
    &star::STAR_WRITE,
    &star::EFFECTIVELY_STAR,
    &names::SECRET_SUFFIX,
    &names::PARAMETER_SLASH,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[matching::check, star::check, names::check];

/// Whether a statement allows named actions on named resources, or on `*`.
fn is_plain(statement: &StatementContext<'_>) -> bool {
    statement.allows() && !statement.has_not_action() && !statement.has_not_resource()
}

/// Whether some of its actions cannot be listed.
fn has_unlisted_action(statement: &StatementContext<'_>) -> bool {
    !statement.names_known_actions_only() || statement.actions.iter().any(|entry| entry.reach == Reach::Every)
}

/// Whether the resource part of a name has a form that names of its service have. Where it has none, that is said, and nothing
/// about what does not match.
fn has_known_form(arn: &Arn<'_>) -> bool {
    let formats = formats::of_service(arn.service.text);
    formats.is_empty()
        || arn.resource.pattern.starts_with_wildcard()
        || formats.iter().any(|format| format.has_resource(arn))
}

/// A few names of resources to be filled in for actions, as part of a sentence.
fn examples(actions: impl IntoIterator<Item = Action<'static>>) -> String {
    const SHOWN: usize = 3;
    let all = templates::of_actions(actions);
    let shown: Vec<String> = all.iter().take(SHOWN).map(|template| format!("`{template}`")).collect();
    let more = if all.len() > SHOWN { format!(" and {} more", all.len() - SHOWN) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
