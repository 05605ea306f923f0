//! SCF001 and SCF002: what the text's syntax does not allow.

use crate::config::tree_path;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place, Rule};
use crate::fix;
use crate::rules::{RuleContext, iam};
use crate::yaml::{Problem, ProblemKind};

declare_rule! {
    /// ## What it does
    /// Reports text that is not YAML, or uses a part of YAML that a configuration file may not use: several documents, an
    /// unknown tag or alias, control characters.
    ///
    /// ## Why it matters
    /// Nothing can be deployed from a file that cannot be read. Slipway repairs the text in memory and goes on, so that every
    /// other fault of the file is reported in the same run.
    ///
    /// ## Example
    /// ```yaml top
    /// stages: {dev: {params: {greeting: "hello}}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages: {dev: {params: {greeting: "hello"}}}
    /// ```
    ///
    /// ## Source
    /// [YAML 1.2](https://yaml.org/spec/1.2.2/)
    SYNTAX_ERROR = "SCF001", "Syntax error", Error, fix: Mixed;

    /// ## What it does
    /// Reports a key that stands twice in one map.
    ///
    /// ## Why it matters
    /// Only one of the two values could count, and YAML does not allow it. Slipway reads the first one and goes on.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: fast
    ///   MODE: slow
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: slow
    /// ```
    ///
    /// ## Source
    /// [YAML 1.2, section 3.2.1.1](https://yaml.org/spec/1.2.2/#3211-nodes)
    DUPLICATE_KEY = "SCF002", "Duplicate key", Error, fix: Unsafe
}

/// Turns the problems of the tree into diagnostics.
pub(in crate::rules) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let others = ctx.tree().problems().iter().filter(|problem| !iam::reports(ctx.document, ctx.inputs.kind, problem));
    acc.extend(others.map(|problem| diagnostic(ctx, problem)));
}

fn diagnostic(ctx: &RuleContext<'_>, problem: &Problem) -> Diagnostic {
    let (rule, path): (&'static Rule, String) = match problem.kind {
        ProblemKind::Syntax => (&SYNTAX_ERROR, String::new()),
        ProblemKind::DuplicateKey => {
            let key = ctx.tree().node_at(problem.range.start());
            (&DUPLICATE_KEY, key.map(|key| tree_path(ctx.document, key)).unwrap_or_default())
        }
    };
    let mut diagnostic = rule.at(Place::new(problem.range, path), &problem.message);
    if let Some((range, message)) = &problem.related {
        diagnostic = diagnostic.related(*range, message);
    }
    if problem.kind == ProblemKind::DuplicateKey {
        let repeated = ctx.tree().node_at(problem.range.start()).and_then(|key| ctx.tree().entry_of(key));
        let edits = repeated.and_then(|entry| fix::remove(ctx.document, entry.value));
        return diagnostic.fix(edits.map(|edits| Fix::suggestion("Remove this one", edits)));
    }
    // A repair is a guess at what was meant; a person should look at it.
    diagnostic.fix(problem.fix.clone().map(|(title, edits)| Fix::suggestion(title, edits)))
}
