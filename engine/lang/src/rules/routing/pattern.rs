//! SCF202 to SCF204, SCF211, SCF212, SCF214: one path pattern by itself.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::fix::Literal;
use crate::limits::alb;
use crate::routing::pattern::wildcard_count;
use crate::rules::RuleContext;
use crate::rules::edits;

declare_rule! {
    /// ## What it does
    /// Reports a path pattern of more than 128 characters.
    ///
    /// ## Why it matters
    /// A load balancer takes no longer one.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /an/unusually/long/path/that/goes/on/and/on/and/does/not/come/to/an/end/before/one/hundred/and/twenty/eight/characters/are/over/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /an/unusually/long/path/*
    /// ```
    ///
    /// ## Source
    /// [Quotas of load balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html)
    TOO_LONG = "SCF202", "Path pattern too long", Blocker, fix: None;

    /// ## What it does
    /// Reports a character that a load balancer takes in no path pattern. It takes letters, digits and
    /// `_ - . $ / ~ " ' @ : + & * ?`.
    ///
    /// ## Why it matters
    /// The listener rule would be refused when the container is deployed.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /a%20b
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /a???b
    /// ```
    ///
    /// ## Source
    /// [Path conditions](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions)
    CHARACTERS = "SCF203", "Path pattern characters", Blocker, fix: None;

    /// ## What it does
    /// Reports a route with more than five wildcards, those of its domain included.
    ///
    /// ## Why it matters
    /// A listener rule takes five. (Newer pages of AWS say six; five always deploys.)
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /a*b*c*d*e*f*g
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /a*g
    /// ```
    ///
    /// ## Source
    /// [Quotas of load balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html)
    TOO_MANY_WILDCARDS = "SCF204", "Too many wildcards", Blocker, fix: None;

    /// ## What it does
    /// Reports a pattern in the syntax of a web framework: `:id`, `{id}`, `[id]`, `**`, `.*`, `^…$`.
    ///
    /// ## Why it matters
    /// Only `*` and `?` have a meaning here; everything else stands for itself, so that no request matches.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /users/:id
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /users/*
    /// ```
    FOREIGN_SYNTAX = "SCF211", "Foreign route syntax", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a pattern that looks as if it held a query string.
    ///
    /// ## Why it matters
    /// Only the path is compared. A `?` stands for one character, so the pattern matches other paths than those meant.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /search?q=*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /search
    /// ```
    QUERY_STRING = "SCF212", "Query string in pattern", Warning, fix: Unsafe;

    /// ## What it does
    /// Points out a pattern that ends in `/`.
    ///
    /// ## Why it matters
    /// It matches that one path only, neither the path without the slash nor anything below it.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    TRAILING_SLASH = "SCF214", "Trailing slash", Info, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let Some(value) = container.get(&["routing", "pathPattern"]) else { continue };
        // What does not start with a slash is reported as a whole.
        let Some(pattern) = value.as_str().filter(|pattern| pattern.starts_with('/')) else { continue };
        let length = pattern.chars().count();
        if length > alb::PATH_PATTERN_LENGTH {
            let message = format!(
                "The pattern has {length} characters, but a load balancer takes {}. Shorten it.",
                alb::PATH_PATTERN_LENGTH
            );
            acc.push(TOO_LONG.at(value, message));
        }
        let wildcards = wildcard_count(pattern) + container.domain().map_or(0, wildcard_count);
        if wildcards > alb::WILDCARDS_PER_RULE {
            let message = format!(
                "The route has {wildcards} wildcards, but a listener rule takes {}. Let one `*` stand for more of the path.",
                alb::WILDCARDS_PER_RULE
            );
            acc.push(TOO_MANY_WILDCARDS.at(value, message));
        }
        let foreign = foreign(pattern);
        if let Some((part, instead)) = &foreign {
            let message = format!(
                "`{part}` has no special meaning in a pattern, so hardly any request matches. `*` stands for any characters, `?` for one."
            );
            let fix = offer(ctx, value, instead);
            acc.push(FOREIGN_SYNTAX.at(value, message).fix(fix));
        }
        if foreign.is_none()
            && let Some(refused) = pattern
                .chars()
                .find(|character| !alb::is_path_pattern_character(*character) && !refused_by_shape(*character))
        {
            let message = format!(
                "A load balancer takes no `{refused}` in a path pattern, only letters, digits and `_-.$/~\"'@:+&*?`. Use `?` for one \
                 character or `*` for several."
            );
            let at = pattern.find(refused).unwrap_or_default();
            let place = Place { range: part(ctx, value, at..at + refused.len_utf8()), ..value.place() };
            acc.push(CHARACTERS.at(place, message));
        }
        if let Some((path, query)) = pattern.split_once('?')
            && query.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        {
            let message = "Only the path of a request is compared, never the query string; `?` stands for one character. End the pattern before it.";
            acc.push(QUERY_STRING.at(value, message).fix(offer(ctx, value, path)));
        }
        if pattern.len() > 1 && pattern.ends_with('/') && !pattern.contains(['*', '?']) {
            let message = format!(
                "`{pattern}` matches that one path only, not `{}` and nothing below it.",
                pattern.trim_end_matches('/')
            );
            acc.push(TRAILING_SLASH.at(value, message).fix(offer(ctx, value, &format!("{pattern}*"))));
        }
    }
}

/// Characters of which SCF201 speaks.
fn refused_by_shape(character: char) -> bool {
    character.is_whitespace() || matches!(character, '<' | '>' | '\\' | '"')
}

fn offer(ctx: &RuleContext<'_>, value: Value<'_>, pattern: &str) -> Option<Fix> {
    let edits = edits::replace(ctx, value, Literal::Text(pattern))?;
    Some(Fix::suggestion(format!("Use `{pattern}`"), edits))
}

/// The range that shows a part of a text; the whole value where a variable or an alias brought the text in.
fn part(ctx: &RuleContext<'_>, value: Value<'_>, part: std::ops::Range<usize>) -> crate::text::TextRange {
    if value.is_written_here() { ctx.tree().scalar_part(ctx.source(), value.node(), part) } else { value.range() }
}

/// The first piece of another tool's syntax in a pattern, and the pattern without any.
fn foreign(pattern: &str) -> Option<(String, String)> {
    let mut found: Option<String> = None;
    let mut note = |piece: &str| _ = found.get_or_insert_with(|| piece.to_owned());
    let mut instead = pattern.to_owned();
    if let Some(rest) = pattern.strip_prefix("/^") {
        note("^");
        instead = format!("/{}", rest.trim_start_matches('/'));
    }
    if instead.len() > 1
        && let Some(rest) = instead.strip_suffix('$')
    {
        note("$");
        instead = rest.to_owned();
    }
    if instead.contains(".*") && !instead.contains("/.*") {
        note(".*");
        instead = instead.replace(".*", "*");
    }
    let segments: Vec<String> = instead
        .split('/')
        .map(|segment| {
            let bracketed = [('{', '}'), ('[', ']')]
                .iter()
                .any(|(open, close)| segment.contains(*open) && segment.contains(*close));
            let named = segment
                .strip_prefix(':')
                .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
            if bracketed || named {
                note(segment);
                "*".to_owned()
            } else if segment.contains("**") {
                note("**");
                let mut plain = segment.to_owned();
                while plain.contains("**") {
                    plain = plain.replace("**", "*");
                }
                plain
            } else {
                segment.to_owned()
            }
        })
        .collect();
    let instead = segments.join("/");
    found.map(|piece| (piece, instead))
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn foreign_pieces_are_found_and_replaced() {
        for (pattern, expected) in [
            ("/users/:id", Some((":id", "/users/*"))),
            ("/users/{id}/posts", Some(("{id}", "/users/*/posts"))),
            ("/[...slug]", Some(("[...slug]", "/*"))),
            ("/^/api/.*$", Some(("^", "/api/.*"))),
            ("/static/**", Some(("**", "/static/*"))),
            ("/api.*", Some((".*", "/api*"))),
            ("/a$", Some(("$", "/a"))),
            ("/a:b", None),
            ("/v1.0/*", None),
            ("/.well-known/*", None),
            ("/*", None),
            ("/$", Some(("$", "/"))),
        ] {
            let found = foreign(pattern);
            let found = found.as_ref().map(|(piece, instead)| (piece.as_str(), instead.as_str()));
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
