//! The local cloud: the containers of a project behind the emulated load balancer, looked after while they change.
//!
//! A [`Session`] is everything that runs for one project. It reads the configuration, finds a runtime, starts the balancer and
//! a supervisor for each container, and watches files. What happens is told as [`event::Event`]s.

pub mod diagnosis;
pub mod event;

mod bus;
mod configuration;
mod control;
mod environment;
mod functions;
mod leftovers;
mod probe;
mod requests;
mod runtime;
mod schedules;
mod session;
mod source;
mod state;
mod stop;
mod supervisor;
mod usage;

pub use session::{Options, RuntimeChoice, Session, StartError, clean};
pub use slipway_balancer::group::{Address, AddressError};
