//! Every rule: its facts, its page, its check. A rule compares fields; what follows from one property alone is checked
//! by [`shape`](crate::shape) and only declared here.
//!
//! To add a rule, write its file in the family's folder and add a line to the family's two lists.

mod build;
mod commands;
mod compute;
mod context;
mod deployment;
mod dev;
mod edits;
mod environment;
mod file;
pub(crate) mod folder;
mod iam;
mod integrations;
pub(crate) mod names;
mod package_json;
mod page;
mod routing;
mod scaling;
mod stages;
mod variables;

pub(crate) use build::named_target;
pub use context::{Container, RuleContext};
pub(crate) use folder::join as join_paths;
pub use iam::explain;
pub(crate) use iam::{MANAGED_POLICY_SIZE, merge_statements, policies, policy_size, put_several, split_statement};
pub use page::{index, page};

use crate::diagnostic::{Diagnostic, Rule};
use crate::inputs::DocumentKind;

/// Rules about one part of the file.
pub struct Family {
    /// The heading above them in the index of rules.
    pub title: &'static str,
    /// The rules, by code.
    pub rules: &'static [&'static Rule],
    /// What finds their faults; a check may serve several rules, and some rules are found by the shape checks.
    pub checks: &'static [Check],
}

/// Looks for the faults of one rule or of a tight family of rules.
pub type Check = fn(&RuleContext<'_>, &mut Vec<Diagnostic>);

static FAMILIES: &[&[Family]] = &[SCF, iam::FAMILIES];

static SCF: &[Family] = &[
    Family { title: "File and shape", rules: file::RULES, checks: file::CHECKS },
    Family { title: "Names and stages", rules: names::RULES, checks: names::CHECKS },
    Family { title: "Stages and resolvers", rules: stages::RULES, checks: stages::CHECKS },
    Family { title: "Deployment", rules: deployment::RULES, checks: deployment::CHECKS },
    Family { title: "Source and build", rules: build::RULES, checks: build::CHECKS },
    Family { title: "Compute", rules: compute::RULES, checks: compute::CHECKS },
    Family { title: "Scaling", rules: scaling::RULES, checks: scaling::CHECKS },
    Family { title: "Routing", rules: routing::RULES, checks: routing::CHECKS },
    Family { title: "Environment", rules: environment::RULES, checks: environment::CHECKS },
    Family { title: "Dev block", rules: dev::RULES, checks: dev::CHECKS },
    Family { title: "Integrations", rules: integrations::RULES, checks: integrations::CHECKS },
    Family { title: "Variables", rules: variables::RULES, checks: variables::CHECKS },
];

/// All families in the order of their codes.
pub fn families() -> impl Iterator<Item = &'static Family> {
    FAMILIES.iter().copied().flatten()
}

/// All rules: those about the file, then those about its policies, both in the order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    families().flat_map(|family| family.rules.iter().copied())
}

/// The rule of a code.
pub fn by_code(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

/// Runs every check that concerns such a document.
pub fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let families = match ctx.inputs.kind {
        DocumentKind::Configuration => FAMILIES,
        // What keeps it from being read is reported as for every other file.
        DocumentKind::Policy => {
            file::syntax(ctx, acc);
            &[iam::FAMILIES]
        }
    };
    for check in families.iter().copied().flatten().flat_map(|family| family.checks) {
        check(ctx, acc);
    }
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for families in FAMILIES {
            let codes: Vec<&str> = families.iter().flat_map(|family| family.rules).map(|rule| rule.code).collect();
            for pair in codes.windows(2) {
                assert!(pair[0] < pair[1], "{} stands before {}", pair[0], pair[1]);
            }
        }
    }
}
