//! The `Condition` of a statement.

use super::{Operator, Reader, Text, Written};
use crate::config::Value;

/// What stands under one operator.
#[derive(Debug)]
pub struct Block<'a> {
    /// The map of keys; its own key is the operator.
    pub value: Value<'a>,
    /// The operator, as written.
    pub name: &'a str,
    /// What it means; `None` where there is no such operator, and then nothing under it is to be looked at.
    pub operator: Option<Operator>,
    /// A test for each key. Empty where something else than a map stands under the operator.
    pub tests: Vec<Test<'a>>,
}

/// A key and the values that it is held against.
#[derive(Debug)]
pub struct Test<'a> {
    /// What stands under the key: a value, or a list of values.
    pub value: Value<'a>,
    /// The condition key, as written.
    pub key: &'a str,
    /// The values that are texts, numbers or booleans.
    pub values: Vec<ConditionValue<'a>>,
}

/// A value of a test.
#[derive(Debug)]
pub struct ConditionValue<'a> {
    /// What is written: a number or a boolean is sent to IAM as this text, too.
    pub text: Text<'a>,
    /// Whether it is text to YAML, in quotes or not.
    pub is_text: bool,
}

pub(super) fn read<'a>(reader: Reader<'a>, condition: Value<'a>) -> Vec<Block<'a>> {
    if reader.written(condition) != Written::Map {
        return Vec::new();
    }
    let block = |(name, value): (&'a str, Value<'a>)| Block {
        value,
        name,
        operator: Operator::parse(name),
        tests: if reader.written(value) == Written::Map {
            value.entries().map(|(key, value)| Test { value, key, values: values(reader, value) }).collect()
        } else {
            Vec::new()
        },
    };
    condition.entries().map(block).collect()
}

fn values<'a>(reader: Reader<'a>, value: Value<'a>) -> Vec<ConditionValue<'a>> {
    let scalar = |value: Value<'a>| match reader.written(value) {
        Written::Text(text) => Some(ConditionValue { text: reader.text_of(value, text), is_text: true }),
        Written::Bool(text) | Written::Number(text) => {
            Some(ConditionValue { text: Text { value, text, variables: Vec::new() }, is_text: false })
        }
        _ => None,
    };
    match reader.written(value) {
        Written::List => value.items().filter_map(scalar).collect(),
        _ => scalar(value).into_iter().collect(),
    }
}
