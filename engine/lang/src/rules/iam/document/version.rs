//! IAM003 to IAM006: the version of the policy language.

use super::elements;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Placement};
use crate::iam::policy::Written;
use crate::rules::iam::{PolicyContext, edits};
use crate::yaml::{NodeKind, ScalarStyle};

declare_rule! {
    /// ## What it does
    /// Reports a policy without `Version`.
    ///
    /// ## Why it matters
    /// Without it, IAM reads the policy as one of 2008, and refuses it for a managed policy. In that version, variables are
    /// plain text.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Version`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    VERSION_MISSING = "IAM003", "Missing `Version`", Error, fix: Safe;

    /// ## What it does
    /// Reports a `Version` that is neither `2012-10-17` nor `2008-10-17`.
    ///
    /// ## Why it matters
    /// It names the version of the policy language, and is not a date to be chosen. IAM refuses every other text.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2025-01-01'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Version`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    VERSION_INVALID = "IAM004", "Unknown version", Error, fix: Safe;

    /// ## What it does
    /// Reports the version `2008-10-17`.
    ///
    /// ## Why it matters
    /// A container's policy is a managed policy, and IAM takes only `2012-10-17` for those. In the old version,
    /// `${aws:userid}` would be plain text, too.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2008-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Version`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    VERSION_2008 = "IAM005", "Old version", Error, fix: Safe;

    /// ## What it does
    /// Says that the version stands without quotes.
    ///
    /// ## Why it matters
    /// It looks like a date. The original tool makes a moment of it and then refuses the policy. In a configuration of
    /// containers, [SCF009](SCF009.md) says it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: 2012-10-17
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Version`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    VERSION_UNQUOTED = "IAM006", "Version without quotes", Info, fix: Safe
}

const CURRENT: &str = "2012-10-17";
const OLD: &str = "2008-10-17";

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policy = ctx.policy.value;
    if ctx.written(policy) != Written::Map {
        return;
    }
    let Some(version) = policy.get("Version") else {
        if !elements::is_meant(ctx, "Version") {
            let message = format!(
                "The policy has no `Version`, so that IAM reads it as one of {OLD}, takes variables for plain text, and refuses it. Add `Version: '{CURRENT}'`."
            );
            let edits = edits::add(ctx, policy, "Version", &format!("'{CURRENT}'"), Placement::First);
            let fix = edits::safe("Add `Version`", edits);
            acc.push(ctx.report(&VERSION_MISSING, ctx.missing(policy, "Version"), message).fix(fix));
        }
        return;
    };
    if ctx.reader().is_unknown(version) {
        return;
    }
    let (rule, message) = match ctx.written(version) {
        Written::Text(CURRENT) => return unquoted(ctx, acc),
        Written::Text(OLD) => {
            let message = format!(
                "A container's policy is a managed policy, and IAM takes only `{CURRENT}` for those. In `{OLD}`, variables would be plain text."
            );
            (&VERSION_2008, message)
        }
        Written::Text(text) => (
            &VERSION_INVALID,
            format!("`{text}` is no version of the policy language. Write `{CURRENT}`, whatever day it is."),
        ),
        _ => (&VERSION_INVALID, format!("The version must be the text `{CURRENT}`.")),
    };
    let fix = edits::safe(format!("Use `{CURRENT}`"), edits::replace(ctx, version, CURRENT));
    acc.push(ctx.report(rule, ctx.at(version), message).fix(fix));
}

fn unquoted(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(version) = ctx.policy.value.get("Version").filter(|_| !ctx.facts.in_configuration) else { return };
    let is_plain = |kind: &NodeKind| matches!(kind, NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain);
    if is_plain(&ctx.document.tree().node(version.node()).kind) {
        let message =
            "The version looks like a date. The original tool makes a moment of it and refuses the policy. Quote it.";
        let fix = edits::safe("Quote it", fix::quote(ctx.document, version.node()));
        acc.push(ctx.report(&VERSION_UNQUOTED, ctx.at(version), message).fix(fix));
    }
}
