//! Variables: how they are written, and whether their sources have what they ask for.

mod blank;
mod coerced;
mod cycle;
mod defaults;
mod in_text;
mod index;
mod key;
mod missing;
mod opt_stage;
mod program;
mod remote;
mod resolver;
mod shell;
mod spelling;
mod ssm_path;
mod unclosed;
mod undefined_env;
mod unknown_key;
mod unknown_provider;

// Listed among the rules of the environment, where its code belongs.
pub(super) use undefined_env::UNDEFINED_LOCAL_VARIABLE;

use super::Check;
use crate::config::{Value, tree_path};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::rules::RuleContext;
use crate::text::TextEdit;
use crate::variables::Site;
use crate::variables::finding::Finding;
use crate::variables::grammar::{Alternative, Part, Piece, Reference, Template};
use crate::variables::stages::Source;
use crate::yaml::{NodeId, NodeKind, ScalarStyle};

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &unclosed::UNCLOSED_VARIABLE,
    &unknown_provider::UNKNOWN_PROVIDER,
    &defaults::BARE_DEFAULT,
    &defaults::EMPTY_DEFAULT,
    &defaults::DEFAULT_OLDER_TOOLS_CANNOT_READ,
    &defaults::NESTED_ALTERNATIVE,
    &cycle::REFERENCE_CYCLE,
    &missing::PATH_NOT_FOUND,
    &missing::FILE_NOT_FOUND,
    &missing::KEY_NOT_IN_FILE,
    &in_text::MAP_INSIDE_TEXT,
    &in_text::LIST_INSIDE_TEXT,
    &coerced::TEXT_AS_OTHER_TYPE,
    &index::INDEX_SYNTAX,
    &unknown_key::UNKNOWN_SLS_KEY,
    &unknown_key::UNKNOWN_GIT_KEY,
    &missing::PARAMETER_UNDEFINED,
    &resolver::RESOLVER_NOT_CONFIGURED,
    &ssm_path::SSM_PATH,
    &remote::NEEDS_AWS,
    &key::VARIABLE_IN_KEY,
    &blank::SPACE_AFTER_COLON,
    &opt_stage::STAGE_OPTION_WITHOUT_DEFAULT,
    &shell::LOOKS_LIKE_SHELL_VARIABLE,
    &shell::AWS_PSEUDO_PARAMETER,
    &program::NEEDS_NODE,
    &spelling::OLD_SPELLING,
];

/// The family's checks.
pub static CHECKS: &[Check] = &[
    undefined_env::check,
    unclosed::check,
    unknown_provider::check,
    defaults::check,
    cycle::check,
    missing::check,
    in_text::check,
    coerced::check,
    index::check,
    unknown_key::check,
    resolver::check,
    ssm_path::check,
    remote::check,
    key::check,
    blank::check,
    opt_stage::check,
    shell::check,
    program::check,
    spelling::check,
];

/// A reference in a value of the document.
#[derive(Clone, Copy)]
struct Use<'a> {
    site: Site<'a>,
    /// Its position among the alternatives of the variable.
    position: usize,
    alternative: &'a Alternative,
    reference: &'a Reference,
    /// Who answers to it.
    source: Source<'a>,
}

impl<'a> Use<'a> {
    /// The name of the provider in the end, also behind a resolver; nothing where it is unknown.
    fn provider(self) -> &'static str {
        self.source.provider().map_or("", |provider| provider.name)
    }

    /// The key, if it is written out.
    fn key(self) -> Option<&'a str> {
        literal(self.site, self.reference.key.as_ref()?)
    }

    /// The resolver, if it is written out.
    fn resolver(self) -> Option<&'a str> {
        self.reference.resolver.as_ref().map(|resolver| self.site.part(resolver))
    }

    /// Whether it is the last alternative, so that nothing stands in for it.
    fn is_last(self) -> bool {
        self.position + 1 == self.site.variable.alternatives().len()
    }

    fn place(self, ctx: &RuleContext<'_>, part: &Part) -> Place {
        place(ctx, self.site.node, part)
    }
}

/// All references in values.
fn uses<'a>(ctx: &RuleContext<'a>) -> impl Iterator<Item = Use<'a>> {
    let variables = ctx.config.variables();
    variables.sites(ctx.document).flat_map(move |site| {
        let alternatives = site.variable.alternatives().iter().enumerate();
        alternatives.filter_map(move |(position, alternative)| {
            let reference = alternative.reference()?;
            let source = variables.stages().source(site.provider(reference));
            Some(Use { site, position, alternative, reference, source })
        })
    })
}

/// A word that holds no variable.
fn literal<'a>(site: Site<'a>, word: &Template) -> Option<&'a str> {
    match word.pieces.as_slice() {
        [Piece::Text(range)] => Some(site.part(range)),
        _ => None,
    }
}

/// A part of a scalar's text.
fn place(ctx: &RuleContext<'_>, node: NodeId, part: &Part) -> Place {
    Place::new(ctx.tree().scalar_part(ctx.source(), node, part.clone()), path(ctx, node))
}

/// The path of a node of the tree.
fn path(ctx: &RuleContext<'_>, node: NodeId) -> String {
    ctx.config.value_at(node).map_or_else(|| tree_path(ctx.document, node), Value::path)
}

/// Starts the diagnostic of a finding.
fn report(ctx: &RuleContext<'_>, rule: &'static Rule, finding: &Finding, message: impl Into<String>) -> Diagnostic {
    match &finding.part {
        Some(part) => rule.at(place(ctx, finding.node, part), message),
        None => rule.at(Place::new(ctx.tree().node(finding.node).range, path(ctx, finding.node)), message),
    }
}

/// The edit that puts `new_text` in the place of a part of a scalar's text; `None` where that part does not stand in the
/// document as it is, or where the new text would not mean itself there.
fn replace(ctx: &RuleContext<'_>, node: NodeId, part: &Part, new_text: &str) -> Option<Vec<TextEdit>> {
    let NodeKind::Scalar(scalar) = &ctx.tree().node(node).kind else { return None };
    let range = ctx.tree().scalar_part(ctx.source(), node, part.clone());
    if part.is_empty() || ctx.source().slice(range) != scalar.text.get(part.clone())? || new_text.contains('\n') {
        return None;
    }
    let written = match scalar.style {
        ScalarStyle::SingleQuoted => new_text.replace('\'', "''"),
        ScalarStyle::DoubleQuoted => new_text.replace('\\', "\\\\").replace('"', "\\\""),
        ScalarStyle::Plain if new_text.contains(": ") || new_text.contains(" #") => return None,
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => new_text.to_owned(),
    };
    Some(vec![TextEdit::replace(range, written)])
}

#[cfg(test)]
mod tests;
