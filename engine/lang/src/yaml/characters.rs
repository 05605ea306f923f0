//! Characters that the original loader refuses, and what of a text to hand to the parser in their presence.

use std::borrow::Cow;

use super::{NodeKind, Problem, ScalarStyle, Tree};
use crate::text::{TextEdit, TextRange, TextSize, unify_line_ends};

/// A text with more refused characters is not text.
const MAX_REFUSED: usize = 10;

/// The refused characters of a text.
pub(super) enum Refused {
    /// Their places, in the order of the text.
    Some(Vec<TextRange>),
    /// The file is not a text at all; the place of the first.
    Binary(TextRange),
}

/// Finds the characters that the original loader refuses.
pub(super) fn refused(text: &str) -> Refused {
    let mut found = Vec::new();
    for (at, character) in text.char_indices().filter(|(_, character)| is_refused(*character)) {
        found.push(TextRange::at(TextSize::new(at as u32), TextSize::of(character)));
        if found.len() > MAX_REFUSED {
            return Refused::Binary(found[0]);
        }
    }
    Refused::Some(found)
}

/// The text with line ends and characters that the parser knows; every byte stays where it is.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let unified = unify_line_ends(text).map_or(Cow::Borrowed(text), Cow::Owned);
    // To the parser, NUL is the end of the text.
    if unified.contains('\0') { Cow::Owned(unified.replace('\0', "\u{1}")) } else { unified }
}

/// Adds a problem for every refused character outside comments.
pub(super) fn note(refused: &Refused, text: &str, tree: &mut Tree) {
    match refused {
        Refused::Binary(first) => tree.problems.push(Problem::syntax(
            *first,
            "This file holds many control characters and seems not to be a text. It is not checked any further.",
        )),
        Refused::Some(places) => {
            for place in places {
                let character = text[usize::from(place.start())..].chars().next().unwrap_or_default();
                if !is_tolerated(tree, *place, character) {
                    let code = u32::from(character);
                    let problem = Problem::syntax(
                        *place,
                        format!(
                            "The character U+{code:04X} is not allowed in YAML. Remove it, or write it as an escape in double quotes."
                        ),
                    );
                    tree.problems.push(problem.fix("Remove the character", vec![TextEdit::replace(*place, "")]));
                }
            }
        }
    }
}

fn is_refused(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// In comments everything but NUL passes, in quotes everything that JSON allows.
fn is_tolerated(tree: &Tree, place: TextRange, character: char) -> bool {
    let comment = tree.comments.partition_point(|comment| comment.start() <= place.start());
    if character != '\0' && comment > 0 && tree.comments[comment - 1].contains_range(place) {
        return true;
    }
    let node = tree.nodes.partition_point(|node| node.range.start() <= place.start());
    character > ' '
        && node > 0
        && tree.nodes[node - 1].range.contains_range(place)
        && matches!(
            &tree.nodes[node - 1].kind,
            NodeKind::Scalar(scalar) if matches!(scalar.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
        )
}
