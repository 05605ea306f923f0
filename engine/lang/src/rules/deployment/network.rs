//! SCF063 and SCF066: ids of the network's parts.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::identifiers::{is_security_group_id, is_subnet_id, is_vpc_id};
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

/// A key of `awsVpc` under which ids stand.
struct Key {
    name: &'static str,
    /// What the ids belong to.
    what: &'static str,
    prefix: &'static str,
    is_id: fn(&str) -> bool,
}

const KEYS: &[Key] = &[
    Key { name: "id", what: "VPC", prefix: "vpc-", is_id: is_vpc_id },
    Key { name: "publicSubnets", what: "subnet", prefix: "subnet-", is_id: is_subnet_id },
    Key { name: "privateSubnets", what: "subnet", prefix: "subnet-", is_id: is_subnet_id },
    Key { name: "s2sSecurityGroupId", what: "security group", prefix: "sg-", is_id: is_security_group_id },
    Key { name: "loadBalancerSecurityGroupId", what: "security group", prefix: "sg-", is_id: is_security_group_id },
];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(vpc) = ctx.get(&["deployment", "awsVpc"]) else { return };
    for Key { name, what, prefix, is_id } in KEYS {
        for value in vpc.get(name).into_iter().flat_map(one_or_items) {
            if let Some(id) = value.as_str().filter(|id| !is_id(id)) {
                let message = format!(
                    "`{id}` is not the id of a {what}, which is `{prefix}` and 8 or 17 of the digits 0 to 9 and a to f. AWS would \
                     find nothing under it; copy the id from the console."
                );
                acc.push(BAD_RESOURCE_ID.at(value, message));
            }
        }
    }
    let group = |key| vpc.get(key).and_then(|value| Some((value, value.as_str()?)));
    if let (Some((shared, a)), Some((balancer, b))) =
        (group("s2sSecurityGroupId"), group("loadBalancerSecurityGroupId"))
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
