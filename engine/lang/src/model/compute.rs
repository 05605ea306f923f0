use super::{
    ARN, Change, Choice, ComputeType, Fault, List, Listed, Number, Object, Property, Shape, Stray, iam, scaling,
};
use crate::limits;

const ONE_LEVEL_UP: &str =
    "Environment variables belong to the container: move the block one level up, beside `compute`.";
const INSIDE: &str = "Sizes stand one level deeper, in the block of the compute type.";

/// `compute`.
pub(super) static COMPUTE: Object = Object {
    name: "Compute",
    doc: "Where and with which resources the container runs.",
    strict: true,
    properties: &[
        Property::new(
            "type",
            Shape::Choice(&[
                Choice {
                    value: "awsLambda",
                    doc: "AWS Lambda: starts on demand, billed by use, at most 15 minutes a request.",
                    aliases: &["lambda", "aws-lambda", "awslambda", "AwsLambda", "AWSLambda", "aws_lambda"],
                },
                Choice {
                    value: "awsFargateEcs",
                    doc: "AWS Fargate on ECS: always running, billed by the hour, scales by policy.",
                    aliases: &[
                        "fargate", "ecs", "awsFargate", "aws-fargate", "awsfargate", "awsfargateecs", "fargateEcs", "awsEcs",
                        "awsEcsFargate", "AwsFargateEcs",
                    ],
                },
            ]),
            "The service that runs the container.",
        )
        .default("awsLambda")
        .snippet("awsLambda")
        .codes(&[(Fault::Value, "SCF110")]),
        Property::new("awsLambda", Shape::Object(&LAMBDA), "Sizes of a Lambda function. Only with `type: awsLambda`.")
            .goes_with("type", "awsLambda")
            .snippet("\n  memory: 1024\n  timeout: 30"),
        Property::new("awsFargateEcs", Shape::Object(&FARGATE), "Sizes and scaling of a Fargate service. Only with `type: awsFargateEcs`.")
            .goes_with("type", "awsFargateEcs")
            .snippet("\n  cpu: 256\n  memory: 512"),
        Property::new("awsIam", Shape::Object(&iam::IAM), "What the container may do in AWS.")
            .snippet("\n  customPolicy:\n    Version: \"2012-10-17\"\n    Statement:\n      - Effect: Allow\n        Action: \n        Resource: "),
    ],
    strays: &[
        Stray { key: "environment", advice: ONE_LEVEL_UP, code: "", change: Change::Out },
        Stray { key: "src", advice: "The source folder belongs to the container: move it one level up.", code: "", change: Change::Out },
        Stray { key: "build", advice: "Build settings belong to the container: move them one level up.", code: "", change: Change::Out },
        Stray { key: "memory", advice: INSIDE, code: "", change: Change::None },
        Stray { key: "cpu", advice: INSIDE, code: "", change: Change::Into("awsFargateEcs") },
        Stray { key: "scale", advice: INSIDE, code: "", change: Change::Into("awsFargateEcs") },
        Stray { key: "timeout", advice: INSIDE, code: "", change: Change::Into("awsLambda") },
        Stray { key: "vpc", advice: INSIDE, code: "", change: Change::Into("awsLambda") },
    ],
};

/// A property of `compute`.
pub fn compute_property(name: &str) -> Option<&'static Property> {
    COMPUTE.property(name)
}

/// The sizes that go with a compute type.
pub fn sizes(compute: ComputeType) -> &'static Object {
    match compute {
        ComputeType::Lambda => &LAMBDA,
        ComputeType::Fargate => &FARGATE,
    }
}

static LAMBDA: Object = Object {
    name: "Lambda",
    doc: "Sizes of a Lambda function.",
    strict: true,
    properties: &[
        Property::new(
            "memory",
            Shape::Number(&Number { min: Some(128.0), max: Some(10_240.0), whole: true, unit: "MB", listed: None }),
            "Memory in MB, 128 to 10240 in steps of 1. CPU grows with it: one virtual CPU at 1769 MB.\n\n\
             [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)",
        )
        .default("1024")
        .snippet("1024")
        .typical()
        .examples(&["512", "1769", "2048"])
        .codes(&[(Fault::Range, "SCF114"), (Fault::Fraction, "SCF115")]),
        Property::new(
            "timeout",
            Shape::Number(&Number { min: Some(1.0), max: Some(900.0), whole: true, unit: "seconds", listed: None }),
            "Longest time a request may take, in whole seconds, 1 to 900. With `aws@1.0` the distribution stops waiting for \
             the first byte after 30 seconds.\n\n\
             [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)",
        )
        .default("6")
        .snippet("30")
        .typical()
        .examples(&["30", "900"])
        .codes(&[(Fault::Range, "SCF116"), (Fault::Fraction, "SCF116")]),
        Property::new(
            "vpc",
            Shape::Bool,
            "Whether the function runs in the private subnets, with the shared security group. Without a NAT gateway it has no \
             way to the internet there.",
        )
        .default("false"),
    ],
    strays: &[],
};

static FARGATE: Object = Object {
    name: "Fargate",
    doc: "Sizes and scaling of a Fargate service.",
    strict: true,
    properties: &[
        Property::new(
            "cpu",
            Shape::NumberChoice(limits::fargate::CPU_SIZES),
            "CPU units of a task; 1024 are one virtual CPU. Each size goes with a range of `memory`.\n\n\
             [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size)",
        )
        .default("256")
        .snippet("256")
        .typical()
        .codes(&[(Fault::Value, "SCF121")]),
        Property::new(
            "memory",
            Shape::Number(&Number { min: Some(512.0), max: Some(122_880.0), whole: false, unit: "MB", listed: Some(Listed::FargateMemory) }),
            "Memory of a task in MB. Which values are possible depends on `cpu`.\n\n\
             [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size)",
        )
        .default("512")
        .snippet("512")
        .typical()
        .codes(&[(Fault::Range, "SCF125")]),
        Property::new(
            "executionRoleArn",
            ARN,
            "The role that ECS uses to pull this container's image and write its logs.",
        )
        .snippet("arn:aws:iam::123456789012:role/name"),
        Property::new(
            "scale",
            Shape::List(&List { item: Shape::Tagged(&scaling::SCALE_ITEM), min: 0, codes: &[] }),
            "How many tasks run: a fixed number (`desired`), or bounds (`min`, `max`) with policies (`target`, `step`). \
             Absent: one task.",
        )
        .snippet("\n  - type: min\n    min: 1\n  - type: max\n    max: 4\n  - type: target\n    target: cpu\n    value: 70"),
    ],
    strays: &[],
};
