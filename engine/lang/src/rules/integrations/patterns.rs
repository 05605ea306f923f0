//! SCF314 to SCF319: event patterns. What may stand in one is known to [`event_pattern`].

use super::view::{Kind, all};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Rule};
use crate::event_pattern::{self, Problem, ProblemKind, Repair};
use crate::rules::{RuleContext, edits};
use crate::webhook::Caller;

declare_rule! {
    /// ## What it does
    /// Reports an event pattern, a field or a list in it, that has no content.
    ///
    /// ## Why it matters
    /// AWS refuses a pattern that asks for nothing. A pattern for every event of the account is `source: [{prefix: ""}]`, which
    /// is seldom meant.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern: {}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    /// ```
    ///
    /// ## Source
    /// [Event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)
    EMPTY_PATTERN = "SCF314", "Empty pattern", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a value of an event pattern that does not stand in a list.
    ///
    /// ## Why it matters
    /// A pattern names the values to let through as a list, even a single one. AWS refuses everything else.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: shop.orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    /// ```
    ///
    /// ## Source
    /// [Event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)
    LEAF_NOT_A_LIST = "SCF315", "Pattern leaf not a list", Blocker, fix: Safe;

    /// ## What it does
    /// Reports an operator that event patterns do not have.
    ///
    /// ## Why it matters
    /// AWS refuses the pattern. The operators are `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`,
    /// `numeric`, `exists` and `cidr`, and `$or` beside fields.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source:
    ///         - begins-with: shop.
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source:
    ///         - prefix: shop.
    /// ```
    ///
    /// ## Source
    /// [Comparison operators](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html)
    UNKNOWN_OPERATOR = "SCF316", "Unknown operator", Blocker, fix: Safe;

    /// ## What it does
    /// Reports an operator of an event pattern that does not get what it needs.
    ///
    /// ## Why it matters
    /// AWS refuses the pattern. `numeric` takes a list of operators and numbers, `exists` a boolean, `cidr` a network,
    /// `anything-but` texts or numbers but no mixture, `$or` a list of at least two maps.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    ///       detail:
    ///         amount:
    ///           - numeric: ">100"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    ///       detail:
    ///         amount:
    ///           - numeric: [">", 100]
    /// ```
    ///
    /// ## Source
    /// [Comparison operators](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html)
    OPERATOR_ARGUMENT = "SCF317", "Operator argument", Blocker, fix: Safe;

    /// ## What it does
    /// Reports a field at the top of an event pattern that no event has.
    ///
    /// ## Why it matters
    /// All events have the same fields at their top, and what a service adds is below `detail`. A pattern that asks for another
    /// field lets nothing through, without any error.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    ///       detailType: [Order Placed]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source: [shop.orders]
    ///       detail-type: [Order Placed]
    /// ```
    ///
    /// ## Source
    /// [Events](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html)
    UNKNOWN_FIELD = "SCF318", "Unknown top-level field", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports an event pattern with more than 2048 characters.
    ///
    /// ## Why it matters
    /// AWS refuses it, unless the account's quota was raised. The characters of the pattern as JSON without spaces count.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source:
    ///         - 0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000x
    ///         - 1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111x
    ///         - 2222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222x
    ///         - 3333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333x
    ///         - 4444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444444x
    ///         - 5555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555x
    ///         - 6666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666666x
    ///         - 7777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777777x
    ///         - 8888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888888x
    ///         - 9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999x
    ///         - aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax
    ///         - bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbx
    ///         - ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccx
    ///         - ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddx
    ///         - eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeex
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   orders:
    ///     type: awsEventBridge
    ///     pattern:
    ///       source:
    ///         - prefix: shop.
    /// ```
    ///
    /// ## Source
    /// [EventBridge quotas](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)
    PATTERN_TOO_LARGE = "SCF319", "Pattern too large", Blocker, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for integration in all(ctx).filter(|integration| integration.kind == Kind::Called(Caller::EventBridge)) {
        let Some(pattern) = integration.value.get("pattern") else { continue };
        for Problem { kind, place, message, repair } in event_pattern::check(pattern) {
            let fix = repair.and_then(|repair| fix(ctx, kind, &repair));
            acc.push(rule(kind).at(place, message).fix(fix));
        }
    }
}

fn rule(kind: ProblemKind) -> &'static Rule {
    match kind {
        ProblemKind::Empty => &EMPTY_PATTERN,
        ProblemKind::NotAList => &LEAF_NOT_A_LIST,
        ProblemKind::UnknownOperator => &UNKNOWN_OPERATOR,
        ProblemKind::Argument => &OPERATOR_ARGUMENT,
        ProblemKind::UnknownField => &UNKNOWN_FIELD,
        ProblemKind::TooLarge => &PATTERN_TOO_LARGE,
    }
}

fn fix(ctx: &RuleContext<'_>, kind: ProblemKind, repair: &Repair<'_>) -> Option<Fix> {
    let (title, edits) = match repair {
        Repair::Wrap(value) => ("Make it a list".to_owned(), edits::wrap(ctx, *value)?),
        Repair::Rename(value, name) => (format!("Rename to `{name}`"), edits::rename(ctx, *value, name)?),
        Repair::Replace(value, yaml) => (format!("Write `{yaml}`"), edits::rewrite(ctx, *value, yaml)?),
    };
    // A pattern with an unknown field is taken as it is, and lets other events through when it is changed; which events an
    // empty one is for, nobody can tell.
    Some(Fix { title, edits, safe: !matches!(kind, ProblemKind::UnknownField | ProblemKind::Empty) })
}
