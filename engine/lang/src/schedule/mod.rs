//! Schedules of EventBridge rules: `rate(…)` and `cron(…)`.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html>. Where those pages are silent
//! (ranges that run over the end of a field, `LW`, `L-3`, a step behind a day of the week), the grammar of Quartz, from
//! which theirs is taken, decides, since a schedule that may run must not be called wrong.

mod cron;
mod guess;
mod parse;
mod time;
mod words;

use std::fmt;

pub use cron::{Cron, Field};
pub use parse::{CronFault, Fault, FormFault, MAX_LENGTH, RateFault, ScheduleError};
pub use time::Moment;

/// When something runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// At a distance.
    Rate(Rate),
    /// At minutes of the calendar, in UTC.
    Cron(Cron),
}

/// A distance in time. Its text is the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many units; at least 1.
    pub value: u32,
    /// The unit.
    pub unit: Unit,
}

/// Units of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
}

impl Schedule {
    /// Reads the text of a schedule.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        parse::parse(text)
    }

    /// When it runs, in words, without a full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Rate(Rate { value: 1, unit }) => format!("Every {}", unit.name()),
            Self::Rate(rate) => format!("Every {} {}", rate.value, rate.unit_text()),
            Self::Cron(cron) => words::of_cron(cron),
        }
    }

    /// The runs later than `after`, earliest first. A rate counts from the moment its rule is made or changed, which is
    /// taken to be `after`.
    pub fn runs_after(&self, after: Moment) -> impl Iterator<Item = Moment> {
        std::iter::successors(Some(after), |last| match self {
            Self::Rate(rate) => Some(Moment::from_unix(last.unix().saturating_add(rate.seconds()))),
            Self::Cron(cron) => cron.next_run(*last),
        })
        .skip(1)
    }
}

/// What people want to know about a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// When it runs, in words, without a full stop.
    pub words: String,
    /// The next runs, earliest first: five of them, or fewer where it comes to an end.
    pub next_runs: Vec<Moment>,
}

/// Says when a schedule runs, as seen at a moment, which the caller's clock gives.
pub fn describe_schedule(expression: &str, now: Moment) -> Result<Description, ScheduleError> {
    const RUNS: usize = 5;
    let schedule = Schedule::parse(expression)?;
    Ok(Description { words: schedule.words(), next_runs: schedule.runs_after(now).take(RUNS).collect() })
}

impl Rate {
    /// The distance in seconds.
    pub fn seconds(self) -> i64 {
        i64::from(self.value) * self.unit.seconds()
    }

    fn unit_text(self) -> String {
        format!("{}{}", self.unit.name(), if self.value == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rate({} {})", self.value, self.unit_text())
    }
}

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Its word in the singular.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }
}

#[cfg(test)]
mod tests;
