//! `slipway check`: what is wrong with configuration files.

mod fixing;
mod targets;
pub(crate) mod words;

use std::path::{Path, PathBuf};

use slipway_lang::fix_all::Fixed;
use slipway_lang::yaml::Document;

use super::args::{CheckArgs, Deny, Format, Global};
use super::output::Output;
use super::report::human::Detail;
use super::report::{CheckedFile, Policy, Report, github, human, json, junit, sarif};
use crate::error::{Error, Exit};
use crate::project::{Text, read_config, read_stdin};
use slipway_project::{CONFIG_NAMES, Project, Settings, display_path, split_path};

/// Checks the files that the arguments name, and prints what was found.
pub(crate) fn run(global: &Global, args: &CheckArgs, output: &mut Output) -> Result<Exit, Error> {
    let format = chosen_format(global, args.format)?;
    if global.config.is_some() && !args.paths.is_empty() {
        return Err(
            Error::usage("--config names the file to check, and so do the paths").help("Leave out one of them.")
        );
    }
    let policy = Policy { strict: args.strict, deny_warnings: args.deny == Some(Deny::Warnings) };
    let settings = global.settings(!args.no_disk);
    if args.stdin {
        return check_stdin(args, format, policy, &settings, output);
    }
    let targets = targets::find(&args.paths, global.config.as_deref(), args.recursive);
    let mut report = Report { files: Vec::new(), failures: targets.failures, policy };
    for path in targets.files {
        match check_file(&path, args.fix, &settings, output) {
            Ok((file, failure)) => {
                report.files.push(file);
                report.failures.extend(failure);
            }
            Err(error) => report.failures.push(error),
        }
    }
    let text = render(&report, format, args, output);
    output.result(&text)?;
    report.failures.iter().for_each(|failure| output.error(failure));
    Ok(report.exit())
}

/// The form that the flags ask for.
pub(crate) fn chosen_format(global: &Global, format: Option<Format>) -> Result<Format, Error> {
    match (global.json, format) {
        (true, None | Some(Format::Json)) => Ok(Format::Json),
        (true, Some(_)) => {
            Err(Error::usage("--json and --format ask for two forms of the result").help("Leave out one of them."))
        }
        (false, format) => Ok(format.unwrap_or(Format::Human)),
    }
}

/// How much of a report is shown to people.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// Infos and hints too.
    pub(crate) verbose: bool,
    /// A line of numbers at the end.
    pub(crate) summary: bool,
}

impl Shown {
    /// Writes a report in the form that was asked for.
    pub(crate) fn render(self, report: &Report, format: Format) -> String {
        match format {
            Format::Human => human::render(report, Detail { verbose: self.verbose, summary: self.summary }),
            Format::Json => json::render(report),
            Format::Sarif => sarif::render(report),
            Format::Github => github::render(report),
            Format::Junit => junit::render(report),
        }
    }
}

fn render(report: &Report, format: Format, args: &CheckArgs, output: &Output) -> String {
    Shown { verbose: args.verbose, summary: !output.is_quiet() }.render(report, format)
}

/// Checks one file, and mends it first where that was asked for. A file that cannot be written is reported as it is.
fn check_file(
    path: &Path,
    fix: bool,
    settings: &Settings,
    output: &mut Output,
) -> Result<(CheckedFile, Option<Error>), Error> {
    let shown = display_path(path);
    let Text { mark, text } = read_config(path)?;
    let project = open(path, settings, output);
    if !fix {
        return Ok((check_text(shown, text, &project), None));
    }
    let Fixed { text: mended, applied, .. } = fixing::fix(&text, &project);
    if applied.is_empty() {
        return Ok((check_text(shown, text, &project), None));
    }
    match fixing::replace_file(path, &format!("{mark}{mended}")) {
        Ok(()) => {
            output.progress(&fixing::told(&shown, &applied, &project.redactor()));
            Ok((check_text(shown, mended, &project), None))
        }
        Err(error) => {
            let failure = Error::failed(format!("the fixes could not be written to {shown}, which is unchanged"));
            Ok((check_text(shown, text, &project), Some(failure.because(error))))
        }
    }
}

/// Checks standard input. With `--fix` the mended text is the result, and the report goes to stderr.
fn check_stdin(
    args: &CheckArgs,
    format: Format,
    policy: Policy,
    settings: &Settings,
    output: &mut Output,
) -> Result<Exit, Error> {
    let path = args.stdin_path.clone().unwrap_or_else(|| PathBuf::from(CONFIG_NAMES[0]));
    let shown = display_path(&path);
    let Text { mark, text } = read_stdin()?;
    let project = open(&path, settings, output);
    if !args.fix {
        let report = Report { files: vec![check_text(shown, text, &project)], failures: Vec::new(), policy };
        output.result(&render(&report, format, args, output))?;
        return Ok(report.exit());
    }
    let Fixed { text: mended, applied, .. } = fixing::fix(&text, &project);
    if !applied.is_empty() {
        output.progress(&fixing::told(&shown, &applied, &project.redactor()));
    }
    output.result(&format!("{mark}{mended}"))?;
    let report = Report { files: vec![check_text(shown, mended, &project)], failures: Vec::new(), policy };
    let text = render(&report, format, args, output);
    output.side_result(&text);
    Ok(report.exit())
}

fn open(path: &Path, settings: &Settings, output: &mut Output) -> Project {
    let (folder, name) = split_path(path);
    let project = Project::open(&folder, name, settings);
    output.debug(|| {
        let region = project.region.as_deref().unwrap_or("not named");
        format!("{}: stage {}, region {region}", path.display(), project.stage)
    });
    project
}

fn check_text(path: String, text: String, project: &Project) -> CheckedFile {
    let document = Document::new(text);
    let analysis = slipway_lang::analyze(&document, &project.inputs());
    let redactor = words::secrets(&analysis, project.redactor());
    let findings = analysis.diagnostics.into_iter().map(|finding| words::without_secrets(finding, &redactor)).collect();
    CheckedFile { path, source: document.source().clone(), findings, omitted: analysis.omitted, redactor }
}
