//! A function: it takes events, gives each to an execution environment that is free, and starts environments as they are needed.

use std::{
    collections::VecDeque,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{
    environments::{Environments, Exit},
    reply::{BUFFERED_LIMIT, Reply},
    slot::Slot,
};

/// What a function is like.
#[derive(Clone, Debug)]
pub struct FunctionSettings {
    /// Its name.
    pub name: String,
    /// The account in its ARN, 12 digits.
    pub account_id: String,
    /// The region in its ARN.
    pub region: String,
    /// Its memory, in MB.
    pub memory: u32,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// How many environments it may have. More events than that wait, at most for as long as an invocation may take. With one, all
    /// are worked on in turn, as a debugger needs it.
    pub concurrency: NonZeroUsize,
    /// What an image calls its handler: the first word of its command.
    pub handler: String,
    /// The names of the files in `/opt/extensions`, which are started before the runtime.
    pub extensions: Vec<String>,
    /// Streams as slowly as Lambda does once 6 MB were sent.
    pub bandwidth_cap: bool,
    /// The address that the APIs of environments listen on.
    pub bind: IpAddr,
    /// The host under which environments reach that address, where it is not the address itself.
    pub advertised_host: Option<String>,
}

impl FunctionSettings {
    /// A function with this name and otherwise the defaults of a deployed container.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            account_id: "000000000000".into(),
            region: "us-east-1".into(),
            memory: 1024,
            timeout: Duration::from_secs(6),
            concurrency: NonZeroUsize::new(10).unwrap_or(NonZeroUsize::MIN),
            handler: String::new(),
            extensions: Vec::new(),
            bandwidth_cap: false,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            advertised_host: None,
        }
    }
}

/// Learns what a function's environments do. Called from the path of requests: it must be quick.
pub trait FunctionObserver: Send + Sync {
    /// A line of the function's log, without a line end: `START`, `END`, `REPORT`, `INIT_REPORT`, and of time-outs.
    fn line(&self, slot: usize, line: &str);

    /// An environment changed.
    fn change(&self, slot: usize, change: Change) {
        let _ = (slot, change);
    }
}

/// What happened to an environment.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is started.
    Starting,
    /// The image has no runtime client that has asked for an event; the built-in adapter serves this address.
    Adapter(String),
    /// It is ready for its first event after so long.
    Ready(Duration),
    /// It works on an event.
    Busy,
    /// It waits for an event.
    Idle,
    /// It failed: the process ended, an invocation ran out of time, or it could not initialise.
    Failed(String),
    /// It was ended.
    Ended,
}

/// One event for a function.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The event, as JSON.
    pub event: Bytes,
    /// The `X-Amzn-Trace-Id` of the request behind it.
    pub trace_id: Option<String>,
    /// What the caller can take as an answer.
    pub mode: Mode,
    /// The client context of a direct invocation, as JSON.
    pub client_context: Option<String>,
}

/// What a caller can take as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A whole answer only: what the function streams is collected.
    Buffered,
    /// A streamed answer, too.
    Streaming,
}

/// Why a function gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The event is over Lambda's limit, and was not given to the function.
    #[error("The event has {0} bytes, more than the {BUFFERED_LIMIT} that Lambda takes.")]
    RequestTooLarge(usize),
    /// All environments were busy for as long as one invocation may take.
    #[error("All execution environments of the function are busy.")]
    Throttled,
    /// No environment can be started.
    #[error("The function cannot be started: {0}")]
    Unreachable(String),
    /// The function reported an error, or its process ended without an answer.
    #[error("The function failed with {error_type}: {}", String::from_utf8_lossy(payload))]
    Function {
        /// The type of the error.
        error_type: String,
        /// The error as the function reported it, JSON by convention.
        payload: Bytes,
    },
    /// The function took longer than it may.
    #[error("{message}")]
    TimedOut {
        /// What Lambda says of it.
        message: String,
    },
    /// The answer is over Lambda's limit.
    #[error("The function's response is larger than the {BUFFERED_LIMIT} bytes that Lambda takes.")]
    ResponseTooLarge,
    /// The emulator is ending.
    #[error("The function is being stopped.")]
    Stopped,
}

impl InvokeError {
    pub(crate) fn function(error_type: &str, message: &str) -> Self {
        Self::Function { error_type: error_type.to_owned(), payload: report(error_type, message) }
    }

    /// The error as direct invocations show it: a JSON object.
    pub fn payload(&self) -> Bytes {
        let (error_type, message) = match self {
            Self::Function { payload, .. } => return payload.clone(),
            Self::RequestTooLarge(_) => ("RequestEntityTooLarge", self.to_string()),
            Self::Throttled => ("TooManyRequestsException", "Rate Exceeded.".to_owned()),
            Self::Unreachable(_) => ("Runtime.Unreachable", self.to_string()),
            Self::TimedOut { message } => ("Sandbox.Timedout", message.clone()),
            Self::ResponseTooLarge => (
                "Function.ResponseSizeTooLarge",
                format!("Response payload size exceeded maximum allowed payload size ({BUFFERED_LIMIT} bytes)."),
            ),
            Self::Stopped => ("Runtime.Stopped", self.to_string()),
        };
        report(error_type, &message)
    }
}

fn report(error_type: &str, message: &str) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Report<'a> {
        error_type: &'a str,
        error_message: &'a str,
    }
    serde_json::to_vec(&Report { error_type, error_message: message }).unwrap_or_default().into()
}

/// How a process ended, in Lambda's words.
pub(crate) fn exit_error(id: &str, exit: Exit) -> InvokeError {
    let how = match exit {
        Exit { signal: Some(9), .. } | Exit { out_of_memory: true, .. } => {
            "Runtime exited with error: signal: killed".into()
        }
        Exit { signal: Some(signal), .. } => format!("Runtime exited with error: signal: {signal}"),
        Exit { status: Some(0) | None, .. } => "Runtime exited without providing a reason".to_owned(),
        Exit { status: Some(status), .. } => format!("Runtime exited with error: exit status {status}"),
    };
    InvokeError::function("Runtime.ExitError", &format!("RequestId: {id} Error: {how}"))
}

/// What all environments of a function know of it.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) account_id: String,
    pub(crate) handler: String,
    pub(crate) memory: u32,
    pub(crate) log_group: String,
    pub(crate) bandwidth_cap: bool,
}

/// A function. It runs until [`Function::stop`].
pub struct Function {
    shared: Arc<Shared>,
}

/// What the tasks of a function share.
pub(crate) struct Shared {
    pub(crate) settings: FunctionSettings,
    pub(crate) identity: Arc<Identity>,
    pub(crate) observer: Arc<dyn FunctionObserver>,
    /// Cancelled when even busy environments have to end.
    pub(crate) stopping: CancellationToken,
    environments: Mutex<Arc<dyn Environments>>,
    /// Counts how often `environments` was replaced.
    generation: AtomicU64,
    /// A permit for each environment that may work.
    permits: Arc<Semaphore>,
    /// Slots that nobody uses; those with a running environment at the back.
    idle: Mutex<VecDeque<Slot>>,
    slots: AtomicUsize,
    /// Cancelled when no more events are taken.
    closed: CancellationToken,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("settings", &self.shared.settings).finish_non_exhaustive()
    }
}

impl Function {
    /// A function that is ready for events. Its first environment is started with the first of them, or by [`Function::warm`].
    pub async fn start(
        settings: FunctionSettings,
        environments: Arc<dyn Environments>,
        observer: Arc<dyn FunctionObserver>,
    ) -> io::Result<Self> {
        let identity = Identity {
            name: settings.name.clone(),
            arn: format!("arn:aws:lambda:{}:{}:function:{}", settings.region, settings.account_id, settings.name),
            account_id: settings.account_id.clone(),
            handler: settings.handler.clone(),
            memory: settings.memory,
            log_group: format!("/aws/lambda/{}", settings.name),
            bandwidth_cap: settings.bandwidth_cap,
        };
        let permits = settings.concurrency.get().min(Semaphore::MAX_PERMITS);
        let first = Slot::bind(0, SocketAddr::new(settings.bind, 0)).await?;
        let shared = Shared {
            settings,
            identity: Arc::new(identity),
            observer,
            stopping: CancellationToken::new(),
            environments: Mutex::new(environments),
            generation: AtomicU64::new(0),
            permits: Arc::new(Semaphore::new(permits)),
            idle: Mutex::new(VecDeque::from([first])),
            slots: AtomicUsize::new(1),
            closed: CancellationToken::new(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What the function is like.
    pub fn settings(&self) -> &FunctionSettings {
        &self.shared.settings
    }

    /// The function's ARN.
    pub fn arn(&self) -> &str {
        &self.shared.identity.arn
    }

    /// Gives the function an event and waits for its answer. As on AWS, the function goes on when nobody waits any more.
    pub async fn invoke(&self, invocation: Invocation) -> Result<Reply, InvokeError> {
        if invocation.event.len() > BUFFERED_LIMIT {
            return Err(InvokeError::RequestTooLarge(invocation.event.len()));
        }
        let permit = self.permit().await?;
        let (sender, answer) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            match shared.slot().await {
                Ok(mut slot) => {
                    slot.invoke(&shared, invocation, sender).await;
                    shared.put_back(slot);
                }
                Err(error) => drop(sender.send(Err(error))),
            }
            drop(permit);
        });
        answer.await.unwrap_or(Err(InvokeError::Stopped))
    }

    /// Makes sure that an environment is ready for an event, starting one if none is, without giving it an event.
    pub async fn warm(&self) -> Result<(), InvokeError> {
        let permit = self.permit().await?;
        let shared = Arc::clone(&self.shared);
        let warmed = tokio::spawn(async move {
            let mut slot = shared.slot().await?;
            let warmed = slot.warm(&shared).await;
            shared.put_back(slot);
            drop(permit);
            warmed
        });
        warmed.await.unwrap_or(Err(InvokeError::Stopped))
    }

    /// Lets the next environments come from elsewhere, as after a new build. Those that wait end at once, those that work end when
    /// they are done.
    pub fn replace(&self, environments: Arc<dyn Environments>) {
        *lock(&self.shared.environments) = environments;
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        while let Ok(permit) = Arc::clone(&self.shared.permits).try_acquire_owned() {
            let stale = |slot: &Slot| !slot.is_fresh(&self.shared);
            let mut idle = lock(&self.shared.idle);
            let Some(mut slot) = idle.iter().position(stale).and_then(|index| idle.remove(index)) else { return };
            drop(idle);
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move {
                slot.spin_down(&shared).await;
                shared.put_back(slot);
                drop(permit);
            });
        }
    }

    /// Ends the function: takes no more events, waits for those under way for at most `grace`, then ends every environment.
    pub async fn stop(&self, grace: Duration) {
        self.shared.closed.cancel();
        let all = u32::try_from(self.shared.settings.concurrency.get()).unwrap_or(u32::MAX);
        let quiet = tokio::time::timeout(grace, self.shared.permits.acquire_many(all)).await;
        if quiet.is_err() {
            self.shared.stopping.cancel();
            // Each ends within its own bounds now.
            let _ = self.shared.permits.acquire_many(all).await;
        }
        self.shared.stopping.cancel();
        self.shared.permits.close();
        let slots: Vec<Slot> = lock(&self.shared.idle).drain(..).collect();
        let mut ends = tokio::task::JoinSet::new();
        for mut slot in slots {
            let shared = Arc::clone(&self.shared);
            ends.spawn(async move { slot.spin_down(&shared).await });
        }
        ends.join_all().await;
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, InvokeError> {
        if !self.shared.closed.is_cancelled()
            && let Ok(permit) = Arc::clone(&self.shared.permits).try_acquire_owned()
        {
            return Ok(permit);
        }
        let permit = Arc::clone(&self.shared.permits).acquire_owned();
        tokio::select! {
            biased;
            () = self.shared.closed.cancelled() => Err(InvokeError::Stopped),
            permit = tokio::time::timeout(self.shared.settings.timeout, permit) => match permit {
                Ok(permit) => permit.map_err(|_| InvokeError::Stopped),
                Err(_) => Err(InvokeError::Throttled),
            },
        }
    }
}

impl Shared {
    /// What starts environments, and its number.
    pub(crate) fn environments(&self) -> (Arc<dyn Environments>, u64) {
        let environments = lock(&self.environments);
        (Arc::clone(&environments), self.generation())
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// A slot for whoever has a permit, best one whose environment runs.
    async fn slot(&self) -> Result<Slot, InvokeError> {
        let idle = lock(&self.idle).pop_back();
        if let Some(slot) = idle {
            return Ok(slot);
        }
        let index = self.slots.fetch_add(1, Ordering::SeqCst);
        let address = SocketAddr::new(self.settings.bind, 0);
        Slot::bind(index, address).await.map_err(|error| {
            InvokeError::Unreachable(format!("its Runtime API cannot listen on {}: {error}.", self.settings.bind))
        })
    }

    fn put_back(&self, slot: Slot) {
        let mut idle = lock(&self.idle);
        if slot.is_warm() { idle.push_back(slot) } else { idle.push_front(slot) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
