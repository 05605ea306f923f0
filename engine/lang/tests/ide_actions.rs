//! Actions: a text, and what is offered at a place of it.

use slipway_lang::analyze;
use slipway_lang::ide::{self, ActionKind};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;

#[test]
fn fixes_and_comments_are_offered_where_they_help() {
    let text = "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  web:\n    src: ./web\n    routing: {pathPattern: /*}\n    compute:\n      type: awslambda\n";
    let files = MemoryFiles::new([("web/Dockerfile", "FROM scratch\n")]);
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
