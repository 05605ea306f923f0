//! Services that most projects use, where a misplaced action probably belongs.

/// The prefixes, sorted without regard to ASCII case.
pub static EVERYDAY_SERVICES: &[&str] = &[
    "cloudwatch",
    "cognito-idp",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "ses",
    "sns",
    "sqs",
    "ssm",
    "states",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn names_are_sorted() {
        assert_sorted(EVERYDAY_SERVICES.iter().copied());
    }
}
