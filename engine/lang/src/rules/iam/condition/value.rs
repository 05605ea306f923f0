//! IAM111, IAM112, IAM115, IAM116 and IAM121: booleans, numbers, bytes and ARNs as values.

use data_encoding::BASE64;

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::{Arn, Malformed};
use crate::iam::policy::{Family, Text};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports a value of `Bool` or `Null` other than `true` and `false`.
    ///
    /// ## Why it matters
    /// Nothing else can be equal to what a request has.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       Bool:
    ///         aws:SecureTransport: 'yes'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       Bool:
    ///         aws:SecureTransport: 'true'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    BOOL_VALUE = "IAM111", "Value that is no boolean", Error, fix: Mixed;

    /// ## What it does
    /// Reports a value of a numeric operator that is no number.
    ///
    /// ## Why it matters
    /// Nothing can be compared with it, and the test does not hold.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       NumericLessThan:
    ///         s3:max-keys: ten
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       NumericLessThan:
    ///         s3:max-keys: 10
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    NUMERIC_VALUE = "IAM112", "Value that is no number", Error, fix: None;

    /// ## What it does
    /// Reports a value of `BinaryEquals` that is not in base64.
    ///
    /// ## Why it matters
    /// The operator compares bytes, which a policy writes in base64.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       BinaryEquals:
    ///         example:Digest: '***'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       BinaryEquals:
    ///         example:Digest: QmluYXJ5
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    BINARY_VALUE = "IAM115", "Value that is no base64", Error, fix: None;

    /// ## What it does
    /// Reports a value of an operator for ARNs that does not have the six fields of one.
    ///
    /// ## Why it matters
    /// The fields are compared one by one, so that such a value fits no ARN.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       ArnLike:
    ///         aws:PrincipalArn: reporting-role
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       ArnLike:
    ///         aws:PrincipalArn: arn:aws:iam::*:role/reporting-role
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    ARN_VALUE = "IAM116", "Value that is no ARN", Warning, fix: None;

    /// ## What it does
    /// Reports a key under `Bool` with more than one value.
    ///
    /// ## Why it matters
    /// A boolean has two values: with both the test asks for nothing, and with one twice it says the same twice.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       Bool:
    ///         aws:SecureTransport: ['true', 'false']
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       Bool:
    ///         aws:SecureTransport: 'true'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    BOOL_LIST = "IAM121", "Several values for a boolean key", Error, fix: None
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in &condition.asked {
        match asked.operator.family {
            Family::Bool => {
                each(condition, asked, bool_value, acc);
                acc.extend(several(condition, asked));
            }
            Family::Null => each(condition, asked, bool_value, acc),
            Family::Numeric => each(condition, asked, numeric_value, acc),
            Family::Binary => each(condition, asked, binary_value, acc),
            Family::Arn => acc.extend(asked.test.values.iter().filter_map(|value| arn_value(condition, &value.text))),
            Family::String | Family::Date | Family::Ip => {}
        }
    }
}

fn each<'a>(
    condition: &Condition<'_, 'a>,
    asked: &Asked<'a>,
    look: fn(&Condition<'_, 'a>, &Asked<'a>, &Text<'a>) -> Option<Diagnostic>,
    acc: &mut Vec<Diagnostic>,
) {
    acc.extend(asked.literals().filter_map(|value| look(condition, asked, &value.text)));
}

fn bool_value<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, value: &Text<'a>) -> Option<Diagnostic> {
    let (ctx, written) = (condition.ctx, value.text.trim());
    if ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(value.text)) {
        return None;
    }
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(written));
    let meant = match () {
        () if is(&["true", "yes", "y", "on", "1"]) => Some("true"),
        () if is(&["false", "no", "n", "off", "0"]) => Some("false"),
        () => None,
    };
    let message = format!(
        "`{}` takes `true` and `false` only, and this is `{}`. The test never holds.",
        asked.operator.name, value.text
    );
    let finding = ctx.report(&BOOL_VALUE, ctx.at(value.value), message);
    let replace = |word: &str| edits::replace(ctx, value.value, word);
    Some(match meant {
        Some(word) => finding.fix(edits::safe(format!("Use `{word}`"), replace(word))),
        None => finding
            .fix(edits::suggestion("Use `true`", replace("true")))
            .fix(edits::suggestion("Use `false`", replace("false"))),
    })
}

fn several<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Diagnostic> {
    if asked.test.values.len() < 2 {
        return None;
    }
    let ctx = condition.ctx;
    let message = format!(
        "`{}` is a boolean, and is held against {} values here. Name the one that is wanted.",
        asked.test.key,
        asked.test.values.len()
    );
    Some(ctx.report(&BOOL_LIST, ctx.key(asked.test.value), message))
}

fn numeric_value<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, value: &Text<'a>) -> Option<Diagnostic> {
    if number(value.text).is_some() {
        return None;
    }
    let message = format!("`{}` compares numbers, and `{}` is none.", asked.operator.name, value.text);
    Some(condition.ctx.report(&NUMERIC_VALUE, condition.ctx.at(value.value), message))
}

/// Reads a number as policies write it.
pub(super) fn number(text: &str) -> Option<f64> {
    // Words such as `inf` are none.
    text.parse().ok().filter(|_: &f64| text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)))
}

fn binary_value<'a>(condition: &Condition<'_, 'a>, _: &Asked<'a>, value: &Text<'a>) -> Option<Diagnostic> {
    BASE64.decode(value.text.as_bytes()).err()?;
    let message = format!("`BinaryEquals` compares bytes in base64, and `{}` is not base64.", value.text);
    Some(condition.ctx.report(&BINARY_VALUE, condition.ctx.at(value.value), message))
}

fn arn_value<'a>(condition: &Condition<'_, 'a>, value: &Text<'a>) -> Option<Diagnostic> {
    // A variable may stand for several fields.
    if !value.variables.is_empty() && Arn::split(value.text).is_err() {
        return None;
    }
    let fault = match Arn::split(value.text).err()? {
        Malformed::Prefix => "does not begin with `arn:`".to_owned(),
        Malformed::Fields(count) => format!("has {count} of the six fields that colons separate"),
    };
    let message = format!(
        "`{}` {fault}, so that it is compared with no ARN. Write out all fields, with `*` where any will do.",
        value.text
    );
    Some(condition.ctx.report(&ARN_VALUE, condition.ctx.at(value.value), message))
}
