//! The balancer through real sockets. Tests are named after the statements of the contract that they hold it to.

mod bodies;
mod desync;
mod devproxy;
mod edge;
mod errors;
mod headers;
mod log;
mod routing;
mod support;
mod targets;
mod tls;
mod websocket;
