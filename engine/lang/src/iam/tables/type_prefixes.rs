//! How the resource part of an ARN begins, for the type of resource that is meant when somebody leaves that out.

/// The prefix of the service and the beginning, sorted.
pub static TYPE_PREFIXES: &[(&str, &str)] = &[
    ("athena", "workgroup/"),
    ("cloudwatch", "alarm:"),
    ("cognito-identity", "identitypool/"),
    ("cognito-idp", "userpool/"),
    ("dynamodb", "table/"),
    ("ec2", "instance/"),
    ("ecr", "repository/"),
    ("ecs", "cluster/"),
    ("elasticfilesystem", "file-system/"),
    ("es", "domain/"),
    ("events", "event-bus/"),
    ("firehose", "deliverystream/"),
    ("iam", "role/"),
    ("kinesis", "stream/"),
    ("kms", "key/"),
    ("lambda", "function:"),
    ("logs", "log-group:"),
    ("rds", "db:"),
    ("scheduler", "schedule/"),
    ("secretsmanager", "secret:"),
    ("ses", "identity/"),
    ("ssm", "parameter/"),
    ("states", "stateMachine:"),
];

/// The beginning of the resource part in a service's ARNs, such as `table/`.
pub fn of_service(prefix: &str) -> Option<&'static str> {
    super::find(TYPE_PREFIXES, prefix, |(prefix, _)| prefix).map(|(_, beginning)| *beginning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::{ResourceType, reference};
    use crate::iam::tables::assert_sorted;

    #[test]
    fn prefixes_are_sorted_and_begin_a_published_format() {
        assert_sorted(TYPE_PREFIXES.iter().map(|(prefix, _)| *prefix));
        for (prefix, beginning) in TYPE_PREFIXES {
            let types = reference().service(prefix).unwrap().resource_types();
            let mut formats = types.flat_map(ResourceType::arn_formats);
            let begins =
                |format: &str| format.splitn(6, ':').nth(5).is_some_and(|resource| resource.starts_with(beginning));
            assert!(formats.any(begins), "{prefix} {beginning}");
        }
        assert_eq!(of_service("dynamodb"), Some("table/"));
        assert_eq!(of_service("s3"), None);
    }
}
