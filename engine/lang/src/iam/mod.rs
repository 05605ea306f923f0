//! IAM: what AWS lets a policy name, and what a policy says.

pub mod arn;
pub mod formats;
pub mod glob;
pub mod key;
pub mod patterns;
pub mod policy;
pub mod reference;
pub mod tables;
pub mod templates;
pub mod variables;
