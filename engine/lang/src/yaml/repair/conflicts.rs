//! Merge conflicts that were left in the text.

use std::ops::Range;

use super::line::text_range;
use crate::text::{TextEdit, TextRange};
use crate::yaml::Problem;

/// A merge conflict.
#[derive(Debug)]
pub(super) struct Conflict {
    /// Its marker lines without their line ends: start, maybe the common ancestor, middle, end.
    markers: Vec<Range<usize>>,
    /// The lines of all versions but the first.
    pub(super) others: Option<TextRange>,
}

impl Conflict {
    pub(super) fn problem(&self) -> Problem {
        let [first, .., last] = &*self.markers else { unreachable!("a conflict has a first and a last marker") };
        Problem::syntax(
            text_range(first.clone()),
            "A merge conflict was left here: two versions of the same lines, between `<<<<<<<` and `>>>>>>>`. Keep the lines \
             that are right, and remove the others and the marker lines.",
        )
        .related(text_range(last.clone()), "The conflict ends here")
    }
}

/// All complete merge conflicts of a text.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut markers: Vec<Range<usize>> = Vec::new();
    let mut middle = None;
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let range = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        match marker(line) {
            Some('<') => {
                markers = vec![range];
                middle = None;
            }
            Some('|') if markers.len() == 1 => {
                middle.get_or_insert(range.start);
                markers.push(range);
            }
            Some('=') if !markers.is_empty() => {
                middle.get_or_insert(range.start);
                markers.push(range);
            }
            Some('>') => {
                if let Some(middle) = middle.take() {
                    let others = Some(text_range(middle..range.start));
                    markers.push(range);
                    found.push(Conflict { markers: std::mem::take(&mut markers), others });
                }
                markers.clear();
            }
            _ => {}
        }
    }
    found
}

/// The edits that keep the lines of all versions.
pub(super) fn without_markers(conflicts: &[Conflict]) -> Vec<TextEdit> {
    let markers = conflicts.iter().flat_map(|conflict| conflict.markers.iter().cloned());
    markers.map(|marker| TextEdit::replace(text_range(marker), "")).collect()
}

/// The edits that keep the first version only.
pub(super) fn first_versions(conflicts: &[Conflict]) -> Vec<TextEdit> {
    let edits = conflicts.iter().filter_map(|conflict| {
        let [first, .., last] = &*conflict.markers else { return None };
        let others = conflict.others?.cover(text_range(last.clone()));
        Some([TextEdit::replace(text_range(first.clone()), ""), TextEdit::replace(others, "")])
    });
    edits.flatten().collect()
}

/// The sign of a marker line.
fn marker(line: &str) -> Option<char> {
    ['<', '|', '=', '>'].into_iter().find(|sign| {
        let rest = line.trim_start_matches(*sign);
        line.len() - rest.len() == 7 && rest.chars().next().is_none_or(|next| next.is_ascii_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply_edits;

    #[test]
    fn conflicts_are_found_with_all_their_markers() {
        let text =
            "a: 1\n<<<<<<< HEAD\nb: 2\n||||||| base\nb: 0\n=======\nb: 3\n>>>>>>> topic\nc: 4\n<<<<<<< HEAD\nd: 5\n";
        let conflicts = find(text);
        assert_eq!(conflicts.len(), 1);
        assert_eq!(
            apply_edits(text, &without_markers(&conflicts)).unwrap(),
            "a: 1\n\nb: 2\n\nb: 0\n\nb: 3\n\nc: 4\n<<<<<<< HEAD\nd: 5\n"
        );
        assert_eq!(
            apply_edits(text, &first_versions(&conflicts)).unwrap(),
            "a: 1\n\nb: 2\n\nc: 4\n<<<<<<< HEAD\nd: 5\n"
        );
    }
}
