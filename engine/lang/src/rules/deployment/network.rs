//! SCF063 and SCF066: ids of the network's parts.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports an id of a VPC, a subnet or a security group that cannot exist.
    ///
    /// ## Why it matters
    /// These ids are `vpc-`, `subnet-` or `sg-` and 8 or 17 hexadecimal digits in lower case. AWS finds nothing under another
    /// one. Names and ARNs do not work in their place.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc_1
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
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
    /// [Resource ids](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html)
    BAD_RESOURCE_ID = "SCF063", "Bad resource id", Blocker, fix: None;

    /// ## What it does
    /// Points out that the containers and the load balancer have the same security group.
    ///
    /// ## Why it matters
    /// What the load balancer must admit from the internet is then admitted to every container as well.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef0
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
    SAME_SECURITY_GROUP_TWICE = "SCF066", "Same security group twice", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(vpc) = ctx.get(&["deployment", "awsVpc"]) else { return };
    for (key, prefix, what) in [
        ("id", "vpc-", "VPC"),
        ("publicSubnets", "subnet-", "subnet"),
        ("privateSubnets", "subnet-", "subnet"),
        ("s2sSecurityGroupId", "sg-", "security group"),
        ("loadBalancerSecurityGroupId", "sg-", "security group"),
    ] {
        let Some(value) = vpc.get(key) else { continue };
        for (value, id) in one_or_items(value).filter_map(|value| Some((value, value.as_str()?))) {
            if !is_id(id, prefix) {
                let message = format!(
                    "`{id}` is not the id of a {what}, which is `{prefix}` and 8 or 17 of the digits 0 to 9 and a to f. AWS would \
                     find nothing under it; copy the id from the console."
                );
                acc.push(BAD_RESOURCE_ID.at(value, message));
            }
        }
    }
    let group = |key| vpc.get(key).and_then(|value| Some((value, value.as_str()?)));
    if let (Some((shared, a)), Some((balancer, b))) = (group("s2sSecurityGroupId"), group("loadBalancerSecurityGroupId"))
        && a == b
    {
        let message = "The load balancer has the security group of the containers, so what it admits from the internet reaches \
                       every container too. Give it one of its own when that is not meant.";
        let diagnostic = SAME_SECURITY_GROUP_TWICE.at(balancer, message);
        acc.push(diagnostic.related(shared.range(), "The containers have it from here."));
    }
}

/// The items of a list, or the value itself.
fn one_or_items(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    (!value.is_list()).then_some(value).into_iter().chain(value.items())
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| {
        matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_are_a_prefix_and_digits() {
        for yes in ["sg-12345678", "sg-0123456789abcdef0"] {
            assert!(is_id(yes, "sg-"), "{yes}");
        }
        for no in ["", "sg-", "sg-1234567", "sg-123456789", "sg-1234567g", "sg-ABCDEF12", "vpc-12345678", "sg-漢漢ab"] {
            assert!(!is_id(no, "sg-"), "{no}");
        }
    }
}
