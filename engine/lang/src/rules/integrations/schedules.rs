//! SCF309 to SCF313, SCF330: when a schedule calls. How schedules are written is known to [`schedule`](crate::schedule).

use super::view::{Integration, Kind, all};
use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place, Rule};
use crate::fix::Literal;
use crate::model::ComputeType;
use crate::rules::{RuleContext, edits};
use crate::schedule::{CronFault, Fault, FormFault, Moment, Schedule, ScheduleError};
use crate::webhook::Caller;

declare_rule! {
    /// ## What it does
    /// Reports a schedule that is neither `rate(…)` nor `cron(…)`.
    ///
    /// ## Why it matters
    /// EventBridge knows only these two forms and refuses every other.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: every 5 min
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: rate(5 minutes)
    /// ```
    ///
    /// ## Source
    /// [Schedule expressions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
    SCHEDULE_SYNTAX = "SCF309", "Schedule syntax", Blocker, fix: Mixed;

    /// ## What it does
    /// Reports a `rate(…)` whose number is not a positive whole one, whose unit is not minute, hour or day, or whose unit does
    /// not agree with the number.
    ///
    /// ## Why it matters
    /// EventBridge refuses it: it takes `rate(1 minute)` and `rate(5 minutes)`, but not `rate(1 minutes)`.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: rate(1 minutes)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: rate(1 minute)
    /// ```
    ///
    /// ## Source
    /// [Schedule expressions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
    RATE_UNIT = "SCF310", "Rate unit", Blocker, fix: Safe;

    /// ## What it does
    /// Reports a `cron(…)` that has not six fields, has a value out of range, or has not exactly one `?` for the two fields
    /// of days.
    ///
    /// ## Why it matters
    /// EventBridge refuses it. Its fields are minute, hour, day of month, month, day of week and year, and one of the two
    /// kinds of day must be left open with `?`. The five fields of a crontab are something else: its days of the week also
    /// count from 0.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: cron(0 2 * * *)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: cron(0 2 * * ? *)
    /// ```
    ///
    /// ## Source
    /// [Schedule expressions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
    CRON_FIELDS = "SCF311", "Cron fields", Blocker, fix: Mixed;

    /// ## What it does
    /// Reports `at(…)`.
    ///
    /// ## Why it matters
    /// Schedules are EventBridge rules, which repeat. A single call at a given time is a feature of another service,
    /// EventBridge Scheduler.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   launch:
    ///     type: schedule
    ///     schedule: at(2030-01-01T00:00:00)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   launch:
    ///     type: schedule
    ///     schedule: cron(0 0 1 1 ? 2030)
    /// ```
    ///
    /// ## Source
    /// [Schedule expressions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)
    ONE_TIME_SCHEDULE = "SCF312", "One-time schedule", Blocker, fix: None;

    /// ## What it does
    /// Says in words when a schedule calls.
    ///
    /// ## Why it matters
    /// The fields of `cron` are easily mistaken. All times are in UTC.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   standup:
    ///     type: schedule
    ///     schedule: cron(0 9 ? * MON-FRI *)
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    SCHEDULE_IN_WORDS = "SCF313", "Schedule in words", Hint, fix: None;

    /// ## What it does
    /// Reports a schedule of every minute for a Lambda container with `vpc: true` or a timeout of a minute or more.
    ///
    /// ## Why it matters
    /// A call may begin before the last one ended, so that several run side by side and each is paid for. In the private
    /// network, a call that reaches nothing outside hangs until its timeout, and the next one with it.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 300
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: rate(1 minute)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 300
    /// integrations:
    ///   poll:
    ///     type: schedule
    ///     schedule: rate(10 minutes)
    /// ```
    FREQUENT_SCHEDULE = "SCF330", "Very frequent schedule", Warning, fix: None
}

/// From this timeout on, in seconds, a call may still run when the next one comes.
const LONG_TIMEOUT: f64 = 60.0;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for integration in all(ctx).filter(|integration| integration.kind == Kind::Called(Caller::Schedule)) {
        let Some((text, value)) = integration.text("schedule") else { continue };
        match Schedule::parse(text) {
            Ok(schedule) => {
                acc.push(SCHEDULE_IN_WORDS.at(value, format!("{}.", schedule.words())));
                acc.extend(frequent(integration, value, &schedule));
            }
            Err(error) => acc.push(refused(ctx, value, &error)),
        }
    }
}

fn refused(ctx: &RuleContext<'_>, value: Value<'_>, error: &ScheduleError) -> Diagnostic {
    let rule: &'static Rule = match error.fault {
        Fault::Form(_) => &SCHEDULE_SYNTAX,
        Fault::OneTime => &ONE_TIME_SCHEDULE,
        Fault::Rate(_) => &RATE_UNIT,
        Fault::Cron(_) => &CRON_FIELDS,
    };
    // In these the schedule can be meant in one way only; other replacements are guesses.
    let is_sure = match error.fault {
        Fault::Form(fault) => fault != FormFault::Unknown,
        Fault::Cron(fault) => matches!(fault, CronFault::BothDays | CronFault::NoDay),
        Fault::Rate(_) => true,
        Fault::OneTime => false,
    };
    let fix = error.replacement.as_deref().and_then(|replacement| {
        let edits = edits::replace(ctx, value, Literal::Text(replacement))?;
        Some(Fix { title: format!("Use `{replacement}`"), safe: is_sure, edits })
    });
    rule.at(place(ctx, value, error), error.to_string()).fix(fix)
}

/// The faulty part of a schedule that is written in its place, else all of it.
fn place(ctx: &RuleContext<'_>, value: Value<'_>, error: &ScheduleError) -> Place {
    if !value.is_written_here() {
        return value.place();
    }
    let part = usize::from(error.range.start())..usize::from(error.range.end());
    let range = ctx.tree().scalar_part(ctx.source(), value.node(), part);
    Place { range, ..value.place() }
}

fn frequent(integration: Integration<'_>, value: Value<'_>, schedule: &Schedule) -> Option<Diagnostic> {
    if integration.container.compute_type() != Some(ComputeType::Lambda) {
        return None;
    }
    let lambda = integration.container.lambda()?;
    let vpc = lambda.get("vpc").filter(|vpc| vpc.as_bool() == Some(true));
    let timeout = lambda.get("timeout").and_then(|value| Some((value, value.as_f64()?)));
    let timeout = timeout.filter(|(_, seconds)| *seconds >= LONG_TIMEOUT);
    let (other, reason) = match (timeout, vpc) {
        (Some((value, seconds)), _) => (value, format!("a call may take {} seconds", number_text(seconds))),
        (None, Some(vpc)) => {
            (vpc, "a call that reaches nothing outside the private network hangs until its timeout".to_owned())
        }
        (None, None) => return None,
    };
    if !is_every_minute(schedule) {
        return None;
    }
    let message = format!(
        "`{}` is called every minute, but {reason}, so that calls may pile up. Call it less often, or see to it that it ends sooner.",
        integration.container.name
    );
    Some(FREQUENT_SCHEDULE.at(value, message).related(other.range(), "This lets calls take long."))
}

/// Whether two runs are ever just a minute apart. The first ones are looked at, from the beginning of time.
fn is_every_minute(schedule: &Schedule) -> bool {
    let mut runs = schedule.runs_after(Moment::from_unix(0)).map(Moment::unix);
    matches!((runs.next(), runs.next()), (Some(first), Some(second)) if second - first == 60)
}
