//! The condition keys that do not belong to one service, or that no service publishes.

use crate::iam::key::Key;
use crate::iam::key::KeyKind::{Arn, Bool, Date, Ip, Numeric, String};

/// The keys, sorted by name without regard to ASCII case.
pub static KEYS: &[Key<'static>] = &[
    Key::single("aws:AssumedRoot", Bool),
    Key::multivalued("aws:CalledVia", String),
    Key::single("aws:CalledViaAWSMCP", String),
    Key::single("aws:CalledViaFirst", String),
    Key::single("aws:CalledViaLast", String),
    Key::single("aws:ChatbotSourceArn", Arn),
    Key::single("aws:CurrentTime", Date),
    Key::single("aws:Ec2InstanceSourcePrivateIPv4", Ip),
    Key::single("aws:Ec2InstanceSourceVpc", String),
    Key::single("aws:EpochTime", Date),
    Key::single("aws:FederatedProvider", String),
    Key::single("aws:IsMcpServiceAction", Bool),
    Key::single("aws:MultiFactorAuthAge", Numeric),
    Key::single("aws:MultiFactorAuthPresent", Bool),
    Key::single("aws:PrincipalAccount", String),
    Key::single("aws:PrincipalArn", Arn),
    Key::single("aws:PrincipalIsAWSService", Bool),
    Key::single("aws:PrincipalOrgID", String),
    Key::single("aws:PrincipalOrgMasterAccountId", String),
    Key::multivalued("aws:PrincipalOrgPaths", String),
    Key::single("aws:PrincipalServiceName", String),
    Key::multivalued("aws:PrincipalServiceNamesList", String),
    Key::single("aws:PrincipalTag/${TagKey}", String),
    Key::single("aws:PrincipalType", String),
    Key::single("aws:Referer", String),
    Key::single("aws:RequestedRegion", String),
    Key::single("aws:RequestTag/${TagKey}", String),
    Key::single("aws:ResourceAccount", String),
    Key::single("aws:ResourceOrgID", String),
    Key::multivalued("aws:ResourceOrgPaths", String),
    Key::single("aws:ResourceTag/${TagKey}", String),
    Key::single("aws:SecureTransport", Bool),
    Key::single("aws:SignInSessionArn", Arn),
    Key::single("aws:SourceAccount", String),
    Key::single("aws:SourceArn", Arn),
    Key::single("aws:SourceIdentity", String),
    Key::single("aws:SourceIp", Ip),
    Key::single("aws:SourceOrgID", String),
    Key::multivalued("aws:SourceOrgPaths", String),
    Key::single("aws:SourceVpc", String),
    Key::single("aws:SourceVpcArn", Arn),
    Key::single("aws:SourceVpce", String),
    Key::multivalued("aws:TagKeys", String),
    Key::single("aws:TokenIssueTime", Date),
    Key::single("aws:UserAgent", String),
    Key::single("aws:userid", String),
    Key::single("aws:username", String),
    Key::single("aws:ViaAWSMCPService", Bool),
    Key::single("aws:ViaAWSService", Bool),
    Key::single("aws:ViaCustomerDomain", String),
    Key::single("aws:VpceAccount", String),
    Key::single("aws:VpceOrgID", String),
    Key::multivalued("aws:VpceOrgPaths", String),
    Key::single("aws:VpcSourceIp", Ip),
    Key::single("ec2:RoleDelivery", Numeric),
    Key::single("ec2:SourceInstanceArn", Arn),
    Key::single("glue:CredentialIssuingService", String),
    Key::single("glue:RoleAssumedBy", String),
    Key::single("identitystore:UserId", String),
    Key::single("lambda:SourceFunctionArn", Arn),
    Key::single("ssm:SourceInstanceARN", Arn),
];

/// The key of this name; a placeholder in the table stands for any text.
pub fn find(name: &str) -> Option<Key<'static>> {
    KEYS.iter().copied().find(|key| key.is_named(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::key::KeyKind;
    use crate::iam::reference::reference;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn keys_are_sorted() {
        assert_sorted(KEYS.iter().map(|key| key.name()));
    }

    #[test]
    fn keys_are_found_by_name() {
        for (name, expected) in [
            ("AWS:SOURCEIP", Some(Key::single("aws:SourceIp", KeyKind::Ip))),
            ("aws:PrincipalTag/team", Some(Key::single("aws:PrincipalTag/${TagKey}", KeyKind::String))),
            ("aws:TagKeys", Some(Key::multivalued("aws:TagKeys", KeyKind::String))),
            ("aws:PrincipalTag/", None),
            ("s3:prefix", None),
        ] {
            assert_eq!(find(name), expected, "{name}");
        }
    }

    /// Where a service publishes a global key too, both agree; one service gives the list form of a key of its own.
    #[test]
    fn services_agree() {
        for service in reference().services() {
            for key in service.keys() {
                if let Some(global) = find(key.name()).filter(|_| key.name().starts_with("aws:")) {
                    assert_eq!(key, global, "{}", service.prefix());
                }
            }
        }
    }
}
