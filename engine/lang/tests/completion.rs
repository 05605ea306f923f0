//! Completion: the marked positions of the corpus, and a table of half-typed texts with the cursor written as `|`.

use std::fs;
use std::path::Path;

use slipway_lang::config::build;
use slipway_lang::ide::complete;
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{Encoding, Position, TextSize};
use slipway_lang::yaml::Document;

fn labels(document: &Document, offset: TextSize) -> Vec<String> {
    let inputs = Inputs::default();
    let config = build(document, &inputs);
    complete(&RuleContext::new(document, &config, &inputs), offset).into_iter().map(|item| item.label).collect()
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
