//! What the dialect forbids although it is YAML: repeated keys, unknown tags, aliases to what they stand in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use super::{Node, NodeId, NodeKind, Problem, ProblemKind, Resolved, ScalarStyle, Spanned, Tree, resolve_plain};
use crate::text::TextRange;

/// The short tags of AWS stack templates, which the original loader knows.
pub(super) const CLOUDFORMATION_TAGS: [&str; 17] = [
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
const CORE_TAGS: [&str; 13] =
    ["str", "seq", "map", "null", "bool", "int", "float", "timestamp", "merge", "binary", "omap", "pairs", "set"];

pub(super) const CORE_PREFIX: &str = "tag:yaml.org,2002:";

/// Adds a problem for every repeated key.
pub(super) fn duplicate_keys(tree: &mut Tree) {
    let mut problems = Vec::new();
    for (id, _) in tree.nodes() {
        let mut seen: HashMap<Cow<'_, str>, NodeId> = HashMap::new();
        for entry in tree.entries(id) {
            let Some(key) = key_text(tree, entry.key) else { continue };
            match seen.entry(key) {
                MapEntry::Vacant(vacant) => {
                    vacant.insert(entry.key);
                }
                MapEntry::Occupied(first) => {
                    let key = first.key();
                    problems.push(Problem {
                        kind: ProblemKind::DuplicateKey,
                        range: tree.node(entry.key).range,
                        message: format!(
                            "The key `{key}` stands twice in this map, and a map can hold each key once. Remove or rename \
                             one of the two."
                        ),
                        related: Some((tree.node(*first.get()).range, format!("`{key}` is first set here"))),
                        fix: None,
                    });
                }
            }
        }
    }
    tree.problems.append(&mut problems);
}

/// The text by which a key is told from others; `None` for keys that may be repeated (merges) and for collections.
pub(super) fn key_text(tree: &Tree, id: NodeId) -> Option<Cow<'_, str>> {
    let node = tree.node(id);
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain && node.tag.is_none() => {
            match resolve_plain(&scalar.text) {
                Resolved::Text if scalar.text == "<<" => None,
                Resolved::Null => Some("null".into()),
                Resolved::Bool(value) => Some(value.to_string().into()),
                Resolved::Number(number) => Some(ryu_js::Buffer::new().format(number).to_owned().into()),
                Resolved::Text => Some(scalar.text.as_str().into()),
            }
        }
        NodeKind::Scalar(scalar) => Some(scalar.text.as_str().into()),
        NodeKind::Alias { target: Some(target), .. } => match &tree.node(*target).kind {
            NodeKind::Scalar(_) => key_text(tree, *target),
            _ => None,
        },
        _ => None,
    }
}

/// The problem of a tag that the original loader does not know. `full` is the tag with its handle resolved.
pub(super) fn unknown_tag(full: &str, written: &Spanned) -> Option<Problem> {
    let known = match full.strip_prefix('!') {
        Some(name) => name.is_empty() || CLOUDFORMATION_TAGS.contains(&name),
        None => full.strip_prefix(CORE_PREFIX).is_some_and(|name| CORE_TAGS.contains(&name)),
    };
    (!known).then(|| {
        let text = &written.text;
        Problem {
            kind: ProblemKind::Syntax,
            range: written.range,
            message: format!(
                "The tag `{text}` is not known. Remove it, or put the value in quotes if the exclamation mark belongs to it."
            ),
            related: None,
            fix: None,
        }
    })
}

/// The problem of an alias inside the node it stands for.
pub(super) fn endless_alias(name: &str, range: TextRange, target: &Node) -> Problem {
    Problem {
        kind: ProblemKind::Syntax,
        range,
        message: format!(
            "`*{name}` stands inside the value that `&{name}` names, so that the value would contain itself without end. \
             Move the anchor to a part that does not hold the alias."
        ),
        related: target.anchor.as_ref().map(|anchor| (anchor.range, format!("`{name}` is named here"))),
        fix: None,
    }
}
