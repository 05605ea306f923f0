//! Who asks the session to end.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

use crate::error::Exit;

/// A reason to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// A supervisor asks for it, the terminal is gone, or the program that started this one has closed its end.
    End,
}

impl Signal {
    /// What the program ends with. To interrupt it is not what it was started for; to end it is the usual way.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Interrupt => Exit::Interrupted,
            Self::End => Exit::Success,
        }
    }
}

/// Everything that may ask for the end.
pub(super) struct Signals {
    received: mpsc::Receiver<Signal>,
}

impl Signals {
    /// Listens from now on. Where a program reads the events, the end of standard input is its end.
    pub(super) fn new(read_by_a_program: bool) -> io::Result<Self> {
        let (send, received) = mpsc::channel(4);
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            for (kind, meaning) in [
                (SignalKind::interrupt(), Signal::Interrupt),
                (SignalKind::terminate(), Signal::End),
                (SignalKind::hangup(), Signal::End),
            ] {
                let mut signals = signal(kind)?;
                let send = send.clone();
                tokio::spawn(
                    async move { while signals.recv().await.is_some() && send.send(meaning).await.is_ok() {} },
                );
            }
        }
        #[cfg(not(unix))]
        {
            let send = send.clone();
            tokio::spawn(async move {
                while tokio::signal::ctrl_c().await.is_ok() && send.send(Signal::Interrupt).await.is_ok() {}
            });
        }
        if read_by_a_program && has_a_writer() {
            tokio::spawn(async move {
                let mut input = tokio::io::stdin();
                let mut ignored = [0; 256];
                while input.read(&mut ignored).await.is_ok_and(|length| length > 0) {}
                let _ = send.send(Signal::End).await;
            });
        }
        Ok(Self { received })
    }

    /// The next one. It may be dropped while it waits.
    pub(super) async fn next(&mut self) -> Signal {
        match self.received.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }
}

/// Whether standard input is a pipe or a socket, which somebody holds the other end of. A file or `/dev/null` ends at once and
/// means nothing.
fn has_a_writer() -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{FileType, fstat};
        fstat(std::io::stdin())
            .is_ok_and(|stat| matches!(FileType::from_raw_mode(stat.st_mode), FileType::Fifo | FileType::Socket))
    }
    #[cfg(not(unix))]
    {
        !std::io::IsTerminal::is_terminal(&std::io::stdin())
    }
}
