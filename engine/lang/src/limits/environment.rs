//! Environment variables of Lambda functions.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

/// Names that Lambda keeps for itself: a function that sets one is refused. `TZ`, which older pages list, can be set.
pub const RESERVED: [&str; 18] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

/// Whether Lambda keeps a name for itself.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

/// Whether Lambda takes a name: a letter, then at least one letter, digit or `_`.
pub fn is_lambda_name(name: &str) -> bool {
    name.len() >= 2
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names_are_known() {
        assert!(RESERVED.is_sorted());
        assert!(is_reserved("AWS_REGION") && is_reserved("_HANDLER") && is_reserved("LAMBDA_TASK_ROOT"));
        assert!(!is_reserved("aws_region") && !is_reserved("TZ") && !is_reserved("AWS_LWA_PORT") && !is_reserved(""));
    }

    #[test]
    fn names_have_a_form() {
        for (name, expected) in [
            ("MY_VAR", true),
            ("a1", true),
            ("A_", true),
            ("A", false),
            ("_A", false),
            ("1A", false),
            ("MY-VAR", false),
            ("É1", false),
            ("", false),
        ] {
            assert_eq!(is_lambda_name(name), expected, "{name}");
        }
    }
}
