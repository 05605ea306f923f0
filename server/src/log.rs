//! Where the server's own words go. Texts of documents and values of variables are never among them.
#![allow(clippy::print_stderr, reason = "standard error is the one place for what comes before or instead of the log")]

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt;

/// Starts the log: everything into `file`, or else warnings to standard error.
pub(crate) fn start(file: Option<&Path>) -> Result<(), String> {
    match file {
        Some(path) => {
            let file = File::options().create(true).append(true).open(path);
            let file = file.map_err(|error| format!("cannot write the log {}: {error}", path.display()))?;
            fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false).with_writer(file).init();
        }
        None => fmt().with_max_level(LevelFilter::WARN).with_ansi(false).with_writer(std::io::stderr).init(),
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(())
}

/// Says why the server does not start.
pub(crate) fn refuse(reason: &str) -> ExitCode {
    eprintln!("slipway-lsp: {reason}");
    ExitCode::from(2)
}
