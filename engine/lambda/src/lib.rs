//! AWS Lambda on this machine.
//!
//! What AWS keeps between an HTTP request and a container built for Lambda, without the load balancer in front of it:
//!
//! - [`event`]: a request becomes the event that an Application Load Balancer or a function URL makes of it;
//! - [`response`]: what a function answers becomes a response, or the error that AWS documents for it;
//! - [`function`]: a function with its execution environments, time-outs, concurrency and log lines;
//! - [`environments`]: what starts and ends an execution environment, for the caller to implement;
//! - [`adapter`]: runs an image that merely listens on a port as a function;
//! - [`direct`]: invocation by tools, without HTTP events.
//!
//! A `Runtime API` and an `Extensions API` are served for each execution environment on an address of its own, so that images that
//! run on Lambda run here unchanged. Names of tests carry the number of the statement they hold.

pub mod direct;
pub mod environments;
pub mod event;
pub mod function;
pub mod reply;
pub mod response;

pub mod adapter;

mod api;
mod environment;
mod extensions;
mod headers;
mod json;
mod slot;
mod trace;
