//! Containers that are Lambda functions: their execution environments, started on demand.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use slipway_lambda::adapter;
use slipway_lambda::environments::{Environments, Exit, Instance as Environment, Launch};
use slipway_lambda::function::{Change, Function, FunctionObserver, FunctionSettings};
use slipway_lang::names::{Kind, Parts};
use slipway_lang::service::{Compute, Service};
use tokio::sync::mpsc;

use crate::bus::{Bus, LogSink};
use crate::environment;
use crate::event::{Event, Stream};
use crate::runtime::{Artifact, Instance, Runtime, Start};
use crate::supervisor::Shared;

/// How many environments a function may have here: this machine is no fleet.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(10).unwrap();

/// The environments that run, with what they wrote.
#[derive(Clone, Default)]
pub(crate) struct Running {
    all: Arc<Mutex<Vec<Logged>>>,
}

/// An instance with what it writes.
type Logged = (Arc<Instance>, LogSink);

impl Running {
    /// The instances.
    pub(crate) fn instances(&self) -> Vec<Arc<Instance>> {
        self.lock().iter().map(|(instance, _)| Arc::clone(instance)).collect()
    }

    /// The one that was started last.
    pub(crate) fn last(&self) -> Option<Logged> {
        self.lock().last().cloned()
    }

    fn add(&self, instance: Arc<Instance>, log: LogSink) {
        self.lock().push((instance, log));
    }

    fn remove(&self, instance: &Arc<Instance>) {
        self.lock().retain(|(other, _)| !Arc::ptr_eq(other, instance));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Logged>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a function whose environments are instances of a container.
pub(crate) async fn start(
    service: &Service,
    artifact: Artifact,
    shared: &Shared,
    running: Running,
    started: Arc<AtomicU64>,
) -> std::io::Result<Arc<Function>> {
    let settings = settings(service, shared);
    let maker = Maker { service: service.clone(), artifact, shared: shared.clone(), running, started };
    let observer = Teller::new(service.name.clone(), shared.bus.clone());
    Function::start(settings, Arc::new(maker), Arc::new(observer)).await.map(Arc::new)
}

/// A function that is what already listens somewhere.
pub(crate) async fn remote(
    service: &Service,
    host: String,
    port: u16,
    shared: &Shared,
) -> std::io::Result<Arc<Function>> {
    let variables = environment::of(service, &shared.facts);
    let settings = adapter::Settings {
        host,
        readiness: adapter::Readiness { port, tcp: true, ..adapter_settings(&variables).readiness },
        port,
        ..adapter_settings(&variables)
    };
    let observer = Teller::new(service.name.clone(), shared.bus.clone());
    let remote = Arc::new(adapter::Remote(settings));
    Function::start(self::settings(service, shared), remote, Arc::new(observer)).await.map(Arc::new)
}

fn settings(service: &Service, shared: &Shared) -> FunctionSettings {
    let facts = &shared.facts;
    let parts = Parts::project(&facts.project, &facts.stage).container(&service.name);
    let (memory, timeout) = match service.compute {
        Compute::Lambda { memory, timeout } => (memory, timeout),
        Compute::Fargate { memory, .. } => (memory, slipway_lang::limits::lambda::DEFAULT_TIMEOUT),
    };
    let (bind, advertised_host) = match &*shared.runtime {
        Runtime::Process(_) => (IpAddr::V4(Ipv4Addr::LOCALHOST), None),
        Runtime::Docker(docker) => match docker.gateway().filter(|address| can_bind(*address)) {
            Some(gateway) => (gateway, None),
            // The engine runs in a machine of its own, which reaches this one by name.
            None => (IpAddr::V4(Ipv4Addr::LOCALHOST), Some("host.docker.internal".to_owned())),
        },
    };
    FunctionSettings {
        memory,
        timeout: Duration::from_secs(u64::from(timeout)),
        region: facts.region.clone(),
        concurrency: CONCURRENCY,
        bind,
        advertised_host,
        ..FunctionSettings::new(parts.name(Kind::Function).original())
    }
}

fn can_bind(address: IpAddr) -> bool {
    std::net::TcpListener::bind(SocketAddr::new(address, 0)).is_ok()
}

fn adapter_settings(variables: &std::collections::BTreeMap<String, String>) -> adapter::Settings {
    adapter::Settings::from_variables(|name| variables.get(name).map(String::as_str))
}

struct Maker {
    service: Service,
    artifact: Artifact,
    shared: Shared,
    running: Running,
    /// Counts instances, since names have to differ.
    started: Arc<AtomicU64>,
}

impl Environments for Maker {
    fn start(&self, launch: Launch) -> BoxFuture<'_, Result<Box<dyn Environment>, String>> {
        async move {
            let mut variables = environment::of(&self.service, &self.shared.facts);
            let adapter = adapter_settings(&variables);
            // What Lambda itself sets cannot be replaced.
            variables.extend(launch.variables);
            let log = LogSink::new(self.shared.bus.clone(), &self.service.name);
            let start = Start {
                service: &self.service,
                environment: variables,
                number: self.started.fetch_add(1, Ordering::Relaxed) + 1,
                log: log.clone(),
            };
            let instance = match self.shared.runtime.start(start, &self.artifact).await {
                Ok(instance) => Arc::new(instance),
                Err(diagnosis) => {
                    let message = diagnosis.message.clone();
                    self.shared.bus.diagnose(diagnosis).await;
                    return Err(message);
                }
            };
            self.running.add(Arc::clone(&instance), log);
            let address = instance.address();
            let readiness = adapter::Readiness { port: address.port(), ..adapter.readiness.clone() };
            let adapter =
                adapter::Settings { host: address.ip().to_string(), port: address.port(), readiness, ..adapter };
            let made: Box<dyn Environment> = Box::new(Made { instance, adapter, running: self.running.clone() });
            Ok(made)
        }
        .boxed()
    }
}

/// An execution environment that is an instance of the container.
struct Made {
    instance: Arc<Instance>,
    adapter: adapter::Settings,
    running: Running,
}

impl Environment for Made {
    /// Whoever asks first serves: the image's own runtime client, or the adapter once the image's port answers.
    fn adapter(&self) -> Option<adapter::Settings> {
        Some(self.adapter.clone())
    }

    fn exited(&self) -> BoxFuture<'static, Exit> {
        let (instance, running) = (Arc::clone(&self.instance), self.running.clone());
        async move {
            let ended = instance.wait().await;
            running.remove(&instance);
            let code = ended.code.and_then(|code| i32::try_from(code).ok());
            Exit {
                status: code.filter(|code| *code < 128),
                signal: code.filter(|code| *code > 128).map(|code| code - 128),
                out_of_memory: ended.out_of_memory,
            }
        }
        .boxed()
    }

    fn terminate(&self) -> BoxFuture<'_, ()> {
        self.instance.terminate().boxed()
    }

    fn kill(&self) -> BoxFuture<'_, ()> {
        async {
            self.instance.stop(Duration::ZERO).await;
            self.running.remove(&self.instance);
        }
        .boxed()
    }
}

/// Tells what the platform says of a function.
struct Teller {
    send: mpsc::UnboundedSender<Event>,
    container: String,
}

impl Teller {
    fn new(container: String, bus: Bus) -> Self {
        let (send, mut receive) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(event) = receive.recv().await {
                bus.tell(event).await;
            }
        });
        Self { send, container }
    }

    fn tell(&self, event: Event) {
        // Nobody listens at the end of the session.
        let _ = self.send.send(event);
    }
}

impl FunctionObserver for Teller {
    fn line(&self, _: usize, line: &str) {
        self.tell(Event::Log { container: self.container.clone(), stream: Stream::Platform, line: line.to_owned() });
    }

    fn change(&self, slot: usize, change: Change) {
        let message = match change {
            Change::Ready(time) if slot > 0 => {
                format!("Environment {} was started for requests at the same time, in {time:.1?}.", slot + 1)
            }
            Change::Failed(why) => why,
            _ => return,
        };
        self.tell(Event::Note { container: Some(self.container.clone()), message });
    }
}
