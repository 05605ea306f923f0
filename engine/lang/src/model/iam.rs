use super::{ANY_TEXT, ARN, Choice, List, Object, Property, Shape, TEXTS};

const TEXT_OR_TEXTS: Shape = Shape::Either(&[ANY_TEXT, TEXTS]);

/// `compute.awsIam`.
pub(super) static IAM: Object = Object {
    name: "Iam",
    doc: "What the container may do in AWS.",
    strict: true,
    properties: &[
        Property::new(
            "roleArn",
            ARN,
            "An existing role that the container runs under, in place of one that Slipway makes. It must be trusted by the \
             service that runs the container. Not together with `customPolicy`.",
        )
        .snippet("arn:aws:iam::123456789012:role/name"),
        Property::new(
            "customPolicy",
            Shape::Object(&Object {
                name: "CustomPolicy",
                doc: "A policy for the container's own role.",
                strict: true,
                properties: &[
                    Property::new("Version", ANY_TEXT, "The version of the policy language, quoted: `\"2012-10-17\"`.")
                        .required()
                        .snippet("\"2012-10-17\"")
                        .examples(&["\"2012-10-17\""]),
                    Property::new(
                        "Statement",
                        // A single statement instead of a list is taken too; the rules say that older tools refuse it.
                        Shape::Either(&[Shape::List(&List { item: Shape::Object(&STATEMENT), min: 0, codes: &[] }), Shape::Object(&STATEMENT)]),
                        "What is allowed or denied.",
                    )
                    .required()
                    .snippet("\n  - Effect: Allow\n    Action: \n    Resource: "),
                ],
                strays: &[],
            }),
            "A policy in IAM's own language, attached to the container's own role as `<name>-<stage>-<container>-policy`.",
        )
        .checked_by_rules()
        .snippet("\n  Version: \"2012-10-17\"\n  Statement:\n    - Effect: Allow\n      Action: \n      Resource: "),
    ],
    strays: &[],
};

static STATEMENT: Object = Object {
    name: "PolicyStatement",
    doc: "One permission.",
    strict: true,
    properties: &[
        Property::new("Sid", ANY_TEXT, "A name for the statement: letters and digits."),
        Property::new(
            "Effect",
            Shape::Choice(&[
                Choice { value: "Allow", doc: "The actions are allowed.", aliases: &["allow", "ALLOW"] },
                Choice {
                    value: "Deny",
                    doc: "The actions are denied, whatever allows them elsewhere.",
                    aliases: &["deny", "DENY"],
                },
            ]),
            "Whether the statement allows or denies.",
        )
        .required()
        .snippet("Allow"),
        Property::new("Action", TEXT_OR_TEXTS, "The actions, as `service:Name`; `*` and `?` are wildcards.").typical(),
        Property::new("NotAction", TEXT_OR_TEXTS, "All actions but these."),
        Property::new("Resource", TEXT_OR_TEXTS, "The resources, as ARNs or `*`.").typical(),
        Property::new("NotResource", TEXT_OR_TEXTS, "All resources but these."),
        Property::new("Condition", Shape::Any, "When the statement applies: operator, key, values."),
    ],
    strays: &[],
};
