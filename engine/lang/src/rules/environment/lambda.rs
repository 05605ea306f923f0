//! SCF252 and SCF253: names that Lambda refuses.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::limits::environment::{is_lambda_name, is_reserved};
use crate::model::ComputeType;
use crate::rules::{Container, RuleContext, edits};

use super::names;

declare_rule! {
    /// ## What it does
    /// Reports a variable of a Lambda container whose name Lambda does not take.
    ///
    /// ## Why it matters
    /// A name has at least two characters: a letter, then letters, digits and underscores. With another one the function
    /// cannot be made.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   LOG-LEVEL: info
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   LOG_LEVEL: info
    /// ```
    ///
    /// ## Source
    /// [Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
    NAME_NOT_ALLOWED = "SCF252", "Name not allowed on Lambda", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a variable of a Lambda container that Lambda sets itself, such as `AWS_REGION`.
    ///
    /// ## Why it matters
    /// Lambda keeps these names for itself and refuses a function that sets one. The container finds Lambda's own value there
    /// anyway.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   AWS_REGION: eu-west-1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   BUCKET_REGION: eu-west-1
    /// ```
    ///
    /// ## Source
    /// [Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
    RESERVED_ON_LAMBDA = "SCF253", "Reserved on Lambda", Blocker, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let on_lambda = ctx.containers().filter(|container| container.compute_type() == Some(ComputeType::Lambda));
    for (name, value) in on_lambda.flat_map(Container::environment) {
        if is_reserved(name) {
            reserved(ctx, name, value, acc);
        } else if !is_lambda_name(name) && names::fault(name).is_none() {
            not_allowed(ctx, name, value, acc);
        }
    }
}

fn reserved(ctx: &RuleContext<'_>, name: &str, value: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let message = format!(
        "Lambda sets `{name}` itself and refuses a function that brings its own. Remove it, or use another name if another value \
         is meant."
    );
    let fix = edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
    acc.push(RESERVED_ON_LAMBDA.at(value.key_place(), message).fix(fix));
}

fn not_allowed(ctx: &RuleContext<'_>, name: &str, value: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let message = format!(
        "`{name}` cannot be the name of a variable on Lambda, which takes a letter, then letters, digits and underscores, at least \
         two characters in all. Rename it here and in the program."
    );
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let edits = is_lambda_name(&plain).then(|| edits::rename(ctx, value, &plain)).flatten();
    let fix = edits.map(|edits| Fix::suggestion(format!("Rename to `{plain}`"), edits));
    acc.push(NAME_NOT_ALLOWED.at(value.key_place(), message).fix(fix));
}
