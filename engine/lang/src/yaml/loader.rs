use super::characters::{self, Refused};
use super::{MAX_PROBLEMS, Problem, ProblemKind, Tree, checks, reader, repair};
use crate::text::{Source, TextRange};

/// Reads a text into a tree.
pub fn parse(source: &Source) -> Tree {
    let refused = characters::refused(source.text());
    let text = characters::readable(source.text());
    let mut tree = match refused {
        // Repairs would only guess.
        Refused::Binary(_) => reader::read(&text).tree,
        Refused::Some(_) => {
            let repaired = repair::read(&text);
            let mut tree = repaired.tree;
            checks::check(&mut tree, &text);
            tree.problems.retain(|problem| !is_expected(problem, &repaired.other_versions));
            tree
        }
    };
    characters::note(&refused, source.text(), &mut tree);
    if tree.problems.len() > MAX_PROBLEMS {
        tree.problems.sort_by_key(|problem| problem.kind != ProblemKind::Syntax);
        tree.problems.truncate(MAX_PROBLEMS);
    }
    tree.problems.sort_by_key(|problem| (problem.range.start(), problem.range.end()));
    tree
}

/// The other version in a merge conflict repeats keys by its nature.
fn is_expected(problem: &Problem, other_versions: &[TextRange]) -> bool {
    problem.kind == ProblemKind::DuplicateKey
        && other_versions.iter().any(|version| version.contains_range(problem.range))
}
