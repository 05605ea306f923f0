//! The project on this machine: which file configures it, and what its analysis may know besides the text.

mod aws_profile;
mod discovery;
mod disk;
mod iam_reference;
mod redaction;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slipway_lang::dotenv;
use slipway_lang::inputs::{DEFAULT_STAGE, Inputs};

pub use discovery::{CONFIG_NAMES, UNREADABLE_NAMES, find_all, find_in};
pub use disk::{DiskFiles, read_text};
pub use iam_reference::{IAM_REFERENCE, UnusableReference, install_iam_reference};
pub use redaction::{MASK, Redactor};

/// What the command line says about every project of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `--stage`, as given.
    pub stage: Option<String>,
    /// `--region`, as given.
    pub region: Option<String>,
    /// `--aws-profile`, as given.
    pub aws_profile: Option<String>,
    /// `--param`, later ones over earlier ones.
    pub params: BTreeMap<String, String>,
    /// Whether the rules may look at the files of the project.
    pub disk: bool,
}

/// One configuration file with its surroundings.
#[derive(Debug)]
pub struct Project {
    /// The stage in force.
    pub stage: String,
    /// The region, when the command line, the environment or the profile names one.
    pub region: Option<String>,
    file_name: String,
    settings: Settings,
    env: BTreeMap<String, String>,
    files: Option<DiskFiles>,
}

impl Project {
    /// Gathers the surroundings of the file `file_name` in `folder`: stage, `.env` files, region.
    pub fn open(folder: &Path, file_name: String, settings: &Settings) -> Self {
        let mut env = process_environment();
        let named = |env: &BTreeMap<String, String>, name| env.get(name).filter(|value| !value.is_empty()).cloned();
        let stage = settings.stage.clone().or_else(|| named(&env, "SERVERLESS_STAGE"));
        let stage = stage.unwrap_or_else(|| DEFAULT_STAGE.to_owned());
        for file in dotenv::file_names(&stage) {
            for (name, value) in
                disk::read_text(&folder.join(file)).map(|text| dotenv::parse(&text)).unwrap_or_default()
            {
                env.entry(name).or_insert(value);
            }
        }
        let region = settings
            .region
            .clone()
            .or_else(|| named(&env, "AWS_REGION"))
            .or_else(|| named(&env, "AWS_DEFAULT_REGION"))
            .or_else(|| aws_profile::region(&env, settings.aws_profile.as_deref()));
        let files = settings.disk.then(|| DiskFiles::new(folder.to_owned()));
        Self { stage, region, file_name, settings: settings.clone(), env, files }
    }

    /// What analysis may know.
    pub fn inputs(&self) -> Inputs<'_> {
        let given = [("region", &self.settings.region), ("aws-profile", &self.settings.aws_profile)];
        let options = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect();
        Inputs {
            stage: self.stage.clone(),
            stage_option: self.settings.stage.clone(),
            region: self.region.clone(),
            env: Some(self.env.clone()),
            params: self.settings.params.clone(),
            options,
            files: self.files.as_ref().map(|files| files as _),
            file_name: self.file_name.clone(),
            ..Inputs::default()
        }
    }

    /// Hides the values of the environment that nobody should read in a log.
    pub fn redactor(&self) -> Redactor {
        Redactor::of_environment(&self.env)
    }
}

/// The folder of a configuration file, and its name in it.
pub fn split_path(path: &Path) -> (PathBuf, String) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    (folder.to_owned(), name)
}

/// A path as it is shown: with `/` between its parts, and without a leading `./`.
pub fn display_path(path: &Path) -> String {
    let shown = disk::slashes(path);
    shown.strip_prefix("./").map(str::to_owned).unwrap_or(shown)
}

/// The environment of the process; what is not Unicode cannot be named in a configuration file and is left out.
fn process_environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_file_wins_over_the_common_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "SLIPWAY_T_A=common\nSLIPWAY_T_B=common\n").unwrap();
        std::fs::write(folder.path().join(".env.prod"), "SLIPWAY_T_A=prod\nPATH=ignored\n").unwrap();
        let settings = Settings { stage: Some("prod".into()), ..Settings::default() };
        let project = Project::open(folder.path(), "serverless.containers.yml".into(), &settings);
        let env = project.inputs().env.unwrap();
        assert_eq!(env["SLIPWAY_T_A"], "prod");
        assert_eq!(env["SLIPWAY_T_B"], "common");
        assert_ne!(env["PATH"], "ignored", "the environment of the process comes first");
        assert_eq!(project.inputs().stage_option.as_deref(), Some("prod"));
    }

    #[test]
    fn the_command_line_names_the_region_first() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { region: Some("eu-west-1".into()), ..Settings::default() };
        let project = Project::open(folder.path(), String::new(), &settings);
        assert_eq!(project.inputs().region.as_deref(), Some("eu-west-1"));
        assert_eq!(project.inputs().options["region"], "eu-west-1");
        assert!(project.inputs().files.is_none());
    }

    #[test]
    fn a_bare_file_name_stands_in_the_working_directory() {
        assert_eq!(split_path(Path::new("a.yml")), (PathBuf::from("."), "a.yml".to_owned()));
        assert_eq!(split_path(Path::new("x/a.yml")), (PathBuf::from("x"), "a.yml".to_owned()));
        assert_eq!(split_path(Path::new("/a.yml")), (PathBuf::from("/"), "a.yml".to_owned()));
    }
}
