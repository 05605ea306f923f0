//! The embedded IAM reference, by questions that rules and editors ask.

use slipway_lang::iam::reference::{AccessLevel, Action, EMBEDDED, Key, KeyKind, ResourceType, Service, reference};

#[test]
fn it_is_small() {
    assert!(EMBEDDED.len() <= 256 * 1024, "{} bytes packed", EMBEDDED.len());
    assert!(reference().resident() <= 3_000_000, "{} bytes in memory", reference().resident());
}

/// Everything that is looked up by halving is in order, and no name is there twice.
#[test]
fn it_is_sorted() {
    fn assert_sorted<'r>(names: impl Iterator<Item = &'r str>) {
        let names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
        for pair in names.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }
    assert_sorted(reference().services().map(Service::prefix));
    for service in reference().services() {
        assert_sorted(service.actions().map(Action::name));
        assert_sorted(service.resource_types().map(ResourceType::name));
        assert_sorted(service.keys().map(Key::name));
        assert_sorted(service.bare_names());
    }
}

/// Whatever is in it is found by its name, in any case.
#[test]
fn everything_is_found_by_name() {
    for service in reference().services() {
        assert_eq!(reference().service(&service.prefix().to_uppercase()), Some(service));
        for action in service.actions() {
            assert_eq!(service.action(&action.name().to_lowercase()), Some(action));
            assert_eq!(reference().action(&action.to_string()), Some(action));
            assert!(service.knows(action.name()) && action.service() == service);
        }
        for kind in service.resource_types() {
            assert_eq!(service.resource_type(kind.name()), Some(kind));
            for format in kind.arn_formats() {
                assert_eq!(format.split(':').next(), Some("arn"), "{format}");
            }
        }
        for key in service.keys() {
            // Some are published without the word that stands for the name of a tag.
            let written = if key.name().ends_with('/') { format!("{}team", key.name()) } else { key.name().to_owned() };
            let found = service.key(&written.to_uppercase()).unwrap_or_else(|| panic!("{written} is not found"));
            // One service publishes a key in both ways, which are the same to a policy.
            let is_twin =
                found.around_placeholder().is_some() && found.around_placeholder() == key.around_placeholder();
            assert!(
                found.name() == key.name() || is_twin && found.kind() == key.kind(),
                "{written} leads to {found:?}"
            );
            assert!(reference().key(&written).is_some(), "{written}");
        }
        for name in service.bare_names() {
            assert!(service.knows(&name.to_uppercase()) && service.action(name).is_none(), "{name}");
        }
    }
}

#[test]
fn an_action_says_what_it_is_about() {
    let get = reference().action("s3:getobject").unwrap();
    assert_eq!((get.to_string().as_str(), get.level()), ("s3:GetObject", AccessLevel::Read));
    let types: Vec<(&str, bool)> = get.resource_types().map(|(kind, required)| (kind.name(), required)).collect();
    assert_eq!(types, [("accesspointobject", false), ("object", false)]);
    let object = reference().service("s3").unwrap().resource_type("object").unwrap();
    assert_eq!(object.arn_formats().collect::<Vec<_>>(), ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]);
    assert!(get.keys().any(|key| key.name() == "s3:ExistingObjectTag/<key>"));
    assert_eq!(reference().action("s3:ListAllMyBuckets").unwrap().resource_types().len(), 0);
    let create = reference().action("lambda:CreateFunction").unwrap();
    assert!(create.dependents().any(|needed| needed == "iam:PassRole"));
    assert_eq!(reference().action("sqs:AddPermission").unwrap().level(), AccessLevel::PermissionsManagement);
    assert_eq!(reference().action("sqs:TagQueue").unwrap().level(), AccessLevel::Tagging);
    let known = reference().service("lambda").unwrap();
    assert!(known.knows("CreateWebFunction") && !known.knows("Invoke"));
    assert_eq!(reference().service("s3").unwrap().title(), "Amazon S3");
    let authorizer = reference().service("apigateway").unwrap().resource_type("Authorizer").unwrap();
    assert_eq!(authorizer.arn_formats().len(), 2);
}

#[test]
fn a_name_that_is_not_there_is_not_found() {
    for name in ["s3:GetObjct", "s3", "", ":", "s3:", ":GetObject", "sqqs:SendMessage", "s3:GetObject ", "s3:Get*"] {
        assert!(reference().action(name).is_none(), "{name}");
    }
}

#[test]
fn patterns_reach_what_they_match() {
    for (pattern, expected) in [
        ("s3:GetObject", 1),
        ("S3:getobject", 1),
        ("s3:Get*", 63),
        ("s3:GetBucketAc?", 1),
        ("dynamodb:*", reference().service("dynamodb").unwrap().actions().len()),
        ("*", reference().services().map(|service| service.actions().len()).sum()),
        ("*:*", reference().services().map(|service| service.actions().len()).sum()),
        ("s3:Gett*", 0),
        ("s3:", 0),
        ("s3", 0),
        ("", 0),
        ("nobody:*", 0),
        ("s3:ä*", 0),
    ] {
        assert_eq!(reference().matching(pattern).count(), expected, "{pattern}");
    }
    let names = |pattern| reference().matching(pattern).map(|action| action.to_string()).collect::<Vec<_>>();
    assert_eq!(names("s?s:SendMessage"), ["sms:SendMessage", "sqs:SendMessage"]);
    assert_eq!(names("dynamodb:*GetItem"), ["dynamodb:BatchGetItem", "dynamodb:GetItem"]);
    assert_eq!(
        names("*:PutEvents"),
        ["events:PutEvents", "mobileanalytics:PutEvents", "mobiletargeting:PutEvents", "personalize:PutEvents"]
    );
    let bare: Vec<_> = reference().matching_bare_names("lambda:Create*Function").map(|(_, name)| name).collect();
    assert_eq!(bare, ["createwebfunction"]);
    // However the stars stand, it takes no longer than the product of both lengths.
    assert_eq!(reference().matching(&format!("*:{}b", "*a".repeat(2_000))).count(), 0);
}

#[test]
fn a_beginning_finds_a_run_of_names() {
    let s3 = reference().service("s3").unwrap();
    assert_eq!(s3.starting_with("get").len(), 63);
    assert_eq!(s3.starting_with("").len(), s3.actions().len());
    assert_eq!(s3.starting_with("zzz").len(), 0);
    assert_eq!(s3.starting_with("GetObjectVersionTaggingAndMore").len(), 0);
    assert!(s3.starting_with("GETOBJECT").all(|action| action.name().starts_with("GetObject")));
}

#[test]
fn keys_are_found_wherever_they_belong() {
    for (name, expected) in [
        ("aws:sourceip", Some(("aws:SourceIp", KeyKind::Ip, false))),
        ("aws:RequestTag/team", Some(("aws:RequestTag/${TagKey}", KeyKind::String, false))),
        ("aws:TagKeys", Some(("aws:TagKeys", KeyKind::String, true))),
        ("s3:ExistingObjectTag/a/b", Some(("s3:ExistingObjectTag/<key>", KeyKind::String, false))),
        ("DYNAMODB:leadingkeys", Some(("dynamodb:LeadingKeys", KeyKind::String, true))),
        ("kms:EncryptionContext:app", Some(("kms:EncryptionContext:${EncryptionContextKey}", KeyKind::String, false))),
        ("events:Metadata/x/Matcher", Some(("events:Metadata/${MetadataKey}/Matcher", KeyKind::String, false))),
        ("s3:prefix", Some(("s3:prefix", KeyKind::String, false))),
        ("saml:aud", Some(("saml:aud", KeyKind::String, false))),
        ("aws:RequestTag/", None),
        ("dynamodb:LeadingKey", None),
        ("s3", None),
        ("s3:", None),
        ("", None),
    ] {
        let found = reference().key(name).map(|key| (key.name(), key.kind(), key.is_multivalued()));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn misspelt_names_lead_to_near_ones() {
    for (name, expected) in [
        ("dynamodb:GetItm", Some("dynamodb:GetItem")),
        ("dynamodb:BatchGetItems", Some("dynamodb:BatchGetItem")),
        ("dynamodb:Qurey", Some("dynamodb:Query")),
        ("sqs:TeleportEnvelope", None),
        ("s3:", None),
    ] {
        let (prefix, misspelt) = name.split_once(':').unwrap();
        let near = reference().service(prefix).unwrap().nearest(misspelt).map(|action| action.to_string());
        assert_eq!(near.as_deref(), expected, "{name}");
    }
    for (prefix, expected) in
        [("dynamdb", Some("dynamodb")), ("secretmanager", Some("secretsmanager")), ("acmewidgets", None), ("", None)]
    {
        assert_eq!(reference().nearest_service(prefix).map(Service::prefix), expected, "{prefix}");
    }
    for (name, expected) in [
        ("aws:PrincpalOrgID", Some("aws:PrincipalOrgID")),
        ("dynamodb:LeadingKey", Some("dynamodb:LeadingKeys")),
        ("aws:RequestTags/team", Some("aws:RequestTag/${TagKey}")),
        ("ecr:ResourceTagg/team", Some("ecr:ResourceTag/${TagKey}")),
        ("aws:TeleportEnvelope", None),
        ("aws:Sourc", None),
        ("aws:x", None),
        ("SourceIp", None),
        ("", None),
    ] {
        assert_eq!(reference().nearest_key(name).map(Key::name), expected, "{name}");
    }
}
