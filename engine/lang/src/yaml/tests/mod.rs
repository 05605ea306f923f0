mod recovery;

use std::fmt::Write as _;

use super::{CollectionStyle, Document, NodeId, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// The tree in a few words a node: indentation for depth, `start..end` in bytes.
fn dump(document: &Document) -> String {
    let mut out = String::new();
    if let Some(root) = document.tree().root() {
        dump_node(document, root, 0, "", &mut out);
    }
    for comment in document.tree().comments() {
        let _ = writeln!(out, "comment {} {:?}", show(*comment), document.source().slice(*comment));
    }
    for problem in document.tree().problems() {
        let _ = writeln!(out, "problem {} {}", show(problem.range), problem.message);
    }
    out
}

fn dump_node(document: &Document, id: NodeId, depth: usize, role: &str, out: &mut String) {
    let tree = document.tree();
    let node = tree.node(id);
    let _ = write!(out, "{:1$}{role}", "", depth * 2);
    if let Some(anchor) = &node.anchor {
        let _ = write!(out, "&{} {} ", anchor.text, show(anchor.range));
    }
    if let Some(tag) = &node.tag {
        let _ = write!(out, "{} {} ", tag.text, show(tag.range));
    }
    let style = |style: &CollectionStyle| if *style == CollectionStyle::Flow { "flow " } else { "" };
    let _ = match &node.kind {
        NodeKind::Scalar(scalar) => {
            let sign = match scalar.style {
                ScalarStyle::Plain => "",
                ScalarStyle::SingleQuoted => "' ",
                ScalarStyle::DoubleQuoted => "\" ",
                ScalarStyle::Literal => "| ",
                ScalarStyle::Folded => "> ",
            };
            writeln!(out, "{sign}{:?} {}", scalar.text, show(node.range))
        }
        NodeKind::Alias { name, target } => {
            writeln!(out, "*{name} -> {:?} {}", target.map(|id| show(tree.node(id).range)), show(node.range))
        }
        NodeKind::Sequence { style: kind, .. } => writeln!(out, "{}list {}", style(kind), show(node.range)),
        NodeKind::Mapping { style: kind, .. } => writeln!(out, "{}map {}", style(kind), show(node.range)),
    };
    for entry in tree.entries(id) {
        dump_node(document, entry.key, depth + 1, "", out);
        dump_node(document, entry.value, depth + 2, ": ", out);
    }
    for item in tree.items(id) {
        dump_node(document, *item, depth + 1, "- ", out);
    }
}

fn show(range: TextRange) -> String {
    format!("{}..{}", u32::from(range.start()), u32::from(range.end()))
}

#[test]
fn ranges_are_those_of_the_source() {
    let document = Document::new(
        "\u{feff}# top\n&m !!map\n&k name: é # x\n? \"a\"\n: b\n? c\nlist:\n- \n- *k\ntext: |+\n  x\n\n   y\n\n",
    );
    insta::assert_snapshot!(dump(&document), @r##"
    &m 9..11 !!map 12..17 map 21..80
      &k 18..20 "name" 21..25
        : "é" 27..29
      " "a" 36..39
        : "b" 42..43
      "c" 46..47
        : "" 47..47
      "list" 48..52
        : list 55..61
          - "" 55..55
          - *k -> Some("21..25") 59..61
      "text" 62..66
        : | "x\n\n y\n\n" 68..80
    comment 3..8 "# top"
    comment 30..33 "# x"
    "##);
}

#[test]
fn parts_of_a_scalar_have_their_place() {
    for (text, part, expected) in [
        ("abc def", "def", "def"),
        ("'abc def'", "def", "def"),
        ("\"abc def\"", "def", "def"),
        ("'it''s def'", "def", "'it''s def'"),
        ("|\n  one\n  two three\n", "three", "three"),
        ("|-\n\n   one\n     two\n", "two", "two"),
        ("| # note\r\n  one\r\n  two\r\n", "two", "two"),
        ("|\n  one\n\n  two\n", "one\n\ntwo", "one\n\n  two"),
        ("|2\n    one\n  two\n", "  one", "  one"),
        (">\n  one\n  two\n", "two", ">\n  one\n  two"),
    ] {
        let text = format!("key: {text}");
        let document = Document::new(&*text);
        let tree = document.tree();
        let value = tree.entries(tree.root().unwrap())[0].value;
        let start = tree.scalar_text(value).unwrap().find(part).unwrap();
        let range = tree.scalar_part(document.source(), value, start..start + part.len());
        assert_eq!(document.source().slice(range), expected, "{text:?}");
    }
}
