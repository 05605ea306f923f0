//! IAM071, IAM072, IAM073 and IAM075: accounts and regions that are written out.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::iam::arn::{Field, is_account, is_known_region};
use crate::iam::policy::Text;
use crate::iam::tables::{self, documentation_accounts::DOCUMENTATION_ACCOUNTS};
use crate::rules::iam::context::StatementContext;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports an ARN with one of the accounts that documentation has in its examples. In a configuration of containers it is only
    /// pointed out.
    ///
    /// ## Why it matters
    /// Nobody who reads the examples owns such an account: the statement is about nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:123456789012:jobs
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
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    PLACEHOLDER_ACCOUNT = "IAM071", "Account from documentation", Warning, fix: Unsafe;

    /// ## What it does
    /// Points out accounts and regions that are written out in ARNs. It only speaks when it is switched on.
    ///
    /// ## Why it matters
    /// A policy with variables in their place can be deployed to every account and region.
    ///
    /// ## Example
    /// <!-- with: enable=IAM072 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: enable=IAM072 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: 'arn:aws:sqs:${aws:region}:${aws:accountId}:jobs'
    /// ```
    HARD_CODED_ID = "IAM072", "Account or region written out", Hint, fix: Unsafe;

    /// ## What it does
    /// Points out an ARN with another region than that of the deployment, where that is known.
    ///
    /// ## Why it matters
    /// It may be meant so. Else the container looks for its resources where they are not.
    ///
    /// ## Example
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: 'arn:aws:sqs:us-east-1:${aws:accountId}:jobs'
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: 'arn:aws:sqs:${aws:region}:${aws:accountId}:jobs'
    /// ```
    OTHER_REGION = "IAM073", "Resource in another region", Info, fix: Unsafe;

    /// ## What it does
    /// Points out an ARN with another account than that of the deployment, where that is known.
    ///
    /// ## Why it matters
    /// It may be meant so. Then the other account has to grant it, too.
    ///
    /// ## Example
    /// <!-- with: account=271828182845 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: account=271828182845 -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: 'arn:aws:sqs:us-east-1:${aws:accountId}:jobs'
    /// ```
    OTHER_ACCOUNT = "IAM075", "Resource in another account", Info, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (entry, arn) in ctx.statements.iter().flat_map(StatementContext::arns) {
        acc.extend(account(ctx, entry.text, &arn.account));
        acc.extend(region(ctx, entry.text, &arn.region));
    }
}

fn account<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>, field: &Field<'a>) -> Option<Diagnostic> {
    let found = field.text;
    if !is_account(found) {
        return None;
    }
    let place = ctx.part(text, field.range.clone());
    if tables::contains(DOCUMENTATION_ACCOUNTS, found) {
        let message = format!(
            "`{found}` is an account that documentation has in its examples. Write `${{aws:accountId}}` for your own."
        );
        let severity = if ctx.facts.in_configuration { Severity::Info } else { Severity::Warning };
        let finding = ctx.report(&PLACEHOLDER_ACCOUNT, place, message).severity(severity);
        return Some(finding.fix(use_variable(ctx, text, field, "${aws:accountId}")));
    }
    if let Some(own) = ctx.facts.account_id.filter(|own| *own != found) {
        let message = format!(
            "The resource is in the account `{found}`, and the deployment in `{own}`. If that is meant, `{found}` has to grant it, too."
        );
        return Some(ctx.report(&OTHER_ACCOUNT, place, message));
    }
    hard_coded(ctx, text, field, "account", "${aws:accountId}")
}

fn region<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>, field: &Field<'a>) -> Option<Diagnostic> {
    let found = field.text;
    if !is_known_region(found) {
        return None;
    }
    if let Some(own) = ctx.facts.region.filter(|own| *own != found) {
        let message = format!(
            "The resource is in the region `{found}`, and the deployment in `{own}`. Write `${{aws:region}}` if that is not meant."
        );
        let finding = ctx.report(&OTHER_REGION, ctx.part(text, field.range.clone()), message);
        return Some(finding.fix(use_variable(ctx, text, field, "${aws:region}")));
    }
    hard_coded(ctx, text, field, "region", "${aws:region}")
}

fn hard_coded<'a>(
    ctx: &PolicyContext<'a>,
    text: &Text<'a>,
    field: &Field<'a>,
    what: &str,
    variable: &str,
) -> Option<Diagnostic> {
    if !ctx.facts.enabled.contains(HARD_CODED_ID.code) {
        return None;
    }
    let message =
        format!("The {what} `{}` is written out. With `{variable}` the policy can be deployed elsewhere.", field.text);
    let finding = ctx.report(&HARD_CODED_ID, ctx.part(text, field.range.clone()), message);
    Some(finding.fix(use_variable(ctx, text, field, variable)))
}

fn use_variable<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>, field: &Field<'a>, variable: &str) -> Option<Fix> {
    let edits = edits::replace_part(ctx, text, field.range.clone(), variable);
    edits::suggestion(format!("Use `{variable}`"), edits)
}
