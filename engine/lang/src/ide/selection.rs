//! What an editor selects around a place, step by step.

use crate::text::{TextRange, TextSize};
use crate::variables::grammar::{self, AlternativeKind, Part, Template};
use crate::yaml::{Document, NodeId, NodeKind, Scalar, ScalarStyle};

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
    let mut at = tree.node_at(offset);
    while let Some(id) = at {
        let node = tree.node(id);
        if let NodeKind::Scalar(scalar) = &node.kind {
            self::scalar(document, id, scalar, offset, steps);
        }
        steps.add(trimmed(document, node.range));
        let properties = [&node.tag, &node.anchor].into_iter().flatten().map(|property| property.range);
        let with_properties = properties.fold(node.range, TextRange::cover);
        steps.add(trimmed(document, with_properties));
        if let Some(entry) = tree.entry_of(id) {
            let key = tree.node(entry.key).range;
            let value = tree.node(entry.value);
            let properties = [&value.tag, &value.anchor].into_iter().flatten().map(|property| property.range);
            steps.add(trimmed(document, properties.fold(key.cover(value.range), TextRange::cover)));
        } else if let Some(dash) = dash(document, with_properties.start()) {
            steps.add(trimmed(document, dash.cover(with_properties)));
        }
        at = node.parent;
    }
}

/// The parts of a variable around the place, and the text inside quotes.
fn scalar(document: &Document, id: NodeId, scalar: &Scalar, offset: TextSize, steps: &mut Steps) {
    let tree = document.tree();
    if scalar.text.contains("${") {
        let mut parts = Vec::new();
        template_parts(&grammar::parse(&scalar.text), &mut parts);
        let mut ranges = tree.scalar_parts(document.source(), id, &parts);
        ranges.retain(|range| range.contains_inclusive(offset));
        ranges.sort_by_key(|range| range.len());
        for range in ranges {
            steps.add(range);
        }
    }
    if scalar.style != ScalarStyle::Plain {
        steps.add(trimmed(document, tree.scalar_part(document.source(), id, 0..scalar.text.len())));
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

/// The dash of the item that starts at a place.
fn dash(document: &Document, start: TextSize) -> Option<TextRange> {
    let source = document.source();
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

/// A range without blanks and line ends behind it, which block scalars have.
fn trimmed(document: &Document, range: TextRange) -> TextRange {
    let text = document.source().slice(range);
    TextRange::at(range.start(), TextSize::of(text.trim_end()))
}
