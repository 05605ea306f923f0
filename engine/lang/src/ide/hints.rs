//! What is in force although it is not written: defaults, the values of variables, the order of routes, costs.

use super::hover::route::Routes;
use super::policy;
use super::shown::{self, MASK};
use crate::config::Value;
use crate::cost::{self, Workload};
use crate::limits::prices;
use crate::model::{self, ComputeType, Property, Shape};
use crate::rules::{Container, RuleContext};
use crate::text::{TextRange, TextSize};
use crate::variables::Effective;
use crate::yaml::{CollectionStyle, NodeKind, ScalarStyle};

/// Variables of one text that a tooltip explains.
const MOST_EXPLAINED: usize = 10;

/// A few words that are shown between what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where they are shown.
    pub offset: TextSize,
    /// The words.
    pub label: String,
    /// What they mean, in Markdown.
    pub tooltip: String,
    /// What they are about.
    pub kind: HintKind,
}

/// What a hint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HintKind {
    /// Defaults that are in force.
    Default,
    /// The value that a variable gives.
    Variable,
    /// When a route is tried.
    Route,
    /// What a container costs.
    Cost,
    /// What a policy of IAM comes to.
    Policy,
}

/// The hints in a part of the document, in the order of the text.
pub fn hints(ctx: &RuleContext<'_>, range: TextRange) -> Vec<Hint> {
    let mut all = Vec::new();
    for container in ctx.containers() {
        all.extend(cost_of(ctx, container));
        defaults(ctx, container, &mut all);
    }
    routes(ctx, &mut all);
    policy::hints::add(ctx, range, &mut all);
    variables(ctx, range, &mut all);
    all.retain(|hint| range.contains_inclusive(hint.offset));
    all.sort_by_key(|hint| hint.offset);
    all
}

fn cost_of(ctx: &RuleContext<'_>, container: Container<'_>) -> Option<Hint> {
    let workload = Workload::of(container)?;
    let label = match &workload {
        Workload::Fargate { .. } => format!("≈ {}/month", cost::dollars(workload.monthly())),
        Workload::Lambda { .. } => format!("{}/month idle", cost::dollars(workload.monthly())),
    };
    let offset = heading_end(ctx, container.value);
    Some(Hint { offset, label, tooltip: cost_in_words(&workload), kind: HintKind::Cost })
}

/// How a container's cost comes about.
pub(super) fn cost_in_words(workload: &Workload) -> String {
    let basis = format!(
        "Prices on demand in {}, without free tiers. Traffic, logs and the shared load balancer ({} a month) come on top.",
        prices::REGION,
        cost::dollars(cost::balancer_month())
    );
    match workload {
        Workload::Fargate { cpu, memory, tasks } => {
            let (least, most) = (*tasks.start(), *tasks.end());
            let month = |tasks| cost::dollars(cost::fargate_month(*cpu, *memory, tasks));
            let scaled = if most > least { format!(", up to {} with {most}", month(most)) } else { String::new() };
            format!(
                "About {} a month with {} of {cpu} CPU units and {memory} MB{scaled}, each running {} hours.\n\n{basis}",
                month(least),
                counted(least),
                cost::HOURS
            )
        }
        Workload::Lambda { memory } => {
            let million = cost::dollars(cost::lambda_requests(*memory, 1e6, 0.1));
            format!(
                "A function costs nothing while nobody asks it. A million requests of 0.1 seconds each cost about {million} \
                 at {memory} MB.\n\n{basis}"
            )
        }
    }
}

/// `1 task`, `3 tasks`.
pub(super) fn counted(tasks: f64) -> String {
    if tasks == 1.0 { "1 task".to_owned() } else { format!("{tasks} tasks") }
}

fn defaults(ctx: &RuleContext<'_>, container: Container<'_>, acc: &mut Vec<Hint>) {
    let Some(compute) = container.get(&["compute"]).filter(|compute| compute.is_map()) else { return };
    let Some(kind) = container.compute_type() else { return };
    let mut of_compute = Vec::new();
    if let (None, Some(property)) = (compute.get("type"), model::compute_property("type")) {
        of_compute.push((format!("type {}", kind.name()), first_paragraph(property.doc)));
    }
    match compute.get(kind.name()) {
        None => of_compute.extend(absent_sizes(kind, None)),
        Some(sizes) if sizes.is_map() || sizes.is_null() => {
            acc.extend(default_hint(ctx, sizes, &absent_sizes(kind, Some(sizes))));
        }
        Some(_) => {}
    }
    acc.extend(default_hint(ctx, compute, &of_compute));
}

fn default_hint(ctx: &RuleContext<'_>, at: Value<'_>, absent: &[(String, &str)]) -> Option<Hint> {
    if absent.is_empty() {
        return None;
    }
    let labels: Vec<&str> = absent.iter().map(|(label, _)| label.as_str()).collect();
    let lines: Vec<String> = absent.iter().map(|(label, doc)| format!("- `{label}`: {doc}")).collect();
    Some(Hint {
        offset: heading_end(ctx, at),
        label: labels.join(" · "),
        tooltip: format!("Not written, so that the defaults are in force:\n\n{}", lines.join("\n")),
        kind: HintKind::Default,
    })
}

/// The sizes that are not written, as they are in force, each with its meaning.
fn absent_sizes(kind: ComputeType, block: Option<Value<'_>>) -> Vec<(String, &'static str)> {
    let is_absent = |property: &&Property| block.and_then(|block| block.get(property.name)).is_none();
    let absent = model::sizes(kind).properties.iter().filter(is_absent);
    let shown = absent.filter_map(|property| {
        let unit = match property.shape {
            Shape::Number(number) => number.unit,
            Shape::NumberChoice(_) => "",
            // Without a list of bounds and policies there is one task.
            Shape::List(_) => return Some((counted(1.0), first_paragraph(property.doc))),
            _ => return None,
        };
        let label = format!("{} {} {}", property.name, property.default?, short_unit(unit));
        Some((label.trim_end().to_owned(), first_paragraph(property.doc)))
    });
    shown.collect()
}

fn first_paragraph(doc: &'static str) -> &'static str {
    doc.split("\n\n").next().unwrap_or(doc)
}

fn short_unit(unit: &str) -> &str {
    if unit == "seconds" { "s" } else { unit }
}

/// Where the line ends on which a value is announced. Where all of it stands in brackets on that line, the end of these.
pub(super) fn heading_end(ctx: &RuleContext<'_>, value: Value<'_>) -> TextSize {
    let source = ctx.source();
    let node = ctx.tree().node(value.node());
    let heading = value.key_range();
    let is_flow = matches!(
        &node.kind,
        NodeKind::Mapping { style: CollectionStyle::Flow, .. }
            | NodeKind::Sequence { style: CollectionStyle::Flow, .. }
    );
    let line = source.line_of(heading.start());
    if is_flow && value.is_written_here() && source.line_of(node.range.end()) == line {
        return node.range.end();
    }
    let range = source.line_range(line).unwrap_or(heading);
    let comments = ctx.tree().comments();
    let next = comments.get(comments.partition_point(|comment| comment.start() < range.start()));
    let end = next.map(|comment| comment.start()).filter(|start| *start < range.end()).unwrap_or(range.end());
    let text = source.slice(TextRange::new(range.start(), end)).trim_end();
    range.start() + TextSize::of(text)
}

fn routes(ctx: &RuleContext<'_>, acc: &mut Vec<Hint>) {
    let Some(routes) = Routes::of(ctx).filter(|routes| routes.len() == ctx.containers().len()) else { return };
    for (container, place) in routes.places() {
        let Some(pattern) = container.get(&["routing", "pathPattern"]) else { continue };
        let label = match place.priority {
            Some(priority) => format!("priority {priority}"),
            None if routes.len() > 1 => format!("route {} of {}", place.rank, routes.len()),
            None => continue,
        };
        acc.push(Hint {
            offset: pattern.range().end(),
            label,
            tooltip: place.in_words(routes.len()),
            kind: HintKind::Route,
        });
    }
}

fn variables(ctx: &RuleContext<'_>, wanted: TextRange, acc: &mut Vec<Hint>) {
    let (tree, variables) = (ctx.tree(), ctx.config.variables());
    for (id, node) in tree.nodes() {
        let NodeKind::Scalar(scalar) = &node.kind else { continue };
        let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block || !wanted.contains_inclusive(node.range.end()) {
            continue;
        }
        let Some(template) = variables.template(id).filter(|template| template.is_variable()) else { continue };
        let Some(shown) = ctx.config.value_at(id).and_then(shown::lone_value) else { continue };
        let looked_up = template.own_variables().filter(|variable| variable.is_lookup());
        let given = looked_up.take(MOST_EXPLAINED).map(|variable| {
            let written = &scalar.text[variable.range.clone()];
            match shown::variable(ctx.config, id, variable) {
                Effective::Value(value) if shown != MASK => format!("`{written}` gives `{value}`."),
                _ => format!("What `{written}` gives is not shown."),
            }
        });
        let tooltip = given.collect::<Vec<_>>().join("\n\n");
        acc.push(Hint { offset: node.range.end(), label: format!("= {shown}"), tooltip, kind: HintKind::Variable });
    }
}
