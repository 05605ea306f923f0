//! SCF164 to SCF166: what a `target` item follows, and how fast.

use std::ops::RangeInclusive;

use super::view::scales;
use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::fix::Literal;
use crate::model::LONGEST_COOLDOWN;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a target value that is not positive, or above 100 percent for `cpu` and `memory`.
    ///
    /// ## Why it matters
    /// AWS refuses a target that is not positive. Average use never rises above 100 percent of what the tasks have, so that no
    /// task would ever be added.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    ///         value: 101
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    ///         value: 70
    /// ```
    ///
    /// ## Source
    /// [TargetTrackingScalingPolicyConfiguration](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html)
    TARGET_VALUE = "SCF164", "Target value", Blocker, fix: Unsafe;

    /// ## What it does
    /// Says that `albRequestsPerTarget` without a `value` means 70 requests a minute for each task.
    ///
    /// ## Why it matters
    /// The default is made for percentages. Most services answer many more than 70 requests a minute, and would run far more
    /// tasks than they need.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: albRequestsPerTarget
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: albRequestsPerTarget
    ///         value: 1200
    /// ```
    REQUEST_TARGET_DEFAULTED = "SCF165", "Request target defaulted", Info, fix: Unsafe;

    /// ## What it does
    /// Reports a cooldown that is no whole number of seconds from 0 to 3600. Says so when it is one that the original tool
    /// refuses: 0, or more than 100.
    ///
    /// ## Why it matters
    /// The cooldown is the time that a change of the number of tasks gets to show its effect. More than an hour is almost
    /// certainly a slip.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    ///         scaleInCooldown: 3601
    /// ```
    ///
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    ///         scaleInCooldown: 300
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    ///         scaleInCooldown: 100
    /// ```
    COOLDOWN = "SCF166", "Cooldown", Error, fix: Unsafe
}

/// What is in force without a `value`.
const DEFAULT_VALUE: f64 = 70.0;

/// The cooldowns that every tool takes, in seconds.
const OLDER_COOLDOWNS: RangeInclusive<f64> = 1.0..=100.0;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for scale in scales(ctx) {
        for item in scale.items("target") {
            value(ctx, item, acc);
            cooldowns(item, acc);
        }
    }
}

fn value(ctx: &RuleContext<'_>, item: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let metric = item.get("target").and_then(Value::as_str);
    let percent = matches!(metric, Some("cpu" | "memory"));
    let Some(value) = item.get("value") else {
        if metric == Some("albRequestsPerTarget") {
            let message = "`albRequestsPerTarget` has no `value`, so that each task is kept at 70 requests a minute. Write how many \
                           requests a task can answer.";
            let edits = edits::add_entry(ctx, item, "value", &number_text(DEFAULT_VALUE));
            acc.push(
                REQUEST_TARGET_DEFAULTED
                    .at(item.missing_place("value"), message)
                    .fix(edits.map(|edits| Fix::suggestion("Add `value: 70`", edits))),
            );
        }
        return;
    };
    let Some(number) = value.as_f64() else { return };
    let reason = if number <= 0.0 {
        "A target must be greater than 0."
    } else if percent && number > 100.0 {
        "The use of CPU or memory is counted in percent and never rises above 100, so that no task would ever be added."
    } else {
        return;
    };
    let message = format!("The target value is {}. {reason}", number_text(number));
    let edits = edits::replace(ctx, value, Literal::Number(DEFAULT_VALUE)).filter(|_| percent);
    acc.push(TARGET_VALUE.at(value, message).fix(edits.map(|edits| Fix::suggestion("Use 70", edits))));
}

/// The cooldowns that only older tools refuse; the others are found by the shape checks.
fn cooldowns(item: Value<'_>, acc: &mut Vec<Diagnostic>) {
    for key in ["scaleInCooldown", "scaleOutCooldown"] {
        let Some((value, seconds)) = item.get(key).and_then(|value| Some((value, value.as_f64()?))) else { continue };
        if seconds.fract() == 0.0 && (0.0..=LONGEST_COOLDOWN).contains(&seconds) && !OLDER_COOLDOWNS.contains(&seconds)
        {
            let message = format!(
                "A cooldown of {} seconds is fine, but older tools take only 1 to 100 and refuse the file.",
                number_text(seconds)
            );
            acc.push(COOLDOWN.at(value, message).severity(Severity::Info));
        }
    }
}
