//! Rename: the text before, with the cursor written as `$0`, and the text after, or why not.

#[path = "support/marked.rs"]
#[allow(dead_code, reason = "each test file uses some of it")]
mod marked;

use std::fs;
use std::path::Path;

use marked::{ask, marked};
use slipway_lang::analyze;
use slipway_lang::config::{Config, Value};
use slipway_lang::ide::{rename, rename_target};
use slipway_lang::inputs::{Inputs, MemoryFiles};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextSize, apply_edits};
use slipway_lang::yaml::Document;

fn files() -> MemoryFiles {
    MemoryFiles::new([("settings.yml", "a: 1\n"), ("api/Dockerfile", "FROM node AS base\n")])
}

fn renamed(text: &str, new: &str) -> Result<String, String> {
    let (text, offset) = marked(text);
    ask(&text, &files(), |ctx| {
        let edits = rename(ctx, offset, new).map_err(|refusal| refusal.to_string())?;
        Ok(apply_edits(&text, &edits).unwrap())
    })
}

#[test]
fn names_change_wherever_they_stand() {
    for (text, new, expected) in [
        ("containers:\n  a$0pi: {src: api}\n", "shop", "containers:\n  shop: {src: api}\n"),
        (
            "containers:\n  api: {src: api}\n  web: {src: '${self:containers.a$0pi.src}', environment: {X: \"${env:Y, self:containers.api}\"}}\n",
            "shop",
            "containers:\n  shop: {src: api}\n  web: {src: '${self:containers.shop.src}', environment: {X: \"${env:Y, self:containers.shop}\"}}\n",
        ),
        ("containers: {\"a$0pi\": {}, 'web': {}}\n", "shop", "containers: {\"shop\": {}, 'web': {}}\n"),
        ("containers: {api: {}, we$0b: {}}\n", "7", "containers: {api: {}, \"7\": {}}\n"),
        (
            "containers: {7$0: {src: x}}\nx: ${self:containers.7.src}\n",
            "shop",
            "containers: {shop: {src: x}}\nx: ${self:containers.shop.src}\n",
        ),
        ("a: &x$0 1\nb: *x\nc: [*x, &y 2, *y]\n", "z", "a: &z 1\nb: *z\nc: [*z, &y 2, *y]\n"),
        ("a: &x 1\nb: *$0x\nc: &x 2\nd: *x\n", "z", "a: &z 1\nb: *z\nc: &x 2\nd: *x\n"),
        ("a: &x {k: 1}\nb: {<<: *$0x}\n", "z", "a: &z {k: 1}\nb: {<<: *z}\n"),
        (
            "stages:\n  default: {params: {p: 1}}\n  dev: {params: {'p': 2}}\n  prod: {params: {p: '${param:p}'}}\na: ${param:$0p}-${self:stages.dev.params.p}\n",
            "level",
            "stages:\n  default: {params: {level: 1}}\n  dev: {params: {'level': 2}}\n  prod: {params: {level: '${param:level}'}}\na: ${param:level}-${self:stages.dev.params.level}\n",
        ),
        (
            "stages: {default: {resolvers: {one$0: {type: vault}}}}\na: ${one:secret/x}\nb: ${vault:one}\n",
            "kept",
            "stages: {default: {resolvers: {kept: {type: vault}}}}\na: ${kept:secret/x}\nb: ${vault:one}\n",
        ),
        ("own$0: {b: 1}\nc: ${self:own.b}\nd: own\n", "mine", "mine: {b: 1}\nc: ${self:mine.b}\nd: own\n"),
        ("x: {b: &b {k$0: 1}}\ny: *b\nc: ${self:y.k}\n", "l", "x: {b: &b {l: 1}}\ny: *b\nc: ${self:y.l}\n"),
        ("containers: {api: {environment: {OLD$0: 1}}}\n", "NEW", "containers: {api: {environment: {NEW: 1}}}\n"),
        (
            "containers: {api: {environment: {OLD$0: 1}}}\n",
            "a b: c",
            "containers: {api: {environment: {\"a b: c\": 1}}}\n",
        ),
        ("containers: {a$0pi: {}}\n", "api", "containers: {api: {}}\n"),
        (
            "a: >\n  x\n  ${self:containers.ap$0i}\ncontainers:\n  api: 1\n",
            "shop",
            "a: >\n  x\n  ${self:containers.shop}\ncontainers:\n  shop: 1\n",
        ),
    ] {
        assert_eq!(renamed(text, new).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_renamed_is_refused_with_a_sentence() {
    let dynamic = "containers: {$0api: {src: x}}\nwhich: api\na: ${self:containers.${self:which}.src}\n";
    let shadowed = "a: &a {old$0: 1}\nb: {<<: *a, new: 2}\nc: ${self:b.old}\n";
    for (text, new, words) in [
        ("containers: {a$0pi: {}}\n", "", "lower-case letters"),
        ("containers: {a$0pi: {}}\n", "Shop", "lower-case letters"),
        ("containers: {a$0pi: {}}\n", "my_shop", "lower-case letters"),
        ("containers: {a$0pi: {}}\n", "shop-", "lower-case letters"),
        ("containers: {a$0pi: {}}\n", "a--b", "lower-case letters"),
        ("containers: {a$0pi: {}, web: {}}\n", "web", "`web` is taken already"),
        ("a: &x$0 1\nb: &y 2\n", "y", "`y` is taken already"),
        ("a: &x$0 1\n", "a b", "An anchor's name"),
        ("a: &x$0 1\n", "", "An anchor's name"),
        ("stages: {default: {params: {p$0: 1, q: 2}}}\n", "q", "`q` is taken already"),
        ("stages: {default: {params: {p$0: 1}}}\na: ${param:q, 'x'}\n", "q", "`q` is taken already"),
        ("stages: {default: {params: {p$0: 1}}}\na: ${param:p}\n", "a.b", "Variables refer to this name"),
        ("stages: {default: {params: {p$0: 1}}}\n", "", "is empty"),
        ("a: ${param:p$0}\n", "q", "`p` is not defined in this file"),
        ("stages: {default: {resolvers: {one$0: {type: vault}}}}\n", "ssm", "`ssm` is a provider"),
        ("stages: {pr$0od: {params: {}}}\n", "live", "chosen with `--stage`"),
        ("na$0me: x\na: ${self:name}\n", "title", "`name` is a word of the configuration language"),
        ("containers: {api: {sr$0c: x}}\n", "source", "`src` is a word of the configuration language"),
        ("oth$0er: x\n", "new", "Nothing refers to `other`"),
        ("a: ${env:X$0}\n", "Y", "`X` is a variable of the environment"),
        ("a: ${file(settings.yml$0)}\n", "b.yml", "`settings.yml` stands on the disk"),
        ("containers: {api: {src: ap$0i}}\n", "web", "`api` stands on the disk"),
        (
            "containers: {api: {src: api, build: {options: [--target=ba$0se]}}}\n",
            "last",
            "gets its name in the Dockerfile",
        ),
        ("a: so$0me text\n", "x", "Nothing here has a name"),
        ("a: ${se$0lf:b}\nb: 1\n", "x", "Nothing here has a name"),
        ("# comm$0ent\n", "x", "Nothing here has a name"),
        ("$0", "x", "Nothing here has a name"),
        ("a: \"${self:own\\x65d}\"\nown$0ed: 1\n", "new", "Line 1 names `owned`"),
        ("containers: {api: {build: {args: {A$0: 1}}}}\n", "B", "`A` is read by the Dockerfile"),
        ("containers:\n  a$0pi: {src: api\n  web: [\n", "shop", "Line 2 names `api`"),
        (dynamic, "shop", "would mean something else"),
        (shadowed, "new", "would mean something else"),
    ] {
        let refusal = renamed(text, new).expect_err(text);
        assert!(refusal.contains(words), "{text}\n{refusal}");
        assert!(refusal.ends_with('.'), "{refusal}");
    }
}

#[test]
fn the_name_is_shown_before_it_changes() {
    for (text, expected) in [
        ("containers: {\"a$0pi\": {}}\n", Some(("api", 14))),
        ("a: &$0x 1\n", Some(("x", 4))),
        ("a: &x 1\nb: $0*x\n", Some(("x", 12))),
        ("containers: {api: {}}\na: ${self:containers.a$0pi}\n", Some(("api", 43))),
        ("stages: {default: {params: {p$0: 1}}}\n", Some(("p", 28))),
        ("stages: {de$0fault: {params: {p: 1}}}\n", None),
        ("na$0me: x\n", None),
        ("a: ${env:X$0}\n", None),
        ("a: ${sel$0f:b}\nb: 1\n", None),
        ("a: tex$0t\n", None),
    ] {
        let (written, offset) = marked(text);
        let found = ask(&written, &files(), |ctx| rename_target(ctx, offset));
        let found = found.as_ref().map(|target| (&*target.name, u32::from(target.range.start())));
        assert_eq!(found, expected, "{text}");
    }
}

/// Values with their paths, the old name in keys replaced by the new one.
fn meaning(config: &Config, old: &str, new: &str) -> Vec<(Option<String>, Option<serde_json::Value>)> {
    let key = |value: Value<'_>| value.key().map(|key| if key == old { new.to_owned() } else { key.to_owned() });
    let lone = |value: Value<'_>| if value.is_map() || value.is_list() { None } else { value.json() };
    config.values().map(|value| (key(value), lone(value))).collect()
}

/// Renames everything in the project's files that can be renamed, each alone.
#[test]
fn a_renamed_file_means_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut renamed = 0;
    for folder in ["tests/fixtures/corpus/valid", "examples/acmeinc"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if path.extension().is_none_or(|extension| extension != "yml") {
                continue;
            }
            let inputs = Inputs { env: Some([].into()), ..Inputs::default() };
            let document = Document::new(&*text);
            let before = analyze(&document, &inputs);
            let ctx = RuleContext::new(&document, &before.config, &inputs);
            for (_, node) in document.tree().nodes() {
                let offset = node.anchor.as_ref().map_or(node.range.start(), |anchor| anchor.range.start());
                let Some(target) = rename_target(&ctx, offset + TextSize::new(0)) else { continue };
                let new = "renamed-7";
                let edits = rename(&ctx, offset, new).unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
                let changed = Document::new(apply_edits(&text, &edits).unwrap());
                let after = analyze(&changed, &inputs);
                let old = &*target.name;
                assert_eq!(
                    meaning(&before.config, old, new),
                    meaning(&after.config, old, new),
                    "{}: {old}",
                    path.display()
                );
                let codes = |diagnostics: &[slipway_lang::diagnostic::Diagnostic]| {
                    // What is said about the name itself may change with it.
                    let about_names = |code: &str| {
                        ("SCF030".."SCF050").contains(&code) || code.starts_with("SCF25") || code.starts_with("SCF26")
                    };
                    let codes = diagnostics.iter().map(|found| found.rule.code).filter(|code| !about_names(code));
                    codes.collect::<Vec<_>>()
                };
                assert_eq!(codes(&before.diagnostics), codes(&after.diagnostics), "{}: {old}", path.display());
                renamed += 1;
            }
        }
    }
    assert!(renamed > 120, "{renamed} names only");
}
