//! Actions with which a role can gain what it was not given.

/// Actions that lead to more permissions when one role has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The name of the path: `iam-x…` and `ecs-006` are ours, the others are published ones.
    pub id: &'static str,
    /// The actions that are needed together.
    pub actions: &'static [&'static str],
    /// The service that takes on the passed role, for the paths that pass one. A condition on `iam:PassedToService` that leaves
    /// it out closes the path.
    pub principal: Option<&'static str>,
}

/// The paths, sorted by id.
pub static ESCALATIONS: &[Escalation] = &[
    Escalation {
        id: "apprunner-001",
        actions: &["iam:PassRole", "apprunner:CreateService"],
        principal: Some("tasks.apprunner.amazonaws.com"),
    },
    Escalation { id: "apprunner-002", actions: &["apprunner:UpdateService"], principal: None },
    Escalation {
        id: "bedrock-001",
        actions: &[
            "iam:PassRole",
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ],
        principal: Some("bedrock-agentcore.amazonaws.com"),
    },
    Escalation {
        id: "bedrock-002",
        actions: &["bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"],
        principal: None,
    },
    Escalation {
        id: "cloudformation-001",
        actions: &["iam:PassRole", "cloudformation:CreateStack"],
        principal: Some("cloudformation.amazonaws.com"),
    },
    Escalation { id: "cloudformation-002", actions: &["cloudformation:UpdateStack"], principal: None },
    Escalation {
        id: "cloudformation-003",
        actions: &["iam:PassRole", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"],
        principal: Some("cloudformation.amazonaws.com"),
    },
    Escalation {
        id: "cloudformation-004",
        actions: &["iam:PassRole", "cloudformation:UpdateStackSet"],
        principal: Some("cloudformation.amazonaws.com"),
    },
    Escalation {
        id: "cloudformation-005",
        actions: &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
        principal: None,
    },
    Escalation {
        id: "codebuild-001",
        actions: &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
        principal: Some("codebuild.amazonaws.com"),
    },
    Escalation { id: "codebuild-002", actions: &["codebuild:StartBuild"], principal: None },
    Escalation { id: "codebuild-003", actions: &["codebuild:StartBuildBatch"], principal: None },
    Escalation {
        id: "codebuild-004",
        actions: &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"],
        principal: Some("codebuild.amazonaws.com"),
    },
    Escalation {
        id: "datapipeline-001",
        actions: &[
            "iam:PassRole",
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
        principal: Some("datapipeline.amazonaws.com"),
    },
    Escalation { id: "ec2-001", actions: &["iam:PassRole", "ec2:RunInstances"], principal: Some("ec2.amazonaws.com") },
    Escalation {
        id: "ec2-002",
        actions: &["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"],
        principal: None,
    },
    Escalation {
        id: "ec2-003",
        actions: &["iam:PassRole", "ec2:RequestSpotInstances"],
        principal: Some("ec2.amazonaws.com"),
    },
    Escalation {
        id: "ec2-004",
        actions: &["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
        principal: None,
    },
    Escalation {
        id: "ec2instanceconnect-003",
        actions: &["ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"],
        principal: None,
    },
    Escalation {
        id: "ecs-001",
        actions: &["iam:PassRole", "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:CreateService"],
        principal: Some("ecs-tasks.amazonaws.com"),
    },
    Escalation {
        id: "ecs-002",
        actions: &["iam:PassRole", "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
        principal: Some("ecs-tasks.amazonaws.com"),
    },
    Escalation {
        id: "ecs-003",
        actions: &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"],
        principal: Some("ecs-tasks.amazonaws.com"),
    },
    Escalation {
        id: "ecs-004",
        actions: &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
        principal: Some("ecs-tasks.amazonaws.com"),
    },
    Escalation {
        id: "ecs-005",
        actions: &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:StartTask"],
        principal: Some("ecs-tasks.amazonaws.com"),
    },
    Escalation { id: "ecs-006", actions: &["ecs:ExecuteCommand", "ecs:DescribeTasks"], principal: None },
    Escalation {
        id: "glue-001",
        actions: &["iam:PassRole", "glue:CreateDevEndpoint"],
        principal: Some("glue.amazonaws.com"),
    },
    Escalation { id: "glue-002", actions: &["glue:UpdateDevEndpoint"], principal: None },
    Escalation {
        id: "glue-003",
        actions: &["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
        principal: Some("glue.amazonaws.com"),
    },
    Escalation {
        id: "glue-004",
        actions: &["iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"],
        principal: Some("glue.amazonaws.com"),
    },
    Escalation {
        id: "glue-005",
        actions: &["iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"],
        principal: Some("glue.amazonaws.com"),
    },
    Escalation {
        id: "glue-006",
        actions: &["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"],
        principal: Some("glue.amazonaws.com"),
    },
    Escalation { id: "iam-001", actions: &["iam:CreatePolicyVersion"], principal: None },
    Escalation { id: "iam-002", actions: &["iam:CreateAccessKey"], principal: None },
    Escalation { id: "iam-003", actions: &["iam:CreateAccessKey", "iam:DeleteAccessKey"], principal: None },
    Escalation { id: "iam-004", actions: &["iam:CreateLoginProfile"], principal: None },
    Escalation { id: "iam-005", actions: &["iam:PutRolePolicy"], principal: None },
    Escalation { id: "iam-006", actions: &["iam:UpdateLoginProfile"], principal: None },
    Escalation { id: "iam-007", actions: &["iam:PutUserPolicy"], principal: None },
    Escalation { id: "iam-008", actions: &["iam:AttachUserPolicy"], principal: None },
    Escalation { id: "iam-009", actions: &["iam:AttachRolePolicy"], principal: None },
    Escalation { id: "iam-010", actions: &["iam:AttachGroupPolicy"], principal: None },
    Escalation { id: "iam-011", actions: &["iam:PutGroupPolicy"], principal: None },
    Escalation { id: "iam-012", actions: &["iam:UpdateAssumeRolePolicy"], principal: None },
    Escalation { id: "iam-013", actions: &["iam:AddUserToGroup"], principal: None },
    Escalation { id: "iam-014", actions: &["iam:AttachRolePolicy", "sts:AssumeRole"], principal: None },
    Escalation { id: "iam-015", actions: &["iam:AttachUserPolicy", "iam:CreateAccessKey"], principal: None },
    Escalation { id: "iam-016", actions: &["iam:CreatePolicyVersion", "sts:AssumeRole"], principal: None },
    Escalation { id: "iam-017", actions: &["iam:PutRolePolicy", "sts:AssumeRole"], principal: None },
    Escalation { id: "iam-018", actions: &["iam:PutUserPolicy", "iam:CreateAccessKey"], principal: None },
    Escalation { id: "iam-019", actions: &["iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"], principal: None },
    Escalation { id: "iam-020", actions: &["iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"], principal: None },
    Escalation { id: "iam-021", actions: &["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], principal: None },
    Escalation { id: "iam-x01", actions: &["iam:SetDefaultPolicyVersion"], principal: None },
    Escalation { id: "iam-x02", actions: &["iam:PutRolePermissionsBoundary"], principal: None },
    Escalation { id: "iam-x03", actions: &["iam:DeleteRolePermissionsBoundary"], principal: None },
    Escalation {
        id: "lambda-001",
        actions: &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        principal: Some("lambda.amazonaws.com"),
    },
    Escalation {
        id: "lambda-002",
        actions: &["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
        principal: Some("lambda.amazonaws.com"),
    },
    Escalation { id: "lambda-003", actions: &["lambda:UpdateFunctionCode"], principal: None },
    Escalation { id: "lambda-004", actions: &["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], principal: None },
    Escalation { id: "lambda-005", actions: &["lambda:UpdateFunctionCode", "lambda:AddPermission"], principal: None },
    Escalation {
        id: "lambda-006",
        actions: &["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"],
        principal: Some("lambda.amazonaws.com"),
    },
    Escalation {
        id: "sagemaker-001",
        actions: &["iam:PassRole", "sagemaker:CreateNotebookInstance"],
        principal: Some("sagemaker.amazonaws.com"),
    },
    Escalation {
        id: "sagemaker-002",
        actions: &["iam:PassRole", "sagemaker:CreateTrainingJob"],
        principal: Some("sagemaker.amazonaws.com"),
    },
    Escalation {
        id: "sagemaker-003",
        actions: &["iam:PassRole", "sagemaker:CreateProcessingJob"],
        principal: Some("sagemaker.amazonaws.com"),
    },
    Escalation { id: "sagemaker-004", actions: &["sagemaker:CreatePresignedNotebookInstanceUrl"], principal: None },
    Escalation {
        id: "sagemaker-005",
        actions: &[
            "sagemaker:CreateNotebookInstanceLifecycleConfig",
            "sagemaker:StopNotebookInstance",
            "sagemaker:UpdateNotebookInstance",
            "sagemaker:StartNotebookInstance",
        ],
        principal: None,
    },
    Escalation { id: "ssm-001", actions: &["ssm:StartSession"], principal: None },
    Escalation { id: "ssm-002", actions: &["ssm:SendCommand"], principal: None },
    Escalation { id: "sts-001", actions: &["sts:AssumeRole"], principal: None },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::tables::{assert_actions, assert_sorted};

    #[test]
    fn paths_are_sorted_and_their_actions_known() {
        assert_sorted(ESCALATIONS.iter().map(|path| path.id));
        assert_actions(ESCALATIONS.iter().flat_map(|path| path.actions.iter().copied()));
    }

    #[test]
    fn paths_that_pass_a_role_name_who_takes_it() {
        for path in ESCALATIONS {
            assert_eq!(path.actions.contains(&"iam:PassRole"), path.principal.is_some(), "{}", path.id);
        }
    }
}
