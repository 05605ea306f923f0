//! What is said twice, and what is said in vain.

mod denial;
mod entries;
mod statements;

pub(super) use denial::mark_taken_back;
pub(super) use statements::{Mergeable, mergeable};

use super::{PolicyCheck, PolicyContext};
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::glob::{Pattern, covers_ignoring_case, matches_ignoring_case};
use crate::iam::variables;
use crate::text::TextEdit;

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &entries::ACTION_REPEATED,
    &entries::ACTION_COVERED,
    &entries::RESOURCE_REPEATED,
    &entries::RESOURCE_COVERED,
    &statements::STATEMENT_REPEATED,
    &statements::STATEMENT_COVERED,
    &denial::ALLOW_CANCELLED,
    &denial::DENY_OF_NOTHING,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[entries::check, statements::check, denial::check];

/// Removes all that was found to be said twice, or to be covered by something else.
pub(super) fn removals(ctx: &PolicyContext<'_>, found: &[Diagnostic]) -> Option<Vec<TextEdit>> {
    let policy = ctx.policy.value.path();
    let here = |finding: &&Diagnostic| is_needless(finding.rule) && finding.path.starts_with(&*policy);
    let mut all: Vec<TextEdit> = Vec::new();
    for fix in found.iter().filter(here).flat_map(|finding| &finding.fixes) {
        let is_apart = |new: &TextEdit| {
            all.iter().all(|old| new.range.end() < old.range.start() || old.range.end() < new.range.start())
        };
        // What touches an earlier one is left to the next time.
        if fix.edits.iter().all(is_apart) {
            all.extend(fix.edits.iter().cloned());
        }
    }
    all.sort_by_key(|edit| edit.range.start());
    (!all.is_empty()).then_some(all)
}

/// Whether a rule is about what changes nothing.
fn is_needless(rule: &Rule) -> bool {
    RULES.iter().take_while(|own| own.code != denial::ALLOW_CANCELLED.code).any(|own| own.code == rule.code)
}

const WILDCARDS: [char; 2] = ['*', '?'];

/// Whether one action or pattern of actions takes in all of another one.
pub(super) fn action_covers(pattern: &str, action: &str) -> bool {
    let Some(fixed) = pattern.find(WILDCARDS) else { return pattern.eq_ignore_ascii_case(action) };
    // Most patterns are of other services, which their beginning tells.
    let begins_alike = action.get(..fixed).is_some_and(|start| start.eq_ignore_ascii_case(&pattern[..fixed]));
    begins_alike
        && if action.contains(WILDCARDS) {
            covers_ignoring_case(pattern, action)
        } else {
            matches_ignoring_case(pattern, action)
        }
}

/// Whether one resource or pattern of resources takes in all of another one.
fn resource_covers(pattern: &str, resource: &str) -> bool {
    let Some(fixed) = pattern.find(WILDCARDS) else { return pattern == resource };
    resource.starts_with(&pattern[..fixed]) && variables::pattern(pattern).covers(&variables::pattern(resource))
}

/// Whether two actions or patterns of actions have one in common.
fn actions_overlap(a: &str, b: &str) -> bool {
    match (a.contains(WILDCARDS), b.contains(WILDCARDS)) {
        (_, false) => matches_ignoring_case(a, b),
        (false, true) => matches_ignoring_case(b, a),
        (true, true) => Pattern::ignoring_case(a).overlaps(&Pattern::ignoring_case(b)),
    }
}
