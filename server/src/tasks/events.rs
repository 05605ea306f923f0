//! What the program prints for machines, as far as the editor shows it. Fields that are not shown are not read.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A line of `slipway dev --log-format json`.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum Event {
    /// The local cloud answers requests.
    Ready { proxy: String },
    /// A container wrote a line.
    Log { container: String, line: String },
    /// A container is started anew.
    Reload { container: String, reason: String, phase: String },
    /// A container's health changed.
    Health {
        container: String,
        status: String,
        #[serde(default)]
        detail: String,
    },
    /// Something is wrong with a container, and it is known what.
    Diagnosis { container: String, code: String, message: String },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// The local cloud of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dev {
    /// Its address, once it answers.
    pub(crate) proxy: Option<String>,
    /// The health of each container that was heard of.
    pub(crate) health: BTreeMap<String, String>,
}

/// What `slipway info --json` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "the program's own words")]
pub(crate) struct Deployed {
    /// Whether anything is.
    pub(crate) deployed: bool,
    /// Since when, in ISO 8601.
    pub(crate) last_deployed: Option<String>,
    /// Its containers.
    pub(crate) containers: Vec<DeployedContainer>,
}

/// A container that is deployed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DeployedContainer {
    /// Its name.
    pub(crate) name: String,
    /// Its address.
    pub(crate) url: Option<String>,
    /// How it is.
    pub(crate) status: Option<String>,
}

/// The counts of `slipway plan --json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Plan {
    pub(super) summary: BTreeMap<String, u64>,
}
