//! SCF167 to SCF172: the bands around the threshold of a `step` item.

use super::view::scales;
use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place, Rule, Severity};
use crate::fix::Literal;
use crate::rules::{RuleContext, edits};
use crate::text::{TextEdit, TextRange};

declare_rule! {
    /// ## What it does
    /// Reports a `step` item whose list of `stepAdjustments` is empty.
    ///
    /// ## Why it matters
    /// The policy would do nothing, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - {type: max, max: 4}
    ///       - type: step
    ///         adjustmentType: ChangeInCapacity
    ///         metricName: CPUUtilization
    ///         namespace: AWS/ECS
    ///         threshold: 75
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments: []
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
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
    NO_STEP_ADJUSTMENTS = "SCF167", "No step adjustments", Error, fix: Unsafe;

    /// ## What it does
    /// Reports bands that overlap, that are out of order, or that end before they begin.
    ///
    /// ## Why it matters
    /// For each value of the metric there must be one band that says what to do. The original tool also asks for rising order.
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 15, scalingAdjustment: 2}
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, scalingAdjustment: 2}
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    STEP_OVERLAP = "SCF168", "Step overlap or inverted", Error, fix: Mixed;

    /// ## What it does
    /// Reports a gap between two bands.
    ///
    /// ## Why it matters
    /// AWS refuses the policy: it would not be defined what to do for a metric in the gap.
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 30, scalingAdjustment: 2}
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, scalingAdjustment: 2}
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    STEP_GAP = "SCF169", "Gap between steps", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a second band without a lower end, or a second one without an upper end.
    ///
    /// ## Why it matters
    /// Two bands that are open on the same side overlap, and AWS refuses the policy.
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, scalingAdjustment: 2}
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, scalingAdjustment: 2}
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    OPEN_ENDS = "SCF170", "Several open ends", Blocker, fix: None;

    /// ## What it does
    /// Reports a band with neither a lower nor an upper end.
    ///
    /// ## Why it matters
    /// AWS refuses a band that covers every value of the metric: one of its ends must be given.
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - scalingAdjustment: 1
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - metricIntervalLowerBound: 0
    ///             scalingAdjustment: 1
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    STEP_WITHOUT_BOUNDS = "SCF171", "Step without bounds", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports bands below the threshold of which none is open below, and bands above it of which none is open above.
    ///
    /// ## Why it matters
    /// AWS refuses the policy: it would not be defined what to do for a metric beyond the last band.
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, metricIntervalUpperBound: 40, scalingAdjustment: 2}
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
    ///         threshold: 60
    ///         comparisonOperator: GreaterThanThreshold
    ///         stepAdjustments:
    ///           - {metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1}
    ///           - {metricIntervalLowerBound: 20, scalingAdjustment: 2}
    /// ```
    ///
    /// ## Source
    /// [StepAdjustment](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html)
    MISSING_OPEN_END = "SCF172", "Missing open end", Blocker, fix: Unsafe
}

const LOWER: &str = "metricIntervalLowerBound";
const UPPER: &str = "metricIntervalUpperBound";

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for step in scales(ctx).flat_map(|scale| scale.items("step").collect::<Vec<_>>()) {
        let Some(list) = step.get("stepAdjustments").filter(|list| list.is_list()) else { continue };
        // One band that cannot be read may be the very one that the others seem to lack.
        let Some(bands) = list.items().map(Band::new).collect::<Option<Vec<_>>>() else { continue };
        without_bounds(ctx, step, &bands, acc);
        several_open_ends(&bands, acc);
        missing_open_ends(ctx, &bands, acc);
        neighbours(ctx, list, &bands, acc);
    }
}

/// One item of `stepAdjustments`. An end that is absent is open.
#[derive(Clone, Copy)]
struct Band<'a> {
    item: Value<'a>,
    lower: Option<End<'a>>,
    upper: Option<End<'a>>,
}

#[derive(Clone, Copy)]
struct End<'a> {
    at: f64,
    value: Value<'a>,
}

impl<'a> Band<'a> {
    /// Reads an item; `None` when an end is not known.
    fn new(item: Value<'a>) -> Option<Self> {
        if !item.is_map() {
            return None;
        }
        let end = |key| match item.get(key) {
            None => Some(None),
            Some(value) => value.as_f64().map(|at| Some(End { at, value })),
        };
        Some(Self { item, lower: end(LOWER)?, upper: end(UPPER)? })
    }

    fn is_inverted(self) -> bool {
        matches!((self.lower, self.upper), (Some(lower), Some(upper)) if upper.at <= lower.at)
    }

    fn place(self) -> Place {
        Place { range: self.item.heading(), ..self.item.place() }
    }
}

fn without_bounds(ctx: &RuleContext<'_>, step: Value<'_>, bands: &[Band<'_>], acc: &mut Vec<Diagnostic>) {
    let operator = step.get("comparisonOperator").and_then(Value::as_str);
    let key = match operator {
        Some(operator) if operator.starts_with("Greater") => Some(LOWER),
        Some(operator) if operator.starts_with("Less") => Some(UPPER),
        _ => None,
    };
    for band in bands.iter().filter(|band| band.lower.is_none() && band.upper.is_none()) {
        let message = format!(
            "This step has neither a `{LOWER}` nor a `{UPPER}`, and AWS asks for at least one of them. Both are counted from the \
             threshold."
        );
        // With further bands nobody can tell where this one is to lie.
        let edits =
            key.filter(|_| bands.len() == 1).and_then(|key| Some((key, edits::add_entry(ctx, band.item, key, "0")?)));
        acc.push(
            STEP_WITHOUT_BOUNDS
                .at(band.place(), message)
                .fix(edits.map(|(key, edits)| Fix::suggestion(format!("Add `{key}: 0`"), edits))),
        );
    }
}

fn several_open_ends(bands: &[Band<'_>], acc: &mut Vec<Diagnostic>) {
    let below: Vec<_> = bands.iter().filter(|band| band.lower.is_none()).collect();
    let above: Vec<_> = bands.iter().filter(|band| band.upper.is_none()).collect();
    for (open, key, side) in [(below, LOWER, "below"), (above, UPPER, "above")] {
        let Some((first, others)) = open.split_first() else { continue };
        for other in others {
            let message = format!(
                "This step has no `{key}`, and neither has another one, so that both are open {side} and overlap. Give one of them \
                 a `{key}`."
            );
            acc.push(
                OPEN_ENDS
                    .at(other.place(), message)
                    .related(first.item.heading(), format!("This step is open {side} too.")),
            );
        }
    }
}

fn missing_open_ends(ctx: &RuleContext<'_>, bands: &[Band<'_>], acc: &mut Vec<Diagnostic>) {
    let lowest = bands.iter().filter_map(|band| Some((band, band.lower?))).min_by(|a, b| a.1.at.total_cmp(&b.1.at));
    let highest = bands.iter().filter_map(|band| Some((band, band.upper?))).max_by(|a, b| a.1.at.total_cmp(&b.1.at));
    let below = lowest.filter(|(_, end)| end.at < 0.0 && bands.iter().all(|band| band.lower.is_some()));
    let above = highest.filter(|(_, end)| end.at > 0.0 && bands.iter().all(|band| band.upper.is_some()));
    for (found, key, side) in [(below, LOWER, "below"), (above, UPPER, "above")] {
        let Some((band, end)) = found else { continue };
        let message = format!(
            "The bands end at {} and none is open {side}, so that nothing says what to do beyond. Leave out the `{key}` of the last \
             band, or add a band without one.",
            number_text(end.at)
        );
        // An end must be left.
        let edits = edits::remove(ctx, end.value).filter(|_| band.lower.is_some() && band.upper.is_some());
        acc.push(
            MISSING_OPEN_END
                .at(end.value, message)
                .fix(edits.map(|edits| Fix::suggestion(format!("Leave the band open {side}"), edits))),
        );
    }
}

/// Holds each band against the one before it.
fn neighbours(ctx: &RuleContext<'_>, list: Value<'_>, bands: &[Band<'_>], acc: &mut Vec<Diagnostic>) {
    let count = acc.len();
    for (index, band) in bands.iter().enumerate().filter(|(_, band)| band.is_inverted()) {
        let (Some(lower), Some(upper)) = (band.lower, band.upper) else { continue };
        let message = format!(
            "The step begins at {} and ends at {}. Its upper bound must be greater than its lower bound.",
            number_text(lower.at),
            number_text(upper.at)
        );
        let swapped = edits::replace(ctx, lower.value, Literal::Number(upper.at))
            .zip(edits::replace(ctx, upper.value, Literal::Number(lower.at)))
            .filter(|_| upper.at < lower.at)
            .map(|(lower, upper)| Fix::suggestion("Swap the bounds", [lower, upper].concat()));
        // The original tool does not look at the first step.
        let severity = if index == 0 { Severity::Blocker } else { Severity::Error };
        acc.push(STEP_OVERLAP.at(upper.value, message).severity(severity).fix(swapped));
    }
    let in_order = in_order(bands);
    for pair in bands.windows(2) {
        if let (Some(upper), Some(lower)) = (pair[0].upper, pair[1].lower)
            && lower.at < upper.at
        {
            let message = format!(
                "The step begins at {}, before the end of the step above, {}. Steps must be in rising order and may not overlap.",
                number_text(lower.at),
                number_text(upper.at)
            );
            let fix = match &in_order {
                // One fix mends all pairs.
                Some(_) if acc.len() > count => None,
                Some(sorted) => sort(ctx, list, bands, sorted).map(|edits| Fix::safe("Sort the steps", edits)),
                None => edits::replace(ctx, lower.value, Literal::Number(upper.at))
                    .map(|edits| Fix::suggestion(format!("Begin at {}", number_text(upper.at)), edits)),
            };
            acc.push(
                STEP_OVERLAP
                    .at(lower.value, message)
                    .related(upper.value.range(), "The step above ends here.")
                    .fix(fix),
            );
        }
    }
    if acc.len() == count {
        sorted_neighbours(ctx, bands, acc);
    }
}

/// What AWS asks of bands beyond what the original tool asks: their order in the file does not count, and open ends do.
fn sorted_neighbours(ctx: &RuleContext<'_>, bands: &[Band<'_>], acc: &mut Vec<Diagnostic>) {
    let sorted = sorted(bands);
    for pair in sorted.windows(2) {
        let Some(lower) = pair[1].lower else { continue }; // two are open below, which is reported as such
        let (rule, message, edits): (&'static Rule, String, Option<Vec<TextEdit>>) = match pair[0].upper {
            Some(upper) if lower.at == upper.at => continue,
            Some(upper) if lower.at > upper.at => (
                &STEP_GAP,
                format!(
                    "Between the step that ends at {} and this one, which begins at {}, nothing says what to do. Make them meet.",
                    number_text(upper.at),
                    number_text(lower.at)
                ),
                edits::replace(ctx, lower.value, Literal::Number(upper.at)),
            ),
            Some(upper) => (
                &STEP_OVERLAP,
                format!(
                    "The step begins at {}, before the end of another one, {}. Steps may not overlap.",
                    number_text(lower.at),
                    number_text(upper.at)
                ),
                edits::replace(ctx, lower.value, Literal::Number(upper.at)),
            ),
            None if pair[1].upper.is_none() => continue, // two are open above, likewise
            None => (
                &STEP_OVERLAP,
                format!(
                    "The step begins at {}, but another one has no `{UPPER}` and covers it. Give that one an end.",
                    number_text(lower.at)
                ),
                None,
            ),
        };
        let begin = pair[0].upper.map(|upper| format!("Begin at {}", number_text(upper.at)));
        acc.push(
            rule.at(lower.value, message)
                .severity(Severity::Blocker)
                .related(
                    pair[0].upper.map_or(pair[0].item.heading(), |upper| upper.value.range()),
                    "The other step is here.",
                )
                .fix(begin.zip(edits).map(|(title, edits)| Fix::suggestion(title, edits))),
        );
    }
}

fn sorted<'a>(bands: &[Band<'a>]) -> Vec<Band<'a>> {
    let start = |band: &Band<'_>| band.lower.map_or(f64::NEG_INFINITY, |lower| lower.at);
    let mut sorted = bands.to_vec();
    sorted.sort_by(|a, b| start(a).total_cmp(&start(b)));
    sorted
}

/// The bands by their lower ends, when that is all they lack.
fn in_order<'a>(bands: &[Band<'a>]) -> Option<Vec<Band<'a>>> {
    let sorted = sorted(bands);
    let meets = |pair: &[Band<'_>]| matches!((pair[0].upper, pair[1].lower), (Some(upper), Some(lower)) if upper.at == lower.at);
    (!bands.iter().any(|band| band.is_inverted()) && sorted.windows(2).all(meets)).then_some(sorted)
}

/// Puts the texts of the bands into another order; `None` where something else than the bands stands between them.
fn sort(ctx: &RuleContext<'_>, list: Value<'_>, bands: &[Band<'_>], sorted: &[Band<'_>]) -> Option<Vec<TextEdit>> {
    let tree = ctx.tree();
    let range = |band: &Band<'_>| tree.node(band.item.node()).range;
    let movable = |band: &Band<'_>| {
        let node = tree.node(band.item.node());
        band.item.is_written_here() && node.anchor.is_none() && node.tag.is_none()
    };
    let first = bands.first()?;
    let last_line = ctx.source().line_of(range(bands.last()?).end());
    let stretch = TextRange::new(range(first).start(), ctx.source().line_range(last_line)?.end());
    let has_comment = tree.comments().iter().any(|comment| stretch.contains_range(*comment));
    if has_comment || !list.is_written_here() || !bands.iter().all(movable) {
        return None;
    }
    let edits = bands.iter().zip(sorted).filter(|(old, new)| old.item != new.item);
    Some(edits.map(|(old, new)| TextEdit::replace(range(old), ctx.source().slice(range(new)))).collect())
}
