//! Condition operators.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use crate::iam::key::{Key, KeyKind};

/// A condition operator with what stands before and behind its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its name, such as `StringEquals`.
    pub name: &'static str,
    /// What kind of values it compares.
    pub family: Family,
    /// Whether it asks for a difference, and so holds where the key is absent.
    pub negated: bool,
    /// How it treats the several values of a request.
    pub qualifier: Option<Qualifier>,
    /// Whether it ends in `IfExists`, and so holds where the key is absent.
    pub if_exists: bool,
}

/// What an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Numbers.
    Numeric,
    /// Moments.
    Date,
    /// `true` and `false`.
    Bool,
    /// Bytes.
    Binary,
    /// Addresses.
    Ip,
    /// Names of resources.
    Arn,
    /// Whether the key is absent.
    Null,
}

/// What stands before an operator, with a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// Every value of the request has to fit.
    ForAllValues,
    /// One value of the request has to fit.
    ForAnyValue,
}

/// How well an operator suits a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It compares what the key holds.
    Exact,
    /// It works, and compares differently.
    Loose,
    /// IAM cannot compare the two.
    None,
}

/// All operators, with whether they ask for a difference.
pub const OPERATORS: &[(&str, Family, bool)] = &[
    ("StringEquals", Family::String, false),
    ("StringNotEquals", Family::String, true),
    ("StringEqualsIgnoreCase", Family::String, false),
    ("StringNotEqualsIgnoreCase", Family::String, true),
    ("StringLike", Family::String, false),
    ("StringNotLike", Family::String, true),
    ("NumericEquals", Family::Numeric, false),
    ("NumericNotEquals", Family::Numeric, true),
    ("NumericLessThan", Family::Numeric, false),
    ("NumericLessThanEquals", Family::Numeric, false),
    ("NumericGreaterThan", Family::Numeric, false),
    ("NumericGreaterThanEquals", Family::Numeric, false),
    ("DateEquals", Family::Date, false),
    ("DateNotEquals", Family::Date, true),
    ("DateLessThan", Family::Date, false),
    ("DateLessThanEquals", Family::Date, false),
    ("DateGreaterThan", Family::Date, false),
    ("DateGreaterThanEquals", Family::Date, false),
    ("Bool", Family::Bool, false),
    ("BinaryEquals", Family::Binary, false),
    ("IpAddress", Family::Ip, false),
    ("NotIpAddress", Family::Ip, true),
    ("ArnEquals", Family::Arn, false),
    ("ArnLike", Family::Arn, false),
    ("ArnNotEquals", Family::Arn, true),
    ("ArnNotLike", Family::Arn, true),
    ("Null", Family::Null, false),
];

impl Operator {
    /// Reads an operator as it stands in a policy. Capitals count.
    pub fn parse(written: &str) -> Option<Self> {
        let (qualifier, rest) = match written.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Qualifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Qualifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, written),
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let (name, family, negated) = *OPERATORS.iter().find(|(known, ..)| *known == name)?;
        Some(Self { name, family, negated, qualifier, if_exists })
    }

    /// How another operator is written, with the same before and behind it.
    pub fn with_name(self, name: &str) -> String {
        let qualifier = match self.qualifier {
            Some(Qualifier::ForAllValues) => "ForAllValues:",
            Some(Qualifier::ForAnyValue) => "ForAnyValue:",
            None => "",
        };
        format!("{qualifier}{name}{}", if self.if_exists { "IfExists" } else { "" })
    }

    /// Whether a test can hold where the key is absent from the request. `Null` is about just that, and counts too.
    pub fn holds_when_absent(self) -> bool {
        self.negated || self.if_exists || self.qualifier == Some(Qualifier::ForAllValues) || self.family == Family::Null
    }

    /// How well it suits a key.
    pub fn fit(self, key: Key<'_>) -> Fit {
        match (key.kind(), self.family) {
            (_, Family::Null)
            | (KeyKind::String, Family::String)
            | (KeyKind::Arn, Family::Arn)
            | (KeyKind::Bool, Family::Bool)
            | (KeyKind::Numeric, Family::Numeric)
            | (KeyKind::Date, Family::Date)
            | (KeyKind::Ip, Family::Ip)
            | (KeyKind::Binary, Family::Binary) => Fit::Exact,
            (KeyKind::Date, Family::Numeric) if key.is_named("aws:EpochTime") => Fit::Exact,
            (KeyKind::String, Family::Arn) | (KeyKind::Arn, Family::String) => Fit::Loose,
            _ => Fit::None,
        }
    }

    /// Whether `*` and `?` are wildcards in its values.
    pub fn takes_wildcards(self) -> bool {
        self.family == Family::Arn || matches!(self.name, "StringLike" | "StringNotLike")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_read_with_what_is_around_them() {
        let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
        assert_eq!((operator.name, operator.family, operator.negated), ("StringNotLike", Family::String, true));
        assert_eq!((operator.qualifier, operator.if_exists), (Some(Qualifier::ForAnyValue), true));
        assert_eq!(operator.with_name("ArnNotLike"), "ForAnyValue:ArnNotLikeIfExists");
        for wrong in
            ["stringEquals", "StringEqual", "ForAllValue:StringLike", "StringLikeIfExist", "IfExists", "", "a:b:c"]
        {
            assert_eq!(Operator::parse(wrong), None, "{wrong}");
        }
        for (name, expected) in [
            ("StringEquals", false),
            ("StringNotEquals", true),
            ("BoolIfExists", true),
            ("ForAllValues:StringLike", true),
            ("ForAnyValue:StringLike", false),
            ("Null", true),
        ] {
            assert_eq!(Operator::parse(name).unwrap().holds_when_absent(), expected, "{name}");
        }
    }
}
