//! Whatever the text: no panic, places inside the text and on character boundaries, fixes that can be applied.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use slipway_lang::config::Config;
use slipway_lang::ide::{self, FormatOptions};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{Encoding, TextEdit, TextRange, TextSize, apply_edits};
use slipway_lang::yaml::{Document, NodeKind, Scalar, ScalarStyle};
use slipway_lang::{Analysis, analyze};

/// What is offered at a few places of the text replaces a stretch of one line at the cursor.
fn assert_offers_are_sound(document: &Document, ctx: &RuleContext<'_>) {
    let source = document.source();
    let places = (0..4).map(|part| source.text().len() * part / 3);
    let places = places.chain(source.text().match_indices("${").map(|(at, _)| at + 2).take(2));
    let places = places.filter(|at| !source.text().as_bytes()[..*at].ends_with(b"\r"));
    for offset in places.map(|at| TextSize::new(at as u32)) {
        let line = source.line_range(source.line_of(offset)).unwrap();
        for item in ide::complete(ctx, offset) {
            let what = format!("{item:?} at {offset:?} of {:?}", source.text());
            assert!(
                source.text().get(usize::from(item.replaced.start())..usize::from(item.replaced.end())).is_some(),
                "{what}"
            );
            assert!(line.contains_range(item.replaced), "{what}");
            let floor = TextSize::new(source.text().floor_char_boundary(offset.into()) as u32);
            assert!(item.replaced.contains_inclusive(floor), "{what}");
            assert!(!item.label.is_empty() && !item.new_text.is_empty(), "{what}");
        }
    }
}

fn assert_sound(text: &str) {
    let files = MemoryFiles::new([("api/Dockerfile", "FROM scratch\n"), ("a.yml", "b: {c: 1}\n")]);
    let inputs = Inputs { files: Some(&files), env: Some(BTreeMap::new()), ..Inputs::default() };
    let document = Document::new(text);
    let source = document.source();
    let check = |range: TextRange, what: &str| {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        assert!(source.text().get(start..end).is_some(), "{what} {range:?} does not fit {text:?}");
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for offset in [range.start(), range.end()] {
                let position = source.position(offset, encoding);
                assert!(position.line < source.line_count(), "{what} {position:?} in {text:?}");
            }
        }
    };
    for (_, node) in document.tree().nodes() {
        check(node.range, "a node");
    }
    let analysis = analyze(&document, &inputs);
    navigate(&RuleContext::new(&document, &analysis.config, &inputs), &check);
    for value in analysis.config.values() {
        check(value.range(), "a value");
        check(value.key_range(), "a key");
    }
    assert_offers_are_sound(&document, &RuleContext::new(&document, &analysis.config, &inputs));
    assert_shown_is_sound(&document, &analysis.config, &inputs, &check);
    assert_changes_are_sound(&document, &analysis, &inputs);
    for diagnostic in &analysis.diagnostics {
        check(diagnostic.range, diagnostic.rule.code);
        assert!(!diagnostic.message.is_empty(), "{} says nothing", diagnostic.rule.code);
        for related in &diagnostic.related {
            check(related.range, diagnostic.rule.code);
        }
        for fix in &diagnostic.fixes {
            let applied = apply_edits(source.text(), &fix.edits);
            assert!(applied.is_ok(), "{} {:?} of {text:?}: {applied:?}", diagnostic.rule.code, fix);
        }
    }
}

/// Structure and navigation, the latter at a few places.
fn navigate(ctx: &RuleContext<'_>, check: &dyn Fn(TextRange, &str)) {
    fn nested(symbols: &[ide::Symbol], within: TextRange) {
        for symbol in symbols {
            assert!(within.contains_range(symbol.range) && symbol.range.contains_range(symbol.selection), "{symbol:?}");
            assert!(!symbol.name.is_empty());
            nested(&symbol.children, symbol.range);
        }
    }
    let text = ctx.source().text();
    nested(&ide::symbols(ctx), TextRange::up_to(ctx.source().len()));
    for fold in ide::folds(ctx.document) {
        check(fold.range, "a fold");
    }
    for link in ide::links(ctx) {
        check(link.range, "a link");
    }
    // The last of the places lies beyond the end.
    for part in 0..=8 {
        let offset = TextSize::new((text.len() * part / 7) as u32);
        let ranges = ide::selection(ctx.document, offset);
        for range in &ranges {
            check(*range, "a selection");
        }
        assert!(
            ranges.windows(2).all(|pair| pair[1].contains_range(pair[0]) && pair[0] != pair[1]),
            "{ranges:?} in {text:?}"
        );
        for highlight in ide::highlights(ctx, offset) {
            check(highlight.range, "a highlight");
        }
        for location in ide::references(ctx, offset, true).iter().filter(|location| location.file.is_none()) {
            check(location.range, "a reference");
        }
        if let Some(definition) = ide::definition(ctx, offset) {
            check(definition.origin, "an origin");
            assert!(!definition.targets.is_empty());
        }
        let target = ide::rename_target(ctx, offset);
        if let Some(target) = &target {
            check(target.range, "a name");
        }
        if let Ok(edits) = ide::rename(ctx, offset, "other-7") {
            assert!(target.is_some(), "a rename of nothing in {text:?}");
            assert!(apply_edits(text, &edits).is_ok(), "{edits:?} of {text:?}");
        }
    }
}

/// What an editor shows beside the text and at a place of it.
fn assert_shown_is_sound(document: &Document, config: &Config, inputs: &Inputs<'_>, check: &impl Fn(TextRange, &str)) {
    let ctx = RuleContext::new(document, config, inputs);
    let length = document.source().len();
    let mut end = TextSize::default();
    for token in ide::tokens(&ctx, None) {
        check(token.range, "a token");
        assert!(token.range.start() >= end && !token.range.is_empty(), "{token:?} after {end:?}");
        assert!(!document.source().slice(token.range).contains(['\n', '\r']), "{token:?} spans lines");
        end = token.range.end();
    }
    let hints = ide::hints(&ctx, TextRange::up_to(length));
    assert!(hints.is_sorted_by_key(|hint| hint.offset), "{hints:?}");
    for hint in hints {
        check(TextRange::empty(hint.offset), "a hint");
    }
    for lens in ide::lenses(&ctx) {
        check(lens.range, "a lens");
    }
    // Offsets that are no boundaries, and one beyond the end, are places too.
    let step = usize::from(length) / 16 + 1;
    for offset in (0..usize::from(length) + step).step_by(step) {
        let offset = TextSize::new(u32::try_from(offset).unwrap());
        if let Some(hover) = ide::hover(&ctx, offset) {
            check(hover.range, "a hover");
            assert!(hover.range.contains_inclusive(offset) || hover.range.end() <= offset, "{hover:?} at {offset:?}");
            assert!(!hover.markdown.is_empty(), "a hover says nothing");
        }
    }
}

/// What an editor can do with the text: edits that fit it.
fn assert_changes_are_sound(document: &Document, analysis: &Analysis, inputs: &Inputs<'_>) {
    let text = document.source().text();
    let assert_fits = |edits: &[TextEdit], what: &str| {
        let applied = apply_edits(text, edits);
        assert!(applied.is_ok(), "{what} {edits:?} of {text:?}: {applied:?}");
    };
    let options = FormatOptions {
        indent: 2,
        trim_trailing_whitespace: true,
        insert_final_newline: true,
        trim_final_newlines: true,
    };
    assert_fits(&ide::format(document, &options, None), "the layout");
    let ctx = RuleContext::new(document, &analysis.config, inputs);
    let step = text.len() / 6 + 1;
    for offset in (0..text.len() + step).step_by(step) {
        let at = TextSize::new(u32::try_from(offset).unwrap());
        let range = TextRange::at(at, TextSize::new(3));
        assert_fits(&ide::format(document, &options, Some(range)), "the layout of a part");
        assert_fits(&ide::format_on_type(document, at, '\n', &options), "the indentation");
        for action in ide::actions(&ctx, &analysis.diagnostics, range, &|_| true) {
            assert_fits(&action.edits, &action.title);
        }
    }
}

/// Valid and invalid files of the project, as seeds.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders =
        ["tests/fixtures/corpus/valid", "tests/fixtures/corpus/invalid", "examples/acmeinc", "examples/acmeinc-broken"];
    let mut seeds = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yml") {
                seeds.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(seeds.len() > 70);
    seeds.sort();
    seeds
}

/// Pieces that YAML and the configuration language give a meaning to.
const PIECES: &[&str] = &[
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "\r\n",
    "\r",
    "\t",
    " ",
    ": ",
    ":",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    " # c",
    "&a ",
    "*a",
    "<<: *a",
    "!Ref ",
    "!!str ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "\\",
    "@",
    "`",
    "%",
    "---\n",
    "...\n",
    "${",
    "}",
    "${env:A, 'b'}",
    "${self:name}",
    "${file(a.yml):b}",
    "${param:x}",
    "customPolicy:\n          Statement:\n            - Effect: Allow\n              Action: s3:",
    "Action: [s3:Get*, sqs:]",
    "Resource: '*'",
    "Resource: arn:aws:s3:::a/*",
    "Condition: {StringLike: {s3:pre",
    "aws:RequestTag/x",
    "name",
    "deployment",
    "type",
    "aws@1.0",
    "containers",
    "api",
    "src",
    "./api",
    "routing",
    "pathPattern",
    "/*",
    "compute",
    "awsLambda",
    "awsFargateEcs",
    "memory",
    "512",
    "1e3",
    "0x1F",
    "null",
    "~",
    "true",
    "environment",
    "scale",
    "min",
    "max",
    "target",
    "cpu",
    "integrations",
    "schedule",
    "rate(1 minutes)",
    "cron(0 9 * * MON)",
    "é",
    "漢字",
    "😀",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// A seed with a few stretches replaced by pieces.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..12usize, prop::sample::select(PIECES));
    (prop::sample::select(seeds()), prop::collection::vec(change, 1..6)).prop_map(|(mut text, changes)| {
        for (at, length, piece) in changes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            text.replace_range(start..end, piece);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_sound(text in any::<String>()) {
        assert_sound(&text);
    }

    #[test]
    fn any_soup_is_sound(text in soup()) {
        assert_sound(&text);
    }

    #[test]
    fn any_mutated_file_is_sound(text in mutated()) {
        assert_sound(&text);
    }
}

#[test]
fn a_file_being_typed_is_sound() {
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acmeinc/serverless.containers.yml"),
    )
    .unwrap();
    for (end, _) in text.char_indices() {
        assert_sound(&text[..end]);
    }
}

#[test]
fn scalars_in_odd_brackets_stand_where_they_are_written() {
    for text in [
        "k2: [x, [\"c\", [? ],], y]\n",
        "k1: \"\\u00e9 # no\"\n # /1\nk2: [x, [\"c\", [? ],], y]\n",
        "k3: ['a, b', x,  \"k0\":{\"k0\":x, \"k1\":~}, k1 }]\n",
        "k: [a,\n  ,\n  b, c]\nd: e\n",
        "k: {a: 1, ? , b: 2}\nd: e\n",
        "k: [? a : b, c]\nd: e\n",
    ] {
        assert_sound(text);
        let document = Document::new(text);
        for (_, node) in document.tree().nodes() {
            if let NodeKind::Scalar(Scalar { text: read, style: ScalarStyle::Plain }) = &node.kind {
                assert_eq!(document.source().slice(node.range), read, "in {text:?}");
            }
        }
    }
}

/// Texts that random ones led to: each broke something once.
#[test]
fn what_random_texts_found_is_sound() {
    for text in ["'\u{85}", "\"\u{2028}", "\"cpu{'\u{2028}\u{2028}"] {
        assert_sound(text);
    }
}
