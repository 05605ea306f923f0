//! The addresses under which integrations call a container.

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
