//! Definition, references and highlights: texts with the cursor written as `$0`, and the places that are found.

#[path = "support/marked.rs"]
#[allow(dead_code, reason = "each test file uses some of it")]
mod marked;

use marked::{ask, location, marked, place};
use slipway_lang::ide::{HighlightKind, definition, highlights, references};
use slipway_lang::inputs::MemoryFiles;

fn files() -> MemoryFiles {
    MemoryFiles::new([
        (".env", "# A=0\nA=1\nB=1\nA=2\n"),
        (".env.dev", "export B=2\r\nC='x\r\ny'\r\n"),
        (".env.prod", "C=3\n"),
        ("api/Dockerfile", "# build\nFROM node AS base\nFROM base AS awsLambda\n"),
        ("web/main.py", ""),
        ("settings.yml", "top:\n  - one\n  - deep: {key: value}\nbase: &base {shared: 1}\nuse:\n  <<: *base\n"),
        ("settings.json", "{\"a\": {\"b\": 1}}"),
        ("banner.txt", "a: b\n"),
    ])
}

/// `origin -> target, target`, or nothing.
fn defined(text: &str) -> String {
    let (text, offset) = marked(text);
    let files = files();
    ask(&text, &files, |ctx| {
        let Some(found) = definition(ctx, offset) else { return String::new() };
        let targets: Vec<_> = found.targets.iter().map(|target| location(ctx, &files, target)).collect();
        format!("{} -> {}", place(ctx.source(), found.origin), targets.join(", "))
    })
}

fn referred(text: &str, include_declaration: bool) -> String {
    let (text, offset) = marked(text);
    let files = files();
    ask(&text, &files, |ctx| {
        let found = references(ctx, offset, include_declaration);
        found.iter().map(|found| location(ctx, &files, found)).collect::<Vec<_>>().join(", ")
    })
}

fn highlighted(text: &str) -> String {
    let (text, offset) = marked(text);
    ask(&text, &files(), |ctx| {
        let mark = |kind| match kind {
            HighlightKind::Read => "r",
            HighlightKind::Write => "w",
            HighlightKind::Text => "t",
        };
        let found = highlights(ctx, offset);
        let found = found.iter().map(|found| format!("{} {}", mark(found.kind), place(ctx.source(), found.range)));
        found.collect::<Vec<_>>().join(", ")
    })
}

fn compare(cases: &[(&str, &str)], actual: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, actual(text)))
        .filter(|(_, expected, actual)| actual != *expected)
        .map(|(text, expected, actual)| format!("{text}\n  expected {expected}\n  found    {actual}\n"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const CONTAINERS: &str = "containers:\n  api:\n    src: ./api\n    environment: {X: '${self:containers.a$0pi.src}'}\n  web:\n    src: ./web\n";

#[test]
fn anchors_are_defined_where_they_stand() {
    compare(
        &[
            ("a: &x 1\nb: *$0x\n", "2:4 *x -> 1:4 &x"),
            ("a: &x 1\nb: $0*x\n", "2:4 *x -> 1:4 &x"),
            ("a: &x 1\nb: *x$0\n", "2:4 *x -> 1:4 &x"),
            ("a: &$0x 1\nb: *x\n", "1:4 &x -> 1:4 &x"),
            ("a: &$0x 1\n", ""),
            ("a: &x 1\nb: &x 2\nc: *$0x\n", "3:4 *x -> 2:4 &x"),
            ("a: &x {k: 1}\nb:\n  $0<<: *x\n", "3:3 << -> 1:4 &x"),
            ("a: &x {k: 1}\nb:\n  <<: *$0x\n", "3:7 *x -> 1:4 &x"),
            ("a: &x {k: 1}\nb:\n  <<: [*x, *$0x]\n", "3:12 *x -> 1:4 &x"),
            ("b: *$0x\n", ""),
            ("a: &k key\nb: {*$0k : 1}\n", "2:5 *k -> 1:4 &k"),
        ],
        defined,
    );
}

#[test]
fn paths_are_defined_at_their_entries() {
    compare(
        &[
            (CONTAINERS, "4:41 api -> 2:3 api"),
            ("name: x\na: ${self:na$0me}\n", "2:11 name -> 1:1 name"),
            ("name: x\na: ${se$0lf:name}\n", "2:4 ${self:name} -> 1:1 name"),
            ("name: x\na: $0${self:name}-y\n", "2:4 ${self:name} -> 1:1 name"),
            ("name: x\na: ${self:b, self$0:name}\n", "2:14 self:name -> 1:1 name"),
            ("a: {\"b\": {c: 1}}\nd: \"x ${self:a.b$0.c}\"\n", "2:16 b -> 1:5 \"b\""),
            ("a: {b: {c: 1}}\nd: ${self:a.b.$0c}\n", "2:15 c -> 1:9 c"),
            ("a: [{b: 1}]\nd: ${self:a.0.$0b}\n", "2:15 b -> 1:6 b"),
            ("a: [{b: 1}]\nd: ${self:a.$00}\n", "2:4 ${self:a.0} -> 1:1 a"),
            ("a: &x {k: 1}\nb: {<<: *x}\nc: ${self:b.$0k}\n", "3:13 k -> 1:8 k"),
            ("a: &x {k: 1}\nb: *x\nc: ${self:b.$0k}\n", "3:13 k -> 1:8 k"),
            ("a: {k: 1}\nb: ${self:a}\nc: ${self:b.$0k}\n", "3:13 k -> 1:5 k"),
            ("a: ${self:b}\nb: ${self:a}\nc: ${self:b.$0k}\n", ""),
            ("a: {k: {l: 1}}\nc: ${self:a.$0k.${env:X}}\n", "2:13 k -> 1:5 k"),
            ("a: {k: {l: 1}}\nc: ${self:a.$0k${env:X}}\n", ""),
            ("a: {k: 1}\nc: ${self:a.$0typo}\n", ""),
            ("a: {k: 1}\nc: ${self:$0a.typo}\n", "2:11 a -> 1:1 a"),
            ("a: 1\nb: ${nobody:x, self:$0a}\n", ""),
            ("$0a: 1\nb: ${self:a}\n", "1:1 a -> 1:1 a"),
            ("$0a: 1\nb: 2\n", ""),
            ("a: 1\nb: '${file(${self:$0a}):k}'\n", "2:19 a -> 1:1 a"),
            ("a: 1\nb: >-\n  text\n  ${self:$0a}\n", "4:10 a -> 1:1 a"),
        ],
        defined,
    );
}

#[test]
fn parameters_and_resolvers_are_defined_in_their_stage() {
    let stages = |used: &str| {
        format!(
            "stages:\n  default: {{params: {{p: 1, q: 1}}}}\n  dev: {{params: {{p: 2}}}}\n  prod: {{params: {{p: 3, r: 3}}}}\na: {used}\n"
        )
    };
    let resolvers = |used: &str| {
        format!(
            "stages:\n  default: {{resolvers: {{one: {{type: vault}}}}}}\n  prod: {{resolvers: {{two: {{type: vault}}}}}}\na: {used}\n"
        )
    };
    compare(
        &[
            (&stages("${param:$0p}"), "5:12 p -> 3:18 p"),
            (&stages("${pa$0ram:p}"), "5:4 ${param:p} -> 3:18 p"),
            (&stages("${param:$0q}"), "5:12 q -> 2:28 q"),
            (&stages("${param:$0r}"), "5:12 r -> 4:25 r"),
            (&stages("${param:$0s}"), ""),
            (&stages("${self:stages.prod.params.$0r}"), "5:30 r -> 4:25 r"),
            ("params: {default: {p: 1}}\na: ${param:$0p}\n", "2:12 p -> 1:20 p"),
            (&resolvers("${$0one:secret/x}"), "4:6 one -> 2:25 one"),
            (&resolvers("${t$0wo:secret/x}"), "4:6 two -> 3:22 two"),
            (&resolvers("${vaul$0t:secret/x}"), ""),
        ],
        defined,
    );
}

#[test]
fn files_are_found_with_the_keys_in_them() {
    compare(
        &[
            ("a: ${file(./settings$0.yml)}\n", "1:11 ./settings.yml -> settings.yml 1:1 "),
            ("a: ${file(settings.yml):to$0p}\n", "1:25 top -> settings.yml 1:1 top"),
            ("a: ${file(settings.yml):top.1.deep.ke$0y}\n", "1:36 key -> settings.yml 3:12 key"),
            ("a: ${file(settings.yml):top.1.deep.no$0}\n", "1:36 no -> settings.yml 1:1 "),
            ("a: ${file(settings.yml):use.shar$0ed}\n", "1:29 shared -> settings.yml 4:14 shared"),
            ("a: ${fi$0le(settings.json):a.b}\n", "1:4 ${file(settings.json):a.b} -> settings.json 1:8 \"b\""),
            ("a: ${file(settings.json#a.$0b)}\n", "1:27 b -> settings.json 1:8 \"b\""),
            ("a: ${file:settin$0gs.json}\n", "1:11 settings.json -> settings.json 1:1 "),
            ("a: ${file(banner.txt):$0a}\n", "1:23 a -> banner.txt 1:1 "),
            ("a: ${file(none$0.yml)}\n", ""),
            ("a: ${file(web$0)}\n", ""),
            ("a: ${env:$0A}\n", "1:10 A -> .env 4:1 A"),
            ("a: ${env:$0B}\n", "1:10 B -> .env.dev 1:8 B"),
            ("a: ${en$0v:C, 'x'}\n", "1:6 env:C -> .env.dev 2:1 C"),
            ("a: ${env:$0D}\n", ""),
            ("containers: {api: {src: ./a$0pi}}\n", "1:25 ./api -> api/Dockerfile 1:1 "),
            ("containers: {api: {src: 'w$0eb/'}}\n", "1:26 web/ -> web 0..0"),
            ("containers: {api: {src: no$0ne}}\n", ""),
            ("containers: {api: {$0src: api}}\n", ""),
            ("containers: {api: {dev: {watchPath: we$0b}}}\n", "1:37 web -> web 0..0"),
        ],
        defined,
    );
}

#[test]
fn build_stages_are_defined_in_their_dockerfile() {
    compare(
        &[
            (
                "containers: {api: {src: api, build: {options: --pull --target awsL$0ambda}}}\n",
                "1:63 awsLambda -> api/Dockerfile 3:14 awsLambda",
            ),
            (
                "containers: {api: {src: api, build: {options: [--target=ba$0se]}}}\n",
                "1:57 base -> api/Dockerfile 2:14 base",
            ),
            (
                "containers: {api: {src: api, build: {options: [--target, BA$0SE]}}}\n",
                "1:58 BASE -> api/Dockerfile 2:14 base",
            ),
            (
                "containers: {api: {src: api, build: {options: [--target, no$0ne]}}}\n",
                "1:58 none -> api/Dockerfile 1:1 ",
            ),
            ("containers: {api: {src: web, build: {options: [--target, no$0ne]}}}\n", ""),
            (
                "containers:\n  api:\n    src: api\n    build:\n      options: [--target, la$0st]\n      dockerFileString: |\n        FROM node AS first\n        FROM first AS last\n",
                "5:27 last -> 8:23 last",
            ),
            (
                "containers:\n  api:\n    build:\n      dockerFileString: |\n        FROM node AS first\n        FROM fir$0st AS last\n        COPY --from=first /a /b\n",
                "6:14 first -> 5:22 first",
            ),
        ],
        defined,
    );
}

#[test]
fn references_are_everything_that_names_it() {
    compare(
        &[
            (CONTAINERS, "4:41 api"),
            ("$0a: {b: 1}\nc: ${self:a.b}\nd: [\"${self:a}\", '${self:x, self:a.b}']\n", "2:11 a, 3:13 a, 3:34 a"),
            ("a: {$0b: 1}\nc: ${self:a.b}\nd: ${self:a}\n", "2:13 b"),
            ("a: 1\n$0b: 2\n", ""),
            ("a: &x 1\nb: *x\nc: [*$0x]\n", "2:4 *x, 3:5 *x"),
            ("a: ${env:$0A}\nb: x${env:A}-${env:B}\n", "1:10 A, 2:11 A"),
            (
                "a: ${file(settings.json):$0a.b}\nb: ${file(./settings.json):a}\nc: ${file(settings.json)}\n",
                "1:26 a, 2:28 a",
            ),
            (
                "a: ${file(settings$0.json):a.b}\nb: ${file(./settings.json):a}\n",
                "1:11 settings.json, 2:11 ./settings.json",
            ),
            (
                "stages:\n  default: {params: {$0p: 1}}\n  dev: {params: {p: 2}}\na: ${param:p}\nb: ${self:stages.dev.params.p}\n",
                "4:12 p, 5:29 p",
            ),
            ("containers:\n  a: {src: a$0pi}\n  b: {src: ./api}\n  c: {src: web}\n", "2:12 api, 3:12 ./api"),
        ],
        |text| referred(text, false),
    );
}

#[test]
fn references_list_declarations_when_asked_for() {
    compare(
        &[
            (CONTAINERS, "2:3 api, 4:41 api"),
            ("a: &x 1\nb: *$0x\n", "1:4 &x, 2:4 *x"),
            ("a: ${env:$0A}\n", "1:10 A, .env 4:1 A"),
            ("a: ${env:$0B}\n", "1:10 B, .env.dev 1:8 B, .env 3:1 B"),
            ("a: ${file(settings.json):$0a}\n", "1:26 a, settings.json 1:2 \"a\""),
            ("a: ${file(settings.json$0)}\n", "1:11 settings.json"),
            (
                "stages:\n  default: {params: {p: 1}}\n  dev: {params: {p: 2}}\na: ${param:$0p}\n",
                "2:22 p, 3:18 p, 4:12 p",
            ),
            (
                "containers:\n  api:\n    src: api\n    build: {options: [--target=aws$0Lambda]}\n  two:\n    src: ./api\n    build: {options: --target awslambda}\n",
                "4:32 awsLambda, 7:31 awslambda, api/Dockerfile 3:14 awsLambda",
            ),
        ],
        |text| referred(text, true),
    );
}

#[test]
fn highlights_tell_definitions_from_uses() {
    compare(
        &[
            (CONTAINERS, "w 2:3 api, r 4:41 api"),
            ("containers:\n  $0api: {src: api}\n", "w 2:3 api"),
            ("containers:\n  api: {$0src: api}\n", ""),
            ("$0name: x\n", ""),
            ("$0name: x\na: ${self:name}\n", "w 1:1 name, r 2:11 name"),
            ("a: &x 1\nb: *$0x\n", "w 1:4 &x, r 2:4 *x"),
            ("a: &$0x 1\n", "w 1:4 &x"),
            ("containers:\n  a: {src: a$0pi}\n  b: {src: ./api}\n", "r 2:12 api, r 3:12 ./api"),
            ("a: just te$0xt\n", ""),
            ("# a comm$0ent\n", ""),
            ("$0", ""),
        ],
        highlighted,
    );
}

#[test]
fn long_ways_are_followed_in_time() {
    let mut text = "v0: {k: 1}\n".to_owned();
    for number in 1..500 {
        text.push_str(&format!("v{number}: ${{self:v{}}}\nw{number}: ${{self:v{number}.k}}\n", number - 1));
    }
    text.push_str("end: ${self:$0v0.k}\n");
    assert_eq!(defined(&text), "1000:13 v0 -> 1:1 v0");
    let deep =
        format!("a: ${{file(settings.yml):t$0op.{}}}\nb: ${{self:{}}}\n", "x.".repeat(50_000), "b.".repeat(50_000));
    assert_eq!(defined(&deep), "1:25 top -> settings.yml 1:1 top");
}
