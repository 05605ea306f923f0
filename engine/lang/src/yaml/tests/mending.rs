//! What is said about broken texts, and what is left of them in the tree.

use std::fmt::Write as _;

use crate::text::apply_edits;
use crate::yaml::{Document, NodeId, NodeKind, ProblemKind, ScalarStyle};

/// Broken texts by kind of fault.
const BROKEN: &[(&str, &[&str])] = &[
    (
        "words",
        &[
            "containers:\n  api:\n    src: a\n    rout\n  web:\n    src: b\n",
            "api\n  src: a\nweb: 1\n",
            "a: 1\nmemory 1024\nb: 2\n",
            "a: 1\nthis sentence fits nowhere\nb: 2\n",
            "name:shop\na: 1\n",
            "a:\n  b:c\n  d: 1\n",
            "a: 1\n\"b\":2\nc: 3\n",
            "environment:\n  A=1\n  B = two words\n  C=3\n  D: 4\n",
            "list:\n  -one\n  - two\n",
            "scale:\n  -type: min\n  - type: max\n    max: 2\n",
        ],
    ),
    (
        "quotes",
        &[
            "a: \"text\nb: 1\n",
            "a: 'text # note\nb: 'other'\n",
            "\"a: 1\nb: 2\n",
            "\"a\nb: 2\n",
            "a: \"goes\n  on\nb: 2\n",
            "a: 'it's'\nb: 1\n",
            "a: \"say \"hi\" now\"\nb: 1\n",
            "a: \"C:\\path\\x\"\nb: \"\\ud83d\"\n",
            "a: \"text\\\"\nb: 1\n",
            "a: [\"one, \"two\"]\nb: 1\n",
            "a: {b: 'c}\nd: 1\n",
            "a: \"b\" c\nd: 1\n",
        ],
    ),
    (
        "brackets",
        &[
            "a: [b, c\nd: 1\n",
            "a: [\n  b,\n  c\nd: 1\n",
            "a: {b: [c, d: 1}\ne: 2\n",
            "a: [b}\nc: 1\n",
            "a: [b]]\nc: 1\n",
            "a: {b: 1 c: 2}\nd: 3\n",
            "{\n  \"a\": 1\n  \"b\": {\n    \"c\": [1, 2\n  },\n  \"d\": 3\n}\n",
            "{\n  \"a\": {\n    \"b\": 1\n  \"c\": 2\n}\n",
            "{\n  \"a\": 1,\n    }\n  \"c\": 2\n}\n",
            "{\n  \"list\": [\"a\",\n  \"b\": 2\n}\n",
            "a: {b: 1,\n",
            "a: {\"b\n  : c}\n",
        ],
    ),
    (
        "values",
        &[
            "a: @b\nc: `d`\ne: %f\n",
            "a: b: c\nd: 1\n",
            "a: *\nb: *none\nc: *.example.com\nd: [*e, *.f]\n",
            "a: &\nb: & c\nd: !e! f\n",
            "a: >=1.0\nb: |c\nd: 1\n",
            "a: - b\nc: ? d\ne: ]\n",
            "a: {b: @c, d: e}\nf: [%g]\n",
            "%a: 1\n'b': 2\n@c: 3\n",
            "%YAML\na: 1\n",
            "%YAML 1.2\na: 1\n",
            "a: text\n  b: 1\n  c: 2\nd: 3\n",
            "a: !Nope b\nc: !!int d\ne: !!map f\n",
            "a: &x [1, *x]\nb: *x\n",
            "a: {b: |c}\n",
            ": a\nb: 1\n",
            "a: {b\n  : c}\n",
        ],
    ),
    (
        "layout",
        &[
            "a:\n  b: 1\n   c: 2\n  d: 3\n",
            "a:\n  b: 1\n c: 2\n  d: 3\n",
            "a:\n  b: x\n    c:\n      d: 1\n    e: 2\n  f: 3\n",
            "  a: 1\nb: 2\n",
            "a: 1\n b: 2\nc: 3\n",
            "list:\n   - a: 1\n     b: 2\n  - a: 3\n",
            "a:\n  - b\n  c: 1\n",
            "a:\n  b: 1\n  - c\nd: 2\n",
            "run: |\n    one\n   two\n    three\na: 1\n",
            "a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 3\n",
            "a:\n  b: 1\n\tc: 2\n  d: 3\n",
            "\ta: 1\n\tb: 2\n",
            "list:\n-\ta: 1\n  b: 2\n",
            "a:\n  - b: 1\n\t  c: 2\n",
        ],
    ),
    (
        "documents",
        &[
            "a: 1\n---\nb: 2\n",
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> topic\nc: 4\n",
            "a:\n<<<<<<< HEAD\n  b:\n    c: 1\n||||||| base\n  b: 1\n=======\n  b: [1\n>>>>>>> topic\n  d: 2\n",
            "a: 1\na: 2\n\"a\": 3\n1: x\n0x1: y\ntrue: x\nTrue: y\n",
            "a: x\u{7}y\nb: 1 # \u{7}\nc: \"\u{7f}\"\n",
            "a: x\0y\n# \0\n",
            "\0\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{e}\u{f}\u{10}a: [\n",
        ],
    ),
    (
        "lenient",
        &[
            "a: [\n  b\n]\nc:\n  d: {\n  e: f\n}\n",
            "a: {\n\t\"b\": 1\n}\n",
            "a: \"b\nc\"\nd: 'e\n\nf'\n",
            "a:\tb\nc: {d:\te}\n",
            "a: \"b\"# c\nd: [e,# f\ng]# h\n",
            "a: \"\\ud83d\\ude00\"\n",
            "a: \"\n\\ud83d\\ude00\"\nb: 1\n",
            "a: [\n  b\n]\nrout\nc: [\n  d\n]\n",
        ],
    ),
];

#[test]
fn faults_are_shown_where_they_are() {
    for (kind, texts) in BROKEN {
        let shown: Vec<String> = texts.iter().map(|text| render(text)).collect();
        insta::assert_snapshot!(*kind, shown.join("\n────\n"));
    }
}

/// What the original loader takes passes without a word.
#[test]
fn leniency_is_silent() {
    let (_, texts) = BROKEN.last().unwrap();
    for text in &texts[..texts.len() - 1] {
        assert_eq!(Document::new(*text).tree().problems(), [], "{text:?}");
    }
}

/// A fix leaves a text without the fault, and with the same tree.
#[test]
fn fixes_mend() {
    for text in BROKEN.iter().flat_map(|(_, texts)| *texts) {
        let document = Document::new(*text);
        let problems = document.tree().problems();
        for problem in problems {
            let Some((title, edits)) = &problem.fix else { continue };
            let fixed = Document::new(apply_edits(text, edits).unwrap());
            let left = fixed.tree().problems();
            assert!(left.len() < problems.len(), "{text:?}: {title}\n{left:?}");
            if problems.len() == 1 {
                let bare = |document: &Document| compact(document).replace(['"', '\u{1}', '\u{7}'], "");
                assert_eq!(bare(&fixed), bare(&document), "{text:?}: {title}");
            }
        }
    }
}

/// The text with its problems below the lines, and what the tree holds.
fn render(text: &str) -> String {
    let document = Document::new(text);
    let source = document.source();
    let mut out = String::new();
    let visible = |text: &str| text.replace('\t', "→").replace(|character: char| character.is_control(), "·");
    for number in 0..source.line_count() {
        let line = source.line_range(number).unwrap();
        let _ = writeln!(out, "{}", visible(source.slice(line)));
        let problems = document.tree().problems().iter();
        for problem in problems.filter(|problem| source.line_of(problem.range.start()) == number) {
            let before = source.text()[line.start().into()..problem.range.start().into()].chars().count();
            let length = source.slice(problem.range).lines().next().unwrap_or_default().chars().count().max(1);
            let _ = write!(out, "{}{} {}", " ".repeat(before), "^".repeat(length), problem.message);
            if problem.kind == ProblemKind::DuplicateKey {
                let _ = write!(out, " [duplicate]");
            }
            if let Some((range, message)) = &problem.related {
                let _ = write!(out, " [line {}: {message}]", source.line_of(range.start()) + 1);
            }
            if let Some((title, edits)) = &problem.fix {
                let first = source.line_of(edits[0].range.start());
                let fixed = apply_edits(text, edits).unwrap();
                let _ = write!(out, " [{title}: {}]", visible(fixed.lines().nth(first as usize).unwrap_or_default()));
            }
            let _ = writeln!(out);
        }
    }
    let _ = write!(out, "⇒ {}", compact(&document));
    out
}

/// The tree on one line.
fn compact(document: &Document) -> String {
    document.tree().root().map_or_else(String::new, |root| compact_node(document, root))
}

fn compact_node(document: &Document, id: NodeId) -> String {
    let tree = document.tree();
    let node = tree.node(id);
    let tag = node.tag.as_ref().map_or_else(String::new, |tag| format!("{} ", tag.text));
    tag + &match &node.kind {
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain && !scalar.text.is_empty() => {
            scalar.text.clone()
        }
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain => "~".to_owned(),
        NodeKind::Scalar(scalar) => format!("{:?}", scalar.text),
        NodeKind::Alias { name, target: Some(_) } => format!("*{name}"),
        NodeKind::Alias { name, target: None } => format!("*{name}?"),
        NodeKind::Sequence { items, .. } => {
            let items: Vec<String> = items.iter().map(|item| compact_node(document, *item)).collect();
            format!("[{}]", items.join(", "))
        }
        NodeKind::Mapping { entries, .. } => {
            let entry = |key, value| format!("{}: {}", compact_node(document, key), compact_node(document, value));
            let entries: Vec<String> = entries.iter().map(|found| entry(found.key, found.value)).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
