//! What actions, keys and operators are, in words.

use crate::iam::key::{Key, KeyKind};
use crate::iam::policy::{Family, Operator, Qualifier};
use crate::iam::reference::{AccessLevel, Action};
use crate::iam::tables::{self, never_present::NEVER_PRESENT};

/// `63 actions: 48 read, 15 list`, the most frequent level first.
pub(in crate::ide) fn counted<'r>(actions: impl IntoIterator<Item = Action<'r>>) -> String {
    let mut counts = AccessLevel::ALL.map(|level| (0_usize, level));
    for action in actions {
        if let Some((count, _)) = counts.iter_mut().find(|(_, level)| *level == action.level()) {
            *count += 1;
        }
    }
    let total: usize = counts.iter().map(|(count, _)| count).sum();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let found = counts.iter().filter(|(count, _)| *count > 0);
    let levels: Vec<String> =
        found.map(|(count, level)| format!("{} {}", thousands(*count), level.name().to_lowercase())).collect();
    let noun = if total == 1 { "action" } else { "actions" };
    format!("{} {noun}: {}", thousands(total), levels.join(", "))
}

/// A number with a comma before each group of three digits.
pub(in crate::ide) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + 2);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What a key holds.
pub(in crate::ide) fn holds(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::String => "text",
        KeyKind::Arn => "an ARN",
        KeyKind::Bool => "`true` or `false`",
        KeyKind::Numeric => "a number",
        KeyKind::Date => "a date",
        KeyKind::Ip => "an address or a range of addresses",
        KeyKind::Binary => "bytes in base64",
    }
}

/// What an operator compares.
pub(in crate::ide) fn compares(family: Family) -> &'static str {
    match family {
        Family::String => "texts",
        Family::Numeric => "numbers",
        Family::Date => "dates",
        Family::Bool => "`true` and `false`",
        Family::Binary => "bytes",
        Family::Ip => "addresses",
        Family::Arn => "ARNs, field by field",
        Family::Null => "nothing: it asks whether the key is absent",
    }
}

/// What a test comes to where the request does not have the key, and what the word before the colon means.
pub(in crate::ide) fn when_absent(operator: Operator) -> String {
    let values = match operator.qualifier {
        Some(Qualifier::ForAllValues) => "Every value of the request has to fit one of the list. ",
        Some(Qualifier::ForAnyValue) => "One value of the request has to fit one of the list. ",
        None => "",
    };
    let absent = if operator.family == Family::Null {
        "With `true` the test holds where the request does not have the key, with `false` where it has."
    } else if operator.holds_when_absent() {
        "Where the request does not have the key, the test holds."
    } else {
        "Where the request does not have the key, the test fails."
    };
    format!("{values}{absent}")
}

/// Whether a request made with the role of a container never has a key.
pub(in crate::ide) fn is_never_present(key: Key<'_>) -> bool {
    tables::contains(NEVER_PRESENT, key.name())
}
