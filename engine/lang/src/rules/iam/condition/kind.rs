//! IAM109 and IAM110: operators, and the types of the keys under them.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::key::{Key, KeyKind};
use crate::iam::policy::{Block, Family, Fit, Operator};
use crate::model::list_words;
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports an operator for another type of values than the condition key has.
    ///
    /// ## Why it matters
    /// IAM cannot compare the two, and the test does not hold.
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
    ///         aws:SecureTransport: 'true'
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
    ///       Bool:
    ///         aws:SecureTransport: 'true'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    OPERATOR_TYPE = "IAM109", "Operator that does not fit the key", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports an operator for text on a key that holds an ARN, and one for ARNs on a key that holds text.
    ///
    /// ## Why it matters
    /// It works, but compares differently: an operator for ARNs looks at each of the six fields by itself, so that a `*` does
    /// not reach over a colon.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringLike:
    ///         aws:PrincipalArn: arn:aws:iam::*:role/reporting-*
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
    ///       ArnLike:
    ///         aws:PrincipalArn: arn:aws:iam::*:role/reporting-*
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    STRING_AND_ARN = "IAM110", "Text compared with a name of a resource", Hint, fix: Unsafe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for block in &condition.statement.statement.condition {
        let Some(operator) = block.operator else { continue };
        let under = condition.asked.iter().filter(|asked| std::ptr::eq(asked.block, block));
        let fits: Vec<_> = under.filter_map(|asked| Some((asked, asked.key?, operator.fit(asked.key?)))).collect();
        for wrong in [Fit::None, Fit::Loose] {
            let found: Vec<_> =
                fits.iter().filter(|(.., fit)| *fit == wrong).map(|(asked, key, _)| (*asked, *key)).collect();
            if !found.is_empty() {
                acc.push(misfit(condition, block, operator, wrong, &found));
            }
        }
    }
}

fn misfit<'a>(
    condition: &Condition<'_, 'a>,
    block: &Block<'a>,
    operator: Operator,
    fit: Fit,
    found: &[(&Asked<'a>, Key<'static>)],
) -> Diagnostic {
    let ctx = condition.ctx;
    let keys: Vec<String> = found.iter().map(|(asked, _)| format!("`{}`", asked.test.key)).collect();
    let keys = keys.join(", ");
    let mut kinds: Vec<&str> = found.iter().map(|(_, key)| holds(key.kind())).collect();
    kinds.dedup();
    let kinds = list_words(kinds.into_iter().map(str::to_owned));
    let name = match found {
        _ if found.len() < block.tests.len() => None,
        [(_, first), rest @ ..] if rest.iter().all(|(_, key)| key.kind() == first.kind()) => {
            counterpart(operator, first.kind()).map(|name| operator.with_name(name))
        }
        _ => None,
    };
    let (rule, consequence) = match fit {
        Fit::Loose if operator.family == Family::Arn => {
            (&STRING_AND_ARN, "It works, but is compared field by field, as ARNs are.")
        }
        Fit::Loose => (&STRING_AND_ARN, "It works, but a `*` reaches over the colons between the fields."),
        Fit::Exact | Fit::None => (&OPERATOR_TYPE, "IAM cannot compare the two."),
    };
    let advice = name.as_deref().map_or(String::new(), |name| format!(" Use `{name}`."));
    let message = format!(
        "`{}` compares {}, and {keys} holds {kinds}. {consequence}{advice}",
        block.name,
        compares(operator.family)
    );
    let fix = name.and_then(|name| edits::suggestion(format!("Rename to `{name}`"), condition.renamed(block, &name)));
    ctx.report(rule, ctx.key(block.value), message).fix(fix)
}

/// The operator that asks for the same of values of another type.
fn counterpart(operator: Operator, kind: KeyKind) -> Option<&'static str> {
    let bound = ["LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
        .iter()
        .position(|bound| operator.name.ends_with(bound));
    let by_bound = |names: [&'static str; 4], equals: [&'static str; 2]| match bound {
        Some(bound) => Some(names[bound]),
        None => Some(equals[usize::from(operator.negated)]),
    };
    if bound.is_some() && !matches!(kind, KeyKind::Numeric | KeyKind::Date) {
        return None;
    }
    match (kind, operator.takes_wildcards(), operator.negated) {
        (KeyKind::String, true, false) => Some("StringLike"),
        (KeyKind::String, true, true) => Some("StringNotLike"),
        (KeyKind::String, false, false) => Some("StringEquals"),
        (KeyKind::String, false, true) => Some("StringNotEquals"),
        (KeyKind::Arn, true, false) => Some("ArnLike"),
        (KeyKind::Arn, true, true) => Some("ArnNotLike"),
        (KeyKind::Arn, false, false) => Some("ArnEquals"),
        (KeyKind::Arn, false, true) => Some("ArnNotEquals"),
        (KeyKind::Ip, _, false) => Some("IpAddress"),
        (KeyKind::Ip, _, true) => Some("NotIpAddress"),
        (KeyKind::Bool, _, false) => Some("Bool"),
        (KeyKind::Binary, _, false) => Some("BinaryEquals"),
        (KeyKind::Bool | KeyKind::Binary, _, true) => None,
        (KeyKind::Numeric, ..) => by_bound(
            ["NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"],
            ["NumericEquals", "NumericNotEquals"],
        ),
        (KeyKind::Date, ..) => by_bound(
            ["DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
            ["DateEquals", "DateNotEquals"],
        ),
    }
}

fn compares(family: Family) -> &'static str {
    match family {
        Family::String => "text",
        Family::Numeric => "numbers",
        Family::Date => "dates",
        Family::Bool => "booleans",
        Family::Binary => "bytes",
        Family::Ip => "addresses",
        Family::Arn => "ARNs",
        Family::Null => "nothing",
    }
}

fn holds(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::String => "text",
        KeyKind::Arn => "an ARN",
        KeyKind::Bool => "a boolean",
        KeyKind::Numeric => "a number",
        KeyKind::Date => "a date",
        KeyKind::Ip => "an address",
        KeyKind::Binary => "bytes",
    }
}
