//! SCF060 and SCF072: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports an `awsVpc` block in which one of the five keys is missing.
    ///
    /// ## Why it matters
    /// A network is brought as a whole or not at all: nothing is added to one that belongs to somebody else.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
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
    INCOMPLETE_VPC = "SCF060", "Incomplete `awsVpc`", Error, fix: Unsafe;

    /// ## What it does
    /// Reports settings of Slack integrations in an architecture that has no integrations.
    ///
    /// ## Why it matters
    /// Only `aws@1.0` has integrations. The original tool refuses the key with `awsApi@1.0`.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: awsApi@1.0
    ///   slack:
    ///     appConfigTokenSSMParameterPath: /shop/slack-token
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   slack:
    ///     appConfigTokenSSMParameterPath: /shop/slack-token
    /// ```
    SLACK_UNAVAILABLE = "SCF072", "`slack` needs `aws@1.0`", Error, fix: Unsafe
}
