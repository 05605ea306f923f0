//! SCF358 to SCF360 and SCF367: references to what is not there.

use super::{replace, report};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Rule, Severity};
use crate::fix;
use crate::rules::RuleContext;
use crate::variables::finding::{Finding, FindingKind};
use crate::variables::stages::DEFAULT_STAGE_KEY;

declare_rule! {
    /// ## What it does
    /// Reports a `self` variable whose path leads to nothing, without a default behind it.
    ///
    /// ## Why it matters
    /// The variable has no value, and the deployment stops. Where an alternative before it may have a value, it is a
    /// warning.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   SOURCE: ${self:containers.api.source}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   SOURCE: ${self:containers.api.src}
    /// ```
    PATH_NOT_FOUND = "SCF358", "Path not found", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `file` variable whose file does not exist.
    ///
    /// ## Why it matters
    /// The variable has no value, and the deployment stops. With a default it is a warning: the default is always used.
    ///
    /// ## Example
    /// ```json settings.json
    /// { "host": "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./setings.json):host}
    /// ```
    ///
    /// ## Use instead
    /// ```json settings.json
    /// { "host": "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):host}
    /// ```
    FILE_NOT_FOUND = "SCF359", "File not found", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `file` variable whose file has nothing at the path, without a default behind it.
    ///
    /// ## Why it matters
    /// The variable has no value, and the deployment stops. Where an alternative before it may have a value, it is a
    /// warning.
    ///
    /// ## Example
    /// ```json settings.json
    /// { "host": "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):hostname}
    /// ```
    ///
    /// ## Use instead
    /// ```json settings.json
    /// { "host": "example.com" }
    /// ```
    /// ```yaml container
    /// environment:
    ///   HOST: ${file(./settings.json):host}
    /// ```
    KEY_NOT_IN_FILE = "SCF360", "Key not in file", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a parameter that neither the stages nor the command line define, without a default behind it.
    ///
    /// ## Why it matters
    /// The variable has no value, and the deployment stops. Where an alternative before it may have a value, it is a
    /// warning.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TABLE: ${param:table}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     params:
    ///       table: users
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TABLE: ${param:table}
    /// ```
    PARAMETER_UNDEFINED = "SCF367", "Parameter undefined", Error, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for finding in ctx.config.variables().findings() {
        let (rule, certain, fault): (&'static Rule, bool, String) = match &finding.kind {
            FindingKind::PathMissing { path, empty: false, certain } => {
                (&PATH_NOT_FOUND, *certain, format!("Nothing stands at `{path}` in this file."))
            }
            FindingKind::PathMissing { path, empty: true, certain } => {
                (&PATH_NOT_FOUND, *certain, format!("`{path}` has no value in this file."))
            }
            FindingKind::FileMissing { path, folder: false, certain } => (
                &FILE_NOT_FOUND,
                *certain,
                format!("There is no file `{path}`. Paths start at the folder of this file."),
            ),
            FindingKind::FileMissing { path, folder: true, certain } => {
                (&FILE_NOT_FOUND, *certain, format!("`{path}` is a folder, not a file."))
            }
            FindingKind::KeyMissing { file, key, certain } if key.is_empty() => {
                (&KEY_NOT_IN_FILE, *certain, format!("The file `{file}` is empty."))
            }
            FindingKind::KeyMissing { file, key, certain } => {
                (&KEY_NOT_IN_FILE, *certain, format!("The file `{file}` has nothing at `{key}`."))
            }
            FindingKind::ParameterMissing { name, empty: true, certain, .. } => {
                (&PARAMETER_UNDEFINED, *certain, format!("The parameter `{name}` has no value."))
            }
            // A parameter of another stage is the business of its own rule, unless this stage was asked for.
            FindingKind::ParameterMissing { elsewhere: true, .. } if ctx.inputs.stage_option.is_none() => continue,
            FindingKind::ParameterMissing { name, certain, .. } => {
                let message = format!(
                    "No parameter `{name}` is defined: neither in `stages.{}.params`, nor in `stages.{DEFAULT_STAGE_KEY}.params`, nor with `--param`.",
                    ctx.stage()
                );
                (&PARAMETER_UNDEFINED, *certain, message)
            }
            _ => continue,
        };
        let consequence = match (certain, &finding.kind) {
            (true, _) => " The variable has no other value. Correct it, or add a default.",
            (false, FindingKind::FileMissing { .. }) => " Another alternative stands in.",
            (false, _) => " It counts where the alternatives before it have no value.",
        };
        let nearest =
            finding.replacement.as_ref().map(|nearest| format!(" Did you mean `{nearest}`?")).unwrap_or_default();
        let severity = if certain { Severity::Error } else { Severity::Warning };
        acc.push(
            report(ctx, rule, finding, format!("{fault}{nearest}{consequence}"))
                .severity(severity)
                .fix(rename(ctx, finding))
                .fix(define(ctx, finding)),
        );
    }
}

/// Replaces the word by the one that was probably meant.
fn rename(ctx: &RuleContext<'_>, finding: &Finding) -> Option<Fix> {
    let nearest = finding.replacement.as_ref()?;
    let edits = replace(ctx, finding.node, finding.part.as_ref()?, nearest)?;
    Some(Fix::suggestion(format!("Change to `{nearest}`"), edits))
}

/// Adds a parameter that no stage has to those of every stage.
fn define(ctx: &RuleContext<'_>, finding: &Finding) -> Option<Fix> {
    let FindingKind::ParameterMissing { name, empty: false, elsewhere: false, .. } = &finding.kind else { return None };
    let params = ctx
        .get(&["stages", DEFAULT_STAGE_KEY, "params"])
        .filter(|params| params.is_map() && params.is_written_here())?;
    let edits = fix::insert_entry(ctx.document, params.node(), name, "''", fix::Placement::Last)?;
    Some(Fix::suggestion(format!("Add `{name}` to the parameters of every stage"), edits))
}
