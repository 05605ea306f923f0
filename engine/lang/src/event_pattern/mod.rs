//! Event patterns of Amazon EventBridge: the JSON that says which events a rule lets through.
//!
//! A pattern is a map that looks like an event. Where the event has a value, the pattern has a list of the values that
//! are let through; an item of such a list may be an operator, a map with the operator as its one key. `$or` holds a list
//! of maps of which one must fit.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>

mod matching;

use std::net::IpAddr;

use crate::config::{Data, Value, number_text};
use crate::diagnostic::Place;
use crate::limits::events::{
    Argument, COMPARISONS, INSIDE_ANYTHING_BUT, NUMERIC, OPERATORS, Operator, PATTERN_LENGTH, TOP_LEVEL_FIELDS,
    operator,
};
use crate::model::list_words;
use crate::suggest::nearest;

pub use matching::mismatches;

/// What AWS would refuse about a pattern, or what can never be met, in no particular order. Values that are still unknown
/// are taken for right.
pub fn check(pattern: Value<'_>) -> Vec<Problem<'_>> {
    let mut checker = Checker { problems: Vec::new(), pending: vec![Part { map: pattern, scope: Scope::EVENT }] };
    while let Some(part) = checker.pending.pop() {
        checker.map(part);
    }
    checker.size(pattern);
    checker.problems
}

/// Something wrong with a pattern.
#[derive(Debug)]
pub struct Problem<'a> {
    /// Its kind.
    pub kind: ProblemKind,
    /// Where it is.
    pub place: Place,
    /// What is wrong, why, and what to do.
    pub message: String,
    /// A change that mends it, when what was meant can be told.
    pub repair: Option<Repair<'a>>,
}

/// The kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A map or list without content.
    Empty,
    /// A value that stands alone, where a list of values is needed.
    NotAList,
    /// A map in a list of values whose key is no operator.
    UnknownOperator,
    /// An operator that does not get what it needs.
    Argument,
    /// A field that no event has.
    UnknownField,
    /// More characters than AWS takes.
    TooLarge,
}

/// What mends a problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Repair<'a> {
    /// The value becomes a list of itself.
    Wrap(Value<'a>),
    /// The value gets another key.
    Rename(Value<'a>, &'static str),
    /// Other YAML takes the place of the value.
    Replace(Value<'a>, String),
}

/// Names that people give to operators, and that other languages have for them.
const ALIASES: &[(&str, &str)] = &[
    ("begins-with", "prefix"),
    ("beginsWith", "prefix"),
    ("starts-with", "prefix"),
    ("startsWith", "prefix"),
    ("ends-with", "suffix"),
    ("endsWith", "suffix"),
    ("ignore-case", "equals-ignore-case"),
    ("equalsIgnoreCase", "equals-ignore-case"),
    ("like", "wildcard"),
    ("glob", "wildcard"),
    ("not", "anything-but"),
    ("not-in", "anything-but"),
    ("number", "numeric"),
    ("present", "exists"),
    ("ip", "cidr"),
    ("ip-address", "cidr"),
];

const OR: &str = "$or";

/// The operators that stand in a list of values.
fn operators() -> impl Iterator<Item = Operator> {
    OPERATORS.into_iter().filter(|operator| operator.argument != Argument::Patterns)
}

/// A map of fields that is still to be looked at.
struct Part<'a> {
    map: Value<'a>,
    scope: Scope,
}

/// Where a map of fields stands.
#[derive(Clone, Copy)]
struct Scope {
    /// Its fields are those of the whole event.
    event: bool,
    /// It stands in a `$or`, where operators cannot be names of fields.
    or: bool,
}

impl Scope {
    const EVENT: Self = Self { event: true, or: false };
}

struct Checker<'a> {
    problems: Vec<Problem<'a>>,
    pending: Vec<Part<'a>>,
}

impl<'a> Checker<'a> {
    fn map(&mut self, Part { map, scope }: Part<'a>) {
        if map.is_map() && map.entries().next().is_none() {
            if scope.event && !scope.or {
                let message =
                    "The pattern is empty, which AWS refuses. Name at least one field, such as `source: [my.service]`.";
                let repair = Repair::Replace(map, "source: [my.service]".to_owned());
                self.report(ProblemKind::Empty, map, message, Some(repair));
            } else {
                let message = "The map is empty, which AWS refuses. Name a field in it, or remove it.";
                self.report(ProblemKind::Empty, map, message, None);
            }
        }
        for (name, value) in map.entries() {
            if name == OR {
                self.or(value, scope);
                continue;
            }
            if scope.event {
                self.event_field(map, name, value);
            }
            if scope.or && operator(name).is_some() {
                let message =
                    format!("`{name}` is an operator, and AWS does not take it as the name of a field in `{OR}`.");
                self.report(ProblemKind::Argument, value.key_place(), message, None);
                continue;
            }
            self.field(name, value, scope);
        }
    }

    fn event_field(&mut self, map: Value<'a>, name: &str, value: Value<'a>) {
        if TOP_LEVEL_FIELDS.contains(&name) {
            return;
        }
        let meant = nearest(name, TOP_LEVEL_FIELDS.iter().copied()).filter(|meant| map.get(meant).is_none());
        let advice = match meant {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None => "What a service sends of its own is below `detail`.".to_owned(),
        };
        let message =
            format!("No event has a field `{name}` at its top, so that the pattern lets nothing through. {advice}");
        let repair = meant.map(|meant| Repair::Rename(value, meant));
        self.report(ProblemKind::UnknownField, value.key_place(), message, repair);
    }

    /// A field with its list of values, or with fields below it.
    fn field(&mut self, name: &str, value: Value<'a>, scope: Scope) {
        match value.data() {
            Data::List(items) if items.is_empty() => {
                let message =
                    format!("The list of `{name}` is empty, which AWS refuses. Name the values to let through.");
                self.report(ProblemKind::Empty, value, message, None);
            }
            Data::List(_) => value.items().for_each(|item| self.item(item)),
            Data::Map(_) => match lone_operator(value) {
                Some((operator, argument)) => {
                    let message = format!(
                        "`{operator}` is an operator and belongs into a list of values: \
                         `{name}: [{{{operator}: …}}]`. As it stands, it is read as a field of the event."
                    );
                    let repair = argument.json().map(|json| Repair::Replace(value, format!("- {operator}: {json}")));
                    self.report(ProblemKind::NotAList, value, message, repair);
                }
                None => self.pending.push(Part { map: value, scope: Scope { event: false, ..scope } }),
            },
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {
                let message = format!("`{name}` must be a list of the values to let through, even of a single one.");
                let repair = (!value.is_null()).then_some(Repair::Wrap(value));
                self.report(ProblemKind::NotAList, value, message, repair);
            }
            Data::Unknown => {}
        }
    }

    /// A value that is let through, or an operator.
    fn item(&mut self, item: Value<'a>) {
        match item.data() {
            Data::List(_) => {
                let message = "A list of values cannot hold another list. Write all values in one.";
                self.report(ProblemKind::NotAList, item, message, None);
            }
            Data::Map(_) => self.operator(item),
            _ => {}
        }
    }

    fn operator(&mut self, item: Value<'a>) {
        let mut entries = item.entries();
        let Some((name, argument)) = entries.next() else {
            let message = "The map is empty. In a list of values it must hold one operator, such as `prefix`.";
            return self.report(ProblemKind::Empty, item, message, None);
        };
        let second = entries.next();
        let unknown: Vec<_> = item.entries().filter(|(name, _)| *name != OR && operator(name).is_none()).collect();
        if !unknown.is_empty() {
            for (name, argument) in unknown {
                self.unknown_operator(item, name, argument);
            }
            return;
        }
        if name == OR {
            let message = format!(
                "`{OR}` combines fields, so that it stands beside them and not in a list of values. The values of a list are \
                 alternatives already."
            );
            return self.report(ProblemKind::Argument, argument.key_place(), message, None);
        }
        if let Some((_, second)) = second {
            let message = "A map in a list of values holds one operator. Make an item of each: they are alternatives.";
            return self.report(ProblemKind::Argument, second.key_place(), message, None);
        }
        if let Some(operator) = operator(name)
            && let Some((at, message, repair)) = argument_fault(operator, argument)
        {
            self.report(ProblemKind::Argument, at, message, repair);
        }
    }

    fn unknown_operator(&mut self, item: Value<'a>, name: &str, argument: Value<'a>) {
        let meant = ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .map(|(_, meant)| *meant)
            .or_else(|| nearest(name, operators().map(|operator| operator.name)))
            .filter(|meant| item.get(meant).is_none());
        let advice = match meant {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None if name == "contains" => "Use `wildcard` with `*` on both sides.".to_owned(),
            None => format!("Use {}.", list_words(operators().map(|operator| format!("`{}`", operator.name)))),
        };
        let message = format!("`{name}` is no operator of event patterns. {advice}");
        let repair = meant.map(|meant| Repair::Rename(argument, meant));
        self.report(ProblemKind::UnknownOperator, argument.key_place(), message, repair);
    }

    /// `$or`: at least two maps of fields.
    fn or(&mut self, value: Value<'a>, scope: Scope) {
        if value.is_unknown() {
            return;
        }
        if !value.is_list() || value.items().len() < 2 {
            let message =
                format!("`{OR}` needs a list of at least two maps of fields, of which one must fit the event.");
            self.report(ProblemKind::Argument, value, message, None);
        }
        for item in value.items() {
            if item.is_map() {
                self.pending.push(Part { map: item, scope: Scope { or: true, ..scope } });
            } else if !item.is_unknown() {
                let message = format!("Each item of `{OR}` must be a map of fields.");
                self.report(ProblemKind::Argument, item, message, None);
            }
        }
    }

    fn size(&mut self, pattern: Value<'a>) {
        let Some(length) = pattern.json().map(|json| json.to_string().chars().count()) else { return };
        if length > PATTERN_LENGTH {
            let message = format!(
                "As JSON the pattern has {length} characters, and AWS takes {PATTERN_LENGTH} where the quota was not raised. \
                 Shorten it, or split it over several integrations."
            );
            self.report(ProblemKind::TooLarge, pattern.key_place(), message, None);
        }
    }

    fn report(
        &mut self,
        kind: ProblemKind,
        place: impl Into<Place>,
        message: impl Into<String>,
        repair: Option<Repair<'a>>,
    ) {
        self.problems.push(Problem { kind, place: place.into(), message: message.into(), repair });
    }
}

/// The operator and its argument, where a map is an operator that was not put into a list.
fn lone_operator(map: Value<'_>) -> Option<(&str, Value<'_>)> {
    let mut entries = map.entries();
    let (name, argument) = entries.next().filter(|_| entries.next().is_none())?;
    // A list could be the values of a field of that name, except where the operator takes one.
    let is_argument = match operator(name)?.argument {
        Argument::Comparisons => {
            argument.items().next().and_then(Value::as_str).is_some_and(|text| comparison(text).is_some())
        }
        _ => !argument.is_list() && !argument.is_map() && !argument.is_unknown(),
    };
    is_argument.then_some((name, argument))
}

type ArgumentFault<'a> = (Place, String, Option<Repair<'a>>);

/// What is wrong with the argument of an operator.
fn argument_fault<'a>(operator: Operator, argument: Value<'a>) -> Option<ArgumentFault<'a>> {
    let name = operator.name;
    let fault = |at: Value<'a>, needed: &str| Some((at.place(), format!("`{name}` needs {needed}."), None));
    if argument.is_unknown() {
        return None;
    }
    match operator.argument {
        Argument::Text => match argument.as_str() {
            Some(text) if name == "wildcard" => wildcard_fault(text).and_then(|needed| fault(argument, needed)),
            Some(_) => None,
            None => fault(argument, "text"),
        },
        Argument::TextAnyCase => match single_entry(argument) {
            Some(("equals-ignore-case", inner)) if inner.as_str().is_some() || inner.is_unknown() => None,
            _ if argument.as_str().is_some() => None,
            _ => fault(argument, "text, or a map with `equals-ignore-case` and text"),
        },
        Argument::Excluded => exclusion_fault(argument).map(|(at, message)| (at.place(), message, None)),
        Argument::Comparisons => comparison_fault(argument),
        Argument::Boolean => {
            if argument.as_bool().is_some() {
                return None;
            }
            let flag = argument.as_str().and_then(flag);
            let message = format!("`{name}` needs `true` or `false`.");
            Some((argument.place(), message, flag.map(|flag| Repair::Replace(argument, flag.to_string()))))
        }
        Argument::Cidr => match argument.as_str() {
            Some(text) if is_network(text) => None,
            _ => fault(argument, "a network in CIDR notation, such as `10.0.0.0/24`"),
        },
        // It never stands in a list of values, where arguments are looked at.
        Argument::Patterns => None,
    }
}

fn single_entry(map: Value<'_>) -> Option<(&str, Value<'_>)> {
    let mut entries = map.entries();
    entries.next().filter(|_| entries.next().is_none())
}

/// What a wildcard text needs that this one lacks.
fn wildcard_fault(text: &str) -> Option<&'static str> {
    let mut characters = text.chars();
    let mut after_star = false;
    while let Some(character) = characters.next() {
        match character {
            '*' if after_star => return Some("text without two `*` in a row"),
            '*' => after_star = true,
            '\\' if !matches!(characters.next(), Some('*' | '\\')) => {
                return Some("text in which a backslash stands only before `*` or another backslash");
            }
            _ => after_star = false,
        }
    }
    None
}

fn exclusion_fault(argument: Value<'_>) -> Option<(Value<'_>, String)> {
    let of_one_kind = |list: Value<'_>| {
        list.items().all(|item| item.as_str().is_some() || item.is_unknown())
            || list.items().all(|item| matches!(item.data(), Data::Number(_) | Data::Unknown))
    };
    match argument.data() {
        Data::String(_) | Data::Number(_) | Data::Unknown => None,
        Data::List(items) if items.is_empty() => {
            Some((argument, "The list of `anything-but` is empty. Name the values to leave out.".to_owned()))
        }
        Data::List(_) if of_one_kind(argument) => None,
        Data::List(_) => {
            Some((argument, "The list of `anything-but` must hold either texts only or numbers only.".to_owned()))
        }
        Data::Map(_) => match single_entry(argument) {
            Some((name, inner)) if INSIDE_ANYTHING_BUT.contains(&name) => excluded_fault(name, inner),
            _ => {
                let words = list_words(INSIDE_ANYTHING_BUT.iter().map(|name| format!("`{name}`")));
                Some((argument, format!("A map of `anything-but` must hold one operator: {words}.")))
            }
        },
        Data::Null | Data::Bool(_) => Some((
            argument,
            "`anything-but` needs text, a number, a list of either, or a map with an operator.".to_owned(),
        )),
    }
}

/// What is wrong with the argument of an operator in the map of `anything-but`: text or a list of texts.
fn excluded_fault<'a>(name: &str, argument: Value<'a>) -> Option<(Value<'a>, String)> {
    let texts: Vec<Value<'a>> = if argument.is_list() { argument.items().collect() } else { vec![argument] };
    if texts.is_empty() {
        return Some((argument, format!("The list of `{name}` is empty. Name the values to leave out.")));
    }
    texts.into_iter().filter(|text| !text.is_unknown()).find_map(|text| match text.as_str() {
        None => Some((text, format!("`{name}` in `anything-but` needs text or a list of texts."))),
        Some("") if matches!(name, "prefix" | "suffix") => {
            Some((text, format!("`{name}` in `anything-but` needs text that is not empty.")))
        }
        Some(content) if name == "wildcard" => {
            wildcard_fault(content).map(|needed| (text, format!("`{name}` needs {needed}.")))
        }
        Some(_) => None,
    })
}

/// `numeric`: one comparison, or a lower and then an upper one.
fn comparison_fault(argument: Value<'_>) -> Option<ArgumentFault<'_>> {
    const NEEDED: &str = "`numeric` needs a list of an operator and a number, such as `[\">\", 0]`, or of two of them that give a \
                          range, such as `[\">\", 0, \"<=\", 100]`.";
    if let Some(number) = argument.as_f64() {
        return Some((
            argument.place(),
            NEEDED.to_owned(),
            Some(Repair::Replace(argument, format!("[\"=\", {}]", number_text(number)))),
        ));
    }
    if let Some((operator, number)) = argument.as_str().and_then(comparison_in_text) {
        let yaml = format!("[\"{operator}\", {}]", number_text(number));
        return Some((argument.place(), NEEDED.to_owned(), Some(Repair::Replace(argument, yaml))));
    }
    let items: Vec<Value<'_>> = argument.items().collect();
    if !argument.is_list() || !matches!(items.len(), 2 | 4) {
        return Some((argument.place(), NEEDED.to_owned(), None));
    }
    if items.iter().any(|item| item.is_unknown()) {
        return None;
    }
    let mut terms = Vec::new();
    for pair in items.chunks_exact(2) {
        let Some(operator) = pair[0].as_str().and_then(comparison) else {
            let message = "Here `numeric` needs one of `=`, `<`, `<=`, `>` and `>=`, in quotes.";
            return Some((pair[0].place(), message.to_owned(), None));
        };
        let Data::Number(number) = *pair[1].data() else {
            return Some((pair[1].place(), format!("After `{operator}`, `numeric` needs a number."), None));
        };
        if !NUMERIC.contains(&number) {
            let message = format!(
                "`numeric` compares with numbers from {0} to {1} only.",
                number_text(*NUMERIC.start()),
                number_text(*NUMERIC.end())
            );
            return Some((pair[1].place(), message, None));
        }
        terms.push((operator, number));
    }
    match terms.as_slice() {
        [(">" | ">=", bottom), ("<" | "<=", top)] if bottom >= top => {
            let message = format!(
                "No number lies between {} and {}. The lower end comes first.",
                number_text(*bottom),
                number_text(*top)
            );
            Some((argument.place(), message, None))
        }
        [_] | [(">" | ">=", _), ("<" | "<=", _)] => None,
        _ => {
            let message = "A range of `numeric` begins with `>` or `>=` and ends with `<` or `<=`.";
            Some((argument.place(), message.to_owned(), None))
        }
    }
}

fn comparison(text: &str) -> Option<&'static str> {
    COMPARISONS.into_iter().find(|operator| *operator == text)
}

/// Reads `>5` and `>= 5`.
fn comparison_in_text(text: &str) -> Option<(&'static str, f64)> {
    let digits = text.trim_start_matches(['=', '<', '>']);
    let operator = comparison(&text[..text.len() - digits.len()])?;
    digits.trim().parse().ok().filter(|number: &f64| number.is_finite()).map(|number| (operator, number))
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// An address and, after a slash, how many of its bits count.
fn is_network(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.bytes().all(|byte| byte.is_ascii_digit()) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::build;
    use crate::inputs::Inputs;
    use crate::yaml::Document;

    /// The problems of a pattern, as kind and path, and the repair as `wrap`, `rename …` or `write …`.
    fn problems(pattern: &str) -> Vec<String> {
        let document = Document::new(pattern);
        let config = build(&document, &Inputs::default());
        let mut problems: Vec<String> = check(config.root().expect("a pattern"))
            .into_iter()
            .map(|Problem { kind, place, repair, message }| {
                assert!(message.ends_with(['.', '?']), "{message}");
                let repair = match repair {
                    None => String::new(),
                    Some(Repair::Wrap(_)) => " => wrap".to_owned(),
                    Some(Repair::Rename(_, name)) => format!(" => rename {name}"),
                    Some(Repair::Replace(_, yaml)) => format!(" => write {yaml}"),
                };
                format!("{kind:?} {}{repair}", place.path)
            })
            .collect();
        problems.sort();
        problems
    }

    #[test]
    fn patterns_that_aws_takes_have_no_problems() {
        for pattern in [
            "{source: [a]}",
            "{source: [a, '', null, true, 5, {prefix: a}, {suffix: .b}]}",
            "{source: [{prefix: ''}], detail-type: [x], account: ['1'], time: [{prefix: '2030'}]}",
            "{detail: {state: [running], deep: {er: {still: [1]}}}}",
            "{detail: {a: [{prefix: {equals-ignore-case: a}}, {suffix: {equals-ignore-case: a}}]}}",
            "{detail: {a: [{equals-ignore-case: a}, {wildcard: 'a*b*'}, {wildcard: 'a\\*\\\\'}]}}",
            "{detail: {a: [{anything-but: a}, {anything-but: 5}, {anything-but: [a, b]}, {anything-but: [1, 2]}]}}",
            "{detail: {a: [{anything-but: {prefix: a}}, {anything-but: {suffix: [a, b]}}]}}",
            "{detail: {a: [{anything-but: {equals-ignore-case: [a]}}, {anything-but: {wildcard: '*/lib/*'}}]}}",
            "{detail: {a: [{numeric: ['=', 5]}, {numeric: ['>', 0, '<=', 5]}, {numeric: ['>=', -5, '<', 5]}]}}",
            "{detail: {a: [{numeric: ['<', 5.5]}], b: [{exists: true}], c: [{exists: false}]}}",
            "{detail: {a: [{cidr: 10.0.0.0/24}, {cidr: '2001:db8::/32'}]}}",
            "{detail: {$or: [{a: [1]}, {b: [2], c: {d: [3]}}]}}",
            "{$or: [{source: [a]}, {detail: {b: [2]}, $or: [{region: [x]}, {account: ['1']}]}]}",
            // Fields of events may have the names of operators.
            "{detail: {prefix: [a], exists: [true], cidr: {size: [1]}, numeric: [1]}}",
            // What is not known is not judged.
            "{source: '${env:S}', detail: {a: ['${env:A}', {numeric: ['>', '${env:N}']}], b: [{exists: '${env:E}'}]}}",
            "{detail: '${env:D}', $or: '${env:O}'}",
            "{detail: {a: [{anything-but: ['${env:A}', b]}, {anything-but: {prefix: '${env:A}'}}, {cidr: '${env:C}'}]}}",
        ] {
            assert_eq!(problems(pattern), [""; 0], "{pattern}");
        }
    }

    #[test]
    fn problems_are_found_where_they_are() {
        let vectors: &[(&str, &[&str])] = &[
            ("{}", &["Empty  => write source: [my.service]"]),
            ("{source: []}", &["Empty source"]),
            ("{detail: {}}", &["Empty detail"]),
            ("{detail: {a: {b: {}}}}", &["Empty detail.a.b"]),
            ("{source: [{}]}", &["Empty source[0]"]),
            ("{detail: {$or: [{}, {a: [1]}]}}", &["Empty detail.$or[0]"]),
            ("{source: a}", &["NotAList source => wrap"]),
            ("{source: 5, account: true}", &["NotAList account => wrap", "NotAList source => wrap"]),
            ("{source: null}", &["NotAList source"]),
            ("{detail: {a: {b: x}}}", &["NotAList detail.a.b => wrap"]),
            ("{source: [[a]]}", &["NotAList source[0]"]),
            ("{source: {prefix: a}}", &["NotAList source => write - prefix: \"a\""]),
            ("{detail: {a: {numeric: ['>', 5]}}}", &["NotAList detail.a => write - numeric: [\">\",5]"]),
            ("{detail: {a: {exists: true}}}", &["NotAList detail.a => write - exists: true"]),
            ("{source: [{begins-with: a}]}", &["UnknownOperator source[0].begins-with => rename prefix"]),
            ("{source: [{prefx: a}]}", &["UnknownOperator source[0].prefx => rename prefix"]),
            ("{source: [{Prefix: a}]}", &["UnknownOperator source[0].Prefix => rename prefix"]),
            ("{source: [{contains: a}]}", &["UnknownOperator source[0].contains"]),
            ("{source: [{regex: a}]}", &["UnknownOperator source[0].regex"]),
            ("{source: [{regex: a, prefix: b}]}", &["UnknownOperator source[0].regex"]),
            ("{source: [{$or: [a, b]}]}", &["Argument source[0].$or"]),
            ("{source: [{prefix: a, suffix: b}]}", &["Argument source[0].suffix"]),
            ("{source: [{prefix: 5}]}", &["Argument source[0].prefix"]),
            ("{source: [{prefix: [a]}]}", &["Argument source[0].prefix"]),
            ("{source: [{suffix: {prefix: a}}]}", &["Argument source[0].suffix"]),
            ("{source: [{equals-ignore-case: [a]}]}", &["Argument source[0].equals-ignore-case"]),
            ("{source: [{wildcard: 'a**b'}]}", &["Argument source[0].wildcard"]),
            ("{source: [{wildcard: 'a\\b'}]}", &["Argument source[0].wildcard"]),
            ("{source: [{wildcard: 'a\\'}]}", &["Argument source[0].wildcard"]),
            ("{source: [{anything-but: []}]}", &["Argument source[0].anything-but"]),
            ("{source: [{anything-but: [a, 5]}]}", &["Argument source[0].anything-but"]),
            ("{source: [{anything-but: null}]}", &["Argument source[0].anything-but"]),
            ("{source: [{anything-but: {exists: true}}]}", &["Argument source[0].anything-but"]),
            ("{source: [{anything-but: {prefix: ''}}]}", &["Argument source[0].anything-but.prefix"]),
            ("{source: [{anything-but: {suffix: [a, 5]}}]}", &["Argument source[0].anything-but.suffix[1]"]),
            ("{source: [{anything-but: {wildcard: '**'}}]}", &["Argument source[0].anything-but.wildcard"]),
            ("{detail: {a: [{numeric: 5}]}}", &["Argument detail.a[0].numeric => write [\"=\", 5]"]),
            ("{detail: {a: [{numeric: '>5'}]}}", &["Argument detail.a[0].numeric => write [\">\", 5]"]),
            ("{detail: {a: [{numeric: '>= 0.5'}]}}", &["Argument detail.a[0].numeric => write [\">=\", 0.5]"]),
            ("{detail: {a: [{numeric: many}]}}", &["Argument detail.a[0].numeric"]),
            ("{detail: {a: [{numeric: []}]}}", &["Argument detail.a[0].numeric"]),
            ("{detail: {a: [{numeric: ['>']}]}}", &["Argument detail.a[0].numeric"]),
            ("{detail: {a: [{numeric: ['!=', 5]}]}}", &["Argument detail.a[0].numeric[0]"]),
            ("{detail: {a: [{numeric: [5, '>']}]}}", &["Argument detail.a[0].numeric[0]"]),
            ("{detail: {a: [{numeric: ['>', '5']}]}}", &["Argument detail.a[0].numeric[1]"]),
            ("{detail: {a: [{numeric: ['>', 6.0e9]}]}}", &["Argument detail.a[0].numeric[1]"]),
            ("{detail: {a: [{numeric: ['<', 5, '>', 0]}]}}", &["Argument detail.a[0].numeric"]),
            ("{detail: {a: [{numeric: ['>', 5, '<', 5]}]}}", &["Argument detail.a[0].numeric"]),
            ("{detail: {a: [{exists: 'true'}]}}", &["Argument detail.a[0].exists => write true"]),
            ("{detail: {a: [{exists: no}]}}", &["Argument detail.a[0].exists => write false"]),
            ("{detail: {a: [{exists: 1}]}}", &["Argument detail.a[0].exists"]),
            ("{detail: {a: [{cidr: 10.0.0.0}]}}", &["Argument detail.a[0].cidr"]),
            ("{detail: {a: [{cidr: 10.0.0.0/33}]}}", &["Argument detail.a[0].cidr"]),
            ("{detail: {a: [{cidr: 10.0.0/8}]}}", &["Argument detail.a[0].cidr"]),
            ("{detail: {a: [{cidr: '::/129'}]}}", &["Argument detail.a[0].cidr"]),
            ("{detail: {a: [{cidr: '10.0.0.0/+8'}]}}", &["Argument detail.a[0].cidr"]),
            ("{detail: {$or: {a: [1]}}}", &["Argument detail.$or"]),
            ("{detail: {$or: [{a: [1]}]}}", &["Argument detail.$or"]),
            ("{detail: {$or: [{a: [1]}, b]}}", &["Argument detail.$or[1]"]),
            ("{detail: {$or: [{prefix: [a]}, {b: [1]}]}}", &["Argument detail.$or[0].prefix"]),
            ("{source: [a], detailType: [b]}", &["UnknownField detailType => rename detail-type"]),
            ("{source: [a], detail-type: [b], detailType: [b]}", &["UnknownField detailType"]),
            ("{source: [a], bucket: {name: [b]}}", &["UnknownField bucket"]),
            ("{$or: [{source: [a]}, {sorce: [b]}]}", &["UnknownField $or[1].sorce => rename source"]),
        ];
        for (pattern, expected) in vectors {
            assert_eq!(problems(pattern), *expected, "{pattern}");
        }
    }

    #[test]
    fn the_size_counts_as_json() {
        // {"source":["…"]} has 15 characters around the text.
        let pattern = |length: usize| format!("source:\n  - {}\n", "ä".repeat(length - 15));
        assert_eq!(problems(&pattern(PATTERN_LENGTH)), [""; 0]);
        assert_eq!(problems(&pattern(PATTERN_LENGTH + 1)), ["TooLarge "]);
    }

    #[test]
    fn deep_patterns_are_walked() {
        let depth = 120;
        let pattern = format!("{}[a]{}", "{detail: ".repeat(depth), "}".repeat(depth));
        assert_eq!(problems(&pattern), [""; 0]);
    }
}
