//! Event patterns and targets of EventBridge.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html>

use std::ops::RangeInclusive;

/// Characters of an event pattern as JSON. AWS raises it to twice as many on request.
pub const PATTERN_LENGTH: usize = 2048;
/// Seconds within which a webhook must answer.
pub const CALL_SECONDS: u32 = 5;
/// The fields of an event, and the one operator that may stand beside them. `replay-name` is there when an archive is
/// replayed.
pub const TOP_LEVEL_FIELDS: [&str; 11] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
    "$or",
];
/// The numbers that `numeric` compares with.
pub const NUMERIC: RangeInclusive<f64> = -5.0e9..=5.0e9;

/// An operator of event patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// As it is written.
    pub name: &'static str,
    /// What it takes.
    pub argument: Argument,
}

/// What an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A text.
    Text,
    /// A text, or `{equals-ignore-case: text}`.
    TextAnyCase,
    /// A text, a number, a list of them, or one of `prefix`, `suffix`, `equals-ignore-case` and `wildcard`.
    Excluded,
    /// Pairs of a comparison and a number.
    Comparisons,
    /// `true` or `false`.
    Boolean,
    /// A range of addresses, such as `10.0.0.0/24`.
    Cidr,
    /// A list of patterns. It stands beside fields and not in the list of a field's values.
    Patterns,
}

/// All operators.
pub const OPERATORS: [Operator; 9] = {
    const fn operator(name: &'static str, argument: Argument) -> Operator {
        Operator { name, argument }
    }
    [
        operator("prefix", Argument::TextAnyCase),
        operator("suffix", Argument::TextAnyCase),
        operator("equals-ignore-case", Argument::Text),
        operator("wildcard", Argument::Text),
        operator("anything-but", Argument::Excluded),
        operator("numeric", Argument::Comparisons),
        operator("exists", Argument::Boolean),
        operator("cidr", Argument::Cidr),
        operator("$or", Argument::Patterns),
    ]
};

/// The comparisons of `numeric`.
pub const COMPARISONS: [&str; 5] = ["=", "<", "<=", ">", ">="];

/// The operators that may stand inside `anything-but`.
pub const INSIDE_ANYTHING_BUT: [&str; 4] = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

/// The operator of this name.
pub fn operator(name: &str) -> Option<Operator> {
    OPERATORS.into_iter().find(|operator| operator.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_known() {
        assert_eq!(operator("numeric").map(|operator| operator.argument), Some(Argument::Comparisons));
        assert_eq!(operator("begins-with"), None);
        assert!(INSIDE_ANYTHING_BUT.iter().all(|name| operator(name).is_some()));
    }
}
