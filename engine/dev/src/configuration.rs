//! The configuration file as a session needs it.

use std::path::{Path, PathBuf};

use slipway_lang::diagnostic::Severity;
use slipway_lang::model::DeploymentType;
use slipway_lang::routing::Profile;
use slipway_lang::rules::RuleContext;
use slipway_lang::service::Service;
use slipway_lang::yaml::Document;
use slipway_project::{Project, Redactor, Settings, display_path, read_text, split_path};

/// What is used when nobody names a region.
const DEFAULT_REGION: &str = "us-east-1";

/// A configuration that can be run.
pub(crate) struct Configuration {
    /// `name`
    pub(crate) project: String,
    /// The stage in force.
    pub(crate) stage: String,
    /// The region in force.
    pub(crate) region: String,
    /// Whose routing the deployment type has.
    pub(crate) profile: Profile,
    /// The containers, in the order of the file.
    pub(crate) services: Vec<Service>,
    /// The folder that `src` is relative to.
    pub(crate) folder: PathBuf,
    /// Hides the secrets of its environment.
    pub(crate) redactor: Redactor,
}

/// Why a configuration cannot be run: what is wrong with it, a sentence each, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) Vec<String>);

impl Configuration {
    /// Reads a file.
    pub(crate) fn read(path: &Path, settings: &Settings) -> Result<Self, Refused> {
        let shown = display_path(path);
        let text = read_text(path).ok_or_else(|| Refused(vec![format!("{shown} cannot be read.")]))?;
        let (folder, name) = split_path(path);
        let project = Project::open(&folder, name, settings);
        let inputs = project.inputs();
        let document = Document::new(text);
        let analysis = slipway_lang::analyze(&document, &inputs);
        let errors = analysis.diagnostics.iter().filter(|found| found.severity == Severity::Error).map(|found| {
            let line = document.source().line_of(found.range.start()) + 1;
            format!("{shown}:{line}: {} {}", found.rule.code, found.message)
        });
        let errors: Vec<String> = errors.collect();
        if !errors.is_empty() {
            return Err(Refused(errors));
        }
        let ctx = RuleContext::new(&document, &analysis.config, &inputs);
        let (mut services, mut incomplete) = (Vec::new(), Vec::new());
        for service in Service::all(&ctx) {
            match service {
                Ok(service) => services.push(service),
                Err(error) => incomplete.push(format!(
                    "{shown}: the container `{}` cannot be run: `{}` is missing, or only a deployment knows it.",
                    error.name, error.missing
                )),
            }
        }
        if !incomplete.is_empty() {
            return Err(Refused(incomplete));
        }
        if services.is_empty() {
            return Err(Refused(vec![format!("{shown} has no container, so there is nothing to run.")]));
        }
        let mut redactor = project.redactor();
        for service in &services {
            for name in &service.secrets {
                if let Some(value) = service.environment.get(name) {
                    redactor.add(value);
                }
            }
        }
        Ok(Self {
            project: ctx.name().unwrap_or("local").to_owned(),
            stage: project.stage.clone(),
            region: project.region.clone().unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            profile: match ctx.deployment_type() {
                Some(DeploymentType::AwsApi) => Profile::SlipwayApi,
                _ => Profile::Slipway,
            },
            services,
            folder,
            redactor,
        })
    }

    /// The source folder of a container.
    pub(crate) fn source_of(&self, service: &Service) -> PathBuf {
        self.folder.join(&service.src)
    }
}
