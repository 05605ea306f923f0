//! `slipway check`: what is wrong with configuration files.

mod fixing;
mod targets;
mod words;

use std::io::Read;
use std::path::{Path, PathBuf};

use slipway_lang::text::Source;
use slipway_lang::yaml::Document;

use self::fixing::Fixed;
use super::args::{CheckArgs, Deny, Format, Global};
use super::output::Output;
use super::report::human::Detail;
use super::report::{CheckedFile, Policy, Report, github, human, json, junit, sarif};
use crate::error::{Error, Exit};
use crate::project::{CONFIG_NAMES, Project, Settings, display_path, split_path};

/// Checks the files that the arguments name, and prints what was found.
pub(crate) fn run(global: &Global, args: &CheckArgs, output: &mut Output) -> Result<Exit, Error> {
    let format = format(global, args)?;
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

fn format(global: &Global, args: &CheckArgs) -> Result<Format, Error> {
    match (global.json, args.format) {
        (true, None | Some(Format::Json)) => Ok(Format::Json),
        (true, Some(_)) => {
            Err(Error::usage("--json and --format ask for two forms of the result").help("Leave out one of them."))
        }
        (false, format) => Ok(format.unwrap_or(Format::Human)),
    }
}

fn render(report: &Report, format: Format, args: &CheckArgs, output: &Output) -> String {
    match format {
        Format::Human => human::render(report, Detail { verbose: args.verbose, summary: !output.is_quiet() }),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Junit => junit::render(report),
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
    let Text { mark, text } = read(path, &shown)?;
    let project = open(path, settings, output);
    if !fix {
        return Ok((check_text(shown, text, &project), None));
    }
    let Fixed { text: mended, applied } = fixing::fix(&text, &project);
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
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(Source::MAX_LEN as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::input("cannot read standard input").because(error))?;
    let Text { mark, text } = decode(bytes, "standard input")?;
    let project = open(&path, settings, output);
    if !args.fix {
        let report = Report { files: vec![check_text(shown, text, &project)], failures: Vec::new(), policy };
        output.result(&render(&report, format, args, output))?;
        return Ok(report.exit());
    }
    let Fixed { text: mended, applied } = fixing::fix(&text, &project);
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
    let redactor = words::secrets(&document, &analysis, project.redactor());
    let findings = analysis.diagnostics.into_iter().map(|finding| words::without_secrets(finding, &redactor)).collect();
    CheckedFile { path, source: document.source().clone(), findings, redactor }
}

/// A text as an editor shows it, and the byte order mark that stands before it in the file.
#[derive(Debug, PartialEq, Eq)]
struct Text {
    mark: &'static str,
    text: String,
}

impl Text {
    fn of(mut text: String) -> Self {
        const MARK: &str = "\u{feff}";
        if !text.starts_with(MARK) {
            return Self { mark: "", text };
        }
        text.drain(..MARK.len());
        Self { mark: MARK, text }
    }
}

fn read(path: &Path, shown: &str) -> Result<Text, Error> {
    let cannot = || Error::input(format!("cannot read {shown}"));
    let found = std::fs::metadata(path).map_err(|error| cannot().because(error))?;
    if !found.is_file() {
        return Err(Error::input(format!("{shown} is not a regular file"))
            .help("To check a stream, pass it on standard input: `slipway check --stdin < FILE`."));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| cannot().because(error))?;
    file.take(Source::MAX_LEN as u64 + 1).read_to_end(&mut bytes).map_err(|error| cannot().because(error))?;
    decode(bytes, shown)
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<Text, Error> {
    if bytes.len() > Source::MAX_LEN {
        let limit = Source::MAX_LEN / (1024 * 1024);
        return Err(
            Error::input(format!("{name} is longer than {limit} MiB")).help("A configuration file is far shorter.")
        );
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    String::from_utf8(bytes).map(Text::of).map_err(|error| {
        if utf16 {
            return Error::input(format!("{name} is UTF-16 text, and a configuration file must be UTF-8"))
                .help("Save it with the encoding UTF-8.");
        }
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        Error::input(format!("{name} is not UTF-8 text: line {line} holds a byte that cannot stand there"))
            .help("Save the file with the encoding UTF-8, or name another file.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_refused_with_the_reason() {
        let refused = |bytes: &[u8]| decode(bytes.to_vec(), "a.yml").unwrap_err().to_string();
        assert_eq!(refused(b"a: 1\nb: \xff"), "a.yml is not UTF-8 text: line 2 holds a byte that cannot stand there");
        assert_eq!(refused(b"\xff\xfea\0"), "a.yml is UTF-16 text, and a configuration file must be UTF-8");
    }

    #[test]
    fn a_byte_order_mark_is_kept_apart() {
        let text = |bytes: &str| decode(bytes.into(), "a.yml").unwrap();
        assert_eq!(text("ä"), Text { mark: "", text: "ä".into() });
        assert_eq!(text("\u{feff}ä"), Text { mark: "\u{feff}", text: "ä".into() });
    }
}
