//! The outline, what can be folded, and what is selected step by step.

#[path = "support/marked.rs"]
#[allow(dead_code, reason = "each test file uses some of it")]
mod marked;

use std::fs;
use std::path::Path;

use marked::{ask, marked};
use slipway_lang::ide::{Fold, FoldKind, Symbol, folds, selection, symbols};
use slipway_lang::inputs::MemoryFiles;
use slipway_lang::text::{Source, TextRange};
use slipway_lang::yaml::Document;

fn outline(text: &str) -> String {
    fn write(symbols: &[Symbol], source: &Source, depth: usize, acc: &mut String) {
        for symbol in symbols {
            let lines =
                format!("{}-{}", source.line_of(symbol.range.start()) + 1, source.line_of(symbol.range.end()) + 1);
            let detail = if symbol.detail.is_empty() { String::new() } else { format!(" | {}", symbol.detail) };
            let line = format!("{}{:?} {}{detail} [{lines}]\n", "  ".repeat(depth), symbol.kind, symbol.name);
            acc.push_str(&line);
            write(&symbol.children, source, depth + 1, acc);
        }
    }
    let mut acc = String::new();
    ask(text, &MemoryFiles::default(), |ctx| write(&symbols(ctx), ctx.source(), 0, &mut acc));
    acc
}

#[test]
fn the_outline_speaks_of_what_is_there() {
    let text = "\
# The shop.
name: shop
deployment:
  type: aws@1.0
stages:
  default:
    params: {level: info}
    resolvers: {safe: {type: vault}}
containers:
  api: &api
    src: ./api
    routing:
      domain: shop.example.org
      pathPattern: /api/*
    compute:
      type: awsFargateEcs
      awsFargateEcs:
        scale:
          - type: min
            min: 1
          - type: target
            target: cpu
            value: ${env:CPU, 60}
      awsIam:
        customPolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [a:B, c:D]
              Resource: '*'
            - Sid: Named
              Effect: Deny
    environment:
      PLAIN: text
      API_TOKEN: abcdef
      LATER: ${ssm:/x}
      BLOCK: |
        one
        two

  web:
    <<: *api
    integrations:
      nightly: {type: schedule, schedule: rate(1 day)}
  job: *api
  none:
";
    let expected = "\
String name | shop [2-2]
Package deployment | aws@1.0 [3-4]
  String type | aws@1.0 [4-4]
Object stages | 1 stage [5-8]
  Namespace default [6-8]
    Object params | 1 parameter [7-7]
      Constant level | info [7-7]
    Object resolvers | 1 resolver [8-8]
      Namespace safe | vault [8-8]
        String type | vault [8-8]
Module containers | 4 containers [9-46]
  Class api | Fargate, shop.example.org/api/* [10-39]
    String src | ./api [11-11]
    Object routing [12-14]
      String domain | shop.example.org [13-13]
      String pathPattern | /api/* [14-14]
    Object compute | awsFargateEcs [15-32]
      String type | awsFargateEcs [16-16]
      Object awsFargateEcs [17-23]
        Array scale | 2 items [18-23]
          Struct min | min: 1 [19-20]
            String type | min [19-19]
            Number min | 1 [20-20]
          Struct target | target: cpu, value: 60 [21-23]
            String type | target [21-21]
            String target | cpu [22-22]
            String value | 60 [23-23]
      Object awsIam [24-32]
        Object customPolicy [25-32]
          String Version | 2012-10-17 [26-26]
          Array Statement | 2 items [27-32]
            Struct Allow | Resource: * [28-30]
              String Effect | Allow [28-28]
              Array Action | 2 items [29-29]
              String Resource | * [30-30]
            Struct Named | Effect: Deny [31-32]
              String Sid | Named [31-31]
              String Effect | Deny [32-32]
    Object environment | 4 variables [33-39]
      Variable PLAIN | text [34-34]
      Variable API_TOKEN | •••••• [35-35]
      Variable LATER [36-36]
      Variable BLOCK | one two [37-39]
  Class web | Fargate, shop.example.org/api/* [41-44]
    Key << | *api [42-42]
    Object integrations | 1 integration [43-44]
      Event nightly | schedule [44-44]
        String type | schedule [44-44]
        String schedule | rate(1 day) [44-44]
  Class job | *api [45-45]
  Class none [46-46]
";
    assert_eq!(outline(text), expected);
}

#[test]
fn broken_documents_have_outlines() {
    for (text, expected) in [
        ("", ""),
        ("# only\n", ""),
        ("text", ""),
        ("- a\n- b: 1\n", "Struct [1] | b: 1 [2-2]\n  Number b | 1 [2-2]\n"),
        ("a: {b: 1\nc: [\n", "Object a [1-1]\n  Number b | 1 [1-1]\nArray c | 0 items [2-2]\n"),
        ("a:\n  b: 'x\nc: 1\n", "Object a [1-2]\n  String b | x [2-2]\nNumber c | 1 [3-3]\n"),
        ("? [x, y]\n: 1\n\"\": 2\n", "Number [x, y] | 1 [1-2]\nNumber \"\" | 2 [3-3]\n"),
        ("a: 1\na: 2\n", "Number a | 1 [1-1]\nNumber a [2-2]\n"),
        ("password: hunter2\n", "String password | •••••• [1-1]\n"),
        (
            "a:\n  - - - b: 1\n",
            "Array a | 1 item [1-2]\n  Array [0] | 1 item [2-2]\n    Array [0] | 1 item [2-2]\n      Struct [0] | b: 1 [2-2]\n        Number b | 1 [2-2]\n",
        ),
    ] {
        assert_eq!(outline(text), expected, "{text}");
    }
}

/// Each fold as `first-last`, lines from 1, comments with `#`.
fn folded(text: &str) -> String {
    let document = Document::new(text);
    let source = document.source();
    let one = |fold: &Fold| {
        let (first, last) = (source.line_of(fold.range.start()), source.line_of(fold.range.end()));
        assert_eq!(fold.range.start(), source.line_range(first).unwrap().end());
        assert_eq!(fold.range.end(), source.line_range(last).unwrap().end());
        format!("{}{}-{}", if fold.kind == FoldKind::Comment { "#" } else { "" }, first + 1, last + 1)
    };
    folds(&document).iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn blocks_and_comments_are_folded() {
    for (text, expected) in [
        ("", ""),
        ("a: 1\nb: 2\n", ""),
        ("a:\n  b: 1\n  c: 2\n\nd: 1\n", "1-3"),
        ("a:\n  b:\n    c: 1\n  d:\n    - 1\n    - 2\n", "1-6 2-3 4-6"),
        ("a:\n- b: 1\n  c: 2\n- d\n", "1-4 2-3"),
        ("a:\n- b:\n    c: 1\n  d: 2\n", "1-4 2-4"),
        ("a: {\n  b: 1,\n  c: [1,\n      2]\n}\nd: 1\n", "1-4 3-4"),
        ("{\n  \"a\": [\n    1\n  ]\n}\n", "1-4 2-3"),
        ("[1,\n 2]\n", "1-2"),
        ("a: |\n  one\n  two\n\n\nb: 1\n", "1-3"),
        ("a: &x\n  b: 1\n", "1-2"),
        ("a: \"one\n  two\"\n", "1-2"),
        ("a:\n  b: 1 # behind\n  # below\n\n# one\n# two\n\n# lone\nc: 1 # x\n# three\n# four", "1-2 #5-6 #10-11"),
        ("# region a\n# note\na: 1\n#region\nb: 1\n#endregion\n# endregion\n# endregion\n# regional\n", "1-7 4-6"),
        ("a:\r\n  b: 1\r\nc: 1\r\n", "1-2"),
        ("a:\n  b: {c: 1\nd: [\n  1\n", "1-2 3-4"),
    ] {
        assert_eq!(folded(text), expected, "{text}");
    }
}

fn selected(text: &str) -> Vec<String> {
    let (text, offset) = marked(text);
    let document = Document::new(&*text);
    let ranges = selection(&document, offset);
    for pair in ranges.windows(2) {
        assert!(pair[1].contains_range(pair[0]) && pair[0] != pair[1], "{pair:?} in {text}");
    }
    assert!(ranges.iter().all(|range| range.contains_inclusive(offset)), "{ranges:?} in {text}");
    assert_eq!(ranges.last(), (!text.is_empty()).then(|| TextRange::up_to(document.source().len())).as_ref());
    ranges.iter().map(|range| document.source().slice(*range).to_owned()).collect()
}

#[test]
fn selections_grow_step_by_step() {
    let cases: &[(&str, &[&str])] = &[
        ("$0", &[]),
        ("na$0me: x\n", &["name", "name: x", "name: x\n"]),
        (
            "a: {b: 'one t$0wo'}\nc: 1\n",
            &[
                "two",
                "one two",
                "'one two'",
                "b: 'one two'",
                "{b: 'one two'}",
                "a: {b: 'one two'}",
                "a: {b: 'one two'}\nc: 1",
                "a: {b: 'one two'}\nc: 1\n",
            ],
        ),
        ("a:\n  - b$0c\n  - d\n", &["bc", "- bc", "- bc\n  - d", "a:\n  - bc\n  - d", "a:\n  - bc\n  - d\n"]),
        ("a: &x !!str b$0c\n", &["bc", "&x !!str bc", "a: &x !!str bc", "a: &x !!str bc\n"]),
        (
            "a: \"x ${self:b.c$0, 'd'}\"",
            &[
                "c",
                "b.c",
                "self:b.c",
                "${self:b.c, 'd'}",
                "x ${self:b.c, 'd'}",
                "\"x ${self:b.c, 'd'}\"",
                "a: \"x ${self:b.c, 'd'}\"",
            ],
        ),
        (
            "a: |\n  one\n  t$0wo\n\nb: 1\n",
            &[
                "two",
                "one\n  two",
                "|\n  one\n  two",
                "a: |\n  one\n  two",
                "a: |\n  one\n  two\n\nb: 1",
                "a: |\n  one\n  two\n\nb: 1\n",
            ],
        ),
        ("a: 1 # some w$0ords\n", &["words", "# some words", "a: 1 # some words\n"]),
        ("a: $0\n", &["a: \n"]),
    ];
    for (text, expected) in cases {
        assert_eq!(selected(text), *expected, "{text}");
    }
}

#[test]
fn everything_nests_in_the_projects_files() {
    fn check(symbols: &[Symbol], within: TextRange, seen: &mut usize) {
        for symbol in symbols {
            assert!(within.contains_range(symbol.range), "{symbol:?} in {within:?}");
            assert!(symbol.range.contains_range(symbol.selection), "{symbol:?}");
            assert!(!symbol.name.trim().is_empty());
            *seen += 1;
            check(&symbol.children, symbol.range, seen);
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for folder in ["tests/fixtures/corpus/valid", "tests/fixtures/corpus/invalid"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            ask(&text, &MemoryFiles::default(), |ctx| {
                let mut seen = 0;
                check(&symbols(ctx), TextRange::up_to(ctx.source().len()), &mut seen);
                let entries: usize = ctx.tree().nodes().map(|(id, _)| ctx.tree().entries(id).len()).sum();
                let items = ctx.tree().nodes().flat_map(|(id, _)| ctx.tree().items(id));
                let items = items.filter(|item| ctx.tree().children(**item).next().is_some()).count();
                assert!(seen >= entries + items, "{seen} symbols for {entries} entries and {items} items");
            });
        }
    }
}
