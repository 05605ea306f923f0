//! Names of the environment variables that the engine gives to containers.

/// The port on which every container is asked, deployed and in development.
pub const CONTAINER_PORT: u16 = 8080;

/// When a container gets a variable from the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Always.
    Always,
    /// When it runs on Lambda.
    OnLambda,
    /// When it has such an integration, or the project has such an app.
    WithIntegration,
    /// When a role for it can be assumed.
    WithRole,
    /// Never.
    Never,
}

/// A variable that the engine gives to containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineVariable {
    /// Its name.
    pub name: &'static str,
    /// What it holds, in words.
    pub value: &'static str,
    /// When a deployed container gets it.
    pub deployed: Given,
    /// When a container gets it on the developer's machine.
    pub dev: Given,
    /// Whether the container's own `environment` can replace it.
    pub can_be_replaced: bool,
}

/// All variables with a fixed name.
pub const ENGINE_VARIABLES: &[EngineVariable] = {
    const fn variable(name: &'static str, value: &'static str, deployed: Given, dev: Given) -> EngineVariable {
        EngineVariable { name, value, deployed, dev, can_be_replaced: true }
    }
    use Given::{Always, Never, OnLambda, WithIntegration, WithRole};
    &[
        variable("SERVERLESS_NAMESPACE", "the project's `name`", Always, Always),
        variable("SERVERLESS_STAGE", "the stage", Always, Always),
        variable("SERVERLESS_CONTAINER_NAME", "the container's key", Always, Always),
        variable("SERVERLESS_COMPUTE_TYPE", "`awsLambda` or `awsFargateEcs`", Always, Always),
        variable("SERVERLESS_ROUTING_PATH_PATTERN", "the container's `routing.pathPattern`", Always, Always),
        variable("SERVERLESS_LOCAL", "`true` on the developer's machine, else `false`", Always, Always),
        variable("SERVERLESS_LOCAL_PROXY_PORT", "the port of the local proxy", Never, Always),
        // The original tool sets it in development alone; what listens on it then fails once deployed.
        variable("PORT", "`8080`", Always, Always),
        variable("AWS_LWA_INVOKE_MODE", "how the Lambda web adapter answers", OnLambda, OnLambda),
        variable("AWS_LWA_PORT", "`8080`", OnLambda, Never),
        variable("SLACK_APP_TOKEN", "the Slack app's token, from the deployer's environment", WithIntegration, Never),
        variable("SLACK_BOT_TOKEN", "the Slack bot's token, from the deployer's environment", WithIntegration, Never),
        variable(
            "SLACK_SIGNING_SECRET",
            "the Slack app's secret, from the deployer's environment",
            WithIntegration,
            Never,
        ),
        EngineVariable { can_be_replaced: false, ..variable("TERM", "`xterm-256color`", Always, Always) },
        variable("AWS_ACCESS_KEY_ID", "credentials of the container's role", Never, WithRole),
        variable("AWS_SECRET_ACCESS_KEY", "credentials of the container's role", Never, WithRole),
        variable("AWS_SESSION_TOKEN", "credentials of the container's role", Never, WithRole),
    ]
};

/// The variable of this name that the engine gives to containers, if there is one with a fixed name.
pub fn engine_variable(name: &str) -> Option<&'static EngineVariable> {
    ENGINE_VARIABLES.iter().find(|variable| variable.name == name)
}

/// The variable that holds the path of an integration's webhook. What may not stand in a variable of Lambda becomes `_`.
pub fn webhook_variable(integration: &str) -> String {
    of_integration(&portable(integration), "WEBHOOKPATH")
}

/// The variable that holds the secret by which an integration's calls are known.
pub fn webhook_secret_variable(integration: &str) -> String {
    of_integration(&portable(integration), "WEBHOOKSECRET")
}

/// The variable that the original tool puts the path in: the key in upper case, everything else as it is. It differs
/// from [`webhook_variable`] where Lambda would refuse it.
pub fn original_webhook_variable(integration: &str) -> String {
    of_integration(&integration.to_uppercase(), "WEBHOOKPATH")
}

fn of_integration(integration: &str, what: &str) -> String {
    format!("SERVERLESS_{integration}_{what}")
}

fn portable(integration: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric();
    integration.to_uppercase().chars().map(|character| if is_word(character) { character } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrations_have_variables() {
        for (key, own, original) in [
            ("cleanup", "SERVERLESS_CLEANUP_WEBHOOKPATH", "SERVERLESS_CLEANUP_WEBHOOKPATH"),
            ("daily_Cleanup2", "SERVERLESS_DAILY_CLEANUP2_WEBHOOKPATH", "SERVERLESS_DAILY_CLEANUP2_WEBHOOKPATH"),
            ("daily-cleanup", "SERVERLESS_DAILY_CLEANUP_WEBHOOKPATH", "SERVERLESS_DAILY-CLEANUP_WEBHOOKPATH"),
            ("a.b", "SERVERLESS_A_B_WEBHOOKPATH", "SERVERLESS_A.B_WEBHOOKPATH"),
            ("straße", "SERVERLESS_STRASSE_WEBHOOKPATH", "SERVERLESS_STRASSE_WEBHOOKPATH"),
            ("", "SERVERLESS__WEBHOOKPATH", "SERVERLESS__WEBHOOKPATH"),
        ] {
            assert_eq!(webhook_variable(key), own);
            assert_eq!(original_webhook_variable(key), original);
        }
        assert_eq!(webhook_secret_variable("daily-cleanup"), "SERVERLESS_DAILY_CLEANUP_WEBHOOKSECRET");
    }

    #[test]
    fn variables_are_found_by_name() {
        assert_eq!(ENGINE_VARIABLES.len(), 17);
        let term = engine_variable("TERM").unwrap();
        assert!(!term.can_be_replaced);
        let port = engine_variable("PORT").unwrap();
        assert_eq!((port.deployed, port.dev, port.can_be_replaced), (Given::Always, Given::Always, true));
        assert_eq!(engine_variable("SERVERLESS_LOCAL_PROXY_PORT").unwrap().deployed, Given::Never);
        assert_eq!(engine_variable("PATH"), None);
    }
}
