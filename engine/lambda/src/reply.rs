//! What a function answers, before it is read as HTTP.

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use tokio::{sync::mpsc, time::Instant};

/// The most that a buffered answer may hold, in bytes.
pub const BUFFERED_LIMIT: usize = 6 * 1024 * 1024 + 100;
/// The most that a streamed answer may hold, in bytes.
pub const STREAMED_LIMIT: u64 = 200 * 1024 * 1024;
/// What a streamed answer may send before its bandwidth is capped, in bytes.
const UNCAPPED: u64 = 6 * 1024 * 1024;
/// The capped bandwidth, in bytes a second.
const CAPPED_RATE: u64 = 2 * 1024 * 1024;
/// How many chunks wait for a slow reader before the function has to.
const CHUNKS_AHEAD: usize = 16;

/// What a function answered.
#[derive(Debug)]
pub enum Reply {
    /// All of it.
    Buffered(Bytes),
    /// As it comes.
    Streaming {
        /// The content type that the runtime declared.
        content_type: Option<String>,
        /// The bytes.
        body: Body,
    },
}

/// The bytes of a streamed answer.
#[derive(Debug)]
pub struct Body {
    chunks: mpsc::Receiver<Chunk>,
    unread: VecDeque<Bytes>,
    ended: bool,
}

/// A streamed answer ended before its end: the function failed half-way, was killed, or sent too much.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Cut {
    /// What happened, as a whole sentence.
    pub reason: String,
}

#[derive(Debug)]
enum Chunk {
    Data(Bytes),
    Cut(Cut),
    End,
}

impl Body {
    /// The next bytes, never empty; `None` at the proper end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Cut>> {
        if let Some(bytes) = self.unread.pop_front() {
            return Some(Ok(bytes));
        }
        if self.ended {
            return None;
        }
        match self.chunks.recv().await {
            Some(Chunk::Data(bytes)) => Some(Ok(bytes)),
            Some(Chunk::End) => {
                self.ended = true;
                None
            }
            Some(Chunk::Cut(cut)) => {
                self.ended = true;
                Some(Err(cut))
            }
            None => {
                self.ended = true;
                Some(Err(Cut { reason: "The execution environment ended before its streamed response did.".into() }))
            }
        }
    }

    /// Puts bytes back, to be the next that are read.
    pub(crate) fn unread(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.unread.push_front(bytes);
        }
    }
}

/// The writing end of a streamed answer. Dropped without [`Sender::end`], the reader learns that it was cut.
#[derive(Debug)]
pub(crate) struct Sender {
    chunks: mpsc::Sender<Chunk>,
    sent: u64,
    capped: bool,
    capped_since: Option<Instant>,
}

/// The streamed answer went over its limit.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// A streamed answer; `capped` when its bandwidth is that of Lambda.
pub(crate) fn stream(capped: bool) -> (Sender, Body) {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let sender = Sender { chunks: sender, sent: 0, capped, capped_since: None };
    (sender, Body { chunks: receiver, unread: VecDeque::new(), ended: false })
}

impl Sender {
    /// Hands on some bytes, waiting for a slow reader. A reader that went away does not stop the function.
    pub(crate) async fn send(&mut self, bytes: Bytes) -> Result<(), TooLarge> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.sent += bytes.len() as u64;
        if self.sent > STREAMED_LIMIT {
            let reason = format!("The function streamed more than {} MB.", STREAMED_LIMIT / 1024 / 1024);
            let _ = self.chunks.send(Chunk::Cut(Cut { reason })).await;
            return Err(TooLarge);
        }
        if self.capped && self.sent > UNCAPPED {
            let since = *self.capped_since.get_or_insert_with(Instant::now);
            tokio::time::sleep_until(since + due(self.sent)).await;
        }
        let _ = self.chunks.send(Chunk::Data(bytes)).await;
        Ok(())
    }

    /// The proper end.
    pub(crate) async fn end(self) {
        let _ = self.chunks.send(Chunk::End).await;
    }

    /// An end that the reader must not take for a proper one.
    pub(crate) async fn cut(self, reason: String) {
        let _ = self.chunks.send(Chunk::Cut(Cut { reason })).await;
    }
}

/// When so many bytes may have been sent, from the moment the cap sets in.
fn due(sent: u64) -> Duration {
    Duration::from_micros((sent - UNCAPPED) * 1_000_000 / CAPPED_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    /// How long it takes to read so many MiB, and whether all of them came.
    async fn read(capped: bool, mib: usize) -> (Duration, usize, Option<Cut>) {
        let (mut sender, mut body) = stream(capped);
        let started = Instant::now();
        tokio::spawn(async move {
            let chunk = Bytes::from(vec![0; MIB]);
            for _ in 0..mib {
                if sender.send(chunk.clone()).await.is_err() {
                    return;
                }
            }
            sender.end().await;
        });
        let mut length = 0;
        while let Some(chunk) = body.next().await {
            match chunk {
                Ok(bytes) => length += bytes.len(),
                Err(cut) => return (started.elapsed(), length, Some(cut)),
            }
        }
        (started.elapsed(), length, None)
    }

    #[tokio::test(start_paused = true)]
    async fn alb_373_the_bandwidth_after_six_megabytes() {
        for (capped, mib, milliseconds) in [(false, 100, 0), (true, 6, 0), (true, 7, 500), (true, 16, 5000)] {
            let (took, length, cut) = read(capped, mib).await;
            assert_eq!((took.as_millis(), length, cut), (milliseconds, mib * MIB, None), "{mib} MiB, capped: {capped}");
        }
    }

    #[tokio::test]
    async fn alb_308_a_stream_over_200_megabytes_is_cut() {
        assert_eq!(read(false, 200).await.1, 200 * MIB);
        let (_, length, cut) = read(false, 201).await;
        assert_eq!(length, 200 * MIB);
        assert_eq!(cut.expect("a cut").reason, "The function streamed more than 200 MB.");
    }

    #[tokio::test]
    async fn alb_374_a_stream_without_an_end_is_cut() {
        let (mut sender, mut body) = stream(false);
        let _ = sender.send(Bytes::from_static(b"a")).await;
        drop(sender);
        assert_eq!(body.next().await, Some(Ok(Bytes::from_static(b"a"))));
        assert!(body.next().await.expect("something").is_err());
        assert_eq!(body.next().await, None);
    }

    #[tokio::test]
    async fn a_reader_that_goes_away_does_not_stop_the_function() {
        let (mut sender, body) = stream(false);
        drop(body);
        for _ in 0..100 {
            assert!(sender.send(Bytes::from_static(b"a")).await.is_ok());
        }
    }
}
