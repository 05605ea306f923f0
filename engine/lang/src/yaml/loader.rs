use super::{Problem, ProblemKind, Tree, checks, reader};
use crate::text::{Source, TextRange, TextSize, unify_line_ends};

/// Reads a text into a tree.
pub fn parse(source: &Source) -> Tree {
    let unified = unify_line_ends(source.text());
    let text = unified.as_deref().unwrap_or(source.text());
    let reading = reader::read(text);
    let mut tree = reading.tree;
    if let Some(error) = reading.error {
        let line = source.line_of(TextSize::new(error.at as u32));
        tree.problems.push(Problem {
            kind: ProblemKind::Syntax,
            range: source.line_range(line).unwrap_or(TextRange::empty(source.len())),
            message: format!("This line cannot be read as YAML: {}.", error.reason),
            related: None,
            fix: None,
        });
    }
    checks::duplicate_keys(&mut tree);
    tree.problems.sort_by_key(|problem| problem.range.start());
    tree
}
