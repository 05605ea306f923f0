//! Whether an event fits a pattern, and why not.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html>

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value as Json};

use crate::glob;

/// What keeps an event from fitting, a sentence for each field; empty when it fits. A pattern that
/// [`check`](super::check) finds fault with fits nothing there.
pub fn mismatches(pattern: &Json, event: &Json) -> Vec<String> {
    let mut found = Vec::new();
    match pattern.as_object() {
        Some(pattern) => fields(pattern, event, "", &mut found),
        None => found.push("The pattern is no map of fields.".to_owned()),
    }
    found
}

fn fields(pattern: &Map<String, Json>, event: &Json, path: &str, found: &mut Vec<String>) {
    for (name, wanted) in pattern {
        if name == "$or"
            && let Some(alternatives) = wanted.as_array()
        {
            let failed: Vec<Vec<String>> = alternatives
                .iter()
                .map(|each| {
                    let mut found = Vec::new();
                    match each.as_object() {
                        Some(each) => fields(each, event, path, &mut found),
                        None => found.push("is no map".to_owned()),
                    }
                    found
                })
                .collect();
            if !failed.iter().any(Vec::is_empty) {
                let failed: Vec<String> = failed.into_iter().flatten().collect();
                found.push(format!("None of the alternatives of `$or` fits: {}", failed.join(" ")));
            }
            continue;
        }
        let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match wanted {
            Json::Object(inner) => below(inner, event, name, &at, found),
            Json::Array(conditions) => {
                let value = event.get(name);
                if !conditions.iter().any(|condition| meets(condition, value)) {
                    let shown = value.map_or("missing".to_owned(), |value| format!("{value}"));
                    found.push(format!("`{at}` is {shown}, and the pattern asks for {wanted}."));
                }
            }
            _ => found.push(format!("`{at}` of the pattern is no list of values.")),
        }
    }
}

/// A map below a field. Of a list in the event, one item has to fit as a whole.
fn below(pattern: &Map<String, Json>, event: &Json, name: &str, at: &str, found: &mut Vec<String>) {
    let of = |value: &Json| {
        let mut found = Vec::new();
        fields(pattern, value, at, &mut found);
        found
    };
    match event.get(name) {
        Some(Json::Array(items)) => {
            let each: Vec<_> = items.iter().map(of).collect();
            if !each.iter().any(Vec::is_empty) {
                found.push(format!("No item of `{at}` fits."));
            }
        }
        Some(value) => found.extend(of(value)),
        None => found.extend(of(&Json::Null)),
    }
}

/// Whether a value of the event meets a condition. Of a list, one item is enough.
fn meets(condition: &Json, value: Option<&Json>) -> bool {
    if let Some(wanted) = condition.get("exists").and_then(Json::as_bool) {
        // Only leaves exist: a map is not a value.
        return value.is_some_and(|value| !value.is_object()) == wanted;
    }
    match value {
        None | Some(Json::Object(_)) => false,
        Some(Json::Array(items)) => {
            // `anything-but` speaks of the list as a whole: none of its items may be what is excluded.
            if condition.get("anything-but").is_some() {
                return !items.is_empty() && items.iter().all(|item| leaf(condition, item));
            }
            items.iter().any(|item| leaf(condition, item))
        }
        Some(value) => leaf(condition, value),
    }
}

fn leaf(condition: &Json, value: &Json) -> bool {
    let Some((operator, argument)) = condition.as_object().and_then(|map| map.iter().next()) else {
        return equal(condition, value);
    };
    let text = value.as_str();
    match operator.as_str() {
        "prefix" => text.is_some_and(|text| affix(argument, text, |text, part| text.starts_with(part))),
        "suffix" => text.is_some_and(|text| affix(argument, text, |text, part| text.ends_with(part))),
        "equals-ignore-case" => {
            text.zip(argument.as_str()).is_some_and(|(text, wanted)| text.to_lowercase() == wanted.to_lowercase())
        }
        "wildcard" => text.zip(argument.as_str()).is_some_and(|(text, pattern)| wildcard(pattern, text)),
        "anything-but" => match argument {
            Json::Object(_) => !any(argument, value),
            Json::Array(all) => !all.iter().any(|excluded| equal(excluded, value)),
            excluded => !equal(excluded, value),
        },
        "numeric" => value.as_f64().zip(argument.as_array()).is_some_and(|(number, terms)| numeric(terms, number)),
        "cidr" => {
            let address = text.and_then(|text| text.parse::<IpAddr>().ok());
            let range = argument.as_str().and_then(|range| range.parse::<IpNet>().ok());
            address.zip(range).is_some_and(|(address, range)| range.contains(&address))
        }
        _ => false,
    }
}

/// An operator inside `anything-but`, whose argument may be a list.
fn any(condition: &Json, value: &Json) -> bool {
    let Some((operator, argument)) = condition.as_object().and_then(|map| map.iter().next()) else { return false };
    let one = |argument: &Json| leaf(&serde_json::json!({ operator: argument }), value);
    match argument {
        Json::Array(all) => all.iter().any(one),
        argument => one(argument),
    }
}

/// A text, or `{"equals-ignore-case": text}`.
fn affix(argument: &Json, text: &str, has: fn(&str, &str) -> bool) -> bool {
    if let Some(part) = argument.as_str() {
        return has(text, part);
    }
    let part = argument.get("equals-ignore-case").and_then(Json::as_str);
    part.is_some_and(|part| has(&text.to_lowercase(), &part.to_lowercase()))
}

/// Numbers are equal by value, everything else as it is written.
fn equal(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn numeric(terms: &[Json], number: f64) -> bool {
    terms.chunks(2).all(|term| {
        let [operator, bound] = term else { return false };
        let Some(bound) = bound.as_f64() else { return false };
        match operator.as_str() {
            Some("=") => number == bound,
            Some("<") => number < bound,
            Some("<=") => number <= bound,
            Some(">") => number > bound,
            Some(">=") => number >= bound,
            _ => false,
        }
    })
}

/// `*` stands for any text; `\*` and `\\` for themselves.
fn wildcard(pattern: &str, text: &str) -> bool {
    // A star has no character.
    let mut pieces = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '*' => None,
            '\\' => Some(characters.next().unwrap_or('\\')),
            other => Some(other),
        });
    }
    glob::matches(pieces.into_iter(), text.chars().map(Some), |piece| piece.is_none(), |piece, other| piece == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, event: &str) -> bool {
        let json = |text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        mismatches(&json(pattern), &json(event)).is_empty()
    }

    #[test]
    fn events_are_matched_as_eventbridge_does() {
        for (pattern, event, expected) in [
            (r#"{"source": ["shop"]}"#, r#"{"source": "shop", "id": 1}"#, true),
            (r#"{"source": ["shop"]}"#, r#"{"source": "Shop"}"#, false),
            (r#"{"source": ["a", "shop"]}"#, r#"{"source": "shop"}"#, true),
            (r#"{"source": ["shop"], "detail-type": ["x"]}"#, r#"{"source": "shop"}"#, false),
            (r#"{"detail": {"state": ["on"]}}"#, r#"{"detail": {"state": "on"}}"#, true),
            (r#"{"detail": {"state": ["on"]}}"#, r#"{"detail": "on"}"#, false),
            (r#"{"resources": ["b"]}"#, r#"{"resources": ["a", "b"]}"#, true),
            (
                r#"{"detail": {"items": {"a": [1], "b": [2]}}}"#,
                r#"{"detail": {"items": [{"a": 1, "b": 3}, {"a": 2, "b": 2}]}}"#,
                false,
            ),
            (r#"{"detail": {"items": {"a": [1], "b": [2]}}}"#, r#"{"detail": {"items": [{"a": 1, "b": 2}]}}"#, true),
            (r#"{"a": [1.0]}"#, r#"{"a": 1}"#, true),
            (r#"{"a": [null]}"#, r#"{"a": null}"#, true),
            (r#"{"a": [""]}"#, r#"{"a": null}"#, false),
            (r#"{"a": [{"prefix": "eu-"}]}"#, r#"{"a": "eu-west-1"}"#, true),
            (r#"{"a": [{"prefix": {"equals-ignore-case": "EU-"}}]}"#, r#"{"a": "eu-west-1"}"#, true),
            (r#"{"a": [{"suffix": ".png"}]}"#, r#"{"a": "x.jpg"}"#, false),
            (r#"{"a": [{"equals-ignore-case": "ABC"}]}"#, r#"{"a": "abc"}"#, true),
            (r#"{"a": [{"wildcard": "dir/*.png"}]}"#, r#"{"a": "dir/sub/x.png"}"#, true),
            (r#"{"a": [{"wildcard": "a\\*b"}]}"#, r#"{"a": "axb"}"#, false),
            (r#"{"a": [{"wildcard": "a\\*b"}]}"#, r#"{"a": "a*b"}"#, true),
            (r#"{"a": [{"anything-but": "x"}]}"#, r#"{"a": "y"}"#, true),
            (r#"{"a": [{"anything-but": ["x", "y"]}]}"#, r#"{"a": "y"}"#, false),
            (r#"{"a": [{"anything-but": ["x", "y"]}]}"#, r#"{"a": ["z", "y"]}"#, false),
            (r#"{"a": [{"anything-but": "x"}]}"#, "{}", false),
            (r#"{"a": [{"anything-but": {"prefix": "x"}}]}"#, r#"{"a": "xy"}"#, false),
            (r#"{"a": [{"anything-but": {"suffix": ["x", "y"]}}]}"#, r#"{"a": "xz"}"#, true),
            (r#"{"a": [{"numeric": [">", 0, "<=", 5]}]}"#, r#"{"a": 5}"#, true),
            (r#"{"a": [{"numeric": [">", 0, "<=", 5]}]}"#, r#"{"a": 5.1}"#, false),
            (r#"{"a": [{"numeric": ["=", 5]}]}"#, r#"{"a": "5"}"#, false),
            (r#"{"a": [{"cidr": "10.0.0.0/24"}]}"#, r#"{"a": "10.0.0.9"}"#, true),
            (r#"{"a": [{"cidr": "10.0.0.0/24"}]}"#, r#"{"a": "10.0.1.9"}"#, false),
            (r#"{"a": [{"exists": true}]}"#, r#"{"a": null}"#, true),
            (r#"{"a": [{"exists": true}]}"#, r#"{"a": {"b": 1}}"#, false),
            (r#"{"a": [{"exists": false}]}"#, "{}", true),
            (r#"{"a": [{"exists": false}, "x"]}"#, r#"{"a": "x"}"#, true),
            (r#"{"$or": [{"a": ["x"]}, {"b": ["y"]}], "c": ["z"]}"#, r#"{"b": "y", "c": "z"}"#, true),
            (r#"{"$or": [{"a": ["x"]}, {"b": ["y"]}]}"#, r#"{"a": "y"}"#, false),
            (r#"{"a": [{"unheard-of": 1}]}"#, r#"{"a": 1}"#, false),
            (r#"{"a": "x"}"#, r#"{"a": "x"}"#, false),
        ] {
            assert_eq!(fits(pattern, event), expected, "{pattern} {event}");
        }
    }

    #[test]
    fn the_reason_names_the_field() {
        let pattern = serde_json::json!({"source": ["shop"], "detail": {"state": ["on"]}});
        let event = serde_json::json!({"source": "x", "detail": {"state": "off"}});
        assert_eq!(
            mismatches(&pattern, &event),
            [
                r#"`source` is "x", and the pattern asks for ["shop"]."#,
                r#"`detail.state` is "off", and the pattern asks for ["on"]."#
            ]
        );
    }
}
