//! The command line: arguments in, a command run, an exit code out.

mod args;
mod check;
mod completions;
mod dev;
mod iam;
mod init;
mod output;
mod report;
mod route;
mod schema;

use std::process::ExitCode;

use clap::Parser;

use crate::error::{Error, Exit};
use args::{Cli, Command};
use output::{Manner, Output};

/// Runs the command that the process was started with.
pub(crate) fn run() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => {
            let manner = Manner { quiet: cli.global.quiet, debug: cli.global.debug, no_color: cli.global.no_color };
            let mut output = Output::new(manner);
            let exit = execute(&cli, &mut output).unwrap_or_else(|error| {
                output.error(&error);
                error.exit()
            });
            exit.into()
        }
        Err(usage) => explain(&usage).into(),
    }
}

fn execute(cli: &Cli, output: &mut Output) -> Result<Exit, Error> {
    if let Some(folder) = &cli.global.cwd {
        std::env::set_current_dir(folder).map_err(|error| {
            Error::usage(format!("cannot work in the folder {} of --cwd", folder.display())).because(error)
        })?;
    }
    slipway_project::install_iam_reference().map_err(|error| {
        Error::input(error.to_string())
            .because(std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default())
            .help(format!("Without {} the embedded reference is used.", slipway_project::IAM_REFERENCE))
    })?;
    match &cli.command {
        Command::Check(args) => check::run(&cli.global, args, output),
        Command::Schema(args) => schema::run(args, output),
        Command::Init(args) => init::run(&cli.global, args, output),
        Command::Iam(command) => iam::run(&cli.global, command, output),
        Command::Route(args) => route::run(&cli.global, args, output),
        Command::Dev(args) => dev::run(&cli.global, args, output),
        Command::Completions(args) => completions::run(&cli.global, args, output),
    }
}

/// Prints help and version to stdout, and what is wrong with the arguments to stderr.
fn explain(usage: &clap::Error) -> Exit {
    // The arguments could not be parsed, so the flag is looked for by its name.
    let no_color = std::env::args_os().any(|argument| argument == "--no-color");
    let mut output = Output::new(Manner { no_color, ..Manner::default() });
    let text = usage.render().ansi().to_string();
    if usage.use_stderr() {
        output.side_result(&text);
        return Exit::Usage;
    }
    output.result(&text).map_or_else(|error| error.exit(), |()| Exit::Success)
}
