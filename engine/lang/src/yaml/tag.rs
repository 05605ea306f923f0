//! What tags make of nodes.

use super::{Node, NodeKind, Problem, Resolved, ScalarStyle, Spanned, resolve_plain, scalar};

/// The short tags of AWS stack templates, which the original loader knows.
const CLOUDFORMATION_TAGS: [&str; 17] = [
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Not",
    "Or",
    "Ref",
    "Select",
    "Split",
    "Sub",
];

/// The tags of YAML itself, behind `!!`.
const CORE_PREFIX: &str = "tag:yaml.org,2002:";

/// What a scalar means by its style and its tag; text for every other node.
pub(super) fn resolved(node: &Node) -> Resolved {
    let NodeKind::Scalar(scalar) = &node.kind else { return Resolved::Text };
    let by_style = || match scalar.style {
        ScalarStyle::Plain => resolve_plain(&scalar.text),
        _ => Resolved::Text,
    };
    let Some(tag) = &node.tag else { return by_style() };
    let plain = resolve_plain(&scalar.text);
    match (core_name(&tag.text), plain) {
        (Some("null"), _) => Resolved::Null,
        (Some("bool"), Resolved::Bool(value)) => Resolved::Bool(value),
        (Some("int" | "float"), Resolved::Number(number)) => Resolved::Number(number),
        // `.inf` and `.nan` are numbers that JSON does not know.
        (Some("float"), Resolved::Null) if !scalar.text.is_empty() => Resolved::Null,
        (Some(_), _) => Resolved::Text,
        (None, _) if tag.text == "!" || function_name(&tag.text).is_some() => Resolved::Text,
        // An unknown tag is reported, and is then as good as none.
        (None, _) => by_style(),
    }
}

/// The function that the node's tag stands for.
pub(super) fn function(node: &Node) -> Option<String> {
    let name = function_name(&node.tag.as_ref()?.text)?;
    Some(if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") })
}

/// The problem of a tag that the original loader does not know, or not for such a node. `full` is the tag with its handle
/// resolved.
pub(super) fn problem(full: &str, written: &Spanned, kind: &NodeKind) -> Option<Problem> {
    let text = &written.text;
    let message = match full.strip_prefix('!') {
        Some(name) if name.is_empty() || CLOUDFORMATION_TAGS.contains(&name) => return None,
        Some(_) => None,
        None => match core_tag_fits(full.strip_prefix(CORE_PREFIX).unwrap_or_default(), kind) {
            Some(true) => return None,
            Some(false) => Some(format!("The tag `{text}` does not fit this value. Remove it, or mend the value.")),
            None => None,
        },
    };
    let message = message.unwrap_or_else(|| {
        format!("The tag `{text}` is not known. Remove it, or put the value in quotes if the exclamation mark belongs to it.")
    });
    Some(Problem::syntax(written.range, message))
}

/// Whether a tag of YAML itself can stand on a node; `None` when there is no such tag.
fn core_tag_fits(name: &str, kind: &NodeKind) -> Option<bool> {
    let plain = match kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.as_str()),
        _ => None,
    };
    // An empty node is null to the loader, which several tags accept.
    let is_empty = plain == Some("");
    let number = |is_wanted: fn(&str) -> bool| plain.is_some_and(is_wanted);
    Some(match name {
        "str" | "binary" | "timestamp" => plain.is_some(),
        "null" => plain.is_some_and(|text| resolve_plain(text) == Resolved::Null),
        "bool" => plain.is_some_and(|text| matches!(resolve_plain(text), Resolved::Bool(_))),
        "int" => number(scalar::is_integer),
        "float" => number(scalar::is_float),
        "merge" => plain == Some("<<") || is_empty,
        "seq" | "omap" | "pairs" => matches!(kind, NodeKind::Sequence { .. }) || is_empty,
        "map" | "set" => matches!(kind, NodeKind::Mapping { .. }) || is_empty,
        _ => return None,
    })
}

fn function_name(tag: &str) -> Option<&str> {
    verbatim(tag).strip_prefix('!').filter(|name| CLOUDFORMATION_TAGS.contains(name))
}

fn core_name(tag: &str) -> Option<&str> {
    tag.strip_prefix("!!").or_else(|| verbatim(tag).strip_prefix(CORE_PREFIX))
}

/// `!<tag:yaml.org,2002:str>` without its brackets; other tags as they are.
fn verbatim(tag: &str) -> &str {
    tag.strip_prefix("!<").and_then(|tag| tag.strip_suffix('>')).unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Resolved};

    #[test]
    fn tags_decide_what_a_scalar_means() {
        use Resolved::{Bool, Null, Number, Text};
        for (text, expected) in [
            ("5", Number(5.0)),
            ("\"5\"", Text),
            ("!!str 5", Text),
            ("! 5", Text),
            ("!<tag:yaml.org,2002:str> 5", Text),
            ("!!int \"5\"", Number(5.0)),
            ("!!float '1.5'", Number(1.5)),
            ("!!float .inf", Null),
            ("!!bool 'true'", Bool(true)),
            ("!!bool maybe", Text),
            ("!!int x", Text),
            ("!!null x", Null),
            ("!!timestamp 2012-10-17", Text),
            ("!Ref 5", Text),
            ("!Unknown 5", Number(5.0)),
            ("[]", Text),
        ] {
            let document = Document::new(text);
            assert_eq!(document.tree().resolved(document.tree().root().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn short_tags_stand_for_functions() {
        for (text, expected) in [
            ("!Ref x", Some("Ref")),
            ("!Sub x", Some("Fn::Sub")),
            ("!If [a, b]", Some("Fn::If")),
            ("!!str x", None),
            ("x", None),
        ] {
            let document = Document::new(text);
            assert_eq!(document.tree().function(document.tree().root().unwrap()).as_deref(), expected, "{text}");
        }
    }
}
