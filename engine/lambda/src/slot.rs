//! A place for one execution environment at a time: its address, its start, its invocations one after the other, its end.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{net::TcpListener, sync::oneshot, time::Instant};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    adapter, api,
    environment::{Environment, Fault, Running, ShutdownReason, fresh_id},
    environments::{Instance, Launch},
    extensions::Stage,
    function::{Change, Invocation, InvokeError, Shared, exit_error},
    reply::Reply,
    trace,
};

/// How long an environment may take to initialise before that is tried again with the first event.
const INIT_LIMIT: Duration = Duration::from_secs(10);
/// How long the end may take with external extensions.
const END_EXTERNAL: Duration = Duration::from_secs(2);
/// How long the end may take with extensions within the runtime only.
const END_INTERNAL: Duration = Duration::from_millis(500);
/// How much of it the runtime gets.
const END_RUNTIME: Duration = Duration::from_millis(300);

type Answer = oneshot::Sender<Result<Reply, InvokeError>>;

pub(crate) struct Slot {
    index: usize,
    address: SocketAddr,
    /// Whom connections are for.
    current: Arc<Mutex<Option<Arc<Environment>>>>,
    live: Option<Live>,
    /// The last environment failed, so the next initialises as a part of its first invocation.
    init_with_invocation: bool,
    _listening: DropGuard,
}

struct Live {
    environment: Arc<Environment>,
    instance: Box<dyn Instance>,
    generation: u64,
    launched: Instant,
    /// How long its initialisation took, until that was reported.
    init: Option<Duration>,
}

/// How an invocation ended.
enum Outcome {
    Done,
    Failed(InvokeError),
    TimedOut,
    Stopped,
}

impl Slot {
    /// A slot whose API listens at an address of its own.
    pub(crate) async fn bind(index: usize, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let current = Arc::new(Mutex::new(None));
        let listening = CancellationToken::new();
        tokio::spawn(listen(listener, Arc::clone(&current), listening.clone()));
        Ok(Self {
            index,
            address,
            current,
            live: None,
            init_with_invocation: false,
            _listening: listening.drop_guard(),
        })
    }

    /// Has a running environment.
    pub(crate) fn is_warm(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.environment.state().fault.is_none())
    }

    /// Has no environment that was started from what has been replaced since.
    pub(crate) fn is_fresh(&self, function: &Shared) -> bool {
        self.live.as_ref().is_none_or(|live| live.generation == function.generation())
    }

    /// Initialises an environment, if none is.
    pub(crate) async fn warm(&mut self, function: &Shared) -> Result<(), InvokeError> {
        let live = self.launched(function).await?;
        let id = fresh_id().to_string();
        let initialised = tokio::time::timeout(INIT_LIMIT, initialised(live, &id)).await;
        let result = match initialised {
            Ok(Ok(())) => {
                self.note_ready(function);
                return Ok(());
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(timed_out(&id, INIT_LIMIT)),
        };
        self.end(function, ShutdownReason::Failure).await;
        result
    }

    /// Works on one event, from a cold start if need be, until the environment is ready for another or has ended.
    pub(crate) async fn invoke(&mut self, function: &Shared, invocation: Invocation, answer: Answer) {
        let id = fresh_id().to_string();
        if let Err(error) = self.initialise(function, &id).await {
            let _ = answer.send(Err(error));
            return;
        }
        let Some(live) = &mut self.live else { return };

        let started = Instant::now();
        let timeout = function.settings.timeout;
        let trace_id = trace::for_runtime(invocation.trace_id.as_deref());
        function.observer.change(self.index, Change::Busy);
        function.observer.line(self.index, &format!("START RequestId: {id} Version: $LATEST"));
        let mut answer = Some(answer);
        let work = async {
            if let Err(error) = initialised(live, &id).await {
                return Outcome::Failed(error);
            }
            let Some(answer) = answer.take() else { return Outcome::Done };
            let Invocation { event, client_context, mode, .. } = invocation;
            let left = timeout.saturating_sub(started.elapsed());
            let running = Running::new(id.clone(), event, left, trace_id, client_context, mode, answer);
            live.environment.dispatch(Arc::new(running));
            match live
                .environment
                .until(|state| state.fault.clone().map(Some).or(state.is_idle().then_some(None)))
                .await
            {
                Some(fault) => Outcome::Failed(fault_error(&id, &fault)),
                None => Outcome::Done,
            }
        };
        let outcome = tokio::select! {
            biased;
            outcome = work => outcome,
            () = tokio::time::sleep(timeout) => Outcome::TimedOut,
            () = function.stopping.cancelled() => Outcome::Stopped,
        };

        let (failure, reason) = match &outcome {
            Outcome::Done => (None, ShutdownReason::Spindown),
            Outcome::Failed(error) => (Some(error.clone()), ShutdownReason::Failure),
            Outcome::TimedOut => (Some(timed_out(&id, timeout)), ShutdownReason::Timeout),
            Outcome::Stopped => (Some(InvokeError::Stopped), ShutdownReason::Spindown),
        };
        if let Some(error) = &failure {
            match answer.take() {
                Some(answer) => drop(answer.send(Err(error.clone()))),
                None => drop(live.environment.state().current().map(|running| running.reply(Err(error.clone())))),
            }
            if matches!(error, InvokeError::TimedOut { .. }) {
                let now = jiff::Timestamp::now();
                let text = format!("{now:.3} {id} Task timed out after {:.2} seconds", timeout.as_secs_f64());
                function.observer.line(self.index, &text);
            }
            function.observer.change(self.index, Change::Failed(error.to_string()));
        }
        let init = live.init.take();
        report(function, self.index, &id, init, started.elapsed().min(timeout), live.instance.memory_used());
        if failure.is_some() {
            self.end(function, reason).await;
        } else {
            function.observer.change(self.index, Change::Idle);
        }
    }

    /// Ends the environment because it is not needed any more.
    pub(crate) async fn spin_down(&mut self, function: &Shared) {
        self.end(function, ShutdownReason::Spindown).await;
        self.init_with_invocation = false;
    }

    /// Makes sure that an environment runs, and that it is initialised unless that is left to the invocation.
    async fn initialise(&mut self, function: &Shared, id: &str) -> Result<(), InvokeError> {
        let with_invocation = self.init_with_invocation;
        let live = self.launched(function).await?;
        if with_invocation || live.environment.state().initialised {
            return Ok(());
        }
        let initialised = tokio::select! {
            initialised = tokio::time::timeout(INIT_LIMIT, initialised(live, id)) => initialised,
            () = function.stopping.cancelled() => {
                self.end(function, ShutdownReason::Spindown).await;
                return Err(InvokeError::Stopped);
            }
        };
        let took = milliseconds(live.launched.elapsed());
        let status = match initialised {
            Ok(Ok(())) => {
                self.note_ready(function);
                return Ok(());
            }
            Ok(Err(InvokeError::Function { error_type, .. })) => format!("Status: error\tError Type: {error_type}"),
            Ok(Err(_)) => "Status: error".to_owned(),
            Err(_) => "Status: timeout".to_owned(),
        };
        function.observer.line(self.index, &format!("INIT_REPORT Init Duration: {took} ms\tPhase: init\t{status}"));
        self.end(function, ShutdownReason::Failure).await;
        self.launched(function).await?;
        Ok(())
    }

    fn note_ready(&mut self, function: &Shared) {
        if let Some(live) = &mut self.live {
            let took = live.launched.elapsed();
            live.init = Some(took);
            function.observer.change(self.index, Change::Ready(took));
        }
    }

    /// An environment whose process was started; a new one if there is none, or only one that failed or is out of date.
    async fn launched(&mut self, function: &Shared) -> Result<&mut Live, InvokeError> {
        if !self.is_fresh(function) {
            self.spin_down(function).await;
        } else if !self.is_warm() {
            self.end(function, ShutdownReason::Failure).await;
        }
        if self.live.is_none() {
            self.live = Some(self.launch(function).await?);
        }
        self.live.as_mut().ok_or(InvokeError::Stopped)
    }

    async fn launch(&self, function: &Shared) -> Result<Live, InvokeError> {
        function.observer.change(self.index, Change::Starting);
        let (environments, generation) = function.environments();
        let environment = Environment::new(Arc::clone(&function.identity), &function.settings.extensions);
        self.set_current(Some(Arc::clone(&environment)));
        let launch =
            Launch { slot: self.index, runtime_api: self.address, variables: self.variables(function, &environment) };
        let instance = match environments.start(launch).await {
            Ok(instance) => instance,
            Err(reason) => {
                self.set_current(None);
                environment.over.cancel();
                function.observer.change(self.index, Change::Failed(reason.clone()));
                return Err(InvokeError::Unreachable(reason));
            }
        };
        let exited = instance.exited();
        let watched = Arc::clone(&environment);
        tokio::spawn(async move {
            tokio::select! {
                () = watched.over.cancelled() => {}
                exit = exited => watched.fail(Fault::Exited(exit)),
            }
        });
        if let Some(settings) = instance.adapter() {
            function.observer.change(self.index, Change::Adapter(settings.address()));
            tokio::spawn(adapter::run(Arc::clone(&environment), settings));
        }
        Ok(Live { environment, instance, generation, launched: Instant::now(), init: None })
    }

    /// Ends the environment, if there is one, telling its extensions.
    async fn end(&mut self, function: &Shared, reason: ShutdownReason) {
        let Some(live) = self.live.take() else { return };
        self.init_with_invocation = reason != ShutdownReason::Spindown;
        let environment = &live.environment;
        let (external, any, alive) = {
            let state = environment.state();
            let registered = |external: bool| {
                state.extensions.iter().any(|it| it.external == external && it.stage != Stage::Expected)
            };
            (registered(true), registered(true) || registered(false), !matches!(state.fault, Some(Fault::Exited(_))))
        };
        if any && alive {
            let within = if external { END_EXTERNAL } else { END_INTERNAL };
            let deadline = Instant::now() + within;
            if reason == ShutdownReason::Spindown {
                live.instance.terminate().await;
                let patience = if external { END_RUNTIME } else { END_INTERNAL };
                let exited = environment.until(|state| matches!(state.fault, Some(Fault::Exited(_))).then_some(()));
                let _ = tokio::time::timeout(patience, exited).await;
            }
            environment.shut_down(reason, deadline.saturating_duration_since(Instant::now()));
            let done = environment.until(|state| {
                let pending = state.extensions.iter().any(|it| it.shutdown && it.stage != Stage::Done);
                (!pending || matches!(state.fault, Some(Fault::Exited(_)))).then_some(())
            });
            let _ = tokio::time::timeout_at(deadline, done).await;
        }
        live.instance.kill().await;
        environment.over.cancel();
        self.set_current(None);
        function.observer.change(self.index, Change::Ended);
    }

    fn set_current(&self, environment: Option<Arc<Environment>>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = environment;
    }

    /// The variables that Lambda sets, credentials aside.
    fn variables(&self, function: &Shared, environment: &Environment) -> Vec<(String, String)> {
        let settings = &function.settings;
        let api = match &settings.advertised_host {
            Some(host) => format!("{host}:{}", self.address.port()),
            None => self.address.to_string(),
        };
        let memory = settings.memory.to_string();
        let variables = [
            ("AWS_LAMBDA_RUNTIME_API", &*api),
            ("AWS_LAMBDA_FUNCTION_NAME", &settings.name),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", &function.identity.log_group),
            ("AWS_LAMBDA_LOG_STREAM_NAME", &environment.log_stream),
            ("AWS_REGION", &settings.region),
            ("AWS_DEFAULT_REGION", &settings.region),
            ("LAMBDA_TASK_ROOT", "/var/task"),
            ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
            ("TZ", ":UTC"),
            ("_HANDLER", &settings.handler),
        ];
        variables
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

/// Takes connections for whichever environment is the current one.
async fn listen(listener: TcpListener, current: Arc<Mutex<Option<Arc<Environment>>>>, until: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = until.cancelled() => return,
        };
        match accepted {
            Ok((connection, _)) => {
                let environment = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if let Some(environment) = environment {
                    tokio::spawn(api::serve(connection, environment));
                }
            }
            // Out of file descriptors, most likely: they come back.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Waits until the environment is initialised.
async fn initialised(live: &Live, id: &str) -> Result<(), InvokeError> {
    let result = live.environment.until(|state| match &state.fault {
        Some(fault) => Some(Err(fault.clone())),
        None => state.initialised.then_some(Ok(())),
    });
    result.await.map_err(|fault| fault_error(id, &fault))
}

fn fault_error(id: &str, fault: &Fault) -> InvokeError {
    match fault {
        Fault::Init { error_type, payload } => {
            InvokeError::Function { error_type: error_type.clone(), payload: payload.clone() }
        }
        Fault::Exited(exit) => exit_error(id, *exit),
        Fault::Extension { name, error_type } => {
            InvokeError::function(error_type, &format!("RequestId: {id} Error: extension {name} failed"))
        }
    }
}

fn timed_out(id: &str, after: Duration) -> InvokeError {
    let message = format!("RequestId: {id} Error: Task timed out after {:.2} seconds", after.as_secs_f64());
    InvokeError::TimedOut { message }
}

/// Writes the last lines of an invocation.
fn report(function: &Shared, slot: usize, id: &str, init: Option<Duration>, took: Duration, memory: Option<u64>) {
    function.observer.line(slot, &format!("END RequestId: {id}"));
    let billed = (took + init.unwrap_or_default()).as_nanos().div_ceil(1_000_000);
    let init = init.map(|init| format!("Init Duration: {} ms\t", milliseconds(init))).unwrap_or_default();
    let used = memory.map(|bytes| format!("Max Memory Used: {} MB\t", bytes.div_ceil(1024 * 1024))).unwrap_or_default();
    function.observer.line(
        slot,
        &format!(
            "REPORT RequestId: {id}\t{init}Duration: {} ms\tBilled Duration: {billed} ms\tMemory Size: {} MB\t{used}",
            milliseconds(took),
            function.settings.memory,
        ),
    );
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1000.0)
}
