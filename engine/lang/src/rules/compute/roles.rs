//! SCF126 to SCF128: roles of a container.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::model::ComputeType;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Says that a container's `executionRoleArn` comes into force.
    ///
    /// ## Why it matters
    /// The original tool accepts the key and uses its own role all the same. Slipway uses the role that is named: ECS pulls
    /// the image and writes the logs with it, so it must be allowed to. The first deployment of a project that the original
    /// tool made shows the change and asks.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     executionRoleArn: arn:aws:iam::123456789012:role/pull-images
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done when the role is meant. Otherwise remove the key.
    ///
    /// ## Source
    /// [Task execution role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html)
    CONTAINER_EXECUTION_ROLE = "SCF126", "Container execution role becomes active", Info, fix: None;

    /// ## What it does
    /// Says that a container's `roleArn` comes into force.
    ///
    /// ## Why it matters
    /// The original tool accepts the key and makes a role of its own all the same. Slipway runs the container under the role
    /// that is named. The first deployment of a project that the original tool made shows the change and asks.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/app
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done when the role is meant. Otherwise remove the key.
    CONTAINER_ROLE = "SCF127", "Container role becomes active", Info, fix: None;

    /// ## What it does
    /// Reports a container with both `roleArn` and `customPolicy`.
    ///
    /// ## Why it matters
    /// A policy of its own belongs to the role that Slipway makes for the container. A role that is named is yours, and no
    /// policy is attached to it.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/app
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::reports/*
    /// ```
    ROLE_AND_POLICY_TOGETHER = "SCF128", "Role and policy together", Blocker, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let is_set = |value: &Value<'_>| !value.is_null();
    for container in ctx.containers() {
        let execution = container.fargate().and_then(|fargate| fargate.get("executionRoleArn")).filter(is_set);
        if let Some(role) = execution
            && container.compute_type() == Some(ComputeType::Fargate)
        {
            let message = "ECS will use this role to pull the image and to write the logs. The original tool accepts the key and \
                           takes no notice of it.";
            acc.push(CONTAINER_EXECUTION_ROLE.at(role, message));
        }
        let Some(iam) = container.get(&["compute", "awsIam"]) else { continue };
        let Some(role) = iam.get("roleArn").filter(is_set) else { continue };
        let message =
            "The container will run under this role. The original tool accepts the key and takes no notice of it.";
        acc.push(CONTAINER_ROLE.at(role, message));
        if let Some(policy) = iam.get("customPolicy").filter(is_set) {
            let message = "`roleArn` and `customPolicy` exclude each other: no policy is attached to a role that you bring. Remove one of them.";
            let remove = |value, name: &str| {
                edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits))
            };
            acc.push(
                ROLE_AND_POLICY_TOGETHER
                    .at(role.key_place(), message)
                    .related(policy.key_range(), "The policy is written here.")
                    .fix(remove(role, "roleArn"))
                    .fix(remove(policy, "customPolicy")),
            );
        }
    }
}
