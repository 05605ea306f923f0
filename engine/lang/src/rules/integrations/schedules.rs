//! SCF309 to SCF313, SCF330: when a schedule calls. How schedules are written is known to [`schedule`](crate::schedule).

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

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
    SCHEDULE_SYNTAX = "SCF309", "Schedule syntax", Blocker, fix: Unsafe;

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
    RATE_UNIT = "SCF310", "Rate unit", Blocker, fix: Mixed;

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
    ONE_TIME_SCHEDULE = "SCF312", "One-time schedule", Blocker, fix: Unsafe;

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
    /// A call may begin before the last one ended, so that several run side by side, each of them paid for and, with `vpc`, each
    /// with its own connection into the network.
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

pub(super) fn check(_ctx: &RuleContext<'_>, _acc: &mut Vec<Diagnostic>) {}
