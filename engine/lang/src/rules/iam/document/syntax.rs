//! IAM014 and IAM015: faults of the text that have to do with policies.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::fix;
use crate::inputs::DocumentKind;
use crate::rules::RuleContext;
use crate::rules::iam::path_in_policy;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{Document, Problem, ProblemKind};

declare_rule! {
    /// ## What it does
    /// Reports a key that stands twice in one map of a policy.
    ///
    /// ## Why it matters
    /// JSON readers keep one of them without a word, so that half of what was meant is lost. The file cannot be read as YAML,
    /// either.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Action: s3:PutObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: [s3:GetObject, s3:PutObject]
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Elements of a policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    DUPLICATE_KEY = "IAM014", "Key stands twice in a policy", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a `*` without quotes where a value belongs.
    ///
    /// ## Why it matters
    /// YAML takes a star for the start of an alias, such as `*name`, so that the file cannot be read.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: *
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: '*'
    /// ```
    ///
    /// ## Source
    /// [Alias nodes](https://yaml.org/spec/1.2.2/#71-alias-nodes)
    BARE_STAR = "IAM015", "Star without quotes", Error, fix: Safe
}

/// Reports what keeps a policy from being read as it is written.
pub(in crate::rules::iam) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let kind = ctx.inputs.kind;
    for problem in ctx.tree().problems() {
        if let Some(path) = repeated_key(ctx.document, kind, problem) {
            acc.push(repeated(ctx, problem, path));
        } else if let Some((path, star)) = bare_star(ctx.document, kind, problem) {
            let message = "YAML takes a star without quotes for the start of an alias, so that the file cannot be read. Quote it.";
            let fix = Fix::safe("Quote the star", vec![TextEdit::replace(star, "'*'")]);
            acc.push(BARE_STAR.at(Place::new(star, path), message).fix(fix));
        }
    }
}

/// The path of a key in a policy that stands twice, if that is the problem.
pub(in crate::rules::iam) fn repeated_key(
    document: &Document,
    kind: DocumentKind,
    problem: &Problem,
) -> Option<String> {
    (problem.kind == ProblemKind::DuplicateKey).then(|| path_in_policy(document, kind, problem))?
}

/// The path and the place of a star in a policy that needs quotes, if that is the problem.
pub(in crate::rules::iam) fn bare_star(
    document: &Document,
    kind: DocumentKind,
    problem: &Problem,
) -> Option<(String, TextRange)> {
    let rest = &document.source().text()[usize::from(problem.range.start())..];
    let is_star = problem.kind == ProblemKind::Syntax
        && rest.strip_prefix('*').is_some_and(|rest| {
            rest.trim_start_matches([' ', '\t']).is_empty() || rest.starts_with(['\n', '\r', ' ', ',', ']', '}'])
        });
    if !is_star {
        return None;
    }
    Some((path_in_policy(document, kind, problem)?, TextRange::at(problem.range.start(), TextSize::of('*'))))
}

fn repeated(ctx: &RuleContext<'_>, problem: &Problem, path: String) -> Diagnostic {
    let key = ctx.source().slice(problem.range);
    let message = format!(
        "`{key}` stands twice in this map. JSON readers keep one of them without a word. Put both values in one list, or remove one."
    );
    let mut diagnostic = DUPLICATE_KEY.at(Place::new(problem.range, path), message);
    if let Some((range, message)) = &problem.related {
        diagnostic = diagnostic.related(*range, message);
    }
    let entry = ctx.tree().node_at(problem.range.start()).and_then(|key| ctx.tree().entry_of(key));
    let remove = entry.and_then(|entry| fix::remove(ctx.document, entry.value));
    diagnostic.fix(merge(ctx, problem)).fix(remove.map(|edits| Fix::suggestion("Remove this one", edits)))
}

/// Puts the texts of both values in one list.
fn merge(ctx: &RuleContext<'_>, problem: &Problem) -> Option<Fix> {
    let tree = ctx.tree();
    let second = tree.entry_of(tree.node_at(problem.range.start())?)?;
    let map = tree.node(second.key).parent?;
    let name = tree.scalar_text(second.key)?;
    let first = tree.entries(map).iter().find(|entry| tree.scalar_text(entry.key) == Some(name))?;
    if first.key == second.key || !["Action", "NotAction", "Resource", "NotResource"].contains(&name) {
        return None;
    }
    let texts = |node| -> Option<Vec<&str>> {
        match tree.scalar_text(node) {
            Some(text) => Some(vec![text]),
            None => tree.items(node).iter().map(|item| tree.scalar_text(*item)).collect(),
        }
    };
    let items: Vec<serde_json::Value> =
        texts(first.value)?.into_iter().chain(texts(second.value)?).map(Into::into).collect();
    let snippet = serde_json::Value::from(items).to_string();
    let mut edits = fix::replace_value(ctx.document, first.value, &snippet)?;
    edits.extend(fix::remove(ctx.document, second.value)?);
    let overlap = |a: &TextEdit, b: &TextEdit| a.range.intersect(b.range).is_some();
    let apart = edits.iter().enumerate().all(|(at, edit)| edits[..at].iter().all(|other| !overlap(edit, other)));
    let is_written_here = ctx.config.value_at(first.value).is_some_and(Value::is_written_here);
    (apart && is_written_here).then(|| Fix::suggestion("Put both in one list", edits))
}
