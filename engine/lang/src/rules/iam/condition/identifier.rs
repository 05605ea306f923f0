//! IAM128 to IAM131 and IAM136: names of networks, regions, accounts, organizations and services as values.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::{REGIONS, is_account, is_known_region};
use crate::iam::policy::{ConditionValue, Family};
use crate::iam::tables::identifier_keys::{ACCOUNT_KEYS, REGION_KEYS, SERVICE_KEYS};
use crate::rules::iam::edits;
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports a value of `aws:SourceVpc` that is no identifier of a VPC, and one of `aws:SourceVpce` that is none of an
    /// endpoint.
    ///
    /// ## Why it matters
    /// No request has such a value. The identifiers are `vpc-` or `vpce-` and 8 or 17 letters and digits.
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
    ///         aws:SourceVpce: vpc-0a1b2c3d
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
    ///         aws:SourceVpce: vpce-0a1b2c3d
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    VPC_ID = "IAM128", "Malformed name of a VPC or an endpoint", Error, fix: None;

    /// ## What it does
    /// Reports a value of `aws:RequestedRegion` or `ec2:Region` that is the name of no region.
    ///
    /// ## Why it matters
    /// No request goes there, so that the test holds for none.
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
    ///         aws:RequestedRegion: us-east-9
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
    ///         aws:RequestedRegion: us-east-1
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    REGION_VALUE = "IAM129", "Unknown region", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a value of a condition key for accounts that is not twelve digits.
    ///
    /// ## Why it matters
    /// No request has such a value. A number that begins with 0 loses its zeros unless it stands in quotes.
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
    ///         aws:ResourceAccount: 012345678901
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
    ///         aws:ResourceAccount: '012345678901'
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    ACCOUNT_VALUE = "IAM130", "Malformed account", Error, fix: Safe;

    /// ## What it does
    /// Reports a value of a condition key for organizations that is not `o-` and 10 to 32 small letters or digits.
    ///
    /// ## Why it matters
    /// No request has such a value.
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
    ///         aws:PrincipalOrgID: acme-org
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
    ///         aws:PrincipalOrgID: o-a1b2c3d4e5
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    ORG_ID = "IAM131", "Malformed organization", Error, fix: None;

    /// ## What it does
    /// Reports a value of a condition key for services that lacks the domain.
    ///
    /// ## Why it matters
    /// Services are named like `ecs-tasks.amazonaws.com` there, and in `kms:ViaService` with the region, like
    /// `s3.eu-west-1.amazonaws.com`. No request has the name alone.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::${aws:accountId}:role/batch-task
    ///     Condition:
    ///       StringEquals:
    ///         iam:PassedToService: ecs-tasks
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::${aws:accountId}:role/batch-task
    ///     Condition:
    ///       StringEquals:
    ///         iam:PassedToService: ecs-tasks.amazonaws.com
    /// ```
    ///
    /// ## Source
    /// [Passing a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    SERVICE_PRINCIPAL = "IAM136", "Service without its domain", Error, fix: Mixed
}

const ORGANIZATION_KEYS: [&str; 5] =
    ["aws:PrincipalOrgID", "aws:ResourceOrgID", "aws:SourceOrgID", "aws:VpceOrgID", "ssm:NodeOrgId"];
const ORGANIZATION_PATH_KEYS: [&str; 4] =
    ["aws:PrincipalOrgPaths", "aws:ResourceOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths"];
const VIA_SERVICE: &str = "kms:ViaService";

/// The domains of services.
const DOMAINS: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in condition.asked.iter().filter(|asked| asked.operator.family == Family::String) {
        let look: fn(&Condition<'_, '_>, &Asked<'_>, &ConditionValue<'_>) -> Option<Diagnostic> = match () {
            () if asked.is_one_of(&["aws:SourceVpc"]) => |condition, _, value| network(condition, value, "vpc-"),
            () if asked.is_one_of(&["aws:SourceVpce"]) => |condition, _, value| network(condition, value, "vpce-"),
            () if asked.is_one_of(REGION_KEYS) => region,
            () if asked.is_one_of(ACCOUNT_KEYS) => account,
            () if asked.is_one_of(&ORGANIZATION_KEYS) || asked.is_one_of(&ORGANIZATION_PATH_KEYS) => organization,
            () if asked.is_one_of(SERVICE_KEYS) || asked.is_one_of(&[VIA_SERVICE]) => service,
            () => continue,
        };
        acc.extend(asked.names().filter_map(|value| look(condition, asked, value)));
    }
}

fn network(condition: &Condition<'_, '_>, value: &ConditionValue<'_>, start: &str) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text.text);
    let is_id = |id: &str| matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if written.strip_prefix(start).is_some_and(is_id) {
        return None;
    }
    let what = if start == "vpc-" { "a VPC" } else { "an endpoint of a VPC" };
    let message = format!(
        "`{written}` is not the identifier of {what}, which is `{start}` and 8 or 17 letters and digits. No request has it."
    );
    Some(ctx.report(&VPC_ID, ctx.at(value.text.value), message))
}

fn region(condition: &Condition<'_, '_>, _: &Asked<'_>, value: &ConditionValue<'_>) -> Option<Diagnostic> {
    const FARTHEST: usize = 2;
    let (ctx, written) = (condition.ctx, value.text.text);
    if is_known_region(written) {
        return None;
    }
    let regions = REGIONS.iter().flat_map(|(_, regions)| regions.iter().copied());
    let near = closest(written, regions, FARTHEST);
    let meant = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let message = format!("There is no region `{written}` that is known here, so that no request goes there.{meant}");
    let fix =
        near.and_then(|near| edits::suggestion(format!("Use `{near}`"), edits::replace(ctx, value.text.value, near)));
    Some(ctx.report(&REGION_VALUE, ctx.at(value.text.value), message).fix(fix))
}

fn account(condition: &Condition<'_, '_>, asked: &Asked<'_>, value: &ConditionValue<'_>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text.text);
    let loses_zeros = !value.is_text && written.starts_with('0');
    if is_account(written) && !loses_zeros {
        return None;
    }
    if loses_zeros {
        let message =
            format!("Without quotes `{written}` is a number, and loses the zeros it begins with. Put it in quotes.");
        let fix =
            edits::safe("Quote it", edits::replace(ctx, value.text.value, written).filter(|_| is_account(written)));
        return Some(ctx.report(&ACCOUNT_VALUE, ctx.at(value.text.value), message).fix(fix));
    }
    let message =
        format!("`{}` is an account of twelve digits, and `{written}` is none. No request has it.", asked.test.key);
    Some(ctx.report(&ACCOUNT_VALUE, ctx.at(value.text.value), message))
}

fn organization(condition: &Condition<'_, '_>, asked: &Asked<'_>, value: &ConditionValue<'_>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text.text);
    let id = if asked.is_one_of(&ORGANIZATION_PATH_KEYS) { written.split('/').next()? } else { written };
    let is_id = |id: &str| {
        (10..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if id.strip_prefix("o-").is_some_and(is_id) {
        return None;
    }
    let message = format!(
        "`{id}` is not the identifier of an organization, which is `o-` and 10 to 32 small letters or digits. No request has it."
    );
    Some(ctx.report(&ORG_ID, ctx.at(value.text.value), message))
}

fn service(condition: &Condition<'_, '_>, asked: &Asked<'_>, value: &ConditionValue<'_>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text.text);
    if DOMAINS.iter().any(|domain| written.ends_with(domain)) || is_other_domain(written) {
        return None;
    }
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_via = asked.is_one_of(&[VIA_SERVICE]);
    let full = match written.split_once('.') {
        None if is_word(written) && is_via => {
            let region = ctx.facts.region.unwrap_or("${aws:region}");
            Some(format!("{written}.{region}{}", DOMAINS[0]))
        }
        None if is_word(written) => Some(format!("{written}{}", DOMAINS[0])),
        Some((name, region)) if is_word(name) && is_known_region(region) => Some(format!("{written}{}", DOMAINS[0])),
        _ => None,
    };
    let meant = full.as_deref().map_or(String::new(), |full| format!(" Write `{full}`."));
    let message = format!(
        "`{}` names services with their domain, and `{written}` has none. No request has it.{meant}",
        asked.test.key
    );
    let fix = full.and_then(|full| {
        let (title, edits) = (format!("Write `{full}`"), edits::replace(ctx, value.text.value, &full));
        // Which region is meant, only the author knows.
        if is_via { edits::suggestion(title, edits) } else { edits::safe(title, edits) }
    });
    Some(ctx.report(&SERVICE_PRINCIPAL, ctx.at(value.text.value), message).fix(fix))
}

/// A few services have other domains, such as `amazon.com` and `aws.internal`.
fn is_other_domain(written: &str) -> bool {
    let labels: Vec<&str> = written.split('.').collect();
    labels.len() > 2 && labels.iter().any(|label| label.starts_with("amazon") || label.starts_with("aws"))
}
