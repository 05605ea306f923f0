//! IAM134: values that add nothing to the others.

use std::cmp::Ordering;

use super::{Asked, Condition, address, date, value};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::Arn;
use crate::iam::policy::{Family, Text};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports a value of a test that adds nothing to the others: a repetition, a narrower bound, pattern or range.
    ///
    /// ## Why it matters
    /// It makes the policy longer, and changes nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringLike:
    ///         s3:prefix: [daily/*, daily/2026/*]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringLike:
    ///         s3:prefix: [daily/*]
    /// ```
    ///
    /// ## Source
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    VALUE_COVERED = "IAM134", "Value that another one covers", Hint, fix: Safe
}

/// Values are compared with each other up to so many characters, which takes time that grows with their square; of those
/// behind them only equal ones are found.
const MOST_CHARACTERS: usize = 2048;

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in condition.asked.iter().filter(|asked| asked.test.values.len() > 1) {
        match asked.operator.family {
            // That there are several is reported.
            Family::Bool | Family::Null => {}
            Family::Numeric | Family::Date if is_bound(asked) => acc.extend(narrower_bounds(condition, asked)),
            _ => covered_values(condition, asked, acc),
        }
    }
}

fn is_bound(asked: &Asked<'_>) -> bool {
    asked.operator.name.contains("Than")
}

fn narrower_bounds<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    let (ctx, values) = (condition.ctx, &asked.test.values);
    if asked.literals().count() < values.len() {
        return None;
    }
    let texts = || values.iter().map(|value| value.text.text);
    let wants_greatest = asked.operator.name.contains("Less");
    let widest = if asked.operator.family == Family::Date {
        widest(&texts().map(date::moment).collect::<Option<Vec<_>>>()?, wants_greatest)?
    } else {
        widest(&texts().map(value::number).collect::<Option<Vec<_>>>()?, wants_greatest)?
    };
    let message = format!(
        "Of the values of `{}` under `{}`, `{}` covers the others. Leave them out.",
        asked.test.key, asked.block.name, values[widest].text.text
    );
    let kept = values[widest].text.value;
    let source = ctx.document.source().slice(ctx.document.tree().node(kept.node()).range);
    let edits = edits::rewrite(ctx, asked.test.value, source).filter(|_| kept.is_written_here());
    let fix = edits::safe(format!("Keep `{}` only", values[widest].text.text), edits);
    Some(ctx.report(&VALUE_COVERED, ctx.key(asked.test.value), message).unnecessary().fix(fix))
}

fn widest<T: PartialOrd>(values: &[T], wants_greatest: bool) -> Option<usize> {
    let wider = if wants_greatest { Ordering::Greater } else { Ordering::Less };
    (0..values.len()).reduce(|best, at| if values[at].partial_cmp(&values[best]) == Some(wider) { at } else { best })
}

fn covered_values<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, acc: &mut Vec<Diagnostic>) {
    let ctx = condition.ctx;
    let texts: Vec<&Text<'a>> = asked.test.values.iter().map(|value| &value.text).collect();
    let compared = within_limit(&texts);
    let covers = relation(asked, &texts[..compared]);
    let mut seen = std::collections::HashMap::new();
    for (at, text) in texts.iter().enumerate() {
        let first = *seen.entry(text.text).or_insert(at);
        let covering = if first < at {
            Some(first)
        } else {
            let mut others = (0..compared).filter(|other| at < compared && *other != at);
            // Of two that mean the same, the first stays.
            others.find(|other| covers(*other, at) && (*other < at || !covers(at, *other)))
        };
        let Some(covering) = covering else { continue };
        let why = if covering == first {
            "stands here twice".to_owned()
        } else {
            format!("is covered by `{}`", texts[covering].text)
        };
        let message = format!("`{}` {why}, and adds nothing. Remove it.", text.text);
        let fix = edits::safe(format!("Remove `{}`", text.text), edits::remove(ctx, text.value));
        acc.push(
            ctx.report(&VALUE_COVERED, ctx.at(text.value), message)
                .related(ctx.at(texts[covering].value).range, "This covers it.")
                .unnecessary()
                .fix(fix),
        );
    }
}

/// How many of the first values are compared with each other.
fn within_limit(texts: &[&Text<'_>]) -> usize {
    let mut characters = 0;
    let fits = |text: &&&Text<'_>| {
        characters += text.text.len();
        characters <= MOST_CHARACTERS
    };
    texts.iter().take_while(fits).count()
}

/// Whether one value covers another, by their places.
fn relation<'t>(asked: &Asked<'_>, texts: &'t [&Text<'_>]) -> Box<dyn Fn(usize, usize) -> bool + 't> {
    match asked.operator.family {
        Family::Ip => {
            let ranges: Vec<_> = texts.iter().map(|text| address::range(text.text)).collect();
            Box::new(move |one, other| match (ranges[one], ranges[other]) {
                (Some(one), Some(other)) => one.contains(&other),
                _ => false,
            })
        }
        Family::Arn => {
            let arns: Vec<_> = texts.iter().map(|text| Arn::split(text.text).ok()).collect();
            Box::new(move |one, other| match (&arns[one], &arns[other]) {
                (Some(one), Some(other)) => covers_fields(one, other),
                _ => false,
            })
        }
        Family::String if asked.operator.takes_wildcards() => {
            let patterns: Vec<_> = texts.iter().map(|text| text.pattern()).collect();
            Box::new(move |one, other| patterns[one].has_wildcard() && patterns[one].covers(&patterns[other]))
        }
        Family::String if asked.operator.name.ends_with("IgnoreCase") => {
            Box::new(|one, other| texts[one].text.eq_ignore_ascii_case(texts[other].text))
        }
        Family::Numeric => {
            let numbers: Vec<_> = texts.iter().map(|text| value::number(text.text)).collect();
            Box::new(move |one, other| numbers[one].is_some() && numbers[one] == numbers[other])
        }
        Family::Date => {
            let moments: Vec<_> = texts.iter().map(|text| date::moment(text.text)).collect();
            Box::new(move |one, other| moments[one].is_some() && moments[one] == moments[other])
        }
        Family::String | Family::Bool | Family::Binary | Family::Null => Box::new(|_, _| false),
    }
}

/// Wildcards do not reach over the colons between the fields.
fn covers_fields(one: &Arn<'_>, other: &Arn<'_>) -> bool {
    one.partition.pattern.covers(&other.partition.pattern)
        && one.service.pattern.covers(&other.service.pattern)
        && one.region.pattern.covers(&other.region.pattern)
        && one.account.pattern.covers(&other.account.pattern)
        && one.resource.pattern.covers(&other.resource.pattern)
}
