//! IAM114 and IAM118 to IAM120: addresses as values.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Family, Text};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports a value of an operator for addresses that is neither an IPv4 or IPv6 address nor a range of them.
    ///
    /// ## Why it matters
    /// No request comes from there, so that the test holds for none.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: 203.0.113.300
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: 203.0.113.30
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    IP_VALUE = "IAM114", "Value that is no address", Error, fix: None;

    /// ## What it does
    /// Reports a range whose address has bits that its mask leaves out.
    ///
    /// ## Why it matters
    /// The bits do not count: what is meant may be a single address, or a smaller range.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: 203.0.113.77/24
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: 203.0.113.0/24
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    IP_HOST_BITS = "IAM118", "Address bits behind the mask", Hint, fix: Safe;

    /// ## What it does
    /// Reports `aws:SourceIp` with private addresses only.
    ///
    /// ## Why it matters
    /// The key holds the public address that a request comes from. Requests through an endpoint of a VPC do not have it;
    /// their private address is in `aws:VpcSourceIp`.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: 10.20.0.0/16
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:VpcSourceIp: 10.20.0.0/16
    ///       StringEquals:
    ///         aws:SourceVpc: vpc-0a1b2c3d4e5f60718
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    IP_PRIVATE = "IAM119", "Private addresses as the source", Error, fix: None;

    /// ## What it does
    /// Reports a private address among the values of `aws:SourceIp`.
    ///
    /// ## Why it matters
    /// The key holds the public address that a request comes from, which is never a private one, so that the value says
    /// nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: [10.20.0.0/16, 203.0.113.0/24]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       IpAddress:
    ///         aws:SourceIp: [203.0.113.0/24]
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    IP_PRIVATE_MIXED = "IAM120", "Private address among public ones", Info, fix: None
}

/// Addresses that are not used on the Internet.
///
/// Source: RFC 1918, RFC 6598, RFC 3927, RFC 1122, RFC 4193, RFC 4291.
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in condition.asked.iter().filter(|asked| asked.operator.family == Family::Ip) {
        acc.extend(asked.literals().filter_map(|value| look_at(condition, &value.text)));
        if asked.is_one_of(&["aws:SourceIp"]) {
            private(condition, asked, acc);
        }
    }
}

fn look_at<'a>(condition: &Condition<'_, 'a>, value: &Text<'a>) -> Option<Diagnostic> {
    let ctx = condition.ctx;
    let Some(range) = range(value.text) else {
        let message = format!(
            "`{}` is neither an address nor a range of addresses, such as `203.0.113.0/24`. The test never holds for it.",
            value.text
        );
        return Some(ctx.report(&IP_VALUE, ctx.at(value.value), message));
    };
    let network = range.trunc();
    if network == range {
        return None;
    }
    let message = format!(
        "Of `{}` only the first {} bits count, so that it means `{network}`. Write that, or a longer mask.",
        value.text,
        range.prefix_len()
    );
    let edits = edits::replace(ctx, value.value, &network.to_string());
    let fix = edits::safe(format!("Write `{network}`"), edits);
    Some(ctx.report(&IP_HOST_BITS, ctx.at(value.value), message).fix(fix))
}

fn private<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, acc: &mut Vec<Diagnostic>) {
    let ctx = condition.ctx;
    let is_private = |text: &Text<'_>| text.variables.is_empty() && range(text.text).is_some_and(is_private);
    let values = asked.test.values.iter().map(|value| &value.text);
    let found: Vec<&Text<'a>> = values.filter(|text| is_private(text)).collect();
    if found.is_empty() {
        return;
    }
    if found.len() == asked.test.values.len() {
        let holds = if asked.operator.negated { "always" } else { "never" };
        let message = format!(
            "`{}` is the public address that a request comes from, and only private ones are named, so that the test {holds} holds. Use `aws:VpcSourceIp` for requests through an endpoint of a VPC.",
            asked.test.key
        );
        acc.push(ctx.report(&IP_PRIVATE, ctx.key(asked.test.value), message));
        return;
    }
    acc.extend(found.iter().map(|text| {
        let message = format!(
            "`{}` is private, and `{}` is the public address that a request comes from. Remove it, or use `aws:VpcSourceIp` for requests through an endpoint of a VPC.",
            text.text, asked.test.key
        );
        ctx.report(&IP_PRIVATE_MIXED, ctx.at(text.value), message)
    }));
}

/// Reads an address, or a range of addresses.
pub(super) fn range(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn is_private(range: IpNet) -> bool {
    PRIVATE.iter().filter_map(|private| private.parse::<IpNet>().ok()).any(|private| private.contains(&range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_ranges_are_those_that_lie_in_one() {
        assert!(PRIVATE.iter().all(|range| range.parse::<IpNet>().is_ok()));
        for (text, expected) in [
            ("10.1.2.3", true),
            ("172.31.0.0/16", true),
            ("172.0.0.0/8", false),
            ("100.64.0.0/10", true),
            ("203.0.113.0/24", false),
            ("0.0.0.0/0", false),
            ("fd00::/8", true),
            ("2001:db8::/32", false),
        ] {
            assert_eq!(is_private(range(text).unwrap()), expected, "{text}");
        }
        assert_eq!(range("203.0.113.300"), None);
        assert_eq!(range("10.0.0.0/33"), None);
    }
}
