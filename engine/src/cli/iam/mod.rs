//! `slipway iam`: questions about IAM policies and what they can name.

mod actions;
mod expand;
mod service;

use super::args::{Global, IamCommand};
use super::output::Output;
use crate::error::{Error, Exit};

/// Answers one of the questions.
pub(crate) fn run(global: &Global, command: &IamCommand, output: &mut Output) -> Result<Exit, Error> {
    match command {
        IamCommand::Expand(args) => expand::run(global, args, output),
        IamCommand::Actions(args) => actions::run(global, args, output),
    }
}
