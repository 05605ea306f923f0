use std::collections::BTreeMap;

use super::CHECKS;
use crate::diagnostic::Severity::{Blocker, Error, Hint, Info, Warning};
use crate::inputs::{Inputs, MemoryFiles};
use crate::rules::testing::{all_are, expect, fixed, run};

fn inputs(files: &MemoryFiles) -> Inputs<'_> {
    let env = [("HOST", "example.com"), ("VAULT_TOKEN", "t"), ("DOPPLER_TOKEN", "t")];
    let env: BTreeMap<String, String> =
        env.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Inputs { files: Some(files), env: Some(env), ..Inputs::default() }
}

fn files() -> MemoryFiles {
    MemoryFiles::new([
        ("settings.json", r#"{"hosts": ["a", "b"], "port": 80}"#),
        ("config/app.yml", "name: x\n"),
        ("empty.yml", ""),
    ])
}

/// Under which key a value stands in the tables.
fn document(rest: &str, value: &str) -> String {
    format!("{rest}v: {value}\n")
}

#[test]
fn findings_stand_where_they_belong() {
    let files = files();
    let inputs = inputs(&files);
    let resolvers = "stages: {default: {resolvers: {acme: {type: aws, mine: {type: ssm}}, dop: {type: doppler, project: p, token: t}}}}\n";
    for (code, severity, rest, value) in [
        ("SCF267", Warning, "", "${«env:NONE»}"),
        ("SCF267", Warning, "", "x ${opt:none, «env:NONE»} y"),
        ("SCF267", Warning, "", "${self:${«env:NONE»}, 'x'}"),
        ("SCF350", Warning, "", "a «${env:HOST» b"),
        ("SCF350", Warning, "", "'«${self:a${env:HOST}»'"),
        ("SCF351", Blocker, "", "${«enw»:HOST}"),
        ("SCF351", Blocker, "", "${env:HOST, «foo»:bar}"),
        ("SCF351", Blocker, "", "${«output»:service.key}"),
        ("SCF351", Blocker, "", "'${env:HOST, «{\"a\"»:1}'"),
        ("SCF351", Blocker, "", "${opt:x, «a-${env:HOST}»}"),
        ("SCF353", Error, "", "${env:NONE, «fast»}"),
        ("SCF353", Error, "", "'${env:NONE, «\"\\q\"»}'"),
        ("SCF353", Error, "", "\"${«HOST», 'a:b'}\""),
        ("SCF354", Error, "", "${env:HOST«,»}"),
        ("SCF354", Error, "", "${env:HOST«, »}"),
        ("SCF354", Error, "", "${«,»env:HOST}"),
        ("SCF354", Error, "", "${«env:»}"),
        ("SCF355", Info, "", "\"${env:HOST, «'a,b'»}\""),
        ("SCF355", Info, "", "\"${env:HOST, «'a}b'»}\""),
        ("SCF356", Info, "", "${opt:a, «${env:HOST}»}"),
        ("SCF357", Error, "", "${«self:v»}"),
        ("SCF358", Error, "", "${self:«no.where»}"),
        ("SCF358", Warning, "", "${env:HOST, self:«no.where»}"),
        ("SCF358", Warning, "", "${aws:ssm:/x, self:«no.where»}"),
        ("SCF358", Error, "w: ~\n", "${self:«w»}"),
        ("SCF359", Error, "", "${file(«./none.json»)}"),
        ("SCF359", Error, "", "${file(«config»)}"),
        ("SCF359", Warning, "", "${file(«./none.json»), 'x'}"),
        ("SCF360", Error, "", "${file(settings.json):«host»}"),
        ("SCF360", Error, "", "${«file(empty.yml)»}"),
        ("SCF361", Error, "w: {a: 1}\n", "x «${self:w}»"),
        ("SCF361", Error, "", "x «${opt:none, null}»"),
        ("SCF362", Warning, "w: [1]\n", "x «${self:w}»"),
        ("SCF363", Error, "", "${«strToBool(${env:HOST})»}"),
        ("SCF364", Error, "", "${file(settings.json):hosts«[0]»}"),
        ("SCF364", Error, "", "${self:w«[0]»«[12]».x}"),
        ("SCF365", Error, "", "${sls:«stages»}"),
        ("SCF366", Error, "", "${git:«sha», 'x'}"),
        ("SCF367", Error, "", "${param:«table»}"),
        ("SCF367", Warning, "", "${env:HOST, param:«table»}"),
        ("SCF368", Blocker, "", "${«terraform:outputs:x»}"),
        ("SCF368", Error, "", "${«doppler:SECRET»}"),
        ("SCF368", Error, resolvers, "${acme:«min»:/x}"),
        ("SCF368", Error, "", "${env:«HOST»:x, 'd'}"),
        ("SCF369", Warning, "", "${aws:ssm:«shop/url»}"),
        ("SCF369", Warning, "", "${ssm:«url»}"),
        ("SCF369", Warning, "", "${aws:«shop/url»}"),
        ("SCF369", Warning, resolvers, "${acme:mine:«url»}"),
        ("SCF370", Info, "", "${«aws:ssm:/x»}"),
        ("SCF370", Info, "", "a ${opt:x, «aws:region»} b"),
        ("SCF371", Warning, "", "{\"«${sls:stage}»_X\": 1}"),
        ("SCF372", Warning, "", "'${env:« »HOST}'"),
        ("SCF372", Warning, "", "\"${aws:«  »ssm:/x}\""),
        ("SCF373", Warning, "", "${«opt:stage»}"),
        ("SCF373", Warning, "", "${self:x.${«opt:stage»}, 'd'}"),
        ("SCF374", Warning, "", "a «${HOST}»"),
        ("SCF374", Warning, "", "«${HOST:-x}»"),
        ("SCF375", Warning, "", "a:«${AWS::Region}»:b"),
        ("SCF375", Warning, "", "«${AWS::StackName}»"),
        ("SCF376", Info, "", "${file(«./x.mjs»):a}"),
        ("SCF376", Info, "", "${file:«./x.ts»}"),
        ("SCF377", Hint, "", "${«ssm»:/x}"),
        ("SCF377", Hint, "", "${opt:x, «s3»:a/b}"),
    ] {
        all_are(severity, &expect(CHECKS, code, &document(rest, value), &inputs));
    }
    all_are(Error, &expect(CHECKS, "SCF357", "a: ${«self:b»}\nb: x ${self:a}\n", &inputs));
}

#[test]
fn sound_texts_give_no_finding() {
    let files = files();
    let inputs = inputs(&files);
    let rest = "stages: {default: {params: {p: 1}, resolvers: {acme: {type: aws, mine: {type: ssm}}, tf: {type: terraform, backend: http}, \
                dop: {type: doppler, project: p, token: t}, vt: {type: vault, token: t}}}, prod: {params: {q: 1}, resolvers: {later: {type: vault}}}}\n\
                w: {a: [1, {b: c}], e: ''}\n";
    for value in [
        "${env:HOST}",
        "${env:NONE, 'x'}",
        "${env:NONE, opt:x}",
        "${env:NONE, null}",
        "\"${env:NONE, 'http://x:80'}\"",
        "${env:NONE, 5}",
        "${self:w.a.1.b}",
        "${self:w.e}",
        "${self:w.none, 'x'}",
        "${self:w.none, self:w.e}",
        "${param:p}",
        "${param:q}",
        "${param:none, 1}",
        "${file(settings.json):hosts.0}",
        "${file(./config/../config/app.yml)}",
        "${file(${git:branch}.json)}",
        "${sls:stage}-${sls:instanceId}",
        "${git:sha1}",
        "${later:x}",
        "${vt:a/b}",
        "${dop:SECRET}",
        "${doppler:project/SECRET}",
        "${tf:outputs:x}",
        "${vault:a/b}",
        "${opt:stage, 'dev'}",
        "${opt:stage, self:w.e}",
        "${strToBool(${opt:flag, '0'})}",
        "text $ { } ${}",
        "${iot:x}",
        "${env:NONE, 'it''s'}",
    ] {
        let found = run(CHECKS, &document(rest, value), &inputs);
        let found: Vec<_> = found.iter().map(|diagnostic| (diagnostic.rule.code, &diagnostic.message)).collect();
        assert!(found.is_empty(), "{value}: {found:?}");
    }
}

#[test]
fn text_for_a_shell_is_left_alone() {
    let files = files();
    for text in [
        "containers: {a: {build: {dockerFileString: \"RUN echo ${PATH} ${A:-b} ${A%%:*} ${x\"}}}\n",
        "containers: {a: {dev: {hooks: {onreload: \"echo ${HOME}\"}}}}\n",
    ] {
        for code in ["SCF351", "SCF374"] {
            expect(CHECKS, code, text, &inputs(&files));
        }
    }
    expect(CHECKS, "SCF351", "dockerFileString: \"FROM x:${«enw»:TAG}\"\n", &inputs(&files));
}

#[test]
fn what_cannot_be_looked_at_is_not_reported() {
    for value in [
        "${env:A}",
        "${file(none.json)}",
        "${file(none.json):x}",
        "${strToBool(${env:A})}",
        "x ${env:A}",
        "${self:${env:A}}",
        "${vault:a/b}",
    ] {
        let found = run(CHECKS, &document("", value), &Inputs::default());
        assert!(found.is_empty(), "{value}: {found:?}");
    }
    for text in [
        "stages: {prod: {params: {a: '${env:NONE}', b: '${self:none}', c: '${param:none}', d: 'x${file(none.json)}'}}}\n",
        "stages: ${file(stages.js)}\nv: ${foo:bar} ${param:x}\n",
        "stages: {default: {params: '${file(params.js)}'}}\nv: ${param:x}\n",
    ] {
        let files = files();
        let found = run(CHECKS, text, &inputs(&files));
        assert!(
            found.iter().all(|diagnostic| diagnostic.severity < Warning || diagnostic.rule.code == "SCF359"),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn parameters_of_other_stages_are_reported_when_this_one_was_asked_for() {
    let text = "stages: {prod: {params: {a: 1}}}\nv: ${param:a}\n";
    expect(CHECKS, "SCF367", text, &Inputs::default());
    let asked = Inputs { stage_option: Some("dev".to_owned()), ..Inputs::default() };
    expect(CHECKS, "SCF367", "stages: {prod: {params: {a: 1}}}\nv: ${param:«a»}\n", &asked);
    let passed = Inputs { params: BTreeMap::from([("a".to_owned(), "1".to_owned())]), ..asked };
    expect(CHECKS, "SCF367", text, &passed);
}

#[test]
fn tokens_are_looked_for_in_the_environment() {
    let empty = Inputs { env: Some(BTreeMap::new()), ..Inputs::default() };
    all_are(Warning, &expect(CHECKS, "SCF368", "v: ${«vault:a/b»}\n", &empty));
    all_are(Warning, &expect(CHECKS, "SCF368", "v: ${«doppler:a/b»}\n", &empty));
    expect(
        CHECKS,
        "SCF368",
        "stages: {default: {resolvers: {vault: {type: vault, token: '${opt:t}'}}}}\nv: ${vault:a/b}\n",
        &empty,
    );
    expect(CHECKS, "SCF368", "v: ${vault:a/b}\n", &Inputs::default());
}

#[test]
fn what_multiplies_and_what_cannot_be_merged_is_a_fault_of_the_syntax() {
    let laughs: String =
        (1..12).map(|level| format!("a{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10))).collect();
    let found = run(CHECKS, &format!("a0: &a0 [x]\n{laughs}"), &Inputs::default());
    assert_eq!(found.iter().map(|diagnostic| diagnostic.rule.code).collect::<Vec<_>>(), ["SCF001"]);
    expect(CHECKS, "SCF001", "a: {<<: «1»}\n", &Inputs::default());
}

#[test]
fn fixes_mend() {
    let files = files();
    let inputs = inputs(&files);
    for (code, safe, value, expected) in [
        ("SCF267", false, "${«env:NONE»}", "${env:NONE, ''}"),
        ("SCF267", false, "'${«env:NONE»}'", "'${env:NONE, ''''}'"),
        ("SCF350", false, "a«${env:HOST»", "a${env:HOST}"),
        ("SCF351", false, "${«enw»:HOST}", "${env:HOST}"),
        ("SCF353", false, "${env:NONE, «fast»}", "${env:NONE, 'fast'}"),
        ("SCF353", false, "'${env:NONE, «fast»}'", "'${env:NONE, ''fast''}'"),
        ("SCF353", false, "\"${env:NONE, «fast»}\"", "\"${env:NONE, 'fast'}\""),
        ("SCF354", true, "${env:HOST«,»}", "${env:HOST}"),
        ("SCF354", true, "${env:HOST«,», 'x'}", "${env:HOST, 'x'}"),
        ("SCF354", true, "${«,»env:HOST}", "${env:HOST}"),
        ("SCF356", true, "${opt:a, «${env:HOST, 'x'}»}", "${opt:a, env:HOST, 'x'}"),
        ("SCF356", true, "${«${env:HOST}»}", "${env:HOST}"),
        ("SCF359", false, "${file(«./setting.json»)}", "${file(./settings.json)}"),
        ("SCF359", false, "${file(«config/ap.yml»):name}", "${file(config/app.yml):name}"),
        ("SCF360", false, "${file(settings.json):«hots.0»}", "${file(settings.json):hosts.0}"),
        ("SCF364", true, "${file(settings.json):hosts«[0]»}", "${file(settings.json):hosts.0}"),
        ("SCF365", false, "${sls:«stages»}", "${sls:stage}"),
        ("SCF366", false, "${git:«sha2»}", "${git:sha1}"),
        ("SCF369", false, "${aws:ssm:«shop/url»}", "${aws:ssm:/shop/url}"),
        ("SCF372", true, "'${env:« »HOST}'", "'${env:HOST}'"),
        ("SCF373", true, "a ${«opt:stage»}", "a ${sls:stage}"),
        ("SCF374", false, "«${HOST}»", "${env:HOST}"),
        ("SCF374", false, "«${HOST:-x}»", "${env:HOST, 'x'}"),
        ("SCF375", true, "a:«${AWS::AccountId}»", "a:${aws:accountId}"),
        ("SCF377", true, "${«ssm»:/x}", "${aws:ssm:/x}"),
    ] {
        let marked = document("", value);
        assert_eq!(fixed(CHECKS, code, &marked, &inputs, safe), document("", expected), "{code} {value}");
    }
    assert_eq!(
        fixed(CHECKS, "SCF358", "worker: {port: 1}\nv: ${self:«worker.prot»}\n", &inputs, false),
        "worker: {port: 1}\nv: ${self:worker.port}\n"
    );
    assert_eq!(
        fixed(CHECKS, "SCF367", "stages:\n  default:\n    params:\n      a: 1\nv: ${param:«table»}\n", &inputs, false),
        "stages:\n  default:\n    params:\n      a: 1\n      table: ''\nv: ${param:table}\n"
    );
    assert_eq!(
        fixed(CHECKS, "SCF368", "v: ${«terraform:x»}\n", &inputs, false),
        "v: ${terraform:x}\nstages:\n  default:\n    resolvers:\n      terraform:\n        type: terraform\n        backend: s3\n        bucket: ''\n        key: ''\n"
    );
}

#[test]
fn escapes_and_folds_do_not_shift_the_places() {
    let files = files();
    let inputs = inputs(&files);
    for (marked, expected) in [
        ("v: \"\\u0061 ${«enw»:HOST}\"\n", "v: \"\\u0061 ${env:HOST}\"\n"),
        ("v: 'it''s ${«enw»:HOST}'\n", "v: 'it''s ${env:HOST}'\n"),
        ("v: >\n  é\n  😀 ${«enw»:HOST}\n", "v: >\n  é\n  😀 ${env:HOST}\n"),
        ("v: |\n  a\n  b ${«enw»:HOST}\n", "v: |\n  a\n  b ${env:HOST}\n"),
        ("v: a\n  b ${«enw»:HOST}\n", "v: a\n  b ${env:HOST}\n"),
    ] {
        assert_eq!(fixed(CHECKS, "SCF351", marked, &inputs, false), expected);
    }
    // An escape inside the word itself: the place is found, but what stands there is not the word.
    let found = expect(CHECKS, "SCF351", "v: \"${«e\\u006ew»:HOST}\"\n", &inputs);
    assert!(found[0].fixes.is_empty());
}
