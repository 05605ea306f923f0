//! Conditions of statements.

mod address;
mod contradiction;
mod covered;
mod date;
mod guard;
mod identifier;
mod key;
mod kind;
mod operator;
mod set;
mod shape;
mod support;
mod value;
mod wildcard;

#[cfg(test)]
mod tests;

use super::context::StatementContext;
use super::{PolicyCheck, PolicyContext, edits};
use crate::config::Value;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fix::Placement;
use crate::iam::key::Key;
use crate::iam::policy::{Block, ConditionValue, Operator, Test};
use crate::text::{TextEdit, apply_edits};

/// The family's rules, by code.
pub(super) static RULES: &[&Rule] = &[
    &shape::CONDITION_SHAPE,
    &operator::OPERATOR_UNKNOWN,
    &operator::NULL_IF_EXISTS,
    &operator::NULL_WITH_QUALIFIER,
    &key::KEY_FORMAT,
    &key::GLOBAL_KEY_UNKNOWN,
    &key::SERVICE_KEY_UNKNOWN,
    &support::KEY_NOT_FOR_ACTION,
    &key::TAG_KEY_MISSING,
    &kind::OPERATOR_TYPE,
    &kind::STRING_AND_ARN,
    &value::BOOL_VALUE,
    &value::NUMERIC_VALUE,
    &date::DATE_VALUE,
    &address::IP_VALUE,
    &value::BINARY_VALUE,
    &value::ARN_VALUE,
    &wildcard::WILDCARD_WITHOUT_LIKE,
    &address::IP_HOST_BITS,
    &address::IP_PRIVATE,
    &address::IP_PRIVATE_MIXED,
    &value::BOOL_LIST,
    &set::SET_QUALIFIER_MISSING,
    &set::FOR_ALL_SINGLE,
    &set::FOR_ALL_WITHOUT_NULL,
    &key::KEY_CASE_DUPLICATE,
    &shape::VALUES_EMPTY,
    &key::DEPRECATED_KEY,
    &identifier::VPC_ID,
    &identifier::REGION_VALUE,
    &identifier::ACCOUNT_VALUE,
    &identifier::ORG_ID,
    &guard::PAIRED_KEY,
    &guard::MFA_PATTERN,
    &covered::VALUE_COVERED,
    &guard::KEY_NEVER_PRESENT,
    &identifier::SERVICE_PRINCIPAL,
    &date::EPOCH_DATE,
    &contradiction::NEVER_TRUE,
    &guard::IF_EXISTS_GUARD,
];

/// The family's checks.
pub(super) static CHECKS: &[PolicyCheck] = &[shape::check, operator::check, check];

/// Looks for the faults of one rule, or of a tight family of rules, in a condition.
type ConditionCheck = fn(&Condition<'_, '_>, &mut Vec<Diagnostic>);

/// What is looked for in the tests that can be read.
static CONDITION_CHECKS: &[ConditionCheck] = &[
    key::check,
    support::check,
    kind::check,
    value::check,
    date::check,
    address::check,
    wildcard::check,
    set::check,
    identifier::check,
    guard::check,
    covered::check,
    contradiction::check,
];

/// The condition of a statement, as far as it can be read.
struct Condition<'c, 'a> {
    ctx: &'c PolicyContext<'a>,
    statement: &'c StatementContext<'a>,
    /// The tests under operators that exist. All have to hold.
    asked: Vec<Asked<'a>>,
}

/// A test with its operator and its key.
#[derive(Clone, Copy)]
struct Asked<'a> {
    block: &'a Block<'a>,
    operator: Operator,
    test: &'a Test<'a>,
    /// The key, if there is one of this name.
    key: Option<Key<'static>>,
}

fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in ctx.statements.iter().filter(|statement| statement.has_condition()) {
        let blocks = statement.statement.condition.iter();
        let asked = blocks.filter_map(|block| Some((block, block.operator?))).flat_map(|(block, operator)| {
            let asked = move |test| Asked { block, operator, test, key: ctx.reference.key(test.key) };
            block.tests.iter().map(asked)
        });
        let condition = Condition { ctx, statement, asked: asked.collect() };
        for check in CONDITION_CHECKS {
            check(&condition, acc);
        }
    }
}

impl<'a> Condition<'_, 'a> {
    /// All of it, as written.
    fn value(&self) -> Option<Value<'a>> {
        self.statement.statement.value.get("Condition")
    }

    /// Puts what stands under an operator under another one. Where that stands beside it, a single test goes over to it.
    fn renamed(&self, block: &Block<'a>, name: &str) -> Option<Vec<TextEdit>> {
        let Some(other) = self.statement.statement.condition.iter().find(|block| block.name == name) else {
            return edits::rename(self.ctx, block.value, name);
        };
        let [test] = &block.tests[..] else { return None };
        let document = self.ctx.document;
        let value = edits::snippet_of(document, test.value)?;
        let mut edits = edits::add(self.ctx, other.value, test.key, &value, Placement::Last)?;
        edits.extend(edits::remove(self.ctx, block.value)?);
        apply_edits(document.source().text(), &edits).is_ok().then_some(edits)
    }

    /// Takes a test away, with what would be left empty.
    fn without(&self, asked: &Asked<'a>) -> Option<Vec<TextEdit>> {
        let blocks = &self.statement.statement.condition;
        let value = match (asked.block.tests.len(), blocks.len()) {
            (1, 1) => self.value()?,
            (1, _) => asked.block.value,
            _ => asked.test.value,
        };
        edits::remove(self.ctx, value)
    }
}

impl<'a> Asked<'a> {
    /// The values without any variable in them, which are what a request is held against.
    fn literals(&self) -> impl Iterator<Item = &'a ConditionValue<'a>> + use<'a> {
        self.test.values.iter().filter(|value| value.text.variables.is_empty())
    }

    /// The same, as far as they are names: wildcards stand for more, or are reported.
    fn names(&self) -> impl Iterator<Item = &'a ConditionValue<'a>> + use<'a> {
        self.literals().filter(|value| !value.text.text.contains(['*', '?']))
    }

    /// Whether the key is one of these.
    fn is_one_of(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| key.eq_ignore_ascii_case(self.test.key))
    }
}
