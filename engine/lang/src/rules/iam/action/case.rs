//! IAM049: capitals of actions.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::iam::context::Reach;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Points out an action whose capitals differ from those of its published name.
    ///
    /// ## Why it matters
    /// IAM does not care, but whoever searches for the action does.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: DynamoDB:getitem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    ACTION_CASE = "IAM049", "Capitals of an action", Hint, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for entry in ctx.statements.iter().flat_map(|statement| &statement.actions) {
        let Reach::One(action) = &entry.reach else { continue };
        let published = action.to_string();
        if published == entry.text.text {
            continue;
        }
        let message = format!("`{}` is published as `{published}`. IAM takes both.", entry.text.text);
        let fix = edits::safe(format!("Write `{published}`"), edits::replace(ctx, entry.text.value, &published));
        acc.push(ctx.report(&ACTION_CASE, ctx.at(entry.text.value), message).fix(fix));
    }
}
