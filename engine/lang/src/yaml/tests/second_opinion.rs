//! Another parser as a second opinion: it must accept what the loader accepts without a repair, and read the same.

use granit_parser::{Event, Options, Parser, ScalarStyle as Style, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::properties::{change, config};
use super::{EXAMPLES, SOUND};
use crate::yaml::{NodeId, NodeKind, ScalarStyle, Tree, reader};

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn changed_examples_are_read_alike(
        example in 0..EXAMPLES.len(),
        first in any::<Index>(),
        length in 1..12usize,
        changes in prop::collection::vec((any::<Index>(), 0..3usize, select(TOKENS)), 0..3),
    ) {
        let lines: Vec<&str> = EXAMPLES[example].1.lines().collect();
        let first = first.index(lines.len());
        let lines = &lines[first..(first + length).min(lines.len())];
        let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
        let text: String = lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect();
        let text = change(&text, &changes);
        // Of directives the other takes more than the parser, and than anybody needs.
        prop_assume!(!text.starts_with('%'));
        // It wants a blank between a colon and a bracket, which neither the parser nor the original loader does.
        prop_assume!(![":[", ":{"].iter().any(|glued| text.contains(glued)));
        compare(&text);
    }
}

/// Without `|` and `>`, which the parser wrongly takes for text among brackets; that is checked elsewhere.
const TOKENS: &[&str] = &[
    "a", "é", ": ", ":", "- ", " ", "  ", "\n", "\"", "'", "[", "]", "{", "}", ", ", " # c", "&a ", "*a", "!Ref ", "~",
    "\\",
];

#[test]
fn examples_are_read_alike() {
    for text in SOUND.into_iter().chain(EXAMPLES.map(|(_, text)| text)) {
        compare(text);
    }
}

/// A node as both see it: its kind, its text, and the place of scalars that are not empty.
#[derive(Debug, PartialEq)]
enum Seen {
    Scalar(ScalarStyle, String, Option<std::ops::Range<usize>>),
    List,
    Map,
    End,
    Alias(std::ops::Range<usize>),
}

/// What the other parser accepts when it is strict must be accepted, what it refuses when it is not must be refused, and what
/// is accepted must be read alike. Between the two, indentation inside brackets is a matter of taste.
fn compare(text: &str) {
    let reading = reader::read(text);
    let (strict, lenient) = (second_opinion(text, true), second_opinion(text, false));
    match (strict, lenient, reading.error) {
        (Ok(_), _, Some(error)) => panic!("{text:?}: {error:?}"),
        (_, Err(error), None) => panic!("{text:?} should fail: {error}"),
        (_, Ok(other), None) => {
            let mut seen = Vec::new();
            if let Some(root) = reading.tree.root {
                see(&reading.tree, root, &mut seen);
            }
            assert_eq!(seen, other, "{text:?}");
        }
        (Err(_), _, Some(_)) => {}
    }
}

fn second_opinion(text: &str, strict: bool) -> Result<Vec<Seen>, String> {
    let mut options = Options::default();
    options.strict_indentation = strict;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut seen = Vec::new();
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| error.to_string())?;
        match event {
            Event::DocumentStart(..) => documents += 1,
            Event::Scalar(text, style, _, _) => {
                let style = match style {
                    Style::Plain => ScalarStyle::Plain,
                    Style::SingleQuoted => ScalarStyle::SingleQuoted,
                    Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
                    Style::Literal => ScalarStyle::Literal,
                    Style::Folded => ScalarStyle::Folded,
                };
                // An empty node is `~` to it.
                let is_empty = style == ScalarStyle::Plain && place(&span).is_empty();
                let text = if is_empty { String::new() } else { text.into_owned() };
                let place = is_placed(style, &text).then(|| place(&span));
                seen.push(Seen::Scalar(style, text, place));
            }
            Event::SequenceStart(..) => seen.push(Seen::List),
            Event::MappingStart(..) => seen.push(Seen::Map),
            Event::SequenceEnd | Event::MappingEnd => seen.push(Seen::End),
            Event::Alias(_) => seen.push(Seen::Alias(place(&span))),
            _ => {}
        }
        if documents > 1 {
            break;
        }
    }
    Ok(seen)
}

/// Whether both mean the same by the place of a scalar: block texts are taken differently far.
fn is_placed(style: ScalarStyle, text: &str) -> bool {
    !style.is_block() && (style != ScalarStyle::Plain || !text.is_empty())
}

fn place(span: &Span) -> std::ops::Range<usize> {
    span.byte_range().unwrap_or_default()
}

fn see(tree: &Tree, id: NodeId, seen: &mut Vec<Seen>) {
    let node = tree.node(id);
    let place = usize::from(node.range.start())..usize::from(node.range.end());
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let place = is_placed(scalar.style, &scalar.text).then_some(place);
            seen.push(Seen::Scalar(scalar.style, scalar.text.clone(), place));
            return;
        }
        NodeKind::Alias { .. } => {
            seen.push(Seen::Alias(place));
            return;
        }
        NodeKind::Sequence { .. } => seen.push(Seen::List),
        NodeKind::Mapping { .. } => seen.push(Seen::Map),
    }
    for child in tree.children(id) {
        see(tree, child, seen);
    }
    seen.push(Seen::End);
}
