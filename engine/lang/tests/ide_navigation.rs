//! Outline, folds, selection, definition, references, highlights, renaming, links, actions: texts with the cursor as `|`, and
//! what is found, each place as its line and text.

use slipway_lang::analyze;
use slipway_lang::ide::{self, ActionKind};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;

const TEXT: &str = "\
# A shop,
# small.
name: shop
stages:
  default:
    params:
      size: 512
deployment: &d
  type: aws@1.0
containers:
  web:
    src: ./web
    environment:
      A: ${self:name}
      B: ${env:HOST}
      C: ${param:size}
      D: \"${self:containers.web.src}\" # see https://example.com/a.
    compute: &small
      type: awsLambda
  api:
    src: api
    compute: *small # slipway-ignore: SCF999
";

fn files() -> MemoryFiles {
    MemoryFiles::new([
        ("web/Dockerfile", "FROM scratch\n"),
        ("api/index.js", ""),
        (".env", "# HOST=no\nexport HOST=example.com\n"),
    ])
}

fn with<T>(text: &str, question: impl FnOnce(&RuleContext<'_>) -> T) -> T {
    let files = files();
    let inputs = Inputs { files: Some(&files), env: Some([("HOST".into(), "x".into())].into()), ..Inputs::default() };
    let document = Document::new(text);
    let analysis = analyze(&document, &inputs);
    question(&RuleContext::new(&document, &analysis.config, &inputs))
}

/// The offset inside the `n`th (from 0) occurrence of a word.
fn at(word: &str, n: usize) -> TextSize {
    let (at, _) = TEXT.match_indices(word).nth(n).expect("the word");
    TextSize::new(at as u32 + 1)
}

fn shown(ctx: &RuleContext<'_>, range: TextRange) -> String {
    format!("{}:{}", ctx.source().line_of(range.start()) + 1, ctx.source().slice(range))
}

#[test]
fn names_lead_to_their_definitions() {
    for (word, n, expected) in [
        ("self:name", 0, "3:name"),
        ("env:HOST", 0, ".env 17..21"),
        ("param:size", 0, "7:size"),
        ("containers.web.src", 0, "12:src"),
        ("small", 2, "18:small"),
        ("./web", 0, "web/Dockerfile 0..0"),
        ("type: awsLambda", 0, ""),
    ] {
        let offset = at(word, n) + TextSize::new(word.find(':').map_or(0, |colon| colon as u32));
        let found = with(TEXT, |ctx| {
            let targets = ide::definition(ctx, offset).map(|found| found.targets).unwrap_or_default();
            let target = targets.iter().map(|target| match &target.file {
                Some(file) => format!("{file} {:?}", target.range),
                None => shown(ctx, target.range),
            });
            target.collect::<Vec<_>>().join(", ")
        });
        assert_eq!(found, expected, "{word}");
    }
}

#[test]
fn names_know_their_uses() {
    for (word, n, expected) in [
        ("name: shop", 0, "3:name, 14:name"),
        ("web:", 0, "11:web, 17:containers.web.src"),
        ("size", 1, "7:size, 16:size"),
        ("small", 1, "18:small, 22:small"),
        ("type: awsLambda", 0, "19:type"),
    ] {
        let found = with(TEXT, |ctx| {
            let found = ide::references(ctx, at(word, n), true);
            found.iter().map(|place| shown(ctx, place.range)).collect::<Vec<_>>().join(", ")
        });
        assert_eq!(found, expected, "{word}");
        let lit = with(TEXT, |ctx| ide::highlights(ctx, at(word, n)).len());
        assert_eq!(lit, expected.split(", ").count(), "{word}");
    }
}

#[test]
fn what_is_renamed_takes_its_uses_along() {
    for (word, n, new_name, changed) in [
        ("web:", 0, "front", vec![("  web:", "  front:"), ("containers.web.src", "containers.front.src")]),
        ("size", 1, "limit", vec![("size: 512", "limit: 512"), ("param:size", "param:limit")]),
        ("*small", 0, "tiny", vec![("&small", "&tiny"), ("*small", "*tiny")]),
    ] {
        let edits = with(TEXT, |ctx| ide::rename(ctx, at(word, n), new_name)).expect("a name that fits");
        let expected = changed.iter().fold(TEXT.to_owned(), |text, (old, new)| text.replacen(old, new, 1));
        assert_eq!(apply_edits(TEXT, &edits).expect("edits that fit"), expected);
    }
    for (word, n, new_name, reason) in [
        ("web:", 0, "api", "already"),
        ("web:", 0, "a b", "a b"),
        ("size", 1, "a b", "cannot name a parameter"),
        ("small", 1, "d", "already"),
        ("type: aws@", 0, "kind", "Only containers"),
    ] {
        let refusal = with(TEXT, |ctx| ide::rename(ctx, at(word, n), new_name)).unwrap_err().to_string();
        assert!(refusal.contains(reason), "{refusal}");
    }
}

#[test]
fn links_lead_to_files_addresses_and_rules() {
    let found = with(TEXT, |ctx| {
        let links = ide::links(ctx);
        links.iter().map(|link| format!("{} {:?}", shown(ctx, link.range), link.target)).collect::<Vec<_>>()
    });
    assert_eq!(
        found,
        [
            "12:./web File(\"web/Dockerfile\")",
            "17:https://example.com/a Url(\"https://example.com/a\")",
            "22:SCF999 Rule(\"SCF999\")"
        ]
    );
}

#[test]
fn the_outline_names_what_people_look_for() {
    fn lines(symbols: &[ide::Symbol], depth: usize, out: &mut Vec<String>) {
        for symbol in symbols {
            out.push(
                format!("{}{} {:?} {}", "  ".repeat(depth), symbol.name, symbol.kind, symbol.detail)
                    .trim_end()
                    .to_owned(),
            );
            assert!(symbol.range.contains_range(symbol.selection), "{symbol:?}");
            assert!(symbol.children.iter().all(|child| symbol.range.contains_range(child.range)), "{symbol:?}");
            lines(&symbol.children, depth + 1, out);
        }
    }
    let mut out = Vec::new();
    lines(
        &with(
            "name: x\ncontainers:\n  web:\n    src: .\n    routing: {pathPattern: /*}\n    compute: {type: awsLambda}\nlist: [a, {type: b}]\n",
            ide::symbols,
        ),
        0,
        &mut out,
    );
    assert_eq!(
        out,
        [
            "name Text x",
            "containers Map",
            "  web Container awsLambda /*",
            "    src Text .",
            "    routing Map",
            "      pathPattern Text /*",
            "    compute Map",
            "      type Text awsLambda",
            "list List",
            "  a Text a",
            "  b Map",
            "    type Text b",
        ]
    );
}

#[test]
fn blocks_and_comments_fold() {
    let document = Document::new(TEXT);
    let source = document.source();
    let folds: Vec<_> = ide::folds(&document)
        .iter()
        .map(|fold| (source.line_of(fold.range.start()) + 1, source.line_of(fold.range.end()) + 1, fold.kind))
        .collect();
    use ide::FoldKind::{Block, Comment};
    assert_eq!(
        folds,
        [
            (1, 2, Comment),
            (4, 7, Block),
            (5, 7, Block),
            (6, 7, Block),
            (8, 9, Block),
            (10, 22, Block),
            (11, 19, Block),
            (13, 17, Block),
            (18, 19, Block),
            (20, 22, Block),
        ]
    );
}

#[test]
fn selection_grows_step_by_step() {
    let document = Document::new(TEXT);
    let ranges = ide::selection(&document, at("self:containers", 0));
    let steps: Vec<_> = ranges.iter().map(|range| document.source().slice(*range)).collect();
    assert_eq!(
        steps[..3],
        ["${self:containers.web.src}", "\"${self:containers.web.src}\"", "D: \"${self:containers.web.src}\""]
    );
    assert!(steps[3].starts_with("A: ") && steps.last().is_some_and(|last| *last == TEXT), "{steps:#?}");
    assert!(ranges.windows(2).all(|pair| pair[1].contains_range(pair[0]) && pair[1] != pair[0]));
}

#[test]
fn fixes_and_comments_are_offered_where_they_help() {
    let text = "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  web:\n    src: ./web\n    routing: {pathPattern: /*}\n    compute:\n      type: awslambda\n";
    let files = files();
    let inputs = Inputs { files: Some(&files), ..Inputs::default() };
    let document = Document::new(text);
    let analysis = analyze(&document, &inputs);
    let ctx = RuleContext::new(&document, &analysis.config, &inputs);
    let wrong = text.find("awslambda").expect("the fault") as u32;
    let actions = ide::actions(&ctx, &analysis.diagnostics, TextRange::empty(TextSize::new(wrong + 2)));
    let fix = actions.iter().find(|action| action.kind == ActionKind::QuickFix).expect("a fix");
    let mended = apply_edits(text, &fix.edits).expect("edits that fit");
    assert_eq!(mended, text.replace("awslambda", "awsLambda"));
    assert_eq!(fix.diagnostics.len(), 1);
    let all = actions.iter().find(|action| action.kind == ActionKind::SourceFixAll).expect("a fix of everything");
    assert_eq!(apply_edits(text, &all.edits).expect("edits that fit"), mended);
    let before = "timeout: 901";
    let text = text.replace("awslambda\n", "awsLambda\n      awsLambda: {timeout: 901}\n");
    let document = Document::new(&*text);
    let analysis = analyze(&document, &inputs);
    let ctx = RuleContext::new(&document, &analysis.config, &inputs);
    let place = TextSize::new(text.find(before).expect("the fault") as u32 + 10);
    let actions = ide::actions(&ctx, &analysis.diagnostics, TextRange::empty(place));
    let ignore = actions.iter().find(|action| action.title.starts_with("Ignore SCF116")).expect("a comment");
    let ignored = apply_edits(&text, &ignore.edits).expect("edits that fit");
    let left = analyze(&Document::new(ignored), &inputs).diagnostics;
    assert!(left.iter().all(|found| found.rule.code != "SCF116"), "{left:#?}");
}

#[test]
fn no_text_and_no_place_is_too_much() {
    let texts = [
        "",
        "\u{feff}",
        "a",
        ":",
        "- - -",
        "&a *a",
        "{[",
        "a: |\n",
        "'",
        "<<: *x",
        "${self:}",
        "# SCF1",
        "é: 😀\r\n",
        "? a\n: b",
    ];
    for text in texts.iter().copied().chain((0..TEXT.len()).map(|end| TEXT.get(..end).unwrap_or_default())) {
        with(text, |ctx| {
            for offset in [0, text.len() / 2, text.len(), text.len() + 9] {
                let offset = TextSize::new(offset as u32);
                ide::definition(ctx, offset);
                ide::references(ctx, offset, true);
                ide::highlights(ctx, offset);
                ide::rename_target(ctx, offset);
                let _ = ide::rename(ctx, offset, "x");
                ide::selection(ctx.document, offset);
            }
            ide::links(ctx);
            ide::symbols(ctx);
            ide::folds(ctx.document);
        });
    }
}
