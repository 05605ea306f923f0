//! Work that takes longer than reading a message, done beside the task that reads them.

use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tower_lsp::jsonrpc::{Error, Result};

/// As many pieces of work at a time as there are processors, up to four: more only take memory. A piece that is given up
/// while it waits for its turn is never begun.
static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, |count| count.get().min(4))));

/// Runs `work` on another thread. A panic in it is an error of this one piece of work.
pub(crate) async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    // The semaphore is never closed.
    let _turn = TURNS.acquire().await.map_err(|_| Error::internal_error())?;
    tokio::task::spawn_blocking(work).await.map_err(|failure| {
        tracing::error!("a request failed: {failure}");
        let mut error = Error::internal_error();
        error.message =
            "Slipway failed at this request; the session goes on. `slipway-lsp --log FILE` records why.".into();
        error
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_of_one_piece_of_work() {
        let failed = compute(|| panic!("out of order")).await;
        let error = failed.map(|()| "done").unwrap_err();
        assert!(error.message.contains("the session goes on"), "{error}");
        assert_eq!(compute(|| 7).await, Ok(7));
    }
}
