//! SCF369: names of Systems Manager parameters.

use super::{Use, replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::variables::grammar::Piece;

declare_rule! {
    /// ## What it does
    /// Reports the name of a Systems Manager parameter that does not start with `/`.
    ///
    /// ## Why it matters
    /// The full name of a parameter in a hierarchy starts with a slash; without it, none is found.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   DATABASE_URL: ${aws:ssm:shop/database-url}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   DATABASE_URL: ${aws:ssm:/shop/database-url}
    /// ```
    ///
    /// ## Source
    /// [Parameter names](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html)
    SSM_PATH = "SCF369", "SSM path", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx).filter(|found| reads_parameter_store(*found)) {
        let Some(key) = &found.reference.key else { continue };
        let Some(Piece::Text(first)) = key.pieces.first() else { continue };
        let start = found.site.part(first);
        if start.starts_with('/') || start.starts_with("arn:") || start.starts_with(char::is_whitespace) {
            continue;
        }
        let name = found.site.part(&key.range);
        let message =
            format!("`{name}` does not start with `/`, as the full names of parameters in Systems Manager do.");
        let edits = replace(ctx, found.site.node, first, &format!("/{start}"));
        let fix = edits.map(|edits| Fix::suggestion("Add `/`", edits));
        acc.push(SSM_PATH.at(found.place(ctx, &key.range), message).fix(fix));
    }
}

fn reads_parameter_store(found: Use<'_>) -> bool {
    let Some(provider) = found.source.provider() else { return false };
    match (provider.name, found.resolver()) {
        ("ssm", _) => true,
        ("aws", Some(resolver)) => found.source.service(resolver).is_some_and(|service| service.name == "ssm"),
        // Without a second word, the key may also be a fact or a resolver inside the resolver.
        ("aws", None) => found.key().is_some_and(|key| {
            key.contains('/')
                && !provider.facts.iter().any(|(fact, _)| *fact == key)
                && found.source.service(key).is_none()
        }),
        _ => false,
    }
}
