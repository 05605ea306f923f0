//! What the pages do not show: where the rules keep silent, the finer points of each, and fixes.

use crate::inputs::{DocumentKind, IamInputs, Inputs};
use crate::rules::iam::CHECKS;
use crate::rules::testing::{expect, fixed, run};

fn inputs() -> Inputs<'static> {
    Inputs { kind: DocumentKind::Policy, ..Inputs::default() }
}

fn policy(action: &str, resource: &str) -> String {
    format!("Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: {action}\n  Resource: {resource}\n")
}

#[test]
fn findings_stand_where_they_are_marked() {
    for (code, action, resource) in [
        ("IAM140", "s3:GetObject", "arn:aws:s3:::a/${aws:userid}/«${param:x/*»"),
        ("IAM141", "s3:GetObject", "\"arn:aws:s3:::a/«${ }»\""),
        ("IAM142", "s3:GetObject", "arn:aws:s3:::a/${aws:userid, 'a b'}"),
        ("IAM143", "s3:GetObject", "\"arn:aws:s3:::a/${aws:userid, ''}«${aws:userid, x}»\""),
        ("IAM144", "[«${aws:userid}», s3:${param:verb}Object]", "arn:aws:s3:::a/*"),
        ("IAM145", "s3:GetObject", "arn:aws:s3:::${aws:PrincipalAccount}/*"),
        ("IAM145", "sqs:*", "arn:aws:sqs:«${aws:RequestedRegion}»:${aws:accountId}:x"),
        ("IAM147", "s3:«${nothing}»", "arn:aws:s3:::«${nobody:x}»/«${aws:nothing}»"),
        ("IAM148", "s3:GetObject", "\"arn:aws:s3:::a/${aws:username, 'shared'}\""),
        ("IAM150", "s3:${aws:userid}", "arn:aws:s3:::a/«${aws:userid}»${aws:accountId}${*}"),
        ("IAM151", "{«Ref»: x}", "[«!GetAtt» x.Arn, {«Fn::Sub»: x}, {Ref: x, y: z}, '«${Token[x]}»']"),
        ("IAM028", "{Ref: x}", "a"),
    ] {
        expect(CHECKS, code, &policy(action, resource), &inputs());
    }
}

#[test]
fn an_effect_with_a_variable_has_one_finding() {
    let text = "Version: '2012-10-17'\nStatement:\n- Effect: «${aws:userid}»\n  Action: a:b\n  Resource: '*'\n";
    expect(CHECKS, "IAM144", text, &inputs());
    expect(CHECKS, "IAM022", &text.replace(['«', '»'], ""), &inputs());
}

#[test]
fn operators_and_keys_take_no_variables() {
    let text = "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: '*'\n  Condition:\n    «\"${aws:userid}\"»: {a:b: c}\n    StringEquals: {«\"${aws:userid}\"»: x}\n";
    expect(CHECKS, "IAM144", text, &inputs());
    let found = run(CHECKS, &text.replace(['«', '»'], ""), &inputs());
    let others = found.iter().filter(|finding| ["IAM101", "IAM104", "IAM106"].contains(&finding.rule.code));
    assert_eq!(others.count(), 0);
}

#[test]
fn values_take_variables_where_the_operator_does() {
    let text = "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: '*'\n  Condition:\n    StringLike: {aws:userid: \"${aws:PrincipalTag/a}\"}\n    DateLessThan: {aws:CurrentTime: \"«${aws:TokenIssueTime}»\"}\n    Bool: {aws:SecureTransport: \"${aws:PrincipalTag/a}\"}\n    Nothing: {a:b: \"${x}\"}\n";
    expect(CHECKS, "IAM146", text, &inputs());
    expect(CHECKS, "IAM147", &text.replace(['«', '»'], ""), &inputs());
}

#[test]
fn the_original_tool_makes_it_a_warning() {
    use crate::diagnostic::Severity;
    let iam = IamInputs { compat_upstream: true, ..IamInputs::default() };
    let inputs = Inputs { iam, ..inputs() };
    let text = policy("s3:GetObject", "arn:aws:s3:::a/«${aws:userid}»");
    assert_eq!(expect(CHECKS, "IAM150", &text, &inputs)[0].severity, Severity::Warning);
}

#[test]
fn fixes_change_what_they_say() {
    for (code, before, after, safe) in [
        ("IAM140", "arn:aws:s3:::a/«${aws:PrincipalTag/team/*»", "arn:aws:s3:::a/${aws:PrincipalTag/team}/*", false),
        ("IAM140", "arn:aws:s3:::a/«${param:x/*»", "arn:aws:s3:::a/${param:x}/*", false),
        ("IAM141", "arn:aws:s3:::a/«${}»*", "arn:aws:s3:::a/*", false),
        ("IAM142", "arn:aws:s3:::a/«${ aws:userid , 'x'}»", "arn:aws:s3:::a/${aws:userid, 'x'}", true),
        (
            "IAM142",
            "arn:aws:s3:::a/«${aws:PrincipalTag/cost center}»",
            "arn:aws:s3:::a/${aws:PrincipalTag/costcenter}",
            false,
        ),
        ("IAM143", "arn:aws:s3:::a/«${aws:userid, x}»", "arn:aws:s3:::a/${aws:userid, 'x'}", true),
        ("IAM147", "arn:aws:s3:::a/«${aws:PrincipalTags/a, 'x'}»", "arn:aws:s3:::a/${aws:PrincipalTag/a, 'x'}", false),
        ("IAM151", "arn:aws:sqs:«${AWS::Region}»:1:x", "arn:aws:sqs:${aws:region}:1:x", true),
    ] {
        let fixed = fixed(CHECKS, code, &policy("s3:GetObject", before), &inputs(), safe);
        assert_eq!(fixed, policy("s3:GetObject", after), "{code}");
    }
}
