//! What tags make of nodes.

use super::checks::{CLOUDFORMATION_TAGS, CORE_PREFIX};
use super::{Node, NodeKind, Resolved, ScalarStyle, resolve_plain};

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
