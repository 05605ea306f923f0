//! SCF254 and SCF266: environments that are too large.

use std::collections::HashSet;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::fargate::TASK_DEFINITION_BYTES;
use crate::limits::lambda::ENVIRONMENT_BYTES;
use crate::model::ComputeType;
use crate::names::environment::{CONTAINER_PORT, webhook_variable};
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Reports a Lambda container whose variables take more than 4096 bytes, names and values together, with those that
    /// Slipway adds. From 3600 bytes on, it is a warning.
    ///
    /// ## Why it matters
    /// Lambda refuses a function with a larger environment. Certificates, keys and lists are what usually fills it; a program
    /// can read them from SSM or S3 when it starts.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   A: &a [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccc]
    ///   B: &b [*a, *a, *a, *a, *a, *a]
    ///   C: [*b, *b, *b, *b, *b]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   LISTS_PARAMETER: /shop/lists
    /// ```
    ///
    /// ## Source
    /// [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)
    TOO_LARGE_FOR_LAMBDA = "SCF254", "Too large for Lambda", Blocker, fix: None;

    /// ## What it does
    /// Reports a Fargate container whose variables make its task definition larger than 64 KB.
    ///
    /// ## Why it matters
    /// ECS refuses the task definition. A program can read large values from SSM or S3 when it starts.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// environment:
    ///   A: &a [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccc]
    ///   B: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    ///   C: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
    ///   D: [*c, *c, *c, *c, *c, *c]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// environment:
    ///   LISTS_PARAMETER: /shop/lists
    /// ```
    ///
    /// ## Source
    /// [ECS quotas](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html)
    TASK_DEFINITION_TOO_LARGE = "SCF266", "Task definition too large", Blocker, fix: None
}

/// From here on an environment of Lambda is nearly full.
const NEARLY_FULL: usize = 3600;
/// What a task definition holds beside the variables, about: names, roles, the image, logging, sizes.
const REST_OF_TASK_DEFINITION: usize = 1024;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let (Some(environment), Some(compute)) = (container.get(&["environment"]), container.compute_type()) else {
            continue;
        };
        if environment.is_map() {
            let variables = variables(ctx, container, compute);
            match compute {
                ComputeType::Lambda => lambda(container, environment, &variables, acc),
                ComputeType::Fargate => fargate(container, environment, &variables, acc),
            }
        }
    }
}

fn lambda(container: Container<'_>, environment: Value<'_>, variables: &[(String, String)], acc: &mut Vec<Diagnostic>) {
    let size: usize = variables.iter().map(|(name, value)| name.len() + value.len()).sum();
    let severity = match size {
        0..NEARLY_FULL => return,
        NEARLY_FULL..=ENVIRONMENT_BYTES => Severity::Warning,
        _ => Severity::Blocker,
    };
    let message = format!(
        "The variables of `{}` take at least {size} bytes with those that Slipway adds, and a function on Lambda can have \
         {ENVIRONMENT_BYTES}. Let the program read large values when it starts, from SSM for instance.",
        container.name
    );
    acc.push(TOO_LARGE_FOR_LAMBDA.at(environment.key_place(), message).severity(severity));
}

fn fargate(
    container: Container<'_>,
    environment: Value<'_>,
    variables: &[(String, String)],
    acc: &mut Vec<Diagnostic>,
) {
    let quoted = |text: &str| serde_json::Value::from(text).to_string().len();
    let entry = |(name, value): &(String, String)| r#"{"name":,"value":},"#.len() + quoted(name) + quoted(value);
    let size = REST_OF_TASK_DEFINITION + variables.iter().map(entry).sum::<usize>();
    if size > TASK_DEFINITION_BYTES {
        let message = format!(
            "With its variables, the task definition of `{}` takes about {} KB, and ECS takes {} KB. Let the program read large \
             values when it starts, from SSM for instance.",
            container.name,
            size.div_ceil(1024),
            TASK_DEFINITION_BYTES / 1024
        );
        acc.push(TASK_DEFINITION_TOO_LARGE.at(environment.key_place(), message));
    }
}

/// The variables that a deployed container gets, as far as they are known: those of the file, and those that the engine
/// adds.
fn variables(ctx: &RuleContext<'_>, container: Container<'_>, compute: ComputeType) -> Vec<(String, String)> {
    let own = container.environment().map(|(name, value)| (name.to_owned(), value.env_text().unwrap_or_default()));
    let mut variables: Vec<(String, String)> = own.collect();
    let names: HashSet<&str> = container.environment().map(|(name, _)| name).collect();
    let mut add = |name: &str, value: &str| {
        if !names.contains(name) {
            variables.push((name.to_owned(), value.to_owned()));
        }
    };
    add("SERVERLESS_NAMESPACE", ctx.name().unwrap_or_default());
    add("SERVERLESS_STAGE", ctx.stage());
    add("SERVERLESS_CONTAINER_NAME", container.name);
    add("SERVERLESS_COMPUTE_TYPE", compute.name());
    add("SERVERLESS_ROUTING_PATH_PATTERN", container.path_pattern().unwrap_or_default());
    add("SERVERLESS_LOCAL", "false");
    add("PORT", &CONTAINER_PORT.to_string());
    add("TERM", "xterm-256color");
    if compute == ComputeType::Lambda {
        add("AWS_LWA_INVOKE_MODE", "response_stream");
    }
    for (key, integration) in container.get(&["integrations"]).into_iter().flat_map(Value::entries) {
        let kind = match integration.get("type").and_then(Value::as_str) {
            Some("awsEventBridge") => "eventbridge",
            Some("schedule") => "schedule",
            _ => continue,
        };
        let path = integration.get("webhookPath").map(|path| path.as_str().unwrap_or_default().to_owned());
        add(&webhook_variable(key), &path.unwrap_or_else(|| format!("/v1/integrations/{key}/{kind}")));
    }
    variables
}
