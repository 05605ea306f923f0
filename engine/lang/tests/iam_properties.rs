//! Whatever is taken for a policy: no panic, places inside the text, fixes that can be applied, and an end to fixing.

use proptest::prelude::*;
use slipway_lang::fix_all::fix_all;
use slipway_lang::inputs::{DocumentKind, IamInputs, Inputs};
use slipway_lang::text::apply_edits;
use slipway_lang::yaml::Document;
use slipway_lang::{analyze, explain_policies, lint_policies};

fn inputs() -> Inputs<'static> {
    let iam = IamInputs {
        account_id: Some("314159265358".to_owned()),
        role_arn: Some("arn:aws:iam::314159265358:role/x".to_owned()),
        compat_upstream: true,
        ..IamInputs::default()
    };
    Inputs { kind: DocumentKind::Policy, region: Some("eu-west-1".to_owned()), iam, ..Inputs::default() }
}

fn assert_sound(text: &str) {
    let document = Document::new(text);
    let analysis = analyze(&document, &inputs());
    for finding in &analysis.diagnostics {
        let fits = |range: slipway_lang::text::TextRange| {
            text.get(usize::from(range.start())..usize::from(range.end())).is_some()
        };
        assert!(fits(finding.range), "{} {:?} in {text:?}", finding.rule.code, finding.range);
        assert!(finding.related.iter().all(|related| fits(related.range)), "{} in {text:?}", finding.rule.code);
        for fix in &finding.fixes {
            apply_edits(text, &fix.edits).unwrap_or_else(|error| panic!("{error}: {fix:?} in {text:?}"));
        }
    }
    let fixed = fix_all(&document, &analysis.diagnostics, &inputs());
    let again = Document::new(&*fixed.text);
    let left = analyze(&again, &inputs()).diagnostics;
    assert_eq!(fix_all(&again, &left, &inputs()).text, fixed.text, "fixing does not end: {text:?}");
    lint_policies(&document, inputs());
    for policy in explain_policies(&document, inputs()) {
        assert!(policy.grants.iter().all(|grant| !grant.actions.is_empty()), "{text:?}");
    }
}

/// Pieces of policies, right and wrong.
const PIECES: &[&str] = &[
    "Version: '2012-10-17'\n",
    "Version: 2012-10-17\n",
    "Version: 2008-10-17\n",
    "Version: [x]\n",
    "Id: x\n",
    "Statement:\n",
    "Statements:\n",
    "Statement: []\n",
    "Statement: ${file(a.yml)}\n",
    "  - Effect: Allow\n",
    "  - effect: Deny\n",
    "    Effect: Permit\n",
    "    Action: s3:GetObject\n",
    "    Action: [s3:*, 's3:Put ', '']\n",
    "    Actions: &a [s3:Get*, *]\n",
    "    Action: *a\n",
    "    NotAction: >\n      s3:GetObject\n",
    "    Resource: arn:aws:s3:::${aws:PrincipalTag/team}/*\n",
    "    Resource: !Sub arn:${AWS::Partition}\n",
    "    Resource: *\n",
    "    Resource:\n",
    "    NotResource: {Ref: x}\n",
    "    Sid: a b\n",
    "    Sid: ''\n",
    "    Sid: 1\n",
    "    Condition: {}\n",
    "    Principal: '*'\n",
    "  - x\n",
    "  - - Effect: Allow\n",
    "    Condition:\n      StringLike: {aws:userid: [a, 1, {}]}\n      ForAnyValue:Null: x\n",
    "    Resource: arn:aws:s3:::re\u{2013}port\n",
    "    Resource: [&v 'a/${aws:userid , x}', ${}, '${aws:username', \"${AWS::Region}${team}\"]\n",
    "    Action: s3:${aws:userid}\n",
    "    Condition:\n      StringEquals: {aws:PrincipalTag: x*, aws:requestedregion: [us-east-9, *v], SourceIp: 1}\n",
    "    Condition:\n      DateLessThan: {aws:CurrentTime: [31/12/2026, 1798675200, '2026']}\n      StringLike: &c {s3:prefix: [a*, ab, a*]}\n      StringEqual: *c\n",
    "    Condition:\n      NumericEquals:\n        s3:prefix: >\n          7\n      StringEquals: {a:b: []}\n      NullIfExists: {}\n",
    "    Condition: {IpAddress: {aws:SourceIp: [10.1.2.3/8, 203.0.113.1, ${param:x}]}, Bool: {aws:MultiFactorAuthPresent: [no, false]}}\n",
    "    Condition:\n      ForAllValues:StringEquals:\n        aws:TagKeys: [team]\n        AWS:tagkeys: *v\n      ${aws:userid}: !Sub x\n",
    "{\"Version\": \"2012-10-17\",\n",
    "\"Statement\": [{\"Effect\": \"allow\", \"Action\": []}]}\n",
    "<<: *a\n",
    "|\n  {\"Statement\": []}\n",
    "Effect: Allow\nAction: s3:*\n",
    "# slipway-ignore IAM002: x\n",
    "\t",
    "\r\n",
    "\u{feff}",
];

/// JSON of any shape, in which keys and texts are mostly those of policies.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let words = &[
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "Sid",
        "*",
        "s3:*",
        "s3:Get*",
        "iam:PassRole",
        "arn:aws:s3:::a/*",
        "arn:aws:iam::*:role/${aws:userid}",
        "${param:x}",
        "StringLike",
        "Null",
        "aws:TagKeys",
        "2012-10-17",
        "Version",
        "é\u{1F600}",
        "",
    ];
    let leaf = prop_oneof![
        4 => prop::sample::select(&words[..]).prop_map(serde_json::Value::from),
        1 => any::<i64>().prop_map(serde_json::Value::from),
        1 => any::<bool>().prop_map(serde_json::Value::from),
        1 => Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let key = prop::sample::select(&words[..]).prop_map(str::to_owned);
        let entries = prop::collection::vec((key, inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(serde_json::Value::from),
            entries.prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_json_can_be_linted(value in json()) {
        assert_sound(&value.to_string());
        assert_sound(&format!("{{\"Version\": \"2012-10-17\", \"Statement\": {value}}}"));
    }

    #[test]
    fn anything_can_be_linted(text in "\\PC{0,60}") {
        assert_sound(&text);
    }

    #[test]
    fn policies_in_pieces_can_be_linted(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        assert_sound(&pieces.concat());
    }
}

#[test]
fn json_and_yaml_get_the_same_findings() {
    for (yaml, json) in [
        (
            "Version: '2012-10-17'\nId: x\nStatement:\n- effect: Allow\n  Action: []\n  Resource: 's3 '\n",
            "{\"Version\": \"2012-10-17\", \"Id\": \"x\", \"Statement\": [{\"effect\": \"Allow\", \"Action\": [], \"Resource\": \"s3 \"}]}",
        ),
        ("Effect: Allow\nAction: '*'\n", "{\"Effect\": \"Allow\", \"Action\": \"*\"}"),
    ] {
        let found = |text: &str| {
            let diagnostics = analyze(&Document::new(text), &inputs()).diagnostics;
            let mut found: Vec<_> = diagnostics.iter().map(|each| (each.rule.code, each.path.clone())).collect();
            found.sort();
            found
        };
        assert_eq!(found(yaml), found(json), "{yaml}");
    }
}

#[test]
fn the_place_is_where_the_text_is_written() {
    for marked in [
        "Statement:\n- Effect: Allow\n  Action: &a «'s3:Get '»\n  Resource: '*'\n- Effect: Deny\n  Action: *a\n  Resource: '*'\n",
        "Statement:\n- Effect: Allow\n  Action: >\n    «s3:Get»\n  Resource: '*'\n",
        "Statement: [{Effect: Allow, Action: [\"«s3:Get »\"], Resource: '*'}]\n",
    ] {
        let marked = marked.replace("«'", "'«").replace("'»", "»'");
        let text = marked.replace(['«', '»'], "");
        let expected = marked.find('«').unwrap()..marked.find('»').unwrap() - '«'.len_utf8();
        let diagnostics = analyze(&Document::new(&*text), &inputs()).diagnostics;
        let places: Vec<_> = diagnostics
            .iter()
            .filter(|each| each.rule.code == "IAM034")
            .map(|each| usize::from(each.range.start())..usize::from(each.range.end()))
            .collect();
        assert_eq!(places, [expected], "{text}");
    }
}

#[test]
fn variables_of_iam_reach_iam_as_they_are_written() {
    let policy = |resource: &str| {
        format!(
            "name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda\n      awsIam:\n        customPolicy:\n          Version: \"2012-10-17\"\n          Statement:\n            - Effect: Allow\n              Action: s3:GetObject\n              Resource: {resource}\n"
        )
    };
    let route = ["containers", "api", "compute", "awsIam", "customPolicy"];
    for (written, sent) in [
        ("arn:aws:s3:::a/${aws:PrincipalTag/team}/*", Some("arn:aws:s3:::a/${aws:PrincipalTag/team}/*")),
        ("\"arn:aws:s3:::a/${aws:userid, 'shared'}/*\"", Some("arn:aws:s3:::a/${aws:userid, 'shared'}/*")),
        ("arn:aws:s3:::a/${self:name}/${aws:userid}", Some("arn:aws:s3:::a/demo/${aws:userid}")),
        ("arn:aws:s3:::a/${s3:prefix}${*}", Some("arn:aws:s3:::a/${s3:prefix}${*}")),
        ("arn:aws:s3:::a/${aws:accountId}", None),
    ] {
        let document = Document::new(policy(written));
        let analysis = analyze(&document, &Inputs::default());
        let of_variables: Vec<_> =
            analysis.diagnostics.iter().map(|each| each.rule.code).filter(|code| code.starts_with("SCF3")).collect();
        assert!(of_variables.iter().all(|code| sent.is_none() || *code == "SCF369"), "{written}: {of_variables:?}");
        let statements = analysis.config.get(&route).and_then(|policy| policy.get("Statement")).unwrap();
        let resource = statements.items().next().and_then(|statement| statement.get("Resource")).unwrap();
        assert_eq!(resource.as_str(), sent, "{written}");
    }
}
