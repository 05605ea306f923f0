//! What the dialect forbids although it is YAML: repeated keys, keys that the original loader cannot read, tabs as
//! indentation, aliases to what they stand in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use super::{
    CollectionStyle, MAX_PROBLEMS, Node, NodeId, NodeKind, Problem, ProblemKind, Resolved, ScalarStyle, Tree,
    resolve_plain,
};
use crate::text::{TextEdit, TextRange, TextSize};

/// Adds the problems of a tree that is otherwise complete. `text` is what it was read from.
pub(super) fn check(tree: &mut Tree, text: &str) {
    let mended = Mended::by(&tree.problems);
    let mut problems = Vec::new();
    for (id, node) in tree.nodes() {
        match &node.kind {
            NodeKind::Mapping { style, .. } => {
                duplicate_keys(tree, id, &mut problems);
                keys(tree, id, *style, text, &mut problems);
                tabs(tree, id, *style, text, &mended, &mut problems);
            }
            NodeKind::Sequence { style, .. } => tabs(tree, id, *style, text, &mended, &mut problems),
            NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain => {
                problems.extend(block_sign(tree, node, &scalar.text, text));
            }
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => {}
        }
        if problems.len() > MAX_PROBLEMS {
            break;
        }
    }
    tree.problems.append(&mut problems);
}

fn duplicate_keys(tree: &Tree, map: NodeId, problems: &mut Vec<Problem>) {
    let mut seen: HashMap<Cow<'_, str>, NodeId> = HashMap::new();
    for entry in tree.entries(map) {
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
                        "The key `{key}` stands in this map already, and a map holds each key once. Remove or rename one of \
                         the two."
                    ),
                    related: Some((tree.node(*first.get()).range, format!("`{key}` is first set here"))),
                    fix: None,
                });
            }
        }
    }
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

/// Keys that the parser takes and the original loader does not.
fn keys(tree: &Tree, map: NodeId, style: CollectionStyle, text: &str, problems: &mut Vec<Problem>) {
    for key in tree.entries(map).iter().map(|entry| tree.node(entry.key)) {
        let (start, end) = (usize::from(key.range.start()), usize::from(key.range.end()));
        match style {
            CollectionStyle::Block => {
                let is_missing = key.range.is_empty() && key.anchor.is_none() && key.tag.is_none();
                if is_missing && text[start..].starts_with(':') {
                    let colon = TextRange::at(key.range.start(), TextSize::new(1));
                    problems.push(Problem::syntax(colon, "A key is missing before this colon."));
                }
            }
            CollectionStyle::Flow => {
                let rest = &text[end..];
                let blank = &rest[..rest.len() - rest.trim_start().len()];
                let is_broken = [&text[start..end], blank].iter().any(|part| part.contains(['\n', '\r']));
                if is_broken && rest[blank.len()..].starts_with(':') && !text[..start_of(key)].trim_end().ends_with('?')
                {
                    let message = "A key in brackets and its colon must stand on one line.";
                    problems.push(Problem::syntax(key.range, message));
                }
            }
        }
    }
}

/// A text among brackets that begins like a block of text, which the parser takes and the original loader does not.
fn block_sign(tree: &Tree, node: &Node, scalar: &str, text: &str) -> Option<Problem> {
    let in_flow = matches!(
        &tree.node(node.parent?).kind,
        NodeKind::Sequence { style: CollectionStyle::Flow, .. }
            | NodeKind::Mapping { style: CollectionStyle::Flow, .. }
    );
    // Where a repair has put quotes around it, the text says so already.
    let is_written = text[usize::from(node.range.start())..].starts_with(['|', '>']);
    if !in_flow || !is_written || !scalar.starts_with(['|', '>']) {
        return None;
    }
    let edits = [node.range.start(), node.range.end()].map(|at| TextEdit::replace(TextRange::empty(at), "'"));
    let message =
        "`|` and `>` announce text on the lines below, which cannot stand among brackets. Put the value in quotes.";
    Some(Problem::syntax(node.range, message).fix("Put it in quotes", edits.to_vec()))
}

/// Tabs before a key or a dash at the start of a line. The parser takes some of them, the original loader none.
fn tabs(tree: &Tree, id: NodeId, style: CollectionStyle, text: &str, mended: &Mended, problems: &mut Vec<Problem>) {
    if style == CollectionStyle::Flow {
        return;
    }
    let keys = tree.entries(id).iter().map(|entry| start_of(tree.node(entry.key)));
    let dashes = tree.items(id).iter().filter_map(|item| dash_before(text, start_of(tree.node(*item))));
    for start in keys.chain(dashes) {
        let Some(tab) = tab_before(text, start) else { continue };
        let range = TextRange::at(TextSize::new(tab as u32), TextSize::new(1));
        if !mended.covers(range) {
            problems.push(
                Problem::syntax(range, "A tab is used as indentation, where YAML takes only spaces.")
                    .fix("Use a space", vec![TextEdit::replace(range, " ")]),
            );
        }
    }
}

/// What the fixes of problems replace.
struct Mended(Vec<TextRange>);

impl Mended {
    fn by(problems: &[Problem]) -> Self {
        let edits = problems.iter().filter_map(|problem| problem.fix.as_ref()).flat_map(|(_, edits)| edits);
        let mut ranges: Vec<TextRange> = edits.map(|edit| edit.range).collect();
        ranges.sort_by_key(|range| (range.start(), range.end()));
        Self(ranges)
    }

    fn covers(&self, range: TextRange) -> bool {
        let after = self.0.partition_point(|mended| mended.start() <= range.start());
        self.0[..after].last().is_some_and(|mended| mended.contains_range(range))
    }
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
