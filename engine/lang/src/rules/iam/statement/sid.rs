//! IAM029 to IAM031: the names of statements.

use std::collections::{HashMap, HashSet};

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Text;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a `Sid` with characters that are neither letters nor digits.
    ///
    /// ## Why it matters
    /// IAM refuses it in a policy of a role.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Sid: read-reports
    ///           Effect: Allow
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
    ///         - Sid: ReadReports
    ///           Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Sid`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    SID_CHARACTERS = "IAM029", "Sid with other characters", Error, fix: Safe;

    /// ## What it does
    /// Reports a `Sid` that an earlier statement of the policy has already. Capitals count.
    ///
    /// ## Why it matters
    /// IAM refuses the policy.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Sid: Reports
    ///           Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    ///         - Sid: Reports
    ///           Effect: Allow
    ///           Action: s3:ListBucket
    ///           Resource: arn:aws:s3:::report-archive
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
    ///         - Sid: Reports
    ///           Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    ///         - Sid: ReportNames
    ///           Effect: Allow
    ///           Action: s3:ListBucket
    ///           Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Source
    /// [Policy element `Sid`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    SID_DUPLICATE = "IAM030", "Sid used twice", Error, fix: Safe;

    /// ## What it does
    /// Reports a `Sid` without text.
    ///
    /// ## Why it matters
    /// It names nothing and may go.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Sid: ''
    ///           Effect: Allow
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
    /// [Policy element `Sid`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    SID_EMPTY = "IAM031", "Empty Sid", Hint, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let sids: Vec<&Text<'_>> = ctx.policy.statements.iter().filter_map(|statement| statement.sid.as_ref()).collect();
    let known: HashSet<&str> = sids.iter().map(|sid| sid.text).collect();
    let mut first: HashMap<&str, &Text<'_>> = HashMap::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for sid in sids.into_iter().filter(|sid| !sid.has_deploy_time_variable()) {
        if sid.text.is_empty() {
            let fix = edits::safe("Remove `Sid`", edits::remove(ctx, sid.value));
            let message = "The `Sid` is empty and names nothing. Remove it.";
            acc.push(ctx.report(&SID_EMPTY, ctx.at(sid.value), message).unnecessary().fix(fix));
            continue;
        }
        if !sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("`{}` has other characters than letters and digits, and IAM refuses it.", sid.text);
            let mended = Some(camel_case(sid.text)).filter(|mended| !mended.is_empty() && !known.contains(&**mended));
            let fix = mended
                .and_then(|mended| edits::safe(format!("Use `{mended}`"), edits::replace(ctx, sid.value, &mended)));
            acc.push(ctx.report(&SID_CHARACTERS, ctx.at(sid.value), message).fix(fix));
        }
        let Some(earlier) = first.insert(sid.text, sid) else { continue };
        first.insert(sid.text, earlier);
        let number = numbers.entry(sid.text).or_insert(1);
        let mut next = || {
            *number += 1;
            format!("{}{number}", sid.text)
        };
        let free = std::iter::repeat_with(&mut next).find(|name| !known.contains(&**name)).unwrap_or_default();
        let message =
            format!("An earlier statement is named `{}` already, and IAM refuses a name that is used twice.", sid.text);
        let fix = edits::safe(format!("Use `{free}`"), edits::replace(ctx, sid.value, &free));
        acc.push(
            ctx.report(&SID_DUPLICATE, ctx.at(sid.value), message)
                .related(ctx.at(earlier.value).range, "It is used here first.")
                .fix(fix),
        );
    }
}

/// `read-reports` becomes `ReadReports`.
fn camel_case(text: &str) -> String {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..])).collect()
}
