//! IAM034: blanks in names of actions and resources.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Statement, Text};
use crate::rules::iam::{PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports a blank or a line break around an action or a resource, and inside of an action.
    ///
    /// ## Why it matters
    /// IAM takes the blank as a part of the name, so that it is the name of nothing. A text behind `>` or `|` ends with a
    /// line break; behind `>-` and `|-` it does not.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: 's3:GetObject '
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
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    STRAY_SPACE = "IAM034", "Stray blank", Error, fix: Safe
}

/// Looks at an action.
pub(in crate::rules::iam) fn action_judge<'a>(
    scope: &PolicyScope<'a>,
    _: &Statement<'a>,
    text: &Text<'a>,
    acc: &mut Vec<Diagnostic>,
) -> bool {
    judge(scope, text, text.text.contains(char::is_whitespace) && text.variables.is_empty(), acc)
}

/// Looks at a resource, which may have blanks inside.
pub(in crate::rules::iam) fn resource_judge<'a>(
    scope: &PolicyScope<'a>,
    _: &Statement<'a>,
    text: &Text<'a>,
    acc: &mut Vec<Diagnostic>,
) -> bool {
    judge(scope, text, false, acc)
}

fn judge<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, inside: bool, acc: &mut Vec<Diagnostic>) -> bool {
    // What has no text at all is reported as empty.
    if text.text.is_empty() {
        return false;
    }
    let trimmed = text.text.trim();
    let around = trimmed.len() < text.text.len();
    if !around && !inside {
        return true;
    }
    let mended: String = if inside { text.text.split_whitespace().collect() } else { trimmed.to_owned() };
    let end = text.text.trim_end().len();
    let (place, advice) = match &text.text[end..] {
        blank if blank.contains('\n') => ("ends with a line break", "Write `>-` or `|-` in the place of `>` or `|`."),
        "" if text.text.starts_with(char::is_whitespace) => ("begins with a blank", "Remove it."),
        "" => ("has a blank inside", "Remove it."),
        _ => ("ends with a blank", "Remove it."),
    };
    let message =
        format!("{:?} {place}, which IAM takes for a part of the name, so that it names nothing. {advice}", text.text);
    let fix =
        edits::safe("Remove the blanks", edits::replace(scope, text.value, &mended).filter(|_| !mended.is_empty()));
    acc.push(scope.report(&STRAY_SPACE, scope.at(text.value), message).fix(fix));
    false
}
