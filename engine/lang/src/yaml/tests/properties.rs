//! What holds for any text whatsoever.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

use super::{EXAMPLES, SOUND};
use crate::text::TextRange;
use crate::yaml::{Document, NodeKind, Tree, repair};

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn token_soup_is_read(tokens in prop::collection::vec(select(TOKENS), 0..60)) {
        check(&tokens.concat());
    }

    #[test]
    fn changed_examples_are_read(
        example in 0..EXAMPLES.len(),
        changes in prop::collection::vec((any::<Index>(), 0..4usize, select(TOKENS)), 1..6),
    ) {
        check(&change(EXAMPLES[example].1, &changes));
    }

    #[test]
    fn changed_trifles_are_read(
        example in 0..SOUND.len(),
        changes in prop::collection::vec((any::<Index>(), 0..4usize, select(TOKENS)), 1..4),
    ) {
        check(&change(SOUND[example], &changes));
    }
}

/// The same cases on every run: what fails must fail for everybody.
pub(super) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

/// What YAML gives a meaning, and some that it does not.
const TOKENS: &[&str] = &[
    "a",
    "key",
    "é",
    "😀",
    "1",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    " ",
    "  ",
    "    ",
    "\n",
    "\n",
    "\n  ",
    "\r\n",
    "\r",
    "\t",
    "\"",
    "'",
    "''",
    "\\",
    "\\\"",
    "\\u00e9",
    "\\ud83d\\ude00",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "# c",
    " # c",
    "&a ",
    "*a",
    "*b",
    "!Ref ",
    "!!str ",
    "!x ",
    "!",
    "|",
    "|\n",
    ">-\n",
    "|2\n",
    "%",
    "%YAML 1.2\n",
    "@",
    "`",
    "---\n",
    "...\n",
    "<<: ",
    "=",
    "\u{feff}",
    "\0",
    "\u{7}",
    "\u{85}",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
];

/// Replaces some characters at some places by some tokens.
pub(super) fn change(text: &str, changes: &[(Index, usize, &str)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (index, removed, added) in changes {
        let at = index.index(characters.len() + 1);
        let end = (at + removed).min(characters.len());
        characters.splice(at..end, added.chars());
    }
    characters.into_iter().collect()
}

fn check(text: &str) {
    let document = Document::new(text);
    let tree = document.tree();
    let inside = |range: TextRange| text.get(usize::from(range.start())..usize::from(range.end())).is_some();
    for (id, node) in tree.nodes() {
        assert!(inside(node.range), "{node:?}");
        for given in [&node.tag, &node.anchor].into_iter().flatten() {
            assert!(inside(given.range), "{given:?}");
        }
        if let Some(parent) = node.parent {
            assert!(parent < id);
            assert!(tree.node(parent).range.contains_range(node.range), "{node:?} in {:?}", tree.node(parent));
            assert!(tree.children(parent).any(|child| child == id));
        }
        assert!(tree.children(id).all(|child| tree.node(child).parent == Some(id)));
        if let Some(entry) = tree.entry_of(id) {
            assert!(entry.key == id || entry.value == id);
        }
        if let NodeKind::Alias { target: Some(target), .. } = node.kind {
            assert!(target < id && tree.node(target).anchor.is_some());
            assert!(!around(tree, id).contains(&target));
        }
        if let NodeKind::Scalar(scalar) = &node.kind {
            for (at, character) in scalar.text.char_indices() {
                let part = tree.scalar_part(document.source(), id, at..at + character.len_utf8());
                assert!(inside(part) && node.range.contains_range(part), "{part:?} of {node:?}");
            }
        }
    }
    assert!(
        tree.nodes().zip(tree.nodes().skip(1)).all(|((_, one), (_, next))| one.range.start() <= next.range.start())
    );
    assert!(
        tree.comments().iter().all(|comment| inside(*comment) && document.source().slice(*comment).starts_with('#'))
    );
    assert!(tree.comments().is_sorted_by_key(|comment| comment.start()));
    assert!(tree.problems().is_sorted_by_key(|problem| problem.range.start()));
    assert!(tree.problems().len() <= 100);
    for problem in tree.problems() {
        assert!(inside(problem.range), "{problem:?}");
        assert!(problem.related.iter().all(|(range, _)| inside(*range)), "{problem:?}");
        if let Some((_, edits)) = &problem.fix {
            assert!(crate::text::apply_edits(text, edits).is_ok(), "{problem:?}");
        }
    }
    assert!(repair::read(&crate::yaml::characters::readable(text)).trial_bytes <= 8_000_000 + text.len());
}

fn around(tree: &Tree, id: crate::yaml::NodeId) -> Vec<crate::yaml::NodeId> {
    std::iter::successors(tree.node(id).parent, |id| tree.node(*id).parent).collect()
}

#[test]
fn extreme_texts_are_read() {
    let bomb: String = (1..60).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1)).collect();
    let texts = [
        "- ".repeat(50_000),
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "a:\n".repeat(1_000),
        (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        format!("a0: &a0 x\n{bomb}"),
        "\"".repeat(10_000),
        "\u{1}".repeat(10_000),
        "é".repeat(10_000),
        "a: &a ".repeat(10_000),
        "! ".repeat(10_000),
        "? ".repeat(10_000),
        "\t".repeat(10_000),
        "---\n".repeat(10_000),
        "<<<<<<< a\nk: 1\n=======\nk: [\n>>>>>>> b\n".repeat(200),
        "a: [\n]\n".repeat(3_000),
        "rout\n".repeat(5_000),
        "\ta: 1\n".repeat(5_000),
    ];
    for text in texts {
        let document = Document::new(text);
        assert!(document.tree().problems().len() <= 100);
        assert!(document.tree().nodes().all(|(id, _)| around(document.tree(), id).len() <= 128));
    }
}

#[test]
fn a_large_text_keeps_everything_but_reports_its_first_fault_only() {
    let many = |name: &str| -> String {
        (0..4_000).map(|number| format!("  {name}{number}:\n    src: x\n    routing: {{pathPattern: /}}\n")).collect()
    };
    let text = format!("containers:\n{}    rout\n{}    \"open\n{}", many("a"), many("b"), many("c"));
    assert!(text.len() > 200_000);
    let document = Document::new(&*text);
    let problems = document.tree().problems();
    assert_eq!(problems.len(), 2, "the fault, and where reading ended: {problems:?}");
    assert!(problems[0].message.contains("rout"), "{}", problems[0].message);
    let tree = document.tree();
    let containers = tree.entries(tree.root().unwrap())[0].value;
    assert!(tree.entries(containers).len() >= 8_000);
}
