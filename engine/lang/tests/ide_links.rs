//! Links: texts, and what leads where.

#[path = "support/marked.rs"]
#[allow(dead_code, reason = "each test file uses some of it")]
mod marked;

use marked::{ask, place};
use slipway_lang::ide::{LinkTarget, links};
use slipway_lang::inputs::MemoryFiles;

fn linked(text: &str) -> Vec<String> {
    let files = MemoryFiles::new([("api/Dockerfile", "FROM a AS b"), ("web/main.py", ""), ("x.yml", "a: 1")]);
    ask(text, &files, |ctx| {
        let target = |target: &LinkTarget| match target {
            LinkTarget::File(path) => format!("file {path}"),
            LinkTarget::Url(address) => format!("url {address}"),
            LinkTarget::Rule(code) => format!("rule {code}"),
        };
        let found = links(ctx);
        assert!(found.iter().all(|link| !link.tooltip.is_empty()));
        found.iter().map(|link| format!("{} -> {}", place(ctx.source(), link.range), target(&link.target))).collect()
    })
}

#[test]
fn what_is_there_is_linked_to() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("containers: {a: {src: ./api}}", &["1:23 ./api -> file api/Dockerfile"]),
        ("containers: {a: {src: \"web/\"}}", &["1:24 web/ -> file web"]),
        ("containers: {a: {src: .}}", &["1:23 . -> file "]),
        ("containers: {a: {src: none}}", &[]),
        ("containers: {a: {src: '${env:X}'}}", &[]),
        ("containers: {a: {dev: {watchPath: api}}}", &["1:35 api -> file api/Dockerfile"]),
        (
            "containers: {a: {src: api, build: {options: --target=b}}}",
            &["1:23 api -> file api/Dockerfile", "1:54 b -> file api/Dockerfile"],
        ),
        ("a: ${file(./x.yml):a}-${file(none)}", &["1:11 ./x.yml -> file x.yml"]),
        ("a: ${file(./${env:X}.yml)}", &[]),
        (
            "containers: {a: {routing: {domain: 'www.example.org'}}}",
            &["1:37 www.example.org -> url https://www.example.org/"],
        ),
        ("containers: {a: {routing: {domain: '*.example.org'}}}", &[]),
        ("containers: {a: {routing: {domain: localhost}}}", &[]),
        ("a: http://b.c/d?e=f#g", &["1:4 http://b.c/d?e=f#g -> url http://b.c/d?e=f#g"]),
        (
            "# See https://b.c/d_(e), (https://f.g).",
            &["1:7 https://b.c/d_(e) -> url https://b.c/d_(e)", "1:27 https://f.g -> url https://f.g"],
        ),
        (
            "a: [https://b.c, {d: https://e.f}]",
            &["1:5 https://b.c -> url https://b.c", "1:22 https://e.f -> url https://e.f"],
        ),
        ("a: https://${env:HOST}/x", &[]),
        ("a: https://x.y/${env:HOST}/x", &[]),
        ("a: https:// xhttps://b.c httpss://b.c", &[]),
        ("# slipway-ignore: SCF117, SCF999 SCF118", &["1:19 SCF117 -> rule SCF117", "1:34 SCF118 -> rule SCF118"]),
    ];
    for (text, expected) in cases {
        assert_eq!(linked(text), *expected, "{text}");
    }
}

#[test]
fn odd_texts_take_no_longer() {
    assert!(linked(&"http://".repeat(100_000)).is_empty());
    assert!(linked(&format!("# http://a{}", ")".repeat(500_000))).len() <= 1);
}
