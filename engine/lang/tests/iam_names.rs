//! What is said about the names of actions and resources in policies, and what the first fix makes of them.

use slipway_lang::analyze;
use slipway_lang::inputs::{DocumentKind, Inputs};
use slipway_lang::text::apply_edits;
use slipway_lang::yaml::Document;

fn inputs() -> Inputs<'static> {
    Inputs { kind: DocumentKind::Policy, ..Inputs::default() }
}

/// Findings as `code severity text`, each with what the first fix makes of the whole line where there is one.
fn findings(statement: &str) -> Vec<String> {
    let text = format!("Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, {statement}}}\n");
    let document = Document::new(&text);
    let analysis = analyze(&document, &inputs());
    let line = |text: &str| {
        let last = text.lines().last().unwrap_or_default();
        last.trim().trim_start_matches("- {Effect: Allow, ").trim_end_matches('}').to_owned()
    };
    let shown = analysis.diagnostics.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let place = document.source().slice(finding.range);
        let fixed = finding.fixes.first().map(|fix| line(&apply_edits(&text, &fix.edits).unwrap()));
        let fixed = fixed.map(|fixed| format!(" => {fixed}")).unwrap_or_default();
        format!("{} {severity} {place}{fixed}", finding.rule.code)
    });
    shown.filter(|finding| ("IAM025"..="IAM075").contains(&&finding[..6])).collect()
}

fn assert_findings(cases: &[(&str, &[&str])]) {
    for (statement, expected) in cases {
        assert_eq!(findings(statement), *expected, "{statement}");
    }
}

#[test]
fn actions_are_held_against_the_reference() {
    let of = |action: &str| findings(&format!("Action: {action}, Resource: '*'"));
    for (action, expected) in [
        ("s3:GetObject", &[][..]),
        ("'*'", &[]),
        ("'*:*'", &[]),
        ("S3:getobject", &["IAM049 hint S3:getobject => Action: s3:GetObject, Resource: '*'"]),
        ("'${env:ACTION}'", &[]),
        ("'s3:${env:VERB}Object'", &[]),
        // Known by name alone.
        ("lambda:createwebfunction", &[]),
        ("TagResource", &["IAM040 error TagResource"]),
        (
            "[s3:GetObject, PutObject]",
            &["IAM040 error PutObject => Action: [s3:GetObject, s3:PutObject], Resource: '*'"],
        ),
        ("s3/GetObject", &["IAM040 error s3/GetObject => Action: s3:GetObject, Resource: '*'"]),
        ("s3::GetObject", &["IAM040 error s3::GetObject => Action: s3:GetObject, Resource: '*'"]),
        ("'**'", &["IAM040 error ** => Action: '*', Resource: '*'"]),
        ("'s3:'", &["IAM040 error s3:"]),
        ("ddb:Get*", &["IAM041 error ddb:Get* => Action: dynamodb:Get*, Resource: '*'"]),
        ("ddb:GetItm", &["IAM041 error ddb:GetItm => Action: dynamodb:GetItem, Resource: '*'"]),
        ("ddb:Frobnicate", &["IAM041 error ddb:Frobnicate"]),
        ("sq:SendMessage", &["IAM041 error sq:SendMessage => Action: sqs:SendMessage, Resource: '*'"]),
        ("qldb:SendCommand", &["IAM045 warning qldb"]),
        ("qldb:Frobnicate", &["IAM045 warning qldb"]),
        ("s3:PutItem", &["IAM043 error s3:PutItem => Action: dynamodb:PutItem, Resource: '*'"]),
        ("s3:CopyObject", &["IAM046 error s3:CopyObject => Action: [s3:GetObject, s3:PutObject], Resource: '*'"]),
        (
            "[s3:CopyObject, s3:GetObject]",
            &["IAM046 error s3:CopyObject => Action: [s3:PutObject, s3:GetObject], Resource: '*'"],
        ),
        ("[s3:HeadObject, s3:GetObject]", &["IAM046 error s3:HeadObject => Action: [s3:GetObject], Resource: '*'"]),
        (
            "[kms:ReEncrypt, kms:Decrypt]",
            &["IAM046 error kms:ReEncrypt => Action: [kms:ReEncryptFrom, kms:ReEncryptTo, kms:Decrypt], Resource: '*'"],
        ),
        ("apigateway:GetStages", &["IAM046 error apigateway:GetStages => Action: apigateway:GET, Resource: '*'"]),
        ("securityagent:ListTasks", &["IAM044 warning securityagent:ListTasks"]),
        ("dynamodb:Descibe*", &["IAM047 error dynamodb:Descibe* => Action: dynamodb:Describe*, Resource: '*'"]),
        ("'sqs:*Frobnicate'", &["IAM047 error sqs:*Frobnicate"]),
        ("'zz*:Get'", &["IAM047 error zz*:Get"]),
        ("'s?s:SendMessage'", &["IAM048 warning s?s"]),
    ] {
        assert_eq!(of(action), expected, "{action}");
    }
}

#[test]
fn resources_are_held_against_the_formats() {
    let of = |resource: &str| findings(&format!("Action: s3:*, Resource: '{resource}'"));
    for (resource, expected) in [
        ("*", &[][..]),
        ("arn:*:s3:::a/*", &[]),
        ("arn:aws:s3:::*", &[]),
        ("${env:ARN}", &[]),
        ("${env:HEAD}:s3:::a", &[]),
        ("arn:aws:sqs:${env:REST}", &[]),
        ("arn:aws:s3:::${aws:PrincipalTag/team}/*", &[]),
        ("arn:aws:s3:us-east-1:314159265358:accesspoint/a", &[]),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", &[]),
        ("arn:aws:ssm:*::document/AWS-RunShellScript", &[]),
        ("arn:aws:ssm:*::parameter/aws/service/*", &[]),
        ("arn:aws:ec2:us-east-1::image/*", &[]),
        ("arn:aws:dynamodb:us-*:*:table/a", &[]),
        ("arn:aws:qldb:us-east-1:314159265358:ledger/a", &[]),
        ("ARN:aws:s3:::a", &["IAM060 error ARN:aws:s3:::a => Action: s3:*, Resource: 'arn:aws:s3:::a'"]),
        (":aws:s3:::a", &["IAM060 error :aws:s3:::a => Action: s3:*, Resource: 'arn:aws:s3:::a'"]),
        ("bucket", &["IAM060 error bucket => Action: s3:*, Resource: [arn:aws:s3:::bucket, arn:aws:s3:::bucket/*]"]),
        ("Not a bucket", &["IAM060 error Not a bucket"]),
        ("${aws:userid}", &["IAM060 error ${aws:userid}"]),
        (
            "arn:aws:sqs:jobs",
            &[
                "IAM061 error arn:aws:sqs:jobs => Action: s3:*, Resource: 'arn:aws:sqs:${aws:region}:${aws:accountId}:jobs'",
            ],
        ),
        (
            "arn:aws:sqs:us-east-1:jobs",
            &[
                "IAM061 error arn:aws:sqs:us-east-1:jobs => Action: s3:*, Resource: 'arn:aws:sqs:us-east-1:${aws:accountId}:jobs'",
            ],
        ),
        ("arn:aws:${aws:region}", &["IAM061 error arn:aws:${aws:region}"]),
        ("arn:", &["IAM061 error arn:"]),
        ("arn:foo:s3:cn-north-1::a", &["IAM062 error foo => Action: s3:*, Resource: 'arn:aws-cn:s3:cn-north-1::a'"]),
        ("arn:aws::::a", &["IAM063 error arn:aws::::a => Action: s3:*, Resource: 'arn:aws:s3:::a'"]),
        ("arn:aws:acmewidgets:::a", &["IAM063 warning acmewidgets"]),
        (
            "arn:aws:sqs:US-EAST-1:*:a",
            &["IAM064 error US-EAST-1 => Action: s3:*, Resource: 'arn:aws:sqs:us-east-1:*:a'"],
        ),
        (
            "arn:aws:sqs:us-east-7:*:a",
            &["IAM064 warning us-east-7 => Action: s3:*, Resource: 'arn:aws:sqs:us-east-1:*:a'"],
        ),
        ("arn:aws:sqs:moon:*:a", &["IAM064 error moon"]),
        (
            "arn:aws:sqs:*:ACCOUNT:a",
            &["IAM065 error ACCOUNT => Action: s3:*, Resource: 'arn:aws:sqs:*:${aws:accountId}:a'"],
        ),
        (
            "arn:aws:s3:us-east-1:314159265358:a",
            &[
                "IAM066 error us-east-1 => Action: s3:*, Resource: 'arn:aws:s3::314159265358:a'",
                "IAM067 error 314159265358 => Action: s3:*, Resource: 'arn:aws:s3:us-east-1::a'",
            ],
        ),
        (
            "arn:aws:sqs:::a",
            &[
                "IAM068 error arn:aws:sqs:::a => Action: s3:*, Resource: 'arn:aws:sqs:${aws:region}::a'",
                "IAM069 error arn:aws:sqs:::a => Action: s3:*, Resource: 'arn:aws:sqs::${aws:accountId}:a'",
            ],
        ),
        ("arn:aws:logs:*:*::a", &["IAM070 error :a => Action: s3:*, Resource: 'arn:aws:logs:*:*:log-group:a'"]),
        ("arn:aws:iam::*:rol/a", &["IAM070 warning rol/a => Action: s3:*, Resource: 'arn:aws:iam::*:role/a'"]),
        (
            "arn:aws:lambda:*:*:Function:a",
            &["IAM070 error Function:a => Action: s3:*, Resource: 'arn:aws:lambda:*:*:function:a'"],
        ),
        ("arn:aws:kms:*:*:", &["IAM070 warning arn:aws:kms:*:*:"]),
        (
            "arn:aws-cn:sqs:us-east-1:*:a",
            &["IAM074 error aws-cn => Action: s3:*, Resource: 'arn:aws:sqs:us-east-1:*:a'"],
        ),
    ] {
        assert_eq!(of(resource), expected, "{resource}");
    }
}

#[test]
fn resources_are_made_for_the_actions() {
    assert_findings(&[
        (
            "Action: sqs:SendMessage",
            &[
                "IAM025 error Effect => Action: sqs:SendMessage, Resource: 'arn:${aws:partition}:sqs:${aws:region}:${aws:accountId}:<QueueName>'",
            ],
        ),
        ("Action: sqs:ListQueues, Resource: []", &["IAM033 error [] => Action: sqs:ListQueues, Resource: '*'"]),
        ("Action: '*', Resource: []", &["IAM033 error [] => Statement: []"]),
    ]);
}
