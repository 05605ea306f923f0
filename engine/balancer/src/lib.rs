//! A local stand-in for the load balancer that AWS puts before a container, and for the edge before that.
//!
//! A [`Balancer`] listens for clients, decides by its [`Rules`] whom a request goes to, and forwards it to a target of
//! that route's [`TargetGroup`]. What it does in detail, down to the pages that it answers with itself, follows what is
//! known of the real one; an [`Observer`] is told what happens, and what a user should know about it.
//!
//! It speaks HTTP/1 itself, since what is irregular in a request has to reach the classifier, and often the target, as it
//! came.

mod capture;
mod connection;
mod desync;
mod edge;
mod exchange;
mod fault;
mod forward;
mod front;
mod headers;
mod health;
mod http1;
mod http2;
mod lambda;
mod log;
mod page;
mod record;
mod site;
mod stream;
mod tls;
mod tunnel;
mod upstream;

pub mod group;
pub mod observe;
pub mod settings;

mod balancer;
mod rules;

pub use balancer::Balancer;
pub use group::TargetGroup;
pub use observe::Observer;
pub use rules::Rules;
pub use settings::Settings;
