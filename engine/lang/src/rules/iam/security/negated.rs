//! IAM204 and IAM205: allowing all but something.

use super::scoped;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::iam::PolicyContext;

declare_rule! {
    /// ## What it does
    /// Reports `NotAction` in a statement that allows.
    ///
    /// ## Why it matters
    /// It allows every action of every service but those it names, also what AWS adds later.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     NotAction: iam:*
    ///     Resource: arn:aws:s3:::report-archive/*
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
    /// [Policy element `NotAction`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
    ALLOW_NOT_ACTION = "IAM204", "All actions but some", Warning, fix: None;

    /// ## What it does
    /// Reports `NotResource` in a statement that allows.
    ///
    /// ## Why it matters
    /// It allows the actions on every resource but those it names, also on what is made later.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:PutObject
    ///     NotResource: arn:aws:s3:::payroll/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:PutObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `NotResource`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
    ALLOW_NOT_RESOURCE = "IAM205", "All resources but some", Warning, fix: None
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in scoped(ctx) {
        if let Some(element) = statement.statement.actions.as_ref().filter(|element| element.negated) {
            let message = "This allows every action but the ones named here, of all services. Name what the container needs in \
                           `Action`.";
            acc.push(ctx.report(&ALLOW_NOT_ACTION, ctx.key(element.value), message));
        }
        if let Some(element) = statement.statement.resources.as_ref().filter(|element| element.negated) {
            let message = "This allows the actions on every resource but the ones named here. Name what the container needs in \
                           `Resource`.";
            acc.push(ctx.report(&ALLOW_NOT_RESOURCE, ctx.key(element.value), message));
        }
    }
}
