//! What every container may do anyway, by the managed policies that are always attached to its role.

/// The actions, sorted without regard to ASCII case.
pub static DEFAULT_GRANTS: &[&str] = &[
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:UnassignPrivateIpAddresses",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::tables::{assert_actions, assert_sorted};

    #[test]
    fn names_are_sorted_and_known() {
        assert_sorted(DEFAULT_GRANTS.iter().copied());
        assert_actions(DEFAULT_GRANTS.iter().copied());
    }
}
