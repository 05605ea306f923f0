//! SCF151, SCF161, SCF162: what may stand only once.

use super::view::{Scale, scales, tag};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a second `min`, `max` or `desired`.
    ///
    /// ## Why it matters
    /// Only one of them can be in force, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: max
    ///         max: 8
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
    ///       - type: max
    ///         max: 8
    ///       - type: target
    ///         target: cpu
    /// ```
    DUPLICATE_BOUND = "SCF151", "Duplicate bound", Error, fix: Unsafe;

    /// ## What it does
    /// Reports more than three `target` items.
    ///
    /// ## Why it matters
    /// There are three metrics to follow, each of them once, and the original tool refuses a fourth item.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 4}
    ///       - {type: target, target: cpu}
    ///       - {type: target, target: memory}
    ///       - {type: target, target: albRequestsPerTarget, value: 500}
    ///       - {type: target, target: cpu, value: 50}
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
    ///       - {type: target, target: memory}
    ///       - {type: target, target: albRequestsPerTarget, value: 500}
    /// ```
    TOO_MANY_TARGETS = "SCF161", "Too many targets", Error, fix: Unsafe;

    /// ## What it does
    /// Reports two `target` items for one metric.
    ///
    /// ## Why it matters
    /// Two policies on one metric would pull the number of tasks to different values. The original tool refuses two items
    /// for `cpu` or for `memory`; other repetitions pass its checks and then fail or overwrite each other.
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
    ///         value: 50
    ///       - type: target
    ///         target: cpu
    ///         value: 70
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
    DUPLICATE_TARGET = "SCF162", "Duplicate target", Error, fix: Unsafe
}

/// As many targets as there are metrics.
const MOST_TARGETS: usize = 3;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for scale in scales(ctx) {
        duplicate_bounds(ctx, scale, acc);
        too_many_targets(ctx, scale, acc);
        duplicate_targets(ctx, scale, acc);
    }
}

fn duplicate_bounds(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    for kind in ["min", "max", "desired"] {
        let mut items = scale.items(kind);
        let Some(first) = items.next() else { continue };
        for item in items {
            let message =
                format!("`{kind}` is given twice, and only one can be in force. Remove one of the two items.");
            acc.push(
                DUPLICATE_BOUND
                    .at(item.get(kind).unwrap_or_else(|| tag(item)), message)
                    .related(tag(first).range(), format!("The first `{kind}` is here."))
                    .fix(remove_item(ctx, item)),
            );
        }
    }
}

fn too_many_targets(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    let count = scale.items("target").count();
    if let Some(item) = scale.items("target").nth(MOST_TARGETS) {
        let message = format!(
            "There are {count} `target` items, but only {MOST_TARGETS} metrics to follow. Keep one item for each metric."
        );
        acc.push(TOO_MANY_TARGETS.at(tag(item), message).fix(remove_item(ctx, item)));
    }
}

fn duplicate_targets(ctx: &RuleContext<'_>, scale: Scale<'_>, acc: &mut Vec<Diagnostic>) {
    for metric in ["cpu", "memory", "albRequestsPerTarget"] {
        let metrics: Vec<Value<'_>> = scale
            .items("target")
            .filter_map(|item| item.get("target"))
            .filter(|target| target.as_str() == Some(metric))
            .collect();
        let Some((first, others)) = metrics.split_first() else { continue };
        // The original tool counts to exactly two, and not for requests.
        let severity =
            if others.len() == 1 && metric != "albRequestsPerTarget" { Severity::Error } else { Severity::Blocker };
        for other in others {
            let message = format!(
                "`{metric}` is followed by two `target` items, which would work against each other. Remove one of them."
            );
            let fix = other.parent().and_then(|item| remove_item(ctx, item));
            acc.push(
                DUPLICATE_TARGET
                    .at(*other, message)
                    .severity(severity)
                    .related(first.range(), format!("`{metric}` is followed here first."))
                    .fix(fix),
            );
        }
    }
}

fn remove_item(ctx: &RuleContext<'_>, item: Value<'_>) -> Option<Fix> {
    edits::remove(ctx, item).map(|edits| Fix::suggestion("Remove this item", edits))
}
