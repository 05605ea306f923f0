//! SCF067 and SCF070: roles that exist already.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::arn::Role;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a `roleArn` or `executionRoleArn` that is not the ARN of an IAM role.
    ///
    /// ## Why it matters
    /// AWS takes a role by its ARN only: `arn:aws:iam::<account>:role/<name>`, with the path before the name if the role has
    /// one. The name alone, a user or an instance profile does not work.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:user/deployer
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/service/shop
    /// ```
    ///
    /// ## Source
    /// [IAM identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)
    BAD_ROLE_ARN = "SCF067", "Bad role ARN", Blocker, fix: None;

    /// ## What it does
    /// Says that the role of `deployment.awsIam` is used.
    ///
    /// ## Why it matters
    /// The original tool accepts the key and ignores it. A project that was deployed with it ran under other roles until now;
    /// the first deployment with Slipway shows the change and asks.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/shop
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done. Remove the block if the containers are to keep the roles that are made for them.
    DEPLOYMENT_ROLE_BECOMES_ACTIVE = "SCF070", "Deployment role becomes active", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let of_all = ctx.get(&["deployment", "awsIam", "roleArn"]);
    let execution = ctx.get(&["deployment", "awsFargateEcs", "executionRoleArn"]);
    let of_containers = ctx.containers().flat_map(|container| {
        [&["compute", "awsFargateEcs", "executionRoleArn"], &["compute", "awsIam", "roleArn"][..]]
            .map(|keys| container.get(keys))
    });
    for value in [of_all, execution].into_iter().chain(of_containers).flatten() {
        bad_arn(value, acc);
    }
    if let Some(role) = of_all.filter(|role| role.as_str().is_some() || role.is_unknown()) {
        let message = "Every container without a role of its own runs under this role. The original tool ignores the key, so a \
                       deployment made with it has other roles until now.";
        acc.push(DEPLOYMENT_ROLE_BECOMES_ACTIVE.at(role.key_place(), message));
    }
}

fn bad_arn(value: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(Err(fault)) = value.as_str().map(Role::parse) else { return };
    let message = format!(
        "`{}` needs the ARN of a role, such as `arn:aws:iam::123456789012:role/name`. {fault}",
        value.key().unwrap_or_default()
    );
    acc.push(BAD_ROLE_ARN.at(value, message));
}
