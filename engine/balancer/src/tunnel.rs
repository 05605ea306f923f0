//! Connections that speak another protocol than HTTP, once both sides agreed to.

use std::future::poll_fn;
use std::io::IoSlice;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;

use crate::stream::{Buffer, ReadHalf, Watch, WriteHalf};
use crate::upstream::Connection;

/// How many bytes went through a tunnel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) from_client: u64,
    pub(crate) to_client: u64,
}

/// What ends a tunnel that both sides would keep.
pub(crate) struct Limits<'a> {
    /// No byte in either direction for so long.
    pub(crate) idle: Duration,
    /// No byte from the target for so long, where the edge counts that.
    pub(crate) edge_idle: Option<Duration>,
    /// The target was deregistered too long ago.
    pub(crate) cut: &'a Notify,
}

/// Carries bytes both ways until both sides are done, one breaks, or a limit is met. What had been read ahead from client and
/// target goes first.
pub(crate) async fn run(
    read: &mut ReadHalf<'_>,
    write: &mut WriteHalf<'_>,
    connection: &mut Connection,
    (from_client, from_target): (&[u8], &[u8]),
    limits: Limits<'_>,
    watch: &mut Watch,
) -> Carried {
    let Limits { idle, edge_idle, cut } = limits;
    let (mut target_read, mut target_write) = connection.stream.split();
    let (up, down) = (AtomicU64::new(0), AtomicU64::new(0));
    let mut upwards = pin!(copy(read, &mut target_write, from_client, &up));
    let mut downwards = pin!(copy(&mut target_read, write, from_target, &down));
    let (mut up_ended, mut down_ended) = (false, false);
    let mut carried = Carried::default();
    let mut edge_watch = edge_idle.map(|limit| (Watch::new(limit), limit));
    let mut cut = pin!(cut.notified());
    watch.set(idle);
    poll_fn(|ctx| {
        for (is_over, copying) in [
            (&mut up_ended, upwards.as_mut() as std::pin::Pin<&mut (dyn Future<Output = bool> + Send)>),
            (&mut down_ended, downwards.as_mut()),
        ] {
            if !*is_over && let Poll::Ready(is_orderly) = copying.poll(ctx) {
                if !is_orderly {
                    return Poll::Ready(());
                }
                *is_over = true;
            }
        }
        if up_ended && down_ended {
            return Poll::Ready(());
        }
        let now = Carried { from_client: up.load(Ordering::Relaxed), to_client: down.load(Ordering::Relaxed) };
        if now != carried {
            watch.set(idle);
        }
        if let Some((edge_watch, limit)) = &mut edge_watch {
            if now.to_client != carried.to_client {
                edge_watch.set(*limit);
            }
            if edge_watch.poll(ctx).is_ready() {
                return Poll::Ready(());
            }
        }
        carried = now;
        if cut.as_mut().poll(ctx).is_ready() {
            return Poll::Ready(());
        }
        watch.poll(ctx).map(|_| ())
    })
    .await;
    Carried { from_client: up.load(Ordering::Relaxed), to_client: down.load(Ordering::Relaxed) }
}

/// Copies until the end, which it passes on. Gives whether the end was in order.
async fn copy(read: &mut ReadHalf<'_>, write: &mut WriteHalf<'_>, first: &[u8], count: &AtomicU64) -> bool {
    let mut buffer = Buffer::default();
    if !first.is_empty() && write.write_all(&mut [IoSlice::new(first)]).await.is_err() {
        return false;
    }
    count.fetch_add(first.len() as u64, Ordering::Relaxed);
    loop {
        match buffer.read(read).await {
            Ok(0) => return write.shutdown().await.is_ok(),
            Ok(_) => {}
            Err(_) => return false,
        }
        let length = buffer.data().len();
        if write.write_all(&mut [IoSlice::new(buffer.data())]).await.is_err() {
            return false;
        }
        buffer.consume(length);
        count.fetch_add(length as u64, Ordering::Relaxed);
    }
}
