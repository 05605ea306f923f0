//! A session: everything that runs for one project, from start to stop.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use slipway_balancer::group::{Address, GroupSettings, Kind, Lambda};
use slipway_balancer::settings::{Names, Unmatched};
use slipway_balancer::{Balancer, Rules, TargetGroup};
use slipway_lang::model::ComputeType;
use slipway_lang::routing::{Profile, Table};
use slipway_lang::service::Service;
use slipway_project::Settings;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use crate::bus::Bus;
use crate::configuration::Configuration;
use crate::control::{Control, Shown};
use crate::diagnosis::{Code, Diagnosis};
use crate::environment::Facts;
use crate::event::{Event, RouteRow, Stamped};
use crate::functions;
use crate::leftovers::{Earlier, Register, project_id};
use crate::requests::{KEPT_BODY, Recorder};
use crate::runtime::Runtime;
use crate::runtime::docker::{Docker, Project};
use crate::runtime::process::Processes;
use crate::schedules::Schedules;
use crate::source::watch::{WatchError, Watcher};
use crate::source::{Selection, Snapshot};
use crate::state::States;
use crate::stop;
use crate::supervisor::{Command, Shared, Supervisor};
use crate::usage::Usages;

/// How long files have to be quiet before a change counts: editors and tools write more than once.
const QUIET: Duration = Duration::from_millis(60);

/// What a session is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The configuration file.
    pub config: PathBuf,
    /// What the command line says about the project.
    pub settings: Settings,
    /// Where the balancer listens.
    pub host: IpAddr,
    /// Its port; 0 takes a free one.
    pub port_proxy: u16,
    /// The port of the control API; none for no control API, 0 takes a free one.
    pub port_control: Option<u16>,
    /// What runs the containers.
    pub runtime: RuntimeChoice,
    /// The containers to start; empty for all.
    pub containers: Vec<String>,
    /// Containers that run elsewhere: names and addresses.
    pub targets: Vec<(String, Address)>,
    /// Whether changes of files start containers anew.
    pub reload: bool,
    /// Whether schedules fire on time.
    pub schedules: bool,
    /// Whose routing is stood in for; none for that of the deployment type.
    pub profile: Option<Profile>,
    /// The file that gets a line for each request.
    pub access_log: Option<PathBuf>,
    /// How long a container may take until it answers.
    pub ready_timeout: Duration,
    /// Where sessions note what they started, for the next one after a kill.
    pub register: PathBuf,
}

/// What runs the containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuntimeChoice {
    /// Docker where an engine answers, else processes.
    #[default]
    Auto,
    /// Docker.
    Docker,
    /// Processes of this machine.
    Process,
}

/// Why a session did not start.
#[derive(Clone, Debug)]
pub enum StartError {
    /// The configuration has errors: a sentence each.
    Configuration(Vec<String>),
    /// A name that is no container's.
    Usage(String),
    /// Another session of the project runs: its process.
    LiveSession(u32),
    /// Something that the session needs is not to be had.
    Environment(Box<Diagnosis>),
}

/// A session that runs.
pub struct Session {
    events: mpsc::Receiver<Arc<Stamped>>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Session {
    /// Starts one. Containers come up while it runs; events tell how far they are.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (stop, stopped) = watch::channel(false);
        let (running, events) = Running::start(options, stopped.clone()).await?;
        let task = tokio::spawn(running.run(stopped));
        Ok(Self { events, stop, task })
    }

    /// The next event; none when the session is over.
    pub async fn next(&mut self) -> Option<Arc<Stamped>> {
        self.events.recv().await
    }

    /// Asks it to end. Events go on until it has.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until everything that it started is gone.
    pub async fn finished(self) {
        // It ends by itself; a panic in it was printed already.
        let _ = self.task.await;
    }
}

/// Removes what a killed session of a project left. Answers how many containers that were.
pub async fn clean(options: &Options) -> Result<usize, StartError> {
    let config = options.config.canonicalize().unwrap_or_else(|_| options.config.clone());
    let (folder, name) = slipway_project::split_path(&config);
    let stage = slipway_project::Project::open(&folder, name, &options.settings).stage;
    let id = project_id(&config, &stage);
    let (register, earlier) = Register::open(&options.register, &id).map_err(|error| {
        let message = format!("What sessions noted in {} cannot be read: {error}.", options.register.display());
        StartError::Environment(Box::new(Diagnosis::of_session(Code::DiskFull, message)))
    })?;
    let ended = match earlier {
        Earlier::Alive(owner) => return Err(StartError::LiveSession(owner)),
        Earlier::None => 0,
        Earlier::Removed(count) => count,
    };
    register.close();
    let project = Project { id, config: config.to_string_lossy().into_owned(), stage };
    // Without an engine there is nothing of it to remove.
    let Ok(docker) = Docker::connect(project).await else { return Ok(ended) };
    let removed = docker.clean().await.map_err(|error| {
        let message = format!("What an earlier session left cannot be removed: {error}.");
        StartError::Environment(Box::new(Diagnosis::of_session(Code::EngineNotReachable, message)))
    })?;
    Ok(ended + removed)
}

/// A container of the session.
struct Member {
    service: Service,
    group: Arc<TargetGroup>,
    /// None for one that runs elsewhere, and for one that was not asked for.
    supervised: Option<Supervised>,
}

struct Supervised {
    commands: mpsc::Sender<Command>,
    stop: watch::Sender<bool>,
    selection: Selection,
    snapshot: Snapshot,
}

struct Running {
    options: Options,
    config: PathBuf,
    configuration: Configuration,
    members: BTreeMap<String, Member>,
    balancer: Balancer,
    control: Option<Control>,
    shared: Shared,
    register: Register,
    supervisors: JoinSet<()>,
    first: Vec<oneshot::Receiver<()>>,
    watcher: Option<Watcher>,
    schedules: Schedules,
    changes: mpsc::UnboundedReceiver<PathBuf>,
    commands: mpsc::Receiver<(String, Command)>,
    shown: Shown,
}

impl Running {
    async fn start(
        options: Options,
        stopped: watch::Receiver<bool>,
    ) -> Result<(Self, mpsc::Receiver<Arc<Stamped>>), StartError> {
        let config = options.config.canonicalize().unwrap_or_else(|_| options.config.clone());
        let configuration =
            Configuration::read(&config, &options.settings).map_err(|refused| StartError::Configuration(refused.0))?;
        check_names(&options, &configuration)?;
        let (bus, events) = Bus::new(configuration.redactor.clone());
        let id = project_id(&config, &configuration.stage);
        let (register, earlier) = Register::open(&options.register, &id).map_err(|error| {
            let message =
                format!("What the session starts cannot be noted in {}: {error}.", options.register.display());
            StartError::Environment(Box::new(Diagnosis::of_session(Code::DiskFull, message)))
        })?;
        let mut leftovers = match earlier {
            Earlier::None => 0,
            Earlier::Removed(count) => count,
            Earlier::Alive(owner) => return Err(StartError::LiveSession(owner)),
        };
        let environment = |diagnosis: Diagnosis| StartError::Environment(Box::new(diagnosis));
        let needs_runtime = configuration.services.iter().any(|service| is_started(&options, service));
        let choice = if needs_runtime { options.runtime } else { RuntimeChoice::Process };
        let project = Project {
            id: id.clone(),
            config: config.to_string_lossy().into_owned(),
            stage: configuration.stage.clone(),
        };
        let (runtime, removed) = runtime(choice, project, &register, &bus).await.map_err(environment)?;
        leftovers += removed;
        if leftovers > 0 {
            let message = format!(
                "An earlier session was killed; {leftovers} of its containers were still there and were removed."
            );
            bus.diagnose(Diagnosis::of_session(Code::LeftoversRemoved, message).info()).await;
        }
        let states = States::default();
        let recorder = Recorder::new(bus.clone(), states.clone());
        let groups: BTreeMap<String, Arc<TargetGroup>> =
            configuration.services.iter().map(|service| (service.name.clone(), group(&options, service))).collect();
        let rules = rules(&options, &configuration, &groups);
        let settings = balancer_settings(&options, &configuration);
        let balancer = Balancer::start(settings, rules, Arc::new(recorder.clone()))
            .await
            .map_err(|error| environment(port_diagnosis(options.port_proxy, "--port-proxy", &error)))?;
        let proxy = balancer.addresses()[0];
        let facts = Facts {
            project: configuration.project.clone(),
            stage: configuration.stage.clone(),
            region: configuration.region.clone(),
            proxy_port: proxy.port(),
            streams: options.profile.unwrap_or(configuration.profile) != Profile::SlipwayApi,
        };
        let shared = Shared {
            runtime: Arc::new(runtime),
            bus: bus.clone(),
            states: states.clone(),
            usage: Usages::default(),
            looks_at_usage: options.port_control.is_some(),
            facts,
            ready_timeout: options.ready_timeout,
        };
        let (send_command, commands) = mpsc::channel(16);
        let shown = Shown::new(proxy, shared.clone(), recorder, send_command);
        let control = match options.port_control {
            None => None,
            Some(port) => Some(
                Control::start(port, shown.clone(), stopped)
                    .await
                    .map_err(|error| environment(port_diagnosis(port, "--port-control", &error)))?,
            ),
        };
        let (send_change, changes) = mpsc::unbounded_channel();
        let watcher = if options.reload { Watcher::new(send_change).ok() } else { None };
        let mut running = Self {
            config,
            members: BTreeMap::new(),
            balancer,
            control,
            shared,
            register,
            supervisors: JoinSet::new(),
            first: Vec::new(),
            watcher,
            schedules: Schedules::default(),
            changes,
            commands,
            shown,
            options,
            configuration,
        };
        for service in running.configuration.services.clone() {
            let group = Arc::clone(&groups[&service.name]);
            running.add(service, group).await;
        }
        running.show();
        running.follow().await;
        Ok((running, events))
    }

    /// Takes a container in, and starts it unless it runs elsewhere.
    async fn add(&mut self, service: Service, group: Arc<TargetGroup>) {
        let name = service.name.clone();
        if let Some((_, address)) = self.options.targets.iter().find(|(container, _)| *container == name) {
            match &group.settings().kind {
                Kind::Http => _ = group.register(address.clone()),
                Kind::Lambda(lambda) => {
                    match functions::remote(&service, address.host.clone(), address.port, &self.shared).await {
                        Ok(function) => _ = lambda.set(function),
                        Err(error) => {
                            self.shared
                                .bus
                                .note(Some(&name), format!("Its function cannot be started: {error}."))
                                .await;
                        }
                    }
                }
            }
            self.shared.states.add(&name, service.route.compute.name());
            self.shared.states.change(&name, |state| {
                state.phase = crate::state::Phase::Running;
                state.artifact = Some(format!("target {address}"));
            });
            self.members.insert(name, Member { service, group, supervised: None });
            return;
        }
        if !is_started(&self.options, &service) {
            self.members.insert(name, Member { service, group, supervised: None });
            return;
        }
        self.warn_about(&service).await;
        let folder = self.configuration.source_of(&service);
        let selection = Selection::new(&service, &folder, matches!(*self.shared.runtime, Runtime::Docker(_)));
        let snapshot =
            if self.watcher.is_some() { take(&selection, &Snapshot::default()).await } else { Snapshot::default() };
        let (commands, receive) = mpsc::channel(16);
        let (stop, stopped) = watch::channel(false);
        let (first, came_up) = oneshot::channel();
        let supervisor = Supervisor::new(service.clone(), folder, Arc::clone(&group), self.shared.clone());
        self.supervisors.spawn(supervisor.run(receive, first, stopped));
        self.first.push(came_up);
        let supervised = Supervised { commands, stop, selection, snapshot };
        self.members.insert(name, Member { service, group, supervised: Some(supervised) });
    }

    async fn warn_about(&self, service: &Service) {
        if let Some(port) = service.environment.get("PORT").filter(|port| *port != "8080") {
            let message = format!("`environment` sets PORT to {port}; deployed, it is asked on 8080 all the same.");
            let diagnosis = Diagnosis::of(&service.name, Code::PortOverridden, message).warning();
            self.shared.bus.diagnose(diagnosis.remedy("Leave PORT out of `environment`.")).await;
        }
        if !service.unknown_environment.is_empty() {
            let names = service.unknown_environment.join(", ");
            let message = format!("Only a deployment knows the value of {names}, so it runs without.");
            let diagnosis = Diagnosis::of(&service.name, Code::MissingVariable, message).warning();
            self.shared.bus.diagnose(diagnosis.remedy("Give a value in `.env`, or with `--param`.")).await;
        }
    }

    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut ready = false;
        let mut first = std::mem::take(&mut self.first);
        let mut pending: Vec<PathBuf> = Vec::new();
        let mut quiet_at: Option<Instant> = None;
        loop {
            tokio::select! {
                () = stop::asked(&mut stopped) => break,
                () = all(&mut first), if !ready => {
                    ready = true;
                    self.shared.bus.tell(self.ready()).await;
                    self.schedule().await;
                }
                Some(path) = self.changes.recv() => {
                    pending.push(path);
                    quiet_at = Some(Instant::now() + QUIET);
                }
                () = until(quiet_at) => {
                    quiet_at = None;
                    self.changed(std::mem::take(&mut pending)).await;
                }
                Some((container, command)) = self.commands.recv() => {
                    if let Some(supervised) = self.members.get(&container).and_then(|member| member.supervised.as_ref()) {
                        // One that ended with the session takes no more commands.
                        let _ = supervised.commands.send(command).await;
                    }
                }
            }
        }
        self.stop().await;
    }

    fn ready(&self) -> Event {
        let address = |address: SocketAddr| format!("http://{address}");
        Event::Ready {
            proxy: address(self.balancer.addresses()[0]),
            control: self.control.as_ref().map(|control| address(control.address())),
            runtime: self.shared.runtime.name(),
            routes: self.shown.routes(),
        }
    }

    /// Switches the schedules on, if they are wanted.
    async fn schedule(&mut self) {
        if !self.options.schedules {
            return;
        }
        self.schedules = Schedules::of(&self.configuration.services, self.balancer.addresses()[0], &self.shared);
        self.shared.bus.note(None, format!("Schedules that fire on time: {}.", self.schedules.len())).await;
    }

    /// Shows the routing table to those who ask for it.
    fn show(&self) {
        let table = table(&self.options, &self.configuration);
        let rules = table.rules();
        let priority = |route: usize| {
            let own = |rule: &&slipway_lang::routing::alb::Rule| matches!(rule.action, slipway_lang::routing::alb::Action::Forward(index) if index == route);
            rules.iter().find(own).map(|rule| rule.priority)
        };
        let mut rows: Vec<(usize, RouteRow)> = Vec::new();
        for (index, route) in table.routes().iter().enumerate() {
            let row = RouteRow {
                container: route.container.clone(),
                domain: route.domain.clone(),
                path_pattern: route.path_pattern.clone(),
                priority: priority(index),
                compute: route.compute.name(),
            };
            rows.push((index, row));
        }
        let order = slipway_lang::routing::order::most_specific_first(table.routes());
        rows.sort_by_key(|(index, _)| order.iter().position(|at| at == index));
        self.shown.set(rows.into_iter().map(|(_, row)| row).collect(), table, &self.configuration);
    }

    /// Watches what belongs to the containers, and the configuration's own folder.
    async fn follow(&mut self) {
        let Some(watcher) = &self.watcher else { return };
        let folder = self.config.parent().unwrap_or(Path::new("."));
        let mut result = watcher.watch(folder);
        for supervised in self.members.values().filter_map(|member| member.supervised.as_ref()) {
            result = result.and_then(|()| watcher.follow(&supervised.selection));
        }
        if let Err(error) = result {
            let remedy = match error {
                WatchError::Limit => "Raise the limit: `sysctl fs.inotify.max_user_watches=524288`.",
                WatchError::Other(_) => {
                    "Changes are not noticed; use the dashboard or the control API to restart a container."
                }
            };
            let message = format!("Not all folders can be watched: {error}.");
            self.shared.bus.diagnose(Diagnosis::of_session(Code::WatchLimit, message).warning().remedy(remedy)).await;
        }
    }

    /// Finds out what a change of files means, and tells those whom it concerns.
    async fn changed(&mut self, paths: Vec<PathBuf>) {
        let is_own = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path == &self.config
                || (name == ".env" || name.starts_with(".env.")) && path.parent() == self.config.parent()
        };
        if paths.iter().any(is_own) {
            self.reconfigure().await;
        }
        let at = Instant::now();
        let watcher = self.watcher.as_ref();
        for member in self.members.values_mut() {
            let Some(supervised) = &mut member.supervised else { continue };
            let concerns = |path: &PathBuf| {
                path.starts_with(supervised.selection.root())
                    && path.parent().is_none_or(|folder| supervised.selection.enters(folder))
            };
            if !paths.iter().any(concerns) {
                continue;
            }
            if let Some(watcher) = watcher {
                // A folder that came since is watched from now on; its limit was told at the start.
                let _ = watcher.follow(&supervised.selection);
            }
            let now = take(&supervised.selection, &supervised.snapshot).await;
            let changed = now.changed_since(&supervised.snapshot);
            supervised.snapshot = now;
            let Some(first) = changed.first() else { continue };
            let first = first.strip_prefix(&self.configuration.folder).unwrap_or(first).display();
            let reason = match changed.len() {
                1 => format!("{first} changed"),
                more => format!("{first} and {} more changed", more - 1),
            };
            let _ = supervised.commands.send(Command::Changed { reason, at }).await;
        }
    }

    /// Applies a changed configuration; one with errors changes nothing.
    async fn reconfigure(&mut self) {
        let next = match Configuration::read(&self.config, &self.options.settings) {
            Ok(next) => next,
            Err(refused) => {
                let message = "The configuration has errors, so everything goes on as before.";
                let diagnosis = Diagnosis::of_session(Code::ConfigurationRefused, message).evidence(refused.0);
                self.shared.bus.diagnose(diagnosis).await;
                return;
            }
        };
        let same = next.services == self.configuration.services && next.profile == self.configuration.profile;
        self.configuration = next;
        self.shared.bus.hide(self.configuration.redactor.clone());
        if same {
            return;
        }
        let services = self.configuration.services.clone();
        let gone: Vec<String> = self
            .members
            .keys()
            .filter(|name| !services.iter().any(|service| service.name == **name))
            .cloned()
            .collect();
        for service in services {
            match self.members.get_mut(&service.name) {
                None => {
                    let group = group(&self.options, &service);
                    self.add(service, group).await;
                }
                Some(member) if member.service != service => {
                    let only_route = Service { route: service.route.clone(), ..member.service.clone() } == service;
                    let health = service.health_path != member.service.health_path;
                    member.service = service.clone();
                    if health {
                        member.group = group(&self.options, &service);
                    }
                    let builds_image = matches!(*self.shared.runtime, Runtime::Docker(_));
                    let folder = self.configuration.folder.join(&service.src);
                    if let Some(supervised) = &mut member.supervised {
                        supervised.selection = Selection::new(&service, &folder, builds_image);
                        supervised.snapshot = take(&supervised.selection, &supervised.snapshot).await;
                        if !only_route {
                            let _ = supervised.commands.send(Command::Replace(Box::new(service))).await;
                        }
                    }
                }
                Some(_) => {}
            }
        }
        let groups = self.members.iter().map(|(name, member)| (name.clone(), Arc::clone(&member.group))).collect();
        self.balancer.replace(rules(&self.options, &self.configuration, &groups));
        for name in gone {
            if let Some(Member { supervised: Some(supervised), .. }) = self.members.remove(&name) {
                supervised.stop.send_replace(true);
            }
            self.shared.states.remove(&name);
        }
        self.show();
        self.follow().await;
        self.schedule().await;
        self.shared.bus.note(None, "The changed configuration is in force.").await;
    }

    async fn stop(mut self) {
        self.shared.bus.tell(Event::Stopping { reason: "asked to".to_owned() }).await;
        for member in self.members.values() {
            if let Some(supervised) = &member.supervised {
                supervised.stop.send_replace(true);
            }
        }
        let all_gone = async { while self.supervisors.join_next().await.is_some() {} };
        // Each ends its container within a few seconds.
        let _ = tokio::time::timeout(Duration::from_secs(9), all_gone).await;
        self.balancer.stop(Duration::from_millis(500)).await;
        if let Runtime::Docker(docker) = &*self.shared.runtime
            && let Err(error) = docker.clean().await
        {
            self.shared
                .bus
                .note(None, format!("Not everything could be removed: {error}. The next start tries again."))
                .await;
        } else {
            self.register.close();
        }
        self.shared.bus.tell(Event::Stopped).await;
    }
}

async fn take(selection: &Selection, before: &Snapshot) -> Snapshot {
    let (selection, before) = (selection.clone(), before.clone());
    tokio::task::spawn_blocking(move || Snapshot::take(&selection, &before)).await.unwrap_or_default()
}

/// Waits for all of them. One that is dropped came up as well as it could.
async fn all(first: &mut Vec<oneshot::Receiver<()>>) {
    while let Some(next) = first.last_mut() {
        let _ = next.await;
        first.pop();
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}

fn check_names(options: &Options, configuration: &Configuration) -> Result<(), StartError> {
    let named = options.containers.iter().chain(options.targets.iter().map(|(name, _)| name));
    for name in named {
        if !configuration.services.iter().any(|service| service.name == *name) {
            let known: Vec<&str> = configuration.services.iter().map(|service| &*service.name).collect();
            return Err(StartError::Usage(format!("there is no container `{name}`; there are: {}", known.join(", "))));
        }
    }
    Ok(())
}

fn is_started(options: &Options, service: &Service) -> bool {
    let elsewhere = options.targets.iter().any(|(name, _)| *name == service.name);
    !elsewhere && (options.containers.is_empty() || options.containers.contains(&service.name))
}

async fn runtime(
    choice: RuntimeChoice,
    project: Project,
    register: &Register,
    bus: &Bus,
) -> Result<(Runtime, usize), Diagnosis> {
    let processes = || Runtime::Process(Processes::new(register.clone()));
    if choice == RuntimeChoice::Process {
        return Ok((processes(), 0));
    }
    let docker = match Docker::connect(project).await {
        Ok(docker) => docker,
        Err(diagnosis) if choice == RuntimeChoice::Auto => {
            let message = format!("{} The containers run as processes of this machine.", diagnosis.message);
            bus.note(None, message).await;
            return Ok((processes(), 0));
        }
        Err(diagnosis) => return Err(diagnosis),
    };
    let removed = docker.clean().await.map_err(|error| {
        Diagnosis::of_session(
            Code::EngineNotReachable,
            format!("What an earlier session left cannot be removed: {error}."),
        )
    })?;
    docker.make_network().await?;
    Ok((Runtime::Docker(docker), removed))
}

fn group(options: &Options, service: &Service) -> Arc<TargetGroup> {
    let settings = GroupSettings::new(service.name.clone(), service.health_path.clone());
    // The original tool's development mode speaks plain HTTP to functions, too.
    let is_function = service.route.compute == ComputeType::Lambda && options.profile != Some(Profile::Devproxy);
    let kind = if is_function { Kind::Lambda(Lambda::pending()) } else { Kind::Http };
    TargetGroup::new(GroupSettings { kind, ..settings })
}

fn table(options: &Options, configuration: &Configuration) -> Table {
    let routes = configuration.services.iter().map(|service| service.route.clone()).collect();
    Table::new(routes, options.profile.unwrap_or(configuration.profile))
}

fn rules(options: &Options, configuration: &Configuration, groups: &BTreeMap<String, Arc<TargetGroup>>) -> Rules {
    let table = table(options, configuration);
    let groups = table.routes().iter().map(|route| Arc::clone(&groups[&route.container])).collect();
    Rules { table, groups }
}

fn balancer_settings(options: &Options, configuration: &Configuration) -> slipway_balancer::Settings {
    slipway_balancer::Settings {
        listen: vec![SocketAddr::new(options.host, options.port_proxy)],
        unmatched: Unmatched::AsDeployed,
        access_log: options.access_log.clone(),
        capture: options.port_control.map(|_| KEPT_BODY),
        names: Names {
            project: configuration.project.clone(),
            stage: configuration.stage.clone(),
            region: configuration.region.clone(),
            ..Names::default()
        },
        ..slipway_balancer::Settings::default()
    }
}

fn port_diagnosis(port: u16, flag: &str, error: &std::io::Error) -> Diagnosis {
    if error.kind() != std::io::ErrorKind::AddrInUse {
        let message = format!("Port {port} cannot be listened on: {error}.");
        return Diagnosis::of_session(Code::PortInUse, message).remedy(format!("Choose another one with `{flag}`."));
    }
    let holders = listeners::get_processes_by_port(port).unwrap_or_default();
    let holders: Vec<String> =
        holders.into_iter().map(|process| format!("`{}` (process {})", process.name, process.pid)).collect();
    let holder = if holders.is_empty() { String::new() } else { format!(" by {}", holders.join(", ")) };
    Diagnosis::of_session(Code::PortInUse, format!("Port {port} is taken{holder}."))
        .remedy(format!("End that program, or choose another port: `{flag} 0` takes a free one."))
}
