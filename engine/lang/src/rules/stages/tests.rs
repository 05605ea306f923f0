use std::collections::BTreeMap;

use super::CHECKS;
use crate::diagnostic::Severity::{Blocker, Error, Hint, Info, Warning};
use crate::inputs::{Inputs, MemoryFiles};
use crate::rules::testing::{all_are, expect, fixed, run};

/// A document whose `default` stage has resolvers.
fn with(resolvers: &str) -> String {
    format!("stages: {{default: {{resolvers: {{{resolvers}}}}}}}\n")
}

#[test]
fn findings_stand_where_they_belong() {
    for (code, severity, resolvers) in [
        ("SCF050", Error, "«x»: {}"),
        ("SCF050", Error, "«x»: {region: a}"),
        ("SCF051", Error, "x: {type: «AWS»}"),
        ("SCF051", Error, "x: {type: «ssm»}"),
        ("SCF051", Error, "x: {type: «5»}"),
        ("SCF052", Error, "«x»: {type: terraform}"),
        ("SCF052", Error, "x: {type: terraform, backend: «gcs»}"),
        ("SCF052", Error, "«x»: {type: terraform, backend: s3, bucket: b}"),
        ("SCF052", Error, "x: {type: terraform, backend: s3, bucket: b, key: k, «workspace»: w}"),
        ("SCF052", Error, "«x»: {type: terraform, backend: remote}"),
        ("SCF052", Error, "«x»: {type: terraform, backend: remote, workspace: w}"),
        ("SCF052", Error, "x: {type: vault, «adress»: a}"),
        ("SCF052", Error, "x: {type: vault, version: «1»}"),
        ("SCF052", Error, "x: {type: doppler, «inner»: {type: ssm}}"),
        ("SCF052", Error, "x: {type: aws, profile: «5»}"),
        ("SCF052", Error, "x: {type: aws, ignoreCache: «'yes'»}"),
        ("SCF052", Error, "«x»: {type: aws, accessKeyId: a}"),
        ("SCF052", Blocker, "x: {type: aws, y: {type: «sqs»}}"),
        ("SCF052", Blocker, "x: {type: aws, y: {type: ssm, rawOrDecrypt: «plain»}}"),
        ("SCF053", Error, "x: {type: aws}, «y»: {type: aws}"),
        ("SCF054", Error, "x: {type: aws, a: {type: ssm}}, y: {type: aws, «a»: {type: s3}}"),
        ("SCF057", Warning, "x: {type: vault, token: «hvs.x»}"),
        ("SCF057", Warning, "x: {type: aws, accessKeyId: a, secretAccessKey: «s»}"),
        ("SCF057", Warning, "x: {type: terraform, backend: http, password: «'1'»}"),
        ("SCF058", Info, "«x»: {type: aws}"),
    ] {
        all_are(severity, &expect(CHECKS, code, &with(resolvers), &Inputs::default()));
    }
}

#[test]
fn sound_resolvers_give_no_finding() {
    for resolvers in [
        "x: {type: env}, y: {type: git, anything: 1}",
        "x: {type: terraform, backend: s3, bucket: b, key: k}",
        "x: {type: terraform, backend: remote, workspaceId: w}",
        "x: {type: terraform, backend: remote, workspace: w, organization: o, token: '${env:T}'}",
        "x: {type: terraform, backend: http}",
        "x: {type: terraform, backend: '${env:B}', key: k}",
        "x: {type: vault, token: '${opt:t, 5}'}",
        "x: {type: '${env:T}', y: 1}",
        "x: {type: doppler, project: p, config: c}",
    ] {
        let found = run(CHECKS, &with(resolvers), &Inputs::default());
        assert!(found.is_empty(), "{resolvers}: {found:?}");
    }
    // One `aws` resolver is worth a note, and no more.
    let account =
        with("«x»: {type: aws, other: 1, y: {type: ssm, region: r, rawOrDecrypt: raw}, z: {type: s3, bucketName: b}}");
    expect(CHECKS, "SCF058", &account, &Inputs::default());
    assert_eq!(run(CHECKS, &account.replace(['«', '»'], ""), &Inputs::default()).len(), 1);
}

#[test]
fn all_stages_are_checked_but_only_those_in_force_decide_about_the_account() {
    let text = |x: &str, y: &str| {
        format!(
            "stages: {{default: {{resolvers: {{{x}: {{type: aws}}}}}}, prod: {{resolvers: {{{y}: {{type: aws}}}}}}}}\n"
        )
    };
    let prod = Inputs { stage: "prod".to_owned(), ..Inputs::default() };
    expect(CHECKS, "SCF053", &text("a", "b"), &Inputs::default());
    expect(CHECKS, "SCF058", &text("«a»", "b"), &Inputs::default());
    expect(CHECKS, "SCF053", &text("«a»", "b"), &prod);
    expect(CHECKS, "SCF053", &text("a", "a"), &prod);
    expect(CHECKS, "SCF058", &text("a", "«a»"), &prod);
    expect(CHECKS, "SCF051", "stages: {prod: {resolvers: {x: {type: «vaults»}}}}\n", &Inputs::default());
    expect(
        CHECKS,
        "SCF054",
        "stages: {a1: {resolvers: {x: {type: aws, n: {type: ssm}}}}, b1: {resolvers: {y: {type: aws, n: {type: ssm}}}}}\n",
        &Inputs::default(),
    );
}

#[test]
fn unused_parameters_are_pointed_out_where_nothing_can_read_them() {
    let params = |name: &str, rest: &str| {
        format!("stages:\n  default:\n    params:\n      {name}: 1\n      b: 2\nv: ${{param:b}}\n{rest}")
    };
    let files = MemoryFiles::new([("reads.yml", "x: ${param:a}\n"), ("plain.yml", "x: 1\n"), ("run.js", "")]);
    let inputs = Inputs { files: Some(&files), ..Inputs::default() };
    let found = expect(CHECKS, "SCF056", &params("«a»", ""), &inputs);
    all_are(Hint, &found);
    assert!(found[0].unnecessary);
    expect(CHECKS, "SCF056", &params("«a»", "w: ${file(plain.yml):x}\n"), &inputs);
    for rest in [
        "w: ${param:a, 1}\n",
        "w: x ${self:z.${param:a}, ''}\n",
        "w: ${param:${opt:name}}\n",
        "w: ${file(run.js)}\n",
        "w: ${file(reads.yml):x}\n",
        "w: ${file(reads.yml)}\n",
    ] {
        expect(CHECKS, "SCF056", &params("a", rest), &inputs);
    }
    expect(CHECKS, "SCF056", &params("a", "w: ${file(plain.yml)}\n"), &Inputs::default());
    assert_eq!(
        fixed(CHECKS, "SCF056", &params("«a»", ""), &inputs, false),
        "stages:\n  default:\n    params:\n      b: 2\nv: ${param:b}\n"
    );
}

#[test]
fn parameters_of_some_stages_are_reported() {
    let inputs = Inputs::default();
    let stages = |stages: &str| format!("stages: {{{stages}}}\nv: ${{param:a}}\n");
    all_are(Warning, &expect(CHECKS, "SCF059", &stages("prod: {params: {«a»: 1}}"), &inputs));
    expect(CHECKS, "SCF059", &stages("prod: {params: {«a»: 1}}, test: {}"), &inputs);
    expect(CHECKS, "SCF059", &stages("prod: {params: {«a»: 1}}, test: {}, beta: {params: {a: 2}}"), &inputs);
    for sound in [
        stages("prod: {params: {a: 1}}, default: {params: {a: 2}}"),
        stages("default: {params: {a: 2}}"),
        stages("prod: {params: {a: 1}}, test: {params: {a: 2}}"),
        stages("prod: {params: {a: 1}}").replace("param:a", "param:a, 'x'"),
        stages("prod: {params: {b: 1}}"),
    ] {
        expect(CHECKS, "SCF059", &sound, &inputs);
    }
    let passed = Inputs { params: BTreeMap::from([("a".to_owned(), String::new())]), ..Inputs::default() };
    expect(CHECKS, "SCF059", &stages("prod: {params: {a: 1}}"), &passed);
    assert_eq!(
        fixed(
            CHECKS,
            "SCF059",
            "stages:\n  default:\n    params: {}\n  prod:\n    params:\n      «a»: 1\nv: ${param:a}\n",
            &inputs,
            false
        ),
        "stages:\n  default:\n    params:\n      a: ''\n  prod:\n    params:\n      a: 1\nv: ${param:a}\n"
    );
}

#[test]
fn fixes_mend() {
    let inputs = Inputs::default();
    for (code, before, after) in [
        ("SCF050", "«x»:\n        region: r", "x:\n        type: aws\n        region: r"),
        ("SCF051", "x:\n        type: «AWS»", "x:\n        type: aws"),
        ("SCF052", "«x»:\n        type: terraform", "x:\n        type: terraform\n        backend: s3"),
        ("SCF052", "x:\n        type: vault\n        «adress»: a", "x:\n        type: vault\n        address: a"),
        (
            "SCF057",
            "x:\n        type: vault\n        token: «t»",
            "x:\n        type: vault\n        token: ${env:VAULT_TOKEN}",
        ),
    ] {
        let text = |resolver: &str| format!("stages:\n  default:\n    resolvers:\n      {resolver}\n");
        assert_eq!(fixed(CHECKS, code, &text(before), &inputs, false), text(after), "{code}");
    }
}
