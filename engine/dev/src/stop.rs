//! The end of a session, for those who have to hear of it.

use tokio::sync::watch;

/// Waits until the end is asked for. When nobody is left who could ask, that is the end as well.
pub(crate) async fn asked(stop: &mut watch::Receiver<bool>) {
    // What is waited for is kept in a lock that must not be held on to.
    let _ = stop.wait_for(|stop| *stop).await;
}
