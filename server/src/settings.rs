//! What a user can set. The editor keeps the settings in the section `slipway` of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

/// The section of the client's configuration.
pub(crate) const SECTION: &str = "slipway";

/// The settings. What is absent or null has its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// Stage that variables are resolved for and commands run with; absent: `SERVERLESS_STAGE`, else `dev`.
    pub(crate) stage: Option<String>,
    /// AWS region; absent: the environment's, else the profile's.
    pub(crate) region: Option<String>,
    /// Profile of the AWS configuration.
    pub(crate) aws_profile: Option<String>,
    /// Values for `${param:…}`.
    pub(crate) params: BTreeMap<String, String>,
    /// Whether rules look at the other files of the project.
    pub(crate) check_files: bool,
    /// The `slipway` program, as an absolute path; absent: beside this server, else on the search path.
    pub(crate) engine_path: Option<PathBuf>,
    /// Stages that are deployed to only after a question.
    pub(crate) protected_stages: Vec<String>,
    /// Whether commands are shown above what they concern.
    pub(crate) code_lens: bool,
    /// What is shown within the text.
    pub(crate) inlay_hints: InlayHints,
}

/// Which hints are shown within the text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(crate) struct InlayHints {
    /// Defaults in force.
    pub(crate) defaults: bool,
    /// What variables resolve to.
    pub(crate) variables: bool,
    /// The priority of routes.
    pub(crate) routes: bool,
    /// What a container costs in a month.
    pub(crate) costs: bool,
    /// What policies of IAM reach, and their size.
    pub(crate) policies: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            stage: None,
            region: None,
            aws_profile: None,
            params: BTreeMap::new(),
            check_files: true,
            engine_path: None,
            protected_stages: vec!["prod".to_owned(), "production".to_owned()],
            code_lens: true,
            inlay_hints: InlayHints::default(),
        }
    }
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { defaults: true, variables: true, routes: true, costs: true, policies: true }
    }
}

impl Settings {
    /// Reads what a client sent.
    ///
    /// # Errors
    ///
    /// A sentence that names the setting that cannot be used.
    pub(crate) fn parse(value: Value) -> Result<Self, String> {
        let settings: Option<Self> = serde_json::from_value(without_nulls(value))
            .map_err(|error| format!("The settings of Slipway are not used, because one cannot be read: {error}."))?;
        let settings = settings.unwrap_or_default();
        match &settings.engine_path {
            Some(path) if !path.is_absolute() => Err(format!(
                "The setting slipway.enginePath is `{}`; it must be an absolute path, so that no folder that happens to be open can put a program in its place.",
                path.display()
            )),
            _ => Ok(settings),
        }
    }

    /// What concerns the project on disk.
    pub(crate) fn project(&self) -> slipway_project::Settings {
        slipway_project::Settings {
            stage: self.stage.clone(),
            region: self.region.clone(),
            aws_profile: self.aws_profile.clone(),
            params: self.params.clone(),
            disk: self.check_files,
        }
    }
}

/// Editors write null, or an empty text, for a setting that is not set.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let set = entries.into_iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
            Value::Object(set.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_set_has_its_default() {
        for value in
            [json!(null), json!({}), json!({"stage": null, "inlayHints": {"costs": null}}), json!({"stage": ""})]
        {
            assert_eq!(Settings::parse(value), Ok(Settings::default()));
        }
        let settings = Settings::parse(json!({"stage": "prod", "inlayHints": {"costs": false}})).unwrap();
        assert_eq!(settings.stage.as_deref(), Some("prod"));
        assert_eq!(settings.inlay_hints, InlayHints { costs: false, ..InlayHints::default() });
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (value, named) in [
            (json!({"stge": "prod"}), "stge"),
            (json!({"codeLens": "yes"}), "boolean"),
            (json!({"enginePath": "bin/slipway"}), "bin/slipway"),
            (json!(7), "7"),
        ] {
            let refusal = Settings::parse(value).unwrap_err();
            assert!(refusal.contains(named), "{refusal}");
        }
    }
}
