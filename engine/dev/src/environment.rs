//! The variables that a container gets on the developer's machine.

use std::collections::BTreeMap;

use slipway_lang::names::environment::webhook_variable;
use slipway_lang::service::{Compute, Service};

/// What a session knows that variables tell.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// `name` of the project.
    pub(crate) project: String,
    /// The stage.
    pub(crate) stage: String,
    /// The region.
    pub(crate) region: String,
    /// The port of the balancer.
    pub(crate) proxy_port: u16,
    /// Whether functions may stream their answers: not behind a load balancer, unless the original tool's failure there is to
    /// be seen.
    pub(crate) streams: bool,
}

/// All variables of a container but `PORT`, which the runtime gives unless the container has its own.
pub(crate) fn of(service: &Service, facts: &Facts) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut set = |name: &str, value: &str| _ = all.insert(name.to_owned(), value.to_owned());
    set("SERVERLESS_NAMESPACE", &facts.project);
    set("SERVERLESS_STAGE", &facts.stage);
    set("SERVERLESS_CONTAINER_NAME", &service.name);
    set("SERVERLESS_COMPUTE_TYPE", service.route.compute.name());
    set("SERVERLESS_ROUTING_PATH_PATTERN", &service.route.path_pattern);
    set("SERVERLESS_LOCAL", "true");
    set("SERVERLESS_LOCAL_PROXY_PORT", &facts.proxy_port.to_string());
    set("AWS_REGION", &facts.region);
    set("AWS_DEFAULT_REGION", &facts.region);
    if matches!(service.compute, Compute::Lambda { .. }) {
        set("AWS_LWA_INVOKE_MODE", if facts.streams { "response_stream" } else { "buffered" });
    }
    for integration in &service.integrations {
        set(&webhook_variable(&integration.name), &integration.path);
    }
    all.extend(service.environment.clone());
    all.insert("TERM".to_owned(), "xterm-256color".to_owned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_lang::{inputs::Inputs, rules::RuleContext, yaml::Document};

    #[test]
    fn the_files_own_variables_come_over_the_engines() {
        let text = "containers:
  api:
    src: .
    routing: {pathPattern: /api/*}
    compute: {type: awsLambda}
    environment: {SERVERLESS_STAGE: mine, TERM: mine, PORT: 3000}
    integrations: {nightly-run: {type: schedule, schedule: rate(1 day)}}
";
        let document = Document::new(text.to_owned());
        let inputs = Inputs::default();
        let config = slipway_lang::analyze(&document, &inputs).config;
        let service = Service::all(&RuleContext::new(&document, &config, &inputs)).remove(0).unwrap();
        let facts = Facts {
            project: "shop".into(),
            stage: "dev".into(),
            region: "eu-west-1".into(),
            proxy_port: 3000,
            streams: true,
        };
        let all = of(&service, &facts);
        for (name, value) in [
            ("SERVERLESS_NAMESPACE", "shop"),
            ("SERVERLESS_STAGE", "mine"),
            ("SERVERLESS_COMPUTE_TYPE", "awsLambda"),
            ("SERVERLESS_ROUTING_PATH_PATTERN", "/api/*"),
            ("SERVERLESS_LOCAL", "true"),
            ("SERVERLESS_LOCAL_PROXY_PORT", "3000"),
            ("SERVERLESS_NIGHTLY_RUN_WEBHOOKPATH", "/v1/integrations/nightly-run/schedule"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_LWA_INVOKE_MODE", "response_stream"),
            ("TERM", "xterm-256color"),
            ("PORT", "3000"),
        ] {
            assert_eq!(all.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(!all.keys().any(|name| name.starts_with("AWS_ACCESS")));
    }
}
