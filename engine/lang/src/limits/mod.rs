//! AWS facts as data.
pub mod eventbridge;
pub mod fargate;
