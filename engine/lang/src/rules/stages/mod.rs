//! Stages: their parameters and resolvers.

mod account;
mod nested;
mod options;
mod parameters;
mod secrets;
mod top_level_params;

use super::Check;
use crate::config::Value;
use crate::diagnostic::Rule;
use crate::rules::RuleContext;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &options::RESOLVER_WITHOUT_TYPE,
    &options::UNKNOWN_RESOLVER_TYPE,
    &options::INVALID_RESOLVER_OPTIONS,
    &account::SEVERAL_AWS_RESOLVERS,
    &nested::DUPLICATE_NESTED_RESOLVER,
    &top_level_params::PARAMS_AT_TOP_LEVEL,
    &parameters::UNUSED_PARAMETER,
    &secrets::SECRET_IN_RESOLVER,
    &account::RESOLVER_CHANGES_ACCOUNT,
    &parameters::PARAMETER_IN_ONE_STAGE,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[options::check, account::check, nested::check, parameters::check, secrets::check];

/// The stages of the file, by name.
fn stages<'a>(ctx: &RuleContext<'a>) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    ctx.get(&["stages"]).into_iter().flat_map(Value::entries)
}

/// The resolvers of all stages, with the name of the stage.
fn resolvers<'a>(ctx: &RuleContext<'a>) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    stages(ctx).flat_map(|(stage, value)| {
        let resolvers = value.get("resolvers").into_iter().flat_map(Value::entries);
        resolvers.map(move |(_, resolver)| (stage, resolver))
    })
}

#[cfg(test)]
mod tests;
