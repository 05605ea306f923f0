//! IAM064 and IAM065: regions and accounts that do not exist.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::arn::{Arn, REGIONS, is_account, is_known_region};
use crate::iam::formats;
use crate::iam::policy::Text;
use crate::rules::iam::{PolicyScope, edits};
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports an ARN with a region that does not exist. One with the name of a known area and another number may be new, and is a
    /// warning.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the statement is about no resource that there is.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east1:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Source
    /// [Regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
    ARN_REGION = "IAM064", "Unknown region in an ARN", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an ARN whose account is not twelve digits. It may be empty, `*`, a pattern or `aws`, or what the service has there.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the statement is about no resource that there is. A number that YAML reads loses the zeros it begins
    /// with.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:31415926535:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Source
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    ARN_ACCOUNT = "IAM065", "Malformed account in an ARN", Error, fix: Unsafe
}

pub(super) fn region<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let found = arn.region.text;
    if is_open(found) || is_known_region(found) || is_published(arn, 3, found) {
        return None;
    }
    let area = |region: &str| region.trim_end_matches(|digit: char| digit.is_ascii_digit()).len();
    let regions = REGIONS.iter().flat_map(|(_, regions)| regions.iter().copied());
    let near = closest(found, regions.clone(), 2);
    let is_area_known =
        area(found) < found.len() && regions.clone().any(|region| region[..area(region)] == found[..area(found)]);
    let advice = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "Write `${aws:region}` for that of the deployment.".to_owned(),
    };
    let message = format!("There is no region `{found}`, as far as is known. {advice}");
    let fix = near.and_then(|near| {
        let edits = edits::replace_part(scope, text, arn.region.range.clone(), near);
        edits::suggestion(format!("Use `{near}`"), edits)
    });
    let severity = if is_area_known { Severity::Warning } else { Severity::Error };
    Some(scope.report(&ARN_REGION, scope.part(text, arn.region.range.clone()), message).severity(severity).fix(fix))
}

pub(super) fn account<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let found = arn.account.text;
    if is_open(found) || is_account(found) || found == "aws" || is_published(arn, 4, found) {
        return None;
    }
    let digits = found.bytes().filter(u8::is_ascii_digit).count();
    let fault = match (digits == found.len(), digits) {
        (true, 1) => "has one digit".to_owned(),
        (true, digits) => format!("has {digits} digits"),
        (false, _) => "is no number".to_owned(),
    };
    let message = format!(
        "The account `{found}` {fault}, and accounts have twelve. Write `${{aws:accountId}}` for that of the deployment."
    );
    let edits = edits::replace_part(scope, text, arn.account.range.clone(), "${aws:accountId}");
    let fix = edits::suggestion("Use the account of the deployment", edits);
    Some(scope.report(&ARN_ACCOUNT, scope.part(text, arn.account.range.clone()), message).fix(fix))
}

/// Whether a field says nothing that could be wrong.
fn is_open(field: &str) -> bool {
    field.is_empty() || field.contains(['*', '?', '$'])
}

/// Whether the service has a format with this very text in a field.
fn is_published(arn: &Arn<'_>, field: usize, text: &str) -> bool {
    formats::of_service(arn.service.text).iter().any(|format| format.text.split(':').nth(field) == Some(text))
}
