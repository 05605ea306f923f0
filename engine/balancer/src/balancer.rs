//! The balancer as a whole: its listeners, its rules, its end.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use slipway_lang::routing::Profile;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_rustls::{TlsAcceptor, TlsStream};

use crate::connection;
use crate::group::TargetGroup;
use crate::health;
use crate::http2;
use crate::observe::Observer;
use crate::rules::{Installed, Rules};
use crate::settings::Settings;
use crate::site::{Client, Site};
use crate::stream::{Buffer, Stream};
use crate::tls::{self, Agreed};

/// A load balancer that listens. Dropping it ends it at once; [`Balancer::stop`] lets requests finish.
pub struct Balancer {
    site: Arc<Site>,
    addresses: Vec<SocketAddr>,
    listeners: Vec<AbortHandle>,
    /// Who checks each group, by the group's address in memory.
    checkers: Mutex<HashMap<usize, AbortHandle>>,
    /// Ends when the last connection has.
    connections: mpsc::Receiver<()>,
    /// Held by each connection.
    alive: Option<mpsc::Sender<()>>,
}

impl Balancer {
    /// Starts to listen.
    pub async fn start(settings: Settings, rules: Rules, observer: Arc<dyn Observer>) -> io::Result<Self> {
        let mut bound = Vec::new();
        for address in &settings.listen {
            bound.push((TcpListener::bind(address).await?, None));
        }
        if let Some(tls) = &settings.tls {
            let acceptor = tls::acceptor(tls)?;
            for address in &tls.listen {
                bound.push((TcpListener::bind(address).await?, Some(acceptor.clone())));
            }
        }
        let addresses = bound.iter().map(|(listener, _)| listener.local_addr()).collect::<io::Result<Vec<_>>>()?;
        let installed = Installed::new(rules, &settings);
        let site = Arc::new(Site::new(settings, installed, observer)?);
        let (alive, connections) = mpsc::channel(1);
        let listeners = bound
            .into_iter()
            .zip(&addresses)
            .map(|((listener, acceptor), address)| {
                let door = Door { port: address.port(), acceptor, site: Arc::clone(&site), alive: alive.clone() };
                tokio::spawn(listen(listener, door)).abort_handle()
            })
            .collect();
        let balancer = Self { site, addresses, listeners, checkers: Mutex::default(), connections, alive: Some(alive) };
        balancer.check_groups();
        Ok(balancer)
    }

    /// Where it listens: first for HTTP, then for HTTPS, each in the order of its settings.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Routes by other rules from now on. Requests under way finish by those that they began with, and no connection is
    /// dropped. A group that is in both keeps its targets and what is known of them.
    pub fn replace(&self, rules: Rules) {
        self.site.replace(Installed::new(rules, &self.site.settings));
        self.check_groups();
    }

    /// Stops to listen, lets requests under way finish for as long as `grace`, and ends.
    pub async fn stop(mut self, grace: Duration) {
        self.listeners.iter().for_each(AbortHandle::abort);
        self.site.stopping.send_replace(true);
        self.alive = None;
        let _ = tokio::time::timeout(grace, self.connections.recv()).await;
    }

    /// Begins to check groups that are new, and ends it for those that are gone.
    fn check_groups(&self) {
        let rules = self.site.rules();
        let id = |group: &Arc<TargetGroup>| Arc::as_ptr(group) as usize;
        let mut checkers = self.checkers.lock().unwrap_or_else(PoisonError::into_inner);
        checkers.retain(|known, checker| {
            let is_there = rules.rules.groups.iter().any(|group| id(group) == *known);
            if !is_there {
                checker.abort();
            }
            is_there
        });
        // That proxy checks nobody.
        if rules.profile() == Profile::Devproxy {
            return;
        }
        for group in &rules.rules.groups {
            checkers.entry(id(group)).or_insert_with(|| {
                let observer = Arc::clone(&self.site.observer);
                let idle = self.site.settings.timeouts.idle;
                tokio::spawn(health::watch_over(Arc::clone(group), observer, idle)).abort_handle()
            });
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.listeners.iter().for_each(AbortHandle::abort);
        let checkers = self.checkers.get_mut().unwrap_or_else(PoisonError::into_inner);
        checkers.values().for_each(AbortHandle::abort);
        self.site.stopping.send_replace(true);
    }
}

/// What a listener gives to each connection.
#[derive(Clone)]
struct Door {
    port: u16,
    acceptor: Option<TlsAcceptor>,
    site: Arc<Site>,
    alive: mpsc::Sender<()>,
}

async fn listen(listener: TcpListener, door: Door) {
    loop {
        match listener.accept().await {
            Ok((socket, address)) => {
                tokio::spawn(serve(socket, address, door.clone()));
            }
            // Out of descriptors, most likely: some will be free again soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn serve(socket: TcpStream, address: SocketAddr, door: Door) {
    let Door { port, acceptor, site, alive } = door;
    // Without it small writes would wait; that it fails does no harm.
    let _ = socket.set_nodelay(true);
    let mut client = Client { address, is_tls: acceptor.is_some(), port, tls: None, server_name: None };
    match acceptor {
        None if site.settings.plain_http2 && begins_http2(&socket).await => http2::serve(site, socket, client).await,
        None => connection::serve(site, Stream::Plain(socket), client, Buffer::default()).await,
        Some(acceptor) => {
            let handshake = tokio::time::timeout(site.settings.timeouts.handshake, acceptor.accept(socket));
            // A client that does not come through the handshake has nothing to be told in.
            let Ok(Ok(stream)) = handshake.await else { return };
            let agreed = Agreed::of(stream.get_ref().1);
            client.tls = Some((agreed.version.to_owned(), agreed.suite));
            client.server_name = agreed.server_name;
            if agreed.is_http2 {
                http2::serve(site, stream, client).await;
            } else {
                let stream = Stream::Tls(Box::new(Mutex::new(TlsStream::Server(stream))));
                connection::serve(site, stream, client, Buffer::default()).await;
            }
        }
    }
    drop(alive);
}

/// Whether a client begins with what every client of HTTP/2 begins with.
async fn begins_http2(socket: &TcpStream) -> bool {
    let mut start = [0; 3];
    matches!(socket.peek(&mut start).await, Ok(length) if start[..length].starts_with(b"PRI"))
}
