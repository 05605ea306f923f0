//! SCF357: references that lead back to themselves, and what multiplies without bounds.

use super::report;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::{self, RuleContext};
use crate::variables::finding::FindingKind;

declare_rule! {
    /// ## What it does
    /// Reports variables that need their own value to be resolved.
    ///
    /// ## Why it matters
    /// There is no such value. A default does not help: the original tool looks at all alternatives first.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   HOST: ${self:containers.api.environment.URL}
    ///   URL: https://${self:containers.api.environment.HOST}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   HOST: example.com
    ///   URL: https://${self:containers.api.environment.HOST}
    /// ```
    REFERENCE_CYCLE = "SCF357", "Reference cycle", Error, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for finding in ctx.config.variables().findings() {
        let (rule, message) = match &finding.kind {
            FindingKind::Cycle { references } => (&REFERENCE_CYCLE, cycle(references)),
            FindingKind::TooDeep => {
                let message =
                    "Variables lead on to other variables here, more than a hundred times. Name the value directly.";
                (&REFERENCE_CYCLE, message.to_owned())
            }
            FindingKind::Expansion => {
                let Some(rule) = rules::by_code("SCF001") else { continue };
                let message = "Aliases, merges and variables bring in more here than the rest of the file could hold: each copies what \
                               copies others. Copy less; everything beyond this is left out.";
                (rule, message.to_owned())
            }
            FindingKind::Unmergeable => {
                let Some(rule) = rules::by_code("SCF001") else { continue };
                (
                    rule,
                    "`<<` merges a map, or a list of maps, into the map that it stands in, and this is neither."
                        .to_owned(),
                )
            }
            _ => continue,
        };
        acc.push(report(ctx, rule, finding, message));
    }
}

fn cycle(references: &[String]) -> String {
    /// Longer chains are shown by their beginning and their end.
    const SHOWN: usize = 6;
    match references {
        [only] => {
            format!("`{only}` leads back to itself, so that it has no value. Write a value in one of the places.")
        }
        references => {
            let mut steps: Vec<String> = references.iter().map(|reference| format!("`{reference}`")).collect();
            if steps.len() > SHOWN {
                steps.splice(SHOWN / 2..steps.len() - SHOWN / 2, ["…".to_owned()]);
            }
            format!(
                "These variables lead back to each other: {}. Write a value in one of the places.",
                steps.join(", then ")
            )
        }
    }
}
