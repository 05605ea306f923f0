//! Amazon resource names.

use std::ops::Range;

/// The prefixes of AWS that deployments can be made in.
pub const PARTITIONS: &[&str] = &["aws", "aws-cn", "aws-us-gov"];

/// The parts of `arn:<partition>:<service>:<region>:<account>:<resource>`. A part may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// `iam`, `s3`, `wafv2`.
    pub service: &'a str,
    /// Empty for what belongs to no region.
    pub region: &'a str,
    /// Twelve digits; empty for what belongs to no account.
    pub account: &'a str,
    /// What the service puts behind; it may hold further colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes a text apart; `None` when it does not have the six parts. What stands in them is not looked at.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        Some(Self { partition: next()?, service: next()?, region: next()?, account: next()?, resource: next()? })
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

    /// Whether the account is a number of twelve digits, and neither absent, a wildcard nor AWS's own `aws`.
    pub fn has_account(&self) -> bool {
        self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether the region is the name of one, and neither absent nor a wildcard.
    pub fn has_region(&self) -> bool {
        // `eu-west-1`, `us-gov-east-1`: words and a number.
        let mut words = self.region.split('-');
        let number = words.next_back().is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
        number && words.clone().count() >= 2 && words.all(|word| word.bytes().all(|b| b.is_ascii_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_come_apart() {
        let text = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3";
        let arn = Arn::parse(text).unwrap();
        assert_eq!(
            (arn.partition, arn.service, arn.region, arn.account, arn.resource),
            ("aws", "secretsmanager", "eu-west-1", "123456789012", "secret:db-a1b2c3")
        );
        assert_eq!((&text[arn.region_range()], &text[arn.account_range()]), ("eu-west-1", "123456789012"));
        for no in ["", "arn", "arn:aws:s3", "arn:aws:s3::", "ARN:aws:s3:::bucket", " arn:aws:s3:::bucket"] {
            assert_eq!(Arn::parse(no), None, "{no}");
        }
    }

    #[test]
    fn absent_parts_and_wildcards_are_told_from_names() {
        for (text, region, account) in [
            ("arn:aws:iam::123456789012:role/app", false, true),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", false, false),
            ("arn:aws:s3:::bucket", false, false),
            ("arn:aws:dynamodb:*:*:table/app", false, false),
            ("arn:aws:dynamodb:us-gov-east-1:12345678901:table/app", true, false),
            ("arn:aws:dynamodb:eu-west:123456789012:table/app", false, true),
            ("arn:aws:dynamodb:eu-west-?:123456789012:table/app", false, true),
            ("arn:aws:dynamodb:ap-southeast-2:漢漢漢漢:table/app", true, false),
        ] {
            let arn = Arn::parse(text).unwrap();
            assert_eq!((arn.has_region(), arn.has_account()), (region, account), "{text}");
        }
    }
}
