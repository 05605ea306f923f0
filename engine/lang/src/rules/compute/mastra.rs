//! SCF140: an application framework that does not work on Lambda with Slack.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::inputs::normalize_path;
use crate::model::ComputeType;
use crate::rules::package_json::PackageJson;
use crate::rules::{Container, RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a Lambda container with a Slack integration whose `package.json` depends on Mastra.
    ///
    /// ## Why it matters
    /// The framework's Slack support keeps working after it has answered, which a Lambda function cannot. The original tool
    /// refuses to deploy the combination.
    ///
    /// ## Example
    /// ```json api/package.json
    /// {"main": "index.js", "dependencies": {"@mastra/core": "^0.10.0"}}
    /// ```
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// integrations:
    ///   assistant:
    ///     type: slack
    ///     name: Assistant
    /// ```
    ///
    /// ## Use instead
    /// ```json api/package.json
    /// {"main": "index.js", "dependencies": {"@mastra/core": "^0.10.0"}}
    /// ```
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// integrations:
    ///   assistant:
    ///     type: slack
    ///     name: Assistant
    /// ```
    UNSUPPORTED_COMBINATION = "SCF140", "Unsupported combination", Blocker, fix: Unsafe
}

const PACKAGES: &[&str] = &["@mastra/core", "mastra"];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(files) = ctx.files() else { return };
    for container in ctx.containers().filter(|container| container.compute_type() == Some(ComputeType::Lambda)) {
        let Some((slack, src)) = slack(container).zip(container.src()) else { continue };
        let Some(package) = PackageJson::read(files, &normalize_path(src)) else { continue };
        let Some(name) = PACKAGES.iter().find(|name| package.depends_on(name)) else { continue };
        let message = format!(
            "`{src}/package.json` depends on `{name}`, whose Slack integration does not work on Lambda. Run the container on \
             Fargate, or remove the integration.",
            src = src.trim_end_matches('/')
        );
        let kind = container.get(&["compute", "type"]).filter(|_| container.lambda().is_none());
        let edits = kind.and_then(|kind| edits::replace(ctx, kind, Literal::Text(ComputeType::Fargate.name())));
        let fix = edits.map(|edits| Fix::suggestion("Run the container on Fargate", edits));
        acc.push(UNSUPPORTED_COMBINATION.at(slack.key_place(), message).fix(fix));
    }
}

/// The container's Slack integration.
fn slack(container: Container<'_>) -> Option<Value<'_>> {
    let integrations = container.get(&["integrations"])?.entries().map(|(_, integration)| integration);
    integrations.into_iter().find(|each| each.get("type").and_then(Value::as_str) == Some("slack"))
}
