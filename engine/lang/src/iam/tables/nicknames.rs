//! What people call services: names of products, of command-line tools and of SDK clients.

/// The nickname and the prefix that is meant, sorted.
pub static NICKNAMES: &[(&str, &str)] = &[
    ("acmpca", "acm-pca"),
    ("alb", "elasticloadbalancing"),
    ("amazons3", "s3"),
    ("api-gateway", "apigateway"),
    ("apigatewaymanagementapi", "execute-api"),
    ("apigatewayv2", "apigateway"),
    ("appautoscaling", "application-autoscaling"),
    ("aurora", "rds"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("cloudcontrol", "cloudformation"),
    ("cloudmap", "servicediscovery"),
    ("cloudwatch-logs", "logs"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("cognito", "cognito-idp"),
    ("costexplorer", "ce"),
    ("ddb", "dynamodb"),
    ("docdb", "rds"),
    ("dynamo", "dynamodb"),
    ("dynamodbstreams", "dynamodb"),
    ("efs", "elasticfilesystem"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("email", "ses"),
    ("emr", "elasticmapreduce"),
    ("event", "events"),
    ("eventbridge", "events"),
    ("iot-data", "iot"),
    ("iotdata", "iot"),
    ("kinesisfirehose", "firehose"),
    ("lambdas", "lambda"),
    ("log", "logs"),
    ("marketplacemetering", "aws-marketplace"),
    ("metering", "aws-marketplace"),
    ("msk", "kafka"),
    ("mturk-requester", "mechanicalturk"),
    ("neptune", "rds"),
    ("opensearchservice", "es"),
    ("parameterstore", "ssm"),
    ("resourcegroupstaggingapi", "tag"),
    ("s3api", "s3"),
    ("secret-manager", "secretsmanager"),
    ("secretmanager", "secretsmanager"),
    ("secrets-manager", "secretsmanager"),
    ("sesv2", "ses"),
    ("sfn", "states"),
    ("step-functions", "states"),
    ("stepfunctions", "states"),
    ("timestream-query", "timestream"),
    ("timestream-write", "timestream"),
    ("xray-daemon", "xray"),
];

/// The prefix that a nickname means, case ignored.
pub fn prefix_of(nickname: &str) -> Option<&'static str> {
    super::find(NICKNAMES, nickname, |(nickname, _)| nickname).map(|(_, prefix)| *prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn nicknames_are_sorted_and_no_prefixes() {
        assert_sorted(NICKNAMES.iter().map(|(nickname, _)| *nickname));
        for (nickname, prefix) in NICKNAMES {
            assert!(reference().service(prefix).is_some(), "{prefix}");
            assert!(reference().service(nickname).is_none(), "{nickname}");
        }
        assert_eq!(prefix_of("Step-Functions"), Some("states"));
        assert_eq!(prefix_of("s3"), None);
    }
}
