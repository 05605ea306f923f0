mod mending;
mod properties;
mod recovery;
mod second_opinion;

use std::fmt::Write as _;

use super::{CollectionStyle, Document, NodeId, NodeKind, ScalarStyle};
use crate::text::TextRange;

const EXAMPLES: [(&str, &str); 4] = [
    ("shop", include_str!("examples/shop.yml")),
    ("anchors", include_str!("examples/anchors.yml")),
    ("events", include_str!("examples/events.yml")),
    ("pasted", include_str!("examples/pasted.yml")),
];

/// Texts without a fault, for every kind of node and every place it can stand at.
const SOUND: [&str; 22] = [
    "",
    "# nothing but a comment\n",
    "---\n",
    "just text",
    "name: shop # a comment\n\n  # another\nempty:\nlast: # none\n",
    "'single': 'it''s'\n\"double\": \"a \\\"b\\\" \\u00e9\"\n\"glued\" : x\n",
    "list:\n- one\n-\n- - nested\n  - again\n-   key: value\n    more: 2\n",
    "list:\n  - &a first\n  - *a\n  - !Sub tagged\n  - &b !!str both\n  - !Ref &c empty next\n  - &d\n  -\n",
    "&map\nkey: &value !!map\n  inner: 1\nother: &list\n- 1\n&key third: *value\n",
    "flow: [a, 'b', \"c\", [d], {e: f, g, \"h\":i, j: }, k: l, ]\nempty: [[], {}]\n",
    "flow: [ # comment\n  a,\n\n  b # after\n]\n",
    "{\n\t\"json\": [1, true, null],\n\t\"deep\": {\"a\": {}}\n}\n",
    "? explicit\n: value\n? only key\n? [a, b]\n: {c: d}\n{e: f}: g\n",
    "literal: |\n  a\n   b\n\n  c\nfolded: >-\n  a\n  b\n\nkept: |+ # note\n  a\n\n\nlast: x\n",
    "literal: |2\n    a\n   b\nempty: |\nkept: |+\n\nfolded: >\n\n  a\n",
    "text: on\n  three\n\n  lines # end\nquoted: \"on\n  two \\\n  lines\"\n",
    "windows: a\r\nlist:\r\n  - b\r\n  - |\r\n    c\r\n# end\r\n",
    "old: a\rmac: b\r",
    "\u{feff}mark: x\n",
    "é: ü\n漢: [😀, \"ö\"] # ß\nlast: ä\n",
    "%YAML 1.2 # directive\n%TAG !e! tag:yaml.org,2002:\n--- # start\na: !e!str b\n... # end\n",
    "<<: &a {x: 1}\n<<: *a\n\"<<\": 1\n",
];

#[test]
fn trees_have_the_ranges_of_the_source() {
    let dumps = SOUND.map(|text| {
        let document = Document::new(text);
        assert_eq!(document.tree().problems(), [], "{text:?}");
        format!("{}\n{}", text.replace('\r', "␍").replace('\t', "␉"), dump(&document))
    });
    insta::assert_snapshot!(dumps.join("\n────\n"));
}

/// The tree, a node a line: indentation for depth, then `start..end` in bytes.
fn dump(document: &Document) -> String {
    let mut out = String::new();
    if let Some(root) = document.tree().root() {
        dump_node(document, root, 0, "", &mut out);
    }
    for comment in document.tree().comments() {
        let _ = writeln!(out, "comment {} {:?}", show(*comment), document.source().slice(*comment));
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
            let target = target.map_or("nothing".to_owned(), |id| show(tree.node(id).range));
            writeln!(out, "*{name} to {target} {}", show(node.range))
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
