//! Tables of a text, an operation on it, and the text that must come out.

use super::*;
use crate::text::{TextEdit, apply_edits};
use crate::yaml::{Document, NodeId, NodeKind, Tree};

type Edits = Option<Vec<TextEdit>>;

/// Checks that `operation` turns `before` into `after`, and that the outcome is as readable as `before` was.
#[track_caller]
fn check(before: &str, operation: impl Fn(&Document) -> Edits, after: &str) {
    let document = Document::new(before);
    let edits = operation(&document).unwrap_or_else(|| panic!("no edits for {before:?}"));
    let result = apply_edits(before, &edits).unwrap();
    assert_eq!(result, after, "for {before:?}");
    if document.tree().problems().is_empty() {
        let problems = Document::new(result.clone());
        assert_eq!(problems.tree().problems(), [], "in {result:?}");
    }
}

/// Checks that `operation` is refused.
#[track_caller]
fn check_refused(before: &str, operation: impl Fn(&Document) -> Edits) {
    assert_eq!(operation(&Document::new(before)), None, "for {before:?}");
}

/// The value at a path such as `a.b[0]`; the root for the empty path.
#[track_caller]
fn at(document: &Document, path: &str) -> NodeId {
    let tree = document.tree();
    let path = path.replace('[', ".[");
    let mut steps = path.split('.').filter(|step| !step.is_empty());
    let root = tree.root().expect("an empty document");
    steps.try_fold(root, |node, step| child(tree, node, step)).unwrap_or_else(|| panic!("nothing at {path}"))
}

fn child(tree: &Tree, node: NodeId, step: &str) -> Option<NodeId> {
    match step.strip_prefix('[') {
        Some(index) => tree.items(node).get(index.trim_end_matches(']').parse::<usize>().ok()?).copied(),
        None => tree.entries(node).iter().find(|entry| key_text(tree, entry.key) == step).map(|entry| entry.value),
    }
}

fn key_text(tree: &Tree, key: NodeId) -> &str {
    match &tree.node(key).kind {
        NodeKind::Alias { target: Some(target), .. } => tree.scalar_text(*target).unwrap_or_default(),
        _ => tree.scalar_text(key).unwrap_or_default(),
    }
}

fn key_of(document: &Document, path: &str) -> NodeId {
    document.tree().entry_of(at(document, path)).expect("no entry").key
}

#[test]
fn rename_key_keeps_quotes_and_the_rest() {
    let to = |path: &'static str, new: &'static str| {
        move |document: &Document| rename_key(document, at(document, path), new)
    };
    check("pathPatern: /* # all\n", to("pathPatern", "pathPattern"), "pathPattern: /* # all\n");
    check("a:\n  - 'x' : 1\n    y: 2\n", to("a[0].x", "z"), "a:\n  - 'z' : 1\n    y: 2\n");
    check("{\"a\":1}", to("a", "b"), "{\"b\":1}");
    check("{a: 1, b}", to("b", "x y"), "{a: 1, x y}");
    check("a: 1", to("a", "yes: no"), "\"yes: no\": 1");
    check("a: 1", to("a", "true"), "\"true\": 1");
    check("a: 1\nb: 'x'\n", to("a", "10"), "'10': 1\nb: 'x'\n");
    check("{a: 1}", to("a", "b, c"), "{\"b, c\": 1}");
    check("a: 1", to("a", "<<"), "\"<<\": 1");
    check("名前: x\r\nb: 1", to("名前", "name"), "name: x\r\nb: 1");
    check("\u{feff}a: 1", to("a", "é"), "\u{feff}é: 1");
    check("&k a: *k\nb: 1\n", to("a", "c"), "&k c: *k\nb: 1\n");
    check("a: &x {b: 1}\nc: *x\n", to("c", "d"), "a: &x {b: 1}\nd: *x\n");
    check("a:\n  b: |\n    x\n  c:\n", to("a.c", "d"), "a:\n  b: |\n    x\n  d:\n");
    // By the key itself.
    check("a: 1", |document| rename_key(document, key_of(document, "a"), "b"), "b: 1");
    // To the same name changes nothing.
    check("a: 1", to("a", "a"), "a: 1");

    check_refused("a: 1\nb: 2\n", to("a", "b"));
    check_refused("x: &k a\n*k : 1\n", |document| {
        let entries = document.tree().entries(at(document, ""));
        rename_key(document, entries[1].key, "b")
    });
    check_refused("x: &m {a: 1}\ny:\n  <<: *m\n", to("y.<<", "b"));
    check_refused("y:\n  <<: {a: 1}\n", to("y.<<.a", "b"));
    check_refused("a: [1]\n", to("a[0]", "b"));
    check_refused(": 1\n", to("", "b"));
    check_refused("a: 1", |document| rename_key(document, at(document, "a"), &"x".repeat(1025)));
}

#[test]
fn replace_scalar_writes_what_reads_as_the_value() {
    use Literal::{Bool, Null, Number, Text};
    let to = |path: &'static str, new: Literal<'static>| {
        move |document: &Document| replace_scalar(document, at(document, path), new)
    };
    check("type: fargate # x\n", to("type", Text("awsFargateEcs")), "type: awsFargateEcs # x\n");
    check("type: 'fargate'\n", to("type", Text("awsFargateEcs")), "type: 'awsFargateEcs'\n");
    check("type: \"fargate\"\n", to("type", Text("it's")), "type: \"it's\"\n");
    check("type: 'fargate'\n", to("type", Text("it's")), "type: \"it's\"\n");
    check("type: 'fargate'\n", to("type", Text("it's \"x\"")), "type: 'it''s \"x\"'\n");
    check("cpu: \"256\"\n", to("cpu", Number(512.0)), "cpu: 512\n");
    check("cpu: 1\n", to("cpu", Number(0.5)), "cpu: 0.5\n");
    check("cpu: 1\n", to("cpu", Number(-0.0)), "cpu: 0\n");
    check("cpu: 1\n", to("cpu", Number(1e300)), "cpu: 1e+300\n");
    check("a: x\n", to("a", Bool(false)), "a: false\n");
    check("a: x\n", to("a", Null), "a: null\n");
    for (text, written) in [
        ("x", "x"),
        ("", "\"\""),
        ("256", "\"256\""),
        ("true", "\"true\""),
        ("~", "\"~\""),
        ("yes", "yes"),
        ("2012-10-17", "\"2012-10-17\""),
        ("2012-foo", "2012-foo"),
        ("/api/*", "/api/*"),
        ("*", "\"*\""),
        ("aws@1.0", "aws@1.0"),
        ("@a", "\"@a\""),
        ("${env:A, 'x'}", "${env:A, 'x'}"),
        ("a: b", "\"a: b\""),
        ("a:b", "a:b"),
        ("a:", "\"a:\""),
        ("a #b", "\"a #b\""),
        ("a#b", "a#b"),
        ("#a", "\"#a\""),
        ("- a", "\"- a\""),
        ("-a", "-a"),
        ("-", "\"-\""),
        ("--- a", "\"--- a\""),
        ("...", "\"...\""),
        ("?a", "?a"),
        (":a", ":a"),
        (" a", "\" a\""),
        ("a ", "\"a \""),
        ("a\nb", "\"a\\nb\""),
        ("a\tb", "\"a\\tb\""),
        ("\u{7}\u{85}\u{2028}", "\"\\u0007\\u0085\\u2028\""),
        ("C:\\x", "C:\\x"),
        ("'C:\\x", "\"'C:\\\\x\""),
        ("\"q\"", "'\"q\"'"),
        ("日本語", "日本語"),
        ("😀", "😀"),
        ("<<", "\"<<\""),
        ("a, [b]", "a, [b]"),
    ] {
        let before = "a: old";
        let document = Document::new(before);
        let edits = replace_scalar(&document, at(&document, "a"), Text(text)).unwrap();
        let after = apply_edits(before, &edits).unwrap();
        assert_eq!(after, format!("a: {written}"));
        let read = Document::new(after);
        assert_eq!(read.tree().scalar_text(at(&read, "a")), Some(text));
    }
    check("a: [x]", to("a[0]", Text("b, c")), "a: [\"b, c\"]");
    check("a: [x]", to("a[0]", Text("${env:A}")), "a: [\"${env:A}\"]");
    check("a: {b: 'x', c: y}", to("a.c", Text("{")), "a: {b: 'x', c: '{'}");
    // Empty values get their space.
    check("a:\nb: 1\n", to("a", Text("x")), "a: x\nb: 1\n");
    check("a:   # c\n", to("a", Text("x")), "a: x   # c\n");
    check("a: &k\nb: *k\n", to("a", Text("x")), "a: &k x\nb: *k\n");
    check("a: !!str\n", to("a", Text("x")), "a: x\n");
    check("a:", to("a", Number(1.0)), "a: 1");
    check("-\n- b\n", to("[0]", Text("x")), "- x\n- b\n");
    check("- # c\n", to("[0]", Text("x")), "- x # c\n");
    check("{a, b: }", to("a", Text("x")), "{a: x, b: }");
    check("{a, b: }", to("b", Text("x")), "{a, b: x }");
    check("{\"a\":}", to("a", Text("x")), "{\"a\": \"x\"}");
    // Several lines become one.
    check("a: |  # c\n  x\n  y\nb: 1\n", to("a", Text("z")), "a: z # c\nb: 1\n");
    check("a: >-\n  x\n\n  y", to("a", Text("z")), "a: z");
    check("a: x\n  y\r\nb: 1\n", to("a", Text("z")), "a: z\r\nb: 1\n");
    check("a: \"x\n  y\" # c\n", to("a", Text("z")), "a: \"z\" # c\n");
    check("a: 'x'#c\n", to("a", Number(1.0)), "a: 1 #c\n");
    // A tag would change what is read.
    check("a: !Ref X\n", to("a", Text("${env:X}")), "a: ${env:X}\n");
    check("a: !!str &k 1\nb: *k\n", to("a", Number(2.0)), "a: &k 2\nb: *k\n");
    // JSON stays JSON.
    check("{\"a\": 1}", to("a", Text("x")), "{\"a\": \"x\"}");
    check("{\"a\": \"x\\n\"}", to("a", Text("é\u{1}")), "{\"a\": \"é\\u0001\"}");

    check_refused("a: &x 1\nb: *x\n", to("b", Number(2.0)));
    check_refused("a: [1]\n", to("a", Number(2.0)));
    check_refused("a: 1\n", |document| replace_scalar(document, key_of(document, "a"), Number(2.0)));
    check_refused("a: 1\n", to("a", Number(f64::NAN)));
    check_refused("a: !!str\n  1\n", to("a", Number(2.0)));
    check_refused("a:\n  <<: {b: 1}\n", to("a.<<.b", Number(2.0)));
}

#[test]
fn quote_and_unquote() {
    let quoted = |path: &'static str| move |document: &Document| quote(document, at(document, path));
    let unquoted = |path: &'static str| move |document: &Document| unquote(document, at(document, path));
    check("a: 1.50\n", quoted("a"), "a: \"1.50\"\n");
    check("a: 010 # c\nb: 'x'\n", quoted("a"), "a: '010' # c\nb: 'x'\n");
    check("a: 'x'\nb: \"y\"\nc: 1\n", quoted("c"), "a: 'x'\nb: \"y\"\nc: \"1\"\n");
    check("a: 'x'\nb: it's\n", quoted("b"), "a: 'x'\nb: \"it's\"\n");
    check("a: [1, 2]\n", quoted("a[1]"), "a: [1, \"2\"]\n");
    check("a: b\n  c\n", quoted("a"), "a: \"b c\"\n");
    check("a:\n", quoted("a"), "a: \"\"\n");
    check("007: x\n", |document| quote(document, key_of(document, "007")), "\"007\": x\n");
    check_refused("a: 'x'\n", quoted("a"));
    check_refused("a: |\n  x\n", quoted("a"));
    check_refused("a: !!int 1\n", quoted("a"));

    check("cpu: \"256\" # c\n", unquoted("cpu"), "cpu: 256 # c\n");
    check("a: 'it''s'\n", unquoted("a"), "a: it's\n");
    check("'a': 1\n", |document| unquote(document, key_of(document, "a")), "a: 1\n");
    check_refused("a: x\n", unquoted("a"));
    check_refused("a: ''\n", unquoted("a"));
    check_refused("a: 'b: c'\n", unquoted("a"));
    check_refused("a: ['b, c']\n", unquoted("a[0]"));
    check_refused("{\"a\":1}\n", |document| unquote(document, key_of(document, "a")));
    check_refused("a: !!str '1'\n", unquoted("a"));
    check_refused("a: '1'#b\n", unquoted("a"));
}

#[test]
fn remove_takes_the_lines_and_comments_of_an_entry() {
    let gone = |path: &'static str| move |document: &Document| remove(document, at(document, path));
    check("a: 1\nb: 2\nc: 3\n", gone("a"), "b: 2\nc: 3\n");
    check("a: 1\nb: 2\nc: 3\n", gone("b"), "a: 1\nc: 3\n");
    check("a: 1\nb: 2\nc: 3\n", gone("c"), "a: 1\nb: 2\n");
    check("a: 1\nb: 2", gone("b"), "a: 1");
    check("a: 1\nb: 2", gone("a"), "b: 2");
    check("a: 1\r\nb: 2\r\nc: 3", gone("c"), "a: 1\r\nb: 2");
    check("a: 1\r\nb: 2\r\nc: 3\r\n", gone("b"), "a: 1\r\nc: 3\r\n");
    check("\u{feff}a: 1\nb: 2\n", gone("a"), "\u{feff}b: 2\n");
    check("名: 値 # 漢\n# 字\nb: 2 # é\nc: 3\n", gone("b"), "名: 値 # 漢\nc: 3\n");
    check("a: 1 # a\nb: 2 # b\nc: 3 # c\n", gone("b"), "a: 1 # a\nc: 3 # c\n");
    // Comments above: directly, in the same column.
    check("x: 0\n# a\na: 1\n# b1\n# b2\nb: 2\n# c\nc: 3\n", gone("b"), "x: 0\n# a\na: 1\n# c\nc: 3\n");
    check("a: 1\n# apart\n\nb: 2\nc: 3\n", gone("b"), "a: 1\n# apart\n\nc: 3\n");
    check("a: 1\n\n# apart\n\n# b\nb: 2\n\nc: 3\n", gone("b"), "a: 1\n\n# apart\n\nc: 3\n");
    check("a:\n  x: 1\n# flush\n  y: 2\n", gone("a.y"), "a:\n  x: 1\n# flush\n");
    // The block at the top is about the file.
    check("# yaml-language-server: x\n# top\na: 1\nb: 2\n", gone("a"), "# yaml-language-server: x\n# top\nb: 2\n");
    check("# top\n\n# a\na: 1\nb: 2\n", gone("a"), "# top\n\nb: 2\n");
    // Comments inside and below the value.
    check("a: # a\n  # in\n  x: 1 # x\n  # end\n    # deep\nb: 2\n", gone("a"), "b: 2\n");
    check("a:\n  x: 1\n\n  # end\n\n# b\nb: 2\n", gone("a"), "# b\nb: 2\n");
    check("a:\n  - x\n  # end\nb:\n- y\n# c\nc: 3\n", gone("b"), "a:\n  - x\n  # end\n# c\nc: 3\n");
    check("a:\n  x: 1\n  # y: 2\n  z: 3\n", gone("a.x"), "a:\n  # y: 2\n  z: 3\n");
    // Blank lines do not pile up.
    check("a: 1\n\nb: 2\n\nc: 3\n", gone("b"), "a: 1\n\nc: 3\n");
    check("a: 1\n\nb: 2\n\nc: 3\n", gone("a"), "b: 2\n\nc: 3\n");
    check("a: 1\n\nb: 2\n\nc: 3\n", gone("c"), "a: 1\n\nb: 2\n");
    check("a: 1\n\nb: 2\nc: 3\n", gone("b"), "a: 1\n\nc: 3\n");
    check("a:\n  x: 1\n\n  y: 2\n", gone("a.x"), "a:\n  y: 2\n");
    check("a: 1\n\nb: 2\n\n\n", gone("b"), "a: 1\n");
    check("# top\na: 1\n\nb: 2\n", gone("a"), "# top\n\nb: 2\n");
    // Every kind of value.
    check("a: |\n  x\n\n  # text\nb: 2\n", gone("a"), "b: 2\n");
    check("a: |+\n  x\n\n\nb: 2\n", gone("a"), "b: 2\n");
    check("a: 'x\n\n  y' # c\nb: 2\n", gone("a"), "b: 2\n");
    check("a: x\n  y\nb: 2\n", gone("a"), "b: 2\n");
    check("a: [\n  1, # one\n]\nb: 2\n", gone("a"), "b: 2\n");
    check("a: &x\nb: 2\n", gone("a"), "b: 2\n");
    check("a:\n  &x\n  c: 1\nb: 2\n", gone("a"), "b: 2\n");
    check("a: 1\nb:\n", gone("b"), "a: 1\n");
    check("x: &x 1\na: *x # c\nb: 2\n", gone("a"), "x: &x 1\nb: 2\n");
    check("x: &x {y: 1}\na:\n  <<: *x\n  b: 2\n", gone("a.<<"), "x: &x {y: 1}\na:\n  b: 2\n");
    // What stays must not grow.
    check("a: |+\n  x\n\nb: 2\n\nc: 3\n", gone("b"), "a: |+\n  x\n\nc: 3\n");
    check("a: |\n  x\nb: 2\n     \nc: 3\n", gone("b"), "a: |\n  x\nc: 3\n");
    check("a: |\n  x\nb: 2", gone("b"), "a: |\n  x\n");
    // A repeated key goes by its node.
    check(
        "a: 1\nb: 2\na: 3\n",
        |document| {
            let entries = document.tree().entries(at(document, ""));
            remove(document, entries[2].key)
        },
        "a: 1\nb: 2\n",
    );
    check("---\na: 1\nb: 2\n...\n", gone("b"), "---\na: 1\n...\n");
}

#[test]
fn remove_behind_a_dash() {
    let gone = |path: &'static str| move |document: &Document| remove(document, at(document, path));
    check("- a: 1\n  b: 2\n- c: 3\n", gone("[0].a"), "- b: 2\n- c: 3\n");
    check("- a: 1\n  b: 2\n- c: 3\n", gone("[0].b"), "- a: 1\n- c: 3\n");
    check("- a:\n    x: 1 # x\n\n  b: 2\n", gone("[0].a"), "- b: 2\n");
    check("l:\n  - a: 1 # one\n    # b\n    b: 2\n", gone("l[0].a"), "l:\n  -\n    # b\n    b: 2\n");
    check("# i\n- a: 1 # c\n- b: 2\n", gone("[0].a"), "# i\n- {}\n- b: 2\n");
    check("- a: 1\n  # in\n- b: 2\n", gone("[0]"), "- b: 2\n");
    check("x: 0\nl:\n  # one\n  - a: 1\n    b: 2\n  # two\n  - c: 3\n", gone("l[0]"), "x: 0\nl:\n  # two\n  - c: 3\n");
    check("-   a: 1\n    b: 2\n", gone("[0].a"), "-   b: 2\n");
    check("- - a\n  - b\n", gone("[0][0]"), "- - b\n");
    check("- - a\n  - b\n", gone("[0][1]"), "- - a\n");
    check("- - a\n- b\n", gone("[0][0]"), "- []\n- b\n");
    check("-\n  a: 1\n  b: 2\n", gone("[0].a"), "-\n  b: 2\n");
    check("- a\n-\n- c\n", gone("[1]"), "- a\n- c\n");
    check("- a\n- # c\n  b: 1\n- c\n", gone("[1]"), "- a\n- c\n");
}

#[test]
fn remove_the_last_one_leaves_an_empty_collection() {
    let gone = |path: &'static str| move |document: &Document| remove(document, at(document, path));
    check("a: 1\n", gone("a"), "{}\n");
    check("# top\na: 1 # a\n# end\n", gone("a"), "# top\n{}\n# end\n");
    check("- a", gone("[0]"), "[]");
    check("a: # a\n  x: 1 # x\nb: 2\n", gone("a.x"), "a: {} # a\nb: 2\n");
    check("a:\n  # apart\n\n  # x\n  x: 1\nb: 2\n", gone("a.x"), "a: {}\n  # apart\n\nb: 2\n");
    check("a:\n- x\nb: 2\n", gone("a[0]"), "a: []\nb: 2\n");
    check("a:\n  - x", gone("a[0]"), "a: []");
    check("a: &k\n  x: 1\nb: *k\n", gone("a.x"), "a: &k {}\nb: *k\n");
    check("-\n  x: 1\n", gone("[0].x"), "- {}\n");
    check("- # c\n  x: 1\n", gone("[0].x"), "- {} # c\n");
    check("a:\r\n  x: 1\r\nb: 2\r\n", gone("a.x"), "a: {}\r\nb: 2\r\n");
}

#[test]
fn remove_in_brackets_handles_commas() {
    let gone = |path: &'static str| move |document: &Document| remove(document, at(document, path));
    check("a: [x, y, z]\n", gone("a[0]"), "a: [y, z]\n");
    check("a: [x, y, z]\n", gone("a[1]"), "a: [x, z]\n");
    check("a: [x, y, z]\n", gone("a[2]"), "a: [x, y]\n");
    check("a: [ x ] # c\n", gone("a[0]"), "a: [] # c\n");
    check("a: [x, y,]\n", gone("a[1]"), "a: [x,]\n");
    check("a: [x,]\n", gone("a[0]"), "a: []\n");
    check("a: {x: 1, y: [1, 2], z: 3}\n", gone("a.y"), "a: {x: 1, z: 3}\n");
    check("a: {x, y: }\n", gone("a.x"), "a: {y: }\n");
    check("a: {x, y: }\n", gone("a.y"), "a: {x }\n");
    check("a: [x: 1, y]\n", gone("a[0]"), "a: [y]\n");
    check("[\n  x, # x\n  # y\n  y, # y\n  z # z\n]\n", gone("[1]"), "[\n  x, # x\n  # y\n  z # z\n]\n");
    check("[\n  x, # x\n  y # y\n]\n", gone("[1]"), "[\n  x # x\n]\n");
    check("[\n  x,\n  y,\n]\n", gone("[1]"), "[\n  x,\n]\n");
    check("[\n  x,\n  y\n]\n", gone("[0]"), "[\n  y\n]\n");
    check("[\n  x # x\n]\n", gone("[0]"), "[\n]\n");
    check("{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  }\n}\n", gone("b"), "{\n  \"a\": 1\n}\n");
    check("[x,\n y, z,\n w]\n", gone("[1]"), "[x,\n z,\n w]\n");
    check("[x,\n y, z,\n w]\n", gone("[2]"), "[x,\n y,\n w]\n");
    check("[x,\n y]\n", gone("[1]"), "[x]\n");
    check("[x, # c\n y]\n", gone("[1]"), "[x # c\n ]\n");
    check("[x, # c\n y]\n", gone("[0]"), "[ # c\n y]\n");
    check("[x\n, y\n]\n", gone("[1]"), "[x\n]\n");
}

#[test]
fn remove_is_refused_where_it_would_break_something() {
    let gone = |path: &'static str| move |document: &Document| remove(document, at(document, path));
    check_refused("a: &x 1\nb: *x\n", gone("a"));
    check_refused("a:\n  - &x 1\nb: *x\n", gone("a"));
    check("a:\n  - &x 1\n  - *x\nb: 2\n", gone("a"), "b: 2\n");
    check_refused("? a\n: 1\nb: 2\n", gone("a"));
    check_refused("{? a : 1, b: 2}\n", gone("a"));
    check_refused("[a: 1, b]\n", gone("[0].a"));
    check_refused("a: 1\n", gone(""));
    check_refused("a:\n  <<: {b: 1, c: 2}\n", gone("a.<<.b"));
}

#[test]
fn insert_entry_into_lines() {
    let entry = |path: &'static str, value: &'static str, placement: fn(&Document) -> Placement| {
        move |document: &Document| insert_entry(document, at(document, path), "new", value, placement(document))
    };
    let first = |_: &Document| Placement::First;
    let last = |_: &Document| Placement::Last;
    check("a: 1\nb: 2\n", entry("", "3", last), "a: 1\nb: 2\nnew: 3\n");
    check("a: 1\nb: 2\n", entry("", "3", first), "new: 3\na: 1\nb: 2\n");
    check("a: 1\nb: 2\n", entry("", "3", |document| Placement::After(at(document, "a"))), "a: 1\nnew: 3\nb: 2\n");
    check("a: 1\nb: 2\n", entry("", "3", |document| Placement::After(key_of(document, "b"))), "a: 1\nb: 2\nnew: 3\n");
    check("a: 1", entry("", "3", last), "a: 1\nnew: 3");
    check(
        "a: 1\r\nb:\r\n  c: 1",
        entry("b", "x: 1\ny: 2", last),
        "a: 1\r\nb:\r\n  c: 1\r\n  new:\r\n    x: 1\r\n    y: 2",
    );
    check("\u{feff}a: 1\n", entry("", "3", first), "\u{feff}new: 3\na: 1\n");
    check("a:\n  x: 1 # x\n\n# b\nb: 2\n", entry("a", "3", last), "a:\n  x: 1 # x\n  new: 3\n\n# b\nb: 2\n");
    check(
        "a:\n  x:\n    y: 1\n    # y\n  # x\nb: 2\n",
        entry("a", "3", last),
        "a:\n  x:\n    y: 1\n    # y\n  new: 3\n  # x\nb: 2\n",
    );
    check("# top\na: 1\n", entry("", "3", first), "# top\nnew: 3\na: 1\n");
    check("# top\n\n# a\na: 1\n", entry("", "3", first), "# top\n\nnew: 3\n# a\na: 1\n");
    check(
        "a:\n    x:\n        y: 1\n",
        entry("a", "p:\n  q: 1\n  r:\n  - s: 1\n    t: 2\n", last),
        "a:\n    x:\n        y: 1\n    new:\n        p:\n            q: 1\n            r:\n                - s: 1\n                  t: 2\n",
    );
    check(
        "a:\n- x\nb:\n  c: 1\n",
        entry("b", "- s: 1\n  t:\n    - u\n", last),
        "a:\n- x\nb:\n  c: 1\n  new:\n  - s: 1\n    t:\n    - u\n",
    );
    check("- a: 1\n  b: 2\n", entry("[0]", "3", first), "- new: 3\n  a: 1\n  b: 2\n");
    check("- a: 1\n  b: 2\n- c\n", entry("[0]", "3", last), "- a: 1\n  b: 2\n  new: 3\n- c\n");
    check("- - a: 1\n", entry("[0][0]", "x: 1", first), "- - new:\n      x: 1\n    a: 1\n");
    check(
        "a: |+\n  x\n\nb: 1\n",
        entry("", "3", |document| Placement::After(at(document, "a"))),
        "a: |+\n  x\n\nnew: 3\nb: 1\n",
    );
    check(
        "a: |\n  x\n\n  # text\nb: 1\n",
        entry("", "3", |document| Placement::After(at(document, "a"))),
        "a: |\n  x\n\n  # text\nnew: 3\nb: 1\n",
    );
    // Every kind of value.
    check("a: 1\n", entry("", "", last), "a: 1\nnew:\n");
    check("a: 1\n", entry("", "'x'", last), "a: 1\nnew: 'x'\n");
    check("a: 1\n", entry("", "[x, y]", last), "a: 1\nnew: [x, y]\n");
    check("a:\n  b: 1\n", entry("a", "|\n  x\n\n    y\n", last), "a:\n  b: 1\n  new: |\n    x\n\n      y\n");
    check("a:\n  b: 1\n", entry("a", "{\n  x: 1\n}", last), "a:\n  b: 1\n  new: {\n      x: 1\n    }\n");
    check("a: 1\n", entry("", "# why\nx: 1 # x\n# y\ny: 2", last), "a: 1\nnew:\n  # why\n  x: 1 # x\n  # y\n  y: 2\n");
    check(
        "a: 1\n",
        entry("", "x: |\n  t\n    u\ny: 'v\n\n  w'\n", last),
        "a: 1\nnew:\n  x: |\n    t\n      u\n  y: 'v\n\n    w'\n",
    );
    // The key is quoted when it must be.
    check(
        "a: 1\n",
        |document| insert_entry(document, at(document, ""), "b: c", "1", Placement::Last),
        "a: 1\n\"b: c\": 1\n",
    );

    check_refused("a: 1\nnew: 2\n", entry("", "3", last));
    check_refused("a: 1\n", entry("a", "3", last));
    check_refused("a: [1]\n", entry("a", "3", last));
    check_refused("a: 1\n", entry("", "[x", last));
    check_refused("a: &x {b: 1}\nb: *x\n", entry("b", "3", last));
    check_refused("a: 1\nb: 2\n", entry("", "3", |document| Placement::After(at(document, ""))));
    // Below what cannot be read, nothing is certain.
    check_refused("a: 1\n---\nb: 1\n", entry("", "3", first));
    check_refused("a: 1\nb: [\n", entry("", "3", first));
    check_refused("a:\n  b: 1\n  c: [\nd: 2\n\n\n", entry("a", "3", last));
    check(
        "a:\n  b:\n    x: 1\n\n  c: [\nd: 2\n",
        entry("a.b", "3", last),
        "a:\n  b:\n    x: 1\n    new: 3\n\n  c: [\nd: 2\n",
    );
}

#[test]
fn insert_entry_where_nothing_is() {
    let entry = |path: &'static str, value: &'static str| {
        move |document: &Document| insert_entry(document, at(document, path), "new", value, Placement::Last)
    };
    check("a:\nb: 1\n", entry("a", "x"), "a:\n  new: x\nb: 1\n");
    check("a:", entry("a", "x: 1"), "a:\n  new:\n    x: 1");
    check("a: # c\n  # in\n\nb: 1\n", entry("a", "x"), "a: # c\n  # in\n  new: x\n\nb: 1\n");
    check("a: {} # c\nb: 1\n", entry("a", "x"), "a: # c\n  new: x\nb: 1\n");
    check("a: null\n", entry("a", "x"), "a:\n  new: x\n");
    check("a: &k {}\nb: *k\n", entry("a", "x"), "a: &k\n  new: x\nb: *k\n");
    check("a:\n    b: {}\n", entry("a.b", "x"), "a:\n    b:\n        new: x\n");
    check("- {}\n- b\n", entry("[0]", "x: 1\ny: 2"), "- new:\n    x: 1\n    y: 2\n- b\n");
    check("-\n- b\n", entry("[0]", "x"), "- new: x\n- b\n");
    check("- {} # c\n", entry("[0]", "x: 1\ny: 2"), "- # c\n  new:\n    x: 1\n    y: 2\n");
    check("- &k {}\n- *k\n", entry("[0]", "x"), "- &k {new: x}\n- *k\n");
    check("{}\n", entry("", "x: 1"), "new:\n  x: 1\n");
    check("# top\n{} # c\n", entry("", "x: 1"), "# top\n# c\nnew:\n  x: 1\n");
    check("{}", entry("", "x"), "new: x");
    check("[{}]\n", entry("[0]", "x: 1"), "[{new: {x: 1}}]\n");
    check("{a: , b: 1}\n", entry("a", "x"), "{a: {new: x}, b: 1}\n");
    check("{\"a\": {}}\n", entry("a", "x: [1, y]"), "{\"a\": {\"new\": {\"x\": [1, \"y\"]}}}\n");
    check_refused("a: { # c\n}\n", entry("a", "x"));
    check_refused("a: ''\n", entry("a", "x"));
    check_refused("a: !Sub\n", entry("a", "x"));
}

#[test]
fn insert_entry_in_brackets() {
    let entry = |path: &'static str, value: &'static str, placement: fn(&Document) -> Placement| {
        move |document: &Document| insert_entry(document, at(document, path), "new", value, placement(document))
    };
    let first = |_: &Document| Placement::First;
    let last = |_: &Document| Placement::Last;
    check("a: {x: 1}\n", entry("a", "2", last), "a: {x: 1, new: 2}\n");
    check("a: { x: 1 } # c\n", entry("a", "2", last), "a: { x: 1, new: 2 } # c\n");
    check("a: {x: 1}\n", entry("a", "2", first), "a: {new: 2, x: 1}\n");
    check(
        "a: {x: 1, y: 2}\n",
        entry("a", "3", |document| Placement::After(at(document, "a.x"))),
        "a: {x: 1, new: 3, y: 2}\n",
    );
    check("a: {x: 1,}\n", entry("a", "2", last), "a: {x: 1, new: 2,}\n");
    check(
        "a: {x: 1}\n",
        entry("a", "b:\n- 1\n- 'c'\n- d, e\n- |\n  t\n", last),
        "a: {x: 1, new: {b: [1, 'c', \"d, e\", \"t\\n\"]}}\n",
    );
    check("a: {x: 1}\n", entry("a", "", last), "a: {x: 1, new: null}\n");
    check("{\n  x: 1, # x\n  y: 2 # y\n}\n", entry("", "3", last), "{\n  x: 1, # x\n  y: 2, # y\n  new: 3\n}\n");
    check("{\n  x: 1,\n  y: 2,\n}\n", entry("", "3", last), "{\n  x: 1,\n  y: 2,\n  new: 3,\n}\n");
    check("{\r\n\t\"x\": 1\r\n}", entry("", "y: true", first), "{\r\n\t\"new\": {\"y\": true},\r\n\t\"x\": 1\r\n}");
    check("{\n  x: 1 }\n", entry("", "3", last), "{\n  x: 1, new: 3 }\n");
    check("{x: 1 # c\n}\n", entry("", "3", last), "{x: 1, new: 3 # c\n}\n");
    check(
        "{\n  x: 1\n  , y: 2\n}\n",
        entry("", "3", |document| Placement::After(at(document, "x"))),
        "{\n  x: 1, new: 3\n  , y: 2\n}\n",
    );
    check_refused("a: {x: 1, new: 2}\n", entry("a", "2", last));
    check_refused("[x: 1]\n", entry("[0]", "2", last));
}

#[test]
fn insert_item_in_both_styles() {
    let item = |path: &'static str, value: &'static str, placement: fn(&Document) -> Placement| {
        move |document: &Document| insert_item(document, at(document, path), value, placement(document))
    };
    let first = |_: &Document| Placement::First;
    let last = |_: &Document| Placement::Last;
    check("a:\n  - x # x\nb: 1\n", item("a", "y", last), "a:\n  - x # x\n  - y\nb: 1\n");
    check("a:\n- x\nb: 1\n", item("a", "y", last), "a:\n- x\n- y\nb: 1\n");
    check("a:\n  - x\n", item("a", "y", first), "a:\n  - y\n  - x\n");
    check(
        "a:\n  - x\n  - z\n",
        item("a", "y", |document| Placement::After(at(document, "a[0]"))),
        "a:\n  - x\n  - y\n  - z\n",
    );
    check(
        "a:\n  - type: min\n    min: 1\n",
        item("a", "type: max\nmax: 2\n", last),
        "a:\n  - type: min\n    min: 1\n  - type: max\n    max: 2\n",
    );
    check("a:\n  -   x: 1\n", item("a", "y: 1\nz: 2", last), "a:\n  -   x: 1\n  -   y: 1\n      z: 2\n");
    check("- - a\n", item("[0]", "b", first), "- - b\n  - a\n");
    check("- a\n", item("", "- b\n- c", last), "- a\n- - b\n  - c\n");
    check("- a", item("", "|\n  t", last), "- a\n- |\n  t");
    check("- a\n", item("", "", last), "- a\n-\n");
    check("a:\n", item("a", "x", last), "a:\n  - x\n");
    check("a: []\nb:\n- 1\n", item("a", "x: 1\ny: 2", last), "a:\n- x: 1\n  y: 2\nb:\n- 1\n");
    check("a: [] # c", item("a", "x", last), "a: # c\n  - x");
    check("a: [1]\n", item("a", "x: y", last), "a: [1, {x: y}]\n");
    check("a: [1]\n", item("a", "x", first), "a: [x, 1]\n");
    check("[]\n", item("", "x", last), "- x\n");
    check_refused("a: {}\n", item("a", "x", last));
    check_refused("a: {b: 1}\n", item("a", "x", last));
}

#[test]
fn move_entry_takes_comments_and_indentation_along() {
    let to = |path: &'static str, target: &'static str, key: &'static str| {
        move |document: &Document| move_entry(document, at(document, path), at(document, target), key)
    };
    check(
        "c:\n  compute:\n    # env\n    environment: # e\n      A: 1 # a\n      # b\n      B: |\n        x\n\n         y\n    type: t\n  src: .\n",
        to("c.compute.environment", "c", "environment"),
        "c:\n  compute:\n    type: t\n  src: .\n  # env\n  environment: # e\n    A: 1 # a\n    # b\n    B: |\n      x\n\n       y\n",
    );
    check(
        "params:\n  a: 1\nstages:\n  dev:\n    x: 1\n",
        to("params", "stages.dev", "params"),
        "stages:\n  dev:\n    x: 1\n    params:\n      a: 1\n",
    );
    check("a:\n  x: 1\nb:\n", to("a.x", "b", "y"), "a: {}\nb:\n  y: 1\n");
    check("b:\na:\n  x: 1", to("a.x", "b", "y"), "b:\n  y: 1\na: {}");
    check("b:\na: 1", to("a", "b", "a"), "b:\n  a: 1\n");
    check("a: 1\n\nb: {}\n", to("a", "b", "a"), "b:\n  a: 1\n");
    check("r:\n  p:\n    x: 1\n\nz: 1\n", to("r.p.x", "r", "x"), "r:\n  p: {}\n  x: 1\n\nz: 1\n");
    check("r:\n  p:\n    y: 1\n\n    x: 1\n\nz: 1\n", to("r.p.x", "r", "x"), "r:\n  p:\n    y: 1\n\n  x: 1\n\nz: 1\n");
    check("- a: 1\n  b: {c: 1}\n", to("[0].a", "[0].b", "d"), "- b: {c: 1, d: 1}\n");
    check("a: {x: 1, y: 2}\nb: 1\n", to("a.x", "", "x"), "a: {y: 2}\nb: 1\nx: 1\n");
    check("a:\n  x:\n    - 1\n    - y\n  z: 1\nb: {c: 1}\n", to("a.x", "b", "x"), "a:\n  z: 1\nb: {c: 1, x: [1, y]}\n");
    check("x: &x 1\na:\n  b: *x\n  c: 1\n", to("a.b", "", "d"), "x: &x 1\na:\n  c: 1\nd: *x\n");
    check(
        "a: 1\r\nb:\r\n    c:\r\n        d: 2\r\n",
        to("a", "b.c", "a"),
        "b:\r\n    c:\r\n        d: 2\r\n        a: 1\r\n",
    );

    check_refused("a:\n  b:\n    c: 1\nd: 1\n", to("a", "a.b", "x"));
    check_refused("a:\n  b: 1\n", to("a.b", "a", "c"));
    check_refused("a:\n  b: 1\nc:\n  d: 1\n", to("a.b", "c", "d"));
    check_refused("a: &x 1\nb: *x\nc: {}\n", to("a", "c", "a"));
    check_refused("t: {}\nx: &x 1\na: *x\n", to("a", "t", "a"));
    check_refused("a: # c\n  x: 1\nb: {c: 1}\n", to("a", "b", "x"));
    check_refused("x: &x 1\ny: &x 2\na: *x\nb: {}\n", to("a", "b", "a"));
}

#[test]
fn replace_value_and_wrap_in_list() {
    let to = |path: &'static str, value: &'static str| {
        move |document: &Document| replace_value(document, at(document, path), value)
    };
    check("environment:\nb: 1\n", to("environment", "{}"), "environment: {}\nb: 1\n");
    check("environment: # c\nb: 1\n", to("environment", "{}"), "environment: {} # c\nb: 1\n");
    check("environment:", to("environment", "\"\""), "environment: \"\"");
    check("a: x # c\nb: 1\n", to("a", "y: 1\nz: 2"), "a: # c\n  y: 1\n  z: 2\nb: 1\n");
    check("a: x\nb:\n- 1\n", to("a", "- x"), "a:\n- x\nb:\n- 1\n");
    check("a: {b: x}\n", to("a.b", "- y\n- z"), "a: {b: [y, z]}\n");
    check("- x\n- y\n", to("[0]", "a: 1\nb: 2"), "- a: 1\n  b: 2\n- y\n");
    check("- {a: 1}\n", to("[0]", "x"), "- x\n");
    check("a: |\n  x\n  y\nb: 1\n", to("a", "- x\n- y"), "a:\n  - x\n  - y\nb: 1\n");
    check(
        "e: # c\n  # in\n  - A=1 # a\n  - B=2\n\nb: 1\n",
        to("e", "A: 1\nB: 2"),
        "e: # c\n  # in\n  A: 1\n  B: 2\n\nb: 1\n",
    );
    check("e:\n- A=1\n- B=2\nb:\n  c: 1\n", to("e", "A: 1\nB: 2"), "e:\n  A: 1\n  B: 2\nb:\n  c: 1\n");
    check("e:\n  a: 1\n  b: 2\nc: 1\n", to("e", "[]"), "e: []\nc: 1\n");
    check("- a: 1\n  b: 2\n- c\n", to("[0]", "x"), "- x\n- c\n");
    check("- a: 1\n  b: 2\n- c\n", to("[0]", "x: 1\ny: 2"), "- x: 1\n  y: 2\n- c\n");
    check_refused("a: &x 1\nb: *x\n", to("b", "2"));
    check_refused("a: &x 1\nb: *x\n", to("a", "2"));
    check_refused("a:\n  - &x 1\nb: *x\n", to("a", "2"));

    let wrapped = |path: &'static str| move |document: &Document| wrap_in_list(document, at(document, path));
    check("source: a # c\n", wrapped("source"), "source: [a] # c\n");
    check("source: 'a'\n", wrapped("source"), "source: ['a']\n");
    check("source: a, b\n", wrapped("source"), "source: [\"a, b\"]\n");
    check("source: 1.50\n", wrapped("source"), "source: [1.50]\n");
    check("source: |\n  a\nb: 1\n", wrapped("source"), "source: [\"a\\n\"]\nb: 1\n");
    check("{\"a\": \"b\"}", wrapped("a"), "{\"a\": [\"b\"]}");
    check_refused("a:\n", wrapped("a"));
    check_refused("a: [1]\n", wrapped("a"));
}

#[test]
fn style_is_seen() {
    let unit = |text: &str| Document::new(text).style().unit;
    assert_eq!(unit(""), 2);
    assert_eq!(unit("a: 1\n"), 2);
    assert_eq!(unit("a:\n    b: 1\n"), 4);
    assert_eq!(unit("a:\n    - b\n"), 4);
    assert_eq!(unit("a:\n- b\n"), 2);
    assert_eq!(unit("a:\n   b: 1\nc:\n  d:\n    e: 1\n"), 2);
    assert_eq!(unit("- a:\n      b: 1\n"), 4);
    let quotes = |text: &str| Document::new(text).style().quote;
    assert_eq!(quotes("a: 'x'\nb: \"y\"\n"), crate::yaml::Quote::Double);
    assert_eq!(quotes("a: 'x'\n'b': \"y\"\n"), crate::yaml::Quote::Single);
    assert_eq!(quotes("a: x\n"), crate::yaml::Quote::Double);
}
