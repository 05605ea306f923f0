use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::inputs::{Inputs, MemoryFiles};
use crate::variables::Effective;
use crate::variables::finding::FindingKind;

/// What a text means as JSON: `?` for what is unknown, `!` behind what is secret.
fn meaning(text: &str, inputs: &Inputs<'_>) -> String {
    let document = Document::new(text);
    let config = build(&document, inputs);
    config.root().map_or("nothing".to_owned(), write)
}

fn write(value: Value<'_>) -> String {
    let mut text = match value.data() {
        Data::Unknown => "?".to_owned(),
        Data::List(_) => format!("[{}]", value.items().map(write).collect::<Vec<_>>().join(",")),
        Data::Map(_) => {
            let fields = value.entries().map(|(key, value)| format!("{key}:{}", write(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        _ => value.json().unwrap().to_string(),
    };
    if value.is_secret() {
        text.push('!');
    }
    text
}

/// What the key `v` means beside other keys.
fn value(rest: &str, v: &str, inputs: &Inputs<'_>) -> String {
    let text = format!("{rest}\nv: {v}\n");
    let document = Document::new(text);
    assert_eq!(document.tree().problems(), [], "{v}");
    let config = build(&document, inputs);
    write(config.get(&["v"]).unwrap())
}

fn findings(text: &str, inputs: &Inputs<'_>) -> Vec<String> {
    let document = Document::new(text);
    let config = build(&document, inputs);
    let show = |finding: &crate::variables::finding::Finding| {
        let place = match &finding.part {
            Some(part) => &document.tree().scalar_text(finding.node).unwrap()[part.clone()],
            None => document.source().slice(document.tree().node(finding.node).range),
        };
        let mut shown = format!("{:?}", finding.kind).split([' ', '{']).next().unwrap().to_owned();
        if let FindingKind::Cycle { references } = &finding.kind {
            write!(shown, " {}", references.join(" > ")).unwrap();
        }
        write!(shown, " at {place}").unwrap();
        shown
    };
    config.variables().findings().iter().map(show).collect()
}

fn strings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn plain_documents_mean_what_they_say() {
    for (text, expected) in [
        ("", "nothing"),
        ("# nothing\n", "nothing"),
        ("a", "\"a\""),
        ("[1, a, ~]", "[1,\"a\",null]"),
        ("a: 1\nb: {c: [x, {d: true}]}", "{a:1,b:{c:[\"x\",{d:true}]}}"),
        ("a: '1'\nb: \"true\"\nc: |\n  x\nd:", "{a:\"1\",b:\"true\",c:\"x\\n\",d:null}"),
        ("a: .inf\nb: 010\nc: 0x1F\nd: 2012-10-17\ne: yes", "{a:null,b:10,c:31,d:\"2012-10-17\",e:\"yes\"}"),
        ("a: 1\na: 2", "{a:1}"),
        ("1.50: a\ntrue: b\n[x]: c\n\"q\": d", "{1.5:\"a\",true:\"b\",[x]:\"c\",q:\"d\"}"),
        // Tags.
        ("a: !!str 5\nb: !!int \"5\"\nc: ! 5", "{a:\"5\",b:5,c:\"5\"}"),
        ("a: !Ref x\nb: !Sub \"y-${AWS::Region}\"", "{a:{Ref:\"x\"},b:{Fn::Sub:\"y-${AWS::Region}\"}}"),
        ("a: !GetAtt b.c.d\nb: !GetAtt x", "{a:{Fn::GetAtt:[\"b\",\"c.d\"]},b:{Fn::GetAtt:[\"x\",\"\"]}}"),
        ("a: !If [x, 5, !Ref y]", "{a:{Fn::If:[\"x\",5,{Ref:\"y\"}]}}"),
        ("a: !Ref 5\nb: !Condition {c: d}", "{a:{Ref:\"5\"},b:{Condition:{c:\"d\"}}}"),
        // Aliases and merges.
        ("a: &x {b: [1]}\nc: *x\nd: [*x, *x]", "{a:{b:[1]},c:{b:[1]},d:[{b:[1]},{b:[1]}]}"),
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", "{a:{p:1,q:2},b:{p:1,q:3}}"),
        ("a: &x {p: 1}\nb: &y {<<: *x, q: 2}\nc: {<<: [*y, {r: 3}]}", "{a:{p:1},b:{p:1,q:2},c:{p:1,q:2,r:3}}"),
        ("a: *nowhere\nb: {<<: *nowhere, c: 1}", "{a:?,b:{c:1}}"),
        // Secrets go by their names.
        ("dbPassword: x\ntokens: {a: b}\nn: 1", "{dbPassword:\"x\"!,tokens:{a:\"b\"},n:1}"),
    ] {
        assert_eq!(meaning(text, &Inputs::default()), expected, "{text}");
    }
}

#[test]
fn values_know_where_they_are_written_and_where_they_are_used() {
    let text = "a: &x {b: [1]}\nc: *x\nd: {<<: *x, e: 2}\nf: ${self:a}\n";
    let document = Document::new(text);
    let config = build(&document, &Inputs::default());
    let slice = |range| document.source().slice(range);
    for (route, node, range, definition, key, written) in [
        (&["a"][..], "{b: [1]}", "{b: [1]}", None, "a", true),
        (&["a", "b"], "[1]", "[1]", None, "b", true),
        (&["c"], "{b: [1]}", "*x", Some("{b: [1]}"), "*x", false),
        (&["c", "b"], "[1]", "*x", Some("[1]"), "*x", false),
        (&["d", "b"], "[1]", "*x", Some("[1]"), "*x", false),
        (&["d", "e"], "2", "2", None, "e", true),
        (&["f"], "${self:a}", "${self:a}", None, "f", false),
        (&["f", "b"], "${self:a}", "${self:a}", None, "${self:a}", false),
    ] {
        let value = config.get(route).unwrap();
        assert_eq!(slice(document.tree().node(value.node()).range), node, "{route:?}");
        assert_eq!(slice(value.range()), range, "{route:?}");
        assert_eq!(value.definition().map(slice), definition, "{route:?}");
        assert_eq!(slice(value.key_range()), key, "{route:?}");
        assert_eq!(value.is_written_here(), written, "{route:?}");
        assert_eq!(value.path(), route.join("."));
        if written {
            assert_eq!(config.value_at(value.node()), Some(value));
        }
    }
    assert!(config.get(&["f", "b"]).unwrap().items().all(Value::is_variable));
    assert!(config.values().skip(1).all(|value| value.parent().unwrap().id() < value.id()));
}

#[test]
fn variables_are_resolved() {
    let files = MemoryFiles::new([
        ("p.json", r#"{"a": {"b": [1, {"c": "d"}]}, "t": "${sls:stage}", "n": null}"#),
        ("deep/q.yml", "x: &x {y: 1}\nz: *x\nv: ${env:A}\nw: {k: '${self:n}'}\n"),
        ("t.txt", "text ${env:A}\n"),
        ("code.js", "module.exports = 1"),
        ("broken.json", "{"),
        ("empty.yml", ""),
        ("zero.json", "0"),
        ("Upper.JSON", "[7]"),
        ("loop.yml", "x: ${file(loop.yml):x}\n"),
    ]);
    let inputs = Inputs {
        stage: "prod".to_owned(),
        env: Some(strings(&[
            ("A", "1"),
            ("E", ""),
            ("ME", "x${env:ME}"),
            ("V", "${env:A}-${self:n}"),
            ("W", "${self:m}"),
            ("TRUE", "TRUE"),
            ("DB_PASSWORD", "hush"),
        ])),
        params: strings(&[("cli", "c"), ("both", "from cli")]),
        options: strings(&[("mode", "fast")]),
        files: Some(&files),
        ..Inputs::default()
    };
    let rest = "n: name\nm: {k: 5, l: [a, 2, null, [b]], e: ''}\nnil: ~\nr: ${env:A}\nq: ${self:m}\nu: ${aws:ssm:/x}\n\
                stages:\n  default: {params: {d: 1, both: default, s: default, nothing: null, list: [1, 2]}}\n  \
                prod: {params: {s: stage, both: prod, v: 'p-${env:A}', gone: null}}\n  \
                other: {params: {o: 1, w: '${self:nowhere}'}}\n";
    for (v, expected) in [
        // Environment and options: always text.
        ("${env:A}", "\"1\""),
        ("x-${env:A}-y", "\"x-1-y\""),
        ("${env:NONE, 'd'}", "\"d\""),
        ("${env:E, 'd'}", "\"\""),
        ("${env:V}", "\"1-name\""),
        ("${env:W}", "{k:5,l:[\"a\",2,null,[\"b\"]],e:\"\"}"),
        ("${env:variables:A}", "\"1\""),
        ("${env:A:B}", "?"),
        ("${env:DB_PASSWORD}", "\"hush\"!"),
        ("a${env:DB_PASSWORD}", "\"ahush\"!"),
        ("${opt:mode}", "\"fast\""),
        ("${opt:stage, 'none'}", "\"none\""),
        ("${opt:none, opt:mode}", "\"fast\""),
        // The run.
        ("${sls:stage}", "\"prod\""),
        ("${sls:instanceId}", "?"),
        ("${sls:other}", "?"),
        // The document.
        ("${self:n}", "\"name\""),
        ("${self:m}", "{k:5,l:[\"a\",2,null,[\"b\"]],e:\"\"}"),
        ("${self:m.k}", "5"),
        ("${self:m.l.1}", "2"),
        ("${self:m.l.01, 'd'}", "\"d\""),
        ("${self:m.l.length}", "4"),
        ("${self:n.length}", "4"),
        ("${self:m.e, 'd'}", "\"\""),
        ("${self:nil, 'd'}", "\"d\""),
        ("${self:r}", "\"1\""),
        ("${self:q.k}", "5"),
        ("${self:q.l}", "[\"a\",2,null,[\"b\"]]"),
        ("${self:u}", "?!"),
        ("${self:u.x, 'd'}", "?!"),
        ("${self:no.where, 'd'}", "\"d\""),
        ("${self:config:n}", "\"name\""),
        ("${self:m.${env:NONE, 'k'}}", "5"),
        ("${self:m.l.${env:A}}", "2"),
        ("${self:stages.other.params.w}", "?"),
        // Parameters.
        ("${param:d}", "1"),
        ("${param:s}", "\"stage\""),
        ("${param:both}", "\"from cli\""),
        ("${param:cli}", "\"c\""),
        ("${param:v}", "\"p-1\""),
        ("${param:list}", "[1,2]"),
        ("${param:nothing, 'd'}", "\"d\""),
        ("${param:gone, 'd'}", "\"d\""),
        ("${param:o, 'd'}", "\"d\""),
        // Files.
        ("${file(p.json)}", "{a:{b:[1,{c:\"d\"}]},t:\"prod\",n:null}"),
        ("${file(./p.json):a.b.1.c}", "\"d\""),
        ("${file(./p.json#a.b.0)}", "1"),
        ("${file:./p.json}", "{a:{b:[1,{c:\"d\"}]},t:\"prod\",n:null}"),
        ("${file(p.json):t}", "\"prod\""),
        ("${file(p.json):n, 'd'}", "\"d\""),
        ("${file(p.json):a.z, 'd'}", "\"d\""),
        ("${file(p.json):a[0], 'd'}", "\"d\""),
        ("${file(deep/../deep/q.yml)}", "{x:{y:1},z:{y:1},v:\"1\",w:{k:\"name\"}}"),
        ("${file(deep/q.yml):z.y}", "1"),
        ("${file(deep/q.yml):w.k.length, 'd'}", "?"),
        ("${file(t.txt)}", "\"text 1\\n\""),
        ("${file(code.js)}", "?"),
        ("${file(code.js):x, 'd'}", "?"),
        ("${file(none.yml), 'd'}", "\"d\""),
        ("${file(deep), 'd'}", "\"d\""),
        ("${file(broken.json), 'd'}", "?"),
        ("${file(empty.yml), 'd'}", "\"d\""),
        ("${file(zero.json), 'd'}", "\"d\""),
        ("${file(Upper.JSON)}", "[7]"),
        ("${file(${env:NONE, 'p'}.json):a.b.0}", "1"),
        // Booleans.
        ("${strToBool(true)}", "true"),
        ("${strToBool(0)}", "false"),
        ("${strToBool(${env:TRUE})}", "true"),
        ("${strToBool(${env:NONE, ' False '})}", "false"),
        ("${strToBool:1}", "true"),
        ("${strToBool(maybe)}", "?"),
        ("${strToBool(${aws:ssm:/x})}", "?"),
        // Literals.
        ("${env:NONE, 5}", "5"),
        ("${env:NONE, 1.50}", "1.5"),
        ("${env:NONE, true}", "true"),
        ("${env:NONE, null}", "null"),
        ("\"${env:NONE, [1]}\"", "[1]"),
        ("\"${env:NONE, [1, ['b']]}\"", "?"),
        ("'${env:NONE, [1, [\"b\"]]}'", "[1,[\"b\"]]"),
        ("'${env:NONE, \"a,b}\"}'", "\"a,b}\""),
        ("\"${env:NONE, 'a,b}'}\"", "\"a,b}\""),
        ("\"${env:NONE, '${env:A}!'}\"", "\"1!\""),
        ("${env:NONE, bare}", "?"),
        ("${env:NONE,}", "?"),
        // Nesting.
        ("${env:NONE, ${env:A}}", "\"1\""),
        ("${env:NONE, ${env:ALSO_NONE}, 'x'}", "\"x\""),
        ("${${env:A}}", "\"1\""),
        // In a longer text.
        ("n${self:m.k}", "\"n5\""),
        ("n${env:NONE, true}", "\"ntrue\""),
        ("n${self:m.l}", "\"na,2,,b\""),
        ("n${self:m}", "?"),
        ("n${env:NONE, null}", "?"),
        ("n${git:sha1}", "?"),
        ("n${env:NONE}", "?"),
        // What stays text, and what is only known later.
        ("${FOO}", "\"${FOO}\""),
        ("a ${AWS::Region}", "\"a ${AWS::Region}\""),
        ("'${env:A'", "\"${env:A\""),
        ("${enw:A, 'd'}", "?"),
        ("${git:branch}", "?"),
        ("${aws:region}", "?"),
        ("${aws:accountId}", "?"),
        ("${aws:s3:bucket/key}", "?"),
        ("${aws:ssm:/path}", "?!"),
        ("${aws:/path}", "?!"),
        ("${ssm(eu-west-1, raw):/path}", "?!"),
        ("${vault:a/b}", "?!"),
        ("${doppler:A}", "?!"),
        ("${terraform:outputs:x}", "?"),
        ("${terraform:outputs:db_password}", "?!"),
        ("${vault:a/b, 'd'}", "?!"),
        ("${env:A, vault:a/b}", "\"1\""),
        // Cycles.
        ("${self:v}", "?"),
        ("${env:ME}", "?"),
        ("${file(loop.yml):x}", "?"),
        ("x${self:v, 'd'}", "?"),
        ("{a: '${self:v}'}", "{a:?}"),
    ] {
        assert_eq!(value(rest, v, &inputs), expected, "{v}");
    }
}

#[test]
fn what_is_not_to_be_looked_at_is_unknown() {
    let inputs = Inputs::default();
    for (v, expected) in [
        ("${env:A}", "?"),
        ("${env:A, 'd'}", "?"),
        ("${file(x.json)}", "?"),
        ("${file(x.json), 'd'}", "?"),
        ("${opt:x, 'd'}", "\"d\""),
        ("${sls:stage}", "\"dev\""),
    ] {
        assert_eq!(value("", v, &inputs), expected, "{v}");
        assert_eq!(findings(&format!("v: {v}"), &inputs), [""; 0], "{v}");
    }
}

#[test]
fn the_stage_option_is_what_was_given() {
    let inputs = Inputs { stage_option: Some("qa".to_owned()), stage: "qa".to_owned(), ..Inputs::default() };
    assert_eq!(value("", "${opt:stage}", &inputs), "\"qa\"");
}

#[test]
fn resolvers_answer_under_their_names() {
    let rest = "stages:\n  default:\n    resolvers:\n      acme: {type: aws, region: eu-west-1, mine: {type: ssm}, file: {type: s3}}\n      \
                env: {type: vault}\n      plain: {type: env}\n  prod:\n    resolvers:\n      later: {type: vault}\n";
    let inputs = Inputs { env: Some(strings(&[("A", "1")])), ..Inputs::default() };
    for (v, expected) in [
        ("${acme:mine:/x}", "?!"),
        ("${acme:file:x}", "?"),
        ("${acme:region}", "?"),
        ("${env:A}", "?!"),
        ("${plain:A}", "\"1\""),
        ("${later:A}", "?!"),
    ] {
        assert_eq!(value(rest, v, &inputs), expected, "{v}");
    }
}

#[test]
fn faults_are_found_where_they_are() {
    let files = MemoryFiles::new([("p.json", r#"{"a": {"b": 1}}"#), ("settings.yml", "k: ${self:nowhere}\n")]);
    let inputs = Inputs { env: Some(strings(&[("HOST", "h")])), files: Some(&files), ..Inputs::default() };
    let table: &[(&str, &[&str])] = &[
        ("a: ${self:b}\nb: ${self:a}", &["Cycle self:b > self:a at self:b"]),
        ("a: ${self:a}", &["Cycle self:a at self:a"]),
        ("a: ${env:HOST, self:a}", &["Cycle self:a at self:a"]),
        ("a: x ${self:b}\nb: {c: '${self:a}'}\nd: ${self:b.c}", &["MapInText at ${self:b}"]),
        ("a: {b: '${self:a}'}", &["Cycle ${self:a} at ${self:a}"]),
        ("a: ${self:x.y}", &["PathMissing at x.y"]),
        ("a: ${self:x.y, 'd'}", &[]),
        ("a: ${env:HOST, self:x.y}", &["PathMissing at x.y"]),
        ("a: ${self:x.y, self:a.b, 'd'}", &["Cycle self:a.b at self:a.b"]),
        ("a: ${self: x}", &[]),
        ("a: ${file(q.json)}", &["FileMissing at q.json"]),
        ("a: ${file(q.json), 'd'}", &["FileMissing at q.json"]),
        ("a: ${file(p.json):a.c}", &["KeyMissing at a.c"]),
        ("a: ${file(p.json):a.c, 'd'}", &[]),
        ("a: ${file(settings.yml):k}", &["PathMissing at file(settings.yml):k"]),
        ("a: ${param:x}", &["ParameterMissing at x"]),
        ("a: ${param:x, 5}", &[]),
        ("a: ${env:NONE}", &["EnvironmentMissing at env:NONE"]),
        ("a: ${env:NONE, opt:x}", &[]),
        ("a: ${opt:x, env:NONE}", &["EnvironmentMissing at env:NONE"]),
        ("a: ${env:HOST, env:NONE}", &[]),
        ("a: ${env:HOST, self:${env:NONE}}", &[]),
        ("a: ${strToBool(${env:HOST})}", &["NotBoolean at strToBool(${env:HOST})"]),
        ("a: [1]\nb: x${self:a}", &["ListInText at ${self:a}"]),
        ("a: {<<: 1}", &["Unmergeable at 1"]),
        ("stages: {prod: {params: {a: '${self:nowhere}', b: '${env:NONE}'}}}", &[]),
        ("a: ${enw:X}", &[]),
        ("a: &x {b: '${self:nowhere}'}\nc: *x\nd: ${self:a}", &["PathMissing at nowhere"]),
    ];
    for (text, expected) in table {
        assert_eq!(findings(text, &inputs), *expected, "{text}");
    }
}

#[test]
fn what_multiplies_is_refused_with_one_finding() {
    let levels = |line: &dyn Fn(usize) -> String| (1..12).map(line).collect::<String>();
    let ten = |item: &str| std::iter::repeat_n(item, 10).collect::<Vec<_>>().join(",");
    let laughs = format!(
        "a0: &a0 [x]\n{}",
        levels(&|level| format!("a{level}: &a{level} [{}]\n", ten(&format!("*a{}", level - 1))))
    );
    let references = format!(
        "a0: [x]\n{}",
        levels(&|level| format!("a{level}: [{}]\n", ten(&format!("'${{self:a{}}}'", level - 1))))
    );
    let doubling = format!(
        "a0: {}\n{}",
        "x".repeat(1000),
        (1..60).map(|level| format!("a{level}: ${{self:a{0}}}${{self:a{0}}}\n", level - 1)).collect::<String>()
    );
    let joined = format!("{references}z: x${{self:a11}}\n");
    let copies = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(120));
    let merges = format!(
        "a: &a {{{}}}\n{}",
        (0..500).map(|key| format!("k{key}: 1,")).collect::<String>(),
        (0..2000).map(|map| format!("m{map}: {{<<: *a}}\n")).collect::<String>()
    );
    for text in [laughs, references, doubling, joined, copies, merges] {
        let document = Document::new(text.clone());
        let config = build(&document, &Inputs::default());
        let found = config.variables().findings();
        let expansions = found.iter().filter(|finding| finding.kind == FindingKind::Expansion).count();
        assert_eq!(expansions, 1, "{}", &text[..60]);
        assert!(config.values().count() < 500_000, "{}", &text[..60]);
        let bytes: usize = config.values().filter_map(Value::as_str).map(str::len).sum();
        assert!(bytes < 32 << 20, "{bytes} bytes");
    }
}

#[test]
fn chains_end_at_the_limit_and_not_in_a_crash() {
    let chain: String = (0..5000).map(|key| format!("k{key}: ${{self:k{}}}\n", key + 1)).collect();
    let found = findings(&format!("{chain}k5000: x\n"), &Inputs::default());
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("TooDeep"), "{found:?}");
    // A chain that is built from its end on is followed step by step.
    let chain: String = (1..5000).map(|key| format!("k{key}: ${{self:k{}}}\n", key - 1)).collect();
    assert_eq!(findings(&format!("k0: x\n{chain}"), &Inputs::default()), [""; 0]);
    let nested = format!("a: {}x{}", "${self:".repeat(2000), "}".repeat(2000));
    findings(&nested, &Inputs::default());
    let aliases: String = (1..1000).map(|key| format!("k{key}: &k{key} [*k{}]\n", key - 1)).collect();
    let found = findings(&format!("k0: &k0 x\n{aliases}"), &Inputs::default());
    assert_eq!(found.len(), 1);
    let maps: String = (1..1000).map(|key| format!("k{key}: {{a: '${{self:k{}}}'}}\n", key - 1)).collect();
    let found = findings(&format!("k0: x\n{maps}"), &Inputs::default());
    assert_eq!(found.len(), 1);
    let deep = format!("a: {}x{}\nb: ${{self:a}}", "[".repeat(125), "]".repeat(125));
    assert_eq!(findings(&deep, &Inputs::default()), [""; 0]);
}

#[test]
fn references_are_listed_with_what_they_give() {
    let text = "a: \"x ${env:HOST, self:b.c} ${self:${param:p, 'b'}.c}\"\nb: {c: [1], d: '${env:DB_PASSWORD}'}\ne: ${file(s.yml):k} ${ssm:/x}\n";
    let document = Document::new(text);
    let files = MemoryFiles::new([("s.yml", format!("k: {}\n", "é".repeat(200)))]);
    let inputs = Inputs { env: Some(strings(&[("DB_PASSWORD", "hush")])), files: Some(&files), ..Inputs::default() };
    let config = build(&document, &inputs);
    let listed: Vec<String> = crate::variables::references(&document, config.variables())
        .iter()
        .map(|found| {
            let effective = match &found.effective {
                Effective::Value(value) => format!("{} bytes", value.len()),
                other => format!("{other:?}"),
            };
            let slice = |range| document.source().slice(range);
            format!(
                "{} in {}: {} {:?} {:?} = {effective}",
                slice(found.range),
                slice(found.variable),
                found.provider,
                found.params,
                found.key
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            "env:HOST in ${env:HOST, self:b.c}: env None Some(\"HOST\") = Missing",
            "self:b.c in ${env:HOST, self:b.c}: self None Some(\"b.c\") = List",
            "self:${param:p, 'b'}.c in ${self:${param:p, 'b'}.c}: self None Some(\"${param:p, 'b'}.c\") = List",
            "param:p in ${param:p, 'b'}: param None Some(\"p\") = Missing",
            "env:DB_PASSWORD in ${env:DB_PASSWORD}: env None Some(\"DB_PASSWORD\") = Secret",
            "file(s.yml):k in ${file(s.yml):k}: file Some(\"s.yml\") Some(\"k\") = 203 bytes",
            "ssm:/x in ${ssm:/x}: ssm None Some(\"/x\") = Unknown",
        ]
    );
}

/// Values that refer to each other in every way there is.
fn any_value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-d]".prop_map(|key| format!("${{self:{key}}}")),
        "[a-d]".prop_map(|key| format!("${{self:{key}.x.0}}")),
        "[A-D]".prop_map(|key| format!("${{env:{key}}}")),
        "[a-d]".prop_map(|key| format!("${{param:{key}, self:{key}}}")),
        "[a-c]".prop_map(|key| format!("${{file({key}.yml):x}}")),
        "[a-d]".prop_map(|key| format!("${{env:NONE, ${{self:{key}, 'd'}}}}")),
        "[a-d]".prop_map(|key| format!("${{self:${{self:{key}}}}}")),
        Just("${strToBool(${env:A})}".to_owned()),
        "[${}(),:é ']{1,6}",
        "[a-d.]{1,3}",
    ];
    let text = proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat());
    prop_oneof![
        3 => text.clone().prop_map(|text| format!("\"{text}\"")),
        1 => text.clone().prop_map(|text| format!("{{x: [\"{text}\", 1]}}")),
        1 => "[a-d]".prop_map(|anchor| format!("*{anchor}")),
        1 => ("[a-d]", text).prop_map(|(anchor, text)| format!("{{<<: *{anchor}, y: \"{text}\"}}")),
    ]
}

proptest! {
    #[test]
    fn whatever_refers_to_whatever_comes_to_an_end(
        values in proptest::collection::vec(any_value(), 4),
        outside in proptest::collection::vec(any_value(), 6),
    ) {
        let text: String = ["a", "b", "c", "d"].iter().zip(&values).map(|(key, value)| format!("{key}: &{key} {value}\n")).collect();
        let text = format!("{text}stages: {{default: {{params: {{a: \"${{self:b}}\"}}}}}}\n");
        let env = ["A", "B", "C"].iter().zip(&outside).map(|(key, value)| ((*key).to_owned(), value.clone()));
        let files = MemoryFiles::new(["a.yml", "b.yml", "c.yml"].iter().zip(&outside[3..]).map(|(path, value)| (*path, format!("x: {value}\n"))));
        let inputs = Inputs { env: Some(env.collect()), files: Some(&files), ..Inputs::default() };
        let document = Document::new(text);
        let config = build(&document, &inputs);
        for finding in config.variables().findings() {
            if let Some(part) = &finding.part {
                prop_assert!(document.tree().scalar_text(finding.node).unwrap().get(part.clone()).is_some());
            }
        }
        for value in config.values() {
            prop_assert!(value.parent().is_none_or(|parent| parent.id() < value.id()));
            prop_assert!(document.source().text().get(std::ops::Range::<usize>::from(value.range())).is_some());
            value.path();
        }
        let references = crate::variables::references(&document, config.variables());
        prop_assert!(references.windows(2).all(|pair| pair[0].range.start() <= pair[1].range.start()));
    }
}
