//! Amazon resource names.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use std::fmt;
use std::ops::Range;

/// The partitions of AWS.
pub const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

/// A resource name in its parts: `arn:partition:service:region:account:resource`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// The service, such as `iam`.
    pub service: &'a str,
    /// The region; empty for what has none.
    pub region: &'a str,
    /// The account, twelve digits; empty for what has none.
    pub account: &'a str,
    /// Everything behind the fifth colon.
    pub resource: &'a str,
}

/// A role of IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role<'a> {
    /// The whole name.
    pub arn: Arn<'a>,
    /// The role's own name, without its path.
    pub name: &'a str,
}

/// A web ACL of AWS WAF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebAcl<'a> {
    /// The whole name.
    pub arn: Arn<'a>,
    /// For what it can be used.
    pub scope: Scope,
    /// Its own name.
    pub name: &'a str,
    /// Its identifier.
    pub id: &'a str,
}

/// For what a web ACL can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For load balancers, in its own region.
    Regional,
    /// For distributions.
    Global,
}

/// Why a text is not the resource name that is wanted. Its text is a whole sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArnFault {
    /// It does not begin with `arn:`.
    Prefix,
    /// It has fewer than six parts.
    Parts(usize),
    /// No partition has this name.
    Partition(String),
    /// It belongs to another service.
    Service {
        /// The one it names.
        found: String,
        /// The one it should name.
        expected: &'static str,
    },
    /// The service is worldwide, and its names have no region.
    RegionGiven(String),
    /// The region is missing, or no word that could be one.
    Region(String),
    /// The account is not twelve digits.
    Account(String),
    /// It names a resource of another kind, or the last part is malformed.
    Resource {
        /// What stands there.
        found: String,
        /// How it should look.
        expected: &'static str,
    },
}

impl<'a> Arn<'a> {
    /// Splits a name into its parts, whatever they hold.
    pub fn parse(text: &'a str) -> Result<Self, ArnFault> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return Err(ArnFault::Prefix);
        }
        let parts: Vec<&str> = parts.collect();
        let [partition, service, region, account, resource] = parts[..] else {
            return Err(ArnFault::Parts(parts.len() + 1));
        };
        Ok(Self { partition, service, region, account, resource })
    }

    /// Where the region stands in the text.
    pub fn region_range(&self) -> Range<usize> {
        let start = "arn:".len() + self.partition.len() + 1 + self.service.len() + 1;
        start..start + self.region.len()
    }

    /// Where the account stands in the text.
    pub fn account_range(&self) -> Range<usize> {
        let start = self.region_range().end + 1;
        start..start + self.account.len()
    }

    fn check_head(&self, service: &'static str) -> Result<(), ArnFault> {
        if !PARTITIONS.contains(&self.partition) {
            return Err(ArnFault::Partition(self.partition.to_owned()));
        }
        if self.service != service {
            return Err(ArnFault::Service { found: self.service.to_owned(), expected: service });
        }
        if !is_account(self.account) {
            return Err(ArnFault::Account(self.account.to_owned()));
        }
        Ok(())
    }

    fn resource_fault(&self, expected: &'static str) -> ArnFault {
        ArnFault::Resource { found: self.resource.to_owned(), expected }
    }
}

impl<'a> Role<'a> {
    /// Reads `arn:<partition>:iam::<account>:role/<path and name>`.
    pub fn parse(text: &'a str) -> Result<Self, ArnFault> {
        let arn = Arn::parse(text)?;
        arn.check_head("iam")?;
        if !arn.region.is_empty() {
            return Err(ArnFault::RegionGiven(arn.region.to_owned()));
        }
        let fault = || arn.resource_fault("role/ and the role's path and name");
        let path = arn.resource.strip_prefix("role/").ok_or_else(fault)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_name =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| is_word(byte) || b"+=,.@-".contains(&byte));
        // A path may hold any visible character; what people write are words.
        let is_path = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
        let folders = path.len() - name.len();
        let well_formed =
            is_name(name) && name.len() <= 64 && folders <= 512 && path[..folders].split_terminator('/').all(is_path);
        if well_formed { Ok(Self { arn, name }) } else { Err(fault()) }
    }
}

impl<'a> WebAcl<'a> {
    /// Reads `arn:<partition>:wafv2:<region>:<account>:<scope>/webacl/<name>/<id>`.
    pub fn parse(text: &'a str) -> Result<Self, ArnFault> {
        let arn = Arn::parse(text)?;
        arn.check_head("wafv2")?;
        if !is_region(arn.region) {
            return Err(ArnFault::Region(arn.region.to_owned()));
        }
        let fault = || arn.resource_fault("regional/webacl/, a name, / and an identifier");
        let parts: Vec<&str> = arn.resource.split('/').collect();
        let [scope, "webacl", name, id] = parts[..] else { return Err(fault()) };
        let scope = match scope {
            "regional" => Scope::Regional,
            "global" => Scope::Global,
            _ => return Err(fault()),
        };
        let is_name =
            |part: &str| (1..=128).contains(&part.len()) && part.bytes().all(|byte| is_word(byte) || byte == b'-');
        if is_name(name) && is_name(id) { Ok(Self { arn, scope, name, id }) } else { Err(fault()) }
    }
}

/// Whether a text is the number of an account: twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of a region's name, such as `eu-west-1` or `us-gov-east-1`.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, middle @ .., number] = &parts[..] else { return false };
    let is_letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    (1..=2).contains(&middle.len())
        && is_letters(area)
        && middle.iter().all(is_letters)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

impl fmt::Display for ArnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix => f.write_str("It does not begin with `arn:`."),
            Self::Parts(count) => write!(
                f,
                "It has {count} of the six parts that colons separate: arn, partition, service, region, account, resource."
            ),
            Self::Partition(found) => {
                write!(f, "Its second part is `{found}`, which is no partition of AWS; most accounts are in `aws`.")
            }
            Self::Service { found, expected } => write!(f, "Its third part is `{found}` and should be `{expected}`."),
            Self::RegionGiven(found) => {
                write!(f, "Its fourth part is `{found}` and should be empty, since the service has no regions.")
            }
            Self::Region(found) => {
                write!(f, "Its fourth part is `{found}` and should be a region, such as `eu-west-1`.")
            }
            Self::Account(found) => write!(f, "Its fifth part is `{found}` and should be an account of twelve digits."),
            Self::Resource { found, expected } => write!(f, "Its last part is `{found}` and should be {expected}."),
        }
    }
}

impl std::error::Error for ArnFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_falls_into_its_parts() {
        let arn = Arn::parse("arn:aws:dynamodb:eu-west-1:123456789012:table/a:b").unwrap();
        assert_eq!((arn.partition, arn.service, arn.region), ("aws", "dynamodb", "eu-west-1"));
        assert_eq!((arn.account, arn.resource), ("123456789012", "table/a:b"));
        let text = arn.to_string();
        assert_eq!(text, "arn:aws:dynamodb:eu-west-1:123456789012:table/a:b");
        assert_eq!((&text[arn.region_range()], &text[arn.account_range()]), (arn.region, arn.account));
        assert_eq!(Arn::parse("arn:aws:s3:::bucket/*").unwrap().resource, "bucket/*");
        for (text, fault) in [
            ("", ArnFault::Prefix),
            ("x", ArnFault::Prefix),
            ("ARN:aws:s3:::b", ArnFault::Prefix),
            ("arn", ArnFault::Parts(1)),
            ("arn:aws:s3", ArnFault::Parts(3)),
            ("arn:aws:s3:::", ArnFault::Parts(6)),
        ] {
            match fault {
                ArnFault::Parts(6) => assert_eq!(Arn::parse(text).unwrap().resource, ""),
                fault => assert_eq!(Arn::parse(text), Err(fault), "{text}"),
            }
        }
    }

    #[test]
    fn roles_are_told_from_the_rest() {
        for (text, expected) in [
            ("arn:aws:iam::123456789012:role/app", Ok("app")),
            ("arn:aws-cn:iam::123456789012:role/service-role/app+=,.@-_1", Ok("app+=,.@-_1")),
            ("x", Err("It does not begin with `arn:`.")),
            ("arn:aws:iam::1:role", Err("Its fifth part is `1` and should be an account of twelve digits.")),
            (
                "arn:amazon:iam::123456789012:role/a",
                Err("Its second part is `amazon`, which is no partition of AWS; most accounts are in `aws`."),
            ),
            ("arn:aws:sts::123456789012:role/a", Err("Its third part is `sts` and should be `iam`.")),
            (
                "arn:aws:iam:us-east-1:123456789012:role/a",
                Err("Its fourth part is `us-east-1` and should be empty, since the service has no regions."),
            ),
            (
                "arn:aws:iam::123456789012:user/x",
                Err("Its last part is `user/x` and should be role/ and the role's path and name."),
            ),
            (
                "arn:aws:iam::123456789012:role/",
                Err("Its last part is `role/` and should be role/ and the role's path and name."),
            ),
            (
                "arn:aws:iam::123456789012:role/a//b",
                Err("Its last part is `role/a//b` and should be role/ and the role's path and name."),
            ),
            (
                "arn:aws:iam::123456789012:role/a b",
                Err("Its last part is `role/a b` and should be role/ and the role's path and name."),
            ),
            (
                "arn:aws:iam",
                Err(
                    "It has 3 of the six parts that colons separate: arn, partition, service, region, account, resource.",
                ),
            ),
        ] {
            let found = Role::parse(text).map(|role| role.name).map_err(|fault| fault.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{text}");
        }
        assert!(Role::parse(&format!("arn:aws:iam::123456789012:role/{}", "a".repeat(64))).is_ok());
        assert!(Role::parse(&format!("arn:aws:iam::123456789012:role/{}", "a".repeat(65))).is_err());
        assert!(Role::parse(&format!("arn:aws:iam::123456789012:role/{}/a", "é".repeat(9))).is_err());
    }

    #[test]
    fn web_acls_have_a_scope() {
        let id = "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111";
        for (text, expected) in [
            (format!("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge-1/{id}"), Ok(Scope::Regional)),
            (format!("arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/{id}"), Ok(Scope::Global)),
            (
                format!("arn:aws:waf-regional:us-east-1:123456789012:webacl/{id}"),
                Err("Its third part is `waf-regional` and should be `wafv2`."),
            ),
            (
                format!("arn:aws:wafv2::123456789012:regional/webacl/edge/{id}"),
                Err("Its fourth part is `` and should be a region, such as `eu-west-1`."),
            ),
            (
                "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge".to_owned(),
                Err(
                    "Its last part is `regional/webacl/edge` and should be regional/webacl/, a name, / and an identifier.",
                ),
            ),
            (
                "arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/edge/x".to_owned(),
                Err(
                    "Its last part is `regional/ipset/edge/x` and should be regional/webacl/, a name, / and an identifier.",
                ),
            ),
            (
                "arn:aws:wafv2:eu-west-1:123456789012:zonal/webacl/edge/x".to_owned(),
                Err(
                    "Its last part is `zonal/webacl/edge/x` and should be regional/webacl/, a name, / and an identifier.",
                ),
            ),
        ] {
            let found = WebAcl::parse(&text).map(|acl| acl.scope).map_err(|fault| fault.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{text}");
        }
        let text = format!("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge/{id}");
        let acl = WebAcl::parse(&text).unwrap();
        assert_eq!((acl.name, acl.id, acl.arn.region), ("edge", id, "eu-west-1"));
    }

    #[test]
    fn regions_have_a_form() {
        for (text, expected) in [
            ("eu-west-1", true),
            ("us-gov-east-1", true),
            ("ap-southeast-12", true),
            ("eusc-de-east-1", true),
            ("eu-west", false),
            ("EU-west-1", false),
            ("1-1-1", false),
            ("eu-west-1a", false),
            ("eu-1", false),
            ("", false),
            ("*", false),
        ] {
            assert_eq!(is_region(text), expected, "{text}");
        }
    }
}
