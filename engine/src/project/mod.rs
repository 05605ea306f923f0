//! The configuration files of a run: finding them, reading them, and what to say when that fails.

mod discovery;
mod text;

pub(crate) use discovery::{config_of, configs_below, named_config};
pub(crate) use text::{Text, read_config, read_stdin};
