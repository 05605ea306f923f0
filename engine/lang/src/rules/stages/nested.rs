//! SCF054: names of resolvers inside resolvers.

use std::collections::HashMap;

use super::stages;
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a name that two resolvers of one stage give to a resolver inside them.
    ///
    /// ## Why it matters
    /// Such names are those of the stage, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       eu:
    ///         type: aws
    ///         settings:
    ///           type: ssm
    ///           region: eu-west-1
    ///       us:
    ///         type: aws
    ///         settings:
    ///           type: ssm
    ///           region: us-east-1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       account:
    ///         type: aws
    ///         settingsEu:
    ///           type: ssm
    ///           region: eu-west-1
    ///         settingsUs:
    ///           type: ssm
    ///           region: us-east-1
    /// ```
    DUPLICATE_NESTED_RESOLVER = "SCF054", "Duplicate nested resolver", Error, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, stage) in stages(ctx) {
        let mut names: HashMap<&str, Value<'_>> = HashMap::new();
        let resolvers = stage.get("resolvers").into_iter().flat_map(Value::entries);
        for (name, nested) in resolvers.flat_map(|(_, resolver)| resolver.entries()) {
            if nested.get("type").is_none_or(Value::is_null) {
                continue;
            }
            let Some(first) = names.insert(name, nested) else { continue };
            names.insert(name, first);
            let owner = first.parent().and_then(Value::key).unwrap_or_default();
            let message = format!(
                "`{owner}` holds a resolver `{name}` as well, and such names must differ within a stage. Rename one of them."
            );
            let related = format!("`{name}` is first used here");
            acc.push(DUPLICATE_NESTED_RESOLVER.at(nested.key_place(), message).related(first.key_range(), related));
        }
    }
}
