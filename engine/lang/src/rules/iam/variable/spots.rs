//! The texts of a policy in which variables are looked for.

use crate::config::Value;
use crate::diagnostic::Place;
use crate::iam::policy::{Operator, Statement, Text, Written};
use crate::iam::variables::Variable;
use crate::rules::iam::{PolicyContext, edits};
use crate::text::TextEdit;

/// A text.
pub(super) struct Spot<'a> {
    pub text: Text<'a>,
    pub role: Role,
    /// Whether it is the key of its value.
    is_key: bool,
}

/// What a text is for.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// IAM takes it as it is written; what it is called.
    Fixed(&'static str),
    /// A resource.
    Resource,
    /// A value of a condition.
    Value(Operator),
}

impl<'a> Spot<'a> {
    /// The place of a variable; of a key, all of it.
    pub fn place(&self, ctx: &PolicyContext<'a>, variable: &Variable<'a>) -> Place {
        if self.is_key { ctx.key(self.text.value) } else { ctx.part(&self.text, variable.range.clone()) }
    }

    /// Puts other text in the place of a variable.
    pub fn replace(&self, ctx: &PolicyContext<'a>, variable: &Variable<'a>, new: &str) -> Option<Vec<TextEdit>> {
        if self.is_key {
            return None;
        }
        edits::replace_part(ctx, &self.text, variable.range.clone(), new)
    }
}

/// Calls back for each text.
pub(super) fn each<'a>(ctx: &PolicyContext<'a>, mut call: impl FnMut(Spot<'a>)) {
    for statement in &ctx.policy.statements {
        elements(ctx, statement, &mut call);
        for block in &statement.condition {
            key(ctx, block.value, block.name, "an operator", &mut call);
            // Nothing is looked at under an operator that does not exist.
            let Some(operator) = block.operator else { continue };
            for test in &block.tests {
                key(ctx, test.value, test.key, "a condition key", &mut call);
                for value in &test.values {
                    call(Spot { text: value.text.clone(), role: Role::Value(operator), is_key: false });
                }
            }
        }
    }
}

fn elements<'a>(ctx: &PolicyContext<'a>, statement: &Statement<'a>, call: &mut impl FnMut(Spot<'a>)) {
    const ELEMENTS: [(&str, Role); 5] = [
        ("Effect", Role::Fixed("an effect")),
        ("Action", Role::Fixed("an action")),
        ("NotAction", Role::Fixed("an action")),
        ("Resource", Role::Resource),
        ("NotResource", Role::Resource),
    ];
    for (name, role) in ELEMENTS {
        let Some(value) = statement.value.get(name) else { continue };
        let mut text = |value| {
            if let Some(text) = ctx.reader().text(value) {
                call(Spot { text, role, is_key: false });
            }
        };
        match ctx.written(value) {
            Written::List => value.items().for_each(text),
            _ => text(value),
        }
    }
}

fn key<'a>(
    ctx: &PolicyContext<'a>,
    value: Value<'a>,
    key: &'a str,
    what: &'static str,
    call: &mut impl FnMut(Spot<'a>),
) {
    let variables = ctx.reader().variables(key);
    if !variables.is_empty() {
        call(Spot { text: Text { value, text: key, variables }, role: Role::Fixed(what), is_key: true });
    }
}
