//! How what happens gets to whoever listens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use slipway_project::Redactor;
use tokio::sync::{broadcast, mpsc};

use crate::diagnosis::Diagnosis;
use crate::event::{Event, Stamped, Stream};

/// Events that a listener may lag behind before it loses some.
const LAG: usize = 4096;
/// Lines that are kept for those who come later.
const KEPT_LINES: usize = 1000;

/// Takes events and hands them on: all of them to the one who prints, and to everyone who listens at the moment.
#[derive(Clone)]
pub(crate) struct Bus {
    printer: mpsc::Sender<Arc<Stamped>>,
    listeners: broadcast::Sender<Arc<Stamped>>,
    redactor: Arc<Mutex<Redactor>>,
    /// The last lines of all containers, for those who come later.
    lines: Arc<Mutex<VecDeque<Arc<Stamped>>>>,
}

impl Bus {
    /// A bus, and what the one who prints receives. He is waited for: a log line is never lost.
    pub(crate) fn new(redactor: Redactor) -> (Self, mpsc::Receiver<Arc<Stamped>>) {
        let (printer, events) = mpsc::channel(1024);
        let listeners = broadcast::Sender::new(LAG);
        let bus = Self { printer, listeners, redactor: Arc::new(redactor.into()), lines: Arc::default() };
        (bus, events)
    }

    /// Tells an event. A line waits until there is room for it, which slows down the container that writes it.
    pub(crate) async fn tell(&self, event: Event) {
        let stamped = self.publish(event);
        // Nobody prints any more at the end of a session.
        let _ = self.printer.send(stamped).await;
    }

    /// Tells an event from where nothing can be waited for. Answers whether there was room for it at the printer.
    pub(crate) fn tell_now(&self, event: Event) -> bool {
        let stamped = self.publish(event);
        self.printer.try_send(stamped).is_ok()
    }

    /// Tells a diagnosis.
    pub(crate) async fn diagnose(&self, diagnosis: Diagnosis) {
        self.tell(Event::Diagnosis(diagnosis)).await;
    }

    /// Tells something worth knowing.
    pub(crate) async fn note(&self, container: Option<&str>, message: impl Into<String>) {
        self.tell(Event::Note { container: container.map(str::to_owned), message: message.into() }).await;
    }

    /// Listens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<Stamped>> {
        self.listeners.subscribe()
    }

    /// The last lines of all containers, oldest first.
    pub(crate) fn lines(&self) -> Vec<Arc<Stamped>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Hides these secrets in whatever is told from now on.
    pub(crate) fn hide(&self, secrets: Redactor) {
        *self.redactor.lock().unwrap_or_else(PoisonError::into_inner) = secrets;
    }

    /// The text without secrets.
    pub(crate) fn redacted(&self, text: &str) -> String {
        self.redactor.lock().unwrap_or_else(PoisonError::into_inner).hide(text).into_owned()
    }

    fn publish(&self, mut event: Event) -> Arc<Stamped> {
        match &mut event {
            Event::Log { line, .. } => *line = self.redacted(line),
            Event::Request(request) => request.path = self.redacted(&request.path),
            Event::Diagnosis(diagnosis) => {
                diagnosis.message = self.redacted(&diagnosis.message);
                for line in &mut diagnosis.evidence {
                    *line = self.redacted(line);
                }
            }
            Event::Note { message, .. } => *message = self.redacted(message),
            _ => {}
        }
        let stamped = Arc::new(Stamped::now(event));
        if let Event::Log { .. } = stamped.event {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() == KEPT_LINES {
                lines.pop_front();
            }
            lines.push_back(Arc::clone(&stamped));
        }
        // Nobody may be listening.
        let _ = self.listeners.send(Arc::clone(&stamped));
        stamped
    }
}

/// Takes the lines of one instance: tells them, and keeps the last ones.
#[derive(Clone)]
pub(crate) struct LogSink {
    bus: Bus,
    container: Arc<str>,
    kept: Arc<Mutex<VecDeque<(Stream, String)>>>,
}

impl LogSink {
    /// Lines of a container.
    pub(crate) fn new(bus: Bus, container: &str) -> Self {
        Self { bus, container: container.into(), kept: Arc::default() }
    }

    /// Takes a line.
    pub(crate) async fn line(&self, stream: Stream, line: String) {
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == KEPT_LINES {
                kept.pop_front();
            }
            kept.push_back((stream, line.clone()));
        }
        self.bus.tell(Event::Log { container: self.container.to_string(), stream, line }).await;
    }

    /// The last lines, oldest first.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().skip(kept.len().saturating_sub(count)).map(|(_, line)| self.bus.redacted(line)).collect()
    }
}

/// Splits what arrives in pieces into lines. A line without an end is given out when it is longer than 64 KiB, so that a
/// program that never ends its line does not fill the memory.
#[derive(Default)]
pub(crate) struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    const LONGEST: usize = 64 * 1024;

    /// Takes a piece, gives the lines that it completes.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.pending.extend_from_slice(part);
            if part.ends_with(b"\n") || self.pending.len() >= Self::LONGEST {
                lines.extend(self.rest());
            }
        }
        lines
    }

    /// What came after the last end of a line.
    pub(crate) fn rest(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.pending);
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (!bytes.is_empty()).then(|| String::from_utf8_lossy(line).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_lines() {
        let mut lines = Lines::default();
        assert!(lines.push(b"a").is_empty());
        assert_eq!(lines.push(b"b\r\n\nc\n\xffd"), ["ab", "", "c"]);
        assert_eq!(lines.rest().as_deref(), Some("\u{fffd}d"));
        assert_eq!(lines.rest(), None);
        assert_eq!(lines.push(&vec![b'x'; Lines::LONGEST * 2]).len(), 1, "the whole piece at once");
    }

    #[tokio::test]
    async fn secrets_are_hidden_from_everybody() {
        let (bus, mut printed) = Bus::new(Redactor::default());
        let mut secrets = Redactor::default();
        secrets.add("hunter2hunter2");
        bus.hide(secrets);
        let mut heard = bus.listen();
        let log = LogSink::new(bus, "api");
        log.line(Stream::Stderr, "password is hunter2hunter2".into()).await;
        assert_eq!(log.last(9), ["password is ***"]);
        assert!(printed.recv().await.unwrap().json().contains(r#""line":"password is ***""#));
        assert!(heard.recv().await.unwrap().json().contains("***"));
    }
}
