//! SCF216 to SCF219, SCF235: the health-check path.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::limits::alb;
use crate::model::ComputeType;
use crate::routing::health::default_path;
use crate::rules::edits;
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Reports a health-check path that does not start with `/`.
    ///
    /// ## Why it matters
    /// The load balancer refuses it when the container is deployed.
    ///
    /// ## Example
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*, pathHealthCheck: health}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*, pathHealthCheck: /health}
    /// ```
    ///
    /// ## Source
    /// [CreateTargetGroup](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)
    SYNTAX = "SCF216", "Health path syntax", Blocker, fix: Safe;

    /// ## What it does
    /// Reports a health-check path with a wildcard, a blank or a fragment, or of more than 1024 characters.
    ///
    /// ## Why it matters
    /// The path is asked for as it stands: it is no pattern.
    ///
    /// ## Example
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*, pathHealthCheck: /health*}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*, pathHealthCheck: /health}
    /// ```
    ///
    /// ## Source
    /// [CreateTargetGroup](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)
    CONTENT = "SCF217", "Health path content", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a Fargate container that does not say which path tells that it is well.
    ///
    /// ## Why it matters
    /// The pattern up to its first wildcard is asked for, every 30 seconds. Any answer but 200, a redirect included, and the task
    /// is replaced again and again.
    ///
    /// ## Example
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /api/*}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /api/*, pathHealthCheck: /api/health}
    /// ```
    NOT_SET = "SCF218", "Health path not set", Warning, fix: Unsafe;

    /// ## What it does
    /// Says that a Lambda container's health-check path is not used.
    ///
    /// ## Why it matters
    /// Nothing checks a function's health. The key does no harm, and serves again when the container moves to Fargate.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, pathHealthCheck: /health}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*}
    /// ```
    UNUSED = "SCF219", "Health path unused", Info, fix: Unsafe;

    /// ## What it does
    /// Points out a Fargate container that is asked for `/` and uses an application that answers `/` with a redirect.
    ///
    /// ## Why it matters
    /// The health check takes 200 only, so the task is replaced again and again.
    ///
    /// ## Example
    /// ```json api/package.json
    /// {"dependencies": {"directus": "^11.0.0"}}
    /// ```
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*}
    /// ```
    ///
    /// ## Use instead
    /// ```json api/package.json
    /// {"dependencies": {"directus": "^11.0.0"}}
    /// ```
    /// ```yaml container
    /// compute: {type: awsFargateEcs}
    /// routing: {pathPattern: /*, pathHealthCheck: /server/health}
    /// ```
    MAY_REDIRECT = "SCF235", "Default health path may redirect", Info, fix: None
}

/// Applications that answer `/` with a redirect to their own start page, by the package that brings them.
const REDIRECTING: &[&str] = &[
    "directus",
    "@strapi/strapi",
    "@keystone-6/core",
    "n8n",
    "nocodb",
    "apache-superset",
    "apache-airflow",
    "mlflow",
    "wagtail",
];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        match (container.get(&["routing", "pathHealthCheck"]), container.compute_type()) {
            (Some(value), Some(ComputeType::Lambda)) => {
                let message = "Nothing checks the health of a Lambda function, so this path is not used.";
                let edits = edits::remove(ctx, value);
                let fix = edits.map(|edits| Fix::suggestion("Remove `pathHealthCheck`", edits));
                acc.push(UNUSED.at(value.key_place(), message).unnecessary().fix(fix));
                check_path(ctx, value, acc);
            }
            (Some(value), _) => check_path(ctx, value, acc),
            (None, Some(ComputeType::Fargate)) => check_default(ctx, container, acc),
            (None, _) => {}
        }
    }
}

fn check_path(ctx: &RuleContext<'_>, value: Value<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(path) = value.as_str() else { return };
    if !path.starts_with('/') {
        let message = format!("`{path}` must start with `/`, or the load balancer refuses it.");
        let instead = format!("/{path}");
        let fix = (!path.contains("://")).then(|| edits::replace(ctx, value, Literal::Text(&instead))).flatten();
        let fix = fix.map(|edits| Fix::safe(format!("Use `{instead}`"), edits));
        acc.push(SYNTAX.at(value, message).fix(fix));
    } else if path.len() > alb::HEALTH_PATH_LENGTH {
        let message =
            format!("The path has {} characters, but a health check takes {}.", path.len(), alb::HEALTH_PATH_LENGTH);
        acc.push(CONTENT.at(value, message));
    } else if let Some(wrong) =
        path.chars().find(|character| character.is_whitespace() || matches!(character, '*' | '#'))
    {
        let message =
            format!("A health-check path is asked for as it stands and may not hold `{wrong}`; it is no pattern.");
        let instead = path
            .split(|character: char| character.is_whitespace() || matches!(character, '*' | '#'))
            .next()
            .unwrap_or("/");
        let instead = if instead.len() > 1 { instead.trim_end_matches('/') } else { "/" };
        let edits = edits::replace(ctx, value, Literal::Text(instead));
        acc.push(CONTENT.at(value, message).fix(edits.map(|edits| Fix::suggestion(format!("Use `{instead}`"), edits))));
    }
}

fn check_default(ctx: &RuleContext<'_>, container: Container<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(routing) = container.get(&["routing"]).filter(|routing| routing.is_map()) else { return };
    let Some(pattern) = container.path_pattern().filter(|pattern| pattern.starts_with('/')) else { return };
    let path = default_path(pattern);
    let proposal = if path == "/" { "/health".to_owned() } else { format!("{path}/health") };
    let message = format!(
        "The load balancer asks for `{path}` every 30 seconds and takes only the answer 200. Name a path that is meant for it in \
         `pathHealthCheck`."
    );
    let edits = edits::add_entry(ctx, routing, "pathHealthCheck", &proposal);
    let fix = edits.map(|edits| Fix::suggestion(format!("Add `pathHealthCheck: {proposal}`"), edits));
    acc.push(NOT_SET.at(routing.missing_place("pathHealthCheck"), message).fix(fix));
    if path == "/"
        && let Some(package) = redirecting_package(ctx, container)
    {
        let message = format!(
            "`{package}` answers `/` with a redirect, which the health check does not take. Set `pathHealthCheck`."
        );
        acc.push(MAY_REDIRECT.at(routing.missing_place("pathHealthCheck"), message));
    }
}

fn redirecting_package(ctx: &RuleContext<'_>, container: Container<'_>) -> Option<&'static str> {
    let (files, src) = (ctx.files()?, container.src()?);
    let node = files
        .read(&format!("{src}/package.json"))
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let python = files.read(&format!("{src}/requirements.txt")).unwrap_or_default();
    let required = |line: &str, package: &str| {
        line.trim()
            .strip_prefix(package)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
    };
    REDIRECTING.iter().copied().find(|package| {
        node.as_ref().is_some_and(|node| node["dependencies"][*package].is_string())
            || python.lines().any(|line| required(line, package))
    })
}
