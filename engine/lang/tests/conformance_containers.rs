//! Verdicts on `build`, `compute` and `dev`: those measured on the original tool, those that the services would give, and
//! those that follow from the files of a project.

mod support;

use std::ops::RangeInclusive;

use slipway_lang::analyze;
use slipway_lang::diagnostic::Diagnostic;
use slipway_lang::inputs::{Files, Inputs, MemoryFiles};
use slipway_lang::text::apply_edits;
use slipway_lang::yaml::Document;

const BUILD: RangeInclusive<&str> = "SCF080"..="SCF102";
const COMPUTE: RangeInclusive<&str> = "SCF110"..="SCF140";
/// The rules about policies as documents, statements, actions and resources.
const POLICY: RangeInclusive<&str> = "IAM001"..="IAM070";
const DEV: RangeInclusive<&str> = "SCF280"..="SCF286";

const LAMBDA: &str = "compute: {type: awsLambda, awsLambda: {timeout: 10}}\n";

/// A project with one container `api` that has these keys, and the usual ones where it has not.
fn project(container: &str) -> String {
    let has = |key: &str| container.lines().any(|line| line.starts_with(key));
    let mut keys = String::new();
    for (key, text) in [("src:", "src: ./api\n"), ("compute:", LAMBDA), ("routing:", "routing: {pathPattern: /*}\n")] {
        keys.push_str(if has(key) { "" } else { text });
    }
    keys.push_str(container);
    let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
    format!("name: demo\ndeployment: {{type: aws@1.0}}\ncontainers:\n  api:\n{keys}")
}

fn diagnostics(text: &str, files: Option<&dyn Files>) -> Vec<Diagnostic> {
    analyze(&Document::new(text), &Inputs { files, ..support::inputs() }).diagnostics
}

/// The findings of some rules, as `CODE severity path`, in the order of the codes; paths from the container on.
fn findings(text: &str, codes: &RangeInclusive<&str>, files: Option<&dyn Files>) -> Vec<String> {
    let found = support::findings_with(&Inputs { files, ..support::inputs() }, text, codes.clone());
    found.iter().map(|each| each.replace("containers.api.", "")).collect()
}

/// Holds containers, on a disk that must not be looked at, against what is to be found in them.
#[track_caller]
fn assert_verdicts(codes: &RangeInclusive<&str>, table: &[(&str, &[&str])]) {
    support::assert_verdicts(table, codes, "containers.api.", project);
}

/// A container, the files of its project, and what is to be found.
type OnDisk<'t> = (&'t str, &'t [(&'t str, &'t str)], &'t [&'t str]);

/// The same with files; a path with ` -> ` is a link to the target behind it.
#[track_caller]
fn assert_verdicts_on_disk(codes: &RangeInclusive<&str>, table: &[OnDisk<'_>]) {
    let mut wrong = Vec::new();
    for (container, files, expected) in table {
        let (links, texts): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.contains(" -> "));
        let links = links.iter().filter_map(|(path, _)| path.split_once(" -> "));
        let files = links.fold(MemoryFiles::new(texts), |files, (path, target)| files.with_link(path, target));
        let found = findings(&project(container), codes, Some(&files));
        if found != *expected {
            wrong.push(format!("{container}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn compute_types_and_blocks() {
    assert_verdicts(
        &COMPUTE,
        &[
            ("compute: {}", &["SCF111 info compute.type", "SCF118 info compute.awsLambda"]),
            ("compute: {type: awsFargateEcs}", &[]),
            ("compute: {type: fargate}", &["SCF110 error compute.type"]),
            ("compute: {type: AWSLAMBDA}", &["SCF110 error compute.type"]),
            ("compute: {type: \"${env:TYPE}\", awsLambda: {}, awsFargateEcs: {}}", &[]),
            ("compute: {type: awsFargateEcs, awsLambda: {}}", &["SCF113 error compute.awsLambda"]),
            (
                "compute: {awsFargateEcs: {cpu: 1024}}",
                &["SCF112 error compute.awsFargateEcs", "SCF118 info compute.awsLambda"],
            ),
            (
                "compute: {type: awsLambda, awsLambda: {timeout: 5}, awsFargateEcs: {}}",
                &["SCF112 error compute.awsFargateEcs"],
            ),
        ],
    );
}

#[test]
fn lambda_sizes() {
    let lambda = |keys: &str| format!("compute: {{type: awsLambda, awsLambda: {{{keys}}}}}");
    for (keys, expected) in [
        ("timeout: 5, memory: 128", vec![]),
        ("timeout: 5, memory: 10240", vec![]),
        ("timeout: 5, memory: 127", vec!["SCF114 error compute.awsLambda.memory"]),
        ("timeout: 5, memory: 10241", vec!["SCF114 error compute.awsLambda.memory"]),
        ("timeout: 5, memory: 1000.5", vec!["SCF115 blocker compute.awsLambda.memory"]),
        ("timeout: 0", vec!["SCF116 blocker compute.awsLambda.timeout"]),
        ("timeout: -1", vec!["SCF116 blocker compute.awsLambda.timeout"]),
        ("timeout: 1.5", vec!["SCF116 blocker compute.awsLambda.timeout"]),
        ("timeout: 901", vec!["SCF116 blocker compute.awsLambda.timeout"]),
        ("timeout: 30", vec![]),
        ("timeout: 31", vec!["SCF117 warning compute.awsLambda.timeout"]),
        ("timeout: 900", vec!["SCF117 warning compute.awsLambda.timeout"]),
        ("memory: 512", vec!["SCF118 info compute.awsLambda.timeout"]),
        ("timeout: \"${env:T}\"", vec![]),
        ("timeout: 5, vpc: true", vec!["SCF119 warning compute.awsLambda.vpc"]),
        ("timeout: 5, vpc: false", vec![]),
    ] {
        assert_eq!(findings(&project(&lambda(keys)), &COMPUTE, None), expected, "{keys}");
    }
    let older = project(&lambda("timeout: 900")).replace("aws@1.0", "awsApi@1.0");
    assert_eq!(findings(&older, &COMPUTE, None), ["SCF120 info compute.type"], "no distribution, no 30 seconds");
}

#[test]
fn fargate_sizes() {
    let cpu = "compute.awsFargateEcs.cpu";
    let memory = "compute.awsFargateEcs.memory";
    for (keys, expected) in [
        ("", vec![]),
        ("cpu: 256", vec![]),
        ("memory: 2048", vec![]),
        ("cpu: 256, memory: 512", vec![]),
        ("cpu: 512, memory: 4096", vec![]),
        ("cpu: 16384, memory: 122880", vec![]),
        ("cpu: 256, memory: 3072", vec![format!("SCF122 error {memory}")]),
        ("cpu: 512, memory: 1500", vec![format!("SCF122 error {memory}")]),
        ("cpu: 8192, memory: 18432", vec![format!("SCF122 error {memory}")]),
        ("cpu: 16384, memory: 36864", vec![format!("SCF122 error {memory}")]),
        ("cpu: 512, memory: 512", vec![format!("SCF123 blocker {memory}")]),
        ("cpu: 512, memory: 8192", vec![format!("SCF123 blocker {memory}")]),
        ("cpu: 1024, memory: 512", vec![format!("SCF123 blocker {memory}")]),
        ("cpu: 8192, memory: 65536", vec![format!("SCF123 blocker {memory}")]),
        ("cpu: 16384, memory: 512", vec![format!("SCF123 blocker {memory}")]),
        ("cpu: 1024", vec![format!("SCF124 blocker {memory}")]),
        ("memory: 4096", vec![format!("SCF122 error {memory}")]),
        ("memory: 256", vec![format!("SCF125 error {memory}")]),
        ("memory: 130000", vec![format!("SCF125 error {memory}")]),
        ("cpu: 32768", vec![format!("SCF121 error {cpu}")]),
        ("cpu: 300, memory: 77777", vec![format!("SCF121 error {cpu}")]),
        ("cpu: \"${env:CPU}\", memory: 77777", vec![]),
        ("cpu: 1024, memory: \"${env:MEMORY}\"", vec![]),
        ("cpu: \"${env:CPU, '1024'}\", memory: 512", vec![format!("SCF123 blocker {memory}")]),
    ] {
        let text = project(&format!("compute: {{type: awsFargateEcs, awsFargateEcs: {{{keys}}}}}"));
        assert_eq!(findings(&text, &COMPUTE, None), expected, "{keys}");
    }
}

#[test]
fn fargate_sizes_have_fixes_to_choose_from() {
    for (keys, expected) in [
        ("cpu: 512, memory: 1500", vec!["cpu: 512, memory: 1024", "cpu: 512, memory: 2048"]),
        ("cpu: 1024, memory: 512", vec!["cpu: 1024, memory: 2048", "cpu: 256, memory: 512"]),
        ("memory: 4096", vec!["memory: 2048", "cpu: 512, memory: 4096"]),
        ("cpu: 2048", vec!["cpu: 2048, memory: 4096"]),
    ] {
        let document = |keys: &str| project(&format!("compute: {{type: awsFargateEcs, awsFargateEcs: {{{keys}}}}}"));
        let text = document(keys);
        let found = diagnostics(&text, None).into_iter().find(|each| COMPUTE.contains(&each.rule.code)).unwrap();
        let fixed: Vec<String> = found.fixes.iter().map(|fix| apply_edits(&text, &fix.edits).unwrap()).collect();
        assert_eq!(fixed, expected.into_iter().map(document).collect::<Vec<_>>(), "{keys}");
    }
}

#[test]
fn roles_and_policies() {
    let role = "roleArn: arn:aws:iam::123456789012:role/app";
    let policy = |rest: &str| format!("customPolicy: {{Version: \"2012-10-17\", {rest}}}");
    let at = |code: &str, path: &str| format!("{code} compute.awsIam.customPolicy{path}");
    for (keys, expected) in [
        (role.to_owned(), vec!["SCF127 info compute.awsIam.roleArn".to_owned()]),
        (
            format!("{role}, {}", policy("Statement: {Effect: Deny, Action: \"*\", Resource: \"*\"}")),
            vec![
                "SCF127 info compute.awsIam.roleArn".to_owned(),
                "SCF128 blocker compute.awsIam.roleArn".to_owned(),
                at("SCF136 info", ".Statement"),
            ],
        ),
        (policy("Statement: []"), vec![at("IAM008 error", ".Statement")]),
        (
            "customPolicy: {Statement: [{Effect: allow, Action: s3:GetObject, Resource: \"*\"}]}".to_owned(),
            vec![at("IAM003 error", ".Version"), at("IAM022 error", ".Statement[0].Effect")],
        ),
        (
            policy("Statement: [{Effect: Allow}]"),
            vec![at("IAM023 error", ".Statement[0].Action"), at("IAM025 error", ".Statement[0].Resource")],
        ),
        (
            policy("Statement: [{Effect: Allow, NotAction: iam:*, NotResource: arn:aws:s3:::x}]"),
            vec![at("SCF136 info", ".Statement[0].NotAction"), at("SCF136 info", ".Statement[0].NotResource")],
        ),
        (
            policy("Statement: [{Sid: A, Effect: Allow, Action: s3:*, Resource: \"*\", Condition: {Bool: {a: true}}}]"),
            vec![at("SCF136 info", ".Statement[0].Condition"), at("SCF136 info", ".Statement[0].Sid")],
        ),
        (
            policy("Statement: [{Effect: Allow, Principal: \"*\", Action: s3:*, Resource: \"*\"}]"),
            vec![at("IAM027 error", ".Statement[0].Principal")],
        ),
        (
            policy("Statement: [{Effect: Allow, Action: [s3:GetObject, \"*:*\"], Resource: [arn:aws:s3:::x, \"*\"]}]"),
            vec![at("IAM200 warning", ".Statement[0].Action[1]")],
        ),
        (policy("Statement: [{Effect: Deny, Action: \"*\", Resource: \"*\"}]"), vec![]),
        (
            policy("Statement: [{Effect: Allow, Action: [GetItem, dynamodb:Query], Resource: [orders, arn:aws:s3]}]"),
            vec![
                at("IAM040 error", ".Statement[0].Action[0]"),
                at("IAM060 error", ".Statement[0].Resource[0]"),
                at("IAM061 error", ".Statement[0].Resource[1]"),
            ],
        ),
        (
            policy(
                "Statement: [{Effect: Allow, Action: \"${env:ACTION}\", Resource: \"arn:aws:s3:::${env:BUCKET}/*\"}]",
            ),
            vec![],
        ),
        (
            "customPolicy: {Version: \"2025-01-01\", Statement: [{Effect: Allow, Action: s3:*, Resource: \"*\"}]}"
                .to_owned(),
            vec![at("IAM004 error", ".Version")],
        ),
        (
            "customPolicy: {Version: \"2008-10-17\", Statement: [{Effect: Allow, Action: s3:*, Resource: \"*\"}]}"
                .to_owned(),
            vec![at("IAM005 error", ".Version")],
        ),
    ] {
        let text = project(&format!("compute: {{type: awsLambda, awsLambda: {{timeout: 10}}, awsIam: {{{keys}}}}}"));
        let mut found = findings(&text, &COMPUTE, None);
        found.extend(findings(&text, &POLICY, None));
        found.extend(findings(&text, &("IAM200"..="IAM201"), None));
        found.extend(findings(&text, &("IAM241"..="IAM241"), None));
        assert_eq!(found, expected, "{keys}");
    }
    let fargate = "compute: {type: awsFargateEcs, awsFargateEcs: {executionRoleArn: arn:aws:iam::123456789012:role/x}}";
    assert_verdicts(&COMPUTE, &[(fargate, &["SCF126 info compute.awsFargateEcs.executionRoleArn"])]);
}

#[test]
fn a_policy_has_its_limit_without_blanks() {
    // What stands around the filling takes 87 characters.
    for (filling, expected) in [(6057, vec![]), (6058, vec!["IAM010 error compute.awsIam.customPolicy"])] {
        let resource = format!("arn:aws:s3:::{}", "x".repeat(filling - 13));
        let policy = format!(
            "{{Version: \"2012-10-17\", Statement: [{{Effect: Allow, Action: \"s3:*\", Resource: \"{resource}\"}}]}}"
        );
        let text = project(&format!(
            "compute: {{type: awsLambda, awsLambda: {{timeout: 10}}, awsIam: {{customPolicy: {policy}}}}}"
        ));
        let near = ["IAM011 info compute.awsIam.customPolicy"];
        let expected = if expected.is_empty() { near.to_vec() } else { expected };
        assert_eq!(findings(&text, &POLICY, None), expected, "{filling}");
    }
}

#[test]
fn mastra_with_slack_does_not_go_on_lambda() {
    let slack = "integrations: {bot: {type: slack, name: Bot}}";
    let package = |text| [("api/package.json", text)];
    let with = package("{\"devDependencies\": {\"mastra\": \"1\"}}");
    let without = package("{\"dependencies\": {\"express\": \"5\"}}");
    assert_verdicts_on_disk(
        &("SCF140"..="SCF140"),
        &[
            (slack, &with, &["SCF140 blocker integrations.bot"]),
            (slack, &without, &[]),
            (slack, &package("{"), &[]),
            ("integrations: {job: {type: schedule, schedule: rate(1 day)}}", &with, &[]),
            ("compute: {type: awsFargateEcs}\nintegrations: {bot: {type: slack, name: Bot}}", &with, &[]),
        ],
    );
}

#[test]
fn dev_blocks() {
    let hooks = "hooks: {onreload: make seed}";
    for (keys, expected) in [
        ("", vec!["SCF280 info dev.hooks"]),
        ("watchPath: src", vec!["SCF280 info dev.hooks", "SCF286 info dev.watchPath"]),
        ("hooks: {}", vec!["SCF280 info dev.hooks.onreload"]),
        (hooks, vec![]),
        ("hooks: {onreload: x, foo: y}", vec!["SCF281 error dev.hooks.foo"]),
        ("hooks: {onReload: x}", vec!["SCF280 info dev.hooks.onreload", "SCF281 error dev.hooks.onReload"]),
        ("hooks: {onreload: x}, watchPath: ./src", vec!["SCF286 info dev.watchPath"]),
        ("hooks: {onreload: x}, watchPath: api/src", vec!["SCF286 info dev.watchPath"]),
        ("hooks: {onreload: x}, watchPath: ../web", vec!["SCF282 warning dev.watchPath", "SCF286 info dev.watchPath"]),
        ("hooks: {onreload: x}, watchPath: /srv", vec!["SCF282 warning dev.watchPath", "SCF286 info dev.watchPath"]),
        ("hooks: {onreload: x}, watchPath: \"${env:P}\"", vec!["SCF286 info dev.watchPath"]),
        (
            "hooks: {onreload: x}, watchExtensions: [.ts, ts, \"*.ts\", \"*\", .d.ts]",
            vec![
                "SCF283 info dev.watchExtensions[1]",
                "SCF283 info dev.watchExtensions[2]",
                "SCF283 info dev.watchExtensions[3]",
            ],
        ),
        (
            "hooks: {onreload: x}, excludeDirectories: [dist, a/b, ./dist/, /tmp, \"dist/**\", ../x, \"\", .]",
            vec![
                "SCF284 warning dev.excludeDirectories[2]",
                "SCF284 warning dev.excludeDirectories[3]",
                "SCF284 warning dev.excludeDirectories[4]",
                "SCF284 warning dev.excludeDirectories[5]",
                "SCF284 warning dev.excludeDirectories[6]",
                "SCF284 warning dev.excludeDirectories[7]",
            ],
        ),
    ] {
        assert_eq!(findings(&project(&format!("dev: {{{keys}}}")), &DEV, None), expected, "{keys}");
    }
}

#[test]
fn hooks_that_set_themselves_off() {
    let loops = |dev: &str, files: &MemoryFiles| {
        let found = findings(&project(&format!("dev: {{{dev}}}")), &("SCF285"..="SCF285"), Some(files));
        assert!(found.len() < 2, "{found:?}");
        !found.is_empty()
    };
    let none = MemoryFiles::new([("api/src/index.ts", "")]);
    for (dev, expected) in [
        ("hooks: {onreload: npm run build}", true),
        ("hooks: {onreload: npm run build && npm run seed}", true),
        ("hooks: {onreload: cd x; npx tsc -p .}", true),
        ("hooks: {onreload: next build}, excludeDirectories: [dist]", true),
        ("hooks: {onreload: npm run build}, watchExtensions: [.ts]", true),
        ("hooks: {onreload: npm run build}, watchPath: .", true),
        ("hooks: {onreload: npm run seed}", false),
        ("hooks: {onreload: tsc --noEmit}", false),
        ("hooks: {onreload: next dev}", false),
        ("hooks: {onreload: npm run build}, excludeDirectories: [./dist/]", false),
        ("hooks: {onreload: next build}, excludeDirectories: [.next]", false),
        ("hooks: {onreload: tsc --outDir build/js}, excludeDirectories: [build]", false),
        ("hooks: {onreload: npm run build}, excludeDirectories: [\"${env:X}\"]", false),
        ("hooks: {onreload: npm run build}, watchPath: src", false),
        ("hooks: {onreload: npm run build}, watchPath: ./api/src", false),
        ("hooks: {onreload: \"${env:X}\"}", false),
    ] {
        assert_eq!(loops(dev, &none), expected, "{dev}");
    }
    let package = |script: &str| MemoryFiles::new([("api/package.json", script)]);
    let hook = "hooks: {onreload: npm run build}";
    assert!(loops(hook, &package("{\"scripts\": {\"build\": \"vite build\"}}")));
    assert!(!loops(hook, &package("{\"scripts\": {\"build\": \"tsc --noEmit\"}}")));
    assert!(!loops(hook, &package("{\"scripts\": {}}")));
    assert!(!loops(hook, &MemoryFiles::new([("api/.dockerignore", "node_modules\n/dist/\n")])));
}

#[test]
fn excluded_folders_are_looked_for() {
    let files =
        [("api/test/fixtures/x", ""), ("api/uploads/x", ""), ("api/Dockerfile", "FROM scratch"), ("api/note", "")];
    assert_verdicts_on_disk(
        &("SCF284"..="SCF284"),
        &[
            (
                "dev: {excludeDirectories: [uploads, test/fixtures, fixtures, dist, packages/dist, node_modules]}",
                &files,
                &[],
            ),
            ("dev: {excludeDirectories: [upload]}", &files, &["SCF284 warning dev.excludeDirectories[0]"]),
            ("dev: {excludeDirectories: [note]}", &files, &["SCF284 warning dev.excludeDirectories[0]"]),
            ("src: ./nowhere\ndev: {excludeDirectories: [upload]}", &files, &[]),
        ],
    );
    assert_verdicts_on_disk(
        &("SCF282"..="SCF282"),
        &[
            ("dev: {watchPath: test}", &files, &[]),
            ("dev: {watchPath: api/test}", &files, &[]),
            ("dev: {watchPath: src}", &files, &["SCF282 warning dev.watchPath"]),
            ("src: ./nowhere\ndev: {watchPath: src}", &files, &[]),
        ],
    );
}

#[test]
fn sources() {
    let api = [("api/Dockerfile", "FROM scratch"), ("web/app/Dockerfile", "FROM scratch"), ("note", "")];
    assert_verdicts_on_disk(
        &BUILD,
        &[
            ("src: ./api", &api, &[]),
            ("src: api/", &api, &[]),
            ("src: web/../api", &api, &[]),
            ("src: ./apii", &api, &["SCF080 blocker src"]),
            ("src: web/api", &api, &["SCF080 blocker src"]),
            ("src: api/Dockerfile", &api, &["SCF081 blocker src"]),
            ("src: note", &api, &["SCF081 blocker src"]),
            ("src: ../api", &api, &["SCF080 blocker src", "SCF095 info src"]),
            ("src: /srv/api", &api, &["SCF080 blocker src", "SCF095 info src"]),
            ("src: \"${env:SRC}\"", &api, &[]),
        ],
    );
    let fix_of = |src: &str| {
        let text = project(&format!("src: {src}"));
        let files = MemoryFiles::new(api);
        let found = diagnostics(&text, Some(&files)).into_iter().find(|each| BUILD.contains(&each.rule.code)).unwrap();
        found.fixes.first().map(|fix| fix.title.clone())
    };
    assert_eq!(fix_of("./apii").as_deref(), Some("Use `./api`"));
    assert_eq!(fix_of("wep/app").as_deref(), Some("Use `./web/app`"));
    assert_eq!(fix_of("web/other").as_deref(), None);
    assert_eq!(fix_of("./api/Dockerfile").as_deref(), Some("Use `./api`"));
    assert_eq!(fix_of("note").as_deref(), Some("Use `.`"));
}

#[test]
fn links_out_of_the_source() {
    let file = ("api/Dockerfile", "FROM scratch");
    assert_verdicts_on_disk(
        &("SCF102"..="SCF102"),
        &[
            ("src: api", &[file, ("api/lib/shared -> shared", ""), ("shared/x", "")], &["SCF102 warning src"]),
            ("src: api", &[file, ("api/etc -> /etc", "")], &["SCF102 warning src"]),
            ("src: api", &[file, ("api/x -> ../x", "")], &["SCF102 warning src"]),
            ("src: api", &[file, ("api/x -> api/lib", ""), ("api/lib/y", "")], &[]),
            ("src: api", &[file, ("api/node_modules -> node_modules", ""), ("node_modules/y", "")], &[]),
            ("src: .", &[("Dockerfile", ""), ("x -> api", ""), ("api/y", "")], &[]),
            ("src: link", &[("link -> api", ""), file, ("api/x -> api/Dockerfile", "")], &[]),
            ("src: link", &[("link -> /srv/api", ""), ("/srv/api/Dockerfile", "")], &["SCF102 warning src"]),
        ],
    );
}

#[test]
fn sources_without_a_dockerfile() {
    let fallback = "SCF083 info src";
    let installed = ("api/node_modules/x/package.json", "{}");
    assert_verdicts_on_disk(
        &BUILD,
        &[
            ("src: api", &[("api/x", "")], &["SCF082 warning src", fallback]),
            ("src: api", &[("api/Dockerfile/x", "")], &["SCF082 warning src", fallback]),
            ("build: {dockerFileString: FROM scratch}", &[("api/x", "")], &[]),
            ("build: {dockerFileString: \"${file(Dockerfile.txt)}\"}", &[("api/x", "")], &[]),
            ("src: api", &[("api/package.json", "{\"main\": \"a\"}"), ("api/a.js", ""), installed], &[fallback]),
            ("src: api", &[("api/package.json", "{\"main\": \"a\"}"), ("api/a/index.js", ""), installed], &[fallback]),
            ("src: api", &[("api/package.json", "{\"main\": \"b\"}"), installed], &[fallback, "SCF098 warning src"]),
            ("src: api", &[("api/package.json", "{}"), installed], &[fallback, "SCF098 warning src"]),
            (
                "src: api",
                &[("api/package.json", "{}"), ("api/index.js", ""), installed],
                &[fallback, "SCF098 info src"],
            ),
            ("src: api", &[("api/package.json", "{\"scripts\": {\"dev\": \"vite\"}}"), installed], &[fallback]),
            ("src: api", &[("api/package.json", "not JSON"), installed], &[fallback]),
            (
                "src: api",
                &[("api/package.json", "{\"main\": \"a.js\"}"), ("api/a.js", "")],
                &[fallback, "SCF099 warning src"],
            ),
            ("src: api", &[("api/requirements.txt", ""), ("api/main.py", "")], &[fallback]),
            ("src: api", &[("api/requirements.txt", ""), ("api/app.py", "")], &[fallback, "SCF100 warning src"]),
        ],
    );
}

#[test]
fn two_dockerfiles_and_ignore_files() {
    let dockerfile = ("api/Dockerfile", "FROM scratch");
    let inline = "build: {dockerFileString: FROM scratch}";
    assert_verdicts_on_disk(
        &BUILD,
        &[
            (inline, &[dockerfile], &["SCF084 warning build.dockerFileString"]),
            (inline, &[("api/package.json", "{}")], &[]),
            ("src: api", &[dockerfile, ("api/.env", "")], &["SCF096 info src"]),
            ("src: api", &[dockerfile, ("api/.env.local", "")], &["SCF096 info src"]),
            ("src: api", &[dockerfile, ("api/.git/HEAD", "")], &["SCF096 info src"]),
            ("src: api", &[dockerfile, ("api/node_modules/x/y", "")], &["SCF096 info src"]),
            ("src: api", &[dockerfile, ("api/.env", ""), ("api/.dockerignore", "")], &[]),
            ("src: api", &[dockerfile, ("api/.env", ""), ("api/Dockerfile.dockerignore", "")], &[]),
            ("src: api", &[dockerfile, ("api/.env.example", ""), ("api/.environment", "")], &[]),
            ("src: .", &[("Dockerfile", "FROM scratch"), (".git/HEAD", "")], &["SCF096 info src"]),
        ],
    );
}

#[test]
fn build_arguments() {
    let declared = [("api/Dockerfile", "ARG A\nFROM x AS y\nARG B=1 C\nFROM y")];
    assert_verdicts_on_disk(
        &BUILD,
        &[
            ("build: {args: {A: a, B: b, C: c}}", &declared, &[]),
            ("build: {args: {D: d}}", &declared, &["SCF089 info build.args.D"]),
            ("build: {args: {a: a}}", &declared, &["SCF089 info build.args.a"]),
            ("build: {args: {https_proxy: x, BUILDKIT_INLINE_CACHE: \"1\"}}", &declared, &[]),
            ("build: {args: {A: 1}}", &declared, &["SCF085 info build.args.A"]),
            ("build: {args: {A: true}}", &declared, &["SCF085 info build.args.A"]),
            (
                "build: {args: {D: d}}",
                &[("api/package.json", "{\"main\": \"x\"}"), ("api/x", ""), ("api/node_modules/x", "")],
                &["SCF083 info src"],
            ),
        ],
    );
    assert_verdicts(
        &BUILD,
        &[
            ("build: {args: {NPM_TOKEN: abcdefghijklmnop}}", &["SCF090 warning build.args.NPM_TOKEN"]),
            ("build: {args: {NPM_TOKEN: \"${env:NPM_TOKEN}\"}}", &["SCF090 warning build.args.NPM_TOKEN"]),
            // Empty here, but not where it is built.
            ("build: {args: {NPM_TOKEN: \"${env:NPM_TOKEN, ''}\"}}", &["SCF090 warning build.args.NPM_TOKEN"]),
            ("build: {args: {NPM_TOKEN: \"\"}}", &[]),
            ("build: {args: {URL: \"postgres://app:hunter22@db/x\"}}", &["SCF090 warning build.args.URL"]),
            ("build: {args: {VERSION: \"${env:VERSION}\"}}", &[]),
            ("build: {args: {TOKEN_LIFETIME: \"60\"}}", &[]),
        ],
    );
}

#[test]
fn quoted_arguments_keep_their_text() {
    for (value, safe) in [("3", true), ("true", true), ("1.50", false), ("0x1F", false)] {
        let text = project(&format!("build: {{args: {{A: {value}}}}}"));
        let found = diagnostics(&text, None).into_iter().find(|each| each.rule.code == "SCF085").unwrap();
        assert_eq!(found.fixes[0].safe, safe, "{value}");
    }
}

#[test]
fn build_options() {
    let options = "build.options";
    let verdict = |code: &str, path: &str| format!("{code} {options}{path}");
    for (value, expected) in [
        ("--progress plain --label a=b", vec![]),
        ("[--pull, --label, \"a=b c\"]", vec![]),
        ("'--label \"a b\"'", vec![verdict("SCF086 warning", "")]),
        ("[--label, \"a 'b'\"]", vec![]),
        ("-t x", vec![verdict("SCF087 warning", "")]),
        ("-tx", vec![verdict("SCF087 warning", "")]),
        (
            "[--tag=x, -f, y, --load, --push, -o=z, --output, z]",
            (0..7).filter(|at| *at != 2).map(|at| verdict("SCF087 warning", &format!("[{at}]"))).collect(),
        ),
        ("--platform=linux/amd64", vec![verdict("SCF087 warning", "")]),
        ("--platform linux/arm64", vec![verdict("SCF101 blocker", "")]),
        ("[--platform, linux/arm64/v8]", vec![verdict("SCF101 blocker", "[1]")]),
        ("--tagged --format x --force-rm -q", vec![]),
        ("\"${env:OPTIONS}\"", vec![]),
        ("[\"${env:OPTIONS}\", --load]", vec![verdict("SCF087 warning", "[1]")]),
    ] {
        assert_eq!(findings(&project(&format!("build: {{options: {value}}}")), &BUILD, None), expected, "{value}");
    }
}

#[test]
fn options_are_mended() {
    for (value, fixed) in [
        ("--tag x --pull", "--pull"),
        ("--pull --platform linux/amd64", "--pull"),
        ("[--pull, --load]", "[--pull]"),
        ("--progress plain --platform linux/arm64", "--progress plain --platform linux/amd64"),
        ("[--platform=linux/arm64]", "[--platform=linux/amd64]"),
        ("[--platform, linux/arm64]", "[--platform, linux/amd64]"),
        ("'--label \"a b\"'", "[\"--label\", \"a b\"]"),
    ] {
        let document = |value: &str| project(&format!("build: {{options: {value}}}"));
        let text = document(value);
        let found = diagnostics(&text, None).into_iter().find(|each| BUILD.contains(&each.rule.code)).unwrap();
        assert_eq!(apply_edits(&text, &found.fixes[0].edits).unwrap(), document(fixed), "{value}");
    }
    let only = project("build: {options: --load}");
    let found = diagnostics(&only, None).into_iter().find(|each| each.rule.code == "SCF087").unwrap();
    assert_eq!(apply_edits(&only, &found.fixes[0].edits).unwrap(), project("build: {}"));
}

#[test]
fn build_targets() {
    let stages = [("api/Dockerfile", "FROM x AS base\nFROM base AS awsLambda\nFROM base AS awsFargateEcs\n")];
    let plain = [("api/Dockerfile", "FROM x AS build\nFROM y\n")];
    let fargate = "compute: {type: awsFargateEcs}\n";
    assert_verdicts_on_disk(
        &BUILD,
        &[
            ("build: {options: --target=awsLambda}", &stages, &[]),
            ("build: {options: --target=AWSLAMBDA}", &stages, &[]),
            ("build: {options: [--target, base]}", &stages, &[]),
            ("build: {options: --target awsLamda}", &stages, &["SCF088 blocker build.options"]),
            ("build: {options: [--target, nope]}", &stages, &["SCF088 blocker build.options[1]"]),
            ("build: {options: --target base --target awsLambda}", &stages, &[]),
            ("build: {options: --target}", &stages, &[]),
            ("build: {options: --target nope}", &[("api/Dockerfile", "FROM x")], &["SCF088 blocker build.options"]),
            ("src: api", &stages, &["SCF094 info src"]),
            (fargate, &stages, &[]),
            ("build: {options: --target=awsFargateEcs}", &stages, &["SCF094 info build.options"]),
            ("build: {options: [\"${env:OPTIONS}\"]}", &stages, &[]),
            ("src: api", &plain, &[]),
            ("build: {options: --target build}", &plain, &[]),
        ],
    );
    for (container, fixed) in [
        ("build: {options: --target awsLamda}", "build: {options: --target awsLambda}"),
        ("build: {options: [--target=awsLamda]}", "build: {options: [--target=awsLambda]}"),
        ("build: {options: [--target=awsFargateEcs]}", "build: {options: [--target=awsLambda]}"),
        ("build: {options: [--pull]}", "build: {options: [--pull, \"--target=awsLambda\"]}"),
        ("build: {options: --pull}", "build: {options: --pull --target=awsLambda}"),
        ("build: {args: {}}", "build: {args: {}, options: [\"--target=awsLambda\"]}"),
        ("src: ./api", "src: ./api\nbuild:\n  options:\n    - --target=awsLambda"),
    ] {
        let text = project(container);
        let files = MemoryFiles::new(stages);
        let found = diagnostics(&text, Some(&files)).into_iter().find(|each| BUILD.contains(&each.rule.code)).unwrap();
        assert_eq!(
            apply_edits(&text, &found.fixes[0].edits).unwrap().trim_end(),
            project(fixed).trim_end(),
            "{container}"
        );
    }
}

/// The findings about an inline Dockerfile, as `CODE text`, where the text is what the range covers.
fn about_inline(dockerfile: &str, compute: &str) -> Vec<String> {
    let lines: String = dockerfile.lines().map(|line| format!("    {line}\n")).collect();
    let text = project(&format!("compute: {{type: {compute}}}\nbuild:\n  dockerFileString: |\n{lines}"));
    let diagnostics = diagnostics(&text, None);
    let found = diagnostics.iter().filter(|each| BUILD.contains(&each.rule.code));
    found.map(|each| format!("{} {}", each.rule.code, &text[std::ops::Range::<usize>::from(each.range)])).collect()
}

#[test]
fn ports_that_are_announced() {
    for (dockerfile, expected) in [
        ("FROM x\nEXPOSE 8080", vec![]),
        ("FROM x\nEXPOSE 3000", vec!["SCF091 3000"]),
        ("FROM x\nEXPOSE 3000/tcp 9090", vec!["SCF091 3000/tcp"]),
        ("FROM x\nEXPOSE 3000\nEXPOSE 8080", vec![]),
        ("FROM x\nEXPOSE 8000-8100", vec![]),
        ("FROM x\nEXPOSE 8080/udp", vec!["SCF091 8080/udp"]),
        ("FROM x\nENV PORT=3000\nEXPOSE $PORT", vec!["SCF091 $PORT"]),
        ("FROM x\nARG PORT\nEXPOSE $PORT", vec![]),
        ("FROM x AS base\nEXPOSE 3000\nFROM base", vec!["SCF091 3000"]),
        ("FROM x AS build\nEXPOSE 3000\nFROM y", vec![]),
        ("FROM x", vec![]),
        ("FROM x\nEXPOSE web", vec![]),
    ] {
        assert_eq!(about_inline(dockerfile, "awsLambda"), expected, "{dockerfile}");
    }
}

#[test]
fn base_images_and_platforms() {
    for (dockerfile, compute, expected) in [
        ("FROM public.ecr.aws/lambda/nodejs:22", "awsFargateEcs", vec!["SCF093 FROM public.ecr.aws/lambda/nodejs:22"]),
        (
            "FROM amazon/aws-lambda-python AS a\nFROM a",
            "awsFargateEcs",
            vec!["SCF093 FROM amazon/aws-lambda-python AS a"],
        ),
        ("ARG B=public.ecr.aws/lambda/x\nFROM $B", "awsFargateEcs", vec!["SCF093 FROM $B"]),
        ("FROM public.ecr.aws/lambda/nodejs:22 AS build\nFROM node", "awsFargateEcs", vec![]),
        ("FROM public.ecr.aws/lambda/nodejs:22", "awsLambda", vec![]),
        ("FROM public.ecr.aws/docker/library/node", "awsFargateEcs", vec![]),
        ("FROM --platform=linux/arm64 node", "awsLambda", vec!["SCF101 linux/arm64"]),
        ("FROM --platform=linux/arm64 node AS a\nFROM a", "awsLambda", vec!["SCF101 linux/arm64"]),
        ("FROM --platform=linux/arm64 node AS build\nFROM node", "awsLambda", vec![]),
        ("FROM --platform=$BUILDPLATFORM node", "awsLambda", vec![]),
        ("ARG P=linux/arm64\nFROM --platform=$P node", "awsLambda", vec!["SCF101 $P"]),
        ("FROM --platform=linux/amd64 node", "awsLambda", vec![]),
    ] {
        assert_eq!(about_inline(dockerfile, compute), expected, "{dockerfile}");
    }
}

#[test]
fn servers_that_only_listen_to_themselves() {
    for (dockerfile, expected) in [
        (
            "FROM x\nCMD [\"uvicorn\", \"a:a\", \"--host\", \"127.0.0.1\"]",
            vec!["SCF092 CMD [\"uvicorn\", \"a:a\", \"--host\", \"127.0.0.1\"]"],
        ),
        ("FROM x\nENTRYPOINT gunicorn -b localhost:8080 a", vec!["SCF092 ENTRYPOINT gunicorn -b localhost:8080 a"]),
        ("FROM x\nENV HOST=127.0.0.1\nCMD node .", vec!["SCF092 ENV HOST=127.0.0.1"]),
        ("FROM x\nCMD sh -c 'next start -H localhost'", vec!["SCF092 CMD sh -c 'next start -H localhost'"]),
        ("FROM x AS base\nENV HOST=localhost\nFROM base\nCMD node .", vec!["SCF092 ENV HOST=localhost"]),
        ("FROM x AS build\nENV HOST=localhost\nFROM y\nCMD node .", vec![]),
        ("FROM x\nCMD next start -H localhost\nCMD next start", vec![]),
        ("FROM x\nHEALTHCHECK CMD curl http://localhost:8080", vec![]),
        ("FROM x\nENV REDIS_HOST=localhost\nCMD node . --redis localhost", vec![]),
        ("FROM x\nRUN serve -l localhost:1", vec![]),
    ] {
        assert_eq!(about_inline(dockerfile, "awsLambda"), expected, "{dockerfile}");
    }
    let start =
        |script: &str| format!("{{\"main\": \"a.js\", \"scripts\": {{\"start\": \"{script}\", \"x\": \"y\"}}}}");
    let loopback = start("node a.js --host 127.0.0.1");
    let fine = start("node a.js");
    let nested = "{\"scripts\": {\"start\": \"npm run serve\", \"serve\": \"vite preview --host localhost\"}}";
    let endless = "{\"scripts\": {\"start\": \"npm start\"}}";
    let fargate = "compute: {type: awsFargateEcs}\n";
    let npm = ("api/Dockerfile", "FROM node\nCMD [\"npm\", \"start\"]");
    let node = ("api/Dockerfile", "FROM node\nCMD [\"node\", \"a.js\"]");
    assert_verdicts_on_disk(
        &("SCF092"..="SCF092"),
        &[
            ("src: api", &[("api/package.json", &loopback)], &["SCF092 warning src"]),
            (fargate, &[("api/package.json", &loopback)], &["SCF092 blocker src"]),
            (fargate, &[npm, ("api/package.json", &loopback)], &["SCF092 blocker src"]),
            (fargate, &[npm, ("api/package.json", nested)], &["SCF092 blocker src"]),
            (fargate, &[npm, ("api/package.json", endless)], &[]),
            (fargate, &[npm, ("api/package.json", &fine)], &[]),
            (fargate, &[node, ("api/package.json", &loopback)], &[]),
        ],
    );
}

#[test]
fn one_source_for_several_containers() {
    let container = |key: &str, build: &str| {
        format!("  {key}: {{src: {build}, compute: {{type: awsFargateEcs}}, routing: {{pathPattern: /{key}}}}}\n")
    };
    let text = |a: &str, b: &str| {
        format!("name: demo\ndeployment: {{type: aws@1.0}}\ncontainers:\n{}{}", container("a", a), container("b", b))
    };
    for (a, b, shared) in [
        ("./x", "./x", true),
        ("./x", "x/", true),
        ("./x", "./y", false),
        ("./x, build: {args: {A: a}}", "./x, build: {args: {A: a}}", true),
        ("./x, build: {args: {A: a}}", "./x, build: {args: {A: b}}", false),
        ("./x, build: {args: {A: a}}", "./x", false),
        ("./x, build: {args: {A: \"${env:A}\"}}", "./x, build: {args: {A: \"${env:A}\"}}", false),
    ] {
        let found = findings(&text(a, b), &BUILD, None);
        let expected = if shared { vec!["SCF097 info containers.b.src"] } else { vec![] };
        assert_eq!(found, expected, "{a} and {b}");
    }
}
