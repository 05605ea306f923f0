//! SCF156 to SCF160, SCF181: which items of `scale` need or exclude each other.

use super::view::{Scale, scales, tag};
use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a `min` or `max` where nothing scales between them.
    ///
    /// ## Why it matters
    /// The bounds limit what a `target` or `step` item does. Without one they have no effect, and the original tool refuses
    /// the file. A fixed number of tasks is given by `desired`.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: min
    ///         min: 2
    ///       - type: max
    ///         max: 6
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: min
    ///         min: 2
    ///       - type: max
    ///         max: 6
    ///       - type: target
    ///         target: cpu
    ///         value: 70
    /// ```
    BOUND_WITHOUT_POLICY = "SCF156", "Bound without policy", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `target` or `step` item without a `max`.
    ///
    /// ## Why it matters
    /// Nothing would limit how many tasks run and what they cost, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: target
    ///         target: memory
    ///         value: 80
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: target
    ///         target: memory
    ///         value: 80
    ///       - type: max
    ///         max: 4
    /// ```
    POLICY_WITHOUT_MAX = "SCF157", "Policy without `max`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports `desired` together with `target`.
    ///
    /// ## Why it matters
    /// One fixes the number of tasks, the other changes it all the time. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: desired, desired: 2}
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
    ///       - {type: min, min: 2}
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    /// ```
    DESIRED_WITH_TARGET = "SCF158", "`desired` with `target`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports `desired` together with `step`.
    ///
    /// ## Why it matters
    /// With a policy the number of running tasks is kept on a deployment, and `desired` has no effect.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: desired, desired: 2}
    ///       - {type: max, max: 4}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - metricIntervalLowerBound: 0
    ///             scalingAdjustment: 1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: min, min: 2}
    ///       - {type: max, max: 4}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - metricIntervalLowerBound: 0
    ///             scalingAdjustment: 1
    /// ```
    DESIRED_IGNORED = "SCF159", "`desired` ignored", Warning, fix: Safe;

    /// ## What it does
    /// Reports `step` together with `target`.
    ///
    /// ## Why it matters
    /// Two kinds of policy would decide about one number of tasks, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    ///       - type: step
    ///         adjustmentType: ExactCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - metricIntervalLowerBound: 0
    ///             scalingAdjustment: 4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    /// ```
    STEP_WITH_TARGET = "SCF160", "`step` with `target`", Error, fix: Unsafe;

    /// ## What it does
    /// Says that a policy without `min` may go down to one task.
    ///
    /// ## Why it matters
    /// With one task, requests fail while it is replaced after a crash. Services that must stay up run at least two.
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
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: min
    ///         min: 1
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    /// ```
    POLICY_WITHOUT_MIN = "SCF181", "Policy without `min`", Info, fix: Safe
}

/// The maximum that a fix proposes.
const PROPOSED_MAX: f64 = 4.0;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for scale in scales(ctx) {
        excluded(ctx, scale, acc);
        // What is missing may be behind an item that cannot be read.
        if scale.is_complete() {
            missing(ctx, scale, acc);
        }
    }
}

fn excluded(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let [desired, target, step] = ["desired", "target", "step"].map(|kind| scale.first(kind));
    match (desired, target, step) {
        (Some(desired), Some(target), _) => {
            let message = "`desired` fixes the number of tasks and `target` changes it, so that they cannot stand together. Remove \
                           one of them; the least number of tasks is given by `min`.";
            acc.push(
                DESIRED_WITH_TARGET
                    .at(tag(desired), message)
                    .related(tag(target).range(), "The `target` item is here.")
                    .fix(remove(ctx, desired, "desired")),
            );
        }
        (Some(desired), None, Some(step)) => {
            let message = "`desired` has no effect beside `step`: a deployment keeps the number of tasks that run. The least number \
                           of tasks is given by `min`.";
            // Without `max` it is `desired` that limits the number of tasks.
            let fix = remove(ctx, desired, "desired").filter(|_| scale.first("max").is_some());
            acc.push(
                DESIRED_IGNORED
                    .at(tag(desired), message)
                    .unnecessary()
                    .related(tag(step).range(), "The `step` item is here.")
                    .fix(fix.map(|fix| Fix { safe: true, ..fix })),
            );
        }
        _ => {}
    }
    if let (Some(target), Some(step)) = (target, step) {
        let message = "`step` and `target` would both decide about the number of tasks, so that they cannot stand together. Keep \
                       one kind.";
        let alone = |kind| scale.items(kind).count() == 1;
        acc.push(
            STEP_WITH_TARGET
                .at(tag(step), message)
                .related(tag(target).range(), "The `target` item is here.")
                .fix(remove(ctx, step, "step").filter(|_| alone("step")))
                .fix(remove(ctx, target, "target").filter(|_| alone("target"))),
        );
    }
}

fn remove(ctx: &RuleContext<'_>, item: Value<'_>, kind: &str) -> Option<Fix> {
    edits::remove(ctx, item).map(|edits| Fix::suggestion(format!("Remove the `{kind}` item"), edits))
}

fn missing(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let [min, max] = ["min", "max"].map(|kind| scale.first(kind));
    let Some(policy) = scale.policy() else {
        if let Some(bound) = min.or(max) {
            acc.push(bound_without_policy(ctx, scale, bound, min.and(max)));
        }
        return;
    };
    let kind = tag(policy).as_str().unwrap_or_default();
    if max.is_none() {
        let most = number_text(scale.number("min").map_or(PROPOSED_MAX, |(least, _)| least.max(PROPOSED_MAX)));
        let message = format!(
            "A `{kind}` item needs a `max`, which limits how many tasks may run. Add an item of the type `max`."
        );
        let edits = edits::add_item(ctx, scale.list, &format!("type: max\nmax: {most}"));
        acc.push(
            POLICY_WITHOUT_MAX
                .at(tag(policy), message)
                .fix(edits.map(|edits| Fix::suggestion(format!("Add `max: {most}`"), edits))),
        );
    }
    if min.is_none() {
        let message = format!(
            "There is no `min`, so that `{}` may go down to 1 task. Add an item of the type `min` if it needs more.",
            scale.container.name
        );
        let edits = edits::add_item(ctx, scale.list, "type: min\nmin: 1");
        acc.push(POLICY_WITHOUT_MIN.at(tag(policy), message).fix(edits.map(|edits| Fix::safe("Add `min: 1`", edits))));
    }
}

fn bound_without_policy(
    ctx: &RuleContext<'_>,
    scale: Scale<'_>,
    bound: Value<'_>,
    other: Option<Value<'_>>,
) -> Diagnostic {
    let subject = match (other, tag(bound).as_str()) {
        (Some(_), _) => "`min` and `max` have".to_owned(),
        (None, kind) => format!("`{}` has", kind.unwrap_or_default()),
    };
    let message = format!(
        "{subject} no effect without a policy that scales within the bounds. Add an item of the type `target` or `step`, or give a \
         fixed number of tasks by one item of the type `desired`."
    );
    let edits = edits::add_item(ctx, scale.list, "type: target\ntarget: cpu\nvalue: 70");
    let mut diagnostic = BOUND_WITHOUT_POLICY.at(tag(bound), message);
    if let Some(other) = other {
        diagnostic = diagnostic.related(tag(other).range(), "This bound has no effect either.");
    }
    diagnostic.fix(edits.map(|edits| Fix::suggestion("Follow the CPU use", edits)))
}
