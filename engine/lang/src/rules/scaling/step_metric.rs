//! SCF173 to SCF178: the metric of a `step` item and what is done about it.

use std::collections::HashMap;

use super::view::{Scale, scales};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Says that the original tool keeps only the last of two `step` items for one metric.
    ///
    /// ## Why it matters
    /// It names a policy after the metric, so that the second replaces the first. Slipway makes both. Whoever still deploys
    /// with the original tool gets only one of them.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 25
    ///         comparisonOperator: LessThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalUpperBound: 0, scalingAdjustment: -1}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    STEPS_ON_ONE_METRIC = "SCF173", "Two steps on one metric", Info, fix: None;

    /// ## What it does
    /// Says that a metric of `AWS/ECS` without dimensions is read as the one of this service.
    ///
    /// ## Why it matters
    /// ECS reports its metrics for a cluster and a service; without these dimensions there is no data. Slipway adds them. The
    /// original tool does not, and its alarm never goes off.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    ///
    /// ## Source
    /// [Amazon ECS CloudWatch metrics](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html)
    ECS_METRIC_WITHOUT_DIMENSIONS = "SCF174", "ECS metric without dimensions", Info, fix: None;

    /// ## What it does
    /// Says that the original tool's alarm on a metric of one's own does not go off.
    ///
    /// ## Why it matters
    /// It makes every alarm with the unit percent, and metrics with another unit, or with none, do not count for it. Slipway
    /// leaves the unit out, so that all of them count.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: BacklogPerTask
    ///         namespace: Shop/Queue
    ///         threshold: 50
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    ALARM_UNIT = "SCF175", "Alarm unit", Info, fix: None;

    /// ## What it does
    /// Reports a `cooldown` that is negative or has a fraction.
    ///
    /// ## Why it matters
    /// It is a number of seconds, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         cooldown: -5
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         cooldown: 60
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    /// ```
    STEP_COOLDOWN = "SCF176", "Step cooldown", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a policy that removes tasks when the metric is high, or adds tasks when it is low.
    ///
    /// ## Why it matters
    /// Fewer tasks raise the metric further, so that the service scales away from what it needs. Most likely the operator or
    /// the signs are the wrong way round.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 25
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalUpperBound: 0, scalingAdjustment: -1}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 25
    ///         comparisonOperator: LessThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalUpperBound: 0, scalingAdjustment: -1}
    /// ```
    DIRECTION_MISMATCH = "SCF177", "Direction mismatch", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a `scalingAdjustment` with a fraction.
    ///
    /// ## Why it matters
    /// AWS takes whole numbers, whether tasks or percent.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1.5}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 8}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 2}
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    ADJUSTMENT_NOT_WHOLE = "SCF178", "Adjustment not whole", Blocker, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for scale in scales(ctx) {
        one_metric(scale, acc);
        for step in scale.items("step") {
            namespace(step, acc);
            direction(ctx, step, acc);
        }
    }
}

fn one_metric(scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Value<'_>> = HashMap::new();
    for metric in scale.items("step").filter_map(|step| step.get("metricName")) {
        let Some(name) = metric.as_str() else { continue };
        let first = *seen.entry(name).or_insert(metric);
        if first != metric {
            let message = format!(
                "Two `step` items follow `{name}`. Slipway makes a policy of each; the original tool names both alike and keeps \
                 only the last."
            );
            acc.push(STEPS_ON_ONE_METRIC.at(metric, message).related(first.range(), "The first one is here."));
        }
    }
}

fn namespace(step: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let Some((value, namespace)) = step.get("namespace").and_then(|value| Some((value, value.as_str()?))) else {
        return;
    };
    let has_dimensions = step.get("dimensions").is_some_and(|list| !list.is_list() || list.items().len() > 0);
    if namespace == "AWS/ECS" && !has_dimensions {
        let message = "Without `dimensions`, the metric of this service is meant: Slipway adds `ClusterName` and `ServiceName`. The \
                       original tool does not, and its alarm never goes off.";
        acc.push(ECS_METRIC_WITHOUT_DIMENSIONS.at(value, message));
    } else if !namespace.starts_with("AWS/") {
        let message = format!(
            "Slipway's alarm counts the metrics of `{namespace}` whatever their unit. The original tool's counts only percent, so \
             that it may never go off."
        );
        acc.push(ALARM_UNIT.at(value, message));
    }
}

fn direction(ctx: &RuleContext<'_>, step: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let text = |key| step.get(key).and_then(Value::as_str);
    let (Some(operator), Some("ChangeInCapacity" | "PercentChangeInCapacity")) =
        (text("comparisonOperator"), text("adjustmentType"))
    else {
        return;
    };
    let Some(bands) = step.get("stepAdjustments").filter(|bands| bands.items().len() > 0) else { return };
    let adjustments = bands.items().map(|band| band.get("scalingAdjustment")?.as_f64());
    let Some(adjustments) = adjustments.collect::<Option<Vec<f64>>>() else { return };
    let (all_remove, all_add) = (adjustments.iter().all(|by| *by < 0.0), adjustments.iter().all(|by| *by > 0.0));
    let (flipped, condition, action) = match operator {
        "GreaterThanThreshold" if all_remove => ("LessThanThreshold", "above", "remove"),
        "GreaterThanOrEqualToThreshold" if all_remove => ("LessThanOrEqualToThreshold", "above", "remove"),
        "LessThanThreshold" if all_add => ("GreaterThanThreshold", "below", "add"),
        "LessThanOrEqualToThreshold" if all_add => ("GreaterThanOrEqualToThreshold", "below", "add"),
        _ => return,
    };
    let Some(value) = step.get("comparisonOperator") else { return };
    let message = format!(
        "When the metric is {condition} the threshold, all steps {action} tasks, which drives the metric further away. Turn the \
         operator or the signs round."
    );
    let edits = edits::replace(ctx, value, Literal::Text(flipped));
    acc.push(
        DIRECTION_MISMATCH
            .at(value, message)
            .related(bands.key_range(), "The steps are here.")
            .fix(edits.map(|edits| Fix::suggestion(format!("Use `{flipped}`"), edits))),
    );
}
