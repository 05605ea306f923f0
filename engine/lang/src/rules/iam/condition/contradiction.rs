//! IAM138: tests that exclude each other.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Family, Text};

declare_rule! {
    /// ## What it does
    /// Reports two tests of a condition that exclude each other: the same key equal and not equal to the same values, or
    /// absent and held against a value.
    ///
    /// ## Why it matters
    /// All tests of a condition have to hold, so that the statement never applies.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:PrincipalTag/team: api
    ///       StringNotEquals:
    ///         aws:PrincipalTag/team: [api, web]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:PrincipalTag/team: api
    /// ```
    ///
    /// ## Source
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    NEVER_TRUE = "IAM138", "Condition that cannot hold", Warning, fix: None
}

/// Conditions with more characters in their tests are left alone: the time that comparing takes grows with their square.
const MOST_CHARACTERS: usize = 6144;

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    let ctx = condition.ctx;
    let tests = &condition.asked;
    let length = |asked: &Asked<'_>| {
        asked.test.key.len() + asked.test.values.iter().map(|value| value.text.text.len()).sum::<usize>()
    };
    if tests.iter().map(length).sum::<usize>() > MOST_CHARACTERS {
        return;
    }
    for (at, later) in tests.iter().enumerate() {
        let excluded = |earlier: &&Asked<'_>| {
            earlier.is_one_of(&[later.test.key]) && (excludes(earlier, later) || excludes(later, earlier))
        };
        let Some(earlier) = tests[..at].iter().find(excluded) else { continue };
        let message = format!(
            "`{}` under `{}` and under `{}` exclude each other, so that the condition never holds. Change one of the two tests.",
            later.test.key, earlier.block.name, later.block.name
        );
        acc.push(
            ctx.report(&NEVER_TRUE, ctx.key(later.test.value), message)
                .related(ctx.key(earlier.test.value).range, "This is the other test."),
        );
    }
}

/// Whether no request passes both: the first asks for one of some values, and the second for none of them, or for no value.
fn excludes(wants: &Asked<'_>, refuses: &Asked<'_>) -> bool {
    if wants.operator.holds_when_absent() || wants.test.values.is_empty() {
        return false;
    }
    if refuses.operator.family == Family::Null {
        let values = &refuses.test.values;
        return refuses.operator.qualifier.is_none()
            && !values.is_empty()
            && values.iter().all(|value| value.text.text.eq_ignore_ascii_case("true"));
    }
    let is_plain = wants.operator.qualifier.is_none() && refuses.operator.qualifier.is_none();
    let (family, counts_case) = (wants.operator.family, !refuses.operator.name.ends_with("IgnoreCase"));
    // Numbers and dates are equal to some value only under their `Equals`.
    let is_equality = !wants.operator.name.contains("Than") && family == refuses.operator.family;
    if !is_plain || !is_equality || !refuses.operator.negated {
        return false;
    }
    if counts_case && wants.operator.name.ends_with("IgnoreCase") {
        return false;
    }
    let takes_wildcards = refuses.operator.takes_wildcards();
    let is_refused = |wanted: &Text<'_>| {
        let is_pattern = wants.operator.takes_wildcards() && wanted.pattern().has_wildcard();
        let mut values = refuses.test.values.iter().map(|value| &value.text);
        (takes_wildcards || !is_pattern)
            && values.any(|refused| {
                refused.text == wanted.text
                    || !counts_case && refused.text.eq_ignore_ascii_case(wanted.text)
                    || takes_wildcards && family == Family::String && refused.pattern().covers(&wanted.pattern())
            })
    };
    wants.test.values.iter().all(|value| is_refused(&value.text))
}
