//! The headless engine of Slipway: arguments to a command, and the exit code.

mod cli;
mod error;
mod project;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
