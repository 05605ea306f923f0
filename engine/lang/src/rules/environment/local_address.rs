//! SCF268: addresses that lead back into the container.

use std::ops::Range;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::rules::{Container, RuleContext, edits};

use super::is_plain;

declare_rule! {
    /// ## What it does
    /// Reports `localhost` or `127.0.0.1` in a value. Lists of allowed origins and hosts are left alone: there, the address is
    /// that of a browser.
    ///
    /// ## Why it matters
    /// In a container, `localhost` is the container itself. A database on the developer's machine is not reached by it, not
    /// even in development, where `host.docker.internal` is that machine.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   DATABASE_HOST: localhost:5432
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   DATABASE_HOST: ${param:databaseHost, 'host.docker.internal:5432'}
    /// ```
    LOCAL_ADDRESS = "SCF268", "Local address in value", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (name, value) in ctx.containers().flat_map(Container::environment) {
        if value.is_variable() || is_allow_list(name) {
            continue;
        }
        let Some((text, range)) = value.as_str().and_then(|text| Some((text, local_address(text)?))) else { continue };
        let address = &text[range.clone()];
        let message = format!(
            "`{address}` is the container itself, wherever it runs. In development the machine is `host.docker.internal`; when \
             deployed, write the address of the service, or a variable."
        );
        acc.push(LOCAL_ADDRESS.at(ctx.part(value, range), message).fix(with_variable(ctx, name, value, text)));
    }
}

/// Lets a variable of the same name override the value, which stays the default.
fn with_variable(ctx: &RuleContext<'_>, name: &str, value: Value<'_>, text: &str) -> Option<Fix> {
    // Older tools look for the end of a default without regard to quotes.
    if !is_plain(name) || text.contains(['\'', ',', '{', '}', '\n']) {
        return None;
    }
    let variable = format!("${{env:{name}, '{text}'}}");
    let edits = edits::replace(ctx, value, Literal::Text(&variable))?;
    Some(Fix::suggestion(format!("Let the variable `{name}` override it"), edits))
}

/// Whether a name says that its value lists who may call, not whom to call.
fn is_allow_list(name: &str) -> bool {
    const WORDS: &[&str] = &["ALLOW", "CORS", "ORIGIN", "NO_PROXY", "TRUSTED", "WHITELIST"];
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Where an address of the machine itself stands in a text, as a word of its own.
fn local_address(text: &str) -> Option<Range<usize>> {
    let part_of_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ["localhost", "127.0.0.1"].into_iter().find_map(|address| {
        text.match_indices(address).map(|(at, _)| at..at + address.len()).find(|range| {
            let before = text.as_bytes()[..range.start].last();
            let after = text.as_bytes().get(range.end);
            !before.is_some_and(|byte| part_of_word(*byte)) && !after.is_some_and(|byte| part_of_word(*byte))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::local_address;

    #[test]
    fn addresses_are_words() {
        for (text, expected) in [
            ("localhost", Some("localhost")),
            ("http://localhost:4000/graphql", Some("localhost")),
            ("redis://127.0.0.1:6379", Some("127.0.0.1")),
            ("user@localhost", Some("localhost")),
            ("a,localhost", Some("localhost")),
            ("my-localhost", None),
            ("localhost.acme.dev", None),
            ("notlocalhost localhost", Some("localhost")),
            ("10.127.0.0.1", None),
            ("127.0.0.10", None),
            ("host.docker.internal", None),
            ("", None),
        ] {
            assert_eq!(local_address(text).map(|range| &text[range]), expected, "{text}");
        }
        assert_eq!(local_address("notlocalhost localhost"), Some(13..22));
    }
}
