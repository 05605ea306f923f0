//! Containers in a container engine.

mod build;
mod context;
mod generated;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bollard::Docker as Client;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::models::{
    ContainerCreateBody, EndpointSettings, HostConfig, NetworkCreateRequest, NetworkingConfig, PortBinding,
};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, KillContainerOptionsBuilder, ListContainersOptionsBuilder,
    ListNetworksOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder, StatsOptionsBuilder,
    StopContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt;
use slipway_lang::names::environment::CONTAINER_PORT;
use tokio::sync::watch;

use super::{Start, Usage};
use crate::bus::{Lines, LogSink};
use crate::diagnosis::exit::Ended;
use crate::diagnosis::{Code, Diagnosis, listeners::parse_table};
use crate::event::Stream;

/// Labels of everything that a session makes in an engine. Only what carries the project's own is ever removed.
pub(crate) mod label {
    pub(crate) const PROJECT: &str = "dev.slipway.project";
    pub(crate) const CONFIG: &str = "dev.slipway.config";
    pub(crate) const STAGE: &str = "dev.slipway.stage";
    pub(crate) const CONTAINER: &str = "dev.slipway.container";
    pub(crate) const OWNER: &str = "dev.slipway.owner";
}

/// An engine, and the part of it that belongs to a session.
pub(crate) struct Docker {
    client: Client,
    project: Project,
    /// The address of this machine in the network of the session.
    gateway: OnceLock<IpAddr>,
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// Eight hexadecimal digits.
    pub(crate) id: String,
    /// The path of the configuration file.
    pub(crate) config: String,
    /// The stage.
    pub(crate) stage: String,
}

/// A running container.
pub(crate) struct Container {
    client: Client,
    /// The engine's identifier.
    pub(crate) id: String,
    /// Where it is asked: its published port.
    pub(crate) address: SocketAddr,
    /// The port that it should listen on.
    pub(crate) port: u16,
    /// How it ended, once it has.
    pub(crate) ended: watch::Receiver<Option<Ended>>,
    /// Processor time in nanoseconds, and when it was looked at.
    last_usage: Mutex<Option<(u64, Instant)>>,
}

impl Docker {
    /// Reaches the engine that the environment names, or the one of this machine.
    pub(crate) async fn connect(project: Project) -> Result<Self, Diagnosis> {
        let host = std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty());
        let shown = host.clone().unwrap_or_else(|| "/var/run/docker.sock".to_owned());
        let connect = || Client::connect_with_defaults().map_err(|error| not_reachable(&shown, &error));
        let client = connect()?;
        let client = match client.negotiate_version().await {
            Ok(client) => client,
            Err(error) => return Err(not_reachable(&shown, &error)),
        };
        Ok(Self { client, project, gateway: OnceLock::new() })
    }

    /// Removes what an earlier session of this project left: containers and the network. Answers how many containers.
    pub(crate) async fn clean(&self) -> Result<usize, Error> {
        let mine = HashMap::from([("label", vec![format!("{}={}", label::PROJECT, self.project.id)])]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&mine).build();
        let found = self.client.list_containers(Some(options)).await?;
        let mut removed = 0;
        for id in found.into_iter().filter_map(|container| container.id) {
            self.client
                .remove_container(&id, Some(RemoveContainerOptionsBuilder::new().force(true).v(true).build()))
                .await?;
            removed += 1;
        }
        let options = ListNetworksOptionsBuilder::new().filters(&mine).build();
        for network in self.client.list_networks(Some(options)).await? {
            if let Some(id) = network.id {
                self.client.remove_network(&id).await?;
            }
        }
        Ok(removed)
    }

    /// The address of this machine in the network of the session.
    pub(crate) fn gateway(&self) -> Option<IpAddr> {
        self.gateway.get().copied()
    }

    /// Makes the network of the session.
    pub(crate) async fn make_network(&self) -> Result<(), Diagnosis> {
        let request = NetworkCreateRequest {
            name: self.network(),
            driver: Some("bridge".to_owned()),
            labels: Some(self.labels(None)),
            ..NetworkCreateRequest::default()
        };
        let made = self.client.create_network(request).await.map_err(|error| {
            if error.to_string().contains("address pools") {
                return Diagnosis::of_session(
                    Code::NoNetworkRange,
                    "Docker has no address range left for another network.",
                )
                .remedy("Remove networks that nobody uses: `docker network prune`.");
            }
            refused("The network of the session cannot be made", &error)
        })?;
        let network = self.client.inspect_network(&made.id, None).await.ok();
        let ranges = network.and_then(|network| network.ipam?.config);
        let gateway = ranges.into_iter().flatten().find_map(|range| range.gateway?.parse().ok());
        if let Some(gateway) = gateway {
            // A session makes its network once.
            let _ = self.gateway.set(gateway);
        }
        Ok(())
    }

    /// Starts a container from an image.
    pub(crate) async fn start(&self, start: Start<'_>, image: &str) -> Result<Container, Diagnosis> {
        let name = &start.service.name;
        let fail = |what: &str, error: &Error| Diagnosis { container: Some(name.clone()), ..refused(what, error) };
        let own_port = start.environment.get("PORT").and_then(|port| port.parse().ok());
        let port = own_port.unwrap_or(CONTAINER_PORT);
        let mut environment: Vec<String> =
            start.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if own_port.is_none() {
            environment.push(format!("PORT={port}"));
        }
        let published = format!("{port}/tcp");
        let loopback = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some("0".to_owned()) };
        let memory = i64::from(start.service.compute.memory()) * 1024 * 1024;
        let hosts = ["host.docker.internal:host-gateway", "serverless-dev-mode-proxy:host-gateway"];
        let body = ContainerCreateBody {
            image: Some(image.to_owned()),
            env: Some(environment),
            exposed_ports: Some(vec![published.clone()]),
            labels: Some(self.labels(Some(name))),
            host_config: Some(HostConfig {
                memory: Some(memory),
                memory_swap: Some(memory),
                port_bindings: Some(HashMap::from([(published.clone(), Some(vec![loopback]))])),
                extra_hosts: Some(hosts.map(str::to_owned).to_vec()),
                network_mode: Some(self.network()),
                init: Some(false),
                ..HostConfig::default()
            }),
            networking_config: Some(NetworkingConfig {
                endpoints_config: Some(HashMap::from([(
                    self.network(),
                    EndpointSettings { aliases: Some(vec![name.clone()]), ..EndpointSettings::default() },
                )])),
            }),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::new().name(&self.container_name(name, start.number)).build();
        let made =
            self.client.create_container(Some(options), body).await.map_err(|e| fail("It cannot be made", &e))?;
        let id = made.id;
        if let Err(error) = self.client.start_container(&id, None).await {
            self.remove(&id).await;
            return Err(cannot_start(&start, &error));
        }
        let found = self.client.inspect_container(&id, None).await.map_err(|e| fail("It cannot be inspected", &e))?;
        let address = found.network_settings.and_then(|network| {
            let bindings = network.ports?.remove(&published)??;
            bindings.into_iter().find_map(|binding| binding.host_port?.parse().ok())
        });
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, address.unwrap_or(0)));
        let logs = tokio::spawn(follow(self.client.clone(), id.clone(), start.log.clone()));
        let (tell_end, ended) = watch::channel(None);
        let client = self.client.clone();
        let waited = id.clone();
        tokio::spawn(async move {
            let end = wait(&client, &waited).await;
            let _ = tokio::time::timeout(Duration::from_millis(500), logs).await;
            let _ = tell_end.send(Some(end));
        });
        Ok(Container { client: self.client.clone(), id, address, port, ended, last_usage: Mutex::default() })
    }

    async fn remove(&self, id: &str) {
        // It is removed by its label at the end, or at the next start.
        let _ = self
            .client
            .remove_container(id, Some(RemoveContainerOptionsBuilder::new().force(true).v(true).build()))
            .await;
    }

    fn network(&self) -> String {
        format!("slipway-{}", self.project.id)
    }

    fn container_name(&self, container: &str, number: u64) -> String {
        let container = sanitized(container);
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        format!("slipway-{}-{container}{suffix}", self.project.id)
    }

    fn labels(&self, container: Option<&str>) -> HashMap<String, String> {
        let mut labels = HashMap::from([
            (label::PROJECT.to_owned(), self.project.id.clone()),
            (label::CONFIG.to_owned(), self.project.config.clone()),
            (label::STAGE.to_owned(), self.project.stage.clone()),
            (label::OWNER.to_owned(), std::process::id().to_string()),
        ]);
        labels.extend(container.map(|container| (label::CONTAINER.to_owned(), container.to_owned())));
        labels
    }
}

impl Container {
    /// Where it listens, from the kernel's table: on Linux through its process, else by asking inside.
    pub(crate) async fn listeners(&self) -> Option<Vec<SocketAddr>> {
        let found = self.client.inspect_container(&self.id, None).await.ok()?;
        let pid = found.state?.pid.filter(|pid| *pid > 0)?;
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/net/{name}"));
        if let Ok(table) = read("tcp") {
            return Some(parse_table(&(table + &read("tcp6").unwrap_or_default())));
        }
        self.listeners_inside().await
    }

    async fn listeners_inside(&self) -> Option<Vec<SocketAddr>> {
        use bollard::exec::StartExecResults;
        use bollard::models::ExecConfig;
        let config = ExecConfig {
            cmd: Some(["cat", "/proc/net/tcp", "/proc/net/tcp6"].map(str::to_owned).to_vec()),
            attach_stdout: Some(true),
            ..ExecConfig::default()
        };
        let made = self.client.create_exec(&self.id, config).await.ok()?;
        let StartExecResults::Attached { mut output, .. } = self.client.start_exec(&made.id, None).await.ok()? else {
            return None;
        };
        let mut table = String::new();
        while let Some(Ok(piece)) = output.next().await {
            table.push_str(&String::from_utf8_lossy(&piece.into_bytes()));
        }
        (!table.is_empty()).then(|| parse_table(&table))
    }

    /// What it uses.
    pub(crate) async fn usage(&self) -> Option<Usage> {
        let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
        let stats = self.client.stats(&self.id, Some(options)).next().await?.ok()?;
        let memory = stats.memory_stats?;
        let total = stats.cpu_stats?.cpu_usage?.total_usage?;
        let now = Instant::now();
        let mut last = self.last_usage.lock().unwrap_or_else(PoisonError::into_inner);
        let cpu_percent = last.map_or(0.0, |(before, moment)| {
            let passed = now.duration_since(moment).as_nanos() as f64;
            if passed > 0.0 { total.saturating_sub(before) as f64 / passed * 100.0 } else { 0.0 }
        });
        *last = Some((total, now));
        // Files that the kernel keeps in memory are given back when they are needed.
        let cached = memory.stats.and_then(|stats| stats.get("inactive_file").copied()).unwrap_or(0);
        Some(Usage { cpu_percent, memory: memory.usage?.saturating_sub(cached), memory_limit: memory.limit })
    }

    /// Asks it to end.
    pub(crate) async fn terminate(&self) {
        let options = KillContainerOptionsBuilder::new().signal("SIGTERM").build();
        // One that has ended is what is wanted.
        let _ = self.client.kill_container(&self.id, Some(options)).await;
    }

    /// Ends and removes it.
    pub(crate) async fn stop(&self, grace: Duration) {
        let options = StopContainerOptionsBuilder::new().t(i32::try_from(grace.as_secs()).unwrap_or(10)).build();
        // One that has ended, or is gone already, is what is wanted; what stays is removed by its label later.
        let _ = self.client.stop_container(&self.id, Some(options)).await;
        let _ = self
            .client
            .remove_container(&self.id, Some(RemoveContainerOptionsBuilder::new().force(true).v(true).build()))
            .await;
    }
}

async fn follow(client: Client, id: String, log: LogSink) {
    let options = LogsOptionsBuilder::new().follow(true).stdout(true).stderr(true).build();
    let mut output = client.logs(&id, Some(options));
    let (mut out, mut err) = (Lines::default(), Lines::default());
    while let Some(Ok(piece)) = output.next().await {
        let (stream, lines, message) = match piece {
            LogOutput::StdErr { message } => (Stream::Stderr, &mut err, message),
            LogOutput::StdOut { message } | LogOutput::Console { message } => (Stream::Stdout, &mut out, message),
            LogOutput::StdIn { .. } => continue,
        };
        for line in lines.push(&message) {
            log.line(stream, line).await;
        }
    }
    for (stream, mut lines) in [(Stream::Stdout, out), (Stream::Stderr, err)] {
        if let Some(line) = lines.rest() {
            log.line(stream, line).await;
        }
    }
}

async fn wait(client: &Client, id: &str) -> Ended {
    let options = WaitContainerOptionsBuilder::new().condition("not-running").build();
    let answer = client.wait_container(id, Some(options)).next().await;
    let code = match answer {
        Some(Ok(answer)) => Some(answer.status_code),
        // Any code but 0 arrives as an error.
        Some(Err(Error::DockerContainerWaitError { code, .. })) => Some(code),
        _ => None,
    };
    let state = client.inspect_container(id, None).await.ok().and_then(|found| found.state);
    let state = state.unwrap_or_default();
    Ended {
        code,
        out_of_memory: state.oom_killed.unwrap_or(false),
        error: state.error.filter(|error| !error.is_empty()),
    }
}

fn not_reachable(host: &str, error: &Error) -> Diagnosis {
    let text = error_chain(error);
    if text.contains("ermission denied") {
        return Diagnosis::of_session(
            Code::EngineNotPermitted,
            format!("Docker's socket {host} may not be used by this user."),
        )
        .evidence([text])
        .remedy("Add yourself to the group `docker` and log in again, or use rootless Docker.");
    }
    Diagnosis::of_session(Code::EngineNotReachable, format!("Docker does not answer at {host}."))
        .evidence([text])
        .remedy("Start Docker, or run the containers as processes of this machine: `--runtime process`.")
}

/// What the engine refused to do.
fn refused(what: &str, error: &Error) -> Diagnosis {
    let text = error_chain(error);
    if text.contains("no space left on device") {
        return Diagnosis::of_session(Code::DiskFull, format!("{what}: the disk of Docker is full."))
            .remedy("Make room: `docker system prune` removes what nobody uses.");
    }
    Diagnosis::of_session(Code::NotReady, format!("{what}: {text}."))
}

fn cannot_start(start: &Start<'_>, error: &Error) -> Diagnosis {
    let name = &start.service.name;
    let text = error_chain(error);
    if text.contains("exec format error") {
        let ended = Ended { error: Some(text), ..Ended::default() };
        return ended.diagnosis(start.service, Vec::new());
    }
    if text.contains("executable file not found") || text.contains("no such file or directory") {
        return Diagnosis::of(name, Code::ProgramMissing, "The program of its CMD or ENTRYPOINT is not in the image.")
            .evidence([text])
            .remedy(
                "Give the whole path of the program as it is in the image, and make sure that it is copied there.",
            );
    }
    if text.contains("permission denied") {
        return Diagnosis::of(name, Code::ContainerExited, "The program of its CMD or ENTRYPOINT cannot be executed.")
            .evidence([text])
            .remedy("Make it executable in the Dockerfile: `RUN chmod +x …`.");
    }
    Diagnosis { container: Some(name.clone()), ..refused("It cannot be started", error) }
}

fn error_chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text.trim_end().trim_end_matches('.').to_owned()
}

/// A name in the characters that engines take for names of containers and images.
fn sanitized(name: &str) -> String {
    let kept = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
    let kept = kept.trim_matches('-');
    if kept.is_empty() { "x".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_engines_take() {
        for (name, expected) in [("api", "api"), ("my_api", "my-api"), ("A", "a"), ("ä", "x"), ("-x-", "x")] {
            assert_eq!(sanitized(name), expected);
        }
    }
}
