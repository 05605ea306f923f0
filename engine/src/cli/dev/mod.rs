//! `slipway dev`: the local cloud, on a terminal.

mod console;
mod signals;
mod trigger;

use std::path::PathBuf;
use std::time::Duration;

use slipway_dev::diagnosis::Diagnosis;
use slipway_dev::{Options, RuntimeChoice, Session, StartError};

use super::args::{DevAction, DevArgs, Global, LogFormat, RuntimeName};
use super::output::Output;
use crate::error::{Error, Exit};
use crate::project::{config_of, named_config};
use console::Console;
use signals::{Signal, Signals};

/// Runs a session until somebody ends it.
pub(crate) fn run(global: &Global, args: &DevArgs, output: &mut Output) -> Result<Exit, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed("no threads can be started").because(error))?;
    let result = runtime.block_on(async {
        match &args.action {
            None => session(global, args, output).await,
            Some(DevAction::Clean) => clean(global, args, output).await,
            Some(DevAction::Trigger(trigger)) => trigger::run(global, trigger, output).await,
        }
    });
    // Whoever still reads standard input must not keep the program from ending.
    runtime.shutdown_background();
    result
}

async fn session(global: &Global, args: &DevArgs, output: &mut Output) -> Result<Exit, Error> {
    // From here on a signal ends the session in good order, also while it starts.
    let mut signals = Signals::new(args.log_format == LogFormat::Json)
        .map_err(|error| Error::failed("signals cannot be listened to").because(error))?;
    let options = options(global, args)?;
    let mut session = tokio::select! {
        session = Session::start(options) => session.map_err(explained)?,
        signal = signals.next() => return Ok(signal.exit()),
    };
    let mut console = Console::new(args.log_format == LogFormat::Json, global.debug);
    let mut exit = Exit::Success;
    let mut is_stopping = false;
    let mut is_read = true;
    loop {
        tokio::select! {
            event = session.next() => {
                let Some(event) = event else { break };
                if is_read && !console.print(&event, output) {
                    // Nobody reads what containers say any more, so nobody wants them to run.
                    is_read = false;
                    session.stop();
                }
            }
            signal = signals.next() => {
                exit = signal.exit();
                if is_stopping {
                    return Ok(Exit::Interrupted);
                }
                is_stopping = true;
                if signal == Signal::Interrupt {
                    output.progress("Stopping. Once more ends it at once.");
                }
                session.stop();
            }
        }
    }
    session.finished().await;
    Ok(exit)
}

fn options(global: &Global, args: &DevArgs) -> Result<Options, Error> {
    let config = match &global.config {
        Some(config) => named_config(config)?,
        None => config_of(std::path::Path::new("."))?,
    };
    Ok(Options {
        config,
        settings: global.settings(true),
        host: args.host,
        port_proxy: args.port_proxy,
        port_control: args.port_control.0,
        runtime: match args.runtime {
            RuntimeName::Auto => RuntimeChoice::Auto,
            RuntimeName::Docker => RuntimeChoice::Docker,
            RuntimeName::Process => RuntimeChoice::Process,
        },
        containers: args.containers.iter().chain(&args.more_containers).cloned().collect(),
        targets: args.target.clone(),
        reload: !args.no_reload,
        schedules: args.schedules,
        profile: args.profile,
        access_log: args.access_log.clone(),
        ready_timeout: Duration::from_secs(args.ready_timeout),
        register: register(),
    })
}

/// Where sessions note what they started.
fn register() -> PathBuf {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local").join("state")));
    state.unwrap_or_else(std::env::temp_dir).join("slipway").join("dev")
}

/// Removes what a killed session left.
async fn clean(global: &Global, args: &DevArgs, output: &mut Output) -> Result<Exit, Error> {
    let removed = slipway_dev::clean(&options(global, args)?).await.map_err(explained)?;
    output.progress(&match removed {
        0 => "Nothing was left of an earlier session.".to_owned(),
        1 => "One container of an earlier session was removed.".to_owned(),
        more => format!("{more} containers of an earlier session were removed."),
    });
    Ok(Exit::Success)
}

fn explained(error: StartError) -> Error {
    match error {
        StartError::Configuration(errors) => {
            let count = errors.len();
            let what = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
            Error::failed(format!("the configuration has {what}\n  {}", errors.join("\n  ")))
                .help("`slipway check` shows each with its place and its remedy.")
        }
        StartError::Usage(message) => Error::usage(message),
        StartError::LiveSession(process) => {
            Error::refused(format!("another session of this project runs already: process {process}"))
                .help(format!("End it with Ctrl-C where it runs, or with `kill {process}`."))
        }
        StartError::Environment(diagnosis) => environment(*diagnosis),
    }
}

fn environment(diagnosis: Diagnosis) -> Error {
    let Diagnosis { code, message, evidence, remedy, .. } = diagnosis;
    let container = diagnosis.container.map(|name| format!("{name}: ")).unwrap_or_default();
    let evidence: String = evidence.iter().map(|line| format!("\n  {line}")).collect();
    let error = Error::failed(format!("{} {container}{message}{evidence}", code.id()));
    match remedy {
        Some(remedy) => error.help(remedy),
        None => error,
    }
}
