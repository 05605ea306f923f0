//! Names of resources in policies: their fields, with wildcards and variables in them, and the formats that services publish.

use std::ops::Range;

use super::glob::Pattern;
use super::variables;

pub use crate::limits::arn::{PARTITIONS, is_account};

/// A name of a resource as a policy has it: `arn:partition:service:region:account:resource`.
#[derive(Clone, Debug)]
pub struct Arn<'a> {
    /// All of it.
    pub text: &'a str,
    /// The second field.
    pub partition: Field<'a>,
    /// The third field.
    pub service: Field<'a>,
    /// The fourth field; empty for what has no region.
    pub region: Field<'a>,
    /// The fifth field; empty for what has no account.
    pub account: Field<'a>,
    /// Everything behind the fifth colon.
    pub resource: Field<'a>,
}

/// A field of a name.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// What stands there.
    pub text: &'a str,
    /// Where it stands in the text of the name.
    pub range: Range<usize>,
    /// What it stands for.
    pub pattern: Pattern,
}

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It does not begin with `arn:`.
    Prefix,
    /// It has this many fields, and six are needed.
    Fields(usize),
}

impl<'a> Arn<'a> {
    /// Splits a text at its first five colons outside of `${…}`, whatever the fields hold.
    pub fn split(text: &'a str) -> Result<Self, Malformed> {
        if !text.starts_with("arn:") {
            return Err(Malformed::Prefix);
        }
        let inside = variables::places(text);
        let is_inside = |at: usize| {
            let next = inside.partition_point(|range| range.end <= at);
            inside.get(next).is_some_and(|range| range.contains(&at))
        };
        let colons = text.bytes().enumerate().filter(|(at, byte)| *byte == b':' && !is_inside(*at));
        let colons: Vec<usize> = colons.map(|(at, _)| at).take(5).collect();
        let [first, second, third, fourth, fifth] = colons[..] else { return Err(Malformed::Fields(colons.len() + 1)) };
        let field = |range: Range<usize>| Field {
            text: &text[range.clone()],
            pattern: variables::pattern(&text[range.clone()]),
            range,
        };
        Ok(Self {
            text,
            partition: field(first + 1..second),
            service: field(second + 1..third),
            region: field(third + 1..fourth),
            account: field(fourth + 1..fifth),
            resource: field(fifth + 1..text.len()),
        })
    }

    /// Whether a resource of the format may have this name. An account that is missing is none of its business: what AWS offers
    /// to all has none, whatever the format says.
    pub fn overlaps(&self, format: &Format) -> bool {
        self.service.pattern.overlaps(&format.service)
            && self.region.pattern.overlaps(&format.region)
            && (self.account.text.is_empty() || self.account.pattern.overlaps(&format.account))
            && self.resource.pattern.overlaps(&format.resource)
    }

    /// Whether every resource of the format has this name: region, account and name are wildcards, or as in the format.
    pub fn covers(&self, format: &Format) -> bool {
        self.service.pattern.covers(&format.service)
            && self.region.pattern.covers(&format.region)
            && self.account.pattern.covers(&format.account)
            && self.resource.pattern.covers(&format.resource)
    }
}

/// The form that the names of a type of resource have, such as `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`.
#[derive(Clone, Debug)]
pub struct Format {
    /// The service.
    pub service: Pattern,
    /// The region; empty where names have none.
    pub region: Pattern,
    /// The account; empty where names have none.
    pub account: Pattern,
    /// The rest.
    pub resource: Pattern,
}

impl Format {
    /// Reads a format; `None` for what has no six fields.
    pub fn parse(text: &str) -> Option<Self> {
        // Placeholders hold no colons.
        let mut fields = text.splitn(6, ':').skip(2);
        let service = fields.next()?;
        let field = |text: Option<&str>| Some(placeholders(service, text?));
        let service_field = Pattern::new(service);
        Some(Self {
            region: field(fields.next())?,
            account: field(fields.next())?,
            resource: field(fields.next())?,
            service: service_field,
        })
    }
}

/// The placeholders whose names cannot hold a slash, by service. What else may stand behind one would be taken for a part of it.
const WITHOUT_SLASH: &[(&str, &str)] = &[
    ("dynamodb", "IndexName"),
    ("dynamodb", "StreamLabel"),
    ("dynamodb", "TableName"),
    ("ecs", "ClusterName"),
    ("kinesis", "StreamName"),
    ("s3", "BucketName"),
];

fn placeholders(service: &str, text: &str) -> Pattern {
    let mut pattern = Pattern::empty();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("${").and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        pattern.push_text(before);
        pattern.push_name(WITHOUT_SLASH.binary_search(&(service, name)).is_ok());
        rest = after;
    }
    pattern.push_text(rest);
    pattern
}

/// The regions of AWS by partition, as published in `endpoints.json` of the SDKs.
pub const REGIONS: &[(&str, &[&str])] = &[
    (
        "aws",
        &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
    ),
    ("aws-cn", &["cn-north-1", "cn-northwest-1"]),
    ("aws-eusc", &["eusc-de-east-1"]),
    ("aws-iso", &["us-iso-east-1", "us-iso-west-1"]),
    ("aws-iso-b", &["us-isob-east-1", "us-isob-west-1"]),
    ("aws-iso-e", &["eu-isoe-west-1"]),
    ("aws-iso-f", &["us-isof-east-1", "us-isof-south-1"]),
    ("aws-us-gov", &["us-gov-east-1", "us-gov-west-1"]),
];

/// Whether a region exists.
pub fn is_known_region(region: &str) -> bool {
    REGIONS.iter().any(|(_, regions)| regions.binary_search(&region).is_ok())
}

/// The partition of a region, by its name's beginning, so that new regions are understood too; `None` for what is no name of
/// a region.
pub fn partition_of(region: &str) -> Option<&'static str> {
    const BY_START: &[(&str, &str)] = &[
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];
    if !crate::limits::arn::is_region(region) {
        return None;
    }
    Some(BY_START.iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| partition))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_end_at_colons_outside_of_variables() {
        let arn = Arn::split("arn:aws:sqs:${aws:region}:${self:custom.${sls:stage}}:a:${aws:userid}").unwrap();
        assert_eq!(arn.region.text, "${aws:region}");
        assert_eq!(arn.account.text, "${self:custom.${sls:stage}}");
        assert_eq!(arn.resource.text, "a:${aws:userid}");
        assert_eq!(&arn.text[arn.resource.range.clone()], arn.resource.text);
        assert_eq!(Arn::split("s3:x").unwrap_err(), Malformed::Prefix);
        assert_eq!(Arn::split("arn:aws:s3:x").unwrap_err(), Malformed::Fields(4));
        assert_eq!(Arn::split("arn:aws:s3:::${a:b:c").unwrap().resource.text, "${a:b:c");
    }

    #[test]
    fn names_meet_formats_as_patterns() {
        let table = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
        let index = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}";
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        for (name, format, overlaps, covers) in [
            ("arn:aws:dynamodb:eu-west-1:*:table/orders", table, true, false),
            ("arn:aws:dynamodb:eu-west-1:*:table/orders/index/*", table, false, false),
            ("arn:aws:dynamodb:eu-west-1:*:table/orders/index/*", index, true, false),
            ("arn:aws:dynamodb:*:*:table/*", table, true, true),
            ("arn:aws:dynamodb:*:*:table/*", index, true, true),
            ("arn:aws:dynamodb:*:*:*", index, true, true),
            ("arn:aws:dynamodb::1:table/orders", table, false, false),
            ("arn:aws:dynamodb:eu-west-1::table/orders", table, true, false),
            ("arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders-${sls:stage}", table, true, false),
            ("arn:aws:s3:::reports", bucket, true, false),
            ("arn:aws:s3:::reports", object, false, false),
            ("arn:aws:s3:::reports/*", bucket, false, false),
            ("arn:aws:s3:::*", object, true, true),
            ("arn:aws:s3:::${self:custom.bucket}/*", object, true, false),
            ("arn:aws:s3:us-east-1::reports", bucket, false, false),
            ("arn:aws:s3:*:*:reports", bucket, true, false),
        ] {
            let (arn, format) = (Arn::split(name).unwrap(), Format::parse(format).unwrap());
            assert_eq!((arn.overlaps(&format), arn.covers(&format)), (overlaps, covers), "{name}");
        }
        assert!(Format::parse("arn:${Partition}:x").is_none());
    }

    #[test]
    fn regions_have_a_partition() {
        for (partition, regions) in REGIONS {
            assert!(regions.is_sorted() && PARTITIONS.contains(partition));
            for region in *regions {
                assert_eq!(partition_of(region), Some(*partition), "{region}");
                assert!(is_known_region(region));
            }
        }
        assert!(WITHOUT_SLASH.is_sorted());
        assert_eq!(partition_of("us-east1"), None);
        assert!(!is_known_region("eu-west-9"));
    }
}
