//! IAM104 to IAM106, IAM108, IAM125 and IAM127: the names of condition keys.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::policy::Block;
use crate::iam::reference::Service;
use crate::iam::tables::closed_services::CLOSED_SERVICES;
use crate::iam::tables::{contains, global_keys};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports a condition key that is not of the form `prefix:name`.
    ///
    /// ## Why it matters
    /// IAM refuses the policy.
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
    ///         SourceIp: 198.51.100.0/24
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
    ///         aws:SourceIp: 198.51.100.0/24
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    KEY_FORMAT = "IAM104", "Condition key without a prefix", Error, fix: Mixed;

    /// ## What it does
    /// Reports a condition key that begins with `aws:` and that AWS does not have. It is an error where a key with nearly
    /// this name exists, and a warning otherwise.
    ///
    /// ## Why it matters
    /// No request has such a key, so that the test holds for none, or for all of them where it asks for a difference.
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
    ///         aws:PrincpalOrgID: o-a1b2c3d4e5
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
    GLOBAL_KEY_UNKNOWN = "IAM105", "Unknown global condition key", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a condition key that the service of its prefix does not have, and a prefix that no service has. It is an error
    /// where a key with nearly this name exists, and a warning otherwise. Keys of services that were closed, and those of
    /// identity providers, are left alone.
    ///
    /// ## Why it matters
    /// No request has such a key, so that the test holds for none, or for all of them where it asks for a difference.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:us-east-1:${aws:accountId}:table/orders
    ///     Condition:
    ///       ForAllValues:StringEquals:
    ///         dynamodb:LeadingKey: tenant-a
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:us-east-1:${aws:accountId}:table/orders
    ///     Condition:
    ///       ForAllValues:StringEquals:
    ///         dynamodb:LeadingKeys: tenant-a
    /// ```
    ///
    /// ## Source
    /// [Actions, resources and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    SERVICE_KEY_UNKNOWN = "IAM106", "Unknown condition key of a service", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a condition key that is about tags and does not say which tag.
    ///
    /// ## Why it matters
    /// No request has such a key. The name of the tag stands behind a slash, and its value is the value of the test.
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
    ///         aws:PrincipalTag: api
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
    ///         aws:PrincipalTag/team: api
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    TAG_KEY_MISSING = "IAM108", "Tag condition without the name of a tag", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a condition key that stands twice under an operator, in different capitals.
    ///
    /// ## Why it matters
    /// Capitals do not count in condition keys, so that one of the two tests replaces the other.
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
    ///         aws:PrincipalTag/team: api
    ///         aws:principaltag/team: web
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
    ///         aws:PrincipalTag/team: [api, web]
    /// ```
    ///
    /// ## Source
    /// [Policy element `Condition`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    KEY_CASE_DUPLICATE = "IAM125", "Condition key given twice", Error, fix: None;

    /// ## What it does
    /// Reports the condition key `aws:ARN`.
    ///
    /// ## Why it matters
    /// AWS has replaced it by `aws:PrincipalArn`, and requests have the new one.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       ArnLike:
    ///         aws:ARN: arn:aws:iam::*:role/reporting-*
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
    ///       ArnLike:
    ///         aws:PrincipalArn: arn:aws:iam::*:role/reporting-*
    /// ```
    ///
    /// ## Source
    /// [Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    DEPRECATED_KEY = "IAM127", "Deprecated condition key", Warning, fix: Safe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in &condition.asked {
        // A variable in a key is reported as such.
        if asked.key.is_none() && !asked.test.key.contains("${") {
            acc.extend(unknown(condition, asked));
        }
    }
    for block in condition.statement.statement.condition.iter().filter(|block| block.operator.is_some()) {
        repeated(condition, block, acc);
    }
}

fn unknown<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, asked.test.key);
    let place = ctx.key(asked.test.value);
    let rename = |name: &str| edits::rename(ctx, asked.test.value, name);
    if written.eq_ignore_ascii_case("aws:ARN") {
        let message = format!("`{written}` is not a condition key any more. Use `aws:PrincipalArn`.");
        let fix = edits::safe("Rename to `aws:PrincipalArn`", rename("aws:PrincipalArn"));
        return Some(ctx.report(&DEPRECATED_KEY, place, message).fix(fix));
    }
    let Some((prefix, name)) = written.split_once(':').filter(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
    else {
        return Some(without_prefix(condition, asked));
    };
    if let Some(head) = tag_key(condition, written) {
        let message =
            format!("`{written}` is about tags and does not say which one. Write `{head}` and the name of the tag.");
        let fix = edits::suggestion(format!("Rename to `{head}`"), rename(head).filter(|_| head.len() > written.len()));
        return Some(ctx.report(&TAG_KEY_MISSING, place, message).fix(fix));
    }
    let is_global = prefix.eq_ignore_ascii_case("aws");
    // Providers of identities have keys of their own, behind their domain.
    if !is_global && (prefix.contains('.') || contains(CLOSED_SERVICES, prefix)) {
        return None;
    }
    let near = ctx.reference.nearest_key(written).filter(|near| !is_global || near.name().starts_with("aws:"));
    let rule = if is_global { &GLOBAL_KEY_UNKNOWN } else { &SERVICE_KEY_UNKNOWN };
    let fault = match ctx.reference.service(prefix) {
        _ if is_global => format!("AWS has no condition key `{written}`"),
        Some(service) => format!("{} has no condition key `{name}`", service.title()),
        None => format!("There is no service `{prefix}` with condition keys"),
    };
    let Some(near) = near.map(|near| near.spelt_like(written)) else {
        let date = ctx.reference.date();
        let message = format!("{fault}, as of {date}. If it is not newer than that, no request has it.");
        return Some(ctx.report(rule, place, message).severity(Severity::Warning));
    };
    let message = format!("{fault}, so that no request has it. Did you mean `{near}`?");
    let fix = edits::suggestion(format!("Rename to `{near}`"), rename(&near));
    Some(ctx.report(rule, place, message).fix(fix))
}

fn without_prefix<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Diagnostic {
    let (ctx, written) = (condition.ctx, asked.test.key);
    let global = format!("aws:{}", written.trim_matches(':'));
    let exact = global_keys::find(&global).map(|key| key.spelt_like(&global));
    let near = || ctx.reference.nearest_key(&global).filter(|near| near.name().starts_with("aws:"));
    let name = exact.clone().or_else(|| Some(near()?.spelt_like(&global)));
    let meant = name.as_deref().map_or(String::new(), |name| format!(" Did you mean `{name}`?"));
    let message =
        format!("The condition key `{written}` is not of the form `prefix:name`, and IAM refuses the policy.{meant}");
    let fix = name.and_then(|name| {
        let (title, edits) = (format!("Rename to `{name}`"), edits::rename(ctx, asked.test.value, &name));
        if exact.is_some() { edits::safe(title, edits) } else { edits::suggestion(title, edits) }
    });
    ctx.report(&KEY_FORMAT, ctx.key(asked.test.value), message).fix(fix)
}

/// What a key about tags begins with, up to the slash, if no tag is named behind it.
fn tag_key(condition: &Condition<'_, '_>, written: &str) -> Option<&'static str> {
    let bare = written.strip_suffix('/').unwrap_or(written);
    let (prefix, _) = written.split_once(':')?;
    let service = condition.ctx.reference.service(prefix);
    let keys = global_keys::KEYS.iter().copied().chain(service.into_iter().flat_map(Service::keys));
    let mut heads = keys.filter_map(|key| Some(key.around_placeholder()?.0));
    heads.find(|head| {
        head.strip_suffix('/').is_some_and(|head| head.eq_ignore_ascii_case(bare))
            && head.to_ascii_lowercase().contains("tag")
    })
}

fn repeated<'a>(condition: &Condition<'_, 'a>, block: &Block<'a>, acc: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::HashMap::new();
    for test in &block.tests {
        let first = *seen.entry(test.key.to_ascii_lowercase()).or_insert(test);
        if first.key == test.key {
            continue;
        }
        let ctx = condition.ctx;
        let message = format!(
            "`{}` and `{}` are the same condition key: capitals do not count, and one test replaces the other. Make one of them.",
            first.key, test.key
        );
        let place = ctx.key(test.value);
        acc.push(
            ctx.report(&KEY_CASE_DUPLICATE, place, message)
                .related(ctx.key(first.value).range, "It stands here first."),
        );
    }
}
