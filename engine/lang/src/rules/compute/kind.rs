//! SCF110 to SCF113: the compute type, and the blocks that go with it.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Rule};
use crate::fix::Literal;
use crate::model::ComputeType;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a compute type that does not exist.
    ///
    /// ## Why it matters
    /// A container runs on Lambda (`awsLambda`) or on Fargate (`awsFargateEcs`); nothing else can be deployed.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: lambda
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    UNKNOWN_COMPUTE_TYPE = "SCF110", "Unknown compute type", Error, fix: Mixed;

    /// ## What it does
    /// Says that a container without a compute type runs on Lambda.
    ///
    /// ## Why it matters
    /// The original tool takes the file but forgets the default: it builds and pushes the image and then fails. Writing the type
    /// out makes both tools do the same.
    ///
    /// ## Example
    /// ```yaml container
    /// compute: {}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    COMPUTE_TYPE_DEFAULTED = "SCF111", "Compute type defaulted", Info, fix: Safe;

    /// ## What it does
    /// Reports Fargate settings on a container that runs on Lambda. A container without a `type` runs on Lambda.
    ///
    /// ## Why it matters
    /// The settings contradict the type, and nobody can tell which of the two is meant.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   awsFargateEcs:
    ///     cpu: 512
    ///     memory: 1024
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 512
    ///     memory: 1024
    /// ```
    FARGATE_BLOCK_ON_LAMBDA = "SCF112", "Fargate block on Lambda", Error, fix: Unsafe;

    /// ## What it does
    /// Reports Lambda settings on a container that runs on Fargate.
    ///
    /// ## Why it matters
    /// The settings contradict the type, and nobody can tell which of the two is meant.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsLambda:
    ///     memory: 1024
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     memory: 1024
    /// ```
    LAMBDA_BLOCK_ON_FARGATE = "SCF113", "Lambda block on Fargate", Error, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let Some((compute, kind)) = container.get(&["compute"]).zip(container.compute_type()) else { continue };
        let (stray, rule): (_, &Rule) = match kind {
            ComputeType::Lambda => (container.fargate(), &FARGATE_BLOCK_ON_LAMBDA),
            ComputeType::Fargate => (container.lambda(), &LAMBDA_BLOCK_ON_FARGATE),
        };
        if let Some(block) = stray.filter(|block| block.is_map()) {
            acc.push(crossed(ctx, compute, kind, block, rule));
        } else if compute.get("type").is_none() && stray.is_none() {
            let message = "Without a `type` the container runs on Lambda. The original tool fails on such a file while it deploys; \
                           write `type: awsLambda`.";
            let fix = edits::add_first(ctx, compute, "type", ComputeType::Lambda.name());
            let fix = fix.map(|edits| Fix::safe("Add `type: awsLambda`", edits));
            acc.push(COMPUTE_TYPE_DEFAULTED.at(compute.missing_place("type"), message).fix(fix));
        }
    }
}

/// A block of settings that belongs to the other compute type.
fn crossed(
    ctx: &RuleContext<'_>,
    compute: Value<'_>,
    kind: ComputeType,
    block: Value<'_>,
    rule: &'static Rule,
) -> Diagnostic {
    let written = compute.get("type");
    let (name, other) = match kind {
        ComputeType::Lambda => ("awsFargateEcs", ComputeType::Fargate),
        ComputeType::Fargate => ("awsLambda", ComputeType::Lambda),
    };
    let reason = if written.is_some() { "is" } else { "is not written, which means" };
    let message = format!(
        "`{name}` does not apply: the compute type {reason} `{}`. Change the type to `{}`, or remove `{name}`.",
        kind.name(),
        other.name()
    );
    // With settings for the present type beside it, a change of the type would only turn the fault around.
    let switch = compute.get(kind.name()).is_none().then(|| match written {
        Some(written) => edits::replace(ctx, written, Literal::Text(other.name())),
        None => edits::add_first(ctx, compute, "type", other.name()),
    });
    let switch = switch.flatten().map(|edits| Fix::suggestion(format!("Use `type: {}`", other.name()), edits));
    let remove = edits::remove(ctx, block).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
    let diagnostic = rule.at(block.key_place(), message).fix(switch).fix(remove);
    match written {
        Some(written) => diagnostic.related(written.range(), "The compute type is chosen here."),
        None => diagnostic,
    }
}
