//! SCF067 and SCF070: roles that exist already.

use crate::arn::{Arn, PARTITIONS};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
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
    let Some(text) = value.as_str() else { return };
    if let Some(fault) = role_fault(text) {
        let message = format!(
            "`{}` needs the ARN of a role, `arn:aws:iam::<account>:role/<name>`, but {fault}.",
            value.key().unwrap_or_default()
        );
        acc.push(BAD_ROLE_ARN.at(value, message));
    }
}

/// What keeps a text from being the ARN of a role, as the end of a sentence.
fn role_fault(text: &str) -> Option<String> {
    let Some(arn) = Arn::parse(text) else { return Some(format!("`{text}` is no ARN")) };
    if !PARTITIONS.contains(&arn.partition) {
        return Some(format!("`{}` is not one of {}", arn.partition, PARTITIONS.join(", ")));
    }
    if arn.service != "iam" {
        return Some(format!("this one belongs to `{}`", arn.service));
    }
    if !arn.region.is_empty() {
        return Some(format!("roles have no region, and this one has `{}`", arn.region));
    }
    if !arn.has_account() {
        return Some(format!("the account `{}` does not have twelve digits", arn.account));
    }
    let (kind, path) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    if kind != "role" {
        return Some(format!("this one names a `{kind}`"));
    }
    match path.rsplit('/').next().unwrap_or_default() {
        "" => Some("the role's name is missing".to_owned()),
        name if is_role_name(name) && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'*') => None,
        name => Some(format!("`{name}` cannot be a role's name")),
    }
}

/// 1 to 64 letters, digits and `+=,.@_-`.
fn is_role_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::role_fault;

    #[test]
    fn what_is_wrong_with_an_arn_is_said() {
        for yes in [
            "arn:aws:iam::123456789012:role/app",
            "arn:aws-cn:iam::123456789012:role/app",
            "arn:aws-us-gov:iam::123456789012:role/team/app+1=2,3.4@5_6-7",
        ] {
            assert_eq!(role_fault(yes), None, "{yes}");
        }
        for (no, word) in [
            ("", "no ARN"),
            ("app", "no ARN"),
            ("arn:aws:iam::123456789012", "no ARN"),
            ("arn:awz:iam::123456789012:role/app", "`awz`"),
            ("arn:aws:sts::123456789012:assumed-role/app/x", "`sts`"),
            ("arn:aws:iam:eu-west-1:123456789012:role/app", "region"),
            ("arn:aws:iam::12345:role/app", "`12345`"),
            ("arn:aws:iam::*:role/app", "`*`"),
            ("arn:aws:iam::123456789012:user/app", "`user`"),
            ("arn:aws:iam::123456789012:role", "missing"),
            ("arn:aws:iam::123456789012:role/", "missing"),
            ("arn:aws:iam::123456789012:role/app/", "missing"),
            ("arn:aws:iam::123456789012:role/my app", "`my app`"),
            ("arn:aws:iam::123456789012:role/app-*", "`app-*`"),
            ("arn:aws:iam::123456789012:role/漢", "`漢`"),
        ] {
            let fault = role_fault(no);
            assert!(fault.as_ref().is_some_and(|fault| fault.contains(word)), "{no}: {fault:?}");
        }
    }
}
