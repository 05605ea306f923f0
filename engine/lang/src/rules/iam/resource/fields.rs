//! IAM066 to IAM069: regions and accounts where names have none, and names without them.

use std::ops::Range;

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::arn::Arn;
use crate::iam::formats::ServiceFormat;
use crate::iam::glob::Pattern;
use crate::iam::policy::Text;
use crate::iam::templates::Template;
use crate::rules::iam::{PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports a region in the ARN of something whose ARNs have none, such as a bucket or a role.
    ///
    /// ## Why it matters
    /// The ARN is that of no resource. With buckets and roles, IAM refuses the policy.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:us-east-1::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    REGION_NOT_ALLOWED = "IAM066", "Region where ARNs have none", Error, fix: Safe;

    /// ## What it does
    /// Reports an account in the ARN of something whose ARNs have none, such as a bucket.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the ARN is that of no resource.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: 'arn:aws:s3::${aws:accountId}:report-archive/*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    ACCOUNT_NOT_ALLOWED = "IAM067", "Account where ARNs have none", Error, fix: Safe;

    /// ## What it does
    /// Reports an ARN without a region where the ARNs of such resources have one.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the ARN is that of no resource: an empty field does not stand for all regions.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: 'arn:aws:dynamodb::${aws:accountId}:table/orders'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: 'arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders'
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    REGION_MISSING = "IAM068", "Missing region in an ARN", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an ARN without an account where the ARNs of such resources have one. Resources that AWS itself offers to all, such as its
    /// documents and parameters of Systems Manager, have none.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the ARN is that of no resource: an empty field does not stand for all accounts.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1::jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: 'arn:aws:sqs:us-east-1:${aws:accountId}:jobs'
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    ACCOUNT_MISSING = "IAM069", "Missing account in an ARN", Error, fix: Unsafe
}

/// Looks at the region and the account of a name, given the formats that have such a resource part; at least one.
pub(super) fn check<'a>(
    scope: &PolicyScope<'a>,
    text: &Text<'a>,
    arn: &Arn<'a>,
    formats: &[&'static ServiceFormat],
    acc: &mut Vec<Diagnostic>,
) {
    let empty = Pattern::empty();
    let region: fn(&ServiceFormat) -> &Pattern = |format| &format.format.region;
    let account: fn(&ServiceFormat) -> &Pattern = |format| &format.format.account;
    let none_has = |field: fn(&ServiceFormat) -> &Pattern| formats.iter().all(|format| field(format).is_empty());
    let all_have = |field: fn(&ServiceFormat) -> &Pattern| formats.iter().all(|format| !field(format).overlaps(&empty));
    let shape = formats[0].resource();
    if none_has(region) && !arn.region.pattern.overlaps(&empty) {
        acc.push(superfluous(scope, text, arn.region.range.clone(), &REGION_NOT_ALLOWED, "region", arn, shape));
    }
    if none_has(account) && !arn.account.pattern.overlaps(&empty) {
        acc.push(superfluous(scope, text, arn.account.range.clone(), &ACCOUNT_NOT_ALLOWED, "account", arn, shape));
    }
    if all_have(region) && arn.region.text.is_empty() {
        acc.push(missing(scope, text, arn.region.range.clone(), &REGION_MISSING, ["region", "${aws:region}"]));
    }
    if all_have(account) && arn.account.text.is_empty() && !is_of_aws(arn) {
        acc.push(missing(scope, text, arn.account.range.clone(), &ACCOUNT_MISSING, ["account", "${aws:accountId}"]));
    }
}

fn superfluous<'a>(
    scope: &PolicyScope<'a>,
    text: &Text<'a>,
    field: Range<usize>,
    rule: &'static Rule,
    name: &str,
    arn: &Arn<'a>,
    shape: &str,
) -> Diagnostic {
    let outcome = if matches!(arn.service.text, "iam" | "s3") && name == "region" {
        "IAM refuses it"
    } else {
        "this is the ARN of nothing"
    };
    let message = format!(
        "ARNs of {} with a resource like `{}` have no {name}, so that {outcome}. Leave the field empty.",
        arn.service.text,
        Template::of(shape)
    );
    let edits = edits::replace_part(scope, text, field.clone(), "");
    let place = scope.part(text, field);
    scope.report(rule, place, message).fix(edits::safe(format!("Remove the {name}"), edits))
}

fn missing<'a>(
    scope: &PolicyScope<'a>,
    text: &Text<'a>,
    field: Range<usize>,
    rule: &'static Rule,
    [name, variable]: [&str; 2],
) -> Diagnostic {
    let message = format!(
        "The ARN has no {name}, but those of such resources have one, and empty does not mean all. Write `{variable}` for that of the deployment."
    );
    let edits = edits::replace_part(scope, text, field, variable);
    scope.report(rule, scope.at(text.value), message).fix(edits::suggestion(format!("Insert `{variable}`"), edits))
}

/// Whether a resource is one of those that AWS offers to all accounts, and that belong to none.
fn is_of_aws(arn: &Arn<'_>) -> bool {
    let Some((kind, name)) = arn.resource.text.split_once('/') else { return false };
    let is_wild = name.starts_with(['*', '?', '$']);
    let begins = |start: &str| name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start));
    match (arn.service.text, kind) {
        ("ssm", "document" | "automation-definition") => is_wild || begins("aws") || begins("amazon"),
        ("ssm", "parameter") => is_wild || begins("aws/") || begins("aws*"),
        ("ec2", "image" | "snapshot") | ("resource-explorer-2", "view") => true,
        _ => false,
    }
}
