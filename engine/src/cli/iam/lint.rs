//! `slipway iam lint`: what is wrong with policies that stand alone, and with those of a configuration.

use std::path::Path;

use slipway_lang::diagnostic::Severity;
use slipway_lang::inputs::IamInputs;
use slipway_lang::rules;
use slipway_lang::yaml::Document;
use slipway_project::{Project, Settings, display_path, split_path};

use crate::cli::args::{Compat, Global, LintArgs};
use crate::cli::check::{Printing, checked, policy};
use crate::cli::output::Output;
use crate::cli::report::{CheckedFile, Report};
use crate::error::{Error, Exit};
use crate::project::read_config;

/// Lints the files that the arguments name, and prints what was found.
pub(crate) fn run(global: &Global, args: &LintArgs, output: &mut Output) -> Result<Exit, Error> {
    let printing = Printing::new(global, &args.report, output)?;
    let iam = IamInputs {
        account_id: args.account_id.clone(),
        role_arn: args.role_arn.clone(),
        compat_upstream: args.compat == Some(Compat::Upstream),
        parameters: args.parameter.iter().cloned().collect(),
        enabled: args.enable.iter().map(|id| known_rule(id)).collect::<Result<_, _>>()?,
    };
    let settings = global.settings(false);
    let policy = policy(&args.report, if args.strict { Severity::Warning } else { Severity::Error });
    let mut report = Report { files: Vec::new(), failures: Vec::new(), policy };
    for path in &args.files {
        match lint(path, &iam, &settings) {
            Ok(file) => report.files.push(file),
            Err(error) => report.failures.push(error),
        }
    }
    printing.finish(&report, output)
}

/// The code of a rule that was named.
fn known_rule(id: &str) -> Result<String, Error> {
    let id = id.to_ascii_uppercase();
    match rules::by_code(&id).filter(|rule| rule.code.starts_with("IAM")) {
        Some(rule) => Ok(rule.code.to_owned()),
        None => Err(Error::usage(format!("--enable names {id}, and there is no such rule about policies"))
            .help("docs/rules/README.md lists the rules; those about policies begin with IAM.")),
    }
}

fn lint(path: &Path, iam: &IamInputs, settings: &Settings) -> Result<CheckedFile, Error> {
    let document = Document::new(read_config(path)?.text);
    let (folder, name) = split_path(path);
    let project = Project::open(&folder, name, settings);
    let mut inputs = project.inputs();
    inputs.iam = iam.clone();
    let analysis = slipway_lang::lint_policies(&document, inputs);
    Ok(checked(display_path(path), &document, analysis, &project))
}
