//! IAM113 and IAM137: dates as values.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};

use super::Condition;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Family, Text};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports a value of an operator for dates that is neither a date of ISO 8601 nor a number of seconds.
    ///
    /// ## Why it matters
    /// IAM refuses the policy.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       DateLessThan:
    ///         aws:CurrentTime: 31/12/2026
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
    ///       DateLessThan:
    ///         aws:CurrentTime: '2026-12-31'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    DATE_VALUE = "IAM113", "Value that is no date", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a number of seconds since 1970 as the value of an operator for dates.
    ///
    /// ## Why it matters
    /// IAM takes it, but people cannot read it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       DateLessThan:
    ///         aws:CurrentTime: '1798675200'
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
    ///       DateLessThan:
    ///         aws:CurrentTime: '2026-12-31T00:00:00Z'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    EPOCH_DATE = "IAM137", "Date in seconds", Hint, fix: Safe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in condition.asked.iter().filter(|asked| asked.operator.family == Family::Date) {
        acc.extend(asked.literals().filter_map(|value| look_at(condition, &value.text)));
    }
}

fn look_at<'a>(condition: &Condition<'_, 'a>, value: &Text<'a>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text);
    if iso(written).is_some() {
        return None;
    }
    if is_seconds(written) {
        let date = seconds(written).map(|moment| moment.to_string());
        let meant = date.as_deref().map_or(String::new(), |date| format!(" It is {date}, which can be written so."));
        let message = format!("`{written}` is a number of seconds since 1970, which people cannot read.{meant}");
        let fix = date.and_then(|date| edits::safe(format!("Write `{date}`"), edits::replace(ctx, value.value, &date)));
        return Some(ctx.report(&EPOCH_DATE, ctx.at(value.value), message).fix(fix));
    }
    let message = format!(
        "`{written}` is no date, and IAM refuses the policy. Write it like `2026-12-31` or `2026-12-31T23:59:59Z`."
    );
    let finding = ctx.report(&DATE_VALUE, ctx.at(value.value), message);
    Some(in_other_orders(written).iter().fold(finding, |finding, date| {
        finding.fix(edits::suggestion(format!("Write `{date}`"), edits::replace(ctx, value.value, &date.to_string())))
    }))
}

/// The moment that a value stands for.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    iso(text).or_else(|| seconds(text))
}

/// Reads a date of ISO 8601, of which time, day and month may be left out. Without an offset, it is in UTC.
fn iso(text: &str) -> Option<Timestamp> {
    let is_taken = |byte: u8| byte.is_ascii_digit() || b"-+:.TtZz".contains(&byte);
    if !text.bytes().all(is_taken) {
        return None;
    }
    let is_number = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let full = match text.split_once('-') {
        None if is_number(text, 4) => format!("{text}-01-01"),
        // Digits alone are seconds.
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        Some((year, month)) if is_number(year, 4) && is_number(month, 2) => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let local = || Offset::UTC.to_timestamp(full.parse::<DateTime>().ok()?).ok();
    full.parse().ok().or_else(local)
}

fn is_seconds(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.parse().ok().filter(|_| is_seconds(text))?).ok()
}

/// What a date may mean that has its parts in another order, or other signs between them.
fn in_other_orders(text: &str) -> Vec<Date> {
    let parts: Option<Vec<i16>> = text.split(['/', '.', '-']).map(|part| part.parse().ok()).collect();
    let Some([first, second, third]) = parts.as_deref().and_then(|parts| parts.first_chunk()) else {
        return Vec::new();
    };
    let date = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|_| year >= 1000)
    };
    let orders = [(first, second, third), (third, second, first), (third, first, second)];
    let mut dates: Vec<Date> = orders.into_iter().filter_map(|(year, month, day)| date(*year, *month, *day)).collect();
    dates.dedup();
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_seconds_and_from_the_rest() {
        for (text, expected) in [
            ("2026", Some("2026-01-01T00:00:00Z")),
            ("2026-12", Some("2026-12-01T00:00:00Z")),
            ("2026-12-31", Some("2026-12-31T00:00:00Z")),
            ("2026-12-31T23:59", Some("2026-12-31T23:59:00Z")),
            ("2026-12-31T23:59Z", Some("2026-12-31T23:59:00Z")),
            ("2026-12-31T23:59:59.5+02:00", Some("2026-12-31T21:59:59.5Z")),
            ("1798675200", Some("2026-12-31T00:00:00Z")),
            ("-1", Some("1969-12-31T23:59:59Z")),
            ("2026-02-30", None),
            ("2026-13", None),
            ("2026-12-31T25:00Z", None),
            ("2026-12-31[Europe/Berlin]", None),
            ("31/12/2026", None),
            ("", None),
            ("tomorrow", None),
        ] {
            assert_eq!(moment(text).map(|moment| moment.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn other_orders_are_understood() {
        for (text, expected) in [
            ("31/12/2026", &["2026-12-31"][..]),
            ("12/31/2026", &["2026-12-31"]),
            ("02.01.2026", &["2026-01-02", "2026-02-01"]),
            ("01/01/2026", &["2026-01-01"]),
            ("2026/12/31", &["2026-12-31"]),
            ("31/12", &[]),
            ("99/99/2026", &[]),
        ] {
            let found: Vec<String> = in_other_orders(text).iter().map(Date::to_string).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
