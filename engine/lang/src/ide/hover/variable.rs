//! A variable in a text: where its value comes from, and what it is.

use super::Hover;
use super::markdown::{self, code};
use crate::ide::shown;
use crate::rules::RuleContext;
use crate::text::TextSize;
use crate::variables::Effective;
use crate::variables::grammar::{Alternative, Part, Reference, Variable, VariableKind};
use crate::variables::providers::{Provider, Reach};
use crate::variables::stages::Source;
use crate::yaml::NodeId;

/// The innermost variable of a scalar at a place.
pub(super) fn at(ctx: &RuleContext<'_>, node: NodeId, offset: TextSize) -> Option<Hover> {
    let template = ctx.config.variables().template(node)?;
    let text = ctx.tree().scalar_text(node)?;
    let variables = template.variables();
    let parts: Vec<Part> = variables.iter().map(|variable| variable.range.clone()).collect();
    let ranges = ctx.tree().scalar_parts(ctx.source(), node, &parts);
    let holding = variables.into_iter().zip(ranges).filter(|(_, range)| range.contains_inclusive(offset));
    // Between two variables the later one is meant.
    let (variable, range) = holding.min_by_key(|(_, range)| (!range.contains(offset), range.len()))?;
    Some(Hover { range, markdown: Page { ctx, node, text }.of(variable) })
}

struct Page<'a> {
    ctx: &'a RuleContext<'a>,
    node: NodeId,
    text: &'a str,
}

impl Page<'_> {
    fn of(&self, variable: &Variable) -> String {
        let written = code(&self.text[variable.range.clone()]);
        match &variable.kind {
            _ if !variable.closed => format!("{written} has no closing brace and stays text."),
            VariableKind::Text => format!("{written} has no colon and stays text."),
            VariableKind::Foreign => format!("{written} belongs to another program and stays text."),
            VariableKind::TooDeep => format!("{written} is nested too deep to be looked at."),
            VariableKind::Lookup(alternatives) => self.of_lookup(&written, variable, alternatives),
        }
    }

    fn of_lookup(&self, written: &str, variable: &Variable, alternatives: &[Alternative]) -> String {
        let summary = match shown::variable(self.ctx.config, self.node, variable) {
            Effective::Value(value) => format!("{written} gives {}.", code(&value)),
            Effective::List => format!("{written} gives a list."),
            Effective::Map => format!("{written} gives a map."),
            Effective::Missing => format!("{written} gives nothing."),
            Effective::Secret => format!("{written} gives a secret, which is not shown."),
            Effective::Unknown => format!("What {written} gives is not known here."),
        };
        let mut paragraphs = vec![summary];
        if alternatives.len() > 1 {
            let mut counts = false;
            let lines = alternatives.iter().map(|alternative| {
                let effective = shown::alternative(self.ctx.config, self.node, alternative);
                let is_first = !counts && effective != Effective::Missing;
                counts |= is_first;
                let what = in_words(&effective);
                let mark = if is_first { "; this one counts" } else { "" };
                Some(format!("{}: {what}{mark}", code(&self.text[alternative.range.clone()])))
            });
            paragraphs.extend(markdown::list(lines));
        }
        paragraphs.extend(variable.references().map(|(_, reference)| self.of_reference(reference)));
        paragraphs.join("\n\n")
    }

    fn of_reference(&self, reference: &Reference) -> String {
        let name = &self.text[reference.provider.clone()];
        let source = self.ctx.config.variables().stages().source(name);
        let key = reference.key.as_ref().map(|key| &self.text[key.range.clone()]);
        let params = reference.params.as_ref().map(|params| &self.text[params.range.clone()]);
        let resolver = reference.resolver.as_ref().map(|resolver| &self.text[resolver.clone()]);
        let Some(provider) = source.provider() else {
            return match source {
                Source::OtherStage => format!("`{name}` is a resolver of another stage, and not in force in this one."),
                Source::Unknown => format!("Whether there is a resolver `{name}` is not known here."),
                _ => format!("There is no provider or resolver {}, so that the variable stays text.", code(name)),
            };
        };
        let service = resolver.or(key).and_then(|word| source.service(word));
        let service = service.or_else(|| {
            let is_fact = key.is_some_and(|key| provider.facts.iter().any(|(fact, _)| *fact == key));
            if is_fact { None } else { provider.service(provider.default_resolver) }
        });
        let meaning = key.and_then(|key| {
            let mut known = provider.keys.iter().chain(provider.facts);
            known.find(|(known, _)| *known == key).map(|(_, meaning)| *meaning)
        });
        let key_line = key.filter(|key| !key.is_empty()).map(|key| match meaning {
            Some(meaning) => format!("Key: {}. {meaning}", code(key)),
            None => format!("Key: {}", code(key)),
        });
        let lines = markdown::list([
            Some(match source {
                Source::Named(_) => format!("Provider: `{}`, through the resolver `{name}`", provider.name),
                _ => format!("Provider: `{name}`"),
            }),
            params.map(|params| format!("In parentheses: {}", code(params))),
            key_line,
            service.map(|service| format!("Type: `{}`. {}", service.name, service.doc)),
            reach(provider, provider.secret || service.is_some_and(|service| service.secret)).map(str::to_owned),
            provider.replaced_by.map(|newer| format!("Older spelling of `{newer}`")),
            shown::origin(self.ctx, self.text, reference),
        ]);
        format!("{}\n\n{}", provider.doc, lines.unwrap_or_default())
    }
}

fn in_words(effective: &Effective) -> String {
    match effective {
        Effective::Value(value) => code(value),
        Effective::List => "a list".to_owned(),
        Effective::Map => "a map".to_owned(),
        Effective::Missing => "nothing".to_owned(),
        Effective::Secret => "a secret".to_owned(),
        Effective::Unknown => "not known here".to_owned(),
    }
}

/// When the values of a provider are looked up.
fn reach(provider: &Provider, is_secret: bool) -> Option<&'static str> {
    match provider.reach {
        Reach::Document => None,
        Reach::Machine => Some("Looked up in the repository when a command runs"),
        Reach::Aws | Reach::Network if is_secret => Some("Looked up when the project is deployed, and never shown"),
        Reach::Aws | Reach::Network => Some("Looked up when the project is deployed"),
        Reach::Unsupported => Some("Slipway cannot look it up"),
    }
}
