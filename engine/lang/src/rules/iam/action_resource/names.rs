//! IAM087 and IAM088: names that secrets and parameters do not have.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::Arn;
use crate::iam::policy::Text;
use crate::rules::iam::context::StatementContext;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports the name of a secret without the characters that Secrets Manager puts behind it.
    ///
    /// ## Why it matters
    /// The name of a secret ends in a dash and six characters that are made up when it is created. Without them the name is that
    /// of no secret.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: secretsmanager:GetSecretValue
    ///     Resource: arn:aws:secretsmanager:us-east-1:314159265358:secret:prod/db
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: secretsmanager:GetSecretValue
    ///     Resource: arn:aws:secretsmanager:us-east-1:314159265358:secret:prod/db-??????
    /// ```
    ///
    /// ## Source
    /// [Secrets Manager and IAM](https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html)
    SECRET_SUFFIX = "IAM087", "Secret without its suffix", Warning, fix: Safe;

    /// ## What it does
    /// Reports the name of a parameter with two slashes after `parameter`.
    ///
    /// ## Why it matters
    /// The slash that a parameter's name begins with is the one after `parameter`. With another one the name is that of no
    /// parameter.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: ssm:GetParameter
    ///     Resource: arn:aws:ssm:us-east-1:314159265358:parameter//prod/db/url
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: ssm:GetParameter
    ///     Resource: arn:aws:ssm:us-east-1:314159265358:parameter/prod/db/url
    /// ```
    ///
    /// ## Source
    /// [Parameter Store and IAM](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html)
    PARAMETER_SLASH = "IAM088", "Two slashes in a parameter's name", Warning, fix: Safe
}

/// Behind the dash.
const SUFFIX_LENGTH: usize = 6;

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (entry, arn) in ctx.statements.iter().filter(|statement| statement.allows()).flat_map(StatementContext::arns) {
        match arn.service.text {
            "secretsmanager" => acc.extend(secret(ctx, entry.text, arn)),
            "ssm" => acc.extend(parameter(ctx, entry.text, arn)),
            _ => {}
        }
    }
}

fn secret<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let name = arn.resource.text.strip_prefix("secret:").filter(|name| !name.is_empty())?;
    if has_suffix(name) || name.ends_with(['*', '?', '}']) {
        return None;
    }
    let message = format!(
        "The name of a secret ends in a dash and six characters that Secrets Manager makes up, so `{name}` is none. Put `-??????` \
         behind it."
    );
    let edits = edits::replace_part(ctx, text, arn.resource.range.clone(), &format!("secret:{name}-??????"));
    let place = ctx.part(text, arn.resource.range.clone());
    Some(ctx.report(&SECRET_SUFFIX, place, message).fix(edits::safe("Put `-??????` behind the name", edits)))
}

fn has_suffix(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, suffix)| {
        suffix.len() == SUFFIX_LENGTH && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'?')
    })
}

fn parameter<'a>(ctx: &PolicyContext<'a>, text: &Text<'a>, arn: &Arn<'a>) -> Option<Diagnostic> {
    let name = arn.resource.text.strip_prefix("parameter//")?;
    let right = format!("parameter/{}", name.trim_start_matches('/'));
    let message = format!(
        "The slash that a parameter's name begins with is the one after `parameter`, so this is the name of none. Write `{right}`."
    );
    let edits = edits::replace_part(ctx, text, arn.resource.range.clone(), &right);
    let place = ctx.part(text, arn.resource.range.clone());
    Some(ctx.report(&PARAMETER_SLASH, place, message).fix(edits::safe("Write one slash", edits)))
}
