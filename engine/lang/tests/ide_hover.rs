//! Hover: a place in a text, what is under it, and what is said of it.

use std::collections::BTreeMap;

use slipway_lang::config::build;
use slipway_lang::ide::{Hover, hover};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::TextSize;
use slipway_lang::yaml::Document;

/// What is under the cursor `¦`, and what is said of it.
fn hover_at(marked: &str) -> Option<(String, String)> {
    let at = marked.find('¦').expect("a cursor");
    let document = Document::new(marked.replacen('¦', "", 1));
    let files = MemoryFiles::new([
        (".env", "export DB_HOST=db.internal\nSHARED=from-env\n"),
        (".env.dev", "SHARED=from-dev\n"),
        ("settings.yml", "port: 80\n"),
    ]);
    let env = [("DB_HOST", "db.internal"), ("SHARED", "from-dev"), ("SHELL_ONLY", "x"), ("API_TOKEN", "t0psecret")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let inputs = Inputs {
        env: Some(BTreeMap::from(env)),
        files: Some(&files),
        params: BTreeMap::from([("given".to_owned(), "1".to_owned())]),
        ..Inputs::default()
    };
    let config = build(&document, &inputs);
    let ctx = RuleContext::new(&document, &config, &inputs);
    let Hover { range, markdown } = hover(&ctx, TextSize::new(u32::try_from(at).unwrap()))?;
    Some((document.source().slice(range).to_owned(), markdown))
}

/// A text with a cursor, what is under it, what is said of it, and what must not be said.
type Case<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a str]);

#[track_caller]
fn assert_hovers(cases: &[Case<'_>]) {
    let mut wrong = Vec::new();
    for (marked, under, said, unsaid) in cases {
        let Some((found, markdown)) = hover_at(marked) else {
            wrong.push(format!("nothing at\n{marked}"));
            continue;
        };
        if found != *under {
            wrong.push(format!("under the cursor is {found:?}, not {under:?}, in\n{marked}"));
        }
        for piece in said.iter().filter(|piece| !markdown.contains(**piece)) {
            wrong.push(format!("{piece:?} is missing in\n{marked}\n{markdown}"));
        }
        for piece in unsaid.iter().filter(|piece| markdown.contains(**piece)) {
            wrong.push(format!("{piece:?} is said in\n{marked}\n{markdown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn project(containers: &str) -> String {
    format!("name: shop\ndeployment: {{type: aws@1.0}}\ncontainers:\n{containers}")
}

fn compute(compute: &str) -> String {
    project(&format!("  api:\n    src: ./api\n    compute: {compute}\n"))
}

fn environment(lines: &str) -> String {
    format!(
        "stages:\n  default:\n    params: {{size: 512, mode: slow, given: 2}}\n    resolvers:\n      v: {{type: vault}}\n  dev:\n    \
         params: {{mode: fast}}\n{}",
        project(&format!("  api:\n    environment: {lines}\n"))
    )
}

#[test]
fn keys_and_values_are_described_by_the_model() {
    assert_hovers(&[
        (
            "na¦me: shop",
            "name",
            &["`name`\n\nThe project's name.", "- Type: text of 3 to 16 characters, which may hold", "- Required"],
            &["Default", "Goes with", "Only with"],
        ),
        ("name: sh¦op", "shop", &["The project's name."], &[]),
        ("name: \"sh¦op\"", "\"shop\"", &["The project's name."], &[]),
        ("name:¦\n", "name", &["The project's name."], &[]),
        ("name¦: x\n", "name", &["The project's name."], &[]),
        (
            &compute("{awsLambda: {mem¦ory: 512}}"),
            "memory",
            &[
                "`containers.api.compute.awsLambda.memory`",
                "- Type: a whole number from 128 to 10240 (MB)",
                "- Default: `1024`",
                "- Goes with `type: awsLambda`",
                "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
            ],
            &["Required", "In force"],
        ),
        (
            "deployment:\n  ty¦pe: aws@1.0",
            "type",
            &["- `aws@1.0`: One CloudFront", "- `awsApi@1.0`: An application load balancer"],
            &[],
        ),
        (
            "deployment:\n  type: awsApi¦@1.0",
            "awsApi@1.0",
            &["An application load balancer in front"],
            &["One CloudFront"],
        ),
        (
            &project("  api: {integr¦ations: {}}\n").replace("aws@1.0", "awsApi@1.0"),
            "integrations",
            &["- Only with `deployment.type: aws@1.0`, and this project has `awsApi@1.0`"],
            &[],
        ),
        (
            &compute("{awsFargateEcs: {scale: [{type: mi¦n, min: 1}]}}"),
            "min",
            &["`containers.api.compute.awsFargateEcs.scale[0].type`\n\nThe fewest tasks. Needs a policy."],
            &["The most tasks"],
        ),
        (
            "deployment:\n  awsVpc:\n    publicSubnets:\n      - subnet-¦1",
            "subnet-1",
            &["`deployment.awsVpc.publicSubnets[0]`", "Subnets for the load balancer"],
            &[],
        ),
        (&environment("{PO¦RT: 80}"), "PORT", &["`PORT` of the container `api`", "holds `8080`"], &[]),
        ("stages:\n  d¦ev:\n    params: {}\n", "dev", &["The stage `dev`, which is in force."], &[]),
        ("stages:\n  pr¦od:\n    params: {}\n", "prod", &["The stage `prod`. The one in force is `dev`."], &[]),
        (
            "stages: {default: {params: {mo¦de: 1}}, dev: {params: {mode: 2}}}",
            "mode",
            &["${param:mode}", "In force is that of `stages.dev`."],
            &[],
        ),
        ("stages: {dev: {params: {mo¦de: 2}}}", "mode", &["It is in force."], &[]),
        ("stages: {dev: {params: {giv¦en: 2}}}", "given", &["`--param given` wins over it."], &[]),
        (
            "stages: {dev: {resolvers: {v¦: {type: vault}}}}",
            "v",
            &["A resolver of the type `vault`. A secret of HashiCorp Vault."],
            &[],
        ),
        (
            "stages: {dev: {resolvers: {v: {type: vault, tok¦en: x}}}}",
            "token",
            &["`VAULT_TOKEN`", "text, a secret"],
            &[],
        ),
    ]);
}

#[test]
fn sizes_of_tasks_are_listed() {
    let fargate = |sizes: &str| compute(&format!("{{type: awsFargateEcs, awsFargateEcs: {sizes}}}"));
    assert_hovers(&[
        (&fargate("{c¦pu: 512}"), "cpu", &["| 512 | 0.5 | 1024, 2048, 3072 or 4096 |", "| 16384 | 16 |"], &[]),
        (&fargate("{cpu: 512, mem¦ory: 1024}"), "memory", &["With `cpu: 512`: 1024, 2048, 3072 or 4096 MB."], &[]),
        (&fargate("{mem¦ory: 1024}"), "memory", &["With `cpu: 256`: 512, 1024 or 2048 MB."], &[]),
        (&fargate("{cpu: 1024, memory: 20¦48}"), "2048", &["With `cpu: 1024`: 2048 to 8192 in steps of 1024 MB."], &[]),
        (&fargate("{cpu: 300, mem¦ory: 1024}"), "memory", &["Memory of a task"], &["With `cpu"]),
        (&fargate("{cpu: '${aws:ssm:x}', mem¦ory: 1024}"), "memory", &["Memory of a task"], &["With `cpu"]),
    ]);
}

#[test]
fn schedules_and_resource_names_are_put_in_words() {
    let schedule =
        |text: &str| project(&format!("  api: {{integrations: {{nightly: {{type: schedule, schedule: {text}}}}}}}\n"));
    let role = |text: &str| compute(&format!("{{awsIam: {{roleArn: {text}}}}}"));
    assert_hovers(&[
        (
            &schedule("\"cron(0 9 ? * ¦MON-FRI *)\""),
            "\"cron(0 9 ? * MON-FRI *)\"",
            &["At 09:00 UTC on Monday to Friday."],
            &[],
        ),
        (&schedule("rate(¦5 minutes)"), "rate(5 minutes)", &["Every 5 minutes."], &[]),
        (&schedule("rate(¦5 minute)"), "rate(5 minute)", &["When it calls"], &["Every"]),
        (
            &role("arn:aws:iam::1234¦56789012:role/service/app"),
            "arn:aws:iam::123456789012:role/service/app",
            &["- Service: `iam`", "- Region: none", "- Account: `123456789012`", "- Role: `app`"],
            &[],
        ),
        (
            &schedule("rate(1 day)").replace("nightly", "night¦ly"),
            "nightly",
            &[
                "- Every day",
                "- Calls `/v1/integrations/nightly/schedule`",
                "`SERVERLESS_NIGHTLY_WEBHOOKPATH`",
                "`shop-dev-api-nightly-rule`",
            ],
            &[],
        ),
    ]);
}

#[test]
fn variables_say_what_they_give_and_from_where() {
    assert_hovers(&[
        (
            &environment("{A: '${env:DB_¦HOST}'}"),
            "${env:DB_HOST}",
            &["`${env:DB_HOST}` gives `db.internal`.", "- Provider: `env`", "- Key: `DB_HOST`", "`.env` sets it"],
            &[],
        ),
        (
            &environment("{A: '${env:SHA¦RED}'}"),
            "${env:SHARED}",
            &["gives `from-dev`", "`.env.dev` sets it"],
            &["`.env` sets"],
        ),
        (&environment("{A: '${env:SHELL¦_ONLY}'}"), "${env:SHELL_ONLY}", &["in the environment of the process"], &[]),
        (
            &environment("{A: \"x ${env:NOPE¦, 'text'} y\"}"),
            "${env:NOPE, 'text'}",
            &["gives `text`", "- `env:NOPE`: nothing\n", "- `'text'`: `text`; this one counts", "It is not set."],
            &[],
        ),
        (&environment("{A: '${param:mo¦de}'}"), "${param:mode}", &["gives `fast`", "`stages.dev.params`"], &[]),
        (&environment("{A: '${param:si¦ze}'}"), "${param:size}", &["gives `512`", "`stages.default.params`"], &[]),
        (&environment("{A: '${param:giv¦en}'}"), "${param:given}", &["gives `1`", "`--param given` gives it"], &[]),
        (&environment("{A: '${self:na¦me}'}"), "${self:name}", &["gives `shop`", "It stands in line 8."], &[]),
        (
            &environment("{A: '${file(settings.yml):po¦rt}'}"),
            "${file(settings.yml):port}",
            &["gives `80`", "It stands in `settings.yml`."],
            &[],
        ),
        (&environment("{A: '${sls:sta¦ge}'}"), "${sls:stage}", &["gives `dev`"], &[]),
        (&environment("{A: '${env:${param:mo¦de}}'}"), "${param:mode}", &["gives `fast`"], &[]),
        (&environment("{A: '${sls:stage}¦${self:name}'}"), "${self:name}", &["gives `shop`"], &[]),
        (&environment("{A: '${sls:stage}¦ x'}"), "${sls:stage}", &["gives `dev`"], &[]),
        (
            &environment("{A: '${aws:reg¦ion}'}"),
            "${aws:region}",
            &["not known here", "The region of the deployment."],
            &["never shown"],
        ),
        (&environment("{A: '${nobo¦dy:x}'}"), "${nobody:x}", &["There is no provider or resolver `nobody`"], &[]),
        (&environment("{A: '${AWS::Reg¦ion}'}"), "${AWS::Region}", &["belongs to another program"], &[]),
        (&environment("{A: '${x¦}'}"), "${x}", &["has no colon"], &[]),
        (&environment("{A¦: 'on ${sls:stage}'}"), "A", &["- In force: `on dev`"], &[]),
    ]);
}

#[test]
fn secrets_are_not_shown() {
    let aliased =
        project("  a: {environment: &e {DB_PASSWORD: correct-horse, LEVEL: info}}\n  b: {environment: *¦e}\n");
    assert_hovers(&[
        (
            &environment("{A: '${env:API_¦TOKEN}'}"),
            "${env:API_TOKEN}",
            &["gives a secret, which is not shown"],
            &["t0psecret"],
        ),
        (&environment("{A¦: '${env:API_TOKEN}'}"), "A", &["In force: `••••••`"], &["t0psecret"]),
        (&environment("{A¦: 'x-${env:API_TOKEN}'}"), "A", &["In force: `••••••`"], &["t0psecret"]),
        (&environment("{DB_PASSWORD: '${env:DB_¦HOST}'}"), "${env:DB_HOST}", &["a secret"], &["db.internal"]),
        (&environment("{DB_PASS¦WORD: '${env:DB_HOST}'}"), "DB_PASSWORD", &["••••••"], &["db.internal"]),
        (
            &environment("{A: '${aws:ssm:/app/x¦}'}"),
            "${aws:ssm:/app/x}",
            &["- Provider: `aws`", "- Key: `/app/x`", "- Type: `ssm`. Parameters of Systems Manager.", "never shown"],
            &[],
        ),
        (
            &environment("{A: '${v:secret/a/b¦}'}"),
            "${v:secret/a/b}",
            &["- Provider: `vault`, through the resolver `v`", "- Key: `secret/a/b`", "never shown"],
            &[],
        ),
        (&aliased, "*e", &["DB_PASSWORD: ••••••, LEVEL: info"], &["correct-horse"]),
    ]);
}

#[test]
fn routes_are_compared() {
    let routes = |api: &str, web: &str| {
        project(&format!(
            "  api: {{compute: {{type: awsFargateEcs}}, routing: {{pathPattern: {api}}}}}\n  web: {{compute: {{type: awsLambda}}, \
             routing: {{pathPattern: {web}}}}}\n"
        ))
    };
    assert_hovers(&[
        (
            &routes("/api/¦*", "/*"),
            "/api/*",
            &[
                "- Answers `/api/*` on every host",
                "- Tried as number 1 of 2; its listener rule has priority 100",
                "- For example `/api/users`",
                "- It takes what it shares with these: `web` `/*`",
            ],
            &["more specific", "Gets no request"],
        ),
        (
            &routes("/api/*", "/¦*"),
            "/*",
            &[
                "- Tried as number 2 of 2, by the routing function",
                "are more specific and take what they share with it: `api` `/api/*`",
            ],
            &["It takes what"],
        ),
        (&routes("/a/*", "/b/¦*"), "/b/*", &["- For example `/b/users`"], &["share"]),
        (&routes("/a/*", "/a/¦*"), "/a/*", &["- Gets no request: `api` takes them all"], &["For example"]),
        (
            &routes("/api/*, domain: shop.example.c¦om", "/api/*"),
            "shop.example.com",
            &["on `shop.example.com`", "`https://shop.example.com/api/users`", "`web` `/api/*`"],
            &[],
        ),
        (
            &routes("/api/*", "/*").replace("  web:", "  w¦eb:"),
            "web",
            &[
                "The container `web`",
                "- Runs on AWS Lambda",
                "| function | `shop-dev-web` |",
                "nothing while nobody asks it",
            ],
            &["target group", "log group"],
        ),
        (
            &routes("/api/*", "/*").replace("  api:", "  a¦pi:"),
            "api",
            &[
                "256 CPU units and 512 MB of memory a task, 1 task",
                "About $9.01 a month",
                "| log group | `/aws/ecs/shop-dev-api-fargate` |",
                "| target group | `shop-dev-api-ip` |",
            ],
            &["| policy |"],
        ),
    ]);
}

#[test]
fn anchors_aliases_tags_and_comments_are_explained() {
    assert_hovers(&[
        ("a: &x¦y {b: 1}\nc: *xy", "&xy", &["`*xy`", "It is used once."], &[]),
        ("a: &xy 1\nc: *x¦y", "*xy", &["stands for what is written in line 1", "```yaml\n1\n```"], &[]),
        ("a:\n  b: &xy\n    c: 1\n    d:\n      e: 2\nf: *x¦y", "*xy", &["```yaml\nc: 1\nd:\n  e: 2\n```"], &[]),
        ("c: *n¦one", "*none", &["stands for nothing"], &[]),
        ("a: &xy {b: 1}\nc:\n  <¦<: *xy", "<<", &["Brings in the entries", "{b: 1}"], &[]),
        ("a: !R¦ef b", "!Ref", &["`Ref` of AWS stack templates"], &[]),
        (
            "name: x # slipway-ig¦nore: SCF030, SCF999",
            "# slipway-ignore: SCF030, SCF999",
            &["- `SCF030`: ", "- `SCF999`: no diagnostic has this code"],
            &[],
        ),
        ("name: x # slipway-ignore: SCF030, SCF0¦31", "SCF031", &["- `SCF031`: "], &["SCF030"]),
    ]);
}

#[test]
fn of_some_things_nothing_is_known() {
    for marked in [
        "",
        "¦",
        "nothing¦Known: 1",
        "name: x\n¦\n",
        "# a com¦ment",
        "name: x # a com¦ment",
        "x: [1, ¦2]",
        "- ¦a",
        "a:\n¦    b: c",
    ] {
        let marked = if marked.is_empty() { "¦" } else { marked };
        assert_eq!(hover_at(marked), None, "{marked:?}");
    }
}
