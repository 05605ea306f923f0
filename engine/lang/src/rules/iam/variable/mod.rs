//! Variables of IAM, and what is taken for one.

mod foreign;
mod kept;
mod meaning;
mod place;
mod spots;
mod syntax;

#[cfg(test)]
mod tests;

pub(super) use foreign::is_function;
pub(super) use place::is_for_iam;

use super::{PolicyCheck, PolicyContext, PolicyScope};
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::policy::{Statement, Text};
use crate::iam::variables::{Kind, Variable};
use spots::{Role, Spot};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &syntax::VARIABLE_UNCLOSED,
    &syntax::VARIABLE_EMPTY,
    &syntax::VARIABLE_SPACE,
    &syntax::VARIABLE_DEFAULT,
    &place::VARIABLE_PLACE,
    &place::VARIABLE_EARLY,
    &place::VARIABLE_OPERATOR,
    &meaning::VARIABLE_UNKNOWN,
    &meaning::VARIABLE_NEVER_SET,
    &meaning::VARIABLE_MULTIVALUED,
    &kept::VARIABLE_KEPT_FOR_IAM,
    &foreign::FOREIGN_TEMPLATE,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[check, foreign::check];

fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    spots::each(ctx, |spot| {
        for variable in &spot.text.variables {
            look_at(ctx, &spot, variable, acc);
        }
    });
}

fn look_at<'a>(ctx: &PolicyContext<'a>, spot: &Spot<'a>, variable: &Variable<'a>, acc: &mut Vec<Diagnostic>) {
    match &variable.kind {
        // What belongs to other tools is looked for in all of the policy.
        Kind::Escape(_) | Kind::DeployTime | Kind::Foreign(_) => {}
        Kind::Unclosed => acc.push(syntax::unclosed(ctx, spot, variable)),
        Kind::Empty => acc.push(syntax::empty(ctx, spot, variable)),
        Kind::Unknown(near) => acc.push(meaning::unknown(ctx, spot, variable, near.as_deref())),
        Kind::Iam(iam) => {
            if let Role::Fixed(what) = spot.role {
                acc.push(place::fixed(ctx, spot, variable, what));
                return;
            }
            if iam.blanks {
                acc.push(syntax::space(ctx, spot, variable, iam));
                return;
            }
            acc.extend(syntax::default(ctx, spot, variable, iam));
            acc.extend(place::early(ctx, spot, variable, iam));
            acc.extend(place::operator(ctx, spot, variable));
            acc.extend(meaning::never_set(ctx, spot, variable, iam));
            acc.extend(meaning::multivalued(ctx, spot, variable, iam));
            acc.push(kept::kept(ctx, spot, variable, iam));
        }
    }
}

/// Looks at an action: what has a variable with a fault is reported with all other texts.
pub(super) fn action_judge<'a>(
    _: &PolicyScope<'a>,
    _: &Statement<'a>,
    text: &Text<'a>,
    _: &mut Vec<Diagnostic>,
) -> bool {
    let is_sound = |variable: &Variable<'_>| !is_faulty(variable) && !matches!(variable.kind, Kind::Iam(_));
    text.variables.iter().all(is_sound)
}

/// Looks at a resource likewise.
pub(super) fn resource_judge<'a>(
    _: &PolicyScope<'a>,
    _: &Statement<'a>,
    text: &Text<'a>,
    _: &mut Vec<Diagnostic>,
) -> bool {
    !text.variables.iter().any(is_faulty)
}

fn is_faulty(variable: &Variable<'_>) -> bool {
    match &variable.kind {
        Kind::Unclosed | Kind::Empty | Kind::Unknown(_) | Kind::Foreign(_) => true,
        Kind::Iam(iam) => iam.blanks || !iam.default_is_quoted(),
        Kind::Escape(_) | Kind::DeployTime => false,
    }
}
