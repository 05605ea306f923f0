//! Looks after one container: builds it, starts it, waits until it answers, replaces it after a change, and starts it again
//! when it ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use slipway_balancer::TargetGroup;
use slipway_balancer::group::{Kind, Lambda, TargetId};
use slipway_lambda::function::Function;
use slipway_lang::model::ComputeType;
use slipway_lang::service::{Compute, Service};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use crate::bus::{Bus, LogSink};
use crate::diagnosis::exit::Ended;
use crate::diagnosis::listeners::{self, Verdict, judge};
use crate::diagnosis::{Code, Diagnosis};
use crate::environment::{self, Facts};
use crate::event::{Event, Health, Phase};
use crate::functions::{self, Running as Environments};
use crate::probe::{self, Answer};
use crate::runtime::{Artifact, Instance, Runtime, Start};
use crate::state::{self, Running, States};
use crate::stop;
use crate::usage::Usages;

/// How long a container may take to stop when the session ends.
const LAST_GRACE: Duration = Duration::from_secs(3);
/// How long a replaced one may take.
const GRACE: Duration = Duration::from_secs(5);
/// Waits before a container that ended is started again. Behind the last one only a change starts it.
const BACKOFF: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(10),
];
/// One that ran for so long did not crash at its start.
const STABLE: Duration = Duration::from_mins(1);
/// The time between two looks at what a container uses.
const USAGE_INTERVAL: Duration = Duration::from_secs(2);
/// Lines of its log that a diagnosis shows.
const SHOWN_LINES: usize = 20;

/// What a supervisor is told to do.
pub(crate) enum Command {
    /// Its source changed.
    Changed {
        /// What changed, as people are told.
        reason: String,
        /// When it was noticed.
        at: Instant,
    },
    /// Its configuration changed.
    Replace(Box<Service>),
    /// Somebody wants it started anew.
    Restart,
}

/// What all supervisors of a session share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) bus: Bus,
    pub(crate) states: States,
    pub(crate) usage: Usages,
    /// Whether anybody wants to know what containers use.
    pub(crate) looks_at_usage: bool,
    pub(crate) facts: Facts,
    /// How long a container may take until it answers.
    pub(crate) ready_timeout: Duration,
}

/// Looks after one container.
pub(crate) struct Supervisor {
    service: Service,
    folder: PathBuf,
    group: Arc<TargetGroup>,
    shared: Shared,
    serving: Vec<Serving>,
    /// The function, for a container that is one.
    function: Option<Serves>,
    /// Started, and not known to answer yet.
    candidates: Vec<Candidate>,
    artifact: Option<Artifact>,
    started: Arc<AtomicU64>,
    crashes: usize,
    up_since: Instant,
    stopping: JoinSet<()>,
}

struct Serving {
    instance: Arc<Instance>,
    target: TargetId,
    log: LogSink,
}

/// A function with its environments.
struct Serves {
    function: Arc<Function>,
    running: Environments,
}

struct Candidate {
    instance: Arc<Instance>,
    log: LogSink,
}

/// Why a container does not run.
struct Failure {
    diagnosis: Diagnosis,
    /// Whether another try without a change may help.
    again: bool,
}

impl From<Diagnosis> for Failure {
    fn from(diagnosis: Diagnosis) -> Self {
        Self { diagnosis, again: false }
    }
}

impl Supervisor {
    /// Looks after a container whose source stands in `folder` and whose requests the group takes.
    pub(crate) fn new(service: Service, folder: PathBuf, group: Arc<TargetGroup>, shared: Shared) -> Self {
        shared.states.add(&service.name, service.route.compute.name());
        Self {
            service,
            folder,
            group,
            shared,
            serving: Vec::new(),
            function: None,
            candidates: Vec::new(),
            artifact: None,
            started: Arc::default(),
            crashes: 0,
            up_since: Instant::now(),
            stopping: JoinSet::new(),
        }
    }

    /// Runs until it is told to stop. Says when the container was started for the first time, whether it answers or not.
    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        first: oneshot::Sender<()>,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut first = Some(first);
        let mut next = Some(Cause::start());
        let mut stopped = false;
        while !stopped {
            let Some(cause) = next.take() else {
                tokio::select! {
                    () = stop::asked(&mut stop) => stopped = true,
                    command = commands.recv() => match command {
                        Some(command) => next = Some(self.cause(command)),
                        None => stopped = true,
                    },
                    (at, ended) = ended(&self.serving) => next = self.lost(at, ended).await,
                    () = tokio::time::sleep(USAGE_INTERVAL), if self.shared.looks_at_usage => self.look_at_usage().await,
                }
                continue;
            };
            // A newer change, and the end of the session, overtake a start that is under way.
            let result = tokio::select! {
                result = async {
                    tokio::time::sleep(cause.wait).await;
                    self.bring_up(&cause).await
                } => Some(result),
                () = stop::asked(&mut stop) => { stopped = true; None }
                command = commands.recv() => { next = command.map(|command| self.cause(command)); None }
            };
            self.drop_candidates();
            if let Some(result) = result {
                next = self.settle(&cause, result).await;
                if let Some(first) = first.take() {
                    // Nobody waits any more when the session ends already.
                    let _ = first.send(());
                }
            }
        }
        self.stop_all().await;
    }

    async fn look_at_usage(&self) {
        let mut instances: Vec<_> = self.serving.iter().map(|serving| Arc::clone(&serving.instance)).collect();
        instances.extend(self.function.iter().flat_map(|serves| serves.running.instances()));
        let running = self.running();
        self.shared.states.change(&self.service.name, |state| state.instances = running);
        self.shared.usage.look(&self.service.name, &instances).await;
    }

    fn cause(&mut self, command: Command) -> Cause {
        self.crashes = 0;
        match command {
            Command::Changed { reason, at } => Cause { at, ..Cause::change(reason) },
            Command::Restart => Cause { rebuild: false, ..Cause::change("restart".to_owned()) },
            Command::Replace(service) => {
                let rebuild = service.build != self.service.build || service.src != self.service.src;
                self.service = *service;
                Cause { rebuild, ..Cause::change("configuration changed".to_owned()) }
            }
        }
    }

    /// Starts the container, and puts it in the place of the one that serves once it answers.
    async fn bring_up(&mut self, cause: &Cause) -> Result<(), Failure> {
        let name = self.service.name.clone();
        let bus = self.shared.bus.clone();
        if let Some(reason) = &cause.reason {
            bus.tell(reload(&name, reason, Phase::Started, None)).await;
            if cause.rebuild {
                self.hook().await;
            }
        }
        if !self.serves() {
            self.group.set_hold(true);
        }
        if cause.rebuild || self.artifact.is_none() {
            self.build().await?;
        }
        if self.serving.iter().any(|serving| !serving.instance.allows_another()) {
            // Both want the same port of this machine, so requests wait while the one makes room for the other.
            self.group.set_hold(true);
            let before = std::mem::take(&mut self.serving);
            for serving in before {
                self.group.deregister(serving.target);
                serving.instance.stop(GRACE).await;
            }
        }
        self.shared.states.change(&name, |state| state.phase = state::Phase::Starting);
        let has_served = self.serves();
        if let Kind::Lambda(lambda) = self.group.settings().kind.clone() {
            self.start_function(&lambda).await?;
        } else {
            let mut addresses = Vec::new();
            for _ in 0..self.instances() {
                addresses.push(self.start_one().await?);
            }
            self.take_over(addresses);
        }
        self.now_serves(has_served);
        bus.tell(Event::Health { container: name.clone(), status: Health::Healthy, detail: None }).await;
        if let Some(reason) = &cause.reason {
            bus.tell(reload(&name, reason, Phase::Ready, Some(cause.at))).await;
        }
        Ok(())
    }

    fn instances(&self) -> u32 {
        match self.service.compute {
            Compute::Fargate { tasks, .. } => tasks.min(4),
            Compute::Lambda { .. } => 1,
        }
    }

    async fn build(&mut self) -> Result<(), Diagnosis> {
        let name = &self.service.name;
        let bus = &self.shared.bus;
        self.shared.states.change(name, |state| {
            if state.instances.is_empty() {
                state.phase = state::Phase::Building;
            }
        });
        let told = |phase, since: Option<Instant>| Event::Build {
            container: name.clone(),
            phase,
            duration_ms: since.map(|since| since.elapsed().as_millis() as u64),
        };
        let began = Instant::now();
        bus.tell(told(Phase::Started, None)).await;
        match self.shared.runtime.build(&self.service, &self.folder, bus).await {
            Ok(artifact) => {
                self.shared.states.change(name, |state| {
                    state.artifact = Some(match &artifact {
                        Artifact::Image(image) => image.clone(),
                        Artifact::Launch(launch) => launch.words(),
                    });
                });
                self.artifact = Some(artifact);
                bus.tell(told(Phase::Ready, Some(began))).await;
                Ok(())
            }
            Err(diagnosis) => {
                bus.tell(told(Phase::Failed, Some(began))).await;
                Err(diagnosis)
            }
        }
    }

    /// Runs `dev.hooks.onreload` in the source folder.
    async fn hook(&self) {
        let Some(command) = &self.service.dev.on_reload else { return };
        let mut shell = tokio::process::Command::new("sh");
        shell.arg("-c").arg(command).current_dir(&self.folder).stdin(std::process::Stdio::null()).kill_on_drop(true);
        let failed = match shell.output().await {
            Ok(output) if output.status.success() => return,
            Ok(output) => (output.status.to_string(), String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => (error.to_string(), String::new()),
        };
        let lines = failed.1.lines().map(str::to_owned);
        let message = format!("`{command}` of `dev.hooks.onreload` failed: {}.", failed.0);
        self.shared.bus.diagnose(Diagnosis::of(&self.service.name, Code::HookFailed, message).evidence(lines)).await;
    }

    /// Starts an instance and waits until it answers. Answers where it is asked.
    async fn start_one(&mut self) -> Result<std::net::SocketAddr, Failure> {
        let log = LogSink::new(self.shared.bus.clone(), &self.service.name);
        let start = Start {
            service: &self.service,
            environment: environment::of(&self.service, &self.shared.facts),
            number: self.started.fetch_add(1, Ordering::Relaxed) + 1,
            log: log.clone(),
        };
        let artifact = self.artifact.as_ref().expect("it was built before");
        let instance = Arc::new(self.shared.runtime.start(start, artifact).await?);
        self.candidates.push(Candidate { instance: Arc::clone(&instance), log: log.clone() });
        self.until_it_answers(&instance, &log).await
    }

    async fn until_it_answers(&self, instance: &Instance, log: &LogSink) -> Result<std::net::SocketAddr, Failure> {
        let began = Instant::now();
        let mut seen = Seen::default();
        let mut address = instance.address();
        loop {
            let answer = tokio::select! {
                ended = instance.wait() => return Err(self.ended_early(&ended, log)),
                answer = self.asked(address) => answer,
            };
            match answer {
                Answer::Status(status, _) if self.is_well(status) => break,
                // It answers, if not as a health check needs it: once deployed it would not start.
                Answer::Status(status, location) if seen.since_answer().elapsed() > Duration::from_secs(3) => {
                    self.shared.bus.diagnose(self.unhealthy(status, location)).await;
                    break;
                }
                Answer::Status(..) => {}
                Answer::NoHttp if began.elapsed() > Duration::from_secs(2) && !seen.no_http => {
                    seen.no_http = true;
                    let message = format!(
                        "It accepts connections on port {} and closes them without an answer.",
                        instance.port()
                    );
                    let diagnosis = Diagnosis::of(&self.service.name, Code::ClosesWithoutAnswer, message);
                    self.shared
                        .bus
                        .diagnose(diagnosis.remedy("Serve plain HTTP on this port; TLS ends at the load balancer."))
                        .await;
                }
                Answer::Refused | Answer::NoHttp | Answer::Timeout => {
                    if let Some(other) = self.look_for_listeners(instance, began, &mut seen).await {
                        address.set_port(other);
                    }
                }
            }
            if began.elapsed() > self.shared.ready_timeout {
                let message = format!(
                    "It did not answer `GET {}` within {} seconds.",
                    self.asked_path(),
                    self.shared.ready_timeout.as_secs()
                );
                let diagnosis =
                    Diagnosis::of(&self.service.name, Code::NotReady, message).evidence(log.last(SHOWN_LINES));
                return Err(diagnosis.into());
            }
            tokio::time::sleep(if began.elapsed() < Duration::from_secs(2) {
                Duration::from_millis(20)
            } else {
                Duration::from_millis(250)
            })
            .await;
        }
        if !seen.listeners
            && let Some(found) = instance.listeners().await
        {
            // What works here because everything runs on one machine would not work in a container.
            let is_loopback = matches!(judge(&found, address.port()), Verdict::LoopbackOnly(_));
            if let Some(diagnosis) = listeners::diagnosis(&self.service, &self.folder, &found, address.port())
                && is_loopback
            {
                self.shared.bus.diagnose(diagnosis.warning()).await;
            }
        }
        Ok(address)
    }

    /// Says where it listens instead, once. Answers another port of this machine on which it can be reached.
    async fn look_for_listeners(&self, instance: &Instance, began: Instant, seen: &mut Seen) -> Option<u16> {
        let patience = Duration::from_secs(if seen.looked { 10 } else { 2 });
        if began.elapsed() < patience || seen.listeners {
            return None;
        }
        seen.looked = true;
        let found = instance.listeners().await?;
        let port = instance.port();
        let verdict = judge(&found, port);
        if verdict == Verdict::Nothing && began.elapsed() < Duration::from_secs(10) {
            return None;
        }
        let diagnosis = listeners::diagnosis(&self.service, &self.folder, &found, port)?;
        seen.listeners = true;
        match (&verdict, instance) {
            (Verdict::OtherPorts(ports), Instance::Process(_)) if ports.len() == 1 => {
                let remedy = format!("It is asked there. {}", diagnosis.remedy.clone().unwrap_or_default());
                self.shared.bus.diagnose(diagnosis.warning().remedy(remedy)).await;
                Some(ports[0])
            }
            _ => {
                self.shared.bus.diagnose(diagnosis).await;
                None
            }
        }
    }

    fn asked_path(&self) -> &str {
        match self.service.route.compute {
            ComputeType::Fargate => &self.service.health_path,
            ComputeType::Lambda => "/",
        }
    }

    async fn asked(&self, address: std::net::SocketAddr) -> Answer {
        probe::get(address, self.asked_path()).await
    }

    /// The web adapter of a function takes anything below 500 for an answer; a health check takes 200 alone.
    fn is_well(&self, status: StatusCode) -> bool {
        match self.service.route.compute {
            ComputeType::Fargate => status == StatusCode::OK,
            ComputeType::Lambda => status.as_u16() < 500,
        }
    }

    fn unhealthy(&self, status: StatusCode, location: Option<String>) -> Diagnosis {
        let path = self.asked_path();
        let target = location.map(|location| format!(", to {location}")).unwrap_or_default();
        let message = match self.service.route.compute {
            ComputeType::Fargate => format!(
                "`GET {path}` answers {status}{target}, and the load balancer's health check takes 200 alone. Deployed, it would never \
                 become healthy."
            ),
            ComputeType::Lambda => {
                format!("`GET {path}` answers {status}, and the web adapter waits for a status below 500.")
            }
        };
        Diagnosis::of(&self.service.name, Code::HealthCheckStatus, message)
            .warning()
            .remedy("Name a path that answers 200 in `routing.pathHealthCheck`.")
    }

    fn ended_early(&self, ended: &Ended, log: &LogSink) -> Failure {
        Failure { diagnosis: ended.diagnosis(&self.service, log.last(SHOWN_LINES)), again: true }
    }

    /// The candidates serve from now on, and those that served stop.
    fn take_over(&mut self, addresses: Vec<std::net::SocketAddr>) {
        let before = std::mem::take(&mut self.serving);
        let candidates = std::mem::take(&mut self.candidates);
        self.serving = candidates
            .into_iter()
            .zip(addresses)
            .map(|(candidate, address)| Serving {
                target: self.group.register(address),
                instance: candidate.instance,
                log: candidate.log,
            })
            .collect();
        self.group.set_hold(false);
        for serving in before {
            self.group.deregister(serving.target);
            self.stopping.spawn(async move { serving.instance.stop(GRACE).await });
        }
    }

    /// Starts the function anew, and puts it in the place of the one before once an environment of it is ready.
    async fn start_function(&mut self, lambda: &Lambda) -> Result<(), Failure> {
        let running = Environments::default();
        let artifact = self.artifact.clone().expect("it was built before");
        let started = Arc::clone(&self.started);
        let function = functions::start(&self.service, artifact, &self.shared, running.clone(), started).await;
        let function = function.map_err(|error| {
            let message = format!("Its execution environments cannot be served: {error}.");
            Diagnosis::of(&self.service.name, Code::NotReady, message)
        })?;
        // A newer change may end the wait; then it is ended with the others.
        let guard = StopFunction { function: Arc::clone(&function), is_kept: false };
        let warmed = self.until_warm(&function, &running).await;
        warmed?;
        guard.keep();
        lambda.set(Arc::clone(&function));
        let before = self.function.replace(Serves { function, running });
        self.group.set_hold(false);
        if let Some(before) = before {
            self.stopping.spawn(async move { before.function.stop(GRACE).await });
        }
        Ok(())
    }

    async fn until_warm(&self, function: &Function, running: &Environments) -> Result<(), Failure> {
        let began = Instant::now();
        let mut seen = Seen::default();
        let mut warm = std::pin::pin!(function.warm());
        loop {
            let last = running.last();
            let ended = async {
                match &last {
                    Some((instance, _)) => instance.wait().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                warmed = &mut warm => return match (warmed, last) {
                    (Ok(()), _) => Ok(()),
                    (Err(error), last) => {
                        let lines = last.map(|(_, log)| log.last(SHOWN_LINES)).unwrap_or_default();
                        let message = format!("Its first execution environment is not ready: {error}");
                        let diagnosis = Diagnosis::of(&self.service.name, Code::NotReady, message).evidence(lines);
                        Err(Failure { diagnosis, again: true })
                    }
                },
                ended = ended => {
                    let lines = last.map(|(_, log)| log.last(SHOWN_LINES)).unwrap_or_default();
                    return Err(Failure { diagnosis: ended.diagnosis(&self.service, lines), again: true });
                }
                () = tokio::time::sleep(Duration::from_millis(250)) => {}
            }
            if let Some((instance, _)) = running.last() {
                self.look_for_listeners(&instance, began, &mut seen).await;
            }
            if began.elapsed() > self.shared.ready_timeout {
                let seconds = self.shared.ready_timeout.as_secs();
                let message = format!("It was not ready for its first event within {seconds} seconds.");
                let lines = running.last().map(|(_, log)| log.last(SHOWN_LINES)).unwrap_or_default();
                return Err(Diagnosis::of(&self.service.name, Code::NotReady, message).evidence(lines).into());
            }
        }
    }

    /// Whether anybody answers for it.
    fn serves(&self) -> bool {
        !self.serving.is_empty() || self.function.is_some()
    }

    fn now_serves(&mut self, has_served: bool) {
        self.up_since = Instant::now();
        let instances = self.running();
        self.shared.states.change(&self.service.name, |state| {
            state.phase = state::Phase::Running;
            state.health = Health::Healthy;
            state.detail = None;
            state.instances = instances;
            state.reloads += u32::from(has_served);
            state.since = Some(format!("{:.3}", jiff::Timestamp::now()));
        });
    }

    fn running(&self) -> Vec<Running> {
        let told = |instance: &Arc<Instance>| Running { id: instance.id(), address: instance.address().to_string() };
        let environments = self.function.iter().flat_map(|serves| serves.running.instances());
        self.serving
            .iter()
            .map(|serving| Arc::clone(&serving.instance))
            .chain(environments)
            .map(|one| told(&one))
            .collect()
    }

    /// Tells what became of a start. Answers what is to be tried next, and when.
    async fn settle(&mut self, cause: &Cause, result: Result<(), Failure>) -> Option<Cause> {
        let Err(failure) = result else { return None };
        let name = self.service.name.clone();
        let bus = self.shared.bus.clone();
        let serves = self.serves();
        let detail = failure.diagnosis.message.clone();
        bus.diagnose(failure.diagnosis).await;
        if let Some(reason) = &cause.reason {
            bus.tell(reload(&name, reason, Phase::Failed, Some(cause.at))).await;
        }
        if serves {
            bus.note(Some(&name), "The one before goes on serving.").await;
            return None;
        }
        self.group.set_hold(false);
        self.shared.states.change(&name, |state| {
            state.phase = state::Phase::Failed;
            state.health = Health::Unhealthy;
            state.detail = Some(detail.clone());
            state.instances = Vec::new();
        });
        bus.tell(Event::Health { container: name.clone(), status: Health::Unhealthy, detail: Some(detail) }).await;
        if failure.again { self.again().await } else { None }
    }

    /// The next try after an end that nobody asked for.
    async fn again(&mut self) -> Option<Cause> {
        let wait = BACKOFF.get(self.crashes).copied();
        self.crashes += 1;
        let Some(wait) = wait else {
            let message =
                format!("It ended {} times in a row and is not started again until something changes.", self.crashes);
            self.shared.bus.diagnose(Diagnosis::of(&self.service.name, Code::CrashLoop, message)).await;
            return None;
        };
        self.shared.states.change(&self.service.name, |state| state.restarts += 1);
        Some(Cause { wait, ..Cause::start() })
    }

    /// One that served has ended by itself.
    async fn lost(&mut self, at: usize, ended: Ended) -> Option<Cause> {
        let lost = self.serving.remove(at);
        if self.serving.is_empty() {
            self.group.set_hold(true);
        }
        self.group.deregister(lost.target);
        let name = self.service.name.clone();
        let exit = Event::Exit { container: name.clone(), code: ended.code, detail: ended.words() };
        self.shared.bus.tell(exit).await;
        self.shared.bus.diagnose(ended.diagnosis(&self.service, lost.log.last(SHOWN_LINES))).await;
        lost.instance.stop(Duration::ZERO).await;
        if self.up_since.elapsed() > STABLE {
            self.crashes = 0;
        }
        let instances = self.running();
        self.shared.states.change(&name, |state| {
            state.instances = instances;
            state.phase = state::Phase::Starting;
            state.health = Health::Unhealthy;
        });
        let next = self.again().await;
        if next.is_none() && self.serving.is_empty() {
            self.group.set_hold(false);
            self.shared.states.change(&name, |state| state.phase = state::Phase::Failed);
        }
        next
    }

    fn drop_candidates(&mut self) {
        for candidate in std::mem::take(&mut self.candidates) {
            self.stopping.spawn(async move { candidate.instance.stop(Duration::from_secs(1)).await });
        }
    }

    async fn stop_all(&mut self) {
        self.drop_candidates();
        for serving in std::mem::take(&mut self.serving) {
            self.group.deregister(serving.target);
            self.stopping.spawn(async move { serving.instance.stop(LAST_GRACE).await });
        }
        if let Some(serves) = self.function.take() {
            self.stopping.spawn(async move { serves.function.stop(LAST_GRACE).await });
        }
        while self.stopping.join_next().await.is_some() {}
        self.shared.states.change(&self.service.name, |state| {
            state.phase = state::Phase::Stopped;
            state.instances = Vec::new();
        });
    }
}

/// Ends a function that is not to be used after all.
struct StopFunction {
    function: Arc<Function>,
    is_kept: bool,
}

impl StopFunction {
    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for StopFunction {
    fn drop(&mut self) {
        if !self.is_kept {
            let function = Arc::clone(&self.function);
            tokio::spawn(async move { function.stop(Duration::ZERO).await });
        }
    }
}

/// Why a container is started.
struct Cause {
    /// What changed; none for a start.
    reason: Option<String>,
    /// When it was noticed.
    at: Instant,
    /// Whether what is started has to be made anew.
    rebuild: bool,
    /// How long to wait before.
    wait: Duration,
}

impl Cause {
    fn start() -> Self {
        Self { reason: None, at: Instant::now(), rebuild: false, wait: Duration::ZERO }
    }

    fn change(reason: String) -> Self {
        Self { reason: Some(reason), rebuild: true, ..Self::start() }
    }
}

/// What was said of a start already.
#[derive(Default)]
struct Seen {
    listeners: bool,
    looked: bool,
    no_http: bool,
    answered: Option<Instant>,
}

impl Seen {
    fn since_answer(&mut self) -> Instant {
        *self.answered.get_or_insert_with(Instant::now)
    }
}

fn reload(container: &str, reason: &str, phase: Phase, since: Option<Instant>) -> Event {
    Event::Reload {
        container: container.to_owned(),
        reason: reason.to_owned(),
        phase,
        duration_ms: since.map(|since| since.elapsed().as_millis() as u64),
    }
}

/// Waits until one of those that serve ends; for ever where none serves.
async fn ended(serving: &[Serving]) -> (usize, Ended) {
    let waits = serving.iter().map(|serving| Box::pin(serving.instance.wait()));
    let waits: Vec<_> = waits.collect();
    if waits.is_empty() {
        return std::future::pending().await;
    }
    let (ended, at, _) = futures_util::future::select_all(waits).await;
    (at, ended)
}
