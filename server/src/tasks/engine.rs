//! The `slipway` program: where it is, how it is called, how it is told to end.

use std::path::PathBuf;

use super::{Command, Job};
use crate::settings::Settings;

/// Finds the program: in the settings, beside this server, on the search path. Never in a folder that is open.
///
/// # Errors
///
/// A sentence that says where it was looked for, and what to do.
pub(super) fn program(settings: &Settings) -> Result<PathBuf, String> {
    if let Some(path) = &settings.engine_path {
        return if path.is_file() {
            Ok(path.clone())
        } else {
            Err(format!("There is no program {}, which the setting slipway.enginePath names.", path.display()))
        };
    }
    let name = format!("slipway{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join(&name)));
    if let Some(path) = beside.filter(|path| path.is_file()) {
        return Ok(path);
    }
    which::which_global(&name).map_err(|_| {
        format!("The program `{name}` is neither beside slipway-lsp nor on the search path; install it, or set slipway.enginePath.")
    })
}

/// The arguments of a job. `consent`: the user has agreed to what the program would ask about.
pub(super) fn arguments(job: &Job, settings: &Settings, consent: bool) -> Vec<String> {
    let mut arguments: Vec<String> = match job.command {
        Command::Dev => vec!["dev".into(), "--log-format".into(), "json".into()],
        Command::Plan => vec!["plan".into(), "--json".into()],
        Command::Deploy => vec!["deploy".into(), "--json".into()],
        Command::Remove => vec!["remove".into(), "--json".into()],
        Command::Info => vec!["info".into(), "--json".into()],
        Command::Logs => vec!["logs".into(), "--follow".into(), "--json".into()],
        Command::StopDev | Command::OpenRoute => Vec::new(),
    };
    if consent && job.command == Command::Deploy {
        arguments.push("--yes".into());
    }
    match (&job.container, job.command) {
        (Some(container), Command::Dev | Command::Deploy) => {
            arguments.extend(["--container".into(), container.clone()]);
        }
        (Some(container), Command::Logs) => arguments.push(container.clone()),
        _ => {}
    }
    arguments.extend(["--config".into(), job.config.to_string_lossy().into_owned()]);
    for (flag, value) in
        [("--stage", &settings.stage), ("--region", &settings.region), ("--aws-profile", &settings.aws_profile)]
    {
        arguments.extend(value.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    }
    arguments.extend(settings.params.iter().flat_map(|(key, value)| ["--param".to_owned(), format!("{key}={value}")]));
    arguments
}

/// Tells a child to end in an orderly way.
#[cfg(unix)]
pub(super) fn interrupt(process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw)
        && let Err(error) = kill_process(pid, Signal::TERM)
    {
        tracing::warn!("the child {process} could not be told to end: {error}");
    }
}

/// Where there are no signals, a child ends when its handle goes.
#[cfg(not(unix))]
pub(super) fn interrupt(_process: u32) {}
