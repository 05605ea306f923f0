//! From the text of a schedule to its meaning.

use std::fmt;

use super::cron::{Cron, Days, Field, Item};
use super::{Rate, Schedule, Unit, guess};
use crate::text::{TextRange, TextSize};

/// Characters of a schedule that EventBridge takes.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>
pub const MAX_LENGTH: usize = 256;

/// Why EventBridge refuses a schedule. Its text is one or two whole sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleError {
    /// The kind.
    pub fault: Fault,
    /// The narrowest stretch of the schedule's text that shows it.
    pub range: TextRange,
    /// The whole schedule as it is probably meant, where that is clear.
    pub replacement: Option<String>,
    message: String,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is neither `rate(…)` nor `cron(…)`.
    Form(FormFault),
    /// It is `at(…)`, which rules do not have.
    OneTime,
    /// The value or the unit of a rate.
    Rate(RateFault),
    /// The fields of a cron expression.
    Cron(CronFault),
}

/// What is wrong with the outer form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// It begins with neither word.
    Unknown,
    /// The word is not in lower case.
    Case,
    /// The last character is not `)`.
    Unclosed,
    /// There are blanks before or after it.
    Blanks,
    /// It is longer than [`MAX_LENGTH`].
    Length,
}

/// What is wrong with a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateFault {
    /// It is not a value, one blank and a unit.
    Form,
    /// The value is not a whole number from 1 on.
    Value,
    /// The unit is not one of minute, hour and day.
    Unit,
    /// The unit's number does not fit the value: `1 minutes`, `5 minute`.
    Number,
}

/// What is wrong with a cron expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CronFault {
    /// It has so many fields, and not six.
    Count(usize),
    /// It has the five fields of Unix.
    Unix,
    /// A field has a value that is none of its.
    Value(Field),
    /// A value lies outside the field's range.
    Range(Field),
    /// A step is not a whole number from 1 up to the field's greatest value.
    Step(Field),
    /// A field has `?`, `L`, `W` or `#` where it may not stand.
    Special(Field),
    /// Both fields for days say something.
    BothDays,
    /// Neither field for days says something.
    NoDay,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ScheduleError {}

pub(super) fn parse(text: &str) -> Result<Schedule, ScheduleError> {
    let whole = Piece { text, start: 0 };
    if text.chars().count() > MAX_LENGTH {
        let message = format!("A schedule has at most {MAX_LENGTH} characters, and this one has more.");
        return Err(whole.error(Fault::Form(FormFault::Length), message));
    }
    let inner = whole.trim();
    let schedule = bare(inner)?;
    if inner.text.len() == text.len() {
        return Ok(schedule);
    }
    let around = if inner.start > 0 { whole.part(0, inner.start) } else { whole.part(inner.text.len(), text.len()) };
    let message = "EventBridge does not take blanks before or after a schedule. Remove them.";
    Err(around.error(Fault::Form(FormFault::Blanks), message).or(inner.text.to_owned()))
}

/// A stretch of the schedule's text.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    start: usize,
}

impl Piece<'_> {
    fn error(self, fault: Fault, message: impl Into<String>) -> ScheduleError {
        let range = TextRange::at(TextSize::new(self.start as u32), TextSize::of(self.text));
        ScheduleError { fault, range, replacement: None, message: message.into() }
    }

    /// The part between two offsets, which lie between characters.
    fn part(self, start: usize, end: usize) -> Self {
        Self { text: &self.text[start..end], start: self.start + start }
    }

    fn trim(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.part(start, start + self.text.trim().len())
    }

    fn split(self, is_separator: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (at, separator) in self.text.match_indices(is_separator) {
            parts.push(self.part(start, at));
            start = at + separator.len();
        }
        parts.push(self.part(start, self.text.len()));
        parts
    }

    fn words(self) -> Vec<Self> {
        self.split(|character| character.is_ascii_whitespace())
            .into_iter()
            .filter(|part| !part.text.is_empty())
            .collect()
    }

    fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        Some((self.part(0, at), self.part(at + separator.len_utf8(), self.text.len())))
    }
}

impl ScheduleError {
    fn or(self, replacement: impl Into<Option<String>>) -> Self {
        Self { replacement: replacement.into(), ..self }
    }
}

/// A replacement, if it is a schedule.
pub(super) fn checked(text: String) -> Option<String> {
    bare(Piece { text: &text, start: 0 }).is_ok().then_some(text)
}

fn bare(text: Piece<'_>) -> Result<Schedule, ScheduleError> {
    let Some((word, rest)) = text.split_once('(') else {
        return Err(unknown(text));
    };
    let lower = word.text.to_ascii_lowercase();
    if !matches!(&*lower, "rate" | "cron" | "at") {
        return Err(unknown(text));
    }
    if lower == "at" {
        let message = "Rules of EventBridge have no one-time schedules: `at(…)` belongs to EventBridge Scheduler. Write \
                       `rate(…)` or `cron(…)`; a cron expression can name a single day and year.";
        return Err(word.error(Fault::OneTime, message));
    }
    let Some(inner) = rest.text.strip_suffix(')') else {
        let end = rest.text.find(')').map_or(rest.text.len(), |at| at + 1);
        let surplus = rest.part(end, rest.text.len());
        let (place, message) = if surplus.text.is_empty() {
            (text.part(text.text.len(), text.text.len()), "The schedule lacks its closing `)`.")
        } else {
            (surplus, "A schedule ends with its `)`. Remove what follows.")
        };
        let closed = format!("{lower}({})", rest.text[..end].trim_end_matches(')'));
        return Err(place.error(Fault::Form(FormFault::Unclosed), message).or(checked(closed)));
    };
    if lower != word.text {
        let message = format!("EventBridge takes this word in lower case only. Write `{lower}`.");
        let inner = if lower == "rate" { inner.to_ascii_lowercase() } else { inner.to_owned() };
        return Err(word.error(Fault::Form(FormFault::Case), message).or(checked(format!("{lower}({inner})"))));
    }
    let inner = rest.part(0, inner.len());
    if lower == "rate" { rate(inner).map(Schedule::Rate) } else { cron(inner).map(Schedule::Cron) }
}

fn unknown(text: Piece<'_>) -> ScheduleError {
    let message = "A schedule is `rate(…)`, such as `rate(5 minutes)`, or `cron(…)`, such as `cron(0 9 * * ? *)`.";
    text.error(Fault::Form(FormFault::Unknown), message).or(guess::schedule(text.text))
}

fn rate(inner: Piece<'_>) -> Result<Rate, ScheduleError> {
    let words = inner.words();
    let [value, unit] = words[..] else {
        let message = "A rate is a whole number, one blank and a unit: `rate(5 minutes)`.";
        return Err(inner.error(Fault::Rate(RateFault::Form), message).or(guess::rate(inner.text)));
    };
    let number = match value.text.parse::<u32>() {
        Ok(number) if number > 0 && value.text.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => {
            let message = format!("The value of a rate is a whole number from 1 to {}.", u32::MAX);
            return Err(value.error(Fault::Rate(RateFault::Value), message));
        }
    };
    let singular = unit.text.strip_suffix('s').unwrap_or(unit.text);
    let Some(known) = Unit::ALL.into_iter().find(|unit| unit.name() == singular) else {
        let message = "The unit of a rate is `minute`, `hour` or `day`, with an `s` behind a value above 1.";
        let replacement = guess::rate(&format!("{number} {}", unit.text));
        return Err(unit.error(Fault::Rate(RateFault::Unit), message).or(replacement));
    };
    let rate = Rate { value: number, unit: known };
    let written = rate.to_string();
    if unit.text != rate.unit_text() {
        let message = if number == 1 {
            format!("Behind 1 the unit has no `s`. Write `{}`.", known.name())
        } else {
            format!("Behind a value above 1 the unit has an `s`. Write `{}s`.", known.name())
        };
        return Err(unit.error(Fault::Rate(RateFault::Number), message).or(written));
    }
    if inner.text != format!("{} {}", value.text, unit.text) {
        let message = "EventBridge takes one blank between value and unit, and none around them.";
        return Err(inner.error(Fault::Rate(RateFault::Form), message).or(written));
    }
    Ok(rate)
}

fn cron(inner: Piece<'_>) -> Result<Cron, ScheduleError> {
    let words = inner.words();
    let [minutes, hours, day_of_month, month, day_of_week, year] = words[..] else {
        return Err(wrong_count(inner, words.len()));
    };
    let minutes = items(minutes, Field::Minutes)?;
    let hours = items(hours, Field::Hours)?;
    let of_month = days_of_month(day_of_month)?;
    let months = items(month, Field::Month)?;
    let of_week = days_of_week(day_of_week)?;
    let years = items(year, Field::Year)?;
    let between = TextRange::new(
        TextSize::new(day_of_month.start as u32),
        TextSize::new((day_of_week.start + day_of_week.text.len()) as u32),
    );
    let with_days = |day_of_month: &str, day_of_week: &str| {
        let mut fields = words.iter().map(|word| word.text).collect::<Vec<_>>();
        (fields[2], fields[4]) = (day_of_month, day_of_week);
        format!("cron({})", fields.join(" "))
    };
    let days = match (of_month, of_week) {
        (Some(days), None) | (None, Some(days)) => days,
        (None, None) => {
            let message =
                "One of the two fields for days must say something: `?` in both leaves no day. Write `*` in one.";
            let error = inner.error(Fault::Cron(CronFault::NoDay), message);
            return Err(ScheduleError { range: between, ..error }.or(with_days("*", "?")));
        }
        (Some(_), Some(_)) => {
            let message = "EventBridge looks at one of the two fields for days: the day of the month (third) or the day of \
                           the week (fifth). Write `?` in the other.";
            let replacement = match (day_of_month.text, day_of_week.text) {
                (_, "*") => Some(with_days(day_of_month.text, "?")),
                ("*", _) => Some(with_days("?", day_of_week.text)),
                _ => None,
            };
            let error = inner.error(Fault::Cron(CronFault::BothDays), message);
            return Err(ScheduleError { range: between, ..error }.or(replacement));
        }
    };
    Ok(Cron { minutes, hours, days, months, years })
}

fn wrong_count(inner: Piece<'_>, count: usize) -> ScheduleError {
    let place = if inner.trim().text.is_empty() { inner } else { inner.trim() };
    let has_question_mark = inner.words().iter().any(|word| word.text == "?");
    if count == 5 && !has_question_mark {
        let message = "This is the cron of Unix, with five fields. EventBridge has six: minutes, hours, day of the month, \
                       month, day of the week and year, one of the two days being `?`, and its week begins with 1 for Sunday.";
        return place.error(Fault::Cron(CronFault::Unix), message).or(guess::from_unix(inner.text));
    }
    let replacement = match count {
        5 => checked(format!("cron({} *)", place.text)),
        // Other schedulers begin with seconds.
        7 => place.text.strip_prefix("0 ").and_then(|rest| checked(format!("cron({rest})"))),
        _ => None,
    };
    let message = format!(
        "A cron expression has six fields: minutes, hours, day of the month, month, day of the week and year. This one has {count}."
    );
    place.error(Fault::Cron(CronFault::Count(count)), message).or(replacement)
}

/// The days that the third field names; none for `?`.
fn days_of_month(field: Piece<'_>) -> Result<Option<Days>, ScheduleError> {
    let day = |text: Piece<'_>| number(text, Field::DayOfMonth);
    let upper = field.text.to_ascii_uppercase();
    Ok(Some(match &*upper {
        "?" => return Ok(None),
        "L" => Days::BeforeLast(0),
        "LW" => Days::LastWeekday,
        _ if upper.starts_with("L-") => {
            let distance = field.part(2, field.text.len());
            match distance.text.parse() {
                Ok(distance @ 1..=30) => Days::BeforeLast(distance),
                _ => return Err(out_of_range(distance, Field::DayOfMonth, (1, 30))),
            }
        }
        _ if upper.ends_with('W') && !upper.contains([',', '-', '/']) => {
            Days::NearestWeekday(day(field.part(0, field.text.len() - 1))?)
        }
        _ => Days::OfMonth(items(field, Field::DayOfMonth)?),
    }))
}

/// The days that the fifth field names; none for `?`.
fn days_of_week(field: Piece<'_>) -> Result<Option<Days>, ScheduleError> {
    let day = |text: Piece<'_>| number(text, Field::DayOfWeek);
    let upper = field.text.to_ascii_uppercase();
    Ok(Some(match &*upper {
        "?" => return Ok(None),
        // The last day of the week.
        "L" => Days::OfWeek(vec![Item { first: 7, last: 7, step: 1 }]),
        _ if upper.ends_with('L') && !upper.contains([',', '-', '/']) => {
            Days::LastOfWeek(day(field.part(0, field.text.len() - 1))?)
        }
        _ if upper.contains('#') && !upper.contains(',') => match field.split_once('#') {
            Some((weekday, nth)) => match nth.text.parse() {
                Ok(nth @ 1..=5) => Days::NthOfWeek(day(weekday)?, nth),
                _ => return Err(out_of_range(nth, Field::DayOfWeek, (1, 5))),
            },
            None => return Err(not_a_value(field, Field::DayOfWeek)),
        },
        _ => Days::OfWeek(items(field, Field::DayOfWeek)?),
    }))
}

fn items(field: Piece<'_>, kind: Field) -> Result<Vec<Item>, ScheduleError> {
    field.split(|character| character == ',').into_iter().map(|text| item(text, field, kind)).collect()
}

fn item(text: Piece<'_>, field: Piece<'_>, kind: Field) -> Result<Item, ScheduleError> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let all = kind.all();
    let values = if range.text == "*" || (range.text.is_empty() && step.is_some()) {
        all
    } else if let Some((first, last)) = range.split_once('-') {
        let (first, last) = (number(first, kind)?, number(last, kind)?);
        if kind == Field::Year && first > last {
            let message = format!("The years go backwards, from {first} to {last}. Write the earlier one first.");
            return Err(range.error(Fault::Cron(CronFault::Range(kind)), message));
        }
        Item { first, last, step: 1 }
    } else if let Some(special) = misplaced(range.text, kind) {
        return Err(special_error(text, field, special, kind));
    } else {
        let first = number(range, kind)?;
        Item { first, last: if step.is_some() { all.last } else { first }, step: 1 }
    };
    let Some(step) = step else { return Ok(values) };
    // A step as long as the range, as in `*/60`, leaves the first value alone.
    let longest = if kind == Field::Year { all.last - all.first } else { all.last - all.first + 1 };
    match step.text.parse() {
        Ok(step) if (1..=longest).contains(&step) => Ok(Item { step, ..values }),
        _ => {
            let message = format!("A step in this field is a whole number from 1 to {longest}.");
            Err(step.error(Fault::Cron(CronFault::Step(kind)), message))
        }
    }
}

/// The special character that a text has and that may not stand there.
fn misplaced(text: &str, kind: Field) -> Option<char> {
    let is_name = kind.names().iter().any(|name| name.eq_ignore_ascii_case(text));
    let special = text.chars().map(|character| character.to_ascii_uppercase());
    special.into_iter().find(|character| "?LW#".contains(*character)).filter(|character| {
        // `WED` and `JUL` are names, and a misspelt word is better called that.
        !is_name
            && (text.len() == 1 || *character == '#' || text.bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
    })
}

fn special_error(text: Piece<'_>, field: Piece<'_>, special: char, kind: Field) -> ScheduleError {
    let allowed = match special {
        '?' | 'L' => kind == Field::DayOfMonth || kind == Field::DayOfWeek,
        'W' => kind == Field::DayOfMonth,
        _ => kind == Field::DayOfWeek,
    };
    let message = if allowed {
        format!("`{special}` must stand alone in its field: `{}` also has something else.", field.text)
    } else {
        let place = match special {
            '?' | 'L' => "the fields for days",
            'W' => "the field for the day of the month",
            _ => "the field for the day of the week",
        };
        format!("`{special}` has a meaning only in {place}.")
    };
    text.error(Fault::Cron(CronFault::Special(kind)), message)
}

fn number(text: Piece<'_>, kind: Field) -> Result<u32, ScheduleError> {
    let (min, max) = kind.bounds();
    if let Some(index) = kind.names().iter().position(|name| name.eq_ignore_ascii_case(text.text)) {
        return Ok(min + index as u32);
    }
    if text.text.is_empty() || !text.text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_a_value(text, kind));
    }
    match text.text.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(out_of_range(text, kind, (min, max))),
    }
}

fn not_a_value(text: Piece<'_>, kind: Field) -> ScheduleError {
    let (min, max) = kind.bounds();
    let names = match kind.names() {
        [first, .., last] => format!(", or a name from {first} to {last}"),
        _ => String::new(),
    };
    let message = if text.text.is_empty() {
        format!("A value is missing here: a number from {min} to {max}{names}.")
    } else {
        format!("`{}` is no value for this field, which takes a number from {min} to {max}{names}.", text.text)
    };
    text.error(Fault::Cron(CronFault::Value(kind)), message)
}

fn out_of_range(text: Piece<'_>, kind: Field, (min, max): (u32, u32)) -> ScheduleError {
    let hint = if kind == Field::DayOfWeek && text.text == "0" && min == 1 && max == 7 {
        " Unlike in Unix, Sunday is 1; `SUN` is the same everywhere."
    } else {
        ""
    };
    let message = format!("`{}` is outside the range of this field: {min} to {max}.{hint}", text.text);
    text.error(Fault::Cron(CronFault::Range(kind)), message)
}
