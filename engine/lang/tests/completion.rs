//! Completion: the marked positions of the corpus, and a table of half-typed texts with the cursor written as `|`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use slipway_lang::config::build;
use slipway_lang::diagnostic::Severity;
use slipway_lang::ide::{Item, ItemKind, complete};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{Encoding, Position, TextEdit, TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;

fn items(document: &Document, offset: TextSize, inputs: &Inputs<'_>) -> Vec<Item> {
    let config = build(document, inputs);
    complete(&RuleContext::new(document, &config, inputs), offset)
}

/// The labels of what is offered, blocks of several lines left out.
fn labels(document: &Document, offset: TextSize) -> Vec<String> {
    let items = items(document, offset, &Inputs::default()).into_iter();
    items.filter(|item| item.kind != ItemKind::Snippet).map(|item| item.label).collect()
}

#[test]
fn the_corpus_is_completed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/corpus/complete");
    let mut marks = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let document = Document::new(&*text);
        for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
            let Some((mark, rest)) = line.split_once(": ") else { continue };
            let (place, items) = rest.split_once(" -> ").expect("a place and items");
            let (line, column) = place.split_once(':').expect("line:column");
            let number = |text: &str| text.parse::<u32>().unwrap() - 1;
            let position = Position { line: number(line), character: number(column) };
            let offered = labels(&document, document.source().offset(position, Encoding::Utf16));
            for item in items.split(", ") {
                let wanted = mark == "complete";
                assert_eq!(
                    offered.iter().any(|label| label == item),
                    wanted,
                    "{}: {item} in {offered:?}",
                    path.display()
                );
                marks += 1;
            }
        }
    }
    assert!(marks > 20, "{marks} marks only");
}

#[test]
fn half_typed_texts_are_completed() {
    let container = |keys: &str| {
        format!(
            "name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n{keys}  web:\n    src: ./web\n"
        )
    };
    let wrong: Vec<String> = [
        ("|", "name, deployment, org, frameworkVersion, stages, containers"),
        ("na|", "name, deployment, org, frameworkVersion, stages, containers"),
        ("name: x\ndeployment: {|}", "type, awsVpc, awsIam, awsAlb, awsFargateEcs, slack"),
        ("deployment: {type: |}", "aws@1.0, awsApi@1.0"),
        ("deployment:\n  type: aws|@1.0\n", "aws@1.0, awsApi@1.0"),
        ("deployment:\n  ty|pe: aws@1.0\n", "type, awsVpc, awsIam, awsAlb, awsFargateEcs, slack"),
        ("deployment:\n  type: awsApi@1.0\n  |\n", "awsVpc, awsIam, awsAlb, awsFargateEcs"),
        (&container("    compute:\n      |\n"), "type, awsLambda, awsIam"),
        (&container("    compute:\n      type: awsFargateEcs\n      aw|\n"), "awsFargateEcs, awsIam"),
        (&container("    compute:\n      awsLambda:\n        vpc: |\n"), "true, false"),
        (&container("    rou|\n"), "routing, compute, environment, build, dev, integrations"),
        (
            &container("    compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        scale:\n          - |\n"),
            "type",
        ),
        (
            &container("    compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        scale:\n          - type: |\n"),
            "min, max, desired, target, step",
        ),
        (
            &container("    compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        scale:\n          - type: target\n            |\n"),
            "target, value, scaleIn, scaleInCooldown, scaleOutCooldown",
        ),
        (&container("    integrations:\n      nightly:\n        type: schedule\n        |\n"), "schedule, webhookPath"),
        ("containers:\n  |\n", ""),
    ]
    .into_iter()
    .filter_map(|(text, expected)| {
        let at = text.find('|').expect("a cursor");
        let document = Document::new(text.replacen('|', "", 1));
        let found = labels(&document, TextSize::new(u32::try_from(at).unwrap())).join(", ");
        (found != expected).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
    })
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is offered at `|`, with a project around the text.
fn offered(text: &str) -> (Document, Vec<Item>) {
    let files = MemoryFiles::new([
        ("api/Dockerfile", "ARG REGISTRY\nFROM node AS base\nARG VERSION=1\nFROM base AS prod\n"),
        ("api/lib/index.js", ""),
        ("docs/a.md", ""),
        ("services/web/Dockerfile", "FROM scratch\n"),
        ("node_modules/x/package.json", ""),
        ("settings.yml", "api: {port: 1}\nmode: x\n"),
        (".env", "MODE=x\n"),
    ]);
    let env = ["DB_PASSWORD", "HOME"].map(|name| (name.to_owned(), "hunter2".to_owned()));
    let inputs = Inputs {
        files: Some(&files),
        env: Some(BTreeMap::from(env)),
        params: BTreeMap::from([("size".to_owned(), "5".to_owned())]),
        ..Inputs::default()
    };
    // Block scalars have a `|` of their own, further up.
    let (before, after) = text.rsplit_once('|').unwrap_or_else(|| panic!("no cursor in {text}"));
    let (document, at) = (Document::new(format!("{before}{after}")), before.len());
    let items = items(&document, TextSize::new(u32::try_from(at).unwrap()), &inputs);
    // Neither the environment nor what looks like a secret is ever shown.
    assert!(!format!("{items:?}").contains("hunter2"), "{items:?}");
    (document, items)
}

/// The text after an item is chosen, as an editor would do it, with the places of a snippet as they are written.
fn chosen(text: &str, label: &str) -> String {
    written(text, label, |item| item.new_text.clone())
}

fn written(text: &str, label: &str, new_text: impl Fn(&Item) -> String) -> String {
    let (document, items) = offered(text);
    let labels: Vec<_> = items.iter().map(|item| &item.label).collect();
    let item = items.iter().find(|item| item.label == label);
    let item = item.unwrap_or_else(|| panic!("no {label} in {labels:?} for {text}"));
    let source = document.source();
    let line = source.slice(source.line_range(source.line_of(item.replaced.start())).unwrap());
    let indentation = &line[..line.len() - line.trim_start_matches(' ').len()];
    let new_text = new_text(item).replace('\n', &format!("\n{indentation}"));
    apply_edits(source.text(), &[TextEdit::replace(item.replaced, new_text)]).unwrap()
}

/// A container `api` with some keys.
fn container(keys: &str) -> String {
    let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
    format!("name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n{keys}")
}

#[test]
fn what_is_chosen_is_written_in_the_style_of_the_document() {
    let wrong: Vec<String> = [
        // Keys.
        ("na|", "name", "name: "),
        ("na|: x", "name", "name: x"),
        ("na|me: x", "name", "name: x"),
        ("depl|", "deployment", "deployment:\n  type: ${1:aws@1.0}"),
        ("deployment:\n  |\n", "awsAlb", "deployment:\n  awsAlb:\n    wafAclArn: ${1:arn:aws:wafv2:us-east-1:123456789012:regional/webacl/name/id}\n"),
        ("stages:\n    a: {}\n|", "deployment", "stages:\n    a: {}\ndeployment:\n    type: ${1:aws@1.0}"),
        ("deployment:\n    type: aws@1.0\n    aws|\n", "awsIam", "deployment:\n    type: aws@1.0\n    awsIam:\n        roleArn: ${1:arn:aws:iam::123456789012:role/name}\n"),
        ("deployment: {|}", "type", "deployment: {type: }"),
        ("deployment: {|}", "awsIam", "deployment: {awsIam: {$1}}"),
        ("{\"deployment\": {|}}", "type", "{\"deployment\": {\"type\": \"$1\"}}"),
        ("{\"deployment\": {\"ty|\"}}", "type", "{\"deployment\": {\"type\": \"$1\"}}"),
        ("{\"deployment\": {\"ty|\": 1}}", "type", "{\"deployment\": {\"type\": 1}}"),
        ("\"na|\": x", "name", "\"name\": x"),
        // Values.
        ("deployment:\n  type:|\n", "aws@1.0", "deployment:\n  type: aws@1.0\n"),
        ("deployment:\n  type: awsA|pi # c\n", "aws@1.0", "deployment:\n  type: aws@1.0 # c\n"),
        ("deployment:\n  type: 'aws|\n", "aws@1.0", "deployment:\n  type: 'aws@1.0'\n"),
        ("deployment:\n  type: 'aws|' # c\n", "aws@1.0", "deployment:\n  type: 'aws@1.0' # c\n"),
        ("{\"deployment\": {\"type\": |}}", "aws@1.0", "{\"deployment\": {\"type\": \"aws@1.0\"}}"),
        (
            "containers:\n  a:\n    src: api\n    build:\n      options:\n        - |\n",
            "--target=prod",
            "containers:\n  a:\n    src: api\n    build:\n      options:\n        - --target=prod\n",
        ),
        (
            "containers:\n  a:\n    src: api\n    build:\n      options: '--pull --target p|'\n",
            "prod",
            "containers:\n  a:\n    src: api\n    build:\n      options: '--pull --target prod'\n",
        ),
        // Sources of variables.
        ("name: ${|", "env", "name: ${env:$0\\}"),
        ("name: ${e|}", "env", "name: ${env:}"),
        ("name: \"a ${e|\"", "env", "name: \"a ${env:$0\\}\""),
        ("name: ${fi|", "file", "name: ${file($0)\\}"),
        ("name: $|", "env", "name: ${env:$0\\}"),
        ("name: ${env:|", "HOME", "name: ${env:HOME}"),
        ("name: ${env:H|OM}", "HOME", "name: ${env:HOME}"),
        ("name: '${env:H|'", "HOME", "name: '${env:HOME}'"),
        ("name: ${env:H| ${env:X}", "HOME", "name: ${env:HOME} ${env:X}"),
        ("name: ${env:X, ${env:H|}", "HOME", "name: ${env:X, ${env:HOME}"),
        ("name: ${env:X, env:|}", "HOME", "name: ${env:X, env:HOME}"),
        ("name: ${env:H|, 'x'}", "HOME", "name: ${env:HOME, 'x'}"),
        ("{\"name\": \"${sls:|\"}", "stage", "{\"name\": \"${sls:stage}\"}"),
        ("name: ${param:|}", "size", "name: ${param:size}"),
        ("name: ${opt:|", "stage", "name: ${opt:stage}"),
        ("name: ${aws:|", "ssm", "name: ${aws:ssm:$0\\}"),
        ("name: ${git:|", "sha1", "name: ${git:sha1}"),
        ("a: {b: x}\nname: ${self:|}", "a", "a: {b: x}\nname: ${self:a}"),
        ("a: {b: x}\nname: ${self:a.|", "b", "a: {b: x}\nname: ${self:a.b}"),
        ("a: {b: {c: x}}\nname: ${self:a.b|.c}", "b", "a: {b: {c: x}}\nname: ${self:a.b.c}"),
        ("a: [{b: x}]\nname: ${self:a.0.|}", "b", "a: [{b: x}]\nname: ${self:a.0.b}"),
        ("name: ${file(|", "./settings.yml", "name: ${file(./settings.yml)}"),
        ("name: ${file(./s|):api}", "./settings.yml", "name: ${file(./settings.yml):api}"),
        ("name: ${file(./s|)", "./settings.yml", "name: ${file(./settings.yml)"),
        ("name: ${file(./settings.yml):api.|", "port", "name: ${file(./settings.yml):api.port}"),
        // Anchors.
        ("a: &a {x: 1}\nb: *|", "*a", "a: &a {x: 1}\nb: *a"),
        ("a: &a {x: 1}\nb:\n  <<: |\n", "*a", "a: &a {x: 1}\nb:\n  <<: *a\n"),
        ("a: &a {x: 1}\ndeployment:\n  |\n", "<<", "a: &a {x: 1}\ndeployment:\n  <<: *a\n"),
    ]
    .into_iter()
    .filter_map(|(text, label, expected)| {
        let found = chosen(text, label);
        (found != expected).then(|| format!("{text} with {label}\n  expected {expected:?}\n  found    {found:?}"))
    })
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whole_blocks_are_written_in_the_indentation_of_the_document() {
    let lambda = "containers:\n    ${1:service}:\n        src: ${2:./service}\n        routing:\n            pathPattern: ${3:/*}\n        compute:\n            type: ${4:awsLambda}\n            awsLambda:\n                memory: ${5:1024}\n                timeout: ${6:30}\n";
    let wide = "stages:\n    dev:\n        params: {}\n";
    let scale = "compute:\n  type: awsFargateEcs\n  awsFargateEcs:\n    scale:\n      - ";
    let statement = "compute:\n  awsIam:\n    customPolicy:\n      Statement:\n        - ";
    let wrong: Vec<String> = [
        (format!("{wide}containers:\n    |\n"), "Lambda container", format!("{wide}{lambda}")),
        (
            container(&format!("{scale}|")),
            "type: target",
            container(&format!("{scale}type: ${{1:target}}\n        target: ${{2:cpu}}\n        value: ${{3:70}}")),
        ),
        (
            container(&format!("{scale}|")),
            "type: desired",
            container(&format!("{scale}type: ${{1:desired}}\n        desired: ${{2:1}}")),
        ),
        (
            container(&format!("{statement}|")),
            "Effect, Action, Resource",
            container(&format!("{statement}Effect: ${{1:Allow}}\n          Action: $2\n          Resource: $3")),
        ),
        (
            container("integrations:\n  |"),
            "slack integration",
            container("integrations:\n  ${1:slack}:\n    type: ${2:slack}\n    name: ${3:My App}"),
        ),
        (
            container("integrations:\n  |"),
            "awsEventBridge integration",
            container("integrations:\n  ${1:awsEventBridge}:\n    type: ${2:awsEventBridge}\n    pattern:\n      source: [${3:my.source}]"),
        ),
        (
            container("compute:\n  |"),
            "awsIam",
            container(
                "compute:\n  awsIam:\n    customPolicy:\n      Version: ${1:\"2012-10-17\"}\n      Statement:\n        - Effect: ${2:Allow}\n          Action: $3\n          Resource: $4",
            ),
        ),
        (container("env|"), "environment", container("environment:\n  ${1:name}: $2")),
        (container("build:\n  |"), "options", container("build:\n  options: ")),
        (container("bui|"), "build", container("build:\n  $0")),
        (
            "stages:\n  |\n".to_owned(),
            "default",
            "stages:\n  default:\n    params:\n      name: ${1:value}\n".to_owned(),
        ),
        (
            "stages:\n  dev:\n    resolvers:\n      x:\n        |\n".to_owned(),
            "type",
            "stages:\n  dev:\n    resolvers:\n      x:\n        type: \n".to_owned(),
        ),
        (
            container("integrations:\n  x:\n    type: slack\n    |"),
            "credentials",
            container(
                "integrations:\n  x:\n    type: slack\n    credentials:\n      signingSecret: ${1:\\${env:SLACK_SIGNING_SECRET\\}}\n      botToken: ${2:\\${env:SLACK_BOT_TOKEN\\}}",
            ),
        ),
    ]
    .into_iter()
    .filter_map(|(text, label, expected)| {
        let found = chosen(&text, label);
        (found != expected).then(|| format!("{text} with {label}\n  expected {expected}\n  found    {found}"))
    })
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_block_is_a_valid_configuration() {
    let scale = "compute:\n  type: awsFargateEcs\n  awsFargateEcs:\n    scale:\n      - |";
    let mut blocks = 0;
    for text in [
        "name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  |\n".to_owned(),
        container(&format!("routing:\n  pathPattern: /*\n{scale}")),
        container("routing:\n  pathPattern: /*\ncompute:\n  type: awsLambda\nintegrations:\n  |"),
    ] {
        let (_, items) = offered(&text);
        for item in items.iter().filter(|item| item.kind == ItemKind::Snippet) {
            blocks += 1;
            let written = written(&text, &item.label, Item::plain_text);
            let document = Document::new(written.as_str());
            let diagnostics = slipway_lang::analyze(&document, &Inputs::default()).diagnostics;
            // Bounds alone lack a policy, and a policy alone lacks its bounds.
            let is_complete = |code: &str| !["SCF156", "SCF157"].contains(&code);
            let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
            let errors: Vec<_> = errors.filter(|found| is_complete(found.rule.code)).collect();
            assert!(errors.is_empty(), "{written}\n{errors:?}");
        }
    }
    assert!(blocks >= 10, "{blocks} blocks only");
}

#[test]
fn values_depend_on_what_is_around_them() {
    let fargate = "compute:\n  type: awsFargateEcs\n  awsFargateEcs:\n    ";
    let other = "  web:\n    routing:\n      domain: www.example.net\n      pathHealthCheck: /up\n";
    let wrong: Vec<String> = [
        (container("compute:\n  awsLambda:\n    vpc: |"), "true, false"),
        (container("compute:\n  awsLambda:\n    memory: |"), "1024, 512, 1769, 2048"),
        (container("compute:\n  type: |"), "awsLambda, awsFargateEcs"),
        (container(&format!("{fargate}cpu: |")), "256, 512, 1024, 2048, 4096, 8192, 16384"),
        (container(&format!("{fargate}cpu: 256\n    memory: |")), "512, 1024, 2048"),
        (container(&format!("{fargate}memory: |")), "512, 1024, 2048"),
        (
            container(&format!("{fargate}scale:\n      - type: step\n        adjustmentType: |")),
            "ChangeInCapacity, PercentChangeInCapacity, ExactCapacity",
        ),
        (
            container(&format!("{fargate}scale:\n      - type: step\n        metricName: |")),
            "CPUUtilization, MemoryUtilization",
        ),
        (container("compute:\n  awsIam:\n    customPolicy:\n      Version: |"), "2012-10-17"),
        (container("compute:\n  awsIam:\n    customPolicy:\n      Statement:\n        - Effect: |"), "Allow, Deny"),
        (container("routing:\n  pathPattern: |"), "/api/*, /*"),
        (container("routing:\n  domain: |") + other, "www.example.net"),
        (container("routing:\n  pathHealthCheck: |") + other, "/up, /health, /"),
        (
            container("integrations:\n  nightly:\n    type: schedule\n    webhookPath: |"),
            "/v1/integrations/nightly/schedule",
        ),
        (
            container("integrations:\n  nightly:\n    type: schedule\n    schedule: rate(1 |"),
            "rate(1 hour), rate(5 minutes), rate(1 day), cron(0 9 * * ? *), cron(0 9 ? * MON-FRI *), cron(0 0 1 * ? *)",
        ),
        (
            container("integrations:\n  s:\n    type: slack\n    credentials:\n      botToken: |"),
            "${env:SLACK_BOT_TOKEN}",
        ),
        ("containers:\n  a:\n    src: |\n".to_owned(), "./api, ./docs, ./services"),
        ("containers:\n  a:\n    src: ./services/|\n".to_owned(), "./services/web"),
        ("containers:\n  a:\n    src: ../|\n".to_owned(), ""),
        (container("dev:\n  watchPath: |"), "lib"),
        (container("dev:\n  excludeDirectories:\n    - |"), "lib"),
        (container("build:\n  options:\n    - |"), "--target=prod, --target=base"),
        (container("build:\n  options:\n    - --target\n    - |"), "prod, base"),
        (container("build:\n  options: --pull --target |"), "prod, base"),
        (container("build:\n  args:\n    |"), "REGISTRY, VERSION"),
        (
            container("integrations:\n  e:\n    type: awsEventBridge\n    pattern:\n      source: [x]\n      d|"),
            "version, id, detail-type, account, time, region, resources, detail, replay-name, $or",
        ),
        (
            "stages:\n  dev:\n    resolvers:\n      x:\n        type: |\n".to_owned(),
            "aws, vault, doppler, terraform, env, param, self, file, sls, opt, strToBool, git",
        ),
        ("stages:\n  dev:\n    resolvers:\n      x:\n        type: terraform\n        |\n".to_owned(), "backend"),
        (
            "stages:\n  dev:\n    resolvers:\n      x:\n        type: terraform\n        backend: s3\n        |\n"
                .to_owned(),
            "bucket, key, region",
        ),
        ("stages:\n  dev:\n    params: {a: 1}\n  prod:\n    params:\n      |\n".to_owned(), "a"),
        ("containers:\n  a:\n    environment: {X: 1}\n  b:\n    environment:\n      |\n".to_owned(), "X"),
        (
            "stages: {default: {params: {a: 1, b: 2}}, prod: {params: {b: 1, c: 3}}}\nname: ${param:|}".to_owned(),
            "size, a, b, c",
        ),
        ("a: 1\nx: {b: 1}\ny: ${self:|".to_owned(), "a, x"),
        ("stages: {default: {params: {token: hunter2}}}\nname: ${param:|}".to_owned(), "size, token"),
        ("stages: {default: {params: {token: hunter2}}}\nname: ${self:stages.default.params.|}".to_owned(), "token"),
        ("name: ${env:A}\norg: ${env:|}".to_owned(), "A, DB_PASSWORD, HOME"),
        // Nothing is to be written here.
        ("name: x # ${|".to_owned(), ""),
        ("# na|".to_owned(), ""),
        ("name: 'a ${env:A, 'b|".to_owned(), ""),
        ("containers:\n |   a: 1\n".to_owned(), ""),
        (container("environment:\n  X: |"), ""),
        (container("build:\n  dockerFileString: |-\n    FROM |"), ""),
    ]
    .into_iter()
    .filter_map(|(text, expected)| {
        let (_, items) = offered(&text);
        let items = items.into_iter().filter(|item| item.kind != ItemKind::Snippet);
        let found = items.map(|item| item.label).collect::<Vec<_>>().join(", ");
        (found != expected).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
    })
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an editor shows an item for what is typed: its letters are there, in this order.
fn is_shown(item: &Item, typed: &str) -> bool {
    let mut letters = item.filter.as_ref().unwrap_or(&item.label).chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|typed| letters.any(|letter| letter == typed))
}

#[test]
fn what_is_wanted_stands_near_the_top() {
    const LEAST: f64 = 0.95;
    let head = "name: demo\ndeployment:\n  type: aws@1.0\n";
    let fargate = "compute:\n  type: awsFargateEcs\n  awsFargateEcs:\n    ";
    let policy = "compute:\n  awsIam:\n    customPolicy:\n      Version: \"2012-10-17\"\n      Statement:\n        - ";
    let cases = [
        ("|".to_owned(), "name"),
        ("name: demo\n|".to_owned(), "deployment"),
        ("name: demo\ndeployment:\n  |".to_owned(), "type"),
        ("name: demo\ndeployment:\n  type: |".to_owned(), "aws@1.0"),
        (format!("{head}|"), "containers"),
        (format!("{head}c|"), "containers"),
        (format!("{head}st|"), "stages"),
        (format!("{head}containers:\n  |"), "Lambda container"),
        (format!("{head}containers:\n  far|"), "Fargate container"),
        (format!("{head}containers:\n  api:\n    |"), "src"),
        (format!("{head}containers:\n  api:\n    src: |"), "./api"),
        (container("|"), "routing"),
        (container("routing:\n  |"), "pathPattern"),
        (container("routing:\n  pathPattern: |"), "/api/*"),
        (container("routing:\n  pathPattern: /*\n|"), "compute"),
        (container("compute:\n  |"), "type"),
        (container("compute:\n  type: |"), "awsLambda"),
        (container("compute:\n  type: f|"), "awsFargateEcs"),
        (container("compute:\n  type: awsLambda\n  |"), "awsLambda"),
        (container("compute:\n  type: awsLambda\n  awsLambda:\n    |"), "memory"),
        (container("compute:\n  type: awsLambda\n  awsLambda:\n    memory: |"), "1024"),
        (container("compute:\n  type: awsLambda\n  awsLambda:\n    t|"), "timeout"),
        (container(&format!("{fargate}|")), "cpu"),
        (container(&format!("{fargate}cpu: 256\n    |")), "memory"),
        (container(&format!("{fargate}sc|")), "scale"),
        (container(&format!("{fargate}scale:\n      - |")), "type"),
        (container(&format!("{fargate}scale:\n      - type: |")), "min"),
        (container(&format!("{fargate}scale:\n      - type: t|")), "target"),
        (container(&format!("{fargate}scale:\n      - type: target\n        target: |")), "cpu"),
        (container("env|"), "environment"),
        (container("environment:\n  HOST: ${|"), "env"),
        (container("environment:\n  HOST: ${env:|"), "DB_PASSWORD"),
        (container("environment:\n  HOST: ${param:|"), "size"),
        (container("environment:\n  HOST: ${f|"), "file"),
        (container("environment:\n  HOST: ${file(|"), "./settings.yml"),
        (container("environment:\n  STAGE: ${sls:|"), "stage"),
        (container("environment:\n  REGION: ${aws:|"), "region"),
        (container("environment:\n  NAME: ${self:n|"), "name"),
        (container("build:\n  options:\n    - |"), "--target=prod"),
        (container("build:\n  args:\n    v|"), "VERSION"),
        (container("integrations:\n  s|"), "schedule integration"),
        (container("integrations:\n  nightly:\n    |"), "type"),
        (container("integrations:\n  nightly:\n    type: |"), "schedule"),
        (container("integrations:\n  nightly:\n    type: schedule\n    |"), "schedule"),
        (container("integrations:\n  nightly:\n    type: schedule\n    schedule: |"), "rate(1 hour)"),
        (container(&format!("{policy}|")), "Effect, Action, Resource"),
        (container(&format!("{policy}Effect: |")), "Allow"),
        (container(&format!("{policy}Effect: Allow\n          |")), "Action"),
        (container(&format!("{policy}Effect: Allow\n          Action: s3:GetObject\n          |")), "Resource"),
    ];
    let ranks = cases.iter().map(|(text, wanted)| {
        let (document, items) = offered(text);
        let at = TextSize::new(u32::try_from(text.rfind('|').unwrap()).unwrap());
        let typed = |item: &Item| document.source().slice(TextRange::new(item.replaced.start(), at)).to_owned();
        let mut shown: Vec<_> = items.iter().filter(|item| is_shown(item, &typed(item))).collect();
        // What begins with the typed letters comes first.
        shown.sort_by_key(|item| !item.filter.as_ref().unwrap_or(&item.label).starts_with(&typed(item)));
        let rank = shown.iter().position(|item| item.label == *wanted);
        (text, wanted, rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0)))
    });
    let ranks: Vec<_> = ranks.collect();
    let mean = ranks.iter().map(|(.., rank)| rank).sum::<f64>() / ranks.len() as f64;
    let low: Vec<_> = ranks.iter().filter(|(.., rank)| *rank < LEAST).collect();
    assert!(mean >= LEAST, "{mean}: {low:#?}");
}
