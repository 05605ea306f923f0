//! SCF152 to SCF155, SCF179, SCF180: the numbers of `min`, `max` and `desired`.

use super::view::{Scale, scales};
use crate::config::number_text;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a `min` or `max` of 0.
    ///
    /// ## Why it matters
    /// Scaling by a metric needs at least one running task that gives the metric, and the original tool refuses the file. A
    /// service is parked with `desired: 0`.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: min, min: 0}
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: min, min: 1}
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    /// ```
    ZERO_BOUND = "SCF152", "Zero bound", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a number of tasks that is negative or has a fraction, and a `desired` item without a number.
    ///
    /// ## Why it matters
    /// AWS takes whole numbers from 0. A `desired` item without a number runs one task, although the original tool's
    /// documentation speaks of five; writing the number leaves no doubt.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: desired
    ///         desired: 1.5
    /// ```
    ///
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: desired
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: desired
    ///         desired: 2
    /// ```
    ///
    /// ## Source
    /// [RegisterScalableTarget](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html)
    COUNT_NOT_WHOLE = "SCF153", "Count not whole or negative", Blocker, fix: Mixed;

    /// ## What it does
    /// Reports a `min` that is greater than `max`.
    ///
    /// ## Why it matters
    /// No number of tasks satisfies both, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: min, min: 10}
    ///       - {type: max, max: 5}
    ///       - {type: target, target: cpu}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: min, min: 5}
    ///       - {type: max, max: 10}
    ///       - {type: target, target: cpu}
    /// ```
    MIN_ABOVE_MAX = "SCF154", "`min` above `max`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `desired` that is less than `min` or greater than `max`.
    ///
    /// ## Why it matters
    /// The number to start with must lie within the bounds, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: desired, desired: 8}
    ///       - {type: max, max: 4}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: desired, desired: 4}
    /// ```
    DESIRED_OUTSIDE_BOUNDS = "SCF155", "`desired` outside the bounds", Error, fix: Unsafe;

    /// ## What it does
    /// Says that a service runs no task.
    ///
    /// ## Why it matters
    /// `desired: 0` parks the service: requests to its route get an error until the number is raised. The original tool
    /// fails to deploy it.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: desired
    ///         desired: 0
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done when the service is meant to rest.
    SCALED_TO_ZERO = "SCF179", "Scaled to zero", Info, fix: None;

    /// ## What it does
    /// Points out a `max` of more than 100 tasks.
    ///
    /// ## Why it matters
    /// An error in the metric, or an attack, can raise the number of tasks to the maximum, and each of them costs money. The
    /// account's quota of Fargate capacity may also be lower.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 1000}
    ///       - {type: target, target: cpu}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 20}
    ///       - {type: target, target: cpu}
    /// ```
    HIGH_MAXIMUM = "SCF180", "Very high maximum", Info, fix: None
}

/// Above this many tasks a maximum is worth a second look.
const HIGH: f64 = 100.0;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for scale in scales(ctx) {
        zero_bounds(ctx, scale, acc);
        desired_without_number(ctx, scale, acc);
        order(ctx, scale, acc);
        remarkable_numbers(scale, acc);
    }
}

fn zero_bounds(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    for kind in ["min", "max"] {
        for value in scale.items(kind).filter_map(|item| item.get(kind)).filter(|value| value.as_f64() == Some(0.0)) {
            let message = format!(
                "`{kind}` is 0, but scaling needs at least one running task. Use 1 or more; to park the service, replace \
                 all items of `scale` by one of the type `desired` with `desired: 0`."
            );
            let edits = edits::replace(ctx, value, Literal::Number(1.0));
            acc.push(ZERO_BOUND.at(value, message).fix(edits.map(|edits| Fix::suggestion("Use 1", edits))));
        }
    }
}

fn desired_without_number(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    for item in scale.items("desired").filter(|item| item.get("desired").is_none()) {
        let message = "`desired` has no number, so that 1 task runs. Write the number to leave no doubt.";
        let edits = edits::add_entry(ctx, item, "desired", "1");
        acc.push(
            COUNT_NOT_WHOLE
                .at(item.missing_place("desired"), message)
                .severity(Severity::Info)
                .fix(edits.map(|edits| Fix::safe("Add `desired: 1`", edits))),
        );
    }
}

/// Compares the numbers with each other.
fn order(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let (min, max) = (scale.number("min"), scale.number("max"));
    if let (Some((least, min)), Some((most, max))) = (min, max)
        && least > most
    {
        let message = format!(
            "`min` is {}, which is more than `max`, {}. No number of tasks satisfies both; swap them or change one.",
            number_text(least),
            number_text(most)
        );
        let swapped = edits::replace(ctx, min, Literal::Number(most))
            .zip(edits::replace(ctx, max, Literal::Number(least)))
            .map(|(min, max)| Fix::suggestion("Swap `min` and `max`", [min, max].concat()));
        acc.push(MIN_ABOVE_MAX.at(min, message).related(max.range(), "`max` is given here.").fix(swapped));
        // Until they are mended, nothing can lie between them.
        return;
    }
    let Some((count, desired)) = scale.number("desired") else { return };
    let below = min.filter(|(least, _)| count < *least).map(|(least, bound)| (least, bound, "min", "less"));
    let above = max.filter(|(most, _)| count > *most).map(|(most, bound)| (most, bound, "max", "more"));
    if let Some((limit, bound, name, comparison)) = below.or(above) {
        let limit_text = number_text(limit);
        let message = format!(
            "`desired` is {}, which is {comparison} than `{name}`, {limit_text}. It must lie within the bounds.",
            number_text(count)
        );
        let edits = edits::replace(ctx, desired, Literal::Number(limit));
        acc.push(
            DESIRED_OUTSIDE_BOUNDS
                .at(desired, message)
                .related(bound.range(), format!("`{name}` is given here."))
                .fix(edits.map(|edits| Fix::suggestion(format!("Use {limit_text}"), edits))),
        );
    }
}

fn remarkable_numbers(scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let container = scale.container.name;
    if let Some((0.0, desired)) = scale.number("desired") {
        let message = format!(
            "`desired` is 0: no task of `{container}` runs, and requests to its route fail until the number is raised."
        );
        acc.push(SCALED_TO_ZERO.at(desired, message));
    }
    if let Some((most, max)) = scale.number("max").filter(|(most, _)| *most > HIGH) {
        let message = format!(
            "Up to {} tasks of `{container}` may run at the same time. Make sure that their cost and the account's Fargate quota \
             allow it.",
            number_text(most)
        );
        acc.push(HIGH_MAXIMUM.at(max, message));
    }
}
