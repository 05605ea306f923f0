//! IAM101 to IAM103: operators.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Block, Family, OPERATORS, Operator, Qualifier};
use crate::rules::iam::{PolicyContext, edits, variable};
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports a condition operator that does not exist.
    ///
    /// ## Why it matters
    /// IAM refuses the policy. Capitals count, also in `ForAllValues:`, `ForAnyValue:` and `IfExists`. `Null` needs quotes: without
    /// them YAML takes it for nothing, and not for text.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       StringEqual:
    ///         s3:prefix: daily/
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
    ///       StringEquals:
    ///         s3:prefix: daily/
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    OPERATOR_UNKNOWN = "IAM101", "Unknown condition operator", Error, fix: Safe;

    /// ## What it does
    /// Reports `Null` with the suffix `IfExists`.
    ///
    /// ## Why it matters
    /// `Null` asks whether a key is there, and `IfExists` is about keys that are not there: IAM does not know the two
    /// together.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:ListBucket
    ///     Resource: arn:aws:s3:::report-archive
    ///     Condition:
    ///       NullIfExists:
    ///         s3:prefix: 'true'
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
    ///       'Null':
    ///         s3:prefix: 'true'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    NULL_IF_EXISTS = "IAM102", "`NullIfExists`", Error, fix: Safe;

    /// ## What it does
    /// Reports `Null` behind `ForAllValues:` or `ForAnyValue:`.
    ///
    /// ## Why it matters
    /// Behind `ForAllValues:` the test always holds, and behind `ForAnyValue:` it never does, whatever the request.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:CreateQueue
    ///     Resource: '*'
    ///     Condition:
    ///       ForAnyValue:Null:
    ///         aws:TagKeys: 'true'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:CreateQueue
    ///     Resource: '*'
    ///     Condition:
    ///       'Null':
    ///         aws:TagKeys: 'true'
    /// ```
    ///
    /// ## Source
    /// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    NULL_WITH_QUALIFIER = "IAM103", "`Null` with a qualifier", Hint, fix: Unsafe
}

/// So many letters may be wrong in a name that is still understood.
const FARTHEST: usize = 2;

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for block in ctx.policy.statements.iter().flat_map(|statement| &statement.condition) {
        match block.operator {
            None => acc.extend(unknown(ctx, block)),
            Some(operator) if operator.family == Family::Null => acc.extend(null(ctx, block, operator)),
            Some(_) => {}
        }
    }
}

fn unknown<'a>(ctx: &PolicyContext<'a>, block: &Block<'a>) -> Option<Diagnostic> {
    // A variable in it is reported as such.
    if variable::is_for_iam(&ctx.reader().variables(block.name)) {
        return None;
    }
    let known = every_operator();
    let near = closest(block.name, known.iter().map(String::as_str), FARTHEST);
    let meant = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let place = ctx.key(block.value);
    let message = if ctx.document.source().slice(place.range) == "Null" {
        "Without quotes YAML takes `Null` for nothing and not for text, and there is no condition operator `null`. Put it in quotes.".to_owned()
    } else {
        format!("There is no condition operator `{}`, and IAM refuses the policy.{meant}", block.name)
    };
    let fix = near.and_then(|near| edits::safe(format!("Rename to `{near}`"), edits::rename(ctx, block.value, near)));
    Some(ctx.report(&OPERATOR_UNKNOWN, place, message).fix(fix))
}

fn null<'a>(ctx: &PolicyContext<'a>, block: &Block<'a>, operator: Operator) -> Option<Diagnostic> {
    let place = ctx.key(block.value);
    if operator.if_exists {
        let message = "`Null` takes no `IfExists`: it asks itself whether the key is there. Write `Null`.";
        let fix = edits::safe("Rename to `Null`", edits::rename(ctx, block.value, "Null"));
        return Some(ctx.report(&NULL_IF_EXISTS, place, message).fix(fix));
    }
    let (qualifier, holds) = match operator.qualifier? {
        Qualifier::ForAllValues => ("ForAllValues", "always holds"),
        Qualifier::ForAnyValue => ("ForAnyValue", "never holds"),
    };
    let message = format!("`Null` behind `{qualifier}:` {holds}, whatever the request. Write `Null` alone.");
    let fix = edits::suggestion("Rename to `Null`", edits::rename(ctx, block.value, "Null"));
    Some(ctx.report(&NULL_WITH_QUALIFIER, place, message).fix(fix))
}

/// The operators with all that may stand before and behind them.
fn every_operator() -> Vec<String> {
    let mut all = Vec::with_capacity(6 * OPERATORS.len());
    for (name, family, _) in OPERATORS {
        all.push((*name).to_owned());
        if *family == Family::Null {
            continue;
        }
        all.push(format!("{name}IfExists"));
        for qualifier in ["ForAllValues", "ForAnyValue"] {
            all.extend([format!("{qualifier}:{name}"), format!("{qualifier}:{name}IfExists")]);
        }
    }
    all
}
