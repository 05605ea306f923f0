//! `# slipway-ignore: SCF117, SCF118`: comments that silence diagnostics.
//!
//! A comment counts for its own line. When it stands alone, it counts for the next line that is no such comment, so that
//! it may be one of several lines of comments directly above. Words behind the last code are an explanation.

use std::collections::HashMap;

use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{Document, NodeKind, Spanned};

/// The comments of a document that silence diagnostics.
#[derive(Debug, Default)]
pub struct IgnoreComments {
    comments: Vec<IgnoreComment>,
    /// Codes by line.
    silenced: HashMap<u32, Vec<String>>,
}

/// A comment that silences diagnostics, or was meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreComment {
    /// The comment, from `#` to the end of its line.
    pub range: TextRange,
    /// What it lists, in its order: codes, and what stands in the place of one. Nothing when there is no colon.
    pub codes: Vec<Spanned>,
    /// The lines it counts for, from 0; the second is there when it stands alone above something.
    lines: (u32, Option<u32>),
    /// Where another code would be added.
    end: TextSize,
}

impl IgnoreComments {
    /// Collects them.
    pub fn of(document: &Document) -> Self {
        let source = document.source();
        let mut comments = Vec::new();
        // From the last one to the first: of stand-alone comments in a row, each knows what the next one stands above.
        let mut below: Option<(u32, Option<u32>)> = None;
        for range in document.tree().comments().iter().rev() {
            let line = source.line_of(range.start());
            let target = stands_alone(document, *range).then(|| match below {
                Some((next, target)) if next == line + 1 => target,
                _ => (!is_blank(document, line + 1)).then_some(line + 1),
            });
            // A comment behind something does not continue a block.
            below = target.map(|target| (line, target));
            if let Some((codes, end)) = parse(source.slice(*range), range.start()) {
                comments.push(IgnoreComment { range: *range, codes, lines: (line, target.flatten()), end });
            }
        }
        comments.reverse();
        let mut silenced: HashMap<u32, Vec<String>> = HashMap::new();
        for comment in &comments {
            let codes = || comment.codes.iter().filter(|code| is_code(&code.text)).map(|code| code.text.clone());
            for line in comment.lines() {
                silenced.entry(line).or_default().extend(codes());
            }
        }
        Self { comments, silenced }
    }

    /// Whether diagnostics with this code are silenced on a line, counted from 0.
    pub fn is_ignored(&self, code: &str, line: u32) -> bool {
        self.silenced.get(&line).is_some_and(|codes| codes.iter().any(|silenced| silenced == code))
    }

    /// All of them in the order of the text, those that silence nothing included.
    pub fn comments(&self) -> &[IgnoreComment] {
        &self.comments
    }

    /// Silences a code on a line of the same document, counted from 0: in the comment that silences others there, else
    /// in a new one above. `None` when it is silenced already, or no comment can stand there: inside a text of several
    /// lines, and in JSON.
    pub fn add(&self, document: &Document, code: &str, line: u32) -> Option<Vec<TextEdit>> {
        if self.is_ignored(code, line) || document.style().json {
            return None;
        }
        // Of several, the nearest one.
        let counts = |comment: &&IgnoreComment| comment.lines().any(|counted| counted == line);
        match self.comments.iter().rfind(counts) {
            Some(comment) => Some(vec![append(document, comment, code)]),
            None => Some(vec![insert(document, code, line)?]),
        }
    }
}

impl IgnoreComment {
    fn lines(&self) -> impl Iterator<Item = u32> + use<> {
        [Some(self.lines.0), self.lines.1].into_iter().flatten()
    }
}

/// Whether a word has the form of a diagnostic's code.
pub fn is_code(word: &str) -> bool {
    ["SCF", "IAM"]
        .iter()
        .find_map(|family| word.strip_prefix(family))
        .is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn append(document: &Document, comment: &IgnoreComment, code: &str) -> TextEdit {
    let list = document.source().slice(TextRange::new(comment.range.start(), comment.end));
    let separator = match comment.codes.is_empty() {
        true if list.ends_with(':') => " ",
        true => ": ",
        false => ", ",
    };
    TextEdit::replace(TextRange::empty(comment.end), format!("{separator}{code}"))
}

/// Puts a comment above a line, or on it when nothing else is there.
fn insert(document: &Document, code: &str, line: u32) -> Option<TextEdit> {
    let source = document.source();
    let range = source.line_range(line)?;
    let text = source.slice(range);
    let content = text.trim_start_matches(['\u{feff}', ' ', '\t']);
    let indent = text[..text.len() - content.len()].trim_start_matches('\u{feff}');
    let start = range.end() - TextSize::of(content);
    if is_inside_scalar(document, start, range.start()) {
        return None;
    }
    let comment = format!("# {MARK}: {code}");
    if content.is_empty() {
        return Some(TextEdit::replace(TextRange::empty(start), comment));
    }
    let at = TextRange::empty(start - TextSize::of(indent));
    Some(TextEdit::replace(at, format!("{indent}{comment}{}", source.line_end())))
}

const MARK: &str = "slipway-ignore";

/// The codes of a comment that starts at `start`, and the end of the last one; `None` for every other comment.
fn parse(comment: &str, start: TextSize) -> Option<(Vec<Spanned>, TextSize)> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix(MARK)?;
    if rest.starts_with(|character: char| character.is_alphanumeric() || "-_".contains(character)) {
        return None;
    }
    let place = |rest: &str| start + TextSize::new((comment.len() - rest.len()) as u32);
    let mut codes = Vec::new();
    let mut end = place(rest);
    let list = rest.trim_start();
    // The codes of policies may follow at once: `# slipway-ignore IAM206: reason`.
    let Some(mut rest) = list.strip_prefix(':').or(Some(list).filter(|list| list.starts_with("IAM"))) else {
        return Some((codes, end));
    };
    end = place(rest);
    // Behind a comma, and at the start, anything stands for a code; behind a blank only what looks like one.
    let mut is_listed = true;
    loop {
        rest = rest.trim_start();
        while let Some(behind) = rest.strip_prefix(',') {
            is_listed = true;
            rest = behind.trim_start();
        }
        let mut length =
            rest.find(|character: char| character == ',' || character.is_whitespace()).unwrap_or(rest.len());
        // A colon may lead to the explanation.
        length -= usize::from(rest[..length].strip_suffix(':').is_some_and(is_code));
        let (word, behind) = rest.split_at(length);
        if word.is_empty() || !is_listed && !is_code(word) {
            return Some((codes, end));
        }
        let range = TextRange::new(place(rest), place(behind));
        codes.push(Spanned { text: word.to_owned(), range });
        end = range.end();
        rest = behind;
        is_listed = false;
    }
}

fn stands_alone(document: &Document, comment: TextRange) -> bool {
    let source = document.source();
    let line = source.line_range(source.line_of(comment.start())).unwrap_or(comment);
    let before = source.slice(TextRange::new(line.start().min(comment.start()), comment.start()));
    before.trim_start_matches('\u{feff}').trim().is_empty()
}

/// Whether a line is empty, or none.
fn is_blank(document: &Document, line: u32) -> bool {
    let source = document.source();
    source.line_range(line).is_none_or(|range| source.slice(range).trim().is_empty())
}

/// Whether the text at `offset` continues a scalar that started before `line`.
fn is_inside_scalar(document: &Document, offset: TextSize, line: TextSize) -> bool {
    let tree = document.tree();
    tree.node_at(offset).is_some_and(|id| {
        let node = tree.node(id);
        let is_scalar = matches!(node.kind, NodeKind::Scalar(_));
        is_scalar && node.range.start() < line && offset < node.range.end()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply_edits;

    /// Which of the codes 101 to 103 are silenced on which lines: `1: 101 102`, lines from 1.
    fn silenced(text: &str) -> Vec<String> {
        let document = Document::new(text);
        let ignored = IgnoreComments::of(&document);
        let on_line = |line: u32| {
            let codes =
                ["101", "102", "103"].into_iter().filter(|code| ignored.is_ignored(&format!("SCF{code}"), line));
            codes.collect::<Vec<_>>().join(" ")
        };
        let lines = (0..document.source().line_count()).map(|line| (line + 1, on_line(line)));
        lines.filter(|(_, codes)| !codes.is_empty()).map(|(line, codes)| format!("{line}: {codes}")).collect()
    }

    #[test]
    fn a_comment_counts_for_its_line_and_the_one_below() {
        let table: &[(&str, &[&str])] = &[
            ("a: 1 # slipway-ignore: SCF101\nb: 2\n", &["1: 101"]),
            ("# slipway-ignore: SCF101\na: 1\nb: 2\n", &["1: 101", "2: 101"]),
            ("\u{feff}# slipway-ignore: SCF101\na: 1\n", &["1: 101", "2: 101"]),
            ("# slipway-ignore: SCF101\r\n  a: 1\r\n", &["1: 101", "2: 101"]),
            ("# slipway-ignore: SCF101\n\na: 1\n", &["1: 101"]),
            ("# slipway-ignore: SCF101", &["1: 101"]),
            (
                "# slipway-ignore: SCF101\n# why\n # slipway-ignore: SCF102\na: 1 # slipway-ignore: SCF103\n",
                &["1: 101", "3: 102", "4: 101 102 103"],
            ),
            ("a: 1 # slipway-ignore: SCF101\n# slipway-ignore: SCF102\nb: 2\n", &["1: 101", "2: 102", "3: 102"]),
            ("# slipway-ignore: SCF101\na: 1 # x\nb: 2\n", &["1: 101", "2: 101"]),
            ("a: |\n  # slipway-ignore: SCF101\n  b\n", &[]),
            ("a: '# slipway-ignore: SCF101'\n", &[]),
            ("a:\n  - b # slipway-ignore: SCF101, SCF103\n  - c\n", &["2: 101 103"]),
        ];
        for (text, expected) in table {
            assert_eq!(silenced(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn codes_are_listed_as_written() {
        let table: &[(&str, Option<&[&str]>)] = &[
            ("# slipway-ignore: SCF101", Some(&["SCF101"])),
            ("#slipway-ignore:SCF101,SCF102", Some(&["SCF101", "SCF102"])),
            ("## slipway-ignore : SCF101 , SCF102 ,", Some(&["SCF101", "SCF102"])),
            ("# slipway-ignore: SCF101 SCF102", Some(&["SCF101", "SCF102"])),
            ("# slipway-ignore: SCF101, SCF102 because, you see, SCF103", Some(&["SCF101", "SCF102"])),
            ("# slipway-ignore: SCF101, scf102, SCF1, 漢, SCF999", Some(&["SCF101", "scf102", "SCF1", "漢", "SCF999"])),
            ("# slipway-ignore: everything here", Some(&["everything"])),
            ("# slipway-ignore: ,,", Some(&[])),
            ("# slipway-ignore:", Some(&[])),
            ("# slipway-ignore SCF101", Some(&[])),
            ("# slipway-ignored: SCF101", None),
            ("# slipway-ignore-file: SCF101", None),
            ("# see slipway-ignore: SCF101", None),
            ("# Slipway-Ignore: SCF101", None),
        ];
        for (text, expected) in table {
            let document = Document::new(*text);
            let ignored = IgnoreComments::of(&document);
            let comments: Vec<&IgnoreComment> = ignored.comments().iter().collect();
            let codes: Vec<&str> =
                comments.iter().flat_map(|comment| &comment.codes).map(|code| code.text.as_str()).collect();
            assert_eq!((!comments.is_empty()).then_some(codes.as_slice()), *expected, "{text:?}");
            for code in comments.iter().flat_map(|comment| &comment.codes) {
                assert_eq!(document.source().slice(code.range), code.text, "{text:?}");
            }
        }
    }

    #[test]
    fn adding_silences_and_changes_nothing_else() {
        let table = [
            ("a: 1\nb: 2\n", 1, "a: 1\n# slipway-ignore: SCF101\nb: 2\n"),
            ("\u{feff}a: 1", 0, "\u{feff}# slipway-ignore: SCF101\na: 1"),
            ("a:\r\n  - b: 1\r\n", 1, "a:\r\n  # slipway-ignore: SCF101\r\n  - b: 1\r\n"),
            ("{\n\ta: 1\n}\n", 1, "{\n\t# slipway-ignore: SCF101\n\ta: 1\n}\n"),
            ("a: 1 # slipway-ignore: SCF102\n", 0, "a: 1 # slipway-ignore: SCF102, SCF101\n"),
            ("a: 1 # slipway-ignore: SCF102 why\n", 0, "a: 1 # slipway-ignore: SCF102, SCF101 why\n"),
            ("# slipway-ignore: scf102\n# why\na: 1\n", 2, "# slipway-ignore: scf102, SCF101\n# why\na: 1\n"),
            ("# slipway-ignore:\na: 1\n", 1, "# slipway-ignore: SCF101\na: 1\n"),
            ("# slipway-ignore\na: 1\n", 1, "# slipway-ignore: SCF101\na: 1\n"),
            ("# slipway-ignore SCF102\na: 1\n", 1, "# slipway-ignore: SCF101 SCF102\na: 1\n"),
            (
                "# slipway-ignore: SCF102\na: 1 # slipway-ignore: SCF103\n",
                1,
                "# slipway-ignore: SCF102\na: 1 # slipway-ignore: SCF103, SCF101\n",
            ),
            ("# why\na: 1\n", 1, "# why\n# slipway-ignore: SCF101\na: 1\n"),
            ("# slipway-ignore: SCF102\n\na: 1\n", 2, "# slipway-ignore: SCF102\n\n# slipway-ignore: SCF101\na: 1\n"),
            ("a: |\n  x\n\nb: 1\n", 3, "a: |\n  x\n\n# slipway-ignore: SCF101\nb: 1\n"),
            ("a: 'x\n  y'\n", 0, "# slipway-ignore: SCF101\na: 'x\n  y'\n"),
            ("", 0, "# slipway-ignore: SCF101"),
            ("a: 1\n  \nb: 1\n", 1, "a: 1\n  # slipway-ignore: SCF101\nb: 1\n"),
        ];
        for (before, line, after) in table {
            let document = Document::new(before);
            let edits = IgnoreComments::of(&document)
                .add(&document, "SCF101", line)
                .unwrap_or_else(|| panic!("no edits for {before:?}"));
            let result = apply_edits(before, &edits).unwrap();
            assert_eq!(result, after, "{before:?}");
            let result = Document::new(result);
            assert_eq!(result.tree().problems().len(), document.tree().problems().len(), "{before:?}");
            let moved = result.source().line_count() - document.source().line_count();
            let ignored = IgnoreComments::of(&result);
            assert!(ignored.is_ignored("SCF101", line + moved), "{before:?}");
            assert_eq!(ignored.add(&result, "SCF101", line + moved), None, "{before:?}");
        }
    }

    #[test]
    fn adding_is_refused_where_no_comment_can_stand() {
        for (text, line) in [
            ("a: 1 # slipway-ignore: SCF101\n", 0),
            ("a: |\n  x\n  y\n", 1),
            ("a: |\n  x\n  y\n", 2),
            ("a: 'x\n  y'\n", 1),
            ("a: x\n  y\n", 1),
            ("{\n  \"a\": 1\n}\n", 1),
            ("a: 1\n", 7),
        ] {
            let document = Document::new(text);
            assert_eq!(IgnoreComments::of(&document).add(&document, "SCF101", line), None, "{text:?}");
        }
    }
}
