//! AWS facts as data. Each module names the page its numbers come from; all were looked up in 2026 and want a yearly look.

pub mod alb;
pub mod arn;
pub mod cloudfront;
pub mod domains;
pub mod environment;
pub mod events;
pub mod fargate;
pub mod identifiers;
pub mod lambda;
pub mod local_containers;
pub mod prices;
