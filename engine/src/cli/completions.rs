//! `slipway completions`: a script that completes commands and options in a shell.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, Global};
use super::output::Output;
use crate::error::{Error, Exit};

/// Prints the script.
pub(crate) fn run(global: &Global, args: &CompletionsArgs, output: &mut Output) -> Result<Exit, Error> {
    if global.json {
        return Err(Error::usage("a completion script is shell code and has no JSON form").help("Leave out --json."));
    }
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "slipway", &mut script);
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
