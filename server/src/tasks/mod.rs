//! The commands an editor can run: each is a run of the `slipway` program as a child of the server.
//!
//! Nothing here starts by itself: only `workspace/executeCommand` leads here.

mod engine;
mod events;
mod failures;
mod run;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::Value;
use slipway_project::find_in;
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Diagnostic, ProgressToken, Uri};

use crate::session::{Session, path_of};
use crate::snapshot::Snapshot;

pub(crate) use events::{Deployed, Dev};
use failures::Failure;

/// What can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    /// The local cloud.
    Dev,
    /// Its end.
    StopDev,
    /// What a deployment would do.
    Plan,
    /// A deployment.
    Deploy,
    /// The removal of what was deployed.
    Remove,
    /// What is deployed.
    Info,
    /// What a container writes.
    Logs,
    /// The address of a container in the browser.
    OpenRoute,
}

impl Command {
    /// All of them.
    pub(crate) const ALL: [Self; 8] =
        [Self::Dev, Self::StopDev, Self::Plan, Self::Deploy, Self::Remove, Self::Info, Self::Logs, Self::OpenRoute];

    /// Its name in the protocol.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "slipway.dev",
            Self::StopDev => "slipway.stopDev",
            Self::Plan => "slipway.plan",
            Self::Deploy => "slipway.deploy",
            Self::Remove => "slipway.remove",
            Self::Info => "slipway.info",
            Self::Logs => "slipway.logs",
            Self::OpenRoute => "slipway.openRoute",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}

/// What a command is about. As an argument: an object, or the address of the document and the name of the container.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Subject {
    /// The configuration file; absent: the one that is open, or the one of the workspace.
    uri: Option<Uri>,
    /// The container; absent: all of them.
    container: Option<String>,
}

/// A command for one configuration file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Job {
    command: Command,
    config: PathBuf,
    container: Option<String>,
}

/// The commands under way, and what they told about the projects.
#[derive(Default)]
pub(crate) struct Tasks {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: HashMap<Job, Running>,
    projects: HashMap<PathBuf, Known>,
    runs: u64,
}

struct Running {
    token: ProgressToken,
    cancel: Arc<Notify>,
    process: Option<u32>,
}

/// What is known of a project from its commands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The local cloud, while it runs.
    pub(crate) dev: Option<Dev>,
    /// What is deployed, as last reported.
    pub(crate) deployed: Option<Deployed>,
    failures: Vec<Failure>,
}

impl Tasks {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a project.
    pub(crate) fn known(&self, config: &Path) -> Known {
        self.state().projects.get(config).cloned().unwrap_or_default()
    }

    /// What commands reported about a document, at the places they concern.
    pub(crate) fn diagnostics(&self, snapshot: &Snapshot) -> Vec<Diagnostic> {
        let Some(path) = path_of(&snapshot.uri) else { return Vec::new() };
        let failures = self.state().projects.get(&path).map(|known| known.failures.clone()).unwrap_or_default();
        failures.iter().map(|failure| failure.diagnostic(snapshot)).collect()
    }

    /// Ends the command that shows this progress.
    pub(crate) fn cancel(&self, token: &ProgressToken) {
        if let Some(running) = self.state().running.values().find(|running| running.token == *token) {
            running.cancel.notify_one();
        }
    }

    /// Tells every child to end. Not waited for: each puts its own affairs in order.
    pub(crate) fn end_all(&self) {
        for running in self.state().running.values() {
            if let Some(process) = running.process {
                engine::interrupt(process);
            }
        }
    }

    /// Enters a job; `None` when it is under way already.
    fn enter(&self, job: &Job) -> Option<(ProgressToken, Arc<Notify>)> {
        let mut state = self.state();
        if state.running.contains_key(job) {
            return None;
        }
        state.runs += 1;
        let token = ProgressToken::String(format!("slipway/{}", state.runs));
        let cancel = Arc::new(Notify::new());
        let running = Running { token: token.clone(), cancel: Arc::clone(&cancel), process: None };
        state.running.insert(job.clone(), running);
        Some((token, cancel))
    }

    fn leave(&self, job: &Job) {
        self.state().running.remove(job);
    }

    fn set_process(&self, job: &Job, process: Option<u32>) {
        if let Some(running) = self.state().running.get_mut(job) {
            running.process = process;
        }
    }

    fn learn(&self, config: &Path, change: impl FnOnce(&mut Known)) {
        change(self.state().projects.entry(config.to_owned()).or_default());
    }
}

/// Runs a command by its name in the protocol. Answers at once; how it goes is told by progress and messages.
///
/// # Errors
///
/// When there is no such command, when it is not clear what it is about, or when the program is not found.
pub(crate) fn execute(session: &Arc<Session>, name: &str, arguments: Vec<Value>) -> Result<Option<Value>> {
    let command = Command::parse(name)
        .ok_or_else(|| Error::invalid_params(format!("There is no command `{name}`; see `executeCommandProvider`.")))?;
    let subject = subject(arguments)?;
    let job = Job { command, config: config(session, subject.uri.as_ref())?, container: subject.container };
    match command {
        Command::StopDev => stop_dev(session, &job)?,
        Command::OpenRoute => run::open(session, &job)?,
        _ => {
            let program = engine::program(&session.settings()).map_err(refused)?;
            let Some((token, cancel)) = session.tasks().enter(&job) else {
                return Err(refused(format!("`{name}` is under way for this project already.")));
            };
            tokio::spawn(run::run(Arc::clone(session), job, program, token, cancel));
        }
    }
    Ok(None)
}

fn stop_dev(session: &Session, job: &Job) -> Result<()> {
    let state = session.tasks().state();
    let mut found = false;
    for (other, running) in &state.running {
        if other.command == Command::Dev && other.config == job.config {
            running.cancel.notify_one();
            found = true;
        }
    }
    if found { Ok(()) } else { Err(refused("No local cloud of this project runs from this editor.".to_owned())) }
}

/// An error whose message is for the user.
fn refused(message: String) -> Error {
    let mut error = Error::invalid_request();
    error.message = message.into();
    error
}

fn subject(arguments: Vec<Value>) -> Result<Subject> {
    let wrong = |error: serde_json::Error| {
        Error::invalid_params(format!(
            "The argument of a command is an object with `uri` and `container`, or these two by themselves: {error}."
        ))
    };
    let mut arguments = arguments.into_iter();
    match arguments.next() {
        None | Some(Value::Null) => Ok(Subject::default()),
        Some(object @ Value::Object(_)) => serde_json::from_value(object).map_err(wrong),
        Some(uri) => Ok(Subject {
            uri: serde_json::from_value(uri).map_err(wrong)?,
            container: arguments.next().map(serde_json::from_value).transpose().map_err(wrong)?,
        }),
    }
}

/// The configuration file that a command is about.
fn config(session: &Session, uri: Option<&Uri>) -> Result<PathBuf> {
    if let Some(uri) = uri {
        return path_of(uri)
            .filter(|path| path.is_file())
            .ok_or_else(|| refused(format!("{} is not a file on this machine; save it first.", uri.as_str())));
    }
    let open: Vec<_> = session.snapshots().iter().filter_map(|snapshot| path_of(&snapshot.uri)).collect();
    let found =
        if open.is_empty() { session.folders().iter().filter_map(|folder| find_in(folder)).collect() } else { open };
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(refused("There is no serverless.containers.yml here; open the one that is meant.".to_owned())),
        _ => Err(refused("Several projects are open; pass the `uri` of the file that is meant.".to_owned())),
    }
}
