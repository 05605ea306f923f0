//! `slipway iam`: policies of IAM, and what AWS lets them name.

mod actions;
mod expand;
mod explain;
mod lint;
mod service;

use super::args::{Global, IamCommand};
use super::output::Output;
use crate::error::{Error, Exit};

/// Runs the command that was named.
pub(crate) fn run(global: &Global, command: &IamCommand, output: &mut Output) -> Result<Exit, Error> {
    match command {
        IamCommand::Lint(args) => lint::run(global, args, output),
        IamCommand::Explain(args) => explain::run(global, args, output),
        IamCommand::Expand(args) => expand::run(global, args, output),
        IamCommand::Actions(args) => actions::run(global, args, output),
    }
}
