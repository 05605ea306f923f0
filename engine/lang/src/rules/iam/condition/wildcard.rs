//! IAM117: wildcards that are compared as letters.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Family, Text};
use crate::rules::iam::edits;

declare_rule! {
    /// ## What it does
    /// Reports `*` and `?` in a value of `StringEquals` and its kin.
    ///
    /// ## Why it matters
    /// These operators compare letter by letter, so that only a request with the star itself fits. `StringLike` takes
    /// wildcards; `${*}` and `${?}` say that the letter is meant.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringEquals:
    ///         s3:prefix: daily/*
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
    ///       StringLike:
    ///         s3:prefix: daily/*
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    WILDCARD_WITHOUT_LIKE = "IAM117", "Wildcard that is compared as a letter", Warning, fix: Unsafe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    for asked in &condition.asked {
        if asked.operator.family == Family::String && !asked.operator.takes_wildcards() {
            acc.extend(asked.test.values.iter().filter_map(|value| look_at(condition, asked, &value.text)));
        }
    }
}

fn look_at<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>, value: &Text<'a>) -> Option<Diagnostic> {
    let (ctx, operator) = (condition.ctx, asked.operator);
    let escaped = escaped(value)?;
    let like = operator.with_name(if operator.negated { "StringNotLike" } else { "StringLike" });
    let message = format!(
        "`{}` compares `{}` letter by letter. Use `{like}` for wildcards, or write `${{*}}` and `${{?}}` for the letters.",
        asked.block.name, value.text
    );
    let rename = condition.renamed(asked.block, &like);
    let replace = edits::replace(ctx, value.value, &escaped);
    Some(
        ctx.report(&WILDCARD_WITHOUT_LIKE, ctx.at(value.value), message)
            .fix(edits::suggestion(format!("Use `{like}`"), rename))
            .fix(edits::suggestion("Escape the wildcards", replace)),
    )
}

/// A text with its wildcards escaped; `None` where it has none outside of variables.
fn escaped(text: &Text<'_>) -> Option<String> {
    let mut escaped = String::new();
    let mut done = 0;
    let outside = |part: &str, escaped: &mut String| {
        escaped.push_str(&part.replace('*', "${*}").replace('?', "${?}"));
        part.contains(['*', '?'])
    };
    let mut found = false;
    for variable in &text.variables {
        found |= outside(&text.text[done..variable.range.start], &mut escaped);
        escaped.push_str(&text.text[variable.range.clone()]);
        done = variable.range.end;
    }
    found |= outside(&text.text[done..], &mut escaped);
    found.then_some(escaped)
}
