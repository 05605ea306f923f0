//! SCF262 and SCF263: secrets in the text of the file, and credentials that stand in the way of the role.

use crate::config::{Data, Value};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::model::ComputeType;
use crate::rules::{RuleContext, edits};
use crate::secrets;

use super::is_plain;

declare_rule! {
    /// ## What it does
    /// Reports a value that looks like a secret: a literal text under a name such as `DB_PASSWORD` or `API_KEY`, a private key,
    /// a URL with a password, a token of AWS, GitHub, Slack, Stripe and other services.
    ///
    /// ## Why it matters
    /// Everybody who can read the repository can use it, for ever: it stays in the history.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   DB_PASSWORD: hunter2
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   DB_PASSWORD: ${aws:ssm:/shop/db/password}
    /// ```
    ///
    /// ## Source
    /// [Pass sensitive data to an ECS container](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html)
    SECRET_IN_PLAIN_TEXT = "SCF262", "Secret in plain text", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports AWS credentials among the variables of a Fargate container.
    ///
    /// ## Why it matters
    /// AWS's libraries look at these variables first, so the container acts as their owner and its own role has no effect. They
    /// also do not expire by themselves.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// environment:
    ///   AWS_ACCESS_KEY_ID: ${env:AWS_ACCESS_KEY_ID}
    ///   AWS_SECRET_ACCESS_KEY: ${env:AWS_SECRET_ACCESS_KEY}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsIam:
    ///     customPolicy:
    ///       Version: "2012-10-17"
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::shop-assets/*
    /// ```
    ///
    /// ## Source
    /// [Task IAM role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html)
    STATIC_CREDENTIALS = "SCF263", "Static AWS credentials", Warning, fix: Unsafe
}

const CREDENTIALS: &[&str] = &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        for (name, value) in container.environment() {
            secret(ctx, name, value, acc);
            if container.compute_type() == Some(ComputeType::Fargate) && CREDENTIALS.contains(&name) {
                let message = format!(
                    "With `{name}` the container acts as the owner of these credentials, and its own role has no effect. Remove it, and \
                     give the role what it needs in `compute.awsIam`."
                );
                let fix = edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
                acc.push(STATIC_CREDENTIALS.at(value.key_place(), message).fix(fix));
            }
        }
    }
}

/// Looks at a variable, and at every text inside a structured one, under the name that is nearest to it.
fn secret(ctx: &RuleContext<'_>, name: &str, variable: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let mut values = Vec::from([(name, variable)]);
    while let Some((name, value)) = values.pop() {
        values.extend(value.items().map(|item| (name, item)));
        values.extend(value.entries());
        if value.is_variable() || !matches!(value.data(), Data::String(_) | Data::Number(_)) {
            continue;
        }
        let Some(what) = value.env_text().and_then(|text| secrets::secret_in(name, &text)) else { continue };
        let message = format!(
            "`{name}` holds what looks like {what}. Everybody who can read this file can use it; keep it elsewhere and write a \
             variable here, such as `${{env:{name}}}` or `${{aws:ssm:/path}}`."
        );
        // A name inside a structured value is no name of a variable.
        let fix = (value == variable).then(|| from_environment(ctx, name, value)).flatten();
        acc.push(SECRET_IN_PLAIN_TEXT.at(value, message).fix(fix));
    }
}

fn from_environment(ctx: &RuleContext<'_>, name: &str, value: Value<'_>) -> Option<Fix> {
    if !is_plain(name) {
        return None;
    }
    let variable = format!("${{env:{name}}}");
    let edits = edits::replace(ctx, value, Literal::Text(&variable))?;
    Some(Fix::suggestion(format!("Read it from the environment: `{variable}`"), edits))
}
