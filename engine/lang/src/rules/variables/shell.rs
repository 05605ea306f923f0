//! SCF374 and SCF375: variables of other programs.

use super::{Use, place, replace, uses};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::RuleContext;
use crate::text::TextEdit;
use crate::variables::grammar::{Part, VariableKind};
use crate::variables::providers::provider_named;
use crate::variables::stages::Source;
use crate::yaml::NodeId;

declare_rule! {
    /// ## What it does
    /// Reports `${NAME}` and `${NAME:-default}`, the notation of shells.
    ///
    /// ## Why it matters
    /// Without a source in front of a colon it is no variable here: the text stays as it is. In a Dockerfile and in a
    /// command, where a shell reads it later, that is as it should be, and it is not reported.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   MODE: ${MODE:-fast}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: ${env:MODE, 'fast'}
    /// ```
    LOOKS_LIKE_SHELL_VARIABLE = "SCF374", "Looks like a shell variable", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports `${AWS::Region}` and its kind, the pseudo parameters of AWS stack templates.
    ///
    /// ## Why it matters
    /// The file is no stack template: the text stays as it is.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TABLE: arn:aws:dynamodb:${AWS::Region}:123456789012:table/users
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   TABLE: arn:aws:dynamodb:${aws:region}:123456789012:table/users
    /// ```
    AWS_PSEUDO_PARAMETER = "SCF375", "AWS pseudo parameter", Warning, fix: Safe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for site in ctx.config.variables().sites(ctx.document).filter(|site| site.variable.closed) {
        let range = &site.variable.range;
        let inside = &site.text[range.start + 2..range.end - 1];
        match site.variable.kind {
            VariableKind::Text if is_name(inside) && !is_read_by_shell(ctx, site.node) => {
                let written = format!("${{env:{inside}}}");
                let fix = replace(ctx, site.node, range, &written).map(|edits| (edits, written));
                acc.push(shell(ctx, site.node, range, inside, fix));
            }
            VariableKind::Foreign => {
                if let Some(name) = inside.strip_prefix("AWS::") {
                    acc.push(pseudo_parameter(ctx, site.node, range, name));
                }
            }
            _ => {}
        }
    }
    for found in uses(ctx) {
        let Some(operator) = shell_operator(found) else { continue };
        if is_read_by_shell(ctx, found.site.node) {
            continue;
        }
        let name = found.site.provider(found.reference);
        let written = match operator {
            Operator::Default(default) if default.contains(['\'', '$']) => None,
            Operator::Default(default) => Some(format!("${{env:{name}, '{default}'}}")),
            Operator::Other => Some(format!("${{env:{name}}}")),
        };
        let range = &found.site.variable.range;
        let fix = written.and_then(|written| Some((replace(ctx, found.site.node, range, &written)?, written)));
        acc.push(shell(ctx, found.site.node, range, name, fix));
    }
}

/// Whether the text is for a shell to read, which knows such variables.
pub(super) fn is_read_by_shell(ctx: &RuleContext<'_>, node: NodeId) -> bool {
    let key = ctx.config.value_at(node).and_then(Value::key);
    key.is_some_and(|key| matches!(key, "dockerFileString" | "onreload"))
}

/// What stands behind the name of a shell's variable.
pub(super) enum Operator<'a> {
    /// `:-` or `:=`, and the default behind it.
    Default(&'a str),
    /// `:?` or `:+`.
    Other,
}

/// The operator of a reference that is a shell's variable.
pub(super) fn shell_operator(found: Use<'_>) -> Option<Operator<'_>> {
    let reference = found.reference;
    let alone =
        reference.params.is_none() && reference.resolver.is_none() && found.site.variable.alternatives().len() == 1;
    if !alone || !matches!(found.source, Source::Nobody) || !is_name(found.site.provider(reference)) {
        return None;
    }
    let rest = found.site.part(&reference.key.as_ref()?.range);
    match rest.as_bytes().first()? {
        b'-' | b'=' => Some(Operator::Default(&rest[1..])),
        b'?' | b'+' => Some(Operator::Other),
        _ => None,
    }
}

fn shell(
    ctx: &RuleContext<'_>,
    node: NodeId,
    range: &Part,
    name: &str,
    fix: Option<(Vec<TextEdit>, String)>,
) -> Diagnostic {
    let message = format!(
        "`{name}` stands without a source, as in a shell, and this text is not replaced. An environment variable is written \
         `${{env:{name}}}`."
    );
    let fix = fix.map(|(edits, written)| Fix::suggestion(format!("Write `{written}`"), edits));
    LOOKS_LIKE_SHELL_VARIABLE.at(place(ctx, node, range), message).fix(fix)
}

fn pseudo_parameter(ctx: &RuleContext<'_>, node: NodeId, range: &Part, name: &str) -> Diagnostic {
    let facts = provider_named("aws").map_or(&[][..], |provider| provider.facts);
    let fact = facts.iter().map(|(fact, _)| *fact).find(|fact| fact.eq_ignore_ascii_case(name));
    let advice = match fact {
        Some(fact) => format!("Write `${{aws:{fact}}}`."),
        None => "There is no variable that stands for it; write the value.".to_owned(),
    };
    let message = format!("`AWS::{name}` belongs to AWS stack templates, and this text is not replaced. {advice}");
    let edits = fact.and_then(|fact| replace(ctx, node, range, &format!("${{aws:{fact}}}")));
    let fix = edits.map(|edits| Fix::safe(format!("Use `aws:{}`", fact.unwrap_or_default()), edits));
    AWS_PSEUDO_PARAMETER.at(place(ctx, node, range), message).fix(fix)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
