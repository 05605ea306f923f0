//! Six fields that say at which minutes something runs.

use super::time::{Moment, month_length, weekday};

/// A field of a cron expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// 0 to 59.
    Minutes,
    /// 0 to 23.
    Hours,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 1 to 7, or SUN to SAT.
    DayOfWeek,
    /// 1970 to 2199.
    Year,
}

/// The minutes at which something runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    /// Minutes of an hour.
    pub(super) minutes: Vec<Item>,
    /// Hours of a day.
    pub(super) hours: Vec<Item>,
    /// Days.
    pub(super) days: Days,
    /// Months of a year.
    pub(super) months: Vec<Item>,
    /// Years.
    pub(super) years: Vec<Item>,
}

/// Values of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The first value.
    pub(super) first: u32,
    /// The last value, or a bound before which the last one lies. Where it is less than the first, the values go on from
    /// the field's least one after its greatest.
    pub(super) last: u32,
    /// The distance between two values; at least 1.
    pub(super) step: u32,
}

/// Days of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// By their number.
    OfMonth(Vec<Item>),
    /// So many days before the last of the month; 0 is the last itself.
    BeforeLast(u32),
    /// The last day that is no Saturday and no Sunday.
    LastWeekday,
    /// The day of the month, from Monday to Friday, that is nearest to this one.
    NearestWeekday(u32),
    /// By the day of the week.
    OfWeek(Vec<Item>),
    /// The last such day of the week in the month.
    LastOfWeek(u32),
    /// The day of the week, the so-manieth in the month.
    NthOfWeek(u32, u32),
}

impl Field {
    /// The fields in their order.
    pub const ALL: [Self; 6] = [Self::Minutes, Self::Hours, Self::DayOfMonth, Self::Month, Self::DayOfWeek, Self::Year];

    /// The least and the greatest value.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Self::Minutes => (0, 59),
            Self::Hours => (0, 23),
            Self::DayOfMonth => (1, 31),
            Self::Month => (1, 12),
            Self::DayOfWeek => (1, 7),
            Self::Year => (1970, 2199),
        }
    }

    /// What values may also be called, from the least on.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
            Self::DayOfWeek => &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
            Self::Minutes | Self::Hours | Self::DayOfMonth | Self::Year => &[],
        }
    }

    /// All of its values.
    pub(super) fn all(self) -> Item {
        let (first, last) = self.bounds();
        Item { first, last, step: 1 }
    }
}

impl Item {
    /// Its values in their order.
    pub(super) fn values(self, field: Field) -> Vec<u32> {
        let (min, _) = field.bounds();
        let distances = (0..=self.length(field)).step_by(self.step as usize);
        distances.map(|distance| min + (self.first - min + distance) % count(field)).collect()
    }

    fn has(self, value: u32, field: Field) -> bool {
        let distance = (value + count(field) - self.first) % count(field);
        distance <= self.length(field) && distance.is_multiple_of(self.step)
    }

    /// The distance from the first value to the last.
    fn length(self, field: Field) -> u32 {
        (self.last + count(field) - self.first) % count(field)
    }
}

/// How many values a field has.
fn count(field: Field) -> u32 {
    let (min, max) = field.bounds();
    max - min + 1
}

impl Cron {
    /// The first run later than `after`. There may be none: days that do not exist, years that are over.
    pub fn next_run(&self, after: Moment) -> Option<Moment> {
        let (first_year, last_year) = Field::Year.bounds();
        let first_year = u32::try_from(after.year).unwrap_or_default().max(first_year);
        let years = (first_year..=last_year).filter(|year| has(&self.years, *year, Field::Year));
        years.map(u32::cast_signed).find_map(|year| {
            let months = (1..=12).filter(|month| has(&self.months, *month, Field::Month));
            months.filter(|month| (year, *month) >= (after.year, after.month)).find_map(|month| {
                let days = (1..=month_length(year, month)).filter(|day| self.days.has(year, month, *day));
                days.filter(|day| (year, month, *day) >= (after.year, after.month, after.day)).find_map(|day| {
                    let hours = (0..24).filter(|hour| has(&self.hours, *hour, Field::Hours));
                    let minutes = (0..60).filter(|minute| has(&self.minutes, *minute, Field::Minutes));
                    let moments = hours
                        .flat_map(|hour| minutes.clone().map(move |minute| Moment { year, month, day, hour, minute }));
                    moments.into_iter().find(|moment| *moment > after)
                })
            })
        })
    }
}

impl Days {
    fn has(&self, year: i32, month: u32, day: u32) -> bool {
        let length = month_length(year, month);
        let weekday = || weekday(year, month, day);
        match self {
            Self::OfMonth(items) => has(items, day, Field::DayOfMonth),
            Self::BeforeLast(distance) => day + distance == length,
            Self::LastWeekday => day == nearest_weekday(year, month, length),
            // A month that has no such day has no run.
            Self::NearestWeekday(wanted) => *wanted <= length && day == nearest_weekday(year, month, *wanted),
            Self::OfWeek(items) => has(items, weekday(), Field::DayOfWeek),
            Self::LastOfWeek(wanted) => weekday() == *wanted && day + 7 > length,
            Self::NthOfWeek(wanted, nth) => weekday() == *wanted && day.div_ceil(7) == *nth,
        }
    }
}

/// The day from Monday to Friday nearest to a day, in the same month.
fn nearest_weekday(year: i32, month: u32, day: u32) -> u32 {
    match weekday(year, month, day) {
        1 if day == month_length(year, month) => day - 2,
        1 => day + 1,
        7 if day == 1 => 3,
        7 => day - 1,
        _ => day,
    }
}

fn has(items: &[Item], value: u32, field: Field) -> bool {
    items.iter().any(|item| item.has(value, field))
}
