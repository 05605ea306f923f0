//! Condition keys whose values name a region, an account or a service.

/// Keys that hold a region.
pub static REGION_KEYS: &[&str] = &["aws:RequestedRegion", "ec2:Region"];

/// Keys that hold the number of an account.
pub static ACCOUNT_KEYS: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgMasterAccountId",
    "aws:ResourceAccount",
    "aws:SourceAccount",
    "aws:VpceAccount",
    "kms:CallerAccount",
    "ram:ShareOwnerAccountId",
    "s3:DataAccessPointAccount",
    "s3:ResourceAccount",
    "ssm:NodeAccountId",
];

/// Keys that hold the principal of a service, such as `lambda.amazonaws.com`.
pub static SERVICE_KEYS: &[&str] = &[
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "iam:AWSServiceName",
    "iam:PassedToService",
];

/// The principals of services that are often given a role or called through, before `.amazonaws.com`.
pub static SERVICES: &[&str] = &[
    "apigateway",
    "application-autoscaling",
    "autoscaling",
    "batch",
    "bedrock",
    "bedrock-agentcore",
    "cloudformation",
    "codebuild",
    "codepipeline",
    "datapipeline",
    "dynamodb",
    "ec2",
    "ecs",
    "ecs-tasks",
    "eks",
    "events",
    "firehose",
    "glue",
    "lambda",
    "logs",
    "pipes",
    "rds",
    "s3",
    "sagemaker",
    "scheduler",
    "secretsmanager",
    "sns",
    "ssm",
    "states",
    "tasks.apprunner",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn names_are_sorted_and_known() {
        for names in [REGION_KEYS, ACCOUNT_KEYS, SERVICE_KEYS] {
            assert_sorted(names.iter().copied());
            for name in names {
                assert!(reference().key(name).is_some(), "{name}");
            }
        }
        assert_sorted(SERVICES.iter().copied());
    }
}
