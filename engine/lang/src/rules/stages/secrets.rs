//! SCF057: secrets that are written out.

use super::resolvers;
use crate::config::{Data, Value};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix;
use crate::rules::RuleContext;
use crate::variables::providers::{ResolverOption, resolver_types};

declare_rule! {
    /// ## What it does
    /// Reports a token, a secret key or a password that stands in a resolver as text.
    ///
    /// ## Why it matters
    /// The file is kept in version control, where everybody with access to it can read the secret, for ever.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       secrets:
    ///         type: vault
    ///         token: hvs.example
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       secrets:
    ///         type: vault
    ///         token: ${env:VAULT_TOKEN}
    /// ```
    SECRET_IN_RESOLVER = "SCF057", "Secret in resolver", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, resolver) in resolvers(ctx) {
        for option in secret_options(resolver) {
            let Some(value) = resolver.get(option.name) else { continue };
            let is_written_out = matches!(value.data(), Data::String(text) if !text.is_empty()) && !value.is_variable();
            if is_written_out {
                acc.push(written_out(ctx, option, value));
            }
        }
    }
}

/// The secrets among the options of the resolver's type, whatever its backend.
fn secret_options(resolver: Value<'_>) -> impl Iterator<Item = &'static ResolverOption> {
    let kind = resolver.get("type").and_then(Value::as_str);
    let options = resolver_types().find(|(provider, _)| kind == Some(provider.name)).map(|(_, options)| options);
    let options = options
        .into_iter()
        .flat_map(|kind| kind.options.iter().chain(kind.backends.iter().flat_map(|backend| backend.options)));
    options.filter(|option| option.secret.is_some())
}

fn written_out(ctx: &RuleContext<'_>, option: &'static ResolverOption, value: Value<'_>) -> Diagnostic {
    let variable = option.secret.unwrap_or_default();
    let message = format!(
        "`{}` stands here for everybody to read. Keep it in the environment and write `${{env:{variable}}}`.",
        option.name
    );
    let text = format!("${{env:{variable}}}");
    let edits =
        fix::replace_scalar(ctx.document, value.node(), fix::Literal::Text(&text)).filter(|_| value.is_written_here());
    let fix = edits.map(|edits| Fix::suggestion(format!("Read it from `{variable}`"), edits));
    SECRET_IN_RESOLVER.at(value, message).fix(fix)
}
