//! Target groups: who may answer for a route, and who of them answers next.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use slipway_lambda::function::Function;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::upstream::Pool;

/// How a group is set up.
#[derive(Clone, Debug)]
pub struct GroupSettings {
    /// The group's name in logs.
    pub name: String,
    /// Who answers.
    pub kind: Kind,
    /// How targets are asked whether they are well.
    pub health: HealthCheck,
    /// How targets are spoken to.
    pub protocol: Protocol,
    /// Which version of HTTP the group is for.
    pub version: ProtocolVersion,
    /// Who answers next.
    pub algorithm: Algorithm,
    /// Over what time a new target is given its full share. `None` gives it at once.
    pub slow_start: Option<Duration>,
    /// How long a target that was deregistered may go on with its requests.
    pub deregistration_delay: Duration,
}

impl GroupSettings {
    /// What the original tool makes: HTTP, checked at this path.
    pub fn new(name: impl Into<String>, health_path: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: Kind::Http,
            health: HealthCheck { path: health_path.into(), ..HealthCheck::default() },
            protocol: Protocol::Http,
            version: ProtocolVersion::Http1,
            algorithm: Algorithm::RoundRobin,
            slow_start: None,
            deregistration_delay: Duration::from_mins(5),
        }
    }
}

/// Who answers for a group.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// Servers that speak HTTP.
    #[default]
    Http,
    /// A function, which is no target that one could register.
    Lambda(Lambda),
}

/// A function that answers for a group.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// The function; none while there is none yet. Shared by all copies.
    function: Arc<RwLock<Option<Arc<Function>>>>,
    /// Repeated fields and query keys are told, in lists, to it and by it. Behind a balancer alone.
    pub multi_value_headers: bool,
    /// Answers that leave out what the service may insist on are refused. Behind a balancer alone.
    pub is_strict: bool,
}

impl Lambda {
    /// A function, set up as the original tool does.
    pub fn new(function: Arc<Function>) -> Self {
        let lambda = Self::pending();
        lambda.set(function);
        lambda
    }

    /// A place for a function that comes later.
    pub fn pending() -> Self {
        Self { function: Arc::default(), multi_value_headers: false, is_strict: false }
    }

    /// Puts a function in the place of the one before, which goes on with the requests that it has.
    pub fn set(&self, function: Arc<Function>) -> Option<Arc<Function>> {
        self.function.write().unwrap_or_else(PoisonError::into_inner).replace(function)
    }

    /// The function that answers now.
    pub fn function(&self) -> Option<Arc<Function>> {
        self.function.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How targets are spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Plain.
    #[default]
    Http,
    /// Over TLS, with whatever certificate the target has.
    Https,
}

/// Which version of HTTP a group is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtocolVersion {
    /// HTTP/1.1, from clients of any version.
    #[default]
    Http1,
    /// HTTP/2, from clients of HTTP/2.
    Http2,
    /// gRPC, from clients of HTTP/2 that send POST.
    Grpc,
}

/// Who answers next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// Each in turn.
    #[default]
    RoundRobin,
    /// Who has the fewest requests under way.
    LeastOutstandingRequests,
}

/// How targets are asked whether they are well.
#[derive(Clone, Debug)]
pub struct HealthCheck {
    /// Whether they are asked at all. Otherwise every target counts as well.
    pub enabled: bool,
    /// What is asked for.
    pub path: String,
    /// Which statuses mean that a target is well.
    pub success: RangeInclusive<u16>,
    /// The time between two checks.
    pub interval: Duration,
    /// The time between two checks while a target starts.
    pub start_interval: Duration,
    /// How long a target may take for its answer.
    pub timeout: Duration,
    /// So many checks in a row must succeed for a target to be well again.
    pub healthy_threshold: u32,
    /// So many checks in a row must fail for a target to be unwell.
    pub unhealthy_threshold: u32,
}

impl Default for HealthCheck {
    fn default() -> Self {
        Self {
            enabled: true,
            path: "/".to_owned(),
            success: 200..=200,
            interval: Duration::from_secs(30),
            start_interval: Duration::from_millis(250),
            timeout: Duration::from_secs(5),
            healthy_threshold: 2,
            unhealthy_threshold: 5,
        }
    }
}

/// Where a target listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = text.rsplit_once(':').ok_or(AddressError)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().map_err(|_| AddressError)?;
        if host.is_empty() { Err(AddressError) } else { Ok(Self { host: host.to_owned(), port }) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// A text that is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressError;

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("A target is a host and a port. Write it as host:port, for example 127.0.0.1:8080.")
    }
}

impl std::error::Error for AddressError {}

/// Names a target of a group; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(u64);

/// Whether a target gets requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// It has not been found well yet.
    Initial,
    /// It is well.
    Healthy,
    /// It is not.
    Unhealthy,
    /// Its group is not used by any rule.
    Unused,
    /// It has been deregistered and goes on with the requests that it has.
    Draining,
    /// It is not checked.
    Unavailable,
}

/// Why a target is in its state, in the words of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It answered with another status.
    ResponseCodeMismatch,
    /// It did not answer in time.
    Timeout,
    /// It could not be connected to, or did not answer with HTTP.
    FailedHealthChecks,
    /// It is being checked for the first time.
    InitialHealthChecking,
    /// It is about to be checked for the first time.
    RegistrationInProgress,
    /// It has been deregistered.
    DeregistrationInProgress,
    /// It is not checked.
    HealthCheckDisabled,
    /// No rule uses its group.
    NotInUse,
}

impl Reason {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResponseCodeMismatch => "Target.ResponseCodeMismatch",
            Self::Timeout => "Target.Timeout",
            Self::FailedHealthChecks => "Target.FailedHealthChecks",
            Self::InitialHealthChecking => "Elb.InitialHealthChecking",
            Self::RegistrationInProgress => "Elb.RegistrationInProgress",
            Self::DeregistrationInProgress => "Target.DeregistrationInProgress",
            Self::HealthCheckDisabled => "Target.HealthCheckDisabled",
            Self::NotInUse => "Target.NotInUse",
        }
    }
}

impl TargetState {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Unused => "unused",
            Self::Draining => "draining",
            Self::Unavailable => "unavailable",
        }
    }
}

/// A target as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetStatus {
    /// Which one.
    pub id: TargetId,
    /// Where it listens.
    pub address: Address,
    /// Whether it gets requests.
    pub state: TargetState,
    /// Why it is in this state; `None` for one that is well.
    pub reason: Option<Reason>,
    /// Requests under way.
    pub outstanding: usize,
}

/// Those who may answer for a route.
#[derive(Debug)]
pub struct TargetGroup {
    settings: GroupSettings,
    targets: RwLock<Vec<Arc<Target>>>,
    next: AtomicUsize,
    next_id: AtomicU64,
    is_held: AtomicBool,
    /// How many balancers check the group's targets.
    users: AtomicUsize,
    /// Something happened that a request may be waiting for, or the checker has to know.
    pub(crate) changed: Notify,
}

/// Who may answer.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) id: TargetId,
    pub(crate) address: Address,
    /// The address as text.
    pub(crate) name: String,
    pub(crate) pool: Pool,
    pub(crate) registered: Instant,
    /// Ends the requests that it still has.
    pub(crate) cut: Notify,
    /// Gets its full share at once.
    skips_slow_start: bool,
    health: Mutex<(TargetState, Option<Reason>)>,
    outstanding: AtomicUsize,
}

impl TargetGroup {
    /// A group without targets.
    pub fn new(settings: GroupSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            targets: RwLock::default(),
            next: AtomicUsize::new(0),
            next_id: AtomicU64::new(1),
            is_held: AtomicBool::new(false),
            users: AtomicUsize::new(0),
            changed: Notify::new(),
        })
    }

    /// How it is set up.
    pub fn settings(&self) -> &GroupSettings {
        &self.settings
    }

    /// Adds a target. It gets requests when it has been found well.
    pub fn register(&self, address: impl Into<Address>) -> TargetId {
        let id = TargetId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let address = address.into();
        let health = if self.settings.health.enabled {
            (TargetState::Initial, Some(Reason::RegistrationInProgress))
        } else {
            (TargetState::Unavailable, Some(Reason::HealthCheckDisabled))
        };
        let mut targets = self.targets.write().unwrap_or_else(PoisonError::into_inner);
        let skips_slow_start = targets.is_empty();
        targets.push(Arc::new(Target {
            id,
            name: address.to_string(),
            pool: Pool::new(address.clone(), self.settings.protocol),
            address,
            registered: Instant::now(),
            cut: Notify::new(),
            skips_slow_start,
            health: Mutex::new(health),
            outstanding: AtomicUsize::new(0),
        }));
        drop(targets);
        self.changed.notify_waiters();
        id
    }

    /// Takes a target out: it gets no new request, and may go on with those that it has for as long as the group's
    /// settings say.
    pub fn deregister(&self, id: TargetId) {
        for target in self.snapshot().iter().filter(|target| target.id == id) {
            target.set_health(TargetState::Draining, Some(Reason::DeregistrationInProgress));
            target.pool.close(Instant::now() + self.settings.deregistration_delay);
        }
        self.forget_drained();
        self.changed.notify_waiters();
    }

    /// Its targets, those included that drain.
    pub fn targets(&self) -> Vec<TargetStatus> {
        self.forget_drained();
        let is_used = self.users.load(Ordering::Relaxed) > 0;
        self.snapshot().iter().map(|target| target.status(is_used)).collect()
    }

    /// Whether requests wait, because its container is being built or started.
    pub fn set_hold(&self, is_held: bool) {
        self.is_held.store(is_held, Ordering::Relaxed);
        self.changed.notify_waiters();
    }

    pub(crate) fn snapshot(&self) -> Vec<Arc<Target>> {
        self.targets.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts those who check the group.
    pub(crate) fn set_used(&self, is_used: bool) {
        if is_used {
            self.users.fetch_add(1, Ordering::Relaxed);
        } else {
            self.users.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Who answers next, well or not.
    pub(crate) fn any(&self) -> Option<Arc<Target>> {
        let targets = self.targets.read().unwrap_or_else(PoisonError::into_inner);
        let count = targets.iter().filter(|target| target.state() != TargetState::Draining).count();
        self.pick(&targets, count, |state| state != TargetState::Draining)
    }

    /// Who answers next. Those that are well, in turn; if none is, all of them.
    pub(crate) fn choose(&self) -> Choice {
        let targets = self.targets.read().unwrap_or_else(PoisonError::into_inner);
        let is_held = self.is_held.load(Ordering::Relaxed);
        // The usual case: one target, and it is well.
        if let [target] = &targets[..]
            && target.state() == TargetState::Healthy
            && !is_held
        {
            return Choice::Target(Arc::clone(target));
        }
        let count = |wanted: fn(TargetState) -> bool| targets.iter().filter(|target| wanted(target.state())).count();
        let healthy = count(is_well);
        let registered = count(|state| state != TargetState::Draining);
        if is_held || healthy == 0 && count(|state| state == TargetState::Initial) > 0 {
            return Choice::Wait(self.pick(&targets, registered, |state| state != TargetState::Draining));
        }
        let chosen = if healthy > 0 {
            self.pick(&targets, healthy, is_well)
        } else {
            self.pick(&targets, registered, |state| state != TargetState::Draining)
        };
        chosen.map_or(Choice::Empty, Choice::Target)
    }

    fn pick(&self, targets: &[Arc<Target>], count: usize, wanted: fn(TargetState) -> bool) -> Option<Arc<Target>> {
        let mut candidates = targets.iter().filter(|target| wanted(target.state()));
        match self.settings.algorithm {
            _ if count == 0 => None,
            Algorithm::LeastOutstandingRequests => {
                candidates.min_by_key(|target| target.outstanding.load(Ordering::Relaxed)).cloned()
            }
            Algorithm::RoundRobin => {
                let turn = self.next.fetch_add(1, Ordering::Relaxed) % count;
                let own = candidates.clone().nth(turn)?;
                match self.settings.slow_start {
                    // Who is too new for a request leaves it to the next that is not.
                    Some(duration) if !own.takes_share(duration) => {
                        let others = candidates.clone().cycle().skip(turn + 1).take(count);
                        others.filter(|other| other.share(duration) >= 1.0).chain([own]).next().cloned()
                    }
                    _ => candidates.nth(turn).cloned(),
                }
            }
        }
    }

    /// Forgets targets that have drained.
    fn forget_drained(&self) {
        let is_drained = |target: &Target| {
            target.state() == TargetState::Draining
                && (target.outstanding.load(Ordering::Relaxed) == 0 || target.pool.is_over())
        };
        if self.snapshot().iter().any(|target| is_drained(target)) {
            let mut targets = self.targets.write().unwrap_or_else(PoisonError::into_inner);
            targets.retain(|target| !is_drained(target));
        }
    }
}

/// Who answers next.
#[derive(Debug)]
pub(crate) enum Choice {
    Target(Arc<Target>),
    /// Nobody yet, but somebody is expected; who would have to answer now, if the request cannot wait.
    Wait(Option<Arc<Target>>),
    /// There is nobody.
    Empty,
}

fn is_well(state: TargetState) -> bool {
    matches!(state, TargetState::Healthy | TargetState::Unavailable)
}

impl Target {
    pub(crate) fn state(&self) -> TargetState {
        self.health().0
    }

    /// Gives the state before, if it was another.
    pub(crate) fn set_health(&self, state: TargetState, reason: Option<Reason>) -> Option<TargetState> {
        let mut health = self.health();
        let before = health.0;
        // Who was deregistered stays so, whatever a check that was under way finds.
        if before == TargetState::Draining {
            return None;
        }
        *health = (state, reason);
        (before != state).then_some(before)
    }

    pub(crate) fn status(&self, is_used: bool) -> TargetStatus {
        let (mut state, mut reason) = *self.health();
        if !is_used && state != TargetState::Draining {
            (state, reason) = (TargetState::Unused, Some(Reason::NotInUse));
        }
        TargetStatus {
            id: self.id,
            address: self.address.clone(),
            state,
            reason,
            outstanding: self.outstanding.load(Ordering::Relaxed),
        }
    }

    /// Counts a request until what it gives is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Outstanding {
        self.outstanding.fetch_add(1, Ordering::Relaxed);
        Outstanding(Arc::clone(self))
    }

    fn health(&self) -> MutexGuard<'_, (TargetState, Option<Reason>)> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its part of a full share, from 0 to 1.
    fn share(&self, slow_start: Duration) -> f64 {
        if self.skips_slow_start { 1.0 } else { self.registered.elapsed().as_secs_f64() / slow_start.as_secs_f64() }
    }

    fn takes_share(&self, slow_start: Duration) -> bool {
        fastrand::f64() < self.share(slow_start)
    }
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Outstanding(pub(crate) Arc<Target>);

impl Drop for Outstanding {
    fn drop(&mut self) {
        self.0.outstanding.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Address {
    /// The address, if the host is one and no name.
    pub(crate) fn ip(&self) -> Option<SocketAddr> {
        self.host.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, self.port))
    }
}
