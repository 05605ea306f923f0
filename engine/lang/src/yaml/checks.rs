//! What the dialect forbids although it is YAML: repeated keys, unknown tags, aliases to what they stand in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use super::{
    CollectionStyle, Node, NodeId, NodeKind, Problem, ProblemKind, Resolved, ScalarStyle, Spanned, Tree, resolve_plain,
};
use crate::text::{TextEdit, TextRange, TextSize};

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

/// Adds a problem for every key that the parser takes and the original loader does not.
pub(super) fn keys(tree: &mut Tree, text: &str) {
    let mut problems = Vec::new();
    for (_, node) in tree.nodes() {
        let NodeKind::Mapping { entries, style } = &node.kind else { continue };
        for key in entries.iter().map(|entry| tree.node(entry.key)) {
            let (start, end) = (usize::from(key.range.start()), usize::from(key.range.end()));
            match style {
                CollectionStyle::Block => {
                    if key.range.is_empty()
                        && text[start..].starts_with(':')
                        && key.anchor.is_none()
                        && key.tag.is_none()
                    {
                        let colon = TextRange::at(key.range.start(), TextSize::new(1));
                        problems.push(Problem::syntax(colon, "A key is missing before this colon."));
                    }
                }
                CollectionStyle::Flow => {
                    let rest = &text[end..];
                    let blank = &rest[..rest.len() - rest.trim_start().len()];
                    let is_broken = text[start..end].contains(['\n', '\r'])
                        || blank.contains(['\n', '\r']) && rest[blank.len()..].starts_with(':');
                    if is_broken && !text[..start_of(key)].trim_end().ends_with('?') {
                        problems.push(Problem::syntax(
                            key.range,
                            "A key in brackets and its colon must stand on one line.",
                        ));
                    }
                }
            }
        }
    }
    tree.problems.append(&mut problems);
}

/// Adds a problem for every text among brackets that begins like a block of text.
pub(super) fn block_signs(tree: &mut Tree, text: &str) {
    let mut problems = Vec::new();
    for (_, node) in tree.nodes() {
        let NodeKind::Scalar(scalar) = &node.kind else { continue };
        let sign = text[usize::from(node.range.start())..].chars().next();
        if scalar.style == ScalarStyle::Plain
            && scalar.text.starts_with(['|', '>'])
            && sign == scalar.text.chars().next()
        {
            let edits = [node.range.start(), node.range.end()].map(|at| TextEdit::replace(TextRange::empty(at), "'"));
            problems.push(
                Problem::syntax(
                    node.range,
                    "`|` and `>` announce text on the lines below, which cannot stand among brackets. Put the value in quotes.",
                )
                .fix("Put it in quotes", edits.to_vec()),
            );
        }
    }
    tree.problems.append(&mut problems);
}

/// Adds a problem for every tab before a key or a dash at the start of a line. The parser takes some of them, the original
/// loader none.
pub(super) fn tabs_as_indentation(tree: &mut Tree, text: &str) {
    let mut problems = Vec::new();
    for (_, node) in tree.nodes() {
        let starts = match &node.kind {
            NodeKind::Mapping { entries, style: CollectionStyle::Block } => {
                entries.iter().map(|entry| start_of(tree.node(entry.key))).collect::<Vec<_>>()
            }
            NodeKind::Sequence { items, style: CollectionStyle::Block } => {
                items.iter().filter_map(|item| dash_before(text, start_of(tree.node(*item)))).collect()
            }
            _ => continue,
        };
        for start in starts {
            let Some(tab) = tab_before(text, start) else { continue };
            let range = TextRange::at(TextSize::new(tab as u32), TextSize::new(1));
            if is_mended(tree, range) {
                continue;
            }
            problems.push(
                Problem::syntax(range, "A tab is used as indentation, where YAML takes only spaces.")
                    .fix("Use a space", vec![TextEdit::replace(range, " ")]),
            );
        }
    }
    tree.problems.append(&mut problems);
}

/// Whether the fix of a problem already takes care of a place.
fn is_mended(tree: &Tree, range: TextRange) -> bool {
    let edits = tree.problems.iter().filter_map(|problem| problem.fix.as_ref()).flat_map(|(_, edits)| edits);
    edits.into_iter().any(|edit| edit.range.contains_range(range))
}

/// Where a node starts, its anchor and tag included.
fn start_of(node: &Node) -> usize {
    let given = [&node.tag, &node.anchor].into_iter().flatten().map(|given| given.range.start());
    given.fold(node.range.start(), Ord::min).into()
}

fn dash_before(text: &str, item: usize) -> Option<usize> {
    let before = text[..item].trim_end_matches([' ', '\t']);
    before.ends_with('-').then(|| before.len() - 1)
}

/// The first tab between the start of a line and `at`, if nothing but blanks and indicators stands there.
fn tab_before(text: &str, at: usize) -> Option<usize> {
    let lead = text[..at].trim_end_matches([' ', '\t', '-', '?', ':']);
    let is_first = lead.is_empty() || lead.ends_with(['\n', '\r', '\u{feff}']);
    text[lead.len()..at].find('\t').filter(|_| is_first).map(|tab| lead.len() + tab)
}

/// The problem of a tag that the original loader does not know, or not for such a node. `full` is the tag with its handle
/// resolved.
pub(super) fn tag(full: &str, written: &Spanned, kind: &NodeKind) -> Option<Problem> {
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
    let number = |is_wanted: fn(&str) -> bool| plain.is_some_and(|text| is_wanted(text));
    Some(match name {
        "str" | "binary" | "timestamp" => plain.is_some(),
        "null" => plain.is_some_and(|text| resolve_plain(text) == Resolved::Null),
        "bool" => plain.is_some_and(|text| matches!(resolve_plain(text), Resolved::Bool(_))),
        "int" => number(super::scalar::is_integer),
        "float" => number(super::scalar::is_float),
        "merge" => plain == Some("<<") || is_empty,
        "seq" | "omap" | "pairs" => matches!(kind, NodeKind::Sequence { .. }) || is_empty,
        "map" | "set" => matches!(kind, NodeKind::Mapping { .. }) || is_empty,
        _ => return None,
    })
}

/// The problem of an alias inside the node it stands for.
pub(super) fn endless_alias(name: &str, range: TextRange, target: &Node) -> Problem {
    let problem = Problem::syntax(
        range,
        format!(
            "`*{name}` stands inside the value that `&{name}` names, so that the value would contain itself without end. \
             Move the anchor to a part that does not hold the alias."
        ),
    );
    match &target.anchor {
        Some(anchor) => problem.related(anchor.range, format!("`{name}` is named here")),
        None => problem,
    }
}
