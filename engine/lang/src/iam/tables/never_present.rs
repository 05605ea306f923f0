//! Condition keys that a request made with the role of a function or a task never has.

/// The keys, sorted without regard to ASCII case.
pub static NEVER_PRESENT: &[&str] = &[
    "aws:AssumedRoot",
    "aws:ChatbotSourceArn",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:Referer",
    "aws:SignInSessionArn",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:username",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "ssm:SourceInstanceARN",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn names_are_sorted_and_known() {
        assert_sorted(NEVER_PRESENT.iter().copied());
        for name in NEVER_PRESENT {
            assert!(reference().key(name).is_some(), "{name}");
        }
    }
}
