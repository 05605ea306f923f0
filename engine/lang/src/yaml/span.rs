//! The extent of scalars in the source, and which part of the source shows which part of their text.

use super::{NodeId, NodeKind, ScalarStyle, Tree};
use crate::text::{Source, TextRange, TextSize};

pub(super) fn scalar_part(tree: &Tree, source: &Source, id: NodeId, part: std::ops::Range<usize>) -> TextRange {
    let node = tree.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return node.range };
    let quote = u32::from(matches!(scalar.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
    let written = source.slice(node.range);
    let inner = written.get(quote as usize..written.len().saturating_sub(quote as usize)).unwrap_or_default();
    if inner != scalar.text {
        return node.range;
    }
    let start = node.range.start() + TextSize::new(quote + part.start as u32);
    TextRange::at(start, TextSize::new(part.len() as u32))
}

/// Where a plain scalar ends that starts at `start` and reads `cooked`: nothing but blanks differs between the two.
pub(super) fn plain_end(source: &str, start: usize, cooked: &str) -> usize {
    let mut end = start;
    let mut raw = source[start..].char_indices().filter(|(_, character)| !is_space(*character));
    for wanted in cooked.chars().filter(|character| !is_space(*character)) {
        match raw.next() {
            Some((at, character)) if character == wanted => end = start + at + character.len_utf8(),
            _ => break,
        }
    }
    end
}

/// Where a quoted scalar ends that starts at `start`, the closing quote included.
pub(super) fn quoted_end(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let Some(quote) = bytes.get(start).copied() else { return start };
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at).copied() {
        at += match byte {
            b'\\' if quote == b'"' => 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            byte if byte == quote => return at + 1,
            _ => 1,
        };
    }
    source.len()
}

/// Where the `|` or `>` at `start` ends, indentation and chomping indicators included.
pub(super) fn block_header_end(source: &str, start: usize) -> usize {
    let rest = source.get(start + 1..).unwrap_or_default();
    let indicators = rest.bytes().take_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')).count();
    (start + 1 + indicators).min(source.len())
}

/// Where the last line with text of a block scalar ends whose text starts at `content`, behind its indentation.
pub(super) fn block_content_end(source: &str, content: usize) -> usize {
    let line_start = source[..content].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let indent = content - line_start;
    let mut end = content;
    let mut at = line_start;
    for line in source[line_start..].split_inclusive(['\n', '\r']) {
        let text = line.trim_end_matches(['\n', '\r']);
        let spaces = text.len() - text.trim_start_matches(' ').len();
        if spaces < text.len() {
            if spaces < indent || indent == 0 && is_document_end(text) {
                break;
            }
            end = at + text.len();
        }
        at += line.len();
    }
    end
}

fn is_document_end(line: &str) -> bool {
    line.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}
