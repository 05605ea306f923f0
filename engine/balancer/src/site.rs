//! What all connections of a balancer share.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::watch;

use crate::edge;
use crate::log::AccessLog;
use crate::observe::{Note, Observer};
use crate::rules::Installed;
use crate::settings::Settings;

/// What all connections of a balancer share.
pub(crate) struct Site {
    pub(crate) settings: Settings,
    pub(crate) observer: Arc<dyn Observer>,
    /// The name under which it is reached, for clients that name none.
    pub(crate) host: String,
    pub(crate) log: Option<AccessLog>,
    rules: RwLock<Arc<Installed>>,
    exchanges: AtomicU64,
    told: Mutex<HashSet<(&'static str, String)>>,
    /// Whether it is being stopped: requests under way are finished, no new ones begun.
    pub(crate) stopping: watch::Sender<bool>,
}

/// So many things are told once; a user who was told as many will not miss the next.
const MOST_TOLD: usize = 1000;

/// The edge, as the balancer behind it sees it.
pub(crate) static EDGE: Client =
    Client { address: edge::ADDRESS, is_tls: false, port: 80, tls: None, server_name: None };

/// A client's connection.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) is_tls: bool,
    /// The port that the listener really has.
    pub(crate) port: u16,
    /// Version and cipher suite of TLS.
    pub(crate) tls: Option<(String, String)>,
    /// The name that the client asked for in its TLS handshake.
    pub(crate) server_name: Option<String>,
}

impl Site {
    pub(crate) fn new(settings: Settings, rules: Installed, observer: Arc<dyn Observer>) -> io::Result<Self> {
        let log = settings.access_log.as_deref().map(|path| AccessLog::open(path, settings.names.balancer_in_log()));
        Ok(Self {
            host: settings.names.balancer_host(),
            log: log.transpose()?,
            settings,
            observer,
            rules: RwLock::new(Arc::new(rules)),
            exchanges: AtomicU64::new(0),
            told: Mutex::default(),
            stopping: watch::Sender::new(false),
        })
    }

    pub(crate) fn rules(&self) -> Arc<Installed> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other rules in their place; requests under way keep those that they began with.
    pub(crate) fn replace(&self, rules: Installed) -> Arc<Installed> {
        std::mem::replace(&mut *self.rules.write().unwrap_or_else(PoisonError::into_inner), Arc::new(rules))
    }

    pub(crate) fn next_exchange(&self) -> u64 {
        self.exchanges.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Tells something the first time that it happens with a subject.
    pub(crate) fn tell_once(&self, code: &'static str, subject: &str, note: impl FnOnce() -> Note) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = told.len() < MOST_TOLD && told.insert((code, subject.to_owned()));
        drop(told);
        if is_new {
            self.observer.note(&note());
        }
    }
}
