//! What runs containers: a container engine, or the machine itself.

pub(crate) mod docker;
pub(crate) mod process;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use slipway_lang::service::Service;
use tokio::sync::watch;

use crate::bus::{Bus, LogSink};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::exit::Ended;
use docker::Docker;
use process::Processes;

/// What runs the containers of a session.
pub(crate) enum Runtime {
    /// A container engine.
    Docker(Docker),
    /// This machine.
    Process(Processes),
}

/// What a start needs, made once for each state of the source.
#[derive(Clone, Debug)]
pub(crate) enum Artifact {
    /// An image, by its name.
    Image(String),
    /// A program with its arguments and folder.
    Launch(process::Launch),
}

/// Something to start.
pub(crate) struct Start<'a> {
    pub(crate) service: &'a Service,
    /// All variables that it gets, but `PORT`.
    pub(crate) environment: BTreeMap<String, String>,
    /// Tells instances of a container apart, from 1.
    pub(crate) number: u64,
    /// Takes what it writes.
    pub(crate) log: LogSink,
}

/// Something that runs.
pub(crate) enum Instance {
    /// In a container.
    Container(docker::Container),
    /// On this machine.
    Process(process::Process),
}

/// What an instance uses at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Usage {
    /// Of one processor, in percent.
    pub(crate) cpu_percent: f64,
    /// In bytes.
    pub(crate) memory: u64,
    /// The most that it may use, in bytes; none where nothing bounds it.
    pub(crate) memory_limit: Option<u64>,
}

impl Runtime {
    /// Its name in the contract.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Docker(_) => "docker",
            Self::Process(_) => "process",
        }
    }

    /// Makes what a start needs.
    pub(crate) async fn build(&self, service: &Service, folder: &Path, bus: &Bus) -> Result<Artifact, Diagnosis> {
        match self {
            Self::Docker(docker) => docker.build(service, folder, bus).await.map(Artifact::Image),
            Self::Process(_) => process::launch::of(service, folder).map(Artifact::Launch),
        }
    }

    /// Starts an instance.
    pub(crate) async fn start(&self, start: Start<'_>, artifact: &Artifact) -> Result<Instance, Diagnosis> {
        match (self, artifact) {
            (Self::Docker(docker), Artifact::Image(image)) => docker.start(start, image).await.map(Instance::Container),
            (Self::Process(processes), Artifact::Launch(launch)) => {
                processes.start(&start, launch).map(Instance::Process)
            }
            _ => unreachable!("an artifact is started by the runtime that made it"),
        }
    }
}

impl Instance {
    /// Where it is asked.
    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::Container(container) => container.address,
            Self::Process(process) => process.address,
        }
    }

    /// The port that it should listen on, as it sees it.
    pub(crate) fn port(&self) -> u16 {
        match self {
            Self::Container(container) => container.port,
            Self::Process(process) => process.address.port(),
        }
    }

    /// Its identifier for people: of the container, or of the process.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Container(container) => container.id.chars().take(12).collect(),
            Self::Process(process) => process.id.to_string(),
        }
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&self) -> watch::Receiver<Option<Ended>> {
        match self {
            Self::Container(container) => container.ended.clone(),
            Self::Process(process) => process.ended.clone(),
        }
    }

    /// Waits until it has ended.
    pub(crate) async fn wait(&self) -> Ended {
        let mut ended = self.ended();
        let ended = ended.wait_for(Option::is_some).await;
        ended.ok().and_then(|ended| ended.clone()).unwrap_or_default()
    }

    /// Where it listens; none where that cannot be found out.
    pub(crate) async fn listeners(&self) -> Option<Vec<SocketAddr>> {
        match self {
            Self::Container(container) => container.listeners().await,
            Self::Process(process) => process.listeners().await,
        }
    }

    /// What it uses.
    pub(crate) async fn usage(&self) -> Option<Usage> {
        match self {
            Self::Container(container) => container.usage().await,
            Self::Process(process) => process.usage().await,
        }
    }

    /// Ends it: tells it to stop, and kills it when it has not within the time.
    pub(crate) async fn stop(&self, grace: Duration) {
        match self {
            Self::Container(container) => container.stop(grace).await,
            Self::Process(process) => process.stop(grace).await,
        }
    }

    /// Asks it to end, without waiting for it.
    pub(crate) async fn terminate(&self) {
        match self {
            Self::Container(container) => container.terminate().await,
            Self::Process(process) => process.terminate(),
        }
    }

    /// Whether another instance can run beside it: not where both want the same port of this machine.
    pub(crate) fn allows_another(&self) -> bool {
        match self {
            Self::Container(_) => true,
            Self::Process(process) => !process.has_fixed_port,
        }
    }
}
