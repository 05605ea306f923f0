//! The addresses under which integrations call a container, and the variables that tell them to it.

/// The two kinds of integration that EventBridge calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// `awsEventBridge`
    EventBridge,
    /// `schedule`
    Schedule,
}

/// The path that is called when an integration names none.
pub fn default_path(integration: &str, caller: Caller) -> String {
    let last = match caller {
        Caller::EventBridge => "eventbridge",
        Caller::Schedule => "schedule",
    };
    format!("/v1/integrations/{integration}/{last}")
}

/// The environment variable in which the container finds the path.
pub fn path_variable(integration: &str) -> String {
    let word = integration.to_uppercase().replace(|character: char| !character.is_ascii_alphanumeric(), "_");
    format!("SERVERLESS_{word}_WEBHOOKPATH")
}

/// Whether an integration's name stands in its variable as it is, but for the case of letters.
pub fn is_variable_word(integration: &str) -> bool {
    integration.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
