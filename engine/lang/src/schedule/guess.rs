//! What a schedule that EventBridge refuses is probably meant to be.

use super::cron::Field;
use super::parse::checked;
use super::{Rate, Unit};

/// The schedule that a text without `rate(…)` or `cron(…)` means: bare fields, `every 5 min`, `@daily`.
pub(super) fn schedule(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    match &*lower {
        "@yearly" | "@annually" => return Some("cron(0 0 1 1 ? *)".to_owned()),
        "@monthly" => return Some("cron(0 0 1 * ? *)".to_owned()),
        "@weekly" => return Some("cron(0 0 ? * SUN *)".to_owned()),
        "@daily" | "@midnight" => return Some("cron(0 0 * * ? *)".to_owned()),
        "@hourly" => return Some("cron(0 * * * ? *)".to_owned()),
        _ => {}
    }
    let spoken = lower.strip_prefix("every ").or_else(|| lower.strip_prefix("@every ")).unwrap_or(&lower);
    rate(spoken).or_else(|| match text.split_whitespace().count() {
        5 => from_unix(text),
        6 => checked(format!("cron({text})")),
        _ => None,
    })
}

/// The rate that a value and a unit mean, however the unit is written: `5 min`, `5m`, `hour`, `2 weeks`.
pub(super) fn rate(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (value, unit) = text.split_at(digits);
    let value: u32 = if value.is_empty() { 1 } else { value.parse().ok()? };
    let (factor, unit) = match unit.trim().to_ascii_lowercase().as_str() {
        "minute" | "minutes" | "min" | "mins" | "m" | "minutess" => (1, Unit::Minute),
        "hour" | "hours" | "hr" | "hrs" | "h" => (1, Unit::Hour),
        "day" | "days" | "d" => (1, Unit::Day),
        "week" | "weeks" | "w" => (7, Unit::Day),
        "second" | "seconds" | "sec" | "secs" | "s" if value.is_multiple_of(60) => {
            return (value > 0).then(|| Rate { value: value / 60, unit: Unit::Minute }.to_string());
        }
        _ => return None,
    };
    let value = value.checked_mul(factor).filter(|value| *value > 0)?;
    Some(Rate { value, unit }.to_string())
}

/// The cron expression that means the same as the five fields of Unix. There is none when both days are restricted:
/// Unix then runs on either.
pub(super) fn from_unix(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minutes, hours, day_of_month, month, day_of_week] = fields[..] else { return None };
    let (day_of_month, day_of_week) = match (day_of_month, day_of_week) {
        (_, "*") => (day_of_month, "?".to_owned()),
        ("*", _) => ("?", day_of_week.split(',').map(weekdays).collect::<Option<Vec<_>>>()?.join(",")),
        _ => return None,
    };
    checked(format!("cron({minutes} {hours} {day_of_month} {month} {day_of_week} *)"))
}

/// Days of the week by their names: Unix counts from 0 for Sunday, and 7 is Sunday too.
fn weekdays(item: &str) -> Option<String> {
    let names = Field::DayOfWeek.names();
    let number = |text: &str| match text.parse::<usize>() {
        Ok(number) if number <= 7 => Some(number),
        Ok(_) => None,
        Err(_) => names.iter().position(|name| name.eq_ignore_ascii_case(text)),
    };
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
        None => (item, 1),
    };
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None if range == "*" => (0, 6),
        None => (number(range)?, number(range)?),
    };
    if first > last {
        return None;
    }
    if step == 1 && first < last && last < 7 {
        return Some(format!("{}-{}", names[first], names[last]));
    }
    Some((first..=last).step_by(step).map(|day| names[day % 7]).collect::<Vec<_>>().join(","))
}
