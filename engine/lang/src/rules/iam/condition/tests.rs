//! What the pages do not show: where the rules keep silent, the finer points of each, and fixes.

use crate::inputs::{DocumentKind, Inputs};
use crate::rules::iam::CHECKS;
use crate::rules::testing::{expect, fixed, run};

fn inputs() -> Inputs<'static> {
    Inputs { kind: DocumentKind::Policy, region: Some("eu-west-1".to_owned()), ..Inputs::default() }
}

/// A policy with one statement that has this condition, in brackets.
fn policy(statement: &str, condition: &str) -> String {
    format!("Version: '2012-10-17'\nStatement:\n- {statement}\n  Condition:\n    {condition}\n")
}

const READ: &str = "Effect: Allow\n  Action: s3:GetObject\n  Resource: arn:aws:s3:::report-archive/*";
const LIST: &str = "Effect: Allow\n  Action: s3:ListBucket\n  Resource: arn:aws:s3:::report-archive";
const DENY: &str = "Effect: Deny\n  Action: s3:GetObject\n  Resource: arn:aws:s3:::report-archive/*";

#[test]
fn findings_stand_where_they_are_marked() {
    for (code, statement, condition) in [
        ("IAM100", READ, "StringEquals: {aws:PrincipalTag/team: [api, «{a: b}», «~»]}"),
        ("IAM100", READ, "StringEquals: !Sub x"),
        ("IAM100", READ, "StringEquals: {aws:PrincipalTag/team: {Ref: x}}"),
        ("IAM100", READ, "StringEquals: ${file(condition.yml)}"),
        ("IAM101", READ, "«Exists»: {aws:SourceIp: 1}"),
        ("IAM101", READ, "${aws:userid}: {aws:SourceIp: 1}"),
        ("IAM101", READ, "«Null»: {aws:SourceIp: 'true'}"),
        ("IAM102", READ, "«ForAnyValue:NullIfExists»: {aws:SourceIp: 'true'}"),
        ("IAM103", READ, "ForAnyValue:NullIfExists: {aws:SourceIp: 'true'}"),
        ("IAM104", READ, "StringEquals: {«':x'»: a, «'aws:'»: b, «tenant»: c, '${aws:userid}': d}"),
        ("IAM105", READ, "StringEquals: {«aws:NothingLikeIt»: a, aws:SourceIp: b, tenant: c}"),
        ("IAM106", READ, "StringEquals: {accounts.google.com:aud: a, qldb:Purge: b, «s3:NothingLikeIt»: c}"),
        ("IAM106", READ, "Unknown: {s3:prefx: a}"),
        ("IAM107", READ, "StringNotEquals: {s3:prefix: a}"),
        ("IAM107", READ, "StringEqualsIfExists: {s3:prefix: a}"),
        ("IAM107", READ, "StringEquals: {aws:PrincipalTag/team: a, ec2:SourceInstanceArn: b}"),
        ("IAM107", READ, "StringEquals: {«aws:TagKeys»: a}"),
        ("IAM108", READ, "StringEquals: {«aws:requesttag/»: a, aws:RequestTag/team: b, «s3:ExistingObjectTag»: c}"),
        ("IAM109", READ, "NumericLessThan: {aws:EpochTime: 1}"),
        ("IAM109", READ, "«DateLessThan»: {aws:PrincipalArn: '2026'}"),
        ("IAM109", READ, "'Null': {aws:SourceIp: 'true'}"),
        ("IAM110", READ, "«ArnEquals»: {aws:userid: a}"),
        ("IAM111", READ, "'Null': {aws:SourceIp: [True, false, «0»]}"),
        ("IAM111", READ, "Bool: {aws:SecureTransport: '${aws:PrincipalTag/secure}'}"),
        ("IAM112", LIST, "NumericLessThan: {s3:max-keys: [1, -1.5, '1e3', «inf», «''»]}"),
        ("IAM113", READ, "DateLessThan: {aws:CurrentTime: [2026, «2026-02-30», '2026-02-01T10:00+01:00']}"),
        ("IAM114", READ, "IpAddress: {aws:SourceIp: [203.0.113.1, '2001:db8::/32', «203.0.113.0/33», '${param:ip}']}"),
        ("IAM115", READ, "BinaryEquals: {example:Digest: [QmluYXJ5, «QmluYXJ»]}"),
        (
            "IAM116",
            READ,
            "ArnLike: {aws:PrincipalArn: ['${param:arn}', 'arn:aws:iam::${aws:accountId}:role/x', «arn:aws:iam»]}",
        ),
        ("IAM117", LIST, "StringEquals: {s3:prefix: ['${*}', 'a${aws:userid}', «a?»]}"),
        ("IAM117", LIST, "StringLike: {s3:prefix: a*}"),
        ("IAM119", READ, "NotIpAddress: {«aws:sourceip»: [127.0.0.1, 'fd00::/8']}"),
        ("IAM119", READ, "IpAddress: {aws:SourceIp: [10.0.0.1, '${param:ip}']}"),
        ("IAM120", READ, "IpAddress: {aws:SourceIp: [«10.0.0.1», '${param:ip}']}"),
        ("IAM122", READ, "StringNotEquals: {aws:TagKeys: a}"),
        ("IAM123", DENY, "ForAllValues:StringEquals: {aws:userid: a}"),
        ("IAM124", DENY, "ForAllValues:StringEquals: {aws:TagKeys: a}"),
        ("IAM124", READ, "ForAllValues:StringNotLike: {aws:TagKeys: a}"),
        ("IAM124", READ, "«ForAllValues:StringLike»: {aws:TagKeys: a, kms:GrantOperations: b}"),
        ("IAM125", READ, "StringEquals: {aws:userid: a, AWS:username: b, «aws:UserId»: c}"),
        ("IAM126", READ, "ForAllValues:StringEquals: {aws:TagKeys: «[]»}"),
        ("IAM128", READ, "StringLike: {aws:SourceVpc: [vpc-*, «vpce-0a1b2c3d», vpc-0a1b2c3d, '${param:vpc}']}"),
        ("IAM129", READ, "StringLike: {aws:RequestedRegion: [eu-*, «eu-west-9», us-gov-west-1]}"),
        ("IAM130", READ, "StringEquals: {aws:PrincipalAccount: [123456789012, '012345678901', «0123456789012»]}"),
        ("IAM131", READ, "ForAnyValue:StringLike: {aws:PrincipalOrgPaths: [o-a1b2c3d4e5/*, r-ab12/*]}"),
        ("IAM131", READ, "ForAnyValue:StringEquals: {aws:PrincipalOrgPaths: [o-a1b2c3d4e5/r-ab12/, «r-ab12/ou»]}"),
        ("IAM132", READ, "IpAddress: {aws:VpcSourceIp: 10.0.0.0/8}\n    StringEquals: {aws:sourcevpce: vpce-0a1b2c3d}"),
        ("IAM133", READ, "Bool: {«aws:MultiFactorAuthPresent»: false}"),
        ("IAM133", DENY, "BoolIfExists: {aws:MultiFactorAuthPresent: false}"),
        ("IAM133", DENY, "'Null': {«aws:MultiFactorAuthPresent»: false}"),
        ("IAM135", READ, "Bool: {aws:MultiFactorAuthPresent: false}"),
        ("IAM135", READ, "BoolIfExists: {aws:MultiFactorAuthPresent: true}"),
        ("IAM135", DENY, "Bool: {aws:MultiFactorAuthPresent: true}"),
        ("IAM134", READ, "ArnLike: {aws:PrincipalArn: ['arn:aws:iam::*:*', '«arn:aws:iam::1:role/x»', 'arn:*:1:a']}"),
        ("IAM134", LIST, "StringEquals: {s3:prefix: [a, b, «a», A]}"),
        ("IAM134", LIST, "StringLike: {s3:prefix: [a*, «a**», '${aws:userid}']}"),
        ("IAM134", LIST, "NumericGreaterThan: {«s3:max-keys»: [5, 10]}"),
        ("IAM134", LIST, "NumericEquals: {s3:max-keys: [5, «5.0», 10]}"),
        ("IAM134", READ, "DateLessThan: {«aws:CurrentTime»: ['2026-01-01', '2026-01-02']}"),
        (
            "IAM136",
            READ,
            "StringEquals: {kms:ViaService: [s3.eu-west-1.amazonaws.com, «s3», «s3.eu-west-1», 'x${aws:region}']}",
        ),
        ("IAM136", READ, "StringLike: {iam:PassedToService: [ecs*, sts.amazonaws.com.cn, '«a b»']}"),
        ("IAM138", READ, "StringLike: {aws:userid: a*}\n    StringNotEquals: {aws:userid: a*}"),
        ("IAM138", READ, "StringLike: {aws:userid: ab*}\n    StringNotLike: {«aws:UserId»: a*}"),
        ("IAM138", READ, "StringEqualsIfExists: {aws:userid: a}\n    StringNotEquals: {aws:userid: a}"),
        ("IAM138", READ, "'Null': {aws:userid: true}\n    StringEquals: {«aws:userid»: a}"),
        ("IAM138", READ, "'Null': {aws:userid: true}\n    StringNotEquals: {aws:userid: a}"),
        ("IAM138", READ, "NumericLessThan: {aws:EpochTime: 1}\n    NumericNotEquals: {aws:EpochTime: 1}"),
        ("IAM139", READ, "StringNotEqualsIfExists: {aws:SourceVpc: vpc-0a1b2c3d}"),
        ("IAM139", DENY, "StringEqualsIfExists: {aws:SourceVpc: vpc-0a1b2c3d}"),
    ] {
        expect(CHECKS, code, &policy(statement, condition), &inputs());
    }
}

#[test]
fn fixes_change_what_they_say() {
    for (code, statement, before, after, safe) in [
        ("IAM101", READ, "«Null»: {aws:SourceIp: 'true'}", "'Null': {aws:SourceIp: 'true'}", true),
        ("IAM104", READ, "StringEquals: {«PrincipalTag/team»: a}", "StringEquals: {aws:PrincipalTag/team: a}", true),
        (
            "IAM105",
            READ,
            "StringEquals: {«aws:PrincipalTags/team»: a}",
            "StringEquals: {aws:PrincipalTag/team: a}",
            false,
        ),
        ("IAM108", READ, "StringEquals: {«aws:RequestTag»: a}", "StringEquals: {aws:RequestTag/: a}", false),
        (
            "IAM109",
            READ,
            "«StringNotEqualsIfExists»: {aws:SourceIp: a}",
            "NotIpAddressIfExists: {aws:SourceIp: a}",
            false,
        ),
        (
            "IAM109",
            READ,
            "«StringEquals»:\n      aws:SecureTransport: 'true'\n    Bool:\n      aws:ViaAWSService: 'false'",
            "Bool:\n      aws:ViaAWSService: 'false'\n      aws:SecureTransport: 'true'",
            false,
        ),
        ("IAM111", READ, "Bool: {aws:SecureTransport: «no»}", "Bool: {aws:SecureTransport: \"false\"}", true),
        (
            "IAM113",
            READ,
            "DateLessThan: {aws:CurrentTime: «12/31/2026»}",
            "DateLessThan: {aws:CurrentTime: \"2026-12-31\"}",
            false,
        ),
        (
            "IAM130",
            READ,
            "StringEquals: {aws:ResourceAccount: «012345678901»}",
            "StringEquals: {aws:ResourceAccount: \"012345678901\"}",
            true,
        ),
        ("IAM134", LIST, "NumericLessThan: {«s3:max-keys»: [50, 100]}", "NumericLessThan: {s3:max-keys: 100}", true),
        ("IAM135", READ, "StringEquals: {aws:userid: b, «aws:username»: a}", "StringEquals: {aws:userid: b}", false),
        (
            "IAM136",
            READ,
            "StringEquals: {kms:ViaService: «s3»}",
            "StringEquals: {kms:ViaService: s3.eu-west-1.amazonaws.com}",
            false,
        ),
    ] {
        let fixed = fixed(CHECKS, code, &policy(statement, before), &inputs(), safe);
        let quotes = |text: &str| text.replace('"', "'");
        assert_eq!(quotes(&fixed), quotes(&policy(statement, after)), "{code}");
    }
}

#[test]
fn of_long_lists_only_equal_values_are_found() {
    let values: String = (0..600).map(|number| format!(" 'a{number:05}*',")).collect();
    let text = policy(LIST, &format!("StringLike: {{s3:prefix: [{values} '*', '«a00599*»']}}"));
    expect(CHECKS, "IAM134", &text, &inputs());
    let hostile: String = (0..2000).map(|number| format!(" '{}{number}',", "*a".repeat(100))).collect();
    let text =
        policy(LIST, &format!("StringLike: {{s3:prefix: [{hostile}]}}\n    StringNotLike: {{s3:prefix: [{hostile}]}}"));
    expect(CHECKS, "IAM134", &text, &inputs());
    expect(CHECKS, "IAM138", &text, &inputs());
}

#[test]
fn null_checks_go_where_there_are_others() {
    let before =
        policy(READ, "«ForAllValues:StringEquals»:\n      aws:TagKeys: [a]\n    'Null':\n      aws:userid: 'true'");
    let after = fixed(CHECKS, "IAM124", &before, &inputs(), false);
    assert!(after.ends_with("'Null':\n      aws:userid: 'true'\n      aws:TagKeys: 'false'\n"), "{after}");
    assert!(run(CHECKS, &after, &inputs()).iter().all(|finding| finding.rule.code != "IAM124"));
}

#[test]
fn actions_without_the_key_move_to_their_own_statement() {
    let statement = "Effect: Allow\n  Action:\n  - s3:ListBucket\n  - s3:GetBucketLocation\n  Resource:\n  - arn:aws:s3:::a\n  - arn:aws:s3:::b";
    let after = fixed(CHECKS, "IAM107", &policy(statement, "StringLike: {«s3:prefix»: a*}"), &inputs(), false);
    let rest = "Effect: Allow\n  Action:\n  - s3:ListBucket\n  Resource:\n  - arn:aws:s3:::a\n  - arn:aws:s3:::b";
    let moved = "- Effect: Allow\n  Action:\n    - s3:GetBucketLocation\n  Resource:\n    - arn:aws:s3:::a\n    - arn:aws:s3:::b\n";
    assert_eq!(
        after.replace("\n    - ", "\n  - "),
        (policy(rest, "StringLike: {s3:prefix: a*}") + moved).replace("\n    - ", "\n  - ")
    );
}
