//! SCF259 to SCF261: values that reach the container as another text than the file shows.

use crate::config::{Data, Value};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::{Container, RuleContext, edits};
use crate::yaml::{NodeKind, ScalarStyle};

declare_rule! {
    /// ## What it does
    /// Reports an unquoted value that reaches the container as another text.
    ///
    /// ## Why it matters
    /// A value that looks like a number or a boolean becomes one when the file is read, and is written out anew for the
    /// container: `1.50` as `1.5`, `010` as `10`, `0x1F` as `31`, `True` as `true`. Versions and ids are damaged by that.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   VERSION: 1.50
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   VERSION: "1.50"
    /// ```
    VALUE_CHANGES = "SCF259", "Value changes when read", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a whole number that is too large to be kept exactly.
    ///
    /// ## Why it matters
    /// Numbers in the file are doubles, which hold whole numbers up to 9007199254740992. Beyond, the last digits are replaced by
    /// others: an id becomes that of something else.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   CHANNEL_ID: 12345678901234567890
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   CHANNEL_ID: "12345678901234567890"
    /// ```
    NUMBER_LOSES_DIGITS = "SCF260", "Number loses digits", Warning, fix: Unsafe;

    /// ## What it does
    /// Points out a list or a map among the variables.
    ///
    /// ## Why it matters
    /// A variable is a text. The container gets the list or map as compact JSON, which its program has to parse.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   ORIGINS:
    ///     - https://acme.dev
    ///     - https://www.acme.dev
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   ORIGINS: https://acme.dev,https://www.acme.dev
    /// ```
    STRUCTURED_VALUE = "SCF261", "Structured value", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (name, value) in ctx.containers().flat_map(Container::environment) {
        if value.is_list() || value.is_map() {
            let kind = if value.is_list() { "list" } else { "map" };
            let message = format!("`{name}` is a {kind}, which the container gets as JSON text.");
            acc.push(STRUCTURED_VALUE.at(value.key_place(), message));
            let mut inner = Vec::from([value]);
            while let Some(value) = inner.pop() {
                inner.extend(value.items().chain(value.entries().map(|(_, child)| child)));
                if let Some(text) = changed(ctx, value).filter(|text| is_large(text)) {
                    report(ctx, value, text, acc);
                }
            }
        } else if let Some(text) = changed(ctx, value) {
            report(ctx, value, text, acc);
        }
    }
}

fn report(ctx: &RuleContext<'_>, value: Value<'_>, text: &str, acc: &mut Vec<Diagnostic>) {
    let Some(read) = value.env_text() else { return };
    // The container gets another text than before, so somebody should look.
    let fix = edits::quote(ctx, value).map(|edits| Fix::suggestion("Quote it", edits));
    let (rule, message) = if is_large(text) {
        (
            &NUMBER_LOSES_DIGITS,
            format!("`{text}` is too large for a number of the file, and the container gets `{read}`. Quote it."),
        )
    } else {
        (
            &VALUE_CHANGES,
            format!("`{text}` is read as a value and written anew, so the container gets `{read}`. Quote it."),
        )
    };
    acc.push(rule.at(value, message).fix(fix));
}

/// The text of a plain scalar that is not the text the container gets.
fn changed<'a>(ctx: &RuleContext<'a>, value: Value<'a>) -> Option<&'a str> {
    if value.is_variable() || !matches!(value.data(), Data::Bool(_) | Data::Number(_)) {
        return None;
    }
    match &ctx.tree().node(value.node()).kind {
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain => {
            (value.env_text()? != scalar.text).then_some(scalar.text.as_str())
        }
        _ => None,
    }
}

/// Whether a text is a decimal whole number that a double may not hold exactly.
fn is_large(text: &str) -> bool {
    /// The first number whose successor is read as the same.
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    let digits = text.trim_start_matches(['-', '+']);
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse().is_ok_and(|number: f64| number >= LIMIT)
}
