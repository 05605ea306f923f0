//! SCF061, SCF062, SCF064, SCF065: the two lists of subnets.

use std::collections::HashMap;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::model::ComputeType;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports fewer than two public subnets.
    ///
    /// ## Why it matters
    /// The load balancer stands in the public subnets, and an application load balancer needs subnets in at least two
    /// availability zones. AWS refuses to make it otherwise.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    ///
    /// ## Source
    /// [Subnets for your load balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html)
    TOO_FEW_PUBLIC_SUBNETS = "SCF061", "Too few public subnets", Blocker, fix: None;

    /// ## What it does
    /// Reports fewer than two private subnets. Without any, a project with a Fargate container cannot be deployed, and the
    /// finding stops a deployment.
    ///
    /// ## Why it matters
    /// Fargate tasks and functions with `vpc: true` run in the private subnets. With a single one, all of them are lost
    /// together when its availability zone is.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    TOO_FEW_PRIVATE_SUBNETS = "SCF062", "Too few private subnets", Warning, fix: None;

    /// ## What it does
    /// Reports a subnet that stands twice in one list.
    ///
    /// ## Why it matters
    /// It counts once. Most likely another subnet was meant, in another availability zone.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets:
    ///       - subnet-0123456789abcdef0
    ///       - subnet-0123456789abcdef1
    ///       - subnet-0123456789abcdef0
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets:
    ///       - subnet-0123456789abcdef0
    ///       - subnet-0123456789abcdef1
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    DUPLICATE_SUBNET = "SCF064", "Duplicate subnet", Warning, fix: Safe;

    /// ## What it does
    /// Points out a subnet that stands in both lists.
    ///
    /// ## Why it matters
    /// A subnet has one route to the outside. If it is a public one, the tasks in it need public addresses and can be
    /// reached as far as their security group allows.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// ```
    PUBLIC_USED_AS_PRIVATE = "SCF065", "Public subnet used as private", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(vpc) = ctx.get(&["deployment", "awsVpc"]) else { return };
    let list = |key| vpc.get(key).filter(|list| list.is_list());
    let (public, private) = (list("publicSubnets"), list("privateSubnets"));
    let public_ids = public.map(|list| ids(ctx, list, acc)).unwrap_or_default();
    let private_ids = private.map(|list| ids(ctx, list, acc)).unwrap_or_default();
    if let Some(list) = public {
        let count = count(list, &public_ids);
        if count < 2 {
            let message = format!(
                "`publicSubnets` has {}, but the load balancer needs two in different availability zones. Name another one.",
                subnets(count)
            );
            acc.push(TOO_FEW_PUBLIC_SUBNETS.at(list.key_place(), message));
        }
    }
    if let Some(list) = private {
        too_few_private(ctx, list, count(list, &private_ids), acc);
    }
    for subnet in private.into_iter().flat_map(Value::items) {
        let Some(id) = subnet.as_str() else { continue };
        if let (Some(twin), true) = (public_ids.get(id), private_ids.get(id) == Some(&subnet)) {
            let message = format!(
                "`{id}` is also a public subnet. In a public subnet, tasks need public addresses to reach anything outside; name a \
                 private one when they should not have any."
            );
            let diagnostic = PUBLIC_USED_AS_PRIVATE.at(subnet, message);
            acc.push(diagnostic.related(twin.range(), "Here it is a public subnet."));
        }
    }
}

/// The ids of a list, each with its first place; reports those that stand there again.
fn ids<'a>(ctx: &RuleContext<'a>, list: Value<'a>, acc: &mut Vec<Diagnostic>) -> HashMap<&'a str, Value<'a>> {
    let mut ids: HashMap<&str, Value<'_>> = HashMap::new();
    for item in list.items() {
        let Some(id) = item.as_str() else { continue };
        let Some(first) = ids.get(id) else {
            ids.insert(id, item);
            continue;
        };
        let message = format!("`{id}` stands twice in this list and counts once. Remove it, or name another subnet.");
        let fix = edits::remove(ctx, item).map(|edits| Fix::safe("Remove the second one", edits));
        let diagnostic = DUPLICATE_SUBNET.at(item, message).related(first.range(), "It stands here already.");
        acc.push(diagnostic.unnecessary().fix(fix));
    }
    ids
}

/// How many subnets a list names; what is still unknown counts as one of its own.
fn count(list: Value<'_>, ids: &HashMap<&str, Value<'_>>) -> usize {
    ids.len() + list.items().filter(|item| item.as_str().is_none()).count()
}

fn too_few_private(ctx: &RuleContext<'_>, list: Value<'_>, count: usize, acc: &mut Vec<Diagnostic>) {
    let fargate = ctx.containers().find(|container| container.compute_type() == Some(ComputeType::Fargate));
    let (severity, why) = match (count, fargate) {
        (2.., _) => return,
        (0, Some(container)) => {
            (Severity::Blocker, format!("the Fargate container `{}` has to run in one", container.name))
        }
        (0, None) => {
            (Severity::Warning, "Fargate containers and functions with `vpc: true` need them to run in".to_owned())
        }
        (1, _) => (Severity::Warning, "all that runs in it is lost when its availability zone is".to_owned()),
    };
    let message = format!("`privateSubnets` has {}, but {why}. Name at least two.", subnets(count));
    acc.push(TOO_FEW_PRIVATE_SUBNETS.at(list.key_place(), message).severity(severity));
}

fn subnets(count: usize) -> String {
    match count {
        0 => "no subnet".to_owned(),
        1 => "only one subnet".to_owned(),
        _ => format!("{count} subnets"),
    }
}
