//! IAM: what AWS lets a policy name, and what a policy says.

pub mod key;
pub mod reference;
pub mod tables;
