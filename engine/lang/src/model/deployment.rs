use super::{ANY_TEXT, ARN, Choice, DeploymentType, Fault, Object, Property, Shape, TEXTS};

/// `deployment`.
pub(super) static DEPLOYMENT: Object = Object {
    name: "Deployment",
    doc: "The architecture, and what of it you bring yourself.",
    strict: true,
    properties: &[
        Property::new(
            "type",
            Shape::Choice(&[
                Choice {
                    value: "aws@1.0",
                    doc: "One CloudFront distribution in front of an application load balancer (Fargate containers) and of \
                          function URLs (Lambda containers, with streaming). The current architecture.",
                    aliases: &["aws", "AWS", "aws@1", "aws1.0", "Aws@1.0"],
                },
                Choice {
                    value: "awsApi@1.0",
                    doc: "An application load balancer in front of Fargate and Lambda containers. The older architecture; no \
                          integrations, 1 MB request and response bodies for Lambda.",
                    aliases: &["awsApi", "awsapi@1.0", "awsAPI@1.0", "awsApi@1"],
                },
            ]),
            "The architecture to deploy: `aws@1.0` or `awsApi@1.0`.",
        )
        .required()
        .snippet("aws@1.0")
        .codes(&[(Fault::Missing, "SCF016"), (Fault::Value, "SCF017")]),
        Property::new(
            "awsVpc",
            Shape::Object(&VPC),
            "Your own network, in place of one that Slipway makes. All five keys or none; nothing in it is ever changed.",
        ),
        Property::new(
            "awsIam",
            Shape::Object(&Object {
                name: "DeploymentIam",
                doc: "A role for all containers.",
                strict: true,
                properties: &[Property::new(
                    "roleArn",
                    ARN,
                    "An existing role that every container runs under, unless it has its own. It must be trusted by \
                     `ecs-tasks.amazonaws.com` and `lambda.amazonaws.com`.",
                )
                .required()
                .snippet("arn:aws:iam::123456789012:role/name")],
                strays: &[],
            }),
            "An existing role for all containers.",
        ),
        Property::new(
            "awsAlb",
            Shape::Object(&Object {
                name: "DeploymentAlb",
                doc: "Settings of the load balancer.",
                strict: true,
                properties: &[Property::new(
                    "wafAclArn",
                    ARN,
                    "A web ACL to associate with the load balancer. It must be a regional one, in the region of the \
                     deployment: `arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>`.",
                )
                .required()
                .snippet("arn:aws:wafv2:us-east-1:123456789012:regional/webacl/name/id")],
                strays: &[],
            }),
            "Settings of the load balancer.",
        ),
        Property::new(
            "awsFargateEcs",
            Shape::Object(&Object {
                name: "DeploymentFargate",
                doc: "Settings of all Fargate containers.",
                strict: true,
                properties: &[Property::new(
                    "executionRoleArn",
                    ARN,
                    "The role that ECS uses to pull images and write logs for every Fargate container. Absent: a role \
                     `<name>-<stage>-fargate-execution-role` is made.",
                )
                .required()
                .snippet("arn:aws:iam::123456789012:role/name")],
                strays: &[],
            }),
            "Settings of all Fargate containers.",
        ),
        Property::new(
            "slack",
            Shape::Object(&Object {
                name: "DeploymentSlack",
                doc: "Where Slack's app configuration token is kept.",
                strict: false,
                properties: &[Property::new(
                    "appConfigTokenSSMParameterPath",
                    ANY_TEXT,
                    "The SSM parameter (a SecureString with JSON) that holds Slack's app configuration token. Absent: \
                     `/<name>/<stage>/slack/appconfig/credentials`.",
                )],
                strays: &[],
            }),
            "Settings of Slack integrations.",
        )
        .only(DeploymentType::Aws)
        .codes(&[(Fault::Unavailable, "SCF072")]),
    ],
    strays: &[],
};

const INCOMPLETE: &[(Fault, &str)] = &[(Fault::Missing, "SCF060")];

static VPC: Object = Object {
    name: "Vpc",
    doc: "An existing network.",
    strict: true,
    properties: &[
        Property::new("id", ANY_TEXT, "The VPC's id, `vpc-` and 8 or 17 hexadecimal digits.")
            .required()
            .snippet("vpc-0123456789abcdef0")
            .codes(INCOMPLETE),
        Property::new(
            "publicSubnets",
            TEXTS,
            "Subnets for the load balancer: at least two, in different availability zones, with a route to an internet \
             gateway.",
        )
        .required()
        .snippet("\n  - subnet-0123456789abcdef0\n  - subnet-0123456789abcdef1")
        .codes(INCOMPLETE),
        Property::new(
            "privateSubnets",
            TEXTS,
            "Subnets for Fargate tasks and for Lambda functions with `vpc: true`. They need a NAT gateway or VPC endpoints to \
             reach anything outside, image pulls included.",
        )
        .required()
        .snippet("\n  - subnet-0123456789abcdef2\n  - subnet-0123456789abcdef3")
        .codes(INCOMPLETE),
        Property::new(
            "s2sSecurityGroupId",
            ANY_TEXT,
            "The security group that tasks, VPC functions and the load balancer share. It must allow traffic from itself.",
        )
        .required()
        .snippet("sg-0123456789abcdef0")
        .codes(INCOMPLETE),
        Property::new(
            "loadBalancerSecurityGroupId",
            ANY_TEXT,
            "The security group of the load balancer. It must admit the requests: from CloudFront's origin-facing prefix list, \
             or from everywhere.",
        )
        .required()
        .snippet("sg-0123456789abcdef1")
        .codes(INCOMPLETE),
    ],
    strays: &[],
};
