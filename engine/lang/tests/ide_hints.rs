//! Inlay hints: a text, and the same text with the hints written into it as `⟨label⟩`.

use std::collections::BTreeMap;

use slipway_lang::config::build;
use slipway_lang::ide::{Hint, HintKind, hints};
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize};
use slipway_lang::yaml::Document;

fn hints_of(text: &str, range: Option<TextRange>) -> Vec<Hint> {
    let document = Document::new(text);
    let env = [("TOKEN", "t0psecret"), ("HOST", "db"), ("LONG", &"x".repeat(80)), ("LINES", "a\nb")];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let inputs = Inputs { env: Some(BTreeMap::from(env)), ..Inputs::default() };
    let config = build(&document, &inputs);
    let ctx = RuleContext::new(&document, &config, &inputs);
    hints(&ctx, range.unwrap_or(TextRange::up_to(TextSize::of(text))))
}

fn with_hints(text: &str, kinds: &[HintKind]) -> String {
    let mut shown = text.to_owned();
    for hint in hints_of(text, None).iter().rev().filter(|hint| kinds.contains(&hint.kind)) {
        assert!(!hint.tooltip.is_empty());
        shown.insert_str(usize::from(hint.offset), &format!("⟨{}⟩", hint.label));
    }
    shown
}

/// Compares with the expectation, which is the text with its hints.
#[track_caller]
fn assert_hints(kinds: &[HintKind], expectations: &[&str]) {
    for expected in expectations {
        let mut text = String::new();
        let mut rest = *expected;
        while let Some((before, after)) = rest.split_once('⟨') {
            text.push_str(before);
            rest = after.split_once('⟩').expect("an end").1;
        }
        text.push_str(rest);
        assert_eq!(with_hints(&text, kinds), *expected);
    }
}

#[test]
fn defaults_that_matter_are_shown_at_their_heading() {
    assert_hints(
        &[HintKind::Default],
        &[
            "containers:\n  api:\n    compute:⟨type awsLambda · memory 1024 MB · timeout 6 s⟩\n      awsIam: {}\n",
            "containers:\n  api:\n    compute:⟨memory 1024 MB · timeout 6 s⟩\n      type: awsLambda\n",
            "containers:\n  api:\n    compute: # sizes\n      type: awsLambda\n      awsLambda:⟨timeout 6 s⟩ # here\n        memory: 512\n",
            "containers:\n  api:\n    compute:\n      type: awsLambda\n      awsLambda: {memory: 512}⟨timeout 6 s⟩ # here\n",
            "containers:\n  api:\n    compute:\n      type: awsLambda\n      awsLambda:⟨memory 1024 MB · timeout 6 s⟩\n",
            "containers:\n  api:\n    compute:\n      type: awsLambda\n      awsLambda:\n        memory: 512\n        timeout: 3\n",
            "containers:\n  api:\n    compute:⟨cpu 256 · memory 512 MB · 1 task⟩\n      type: awsFargateEcs\n",
            "containers:\n  api:\n    compute:\n      type: awsFargateEcs\n      awsFargateEcs:⟨memory 512 MB⟩\n        cpu: 256\n        scale: []\n",
            "containers:\n  api: {compute: {type: awsLambda}⟨memory 1024 MB · timeout 6 s⟩}\n",
            "containers:\n  api:\n    compute:\n      type: lambda\n",
            "containers:\n  api:\n    compute:\n      type: ${aws:ssm:x}\n",
            "containers:\n  api:\n    compute:\n      type: awsLambda\n      awsLambda: ${aws:ssm:x}\n",
            "containers:\n  api:\n    src: ./api\n",
            "containers:\n  api:\n    compute:\n",
            "x: &c {type: awsLambda}\ncontainers:\n  api:\n    compute: *c⟨memory 1024 MB · timeout 6 s⟩\n",
        ],
    );
}

#[test]
fn variables_show_what_they_give() {
    assert_hints(
        &[HintKind::Variable],
        &[
            "name: ${env:HOST}⟨= db⟩ # c\n",
            "name: \"${env:HOST}-${sls:stage}\"⟨= db-dev⟩\n",
            "name: ${env:NOPE, 5}⟨= 5⟩\n",
            "name: ${env:NOPE}\n",
            "name: ${aws:region}\n",
            "name: ${aws:ssm:x}\n",
            "name: on ${aws:region} ${sls:stage}\n",
            "name: ${AWS::Region} ${x}\n",
            "name: ${env:TOKEN}⟨= ••••••⟩\n",
            "DB_PASSWORD: ${env:HOST}⟨= ••••••⟩\n",
            "name: ${env:LINES}⟨= a b⟩\n",
            "name: |\n  ${env:HOST}\n",
            "name: ${self:x}\nx: [1]\n",
            "name: ${self:x.0}⟨= 1⟩\nx: [1]\n",
            "stages: {prod: {params: {a: '${env:HOST}'}}}\n",
        ],
    );
    let cut = with_hints("name: ${env:LONG}", &[HintKind::Variable]);
    assert_eq!(cut, format!("name: ${{env:LONG}}⟨= {}…⟩", "x".repeat(60)));
    for text in ["name: ${env:TOKEN}", "DB_PASSWORD: ${env:HOST}"] {
        let tooltip = hints_of(text, None).remove(0).tooltip;
        assert!(!tooltip.contains("t0psecret") && !tooltip.contains("`db`"), "{tooltip}");
    }
}

#[test]
fn routes_show_when_they_are_tried() {
    let project = |deployment: &str, patterns: &str| {
        format!(
            "deployment: {{type: {deployment}}}\ncontainers:\n  web: {{compute: {{type: awsLambda}}, routing: {{pathPattern: {patterns}}}}}\n"
        )
    };
    let fargate = "  api: {compute: {type: awsFargateEcs}, routing: {pathPattern: ";
    assert_hints(
        &[HintKind::Route],
        &[
            &(project("aws@1.0", "/*⟨route 2 of 2⟩") + fargate + "/api/*⟨priority 100⟩}}\n"),
            &(project("awsApi@1.0", "/*⟨priority 200⟩") + fargate + "/api/*⟨priority 100⟩}}\n"),
            &project("awsApi@1.0", "/*⟨priority 100⟩"),
            &project("aws@1.0", "/*"),
            // A route that is not known could come anywhere.
            &(project("aws@1.0", "/*") + fargate + "'${aws:ssm:x}'}}\n"),
            &project("azure", "/*"),
        ],
    );
}

#[test]
fn containers_show_what_they_cost() {
    assert_hints(
        &[HintKind::Cost],
        &[
            "containers:\n  api:⟨$0/month idle⟩\n    compute: {type: awsLambda}\n",
            "containers:\n  api:⟨≈ $9.01/month⟩\n    compute: {type: awsFargateEcs}\n",
            "containers:\n  api:⟨≈ $54/month⟩ # c\n    compute: {type: awsFargateEcs, awsFargateEcs: {cpu: 512, memory: 1024, scale: [{type: desired, desired: 3}]}}\n",
            "containers:\n  api:\n    compute: {type: awsFargateEcs, awsFargateEcs: {cpu: 512, memory: 1000}}\n",
            "containers:\n  api:\n    compute: {type: awsFargateEcs, awsFargateEcs: {cpu: '${aws:ssm:x}'}}\n",
        ],
    );
    let scaled = "containers: {api: {compute: {type: awsFargateEcs, awsFargateEcs: {scale: [{type: max, max: 4}, {type: target, target: cpu}]}}}}";
    let cost = hints_of(scaled, None).into_iter().find(|hint| hint.kind == HintKind::Cost).unwrap();
    assert!(cost.tooltip.starts_with("About $9.01 a month with 1 task of 256 CPU units and 512 MB, up to $36 with 4,"));
    assert!(cost.tooltip.contains("us-east-1"));
}

#[test]
fn hints_come_in_order_and_from_the_range_alone() {
    let text = "name: ${sls:stage}\ncontainers:\n  api:\n    compute: {type: awsLambda}\n    src: ${sls:stage}\n";
    let all = hints_of(text, None);
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted_by_key(|hint| hint.offset));
    let first = TextRange::up_to(TextSize::of("name: ${sls:stage}"));
    assert_eq!(hints_of(text, Some(first)), all[..1]);
    assert_eq!(hints_of(text, Some(TextRange::empty(0.into()))), []);
}
