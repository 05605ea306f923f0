//! The language of `serverless.containers.yml`.
//!
//! Text goes in, plain data comes out: a [`Document`](yaml::Document) keeps the user's text and its tree, a
//! [`Config`](config::Config) is what the text means, [`analyze`] says what is wrong with it.
//!
//! This crate knows nothing about AWS clients, Docker, HTTP, editors' protocols, threads or async. Files,
//! environment variables and command-line options enter as data, through [`Inputs`](inputs::Inputs).

pub mod config;
pub mod cost;
pub mod diagnostic;
pub mod dockerfile;
pub mod dotenv;
pub mod event_pattern;
pub mod fix;
pub mod fix_all;
pub mod iam;
pub mod ide;
pub mod ignore_comments;
pub mod inputs;
pub mod limits;
pub mod model;
pub mod names;
pub mod routing;
pub mod rules;
pub mod schedule;
pub mod schema;
pub mod secrets;
pub mod service;
pub mod shape;
pub mod suggest;
pub mod text;
pub mod variables;
pub mod webhook;
pub mod yaml;

mod analysis;
mod glob;

pub use analysis::{Analysis, analyze, explain_policies, lint_policies};
