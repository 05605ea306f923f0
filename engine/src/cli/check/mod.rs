//! `slipway check`: what is wrong with configuration files.

mod fixing;
mod targets;
mod words;

use std::path::{Path, PathBuf};

use slipway_lang::Analysis;
use slipway_lang::diagnostic::Severity;
use slipway_lang::fix_all::Fixed;
use slipway_lang::yaml::Document;

use super::args::{CheckArgs, Deny, Format, Global, ReportArgs};
use super::output::Output;
use super::report::human::Detail;
use super::report::{CheckedFile, Policy, Report, github, human, json, junit, sarif};
use crate::error::{Error, Exit};
use crate::project::{Text, read_config, read_stdin};
use slipway_project::{CONFIG_NAMES, Project, Settings, display_path, split_path};

/// Checks the files that the arguments name, and prints what was found.
pub(crate) fn run(global: &Global, args: &CheckArgs, output: &mut Output) -> Result<Exit, Error> {
    let printing = Printing::new(global, &args.report, output)?;
    if global.config.is_some() && !args.paths.is_empty() {
        return Err(
            Error::usage("--config names the file to check, and so do the paths").help("Leave out one of them.")
        );
    }
    let policy = policy(&args.report, if args.strict { Severity::Blocker } else { Severity::Error });
    let settings = global.settings(!args.no_disk);
    if args.stdin {
        return check_stdin(args, printing, policy, &settings, output);
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
    printing.finish(&report, output)
}

/// How grave findings are by the flags, when what is as grave as `errors_from` counts as an error.
pub(crate) fn policy(args: &ReportArgs, errors_from: Severity) -> Policy {
    Policy { errors_from, deny_warnings: args.deny == Some(Deny::Warnings) }
}

/// How a report is printed by the flags.
#[derive(Clone, Copy)]
pub(crate) struct Printing {
    format: Format,
    /// How much of it people are shown.
    detail: Detail,
}

impl Printing {
    /// Reads the flags.
    pub(crate) fn new(global: &Global, args: &ReportArgs, output: &Output) -> Result<Self, Error> {
        let format = match (global.json, args.format) {
            (true, None | Some(Format::Json)) => Format::Json,
            (true, Some(_)) => {
                return Err(
                    Error::usage("--json and --format ask for two forms of the result").help("Leave out one of them.")
                );
            }
            (false, format) => format.unwrap_or(Format::Human),
        };
        Ok(Self { format, detail: Detail { verbose: args.verbose, summary: !output.is_quiet() } })
    }

    /// Writes a report in the form that was asked for.
    fn render(self, report: &Report) -> String {
        match self.format {
            Format::Human => human::render(report, self.detail),
            Format::Json => json::render(report),
            Format::Sarif => sarif::render(report),
            Format::Github => github::render(report),
            Format::Junit => junit::render(report),
        }
    }

    /// Prints a report as the result of the command, and what could not be checked as errors.
    pub(crate) fn finish(self, report: &Report, output: &mut Output) -> Result<Exit, Error> {
        output.result(&self.render(report))?;
        report.failures.iter().for_each(|failure| output.error(failure));
        Ok(report.exit())
    }
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
    printing: Printing,
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
        return printing.finish(&report, output);
    }
    let Fixed { text: mended, applied, .. } = fixing::fix(&text, &project);
    if !applied.is_empty() {
        output.progress(&fixing::told(&shown, &applied, &project.redactor()));
    }
    output.result(&format!("{mark}{mended}"))?;
    let report = Report { files: vec![check_text(shown, mended, &project)], failures: Vec::new(), policy };
    output.side_result(&printing.render(&report));
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
    checked(path, &document, analysis, project)
}

/// What was found in a file, in words without secrets.
pub(crate) fn checked(path: String, document: &Document, analysis: Analysis, project: &Project) -> CheckedFile {
    let redactor = words::secrets(&analysis, project.redactor());
    let findings = analysis.diagnostics.into_iter().map(|finding| words::without_secrets(finding, &redactor)).collect();
    CheckedFile { path, source: document.source().clone(), findings, omitted: analysis.omitted, redactor }
}
