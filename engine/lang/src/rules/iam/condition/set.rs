//! IAM122 to IAM124: keys with several values, and what stands before the operator for them.

use super::{Asked, Condition};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::fix::Placement;
use crate::iam::policy::{Family, Operator, Qualifier};
use crate::rules::iam::edits;
use crate::text::TextEdit;

declare_rule! {
    /// ## What it does
    /// Reports an operator without `ForAnyValue:` and `ForAllValues:` on a condition key that may have several values.
    ///
    /// ## Why it matters
    /// IAM then compares one value only, and does not say which.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:CreateQueue
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs-*
    ///     Condition:
    ///       StringEquals:
    ///         aws:TagKeys: team
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:CreateQueue
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs-*
    ///     Condition:
    ///       ForAnyValue:StringEquals:
    ///         aws:TagKeys: team
    /// ```
    ///
    /// ## Source
    /// [Keys with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    SET_QUALIFIER_MISSING = "IAM122", "Key with several values and no qualifier", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `ForAllValues:` on a condition key with a single value, in a statement that allows.
    ///
    /// ## Why it matters
    /// The test holds, too, where the key is absent, so that more is allowed than it seems.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    ///     Condition:
    ///       ForAllValues:StringEquals:
    ///         aws:PrincipalTag/team: api
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
    ///       StringEquals:
    ///         aws:PrincipalTag/team: api
    /// ```
    ///
    /// ## Source
    /// [Keys with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    FOR_ALL_SINGLE = "IAM123", "`ForAllValues` on a key with one value", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `ForAllValues:` in a statement that allows, where no `Null` asks for the key to be there.
    ///
    /// ## Why it matters
    /// The test holds, too, where the key is absent or has no values, so that more may be allowed than it seems.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:UntagQueue
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs-*
    ///     Condition:
    ///       ForAllValues:StringEquals:
    ///         aws:TagKeys: [team, stage]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:UntagQueue
    ///     Resource: arn:aws:sqs:us-east-1:${aws:accountId}:jobs-*
    ///     Condition:
    ///       ForAllValues:StringEquals:
    ///         aws:TagKeys: [team, stage]
    ///       'Null':
    ///         aws:TagKeys: 'false'
    /// ```
    ///
    /// ## Source
    /// [Keys with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    FOR_ALL_WITHOUT_NULL = "IAM124", "`ForAllValues` that an absent key passes", Info, fix: Unsafe
}

pub(super) fn check(condition: &Condition<'_, '_>, acc: &mut Vec<Diagnostic>) {
    let allows = condition.statement.allows();
    // Of several keys under an operator, the first stands for all.
    let mut open = None;
    for asked in condition.asked.iter().filter(|asked| asked.operator.family != Family::Null) {
        let Some(key) = asked.key else { continue };
        match (asked.operator.qualifier, key.is_multivalued()) {
            (None, true) if !asked.operator.negated => acc.push(without_qualifier(condition, asked)),
            (Some(Qualifier::ForAllValues), false) if allows => acc.push(single(condition, asked)),
            // What asks for a difference holds for an absent key anyway, and is meant to.
            (Some(Qualifier::ForAllValues), true)
                if allows
                    && !asked.operator.negated
                    && !has_null_check(condition, asked)
                    && !open.is_some_and(|block| std::ptr::eq(block, asked.block)) =>
            {
                open = Some(asked.block);
                acc.push(without_null(condition, asked));
            }
            _ => {}
        }
    }
}

fn without_qualifier<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Diagnostic {
    let ctx = condition.ctx;
    let name = Operator { qualifier: Some(Qualifier::ForAnyValue), ..asked.operator }.with_name(asked.operator.name);
    let message = format!(
        "`{}` may have several values, and `{}` compares one of them only. Use `{name}`, so that any of them may fit.",
        asked.test.key, asked.block.name
    );
    let fix = edits::suggestion(format!("Rename to `{name}`"), condition.renamed(asked.block, &name));
    ctx.report(&SET_QUALIFIER_MISSING, ctx.key(asked.block.value), message).fix(fix)
}

fn single<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Diagnostic {
    let ctx = condition.ctx;
    let name = Operator { qualifier: None, ..asked.operator }.with_name(asked.operator.name);
    let message = format!(
        "`{}` has one value, and `ForAllValues:` lets requests pass that do not have it at all. Use `{name}`.",
        asked.test.key
    );
    let fix = edits::suggestion(format!("Rename to `{name}`"), condition.renamed(asked.block, &name));
    ctx.report(&FOR_ALL_SINGLE, ctx.key(asked.block.value), message).fix(fix)
}

fn without_null<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Diagnostic {
    let ctx = condition.ctx;
    let message = format!(
        "`ForAllValues:` lets requests pass that do not have `{}` at all. Add `Null` with `{}: 'false'` if they shall not.",
        asked.test.key, asked.test.key
    );
    let fix = edits::suggestion("Ask for the key with `Null`", null_check(condition, asked));
    ctx.report(&FOR_ALL_WITHOUT_NULL, ctx.key(asked.block.value), message).fix(fix)
}

fn has_null_check(condition: &Condition<'_, '_>, asked: &Asked<'_>) -> bool {
    condition.asked.iter().any(|other| {
        other.operator.family == Family::Null
            && other.is_one_of(&[asked.test.key])
            && other.test.values.iter().any(|value| value.text.text.eq_ignore_ascii_case("false"))
    })
}

fn null_check<'a>(condition: &Condition<'_, 'a>, asked: &Asked<'a>) -> Option<Vec<TextEdit>> {
    let (ctx, key) = (condition.ctx, asked.test.key);
    let blocks = &condition.statement.statement.condition;
    match blocks.iter().find(|block| block.name == "Null") {
        Some(block) => edits::add(ctx, block.value, key, "'false'", Placement::Last),
        None => edits::add(ctx, condition.value()?, "Null", &format!("{key}: 'false'"), Placement::Last),
    }
}
