//! IAM062 and IAM074: partitions.

use super::partition;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::iam::arn::{Arn, PARTITIONS, partition_of};
use crate::iam::policy::Text;
use crate::rules::iam::{PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports an ARN whose second field is empty or no partition of AWS.
    ///
    /// ## Why it matters
    /// IAM refuses the policy. Nearly all accounts are in `aws`; `${aws:partition}` is that of the deployment.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:amazon:s3:::report-archive/*
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
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    PARTITION = "IAM062", "Unknown partition", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an ARN whose partition is not the one that its region is in, or that of the deployment.
    ///
    /// ## Why it matters
    /// No request can cross partitions: a role in China cannot reach what is in `aws`.
    ///
    /// ## Example
    /// <!-- with: region=cn-north-1 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: region=cn-north-1 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: 'arn:${aws:partition}:s3:::report-archive/*'
    /// ```
    ///
    /// ## Source
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    PARTITION_MISMATCH = "IAM074", "Partition of other regions", Error, fix: Unsafe
}

/// A partition that there is not.
pub(super) fn unknown<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let found = arn.partition.text;
    if found == "*" || found.contains("${") || PARTITIONS.contains(&found) {
        return None;
    }
    let right = partition_of(arn.region.text).unwrap_or_else(|| partition(scope));
    let (place, what) = if found.is_empty() {
        (scope.at(text.value), "The ARN has no partition".to_owned())
    } else {
        (scope.part(text, arn.partition.range.clone()), format!("`{found}` is no partition of AWS"))
    };
    let message =
        format!("{what}, and IAM refuses it. Write `{right}`, or `${{aws:partition}}` for that of the deployment.");
    Some(scope.report(&PARTITION, place, message).fix(use_partition(scope, text, arn, right)))
}

/// A partition that the resource cannot be in, or from where it cannot be reached.
pub(super) fn mismatch<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let found = arn.partition.text;
    let of_region = partition_of(arn.region.text).map(|right| (arn.region.text, right, "the region of the ARN"));
    let of_deployment = || {
        let region = scope.facts.region?;
        Some((region, partition_of(region)?, "the region of the deployment"))
    };
    let (region, right, what) = of_region.or_else(of_deployment)?;
    if found == right || !PARTITIONS.contains(&found) {
        return None;
    }
    let message = format!(
        "The ARN is in the partition `{found}`, but `{region}`, {what}, is in `{right}`. Write `{right}`, or `${{aws:partition}}`."
    );
    let template = edits::replace_part(scope, text, arn.partition.range.clone(), "${aws:partition}");
    Some(
        scope
            .report(&PARTITION_MISMATCH, scope.part(text, arn.partition.range.clone()), message)
            .fix(use_partition(scope, text, arn, right))
            .fix(edits::suggestion("Use the partition of the deployment", template)),
    )
}

fn use_partition<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, arn: &Arn<'a>, right: &str) -> Option<Fix> {
    let edits = edits::replace_part(scope, text, arn.partition.range.clone(), right);
    edits::suggestion(format!("Use `{right}`"), edits)
}
