//! `slipway iam explain`: what policies let containers do.

mod json;
mod text;

use std::path::Path;

use slipway_lang::diagnostic::Severity;
use slipway_lang::rules::explain::{Explanation, RiskKind};
use slipway_lang::yaml::Document;
use slipway_project::{Project, Settings, display_path, split_path};

use crate::cli::args::{ExplainArgs, Global};
use crate::cli::output::{Output, visible};
use crate::error::{Error, Exit};
use crate::project::read_config;

/// What the policies of a file come to.
struct ExplainedFile {
    path: String,
    policies: Vec<Explanation>,
    /// Errors that `slipway iam lint` reports.
    errors: usize,
}

/// Explains the files that the arguments name.
pub(crate) fn run(global: &Global, args: &ExplainArgs, output: &mut Output) -> Result<Exit, Error> {
    let settings = global.settings(false);
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for path in &args.files {
        match explain(path, &settings) {
            Ok(file) => files.push(file),
            Err(error) => failures.push(error),
        }
    }
    if global.json {
        output.result(&json::render(&files))?;
    } else {
        output.result(&visible(&text::render(&files)))?;
        advise(&files, output);
    }
    for failure in &failures {
        output.error(failure);
    }
    Ok(failures.iter().map(Error::exit).max().unwrap_or(Exit::Success))
}

fn explain(path: &Path, settings: &Settings) -> Result<ExplainedFile, Error> {
    let document = Document::new(read_config(path)?.text);
    let (folder, name) = split_path(path);
    let project = Project::open(&folder, name, settings);
    let policies = slipway_lang::explain_policies(&document, project.inputs());
    let found = slipway_lang::lint_policies(&document, project.inputs()).diagnostics;
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error).count();
    Ok(ExplainedFile { path: display_path(path), policies, errors })
}

/// Says where more is to be learned.
fn advise(files: &[ExplainedFile], output: &mut Output) {
    for file in files.iter().filter(|file| file.errors > 0) {
        let errors = if file.errors == 1 { "an error".to_owned() } else { format!("{} errors", file.errors) };
        let path = visible(&file.path);
        output.progress(&format!("{path} has {errors}, and what is faulty is not counted: `slipway iam lint {path}`"));
    }
    let mut risks = files.iter().flat_map(|file| &file.policies).flat_map(|policy| &policy.risks);
    if risks.any(|risk| matches!(risk.kind, RiskKind::Escalation(_))) {
        output.progress("Paths to more permissions are described at https://pathfinding.cloud/paths/");
    }
}
