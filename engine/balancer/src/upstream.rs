//! Connections to a target, kept for the next request.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::group::{Address, Protocol};
use crate::stream::Stream;

/// The idle connections to one target, shared by all clients.
#[derive(Debug)]
pub(crate) struct Pool {
    address: Address,
    protocol: Protocol,
    idle: Mutex<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    /// The one used last is used next, so that the others may run out.
    connections: Vec<Connection>,
    /// From when on the target may not be spoken to any more.
    over: Option<Instant>,
}

/// A connection to a target.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) stream: Stream,
    /// Since when it has been idle; `None` for one that is new.
    pub(crate) idle_since: Option<Instant>,
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum ConnectFault {
    /// It was refused, or the name does not exist.
    Refused(io::Error),
    /// The TLS handshake failed.
    Handshake(io::Error),
}

impl ConnectFault {
    pub(crate) fn into_error(self) -> io::Error {
        match self {
            Self::Refused(error) | Self::Handshake(error) => error,
        }
    }
}

/// So many connections are kept idle.
const MOST_IDLE: usize = 512;

impl Pool {
    pub(crate) fn new(address: Address, protocol: Protocol) -> Self {
        Self { address, protocol, idle: Mutex::default() }
    }

    /// A connection that was used before, if one is left that the target has not closed.
    pub(crate) fn take(&self, longest_idle: Duration) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(mut connection) = idle.connections.pop() {
            let is_old = connection.idle_since.is_some_and(|since| since.elapsed() >= longest_idle);
            if !is_old && !connection.stream.is_stale() {
                return Some(connection);
            }
        }
        None
    }

    /// Opens a connection.
    pub(crate) async fn connect(&self) -> Result<Connection, ConnectFault> {
        let connected = match self.address.ip() {
            Some(address) => TcpStream::connect(address).await,
            None => TcpStream::connect((self.address.host.as_str(), self.address.port)).await,
        };
        let socket = connected.map_err(ConnectFault::Refused)?;
        // Without it small writes would wait; that it fails does no harm.
        let _ = socket.set_nodelay(true);
        let stream = match self.protocol {
            Protocol::Http => Stream::Plain(socket),
            Protocol::Https => crate::tls::connect(&self.address, socket).await.map_err(ConnectFault::Handshake)?,
        };
        Ok(Connection { stream, idle_since: None })
    }

    /// Keeps a connection for the next request.
    pub(crate) fn give_back(&self, mut connection: Connection) {
        connection.idle_since = Some(Instant::now());
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.over.is_none() && idle.connections.len() < MOST_IDLE {
            idle.connections.push(connection);
        }
    }

    /// Closes connections that have been idle for long, or that the target has closed.
    pub(crate) fn sweep(&self, longest_idle: Duration) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.connections.retain_mut(|connection| {
            connection.idle_since.is_some_and(|since| since.elapsed() < longest_idle) && !connection.stream.is_stale()
        });
    }

    /// Closes all idle connections; those in use may go on until then.
    pub(crate) fn close(&self, over: Instant) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.over = Some(over);
        idle.connections.clear();
    }

    /// From when on requests that are still under way fail.
    pub(crate) fn over(&self) -> Option<Instant> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).over
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over().is_some_and(|over| Instant::now() >= over)
    }
}
