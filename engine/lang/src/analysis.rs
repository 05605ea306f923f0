use crate::config::{Config, build};
use crate::diagnostic::Diagnostic;
use crate::ignore_comments::IgnoreComments;
use crate::inputs::{DocumentKind, Inputs};
use crate::rules::explain::{self, Explanation};
use crate::rules::{self, RuleContext};
use crate::shape;
use crate::yaml::Document;

/// Most diagnostics that one document gets; the gravest are kept.
pub const MAX_DIAGNOSTICS: usize = 1000;

/// What analysis found out about a document.
#[derive(Debug)]
pub struct Analysis {
    /// What the document means.
    pub config: Config,
    /// Everything to be said about it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were than are kept.
    pub omitted: usize,
}

/// Analyses a document. Never fails; an unreadable text gives diagnostics.
pub fn analyze(document: &Document, inputs: &Inputs<'_>) -> Analysis {
    let config = build(document, inputs);
    let mut diagnostics = Vec::new();
    let ctx = RuleContext::new(document, &config, inputs);
    if inputs.kind == DocumentKind::Configuration {
        shape::check(&ctx, &mut diagnostics);
    }
    rules::check(&ctx, &mut diagnostics);
    drop(ctx);
    let ignored = IgnoreComments::of(document);
    diagnostics.retain(|diagnostic| {
        !ignored.is_ignored(diagnostic.rule.code, document.source().line_of(diagnostic.range.start()))
    });
    let omitted = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS);
    Analysis { diagnostics: settle(diagnostics), omitted, config }
}

/// Looks at policies alone: at a policy that stands for itself, or at those of a configuration, whichever the document is. The
/// kind of document that the inputs name does not matter.
pub fn lint_policies(document: &Document, mut inputs: Inputs<'_>) -> Analysis {
    inputs.kind = kind(document);
    let mut analysis = analyze(document, &inputs);
    if inputs.kind == DocumentKind::Configuration {
        // What cannot be read, and a role next to a policy.
        let others = ["SCF001", "SCF128"];
        let is_wanted = |code: &str| code.starts_with("IAM") || others.contains(&code);
        analysis.diagnostics.retain(|diagnostic| is_wanted(diagnostic.rule.code));
    }
    analysis
}

/// Says what policies let containers do: a policy that stands for itself, or those of a configuration, whichever the document is.
pub fn explain_policies(document: &Document, mut inputs: Inputs<'_>) -> Vec<Explanation> {
    inputs.kind = kind(document);
    let config = build(document, &inputs);
    explain::explain(&RuleContext::new(document, &config, &inputs))
}

/// Whether a document is a configuration or a policy, by the keys that it has.
fn kind(document: &Document) -> DocumentKind {
    let tree = document.tree();
    let has = |key: &str| {
        let entries = tree.root().map_or(&[][..], |root| tree.entries(root));
        entries.iter().any(|entry| tree.scalar_text(entry.key) == Some(key))
    };
    if has("containers") && !has("Statement") { DocumentKind::Configuration } else { DocumentKind::Policy }
}

/// Brings diagnostics into the order of the text, without repeats and within bounds.
fn settle(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let in_order = |a: &Diagnostic, b: &Diagnostic| {
        let key = |diagnostic: &Diagnostic| (diagnostic.range.start(), diagnostic.range.end(), diagnostic.rule.code);
        key(a).cmp(&key(b)).then_with(|| a.path.cmp(&b.path))
    };
    diagnostics.sort_by(in_order);
    if diagnostics.len() > MAX_DIAGNOSTICS {
        diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        diagnostics.truncate(MAX_DIAGNOSTICS);
        diagnostics.sort_by(in_order);
    }
    diagnostics.dedup_by(|a, b| a.rule.code == b.rule.code && a.range == b.range && a.message == b.message);
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_silence_findings() {
        const REST: &str = "\nname: shop\ndeployment: {type: aws@1.0}\ncontainers: {}\n";
        for (text, expected) in [
            ("org: acme", &["SCF014", "SCF015"][..]),
            ("org: acme # slipway-ignore: SCF014", &["SCF015"]),
            ("# slipway-ignore: SCF014\norg: acme", &["SCF015"]),
            ("# slipway-ignore: SCF013\norg: acme", &["SCF014", "SCF015"]),
            ("frameworkVersion: '# slipway-ignore: SCF013'", &["SCF013", "SCF015"]),
        ] {
            let document = Document::new(format!("{text}{REST}"));
            let diagnostics = analyze(&document, &Inputs::default()).diagnostics;
            let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.rule.code).collect();
            assert_eq!(codes, expected, "{text}");
        }
    }
}
