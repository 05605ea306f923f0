//! The language server of `serverless.containers.yml`: transport and log. Everything else is in the modules.

mod backend;
mod capabilities;
mod compute;
mod convert;
mod diagnostics;
mod handlers;
mod log;
mod outbox;
mod project;
mod rule_pages;
mod session;
mod settings;
mod snapshot;
mod tasks;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tower_lsp::{LspService, Server};

use crate::backend::Backend;

/// How many messages are worked on at a time. Each waits for a worker, so a large number costs nothing, while a small one
/// lets a few slow requests keep cancellations and answers of the client from being read.
const CONCURRENCY: usize = 64;

/// Serves serverless.containers.yml files to an editor, over standard input and output.
#[derive(Debug, Parser)]
#[command(name = "slipway-lsp", version)]
struct Args {
    /// Speak over standard input and output, as is done without it too
    #[arg(long)]
    stdio: bool,
    /// Write what happens to this file
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(error) = log::start(args.log.as_deref()) {
        return log::refuse(&error);
    }
    if let Err(error) = slipway_project::install_iam_reference() {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        return log::refuse(&format!("{error}: {cause}"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return log::refuse(&format!("the server cannot start: {error}")),
    };
    let orderly = runtime.block_on(serve());
    // Reading standard input cannot be interrupted, and some clients keep it open: so nothing is waited for.
    runtime.shutdown_background();
    if orderly { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Serves one client. True when it asked for the shutdown before it left.
async fn serve() -> bool {
    let service = LspService::build(Backend::new);
    let (service, socket) = service.custom_method("window/workDoneProgress/cancel", Backend::cancel_progress).finish();
    let session = service.inner().session();
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket).concurrency_level(CONCURRENCY).serve(service).await;
    session.tasks().end_all();
    session.is_shut_down()
}
