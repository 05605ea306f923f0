//! Operations of service APIs that policies do not know: something else is checked when they are called.

/// The operation as somebody would write it, and the actions that are checked, sorted without regard to ASCII case.
pub static API_OPERATIONS: &[(&str, &[&str])] = &[
    ("apigateway:CreateRestApi", &["apigateway:POST"]),
    ("apigateway:DeleteRestApi", &["apigateway:DELETE"]),
    ("apigateway:GetRestApi", &["apigateway:GET"]),
    ("apigateway:GetRestApis", &["apigateway:GET"]),
    ("apigateway:UpdateRestApi", &["apigateway:PATCH"]),
    ("bedrock:Converse", &["bedrock:InvokeModel"]),
    ("bedrock:ConverseStream", &["bedrock:InvokeModelWithResponseStream"]),
    (
        "dynamodb:BatchExecuteStatement",
        &["dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"],
    ),
    (
        "dynamodb:ExecuteStatement",
        &["dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"],
    ),
    (
        "dynamodb:ExecuteTransaction",
        &["dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"],
    ),
    ("dynamodb:TransactGetItems", &["dynamodb:GetItem"]),
    (
        "dynamodb:TransactWriteItems",
        &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"],
    ),
    ("execute-api:DeleteConnection", &["execute-api:ManageConnections"]),
    ("execute-api:GetConnection", &["execute-api:ManageConnections"]),
    ("execute-api:PostToConnection", &["execute-api:ManageConnections"]),
    ("kms:ReEncrypt", &["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
    ("lambda:Invoke", &["lambda:InvokeFunction"]),
    ("lambda:InvokeWithResponseStream", &["lambda:InvokeFunction"]),
    ("s3:CompleteMultipartUpload", &["s3:PutObject"]),
    ("s3:CopyObject", &["s3:GetObject", "s3:PutObject"]),
    ("s3:CreateMultipartUpload", &["s3:PutObject"]),
    ("s3:DeleteBucketCors", &["s3:PutBucketCORS"]),
    ("s3:DeleteBucketTagging", &["s3:PutBucketTagging"]),
    ("s3:DeleteObjects", &["s3:DeleteObject"]),
    ("s3:GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    ("s3:GetBucketLifecycleConfiguration", &["s3:GetLifecycleConfiguration"]),
    ("s3:GetBucketNotificationConfiguration", &["s3:GetBucketNotification"]),
    ("s3:GetBucketReplication", &["s3:GetReplicationConfiguration"]),
    ("s3:GetObjectLockConfiguration", &["s3:GetBucketObjectLockConfiguration"]),
    ("s3:GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"]),
    ("s3:HeadBucket", &["s3:ListBucket"]),
    ("s3:HeadObject", &["s3:GetObject"]),
    ("s3:ListBuckets", &["s3:ListAllMyBuckets"]),
    ("s3:ListMultipartUploads", &["s3:ListBucketMultipartUploads"]),
    ("s3:ListObjects", &["s3:ListBucket"]),
    ("s3:ListObjectsV2", &["s3:ListBucket"]),
    ("s3:ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3:ListParts", &["s3:ListMultipartUploadParts"]),
    ("s3:PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:PutBucketLifecycleConfiguration", &["s3:PutLifecycleConfiguration"]),
    ("s3:PutBucketNotificationConfiguration", &["s3:PutBucketNotification"]),
    ("s3:PutBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("s3:PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    ("s3:SelectObjectContent", &["s3:GetObject"]),
    ("s3:UploadPart", &["s3:PutObject"]),
    ("s3:UploadPartCopy", &["s3:GetObject", "s3:PutObject"]),
    ("sns:PublishBatch", &["sns:Publish"]),
    ("sqs:ChangeMessageVisibilityBatch", &["sqs:ChangeMessageVisibility"]),
    ("sqs:DeleteMessageBatch", &["sqs:DeleteMessage"]),
    ("sqs:SendMessageBatch", &["sqs:SendMessage"]),
];

/// The actions that are checked in the place of an operation, case ignored.
pub fn checked_instead(operation: &str) -> Option<&'static [&'static str]> {
    super::find(API_OPERATIONS, operation, |(operation, _)| operation).map(|(_, actions)| *actions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;
    use crate::iam::tables::{assert_actions, assert_sorted};

    #[test]
    fn operations_are_sorted_and_no_actions() {
        assert_sorted(API_OPERATIONS.iter().map(|(operation, _)| *operation));
        assert_actions(API_OPERATIONS.iter().flat_map(|(_, actions)| actions.iter().copied()));
        for (operation, _) in API_OPERATIONS {
            assert!(reference().action(operation).is_none(), "{operation}");
        }
        assert_eq!(checked_instead("s3:listobjectsv2"), Some(&["s3:ListBucket"][..]));
        assert_eq!(checked_instead("s3:ListBucket"), None);
    }
}
