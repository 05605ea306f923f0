//! Editor features inside `customPolicy`: a text with a cursor, and what is offered, said, shown or done there.

#[path = "support/marked.rs"]
#[allow(dead_code, reason = "each test file uses some of it")]
mod marked;

use slipway_lang::ide::{self, Item};
use slipway_lang::inputs::MemoryFiles;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextEdit, TextRange, TextSize, apply_edits};

/// A configuration whose policy has these lines.
fn policy(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    environment:\n      QUEUE: \
         arn:aws:sqs:eu-west-1:314159265358:orders\n    compute:\n      type: awsLambda\n      awsIam:\n        \
         customPolicy:\n{}  web:\n    src: ./web\n",
        lines.replace("        ", "          ")
    )
}

/// A statement with these lines behind `Effect: Allow`.
fn statement(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    policy(&format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n{lines}"))
}

/// A text without its cursor `¦`, and where that stood. Texts of policies may hold the `$0` of other tests.
fn cut(marked: &str) -> (String, TextSize) {
    let at = marked.find('¦').unwrap_or_else(|| panic!("no cursor in {marked}"));
    (marked.replacen('¦', "", 1), TextSize::new(u32::try_from(at).unwrap()))
}

/// Asks something about a document that has no files beside it.
fn ask<T>(text: &str, question: impl FnOnce(&RuleContext<'_>) -> T) -> T {
    marked::ask(text, &MemoryFiles::default(), question)
}

fn items(marked: &str) -> Vec<Item> {
    let (text, offset) = cut(marked);
    let items = ask(&text, |ctx| ide::complete(ctx, offset));
    assert!(items.len() <= 500, "{} items", items.len());
    items
}

/// The first items, each as `label (detail)`.
fn first(marked: &str, count: usize) -> String {
    let items = items(marked).into_iter().take(count);
    items.map(|item| format!("{} ({})", item.label, item.detail)).collect::<Vec<_>>().join(" | ")
}

/// The line of the cursor after an item is chosen.
fn chosen(marked: &str, label: &str) -> String {
    let (text, offset) = cut(marked);
    let found = items(marked);
    let item = found.iter().find(|item| item.label == label);
    let item = item.unwrap_or_else(|| panic!("no {label} in {:?}", found.iter().map(|i| &i.label).collect::<Vec<_>>()));
    let text = apply_edits(&text, &[TextEdit::replace(item.replaced, item.new_text.clone())]).unwrap();
    let line = text[..usize::from(offset)].matches('\n').count();
    text.lines().nth(line).unwrap().trim_start().to_owned()
}

#[test]
fn elements_that_are_missing_come_first() {
    for (text, expected) in [
        (policy("¦"), "Version, Statement"),
        (policy("Version: '2012-10-17'\n¦"), "Statement"),
        (statement("¦"), "Action, Resource, Sid, NotAction, NotResource, Condition"),
        (statement("Action: s3:GetObject\nRe¦"), "Resource, Sid, NotResource, Condition"),
        (policy("Statement:\n  - NotAction: s3:*\n    NotResource: x\n    ¦"), "Effect, Sid, Condition"),
        (policy("Statement: {¦}"), "Effect, Action, Resource, Sid, NotAction, NotResource, Condition"),
    ] {
        let labels: Vec<String> =
            items(&text).into_iter().filter(|item| item.kind == ide::ItemKind::Key).map(|item| item.label).collect();
        assert_eq!(labels.join(", "), expected, "{text}");
    }
    assert_eq!(first(&policy("Statement:\n  - Effect: ¦"), 9), "Allow () | Deny ()");
    assert_eq!(chosen(&policy("Version: ¦"), "2012-10-17"), "Version: \"2012-10-17\"");
}

#[test]
fn services_come_before_their_actions() {
    for text in [
        "Action: ¦",
        "Action:\n  - ¦",
        "Action: [¦]",
        "Action: [s3:GetObject, ¦]",
        "NotAction:\n  - sqs:*\n  - dy¦",
        "Action: '¦'",
    ] {
        let found = items(&statement(text));
        assert!(found.len() > 400, "{text}: {}", found.len());
        assert_eq!(found[0].label, "cloudwatch", "{text}");
        assert!(found.iter().any(|item| item.label == "dynamodb" && item.detail == "Amazon DynamoDB" && item.more));
        assert_eq!(found.iter().any(|item| item.label == "sqs"), !text.contains("sqs:*"), "{text}");
    }
    for (text, expected) in [
        ("Action:\n  - dy¦", "- dynamodb:"),
        ("Action: dy¦ # c", "Action: dynamodb: # c"),
        ("Action: 'dy¦'", "Action: 'dynamodb:$0'"),
        ("Action: [dy¦]", "Action: [dynamodb:]"),
        ("Action:¦", "Action: dynamodb:"),
    ] {
        assert_eq!(chosen(&statement(text), "dynamodb"), expected, "{text}");
    }
}

#[test]
fn actions_are_completed_half_typed() {
    let all = "sqs:ListDeadLetterSourceQueues (Read)";
    for text in
        ["Action: sqs:¦", "Action:\n  - sqs:¦", "Action: [sqs:¦]", "Action: 'sqs:¦'", "Action: SQS:¦\nResource: x"]
    {
        let found = items(&statement(text));
        assert!(found.iter().any(|item| format!("{} ({})", item.label, item.detail) == all), "{text} {found:?}");
        assert_eq!(found.last().unwrap().label, "sqs:*", "{text}");
        assert!(found.iter().all(|item| item.label.starts_with("sqs:")), "{text}");
        let is_level = |item: &Item, level: &str| item.detail == level;
        let last_read = found.iter().rposition(|item| is_level(item, "Read"));
        assert!(last_read < found.iter().position(|item| is_level(item, "Write")), "{text}");
    }
    for (text, count, expected) in [
        ("Action: sqs:Get¦", 2, "sqs:GetQueueAttributes (Read) | sqs:GetQueueUrl (Read)"),
        (
            "Action: sqs:send¦",
            2,
            "sqs:SendMessage (Write) | sqs:* (20 actions: 8 write, 7 read, 3 permissions management, 2 tagging)",
        ),
        // What is covered is left out, as is the pattern that would add nothing.
        (
            "Action:\n  - sqs:Get*\n  - sqs:Get¦",
            1,
            "sqs:* (20 actions: 8 write, 7 read, 3 permissions management, 2 tagging)",
        ),
        ("Action:\n  - sqs:GetQueueUrl\n  - sqs:Get¦", 1, "sqs:GetQueueAttributes (Read)"),
        ("Action: nothing:¦", 9, ""),
        ("Action: s3:GetObject, ¦", 9, ""),
    ] {
        assert_eq!(first(&statement(text), count), expected, "{text}");
    }
    for (text, label, expected) in [
        ("Action: s3:Get¦", "s3:GetObject", "Action: s3:GetObject"),
        ("Action:\n  - \"s3:Get¦\"", "s3:GetObject", "- \"s3:GetObject\""),
        ("Action: [s3:PutObject, s3:Get¦]", "s3:GetObject", "Action: [s3:PutObject, s3:GetObject]"),
        ("Action: s3:GetB¦", "s3:GetBucket*", "Action: s3:GetBucket*"),
        ("Action: s3:¦", "s3:*", "Action: s3:*"),
    ] {
        assert_eq!(chosen(&statement(text), label), expected, "{text}");
    }
    assert_eq!(items(&statement("Action: ec2:¦")).len(), 500);
}

#[test]
fn resources_are_those_of_the_actions() {
    for (text, count, expected) in [
        (
            "Action: dynamodb:GetItem\nResource: ¦",
            1,
            "arn:${aws:partition}:dynamodb:${aws:region}:${aws:accountId}:table/<TableName> (table)",
        ),
        (
            "Action: [s3:GetObject, s3:ListBucket]\nResource:\n  - ¦",
            2,
            "arn:${aws:partition}:s3:::<BucketName>/<ObjectName> (object, for 1 of 2 actions) | \
             arn:${aws:partition}:s3:::<BucketName> (bucket, for 1 of 2 actions)",
        ),
        (
            "Action: sqs:SendMessage\nResource:\n  - ¦",
            3,
            "arn:${aws:partition}:sqs:${aws:region}:${aws:accountId}:<QueueName> (queue) | \
             arn:aws:sqs:eu-west-1:314159265358:orders (used elsewhere) | * (every resource)",
        ),
        ("Resource:\n  - arn:aws:sqs:eu-west-1:314159265358:orders\n  - ¦", 2, "* (every resource)"),
        ("Action: sqs:ListQueues\nResource: ¦", 1, "arn:aws:sqs:eu-west-1:314159265358:orders (used elsewhere)"),
    ] {
        assert_eq!(first(&statement(text), count), expected, "{text}");
    }
    let table = "arn:${aws:partition}:dynamodb:${aws:region}:${aws:accountId}:table/<TableName>";
    let written = r"arn:\${aws:partition\}:dynamodb:\${aws:region\}:\${aws:accountId\}:table/${1:TableName}";
    for (text, expected) in [
        ("Action: dynamodb:GetItem\nResource: ¦", format!("Resource: {written}")),
        ("Action: dynamodb:GetItem\nResource:\n  - arn:¦", format!("- {written}")),
        ("Action: dynamodb:GetItem\nResource: '¦'", format!("Resource: '{written}'")),
    ] {
        assert_eq!(chosen(&statement(text), table), expected, "{text}");
    }
    assert_eq!(chosen(&statement("Resource: ¦"), "*"), "Resource: '*'");
}

#[test]
fn conditions_are_completed() {
    for (text, count, expected) in [
        ("Condition:\n  ¦", 1, "StringEquals (compares texts)"),
        ("Condition: {¦}", 1, "StringEquals (compares texts)"),
        ("Condition:\n  StringEquals:\n    a:b: c\n  Str¦", 1, "StringNotEquals (compares texts)"),
        (
            "Condition:\n  Str¦:\n    aws:SecureTransport: true",
            3,
            "Bool (compares `true` and `false`) | Null (compares nothing: it asks whether the key is absent) | \
             BoolIfExists (compares `true` and `false`)",
        ),
        (
            "Action: s3:ListBucket\nCondition:\n  StringLike:\n    s3:pre¦",
            1,
            "aws:ResourceTag/TagKey (text, for all actions here)",
        ),
        ("Condition:\n  ForAnyValue:¦", 1, "StringEquals (compares texts)"),
        ("Condition:\n  Bool:\n    aws:S¦", 1, "aws:IsMcpServiceAction (`true` or `false`, global)"),
        ("Condition:\n  Bool:\n    aws:¦", 1, "aws:IsMcpServiceAction (`true` or `false`, global)"),
        (
            "Condition:\n  Bool:\n    aws:SecureTransport: true\n    aws:¦",
            1,
            "aws:IsMcpServiceAction (`true` or `false`, global)",
        ),
        ("Condition:\n  Bool: {aws:V¦}", 1, "aws:IsMcpServiceAction (`true` or `false`, global)"),
        ("Condition:\n  Bool:\n    ¦", 1, "aws:IsMcpServiceAction (`true` or `false`, global)"),
        ("Condition:\n  Bool:\n    aws:SecureTransport: ¦", 9, "true () | false ()"),
        ("Condition:\n  'Null':\n    aws:SourceIp: ¦", 9, "true () | false ()"),
        (
            "Condition:\n  StringEquals:\n    aws:RequestedRegion:\n      - ¦",
            2,
            "${aws:region} (the region of the deployment) | af-south-1 ()",
        ),
        ("Condition:\n  StringEquals:\n    iam:PassedToService: e¦", 1, "apigateway.amazonaws.com ()"),
        (
            "Condition:\n  StringEquals:\n    aws:ResourceAccount: ¦",
            2,
            "${aws:accountId} (the account of the deployment)",
        ),
        (
            "Condition:\n  ArnLike:\n    aws:PrincipalArn: ¦",
            2,
            "arn:aws:sqs:eu-west-1:314159265358:orders (used elsewhere)",
        ),
        ("Condition:\n  StringEquals:\n    s3:prefix: ¦", 2, ""),
    ] {
        assert_eq!(first(&statement(text), count), expected, "{text}");
    }
    let keys: Vec<String> =
        items(&statement("Action: [s3:ListBucket, s3:GetObject]\nCondition:\n  StringLike:\n    ¦"))
            .into_iter()
            .map(|item| format!("{} ({})", item.label, item.detail))
            .collect();
    let place =
        |key: &str| keys.iter().position(|other| other == key).unwrap_or_else(|| panic!("no {key} in {keys:?}"));
    assert!(place("s3:authType (text, for all actions here)") < place("aws:PrincipalOrgID (text, global)"));
    assert!(place("aws:PrincipalOrgID (text, global)") < place("s3:prefix (text, for 1 of 2 actions)"));
    assert!(!keys.iter().any(|key| key.starts_with("aws:SourceArn ") || key.starts_with("aws:SecureTransport ")));
    assert_eq!(
        chosen(&statement("Condition:\n  StringEquals:\n    aws:Req¦"), "aws:RequestTag/TagKey"),
        "aws:RequestTag/${1:TagKey}: "
    );
    assert_eq!(chosen(&statement("Condition:\n  ¦"), "StringLike"), "StringLike:");
}

/// What is said of the thing at the cursor.
fn said(marked: &str) -> (String, String) {
    let (text, offset) = cut(marked);
    let hover = ask(&text, |ctx| ide::hover(ctx, offset)).unwrap_or_else(|| panic!("nothing at {marked}"));
    (text[hover.range].to_owned(), hover.markdown)
}

#[test]
fn names_of_policies_are_explained() {
    for (text, under, pieces) in [
        (
            "Action: dynamodb:Get¦Item",
            "dynamodb:GetItem",
            &[
                "`dynamodb:GetItem`: Read · Amazon DynamoDB",
                "table: `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}`",
                "Condition keys: `dynamodb:Attributes`",
                "(https://servicereference.us-east-1.amazonaws.com/v1/dynamodb/dynamodb.json)",
            ][..],
        ),
        ("Action: ['sqs:ListQ¦ueues']", "'sqs:ListQueues'", &["only `*` grants it"]),
        (
            "Action:\n  - sqs:Get¦*",
            "sqs:Get*",
            &["`sqs:Get*`: 2 actions: 2 read.", "`sqs:GetQueueAttributes`, `sqs:GetQueueUrl`", "/v1/sqs/sqs.json"],
        ),
        ("Action: s3:¦*", "s3:*", &[" more\n\n[Reference of Amazon S3]"]),
        (
            "Action: [s3:GetObject, s3:ListBucket]\nResource: arn:aws:s3:::orders/¦*",
            "arn:aws:s3:::orders/*",
            &[
                "Service: `s3`",
                "Region: none",
                "Resource: `orders/*`",
                "object of Amazon S3",
                "Used by `s3:GetObject`.",
            ],
        ),
        (
            "Action: s3:GetObject\nResource: arn:aws:sqs:eu-west-1:1:a¦",
            "arn:aws:sqs:eu-west-1:1:a",
            &["No action of the statement uses it."],
        ),
        ("Action: [sqs:ListQueues, sqs:SendMessage]\nResource: '¦*'", "'*'", &["1 of the 2 actions"]),
        (
            "Condition:\n  Bool:\n    aws:Secure¦Transport: true",
            "aws:SecureTransport",
            &["holds `true` or `false`", "one value", "can have it"],
        ),
        ("Condition:\n  ArnLike:\n    aws:Source¦Arn: x", "aws:SourceArn", &["holds an ARN", "never have it"]),
        ("Condition:\n  StringLike:\n    aws:Tag¦Keys: x", "aws:TagKeys", &["any number of values"]),
        (
            "Condition:\n  String¦Like:\n    aws:TagKeys: x",
            "StringLike",
            &["compares texts", "wildcards", "the test fails"],
        ),
        (
            "Condition:\n  ForAllValues:Str¦ingNotEquals:\n    aws:TagKeys: x",
            "ForAllValues:StringNotEquals",
            &["Every value", "the test holds", "asks for a difference"],
        ),
        ("Action: s3:GetObject\nCondi¦tion: {}", "Condition", &["When the statement applies"]),
    ] {
        let (found, markdown) = said(&statement(text));
        assert_eq!(found, under, "{text}");
        for piece in pieces {
            assert!(markdown.contains(piece), "{piece} is missing for {text}:\n{markdown}");
        }
    }
}

#[test]
fn hints_count() {
    for lines in [
        "Action: sqs:Get*⟨2 actions: 2 read⟩ # c\nResource: x",
        "Action:\n  - s3:GetObject\n  - sqs:Nothing*\nResource: '*'⟨1 of 1 could be narrower⟩",
        "Action: ['sqs:Send*'⟨1 action: 1 write⟩, sqs:ListQueues]\nResource: ['*'⟨1 of 2 could be narrower⟩]",
        "Action: sqs:ListQueues\nResource: '*'",
        "Action: '*'\nResource: '*'",
        "NotAction: sqs:Get*⟨2 actions: 2 read⟩\nResource: '*'",
    ] {
        let marked = statement(lines);
        let text: String = marked
            .split('⟨')
            .enumerate()
            .map(|(index, part)| if index == 0 { part } else { part.split_once('⟩').unwrap().1 })
            .collect();
        let all = ask(&text, |ctx| ide::hints(ctx, TextRange::up_to(ctx.source().len())));
        let mut policy: Vec<_> = all.into_iter().filter(|hint| hint.kind == ide::HintKind::Policy).collect();
        let size = policy.remove(0);
        assert!(size.label.ends_with(" / 6,144"), "{size:?}");
        assert!(text[..usize::from(size.offset)].ends_with("customPolicy:"), "{text}");
        let mut shown = text.clone();
        for hint in policy.iter().rev() {
            assert!(!hint.tooltip.is_empty());
            shown.insert_str(usize::from(hint.offset), &format!("⟨{}⟩", hint.label));
        }
        assert_eq!(shown, marked);
    }
}

/// The statement after an action is taken whose title begins so.
fn done(lines: &str, title: &str) -> String {
    let (text, offset) = cut(&statement(lines));
    let is_wanted = |kind| kind == ide::ActionKind::RefactorRewrite;
    let all = ask(&text, |ctx| ide::actions(ctx, &[], TextRange::empty(offset), &is_wanted));
    let Some(action) = all.iter().find(|action| action.title.starts_with(title)) else { return "nothing".to_owned() };
    let text = apply_edits(&text, &action.edits).unwrap();
    let lines =
        text.lines().skip_while(|line| !line.contains("Effect")).skip(1).take_while(|line| !line.contains("web:"));
    lines.map(|line| line.trim_start().to_owned()).collect::<Vec<_>>().join(" / ")
}

#[test]
fn policies_are_rewritten() {
    for (lines, title, expected) in [
        ("Action: sqs:Get¦*", "Write `sqs:Get*` out", "Action: / - sqs:GetQueueAttributes / - sqs:GetQueueUrl"),
        (
            "Action:\n  - s3:GetObject # c\n  - sqs:Get¦* # d\n  - sqs:GetQueueUrl",
            "Write `",
            "Action: / - s3:GetObject # c / - sqs:GetQueueAttributes # d / - sqs:GetQueueUrl",
        ),
        ("Action: [sqs:Get¦*]", "Write `", "Action: [sqs:GetQueueAttributes, sqs:GetQueueUrl]"),
        (
            "Action: sqs:¦*",
            "Keep only what `sqs:*` has of level Tagging: 2 actions",
            "Action: / - sqs:TagQueue / - sqs:UntagQueue",
        ),
        ("Action: sqs:Get¦*", "Keep only", "nothing"),
        ("Action: ec2:¦*", "Write `", "nothing"),
        (
            "Action: [sqs:SendMessage, s3:GetObject]\nResource: '¦*'",
            "Name the resources",
            "Action: [sqs:SendMessage, s3:GetObject] / Resource: / - arn:${aws:partition}:sqs:${aws:region}:${aws:accountId}:<QueueName> / - arn:${aws:partition}:s3:::<BucketName>/<ObjectName>",
        ),
        ("Action: [sqs:SendMessage, sqs:ListQueues]\nResource: '¦*'", "Name", "nothing"),
        ("Action: ecs:RunTas¦k", "Add what `ecs:RunTask` needs", "Action: / - ecs:RunTask / - iam:PassRole"),
        ("Action: [ecs:RunTas¦k, 'iam:Pass*']", "Add", "nothing"),
        (
            "Action: [kinesisvideo:¦List*, 'kinesisvideo:Put*']",
            "Keep only what `kinesisvideo:List*` lists and reads",
            "nothing",
        ),
        (
            "Action: [secretsmanager:¦*]",
            "Keep only what `secretsmanager:*` lists and reads: 7 actions: 6 read, 1 list",
            "Action: [secretsmanager:BatchGetSecretValue, secretsmanager:DescribeSecret, secretsmanager:GetRandomPassword, secretsmanager:GetResourcePolicy, secretsmanager:GetSecretValue, secretsmanager:ListSecrets, secretsmanager:ListSecretVersionIds]",
        ),
        // Too many to be written out one by one.
        (
            "Action: s3:¦*",
            "Keep only what `s3:*` has of level Read",
            "Action: / - s3:AllowVendedLogDeliveryForResource / - s3:Describe* / - s3:Get*",
        ),
        (
            "Action: [s3:Get¦Object, s3:ListBucket, s3:PutObject]\nResource: [arn:aws:s3:::a, arn:aws:s3:::a/*]",
            "Split by type of resource into 2",
            "Action: s3:ListBucket / Resource: arn:aws:s3:::a / - Effect: Allow / Action: / - s3:GetObject / - s3:PutObject / Resource: arn:aws:s3:::a/*",
        ),
        (
            "Action: ['s3:Get*', s3:ListBucket]\nResource: [arn:aws:s3:::¦a, arn:aws:s3:::a/*]\nCondition:\n  Bool:\n    aws:SecureTransport: 'true'",
            "Split",
            "Action: / - s3:Get* / - s3:ListBucket / Resource: arn:aws:s3:::a / Condition: / Bool: / aws:SecureTransport: 'true' / - Effect: Allow / Action: s3:Get* / Resource: arn:aws:s3:::a/* / Condition: / Bool: / aws:SecureTransport: 'true'",
        ),
        (
            "Action: [s3:GetObject, s3:PutObject, sqs:SendMessage, sqs:ListQueues]\nResource: '¦*'",
            "Split by type of resource into 3",
            "Action: / - s3:GetObject / - s3:PutObject / Resource: '*' / - Effect: Allow / Action: sqs:SendMessage / Resource: '*' / - Effect: Allow / Action: sqs:ListQueues / Resource: '*'",
        ),
        ("Action: [s3:GetObject, s3:PutObject]\nResource: '¦*'", "Split", "nothing"),
        ("Action: [s3:GetObject, sqs:SendMessage]\nResource: arn:aws:s3:::¦a/*", "Split", "nothing"),
        ("Action: ['s3:*', sqs:SendMessage]\nResource: '¦*'", "Split", "nothing"),
        ("Action: [s3:GetObject, s3:ListBucket]\nResource: ['${param:x¦}', arn:aws:s3:::a]", "Split", "nothing"),
    ] {
        assert_eq!(done(lines, title), expected, "{lines}");
    }
}

#[test]
fn statements_become_one() {
    let merged = |statements: &str, title: &str| {
        let (text, offset) = cut(&policy(&format!("Version: '2012-10-17'\nStatement:\n{statements}")));
        let actions = ask(&text, |ctx| ide::actions(ctx, &[], TextRange::empty(offset), &|_| true));
        let action = actions.iter().find(|action| action.title.starts_with(title))?;
        let text = apply_edits(&text, &action.edits).unwrap();
        let lines = text.lines().skip_while(|line| !line.contains("Statement:")).skip(1);
        let lines = lines.take_while(|line| !line.starts_with("  web"));
        Some(lines.map(|line| line.trim_start().to_owned()).collect::<Vec<_>>().join(" / "))
    };
    let statement =
        |action: &str, resource: &str| format!("  - Effect: Allow\n    Action: {action}\n    Resource: {resource}\n");
    let three = [
        statement("s3:Get¦Object", "arn:aws:s3:::a/*"),
        statement("[s3:PutObject, S3:getobject]", "arn:aws:s3:::a/*"),
        statement("sqs:ListQueues", "'*'"),
        statement("s3:DeleteObject # kept short", "arn:aws:s3:::a/*"),
    ]
    .concat();
    assert_eq!(
        merged(&three, "Merge 3 statements").unwrap(),
        "- Effect: Allow / Action: / - s3:GetObject / - s3:PutObject / - s3:DeleteObject / Resource: arn:aws:s3:::a/* / - Effect: Allow / Action: sqs:ListQueues / Resource: '*'"
    );
    let resources =
        [statement("s3:GetObject", "[arn:aws:s3:::a/*]"), statement("s3:Get¦Object", "arn:aws:s3:::b/*")].concat();
    assert_eq!(
        merged(&resources, "Merge 2 statements").unwrap(),
        "- Effect: Allow / Action: s3:GetObject / Resource: [arn:aws:s3:::a/*, arn:aws:s3:::b/*]"
    );
    let apart =
        [statement("s3:GetObject", "arn:aws:s3:::a/*"), statement("s3:Put¦Object", "arn:aws:s3:::b/*")].concat();
    assert_eq!(merged(&apart, "Merge"), None);
}
