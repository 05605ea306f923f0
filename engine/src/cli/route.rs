//! `slipway route`: which container answers a request, and why the others do not.

use serde::Serialize;
use slipway_lang::model::DeploymentType;
use slipway_lang::routing::{Answer, Decision, Origin, Profile, Request, Route, Table};
use slipway_lang::rules::{Container, RuleContext};
use slipway_lang::yaml::Document;

use super::args::{Global, RouteArgs};
use super::output::{Output, visible};
use crate::error::{Error, Exit};
use crate::project::{config_of, named_config, read_config};
use slipway_project::{Project, display_path, split_path};

/// Prints who answers the request in each routing profile.
pub(crate) fn run(global: &Global, args: &RouteArgs, output: &mut Output) -> Result<Exit, Error> {
    let request = Request::parse(&args.method, &args.url)
        .map_err(|error| Error::usage(error.to_string()).help("For example: `slipway route GET /api/users`."))?;
    let path = match &global.config {
        Some(config) => named_config(config)?,
        None => config_of(std::path::Path::new("."))?,
    };
    let (folder, name) = split_path(&path);
    let project = Project::open(&folder, name, &global.settings(true));
    let inputs = project.inputs();
    let document = Document::new(read_config(&path)?.text);
    let analysis = slipway_lang::analyze(&document, &inputs);
    let ctx = RuleContext::new(&document, &analysis.config, &inputs);
    let (routes, unknown) = routes(&ctx);
    if routes.is_empty() && unknown.is_empty() {
        return Err(Error::failed(format!("{} has no container, so nothing answers", display_path(&path)))
            .help("`slipway check` says what the file lacks."));
    }
    let deployment = ctx.deployment_type();
    let tables: Vec<Table> = Profile::ALL.map(|profile| Table::new(routes.clone(), profile)).into();
    let decisions = tables.iter().map(|table| (table.profile(), table.decide(&request)));
    let answers = Answers { args, request, deployment, decisions: decisions.collect(), unknown };
    output.result(&if global.json { as_json(&answers) } else { told(&answers, &path) })?;
    Ok(Exit::Success)
}

/// What the request meets, profile by profile.
struct Answers<'a> {
    args: &'a RouteArgs,
    request: Request<'a>,
    deployment: Option<DeploymentType>,
    decisions: Vec<(Profile, Decision<'a>)>,
    /// Containers whose route is not known.
    unknown: Vec<&'a str>,
}

/// The routes that the file gives, in its order, and the containers whose route it does not give.
fn routes<'a>(ctx: &RuleContext<'a>) -> (Vec<Route>, Vec<&'a str>) {
    let (mut routes, mut unknown) = (Vec::new(), Vec::new());
    for container in ctx.containers() {
        match route(container) {
            Some(route) => routes.push(route),
            None => unknown.push(container.name),
        }
    }
    (routes, unknown)
}

fn route(container: Container<'_>) -> Option<Route> {
    let domain = match container.get(&["routing", "domain"]) {
        Some(domain) => Some(domain.as_str()?.to_owned()),
        None => None,
    };
    Some(Route {
        container: container.name.to_owned(),
        domain,
        path_pattern: container.path_pattern()?.to_owned(),
        compute: container.compute_type()?,
    })
}

/// Whether a profile is about deployments of this type. The development proxy serves both; a file that names no type
/// counts as the newer one.
fn applies(profile: Profile, deployment: Option<DeploymentType>) -> bool {
    match profile {
        Profile::Slipway | Profile::Edge => deployment != Some(DeploymentType::AwsApi),
        Profile::SlipwayApi | Profile::Alb => deployment == Some(DeploymentType::AwsApi),
        Profile::Devproxy => true,
    }
}

fn description(profile: Profile) -> &'static str {
    match profile {
        Profile::Slipway => "deployed by Slipway as aws@1.0",
        Profile::SlipwayApi => "deployed by Slipway as awsApi@1.0",
        Profile::Edge => "deployed by the original tool as aws@1.0",
        Profile::Alb => "deployed by the original tool as awsApi@1.0",
        Profile::Devproxy => "in the original tool's development mode",
    }
}

/// The profiles of this deployment type with every reason, the others in one line.
fn told(answers: &Answers<'_>, path: &std::path::Path) -> String {
    let mut text = format!("{} {}, by {}\n", answers.args.method, answers.args.url, display_path(path));
    let (own, other): (Vec<_>, Vec<_>) =
        answers.decisions.iter().partition(|(profile, _)| applies(*profile, answers.deployment));
    for (profile, decision) in own {
        text.push_str(&format!("\n{profile}: {}\n  {decision}\n", description(*profile)));
        for loser in &decision.losers {
            text.push_str(&format!("  - {loser}\n"));
        }
    }
    if !answers.unknown.is_empty() {
        text.push_str(&format!(
            "\nNot considered, because the file does not say where they stand: {}. `slipway check` says why.\n",
            answers.unknown.join(", ")
        ));
    }
    text.push_str("\nWith the other deployment type:\n");
    for (profile, decision) in other {
        text.push_str(&format!("  {profile}: {decision}\n"));
    }
    visible(&text).into_owned()
}

fn as_json(answers: &Answers<'_>) -> String {
    let profiles = answers.decisions.iter().map(|(profile, decision)| JsonProfile::of(*profile, decision, answers));
    let document = JsonAnswers {
        version: 1,
        method: &answers.args.method,
        url: &answers.args.url,
        host: answers.request.host,
        path: answers.request.path,
        deployment_type: answers.deployment.map(DeploymentType::name),
        profiles: profiles.collect(),
        unknown: &answers.unknown,
    };
    serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON") + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonAnswers<'a> {
    version: u32,
    method: &'a str,
    url: &'a str,
    host: Option<&'a str>,
    path: &'a str,
    deployment_type: Option<&'static str>,
    profiles: Vec<JsonProfile<'a>>,
    /// Containers that were not considered.
    unknown: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonProfile<'a> {
    profile: &'static str,
    /// Whether it is about deployments of the file's type.
    applies: bool,
    /// `container`, `redirect` or `default`.
    answer: &'static str,
    container: Option<&'a str>,
    /// The status, where no container answers.
    status: Option<u16>,
    origin: &'static str,
    /// The route that answers.
    rule: Option<JsonRule<'a>>,
    /// The route that the routing function follows.
    entry: Option<JsonRoute<'a>>,
    reason: String,
    losers: Vec<JsonLoser<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonRule<'a> {
    #[serde(flatten)]
    route: JsonRoute<'a>,
    /// The number of the listener rule, where one acts.
    priority: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonRoute<'a> {
    container: &'a str,
    domain: Option<&'a str>,
    path_pattern: &'a str,
    compute: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonLoser<'a> {
    #[serde(flatten)]
    route: JsonRoute<'a>,
    reason: String,
}

impl<'a> JsonProfile<'a> {
    fn of(profile: Profile, decision: &'a Decision<'a>, answers: &Answers<'_>) -> Self {
        let verdict = decision.verdict;
        let (answer, status) = match verdict.answer {
            Answer::Route(_) => ("container", None),
            Answer::RedirectToHttps => ("redirect", Some(301)),
            Answer::Default(default) => ("default", Some(default.status)),
        };
        let losers = decision.losers.iter();
        Self {
            profile: profile.name(),
            applies: applies(profile, answers.deployment),
            answer,
            container: decision.winner.map(|route| &*route.container),
            status,
            origin: match verdict.origin {
                Origin::LoadBalancer => "loadBalancer",
                Origin::FunctionUrl => "functionUrl",
                Origin::DefaultOrigin => "defaultOrigin",
                Origin::Container => "container",
            },
            rule: decision.winner.map(|route| JsonRule { route: JsonRoute::of(route), priority: verdict.priority }),
            entry: decision.entry.map(JsonRoute::of),
            reason: decision.to_string(),
            losers: losers
                .map(|loser| JsonLoser { route: JsonRoute::of(loser.route), reason: loser.loss.to_string() })
                .collect(),
        }
    }
}

impl<'a> JsonRoute<'a> {
    fn of(route: &'a Route) -> Self {
        Self {
            container: &route.container,
            domain: route.domain.as_deref(),
            path_pattern: &route.path_pattern,
            compute: route.compute.name(),
        }
    }
}
