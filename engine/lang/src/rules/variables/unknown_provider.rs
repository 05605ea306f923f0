//! SCF351: variables whose first word names no source.

use super::shell::{is_read_by_shell, shell_operator};
use super::{place, replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::suggest::nearest;
use crate::variables::grammar::AlternativeKind;
use crate::variables::providers::{PROVIDERS, Reach};
use crate::variables::stages::Source;

declare_rule! {
    /// ## What it does
    /// Reports a variable whose first word is neither a source of values nor a resolver under `stages`, and the source
    /// `output`, which Slipway does not have.
    ///
    /// ## Why it matters
    /// The variable is not replaced. The text `${…}` goes to AWS as it is.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   API_URL: ${enw:API_URL, 'https://api.example.com'}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   API_URL: ${env:API_URL, 'https://api.example.com'}
    /// ```
    UNKNOWN_PROVIDER = "SCF351", "Unknown provider", Blocker, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let variables = ctx.config.variables();
    for found in uses(ctx) {
        let part = &found.reference.provider;
        let name = found.site.provider(found.reference);
        match found.source {
            Source::Nobody if shell_operator(found).is_none() => {
                let providers = PROVIDERS.iter().filter(|provider| provider.reach != Reach::Unsupported);
                let names = providers.map(|provider| provider.name).chain(variables.stages().resolver_names());
                let nearest = nearest(name, names);
                if nearest.is_none() && is_read_by_shell(ctx, found.site.node) {
                    continue;
                }
                let message = match nearest {
                    _ if name.starts_with('{') => {
                        "A map cannot be a default: the variable ends at its first closing brace, and all of it stays text.".to_owned()
                    }
                    Some(nearest) => format!("`{name}` is no source of values, so that the variable stays text. Did you mean `{nearest}`?"),
                    None => format!("`{name}` is neither a source of values nor a resolver of this file, so that the variable stays text."),
                };
                let edits = nearest.and_then(|nearest| replace(ctx, found.site.node, part, nearest));
                let fix =
                    edits.map(|edits| Fix::suggestion(format!("Change to `{}`", nearest.unwrap_or_default()), edits));
                acc.push(UNKNOWN_PROVIDER.at(found.place(ctx, part), message).fix(fix));
            }
            Source::Provider(provider) if provider.reach == Reach::Unsupported => {
                let message = format!(
                    "`{name}` is kept by the original tool's dashboard, which Slipway does not use. Pass the value with `--param`, or use another source."
                );
                acc.push(UNKNOWN_PROVIDER.at(found.place(ctx, part), message));
            }
            _ => {}
        }
    }
    for site in variables.sites(ctx.document) {
        for alternative in site.variable.alternatives() {
            if matches!(&alternative.kind, AlternativeKind::Bare(nested) if !nested.is_empty()) {
                let message = "This is neither a reference nor text in quotes, so that the variable stays text. Put it in single quotes.";
                acc.push(UNKNOWN_PROVIDER.at(place(ctx, site.node, &alternative.range), message));
            }
        }
    }
}
