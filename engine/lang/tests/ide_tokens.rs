//! Semantic tokens: a text, and its tokens as `word kind.modifiers`.

use std::collections::HashSet;

use slipway_lang::config::build;
use slipway_lang::ide::{Modifier, TokenKind, tokens};
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize};
use slipway_lang::yaml::Document;

fn tokens_of(text: &str, range: Option<TextRange>) -> String {
    let document = Document::new(text);
    let inputs = Inputs::default();
    let config = build(&document, &inputs);
    let ctx = RuleContext::new(&document, &config, &inputs);
    let words = tokens(&ctx, range).into_iter().map(|token| {
        let mut word = format!("{} {}", document.source().slice(token.range), token.kind.name());
        for modifier in Modifier::ALL.into_iter().filter(|modifier| token.modifiers.contains(*modifier)) {
            word.push('.');
            word.push_str(modifier.name());
        }
        word
    });
    words.collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn assert_tokens(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = tokens_of(text, None);
            (found != *expected).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_are_told_apart() {
    assert_tokens(&[
        ("name: shop", "name property"),
        ("nonsense: shop", ""),
        ("\"name\": shop", "\"name\" property"),
        (
            "containers: {api: {environment: {A: b}, build: {args: {X: y}}}}",
            "containers property | api class.declaration | environment property | A variable.declaration | build property | \
             args property | X parameter.declaration",
        ),
        (
            "stages: {dev: {params: {a: b}, resolvers: {v: {type: vault}}}}",
            "stages property | dev namespace.declaration | params property | a parameter.declaration | resolvers property | \
             v namespace.declaration",
        ),
        (
            "deployment: {type: awsApi@1.0}\ncontainers: {a: {integrations: {x: {}}}}",
            "deployment property | type property | awsApi@1.0 enumMember | containers property | a class.declaration | \
             integrations property.deprecated | x function.declaration",
        ),
        ("a: &b {}\nc: {<<: *b}\nd: !Ref e", "&b decorator.declaration | << operator | *b decorator | !Ref macro"),
    ]);
}

#[test]
fn values_are_told_apart() {
    let container = |keys: &str| format!("containers: {{a: {{{keys}}}}}");
    let prefix = "containers property | a class.declaration | ";
    let cases = [
        (
            "routing: {pathPattern: /a/*/b?}",
            "routing property | pathPattern property | /a/ regexp | * operator | /b regexp | ? operator",
        ),
        ("routing: {domain: a.example.com}", "routing property | domain property | a.example.com namespace"),
        ("compute: {type: awsLambda}", "compute property | type property | awsLambda enumMember"),
        ("compute: {type: lambada}", "compute property | type property"),
        (
            "compute: {awsLambda: {memory: 512, vpc: true}}",
            "compute property | awsLambda property | memory property | 512 number | vpc property | true keyword",
        ),
        (
            "compute: {awsIam: {roleArn: 'arn:aws:iam::1:role/x'}}",
            "compute property | awsIam property | roleArn property | arn:aws:iam::1:role/x type",
        ),
        (
            "integrations: {i: {type: schedule, schedule: 'cron(0/5 9 ? * MON-FRI *)'}}",
            "integrations property | i function.declaration | type property | schedule enumMember | schedule property | \
             cron function | 0 number | / operator | 5 number | 9 number | ? operator | * operator | MON keyword | - operator | \
             FRI keyword | * operator",
        ),
        (
            "integrations: {i: {type: schedule, schedule: rate(5 minutes)}}",
            "integrations property | i function.declaration | type property | schedule enumMember | schedule property | \
             rate function | 5 number | minutes keyword",
        ),
        (
            "compute: {awsFargateEcs: {scale: [{type: min, min: 1}]}}",
            "compute property | awsFargateEcs property | scale property | type property | min enumMember | min property | 1 number",
        ),
    ];
    for (keys, expected) in cases {
        assert_tokens(&[(&container(keys), &format!("{prefix}{expected}"))]);
    }
    assert_tokens(&[("name: ~", "name property | ~ keyword"), ("name:", "name property")]);
}

#[test]
fn variables_are_taken_apart() {
    assert_tokens(&[
        (
            "x: a ${env:B, 'c'} d",
            "${ operator | env namespace.defaultLibrary | B variable.readonly | , operator | 'c' string | } operator",
        ),
        ("x: '${param:b}'", "${ operator | param namespace.defaultLibrary | b parameter.readonly | } operator"),
        (
            "x: ${self:a.b, 5, true}",
            "${ operator | self namespace.defaultLibrary | a.b property.readonly | , operator | 5 number | , operator | true keyword | } operator",
        ),
        (
            "x: ${file(./a.yml):b}",
            "${ operator | file namespace.defaultLibrary | ./a.yml string | b variable.readonly | } operator",
        ),
        (
            "x: ${aws:ssm:/a}",
            "${ operator | aws namespace.defaultLibrary | ssm type | /a variable.readonly | } operator",
        ),
        ("x: ${ssm:/a}", "${ operator | ssm namespace.deprecated.defaultLibrary | /a variable.readonly | } operator"),
        (
            "x: ${env:A_${sls:stage}_B}",
            "${ operator | env namespace.defaultLibrary | A_ variable.readonly | ${ operator | sls namespace.defaultLibrary | \
             stage variable.readonly | } operator | _B variable.readonly | } operator",
        ),
        (
            "x: ${env:A, ${env:B}}",
            "${ operator | env namespace.defaultLibrary | A variable.readonly | , operator | ${ operator | env namespace.defaultLibrary | B variable.readonly | } operator | } operator",
        ),
        ("x: ${AWS::Region}", "${AWS::Region} macro"),
        ("x: ${y}", ""),
        ("x: ${env:A", ""),
        (
            "x: arn:aws:s3:::${sls:stage}-b",
            "arn:aws:s3::: type | ${ operator | sls namespace.defaultLibrary | stage variable.readonly | } operator | -b type",
        ),
        (
            "x: |\n  a ${sls:stage}\n  b\n",
            "${ operator | sls namespace.defaultLibrary | stage variable.readonly | } operator",
        ),
        ("x: \"${env:\\u0041}\"", "${ operator | env namespace.defaultLibrary | } operator"),
    ]);
}

#[test]
fn codes_in_comments_are_marked() {
    assert_tokens(&[("# slipway-ignore: SCF030, SCF999 why\nname: x", "SCF030 enumMember | name property")]);
}

#[test]
fn a_range_gives_the_tokens_that_touch_it() {
    let text = "name: ${sls:stage}\norg: x\nstages: {}\n";
    let second = TextRange::at(TextSize::of("name: ${sls:stage}\n"), TextSize::of("org: x"));
    assert_eq!(tokens_of(text, Some(second)), "org property");
}

#[test]
fn the_legends_have_no_name_twice() {
    let kinds: HashSet<&str> = TokenKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(kinds.len(), TokenKind::ALL.len());
    for (position, kind) in TokenKind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, position, "{}", kind.name());
    }
    let modifiers: HashSet<&str> = Modifier::ALL.iter().map(|modifier| modifier.name()).collect();
    assert_eq!(modifiers.len(), Modifier::ALL.len());
}
