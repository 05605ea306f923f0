//! What starts and ends execution environments: a container engine, plain processes, or a test.

use std::net::SocketAddr;

use futures_core::future::BoxFuture;

use crate::adapter;

/// Starts execution environments of one function.
pub trait Environments: Send + Sync {
    /// Starts one environment and returns as soon as its process runs; that it is ready is told by the Runtime API.
    ///
    /// The error is a whole sentence for the user: what kept it from starting, and what to do.
    fn start(&self, launch: Launch) -> BoxFuture<'_, Result<Box<dyn Instance>, String>>;
}

/// What an execution environment is started with.
#[derive(Clone, Debug)]
pub struct Launch {
    /// Which of the function's environments this is, from 0. After a time-out the same one is started again, and what it left in
    /// `/tmp` should still be there.
    pub slot: usize,
    /// Where its Runtime API listens on this machine.
    pub runtime_api: SocketAddr,
    /// The variables that Lambda itself sets, `AWS_LAMBDA_RUNTIME_API` among them, without credentials.
    pub variables: Vec<(String, String)>,
}

/// A running execution environment. Dropping it need not end it: [`Instance::kill`] is called first.
pub trait Instance: Send + Sync {
    /// For an image that has no runtime client and merely listens on a port: where, so that the built-in adapter runs it.
    fn adapter(&self) -> Option<adapter::Settings> {
        None
    }

    /// Waits for the end of the environment's main process. Is asked once.
    fn exited(&self) -> BoxFuture<'static, Exit>;

    /// Asks the runtime to end (SIGTERM), leaving extensions alone, without waiting for it.
    fn terminate(&self) -> BoxFuture<'_, ()>;

    /// Ends every process of the environment (SIGKILL) and returns when they are gone.
    fn kill(&self) -> BoxFuture<'_, ()>;

    /// The most memory it has used so far, in bytes, where that is known. Asked after every invocation: answer from what is at hand.
    fn memory_used(&self) -> Option<u64> {
        None
    }
}

/// How an environment's main process ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    /// The exit status, unless a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// It was ended because it went over its memory limit.
    pub out_of_memory: bool,
}
