//! AWS facts as data.
pub mod fargate;
