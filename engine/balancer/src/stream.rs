//! A connection, plain or encrypted, and what is read from it.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, tcp};
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsStream;

/// A connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<Mutex<TlsStream<TcpStream>>>),
}

/// The side of a connection that is read.
pub(crate) enum ReadHalf<'a> {
    Plain(tcp::ReadHalf<'a>),
    Tls(&'a Mutex<TlsStream<TcpStream>>),
}

/// The side of a connection that is written.
pub(crate) enum WriteHalf<'a> {
    Plain(tcp::WriteHalf<'a>),
    Tls(&'a Mutex<TlsStream<TcpStream>>),
}

impl Stream {
    /// Both sides, to be used at once by one task.
    pub(crate) fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        match self {
            Self::Plain(stream) => {
                let (read, write) = stream.split();
                (ReadHalf::Plain(read), WriteHalf::Plain(write))
            }
            Self::Tls(stream) => (ReadHalf::Tls(stream), WriteHalf::Tls(stream)),
        }
    }

    /// Whether an idle connection is of no use any more: closed by the peer, or with bytes that nobody asked for. Costs
    /// no call of the system as long as nothing has come.
    pub(crate) fn is_stale(&mut self) -> bool {
        let mut byte = [0];
        match self {
            Self::Plain(socket) => {
                !matches!(socket.try_read(&mut byte), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
            }
            Self::Tls(stream) => {
                let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
                let mut ctx = Context::from_waker(Waker::noop());
                Pin::new(stream).poll_read(&mut ctx, &mut ReadBuf::new(&mut byte)).is_ready()
            }
        }
    }
}

impl AsyncRead for ReadHalf<'_> {
    fn poll_read(self: Pin<&mut Self>, ctx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(half) => Pin::new(half).poll_read(ctx, buf),
            Self::Tls(stream) => Pin::new(&mut *lock(stream)).poll_read(ctx, buf),
        }
    }
}

impl WriteHalf<'_> {
    /// Writes all slices, as few calls as possible.
    pub(crate) async fn write_all(&mut self, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        IoSlice::advance_slices(&mut slices, 0);
        while !slices.is_empty() {
            let written = poll_fn(|ctx| match self {
                Self::Plain(half) => Pin::new(half).poll_write_vectored(ctx, slices),
                Self::Tls(stream) => Pin::new(&mut *lock(stream)).poll_write_vectored(ctx, slices),
            });
            match written.await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => IoSlice::advance_slices(&mut slices, written),
            }
        }
        if let Self::Tls(stream) = self {
            poll_fn(|ctx| Pin::new(&mut *lock(stream)).poll_flush(ctx)).await?;
        }
        Ok(())
    }

    /// Says that nothing more will be written.
    pub(crate) async fn shutdown(&mut self) -> io::Result<()> {
        poll_fn(|ctx| match self {
            Self::Plain(half) => Pin::new(half).poll_shutdown(ctx),
            Self::Tls(stream) => Pin::new(&mut *lock(stream)).poll_shutdown(ctx),
        })
        .await
    }
}

/// The lock is there for the compiler's sake: both halves belong to one task, which holds it through no `await`.
fn lock(stream: &Mutex<TlsStream<TcpStream>>) -> MutexGuard<'_, TlsStream<TcpStream>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes that were read and not used yet.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The last read filled all the room there was, so that more room would save reads.
    was_filled: bool,
}

/// The room of a buffer that is used for the first time, in bytes.
const FIRST_ROOM: usize = 4 * 1024;
/// The room up to which a buffer grows so as to read more at once.
const USEFUL_ROOM: usize = 128 * 1024;
/// As much is read of what a client sends ahead of its time.
const READ_AHEAD: usize = 64 * 1024;

impl Buffer {
    pub(crate) fn data(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(crate) fn consume(&mut self, length: usize) {
        self.start += length;
        debug_assert!(self.start <= self.end, "more consumed than there was");
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Reads once, as much as has come; 0 at the end.
    pub(crate) async fn read(&mut self, io: &mut ReadHalf<'_>) -> io::Result<usize> {
        poll_fn(|ctx| self.poll_read(ctx, io)).await
    }

    /// Reads once; waits for ever when enough has been read ahead.
    pub(crate) async fn read_ahead(&mut self, io: &mut ReadHalf<'_>) -> io::Result<usize> {
        if self.data().len() >= READ_AHEAD {
            return std::future::pending().await;
        }
        self.read(io).await
    }

    fn poll_read(&mut self, ctx: &mut Context<'_>, io: &mut ReadHalf<'_>) -> Poll<io::Result<usize>> {
        self.make_room();
        let mut buf = ReadBuf::new(&mut self.bytes[self.end..]);
        ready!(Pin::new(io).poll_read(ctx, &mut buf))?;
        let (read, room) = (buf.filled().len(), buf.capacity());
        self.end += read;
        self.was_filled = read == room;
        Poll::Ready(Ok(read))
    }

    fn make_room(&mut self) {
        if self.start == self.end {
            self.clear();
        } else if self.end == self.bytes.len() && self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let is_full = self.end == self.bytes.len();
        if is_full || self.was_filled && self.bytes.len() < USEFUL_ROOM {
            self.was_filled = false;
            self.bytes.resize((2 * self.bytes.len()).max(FIRST_ROOM), 0);
        }
    }
}

/// Ends waits that last too long.
///
/// There is one timer for all waits of a task. Setting a later time does not touch it: when it goes off too early, it is
/// set anew. So a request costs no timer operations.
#[derive(Debug)]
pub(crate) struct Watch {
    sleep: Pin<Box<Sleep>>,
    deadline: Instant,
}

/// A wait that lasted too long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Elapsed;

impl Watch {
    /// A watch that goes off after this time, unless it is set anew.
    pub(crate) fn new(limit: Duration) -> Self {
        let deadline = Instant::now() + limit;
        Self { sleep: Box::pin(tokio::time::sleep_until(deadline)), deadline }
    }

    /// Starts to measure anew.
    pub(crate) fn set(&mut self, limit: Duration) {
        self.set_until(Instant::now() + limit);
    }

    pub(crate) fn set_until(&mut self, deadline: Instant) {
        self.deadline = deadline;
        if deadline < self.sleep.deadline() {
            self.sleep.as_mut().reset(deadline);
        }
    }

    /// Waits until the time is over.
    pub(crate) fn poll(&mut self, ctx: &mut Context<'_>) -> Poll<Elapsed> {
        loop {
            ready!(self.sleep.as_mut().poll(ctx));
            if Instant::now() >= self.deadline {
                return Poll::Ready(Elapsed);
            }
            self.sleep.as_mut().reset(self.deadline);
        }
    }

    /// Waits for a result, but no longer than this.
    pub(crate) async fn within<T>(&mut self, limit: Duration, wait: impl Future<Output = T>) -> Result<T, Elapsed> {
        self.set(limit);
        self.until_set(wait).await
    }

    /// Waits for a result, but no longer than was set.
    pub(crate) async fn until_set<T>(&mut self, wait: impl Future<Output = T>) -> Result<T, Elapsed> {
        let mut wait = pin!(wait);
        poll_fn(|ctx| {
            if let Poll::Ready(result) = wait.as_mut().poll(ctx) {
                return Poll::Ready(Ok(result));
            }
            self.poll(ctx).map(Err)
        })
        .await
    }
}
