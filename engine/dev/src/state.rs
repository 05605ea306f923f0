//! What is known of the containers at a moment, for the control API.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::event::Health;

/// The containers of a session.
#[derive(Clone, Default)]
pub(crate) struct States {
    all: Arc<Mutex<BTreeMap<String, State>>>,
}

/// One container.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct State {
    /// Where it is in its life.
    pub(crate) phase: Phase,
    /// How it answers its health check.
    pub(crate) health: Health,
    /// What was seen last of its health.
    pub(crate) detail: Option<String>,
    /// `awsLambda` or `awsFargateEcs`.
    pub(crate) compute: &'static str,
    /// The running instances: identifiers for people, and addresses.
    pub(crate) instances: Vec<Running>,
    /// How often it was started anew without a change.
    pub(crate) restarts: u32,
    /// How often it was replaced because of a change.
    pub(crate) reloads: u32,
    /// When the current instances were started, RFC 3339.
    pub(crate) since: Option<String>,
    /// The image, or the command.
    pub(crate) artifact: Option<String>,
}

/// A running instance.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Running {
    pub(crate) id: String,
    pub(crate) address: String,
}

/// Where a container is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    /// Its image is built.
    Building,
    /// It was started and does not answer yet.
    Starting,
    /// It answers.
    Running,
    /// It ended, and will be started again after a change.
    Failed,
    /// It was stopped.
    Stopped,
}

impl States {
    /// Notes a container that is not there yet.
    pub(crate) fn add(&self, name: &str, compute: &'static str) {
        let state = State {
            phase: Phase::Building,
            health: Health::Initial,
            detail: None,
            compute,
            instances: Vec::new(),
            restarts: 0,
            reloads: 0,
            since: None,
            artifact: None,
        };
        self.lock().insert(name.to_owned(), state);
    }

    /// Forgets a container.
    pub(crate) fn remove(&self, name: &str) {
        self.lock().remove(name);
    }

    /// Changes what is known of a container.
    pub(crate) fn change(&self, name: &str, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.lock().get_mut(name) {
            change(state);
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> BTreeMap<String, State> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, State>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
