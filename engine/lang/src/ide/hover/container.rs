//! A container: where it runs, which requests it answers, what it costs, what its cloud resources are called.

use super::markdown::{self, code};
use super::route::Routes;
use crate::config::number_text;
use crate::cost::Workload;
use crate::ide::hints::{cost_in_words, counted};
use crate::model::{ComputeType, DeploymentType};
use crate::names::{self, Kind, Name, Parts};
use crate::rules::{Container, RuleContext};

pub(super) fn page(ctx: &RuleContext<'_>, container: Container<'_>) -> String {
    let mut paragraphs = vec![format!("The container {}", code(container.name))];
    paragraphs.extend(markdown::list([
        container.compute_type().map(|compute| format!("Runs on {}", service(compute))),
        container.src().map(|src| format!("Built from {}", code(src))),
        Workload::of(container).map(|workload| sizes(&workload)),
    ]));
    paragraphs.extend(Routes::of(ctx).and_then(|routes| routes.describe(container)));
    paragraphs.extend(Workload::of(container).map(|workload| cost_in_words(&workload)));
    paragraphs.extend(cloud_names(ctx, container));
    paragraphs.join("\n\n")
}

/// A compute type in words.
fn service(compute: ComputeType) -> &'static str {
    match compute {
        ComputeType::Lambda => "AWS Lambda (`awsLambda`)",
        ComputeType::Fargate => "AWS Fargate (`awsFargateEcs`)",
    }
}

fn sizes(workload: &Workload) -> String {
    match workload {
        Workload::Lambda { memory } => format!("{} MB of memory", number_text(*memory)),
        Workload::Fargate { cpu, memory, tasks } => {
            let (cpu, memory) = (number_text(*cpu), number_text(*memory));
            let (least, most) = (*tasks.start(), *tasks.end());
            let count =
                if most > least { format!("{} to {}", number_text(least), counted(most)) } else { counted(least) };
            format!("{cpu} CPU units and {memory} MB of memory a task, {count}")
        }
    }
}

/// The names that the container's resources get when they are made.
fn cloud_names(ctx: &RuleContext<'_>, container: Container<'_>) -> Option<String> {
    let project = Parts::project(ctx.name()?, ctx.stage());
    let kinds = kinds(ctx, container);
    // Names are chosen beside those of the other containers, so that none is there twice.
    let mut all: Vec<Name<'_>> = Vec::new();
    for other in ctx.containers().filter(|other| other.name != container.name) {
        all.extend(kinds.iter().map(|kind| project.container(other.name).name(*kind)));
    }
    let own = all.len();
    all.extend(kinds.iter().map(|kind| project.container(container.name).name(*kind)));
    let chosen = names::chosen(&all);
    let rows = kinds.iter().zip(&chosen[own..]);
    let rows: Vec<String> = rows.map(|(kind, name)| format!("| {} | {} |", kind.formula().title, code(name))).collect();
    (!rows.is_empty()).then(|| {
        let stage = code(ctx.stage());
        format!("New resources of the stage {stage}:\n\n| Resource | Name |\n| --- | --- |\n{}", rows.join("\n"))
    })
}

/// The kinds of resource that are made for a container alone.
fn kinds(ctx: &RuleContext<'_>, container: Container<'_>) -> Vec<Kind> {
    let Some(compute) = container.compute_type() else { return Vec::new() };
    let mut kinds = match (compute, ctx.deployment_type()) {
        (ComputeType::Fargate, _) => vec![Kind::Service, Kind::TargetGroupIp, Kind::LogGroup],
        (ComputeType::Lambda, Some(DeploymentType::AwsApi)) => vec![Kind::Function, Kind::TargetGroupLambda],
        (ComputeType::Lambda, _) => vec![Kind::Function],
    };
    kinds.push(Kind::Repository);
    let has_role =
        container.get(&["compute", "awsIam", "roleArn"]).or_else(|| ctx.get(&["deployment", "awsIam", "roleArn"]));
    if has_role.is_none() {
        kinds.push(Kind::Role);
    }
    if container.get(&["compute", "awsIam", "customPolicy"]).is_some() {
        kinds.push(Kind::Policy);
    }
    kinds
}
