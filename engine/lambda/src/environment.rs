//! One execution environment from its start to its end: the state that the Runtime API, the Extensions API and the function share.
//!
//! The runtime and the extensions say what they have done through the two APIs, each in a connection of its own; [`crate::slot`]
//! waits for what that adds up to. Nothing here waits while the state is locked.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    environments::Exit,
    extensions::{Extension, Stage},
    function::{Identity, InvokeError, Mode},
    reply::{self, Reply},
};

pub(crate) struct Environment {
    pub(crate) identity: Arc<Identity>,
    /// The name of its part of the function's log.
    pub(crate) log_stream: String,
    /// Cancelled when the environment is over, which closes its connections.
    pub(crate) over: CancellationToken,
    state: Mutex<State>,
    changed: Notify,
}

pub(crate) struct State {
    pub(crate) runtime: Runtime,
    /// Every party has asked for its first event.
    pub(crate) initialised: bool,
    pub(crate) fault: Option<Fault>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) shutdown: Option<Shutdown>,
    invocation: Option<Arc<Running>>,
}

/// Where the runtime is between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    /// It has not asked for an event yet.
    Started,
    /// It has asked for an event.
    Ready,
    /// It has an event to answer.
    Running,
    /// It is sending its answer.
    Answering,
    /// It has answered.
    Answered,
}

/// What makes an environment of no further use.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The runtime could not initialise the function, and said why.
    Init { error_type: String, payload: Bytes },
    /// The process ended.
    Exited(Exit),
    /// An extension reported that it cannot go on.
    Extension { name: String, error_type: String },
}

/// The end that extensions are told of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shutdown {
    pub(crate) reason: ShutdownReason,
    pub(crate) deadline_ms: u64,
}

/// Why an environment ends, in the words of the Extensions API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShutdownReason {
    Spindown,
    Timeout,
    Failure,
}

/// An event that an environment works on.
pub(crate) struct Running {
    pub(crate) id: String,
    pub(crate) event: Bytes,
    pub(crate) deadline_ms: u64,
    pub(crate) trace_id: String,
    pub(crate) client_context: Option<String>,
    mode: Mode,
    reply: Mutex<Option<oneshot::Sender<Result<Reply, InvokeError>>>>,
}

/// Why the Runtime API refuses what a runtime asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The id is not that of the event at hand.
    UnknownRequest,
    /// The runtime is in a state that does not allow it.
    State(Runtime),
}

impl Environment {
    /// An environment whose process has yet to start, with the extensions that will start in it.
    pub(crate) fn new(identity: Arc<Identity>, extensions: &[String]) -> Arc<Self> {
        let state = State {
            runtime: Runtime::Started,
            initialised: false,
            fault: None,
            extensions: extensions.iter().map(|name| Extension::expected(name)).collect(),
            shutdown: None,
            invocation: None,
        };
        let date = jiff::Timestamp::now().strftime("%Y/%m/%d");
        let log_stream = format!("{date}/[$LATEST]{}", fresh_id().simple());
        let state = Mutex::new(state);
        Arc::new(Self { identity, log_stream, over: CancellationToken::new(), state, changed: Notify::new() })
    }

    /// Looks at the state, or changes it. Whoever waits for it looks again only after [`Environment::announce`].
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets everyone who waits look at the state again.
    pub(crate) fn announce(&self) {
        self.changed.notify_waiters();
    }

    /// Waits until the state answers a question.
    pub(crate) async fn until<T>(&self, mut question: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if let Some(answer) = question(&mut self.state()) {
                return answer;
            }
            changed.await;
        }
    }

    /// The runtime asks for an event, and waits until there is one. While it has not answered one it gets that one again.
    pub(crate) async fn next(&self) -> Result<Arc<Running>, Refusal> {
        {
            let mut state = self.state();
            match state.runtime {
                Runtime::Started | Runtime::Ready | Runtime::Answered => state.runtime = Runtime::Ready,
                Runtime::Running => {}
                Runtime::Answering => return Err(Refusal::State(Runtime::Answering)),
            }
            state.settle();
        }
        self.announce();
        let running = self.until(|state| match state.runtime {
            Runtime::Running => state.invocation.clone(),
            _ => None,
        });
        Ok(running.await)
    }

    /// The runtime begins to answer the event with this id.
    pub(crate) fn answer(self: &Arc<Self>, id: &str) -> Result<Answering, Refusal> {
        let mut state = self.state();
        let running = match &state.invocation {
            Some(running) if running.id == id => Arc::clone(running),
            _ => return Err(Refusal::UnknownRequest),
        };
        match state.runtime {
            Runtime::Running => state.runtime = Runtime::Answering,
            other => return Err(Refusal::State(other)),
        }
        Ok(Answering { environment: Arc::clone(self), running })
    }

    /// The runtime could not initialise the function.
    pub(crate) fn init_failed(&self, error_type: String, payload: Bytes) -> Result<(), Refusal> {
        let mut state = self.state();
        if state.runtime != Runtime::Started {
            return Err(Refusal::State(state.runtime));
        }
        state.fault.get_or_insert(Fault::Init { error_type, payload });
        drop(state);
        self.announce();
        Ok(())
    }

    /// Something happened that makes the environment useless. The first such thing counts.
    pub(crate) fn fail(&self, fault: Fault) {
        self.state().fault.get_or_insert(fault);
        self.announce();
    }

    /// Gives the environment an event. It must be initialised and done with the one before.
    pub(crate) fn dispatch(&self, running: Arc<Running>) {
        let mut state = self.state();
        state.runtime = Runtime::Running;
        for extension in &mut state.extensions {
            if extension.invoke && extension.stage == Stage::Ready {
                extension.stage = Stage::Pending;
            }
        }
        state.invocation = Some(running);
        drop(state);
        self.announce();
    }

    /// Tells the extensions that want to know that the end is near.
    pub(crate) fn shut_down(&self, reason: ShutdownReason, within: Duration) {
        self.state().shutdown = Some(Shutdown { reason, deadline_ms: epoch_ms().saturating_add(millis(within)) });
        self.announce();
    }
}

impl State {
    /// The event that the environment works on, or worked on last.
    pub(crate) fn current(&self) -> Option<Arc<Running>> {
        self.invocation.clone()
    }

    /// Notes that initialisation is over once every party has asked for an event.
    pub(crate) fn settle(&mut self) {
        self.initialised |= self.is_idle();
    }

    /// The runtime and every extension that takes part are waiting for an event.
    pub(crate) fn is_idle(&self) -> bool {
        let waiting = |it: &Extension| it.stage == Stage::Ready || (self.initialised && !it.invoke);
        self.runtime == Runtime::Ready && self.extensions.iter().all(waiting)
    }
}

impl Running {
    pub(crate) fn new(
        id: String,
        event: Bytes,
        deadline: Duration,
        trace_id: String,
        client_context: Option<String>,
        mode: Mode,
        reply: oneshot::Sender<Result<Reply, InvokeError>>,
    ) -> Self {
        let deadline_ms = epoch_ms().saturating_add(millis(deadline));
        Self { id, event, deadline_ms, trace_id, client_context, mode, reply: Mutex::new(Some(reply)) }
    }

    /// Answers whoever invoked the function, unless that has happened.
    pub(crate) fn reply(&self, reply: Result<Reply, InvokeError>) {
        let sender = self.reply.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            let _ = sender.send(reply);
        }
    }
}

/// The right to answer one event, which the runtime holds while it sends its answer. Dropped unused, the answer counts as cut off.
pub(crate) struct Answering {
    environment: Arc<Environment>,
    running: Arc<Running>,
}

impl Answering {
    /// Whether whoever invoked the function takes a streamed answer.
    pub(crate) fn streams(&self) -> bool {
        self.running.mode == Mode::Streaming
    }

    /// The whole answer.
    pub(crate) fn whole(self, payload: Bytes) {
        if payload.len() > reply::BUFFERED_LIMIT {
            self.running.reply(Err(InvokeError::ResponseTooLarge));
        } else {
            self.running.reply(Ok(Reply::Buffered(payload)));
        }
    }

    /// The function's error.
    pub(crate) fn failed(self, error: InvokeError) {
        self.running.reply(Err(error));
    }

    /// An answer that is sent while it is made. Keep the right until the end of it.
    pub(crate) fn streaming(&self, content_type: Option<String>) -> reply::Sender {
        let (sender, body) = reply::stream(self.environment.identity.bandwidth_cap);
        self.running.reply(Ok(Reply::Streaming { content_type, body }));
        sender
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.running.reply(Err(InvokeError::function(
            "Runtime.TruncatedResponse",
            "The runtime ended its response before all of it was sent.",
        )));
        // Nobody waits for this alone, so it is not announced: what counts is that the runtime asks for the next event.
        let mut state = self.environment.state();
        if state.runtime == Runtime::Answering {
            state.runtime = Runtime::Answered;
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn epoch_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// A duration in milliseconds, at most what fits.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A fresh id. It has to be unique, not hard to guess, so it costs no call of the system.
pub(crate) fn fresh_id() -> Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}
