//! What a container is once its defaults are filled in: what running and deploying it need to know.

use std::collections::BTreeMap;

use crate::config::Value;
use crate::inputs::normalize_path;
use crate::limits::{fargate, lambda};
use crate::model::ComputeType;
use crate::routing::{Route, health};
use crate::rules::{Container, RuleContext};
use crate::webhook::{Caller, default_path};

/// A container, complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its key.
    pub name: String,
    /// Its source folder, relative to that of the configuration file, in its shortest form; empty for that folder itself.
    pub src: String,
    /// How its image is built.
    pub build: Build,
    /// Which requests it answers.
    pub route: Route,
    /// The path that is asked whether it is well.
    pub health_path: String,
    /// What it runs on.
    pub compute: Compute,
    /// The variables of `environment` whose values are known.
    pub environment: BTreeMap<String, String>,
    /// The variables of `environment` whose values only a deployment knows.
    pub unknown_environment: Vec<String>,
    /// The variables of `environment` that nobody should read.
    pub secrets: Vec<String>,
    /// How it is run on the developer's machine.
    pub dev: Dev,
    /// What calls it, besides clients.
    pub integrations: Vec<Integration>,
    /// Whether it has rights of its own: `compute.awsIam`.
    pub has_policy: bool,
}

/// `build`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Build {
    /// `dockerFileString`
    pub dockerfile: Option<String>,
    /// `args`
    pub args: BTreeMap<String, String>,
    /// The words of `options`.
    pub options: Vec<String>,
}

/// What a container runs on.
#[derive(Clone, Debug, PartialEq)]
pub enum Compute {
    /// A Lambda function.
    Lambda {
        /// In MB.
        memory: u32,
        /// In seconds.
        timeout: u32,
    },
    /// Tasks of Fargate.
    Fargate {
        /// In units of which 1024 are one virtual CPU.
        cpu: u32,
        /// In MB.
        memory: u32,
        /// How many tasks there are at first: `desired`, else `min`, else 1.
        tasks: u32,
    },
}

/// `dev`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dev {
    /// `hooks.onreload`
    pub on_reload: Option<String>,
    /// `watchPath`, relative to the source folder.
    pub watch_path: Option<String>,
    /// `watchExtensions`, without dots and stars. Empty: all.
    pub watch_extensions: Vec<String>,
    /// `excludeDirectories`
    pub exclude_directories: Vec<String>,
}

/// Something that calls a container.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// Its key.
    pub name: String,
    /// The path that it calls.
    pub path: String,
    /// When it calls.
    pub trigger: Trigger,
}

/// When an integration calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// At times: the expression.
    Schedule(String),
    /// When an event matches: the pattern.
    EventBridge(serde_json::Value),
}

/// A container that lacks what it takes to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// Its key.
    pub name: String,
    /// What is missing or only known to a deployment, as dotted keys.
    pub missing: &'static str,
}

impl Service {
    /// Reads the containers of a configuration, in its order.
    pub fn all(ctx: &RuleContext<'_>) -> Vec<Result<Self, Incomplete>> {
        ctx.containers().map(Self::read).collect()
    }

    fn read(container: Container<'_>) -> Result<Self, Incomplete> {
        let missing = |missing| Incomplete { name: container.name.to_owned(), missing };
        let src = container.src().ok_or_else(|| missing("src"))?;
        let compute = Compute::read(container).ok_or_else(|| missing("compute"))?;
        let route = container.route().ok_or_else(|| missing("routing"))?;
        let health_path = match container.text(&["routing", "pathHealthCheck"]) {
            Some(path) => path.to_owned(),
            None => health::default_path(&route.path_pattern).to_owned(),
        };
        let mut environment = BTreeMap::new();
        let (mut unknown_environment, mut secrets) = (Vec::new(), Vec::new());
        for (name, value) in container.environment().filter(|(_, value)| !value.is_null()) {
            match value.env_text() {
                Some(text) => _ = environment.insert(name.to_owned(), text),
                None => unknown_environment.push(name.to_owned()),
            }
            if value.is_secret() {
                secrets.push(name.to_owned());
            }
        }
        Ok(Self {
            name: container.name.to_owned(),
            src: normalize_path(src),
            build: Build::read(container),
            health_path,
            route,
            compute,
            environment,
            unknown_environment,
            secrets,
            dev: Dev::read(container),
            integrations: integrations(container),
            has_policy: container.get(&["compute", "awsIam"]).is_some(),
        })
    }
}

impl Build {
    fn read(container: Container<'_>) -> Self {
        let args = container.get(&["build", "args"]).into_iter().flat_map(Value::entries);
        let options = container.get(&["build", "options"]);
        Self {
            dockerfile: container.text(&["build", "dockerFileString"]).map(str::to_owned),
            args: args.filter_map(|(name, value)| Some((name.to_owned(), value.env_text()?))).collect(),
            options: options
                .map(|options| match options.as_str() {
                    Some(text) => text.split_whitespace().map(str::to_owned).collect(),
                    None => options.items().filter_map(Value::env_text).collect(),
                })
                .unwrap_or_default(),
        }
    }
}

impl Compute {
    fn read(container: Container<'_>) -> Option<Self> {
        let number = |map: Option<Value<'_>>, key, default| match map.and_then(|map| map.get(key)) {
            None => Some(default),
            Some(value) => whole(value),
        };
        Some(match container.compute_type()? {
            ComputeType::Lambda => Self::Lambda {
                memory: number(container.lambda(), "memory", lambda::DEFAULT_MEMORY)?,
                timeout: number(container.lambda(), "timeout", lambda::DEFAULT_TIMEOUT)?,
            },
            ComputeType::Fargate => Self::Fargate {
                cpu: number(container.fargate(), "cpu", fargate::DEFAULT_CPU)?,
                memory: number(container.fargate(), "memory", fargate::DEFAULT_MEMORY)?,
                tasks: tasks(container),
            },
        })
    }

    /// Its memory in MB.
    pub fn memory(&self) -> u32 {
        match self {
            Self::Lambda { memory, .. } | Self::Fargate { memory, .. } => *memory,
        }
    }
}

impl Dev {
    fn read(container: Container<'_>) -> Self {
        let texts = |key| {
            let list = container.get(&["dev", key]).into_iter().flat_map(Value::items);
            list.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let bare = |extension: String| extension.trim_start_matches(['*', '.']).to_owned();
        Self {
            on_reload: container.text(&["dev", "hooks", "onreload"]).map(str::to_owned),
            watch_path: container.text(&["dev", "watchPath"]).map(normalize_path),
            watch_extensions: texts("watchExtensions").into_iter().map(bare).collect(),
            exclude_directories: texts("excludeDirectories"),
        }
    }
}

fn tasks(container: Container<'_>) -> u32 {
    let first = |kind| container.scale_items(kind).find_map(|item| whole(item.get(kind)?));
    first("desired").or_else(|| first("min")).unwrap_or(1).max(1)
}

fn integrations(container: Container<'_>) -> Vec<Integration> {
    let all = container.get(&["integrations"]).into_iter().flat_map(Value::entries);
    all.filter_map(|(name, value)| {
        let (caller, trigger) = match value.get("type")?.as_str()? {
            "schedule" => (Caller::Schedule, Trigger::Schedule(value.get("schedule")?.as_str()?.to_owned())),
            "awsEventBridge" => (Caller::EventBridge, Trigger::EventBridge(value.get("pattern")?.json()?)),
            _ => return None,
        };
        let path = value.get("webhookPath").and_then(Value::as_str);
        let path = path.map_or_else(|| default_path(name, caller), str::to_owned);
        Some(Integration { name: name.to_owned(), path, trigger })
    })
    .collect()
}

fn whole(value: Value<'_>) -> Option<u32> {
    let number =
        value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number))?;
    #[expect(clippy::cast_sign_loss, reason = "its range was looked at")]
    Some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::build;
    use crate::inputs::Inputs;
    use crate::yaml::Document;

    fn services(text: &str) -> Vec<Result<Service, Incomplete>> {
        let document = Document::new(text.to_owned());
        let inputs = Inputs::default();
        let config = build(&document, &inputs);
        Service::all(&RuleContext::new(&document, &config, &inputs))
    }

    #[test]
    fn defaults_are_filled_in() {
        let all = services(
            "name: shop
containers:
  web:
    src: ./web/
    routing: {pathPattern: /*}
    compute: {type: awsLambda}
  api:
    src: .
    routing: {pathPattern: /api/*, domain: api.example.com, pathHealthCheck: /ok}
    compute:
      type: awsFargateEcs
      awsFargateEcs:
        cpu: 512
        memory: 1024
        scale: [{type: min, min: 2}, {type: max, max: 4}]
      awsIam: {}
    build: {options: --target dev, args: {A: 1}}
    environment: {A: x, B: 1.50, C: '${ssm:/c}', D: null}
    dev:
      watchExtensions: ['.ts', '*.json', py]
    integrations:
      nightly: {type: schedule, schedule: rate(1 day)}
      paid: {type: awsEventBridge, pattern: {source: [shop]}, webhookPath: /paid}
      chat: {type: slack, name: x}
",
        );
        let [Ok(web), Ok(api)] = &*all else { panic!("{all:?}") };
        assert_eq!((&*web.src, &*web.health_path), ("web", "/"));
        assert_eq!(web.compute, Compute::Lambda { memory: 1024, timeout: 6 });
        assert_eq!((&*api.src, &*api.health_path), ("", "/ok"));
        assert_eq!(api.compute, Compute::Fargate { cpu: 512, memory: 1024, tasks: 2 });
        assert_eq!(api.environment, BTreeMap::from([("A".into(), "x".into()), ("B".into(), "1.5".into())]));
        assert_eq!(api.unknown_environment, ["C"]);
        assert_eq!(api.build.options, ["--target", "dev"]);
        assert_eq!(api.build.args["A"], "1");
        assert_eq!(api.dev.watch_extensions, ["ts", "json", "py"]);
        assert!(api.has_policy && !web.has_policy);
        let paths: Vec<_> = api.integrations.iter().map(|each| (&*each.name, &*each.path)).collect();
        assert_eq!(paths, [("nightly", "/v1/integrations/nightly/schedule"), ("paid", "/paid")]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let all = services(
            "containers:
  a: {routing: {pathPattern: /*}, compute: {type: awsLambda}}
  b: {src: b, compute: {type: awsLambda}}
  c: {src: c, routing: {pathPattern: /*}}
  d: {src: d, routing: {pathPattern: '${ssm:/p}'}, compute: {type: awsLambda}}
  e: {src: e, routing: {pathPattern: /*}, compute: {awsLambda: {memory: lots}}}
",
        );
        let missing: Vec<_> = all.iter().map(|each| each.as_ref().map_err(|error| error.missing).err()).collect();
        assert_eq!(missing, [Some("src"), Some("routing"), Some("compute"), Some("routing"), Some("compute")]);
    }
}
