//! IAM132, IAM133, IAM135 and IAM139: tests that do not guard what they seem to guard.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::fix::Placement;
use crate::iam::policy::{Effect, Family};
use crate::iam::tables::contains;
use crate::iam::tables::never_present::NEVER_PRESENT;
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports `aws:VpcSourceIp` without `aws:SourceVpc`, `aws:SourceVpce` or `aws:SourceVpcArn` in the same condition.
    ///
    /// ## Why it matters
    /// Private addresses are the same in many networks, also in those of other accounts.
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
    ///         aws:VpcSourceIp: 10.20.0.0/16
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
    PAIRED_KEY = "IAM132", "Private address without its VPC", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `aws:MultiFactorAuthPresent` held against `false` under `Bool`, without `IfExists` where the statement denies,
    /// and under `Null`.
    ///
    /// ## Why it matters
    /// Requests with keys that last do not have the key at all, so that a denial under `Bool` does not reach them. Where the
    /// statement allows, it allows just those without a second factor. And that the key is there does not say that it is
    /// `true`.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Deny
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       Bool:
    ///         aws:MultiFactorAuthPresent: 'false'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Deny
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       BoolIfExists:
    ///         aws:MultiFactorAuthPresent: 'false'
    /// ```
    ///
    /// ## Source
    /// [Multi-factor authentication in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html)
    MFA_PATTERN = "IAM133", "Test for multi-factor authentication that does not enforce it", Warning, fix: None;

    /// ## What it does
    /// Reports a test, in a statement that allows, of a key that requests with the role of a function or a task never have.
    ///
    /// ## Why it matters
    /// The test never holds, and nothing is allowed.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:username: reporter
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
    ///       StringEquals:
    ///         aws:PrincipalTag/team: reporter
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    KEY_NEVER_PRESENT = "IAM135", "Condition key that a container never has", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `IfExists` on a test of the network, the account or the organization, in a statement that allows.
    ///
    /// ## Why it matters
    /// Where a request lacks the key, the test holds, and the guard is off.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       StringEqualsIfExists:
    ///         aws:SourceVpce: vpce-0a1b2c3d4e5f60718
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
    ///       StringEquals:
    ///         aws:SourceVpce: vpce-0a1b2c3d4e5f60718
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    IF_EXISTS_GUARD = "IAM139", "Guard that an absent key passes", Info, fix: None
}

const VPC_KEYS: [&str; 3] = ["aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"];
const MFA_PRESENT: &str = "aws:MultiFactorAuthPresent";

/// Keys that say from which network, account or organization a request comes, and where it goes.
const GUARDS: [&str; 17] = [
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SourceAccount",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
];

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in &condition.asked {
        acc.extend(unpaired(condition, asked));
        match without_second_factor(condition, asked) {
            Some(finding) => acc.push(finding),
            None => acc.extend(never_present(condition, asked)),
        }
        acc.extend(open_guard(condition, asked));
    }
}

fn unpaired<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    let has_vpc = || condition.asked.iter().any(|other| other.is_one_of(&VPC_KEYS));
    if !asked.is_one_of(&["aws:VpcSourceIp"]) || has_vpc() {
        return None;
    }
    let ctx = condition.ctx;
    let message = "`aws:VpcSourceIp` is a private address, and other networks have the same ones. Test `aws:SourceVpc` as well, or `aws:SourceVpce`.";
    let blocks = &condition.statement.statement.condition;
    let edits = match blocks.iter().find(|block| block.name == "StringEquals") {
        Some(block) => edits::add(ctx, block.value, "aws:SourceVpc", "vpc-", Placement::Last),
        None => edits::add(ctx, condition.value()?, "StringEquals", "aws:SourceVpc: vpc-", Placement::Last),
    };
    let fix = edits::suggestion("Test `aws:SourceVpc`", edits);
    Some(ctx.report(&PAIRED_KEY, ctx.key(asked.test.value), message).fix(fix))
}

fn without_second_factor<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    let says_false = || asked.literals().any(|value| value.text.text.eq_ignore_ascii_case("false"));
    if !asked.is_one_of(&[MFA_PRESENT]) || !says_false() {
        return None;
    }
    let message = match (asked.operator.family, condition.statement.effect()?) {
        (Family::Bool, Effect::Deny) if !asked.operator.if_exists => {
            "Requests with keys that last do not have `aws:MultiFactorAuthPresent` at all, and this denial does not reach them. Use `BoolIfExists`."
        }
        (Family::Bool, Effect::Allow) => {
            "This allows requests without a second factor. To ask for one, hold `aws:MultiFactorAuthPresent` against `true`."
        }
        (Family::Null, _) => {
            "That `aws:MultiFactorAuthPresent` is there does not say that a second factor was used: it may be `false`. Use `Bool`."
        }
        _ => return None,
    };
    let ctx = condition.ctx;
    Some(ctx.report(&MFA_PATTERN, ctx.key(asked.test.value), message))
}

fn never_present<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    if !condition.statement.allows() || asked.operator.holds_when_absent() || !contains(NEVER_PRESENT, asked.test.key) {
        return None;
    }
    let ctx = condition.ctx;
    let message = format!(
        "Requests with the role of a container never have `{}`, so that the test never holds and the statement grants nothing. Remove the test.",
        asked.test.key
    );
    let fix = edits::suggestion("Remove the test", condition.without(asked));
    Some(ctx.report(&KEY_NEVER_PRESENT, ctx.key(asked.test.value), message).fix(fix))
}

fn open_guard<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    let operator = asked.operator;
    if !condition.statement.allows() || !operator.if_exists || operator.negated || !asked.is_one_of(&GUARDS) {
        return None;
    }
    let ctx = condition.ctx;
    let message = format!(
        "`IfExists` lets requests pass that do not have `{}` at all, so that it guards nothing there. Leave the suffix out if all requests have the key.",
        asked.test.key
    );
    Some(ctx.report(&IF_EXISTS_GUARD, ctx.key(asked.block.value), message))
}
