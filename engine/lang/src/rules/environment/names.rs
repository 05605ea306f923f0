//! SCF264 and SCF269: names that no service takes, or that are easily mixed up.

use std::collections::HashMap;

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a variable whose name is empty or holds `=`, white space or a control character.
    ///
    /// ## Why it matters
    /// An environment is a list of `NAME=value`, so the first `=` ends the name. Programs cannot ask for the others either,
    /// and AWS refuses them.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   LOG LEVEL: info
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   LOG_LEVEL: info
    /// ```
    ///
    /// ## Source
    /// [ECS, KeyValuePair](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html)
    BAD_NAME = "SCF264", "Bad variable name", Blocker, fix: None;

    /// ## What it does
    /// Points out two variables of a container whose names differ in upper and lower case only.
    ///
    /// ## Why it matters
    /// They are two variables, and a program reads one of them. Most likely one is a slip.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   LOG_LEVEL: info
    ///   Log_Level: debug
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   LOG_LEVEL: info
    /// ```
    CASE_TWIN = "SCF269", "Names differ in case only", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let mut seen = HashMap::new();
        for (name, value) in container.environment() {
            if let Some(fault) = fault(name) {
                acc.push(
                    BAD_NAME.at(value.key_place(), format!("The name of this variable {fault}. Give it another one.")),
                );
            }
            if let Some((twin, range)) = seen.insert(name.to_lowercase(), (name, value.key_range())) {
                let message = format!(
                    "`{name}` and `{twin}` differ in case only, but are two variables. Remove the one that no program reads."
                );
                acc.push(CASE_TWIN.at(value.key_place(), message).related(range, format!("`{twin}` stands here.")));
            }
        }
    }
}

/// What keeps a text from being the name of a variable, as the predicate of a sentence.
pub(super) fn fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    let bad = name.chars().find(|c| *c == '=' || c.is_whitespace() || c.is_control())?;
    Some(format!("has the character `{}`, which no name can have", bad.escape_debug()))
}
