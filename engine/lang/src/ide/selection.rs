//! What an editor selects around a place, step by step.

use crate::text::{TextRange, TextSize};
use crate::variables::grammar::{self, AlternativeKind, Part, Template};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind, Scalar, ScalarStyle};

/// What can be selected around a place, innermost first; each holds the one before and is longer. The word, the parts of a
/// variable, the text inside quotes, the value, its entry or item, what stands beside it, and so on to the document.
pub fn selection(document: &Document, offset: TextSize) -> Vec<TextRange> {
    let source = document.source();
    let offset = TextSize::new(source.text().floor_char_boundary(usize::from(offset)) as u32);
    let mut steps = Steps { ranges: Vec::new() };
    steps.add(word(document, offset));
    if let Some(comment) = document.tree().comments().iter().find(|comment| comment.contains_inclusive(offset)) {
        steps.add(*comment);
    }
    nodes(document, offset, &mut steps);
    steps.add(TextRange::up_to(source.len()));
    steps.ranges
}

struct Steps {
    ranges: Vec<TextRange>,
}

impl Steps {
    /// Adds a range unless it is not around the last one.
    fn add(&mut self, range: TextRange) {
        let is_around = |last: &TextRange| range.contains_range(*last) && range != *last;
        if !range.is_empty() && self.ranges.last().is_none_or(is_around) {
            self.ranges.push(range);
        }
    }
}

fn nodes(document: &Document, offset: TextSize, steps: &mut Steps) {
    let tree = document.tree();
    let source = document.source();
    let mut at = tree.node_at(offset);
    while let Some(id) = at {
        let node = tree.node(id);
        if let NodeKind::Scalar(scalar) = &node.kind {
            self::scalar(document, id, scalar, offset, steps);
        }
        steps.add(source.trim_end(own_range(document, id)));
        let whole = with_properties(document, id);
        steps.add(source.trim_end(whole));
        if let Some(entry) = tree.entry_of(id) {
            let key = tree.node(entry.key).range;
            steps.add(source.trim_end(key.cover(with_properties(document, entry.value))));
        } else if let Some(dash) = node.parent.and_then(|list| dash(document, list, id)) {
            steps.add(source.trim_end(dash.cover(whole)));
        }
        at = node.parent;
    }
}

/// The range of a node; that of a list begins with its first dash.
fn own_range(document: &Document, id: NodeId) -> TextRange {
    let tree = document.tree();
    let range = tree.node(id).range;
    let first = tree.items(id).first().and_then(|first| dash(document, id, *first));
    first.map_or(range, |dash| dash.cover(range))
}

/// The range of a node with its tag and anchor.
fn with_properties(document: &Document, id: NodeId) -> TextRange {
    let node = document.tree().node(id);
    let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range);
    properties.fold(own_range(document, id), TextRange::cover)
}

/// The parts of a variable around the place, and the text inside quotes.
fn scalar(document: &Document, id: NodeId, scalar: &Scalar, offset: TextSize, steps: &mut Steps) {
    let tree = document.tree();
    let source = document.source();
    if scalar.text.contains("${") {
        let mut parts = Vec::new();
        template_parts(&grammar::parse(&scalar.text), &mut parts);
        let mut ranges = tree.scalar_parts(source, id, &parts);
        ranges.retain(|range| range.contains_inclusive(offset));
        ranges.sort_by_key(|range| range.len());
        for range in ranges {
            steps.add(range);
        }
    }
    if scalar.style != ScalarStyle::Plain {
        steps.add(source.trim_end(tree.scalar_part(source, id, 0..scalar.text.len())));
    }
}

/// Variables, their alternatives, and the words of these.
fn template_parts(template: &Template, parts: &mut Vec<Part>) {
    for variable in template.variables() {
        parts.push(variable.range.clone());
        for alternative in variable.alternatives() {
            parts.push(alternative.range.clone());
            if let AlternativeKind::Reference(reference) = &alternative.kind {
                parts.push(reference.provider.clone());
                parts.extend(reference.params.iter().chain(&reference.key).map(|word| word.range.clone()));
            }
        }
    }
}

/// The dash of an item, where it is on the line on which the item starts.
fn dash(document: &Document, list: NodeId, item: NodeId) -> Option<TextRange> {
    let tree = document.tree();
    let source = document.source();
    let NodeKind::Sequence { style: CollectionStyle::Block, .. } = tree.node(list).kind else { return None };
    let node = tree.node(item);
    let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range);
    let start = properties.fold(node.range, TextRange::cover).start();
    let line = source.line_range(source.line_of(start))?;
    let before = source.slice(TextRange::new(line.start(), start)).trim_end();
    let end = line.start() + TextSize::of(before);
    before.ends_with('-').then(|| TextRange::new(end - TextSize::of('-'), end))
}

/// The letters, digits, hyphens and underscores around a place.
fn word(document: &Document, offset: TextSize) -> TextRange {
    let text = document.source().text();
    let offset = usize::from(offset);
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    let before = text[..offset].chars().rev().take_while(|character| is_part(*character)).map(char::len_utf8);
    let behind = text[offset..].chars().take_while(|character| is_part(*character)).map(char::len_utf8);
    let (start, end) = (offset - before.sum::<usize>(), offset + behind.sum::<usize>());
    TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32))
}
