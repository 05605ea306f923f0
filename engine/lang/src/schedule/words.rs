//! Schedules in words.

use super::cron::{Cron, Days, Field, Item};

/// The days of the week, from 1 on.
pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const NTH: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
/// Values up to this number are listed one by one.
const MOST_LISTED: usize = 6;

pub(super) fn of_cron(cron: &Cron) -> String {
    let times = times(&cron.minutes, &cron.hours);
    let days = match &cron.days {
        Days::OfMonth(items) if is_all(items, Field::DayOfMonth) => None,
        Days::OfWeek(items) if is_all(items, Field::DayOfWeek) => None,
        days => Some(self::days(days)),
    };
    let mut words = match (&times, days) {
        (Times::Listed(times), None) => format!("At {times} UTC every day"),
        (Times::Listed(times), Some(days)) => format!("At {times} UTC on {days}"),
        (Times::Described(times), None) => times.clone(),
        (Times::Described(times), Some(days)) => format!("{times} on {days}"),
    };
    for (items, field) in [(&cron.months, Field::Month), (&cron.years, Field::Year)] {
        if !is_all(items, field) {
            words.push_str(" in ");
            words.push_str(&list(items, field));
        }
    }
    words
}

/// The times of a day.
enum Times {
    /// Each by its hour and minute.
    Listed(String),
    /// By their rule. Begins a sentence.
    Described(String),
}

fn times(minutes: &[Item], hours: &[Item]) -> Times {
    let every_hour = is_all(hours, Field::Hours);
    let single = |items: &[Item], field| {
        let values: Vec<u32> = items.iter().flat_map(|item| item.values(field)).take(MOST_LISTED + 1).collect();
        Some(values).filter(|values| values.len() <= MOST_LISTED)
    };
    if let (Some(minutes), Some(hours)) = (single(minutes, Field::Minutes), single(hours, Field::Hours))
        && minutes.len() * hours.len() <= MOST_LISTED
    {
        let times = hours.iter().flat_map(|hour| minutes.iter().map(move |minute| format!("{hour:02}:{minute:02}")));
        return Times::Listed(joined(&times.collect::<Vec<_>>()));
    }
    let minutes = match minutes {
        [Item { first: 0, last: 59, step: 1 }] => "Every minute".to_owned(),
        [Item { first: 0, last: 59, step }] if 60 % step == 0 && *step < 60 => format!("Every {step} minutes"),
        [Item { first, last, .. }] if first == last => format!("At minute {first}"),
        _ => format!("At minutes {}", list(minutes, Field::Minutes)),
    };
    let hours = match hours {
        _ if every_hour && minutes.starts_with("Every") => return Times::Described(minutes),
        _ if every_hour => "of every hour".to_owned(),
        [Item { first, last, .. }] if first == last => format!("of hour {first} UTC"),
        _ => format!("of hours {} UTC", list(hours, Field::Hours)),
    };
    Times::Described(format!("{minutes} {hours}"))
}

fn days(days: &Days) -> String {
    let weekday = |day: &u32| name(*day, Field::DayOfWeek);
    match days {
        Days::OfMonth(items) if matches!(items[..], [Item { first, last, .. }] if first == last) => {
            format!("day {} of the month", list(items, Field::DayOfMonth))
        }
        Days::OfMonth(items) => format!("days {} of the month", list(items, Field::DayOfMonth)),
        Days::BeforeLast(0) => "the last day of the month".to_owned(),
        Days::BeforeLast(1) => "the day before the last of the month".to_owned(),
        Days::BeforeLast(distance) => format!("the day {distance} days before the last of the month"),
        Days::LastWeekday => "the last weekday of the month".to_owned(),
        Days::NearestWeekday(day) => format!("the weekday nearest to day {day} of the month"),
        Days::OfWeek(items) => list(items, Field::DayOfWeek),
        Days::LastOfWeek(day) => format!("the last {} of the month", weekday(day)),
        Days::NthOfWeek(day, nth) => {
            let nth = NTH.get(*nth as usize - 1).copied().unwrap_or_default();
            format!("the {nth} {} of the month", weekday(day))
        }
    }
}

fn list(items: &[Item], field: Field) -> String {
    joined(&items.iter().flat_map(|item| range(*item, field)).collect::<Vec<_>>())
}

/// The parts of a list that an item makes.
fn range(item: Item, field: Field) -> Vec<String> {
    let names: Vec<String> = item.values(field).into_iter().map(|value| name(value, field)).collect();
    match &names[..] {
        [first, _, .., last] if item.step == 1 && names.len() > 2 => vec![format!("{first} to {last}")],
        [first, second, .., last] if names.len() > MOST_LISTED => {
            vec![first.clone(), second.clone(), format!("so on to {last}")]
        }
        _ => names,
    }
}

fn name(value: u32, field: Field) -> String {
    let names: &[&str] = match field {
        Field::DayOfWeek => &WEEKDAYS,
        Field::Month => &MONTHS,
        _ => &[],
    };
    let (min, _) = field.bounds();
    let name = value.checked_sub(min).and_then(|index| names.get(index as usize));
    name.map_or_else(|| value.to_string(), |name| (*name).to_owned())
}

fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

fn is_all(items: &[Item], field: Field) -> bool {
    items.contains(&field.all())
}
