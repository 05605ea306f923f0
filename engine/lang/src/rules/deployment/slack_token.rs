//! SCF073: the parameter that keeps Slack's app configuration token.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a parameter name that SSM does not take, or that is not written as a full path.
    ///
    /// ## Why it matters
    /// A name may hold letters, digits and `.`, `-`, `_`, with `/` between the levels, and may not begin with `aws` or `ssm`.
    /// A path has to begin with `/`. The token cannot be read from anywhere else, so Slack integrations could not be
    /// deployed.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   slack:
    ///     appConfigTokenSSMParameterPath: my token
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   slack:
    ///     appConfigTokenSSMParameterPath: /shop/slack-token
    /// ```
    ///
    /// ## Source
    /// [PutParameter](https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html)
    BAD_PARAMETER_NAME = "SCF073", "Bad SSM parameter name", Blocker, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(value) = ctx.get(&["deployment", "slack", "appConfigTokenSSMParameterPath"]) else { return };
    let Some(fault) = value.as_str().and_then(fault) else { return };
    acc.push(BAD_PARAMETER_NAME.at(value, format!("The name of the SSM parameter {fault}.")));
}

/// What is wrong with a parameter's name, as the predicate of a sentence.
fn fault(name: &str) -> Option<String> {
    let bad = name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_' | '/'));
    if let Some(bad) = bad {
        let bad = bad.escape_debug();
        return Some(format!("has the character `{bad}`, but may hold only letters, digits, `.`, `-`, `_` and `/`"));
    }
    let Some(path) = name.strip_prefix('/') else {
        return Some(format!("must be a path that begins with `/`, but is `{name}`"));
    };
    let reserved = ["aws", "ssm"].into_iter().find(|word| {
        path.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    });
    reserved.map(|word| format!("begins with `{word}`, which AWS keeps for itself"))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn names_are_paths_of_plain_characters() {
        for yes in ["/shop/slack-token", "/a", "/Shop/dev/slack_app.config", "/shop/aws"] {
            assert_eq!(fault(yes), None, "{yes}");
        }
        for (no, word) in [
            ("my token", "` `"),
            ("/shop/tökén", "`ö`"),
            ("", "begins with `/`"),
            ("shop/token", "begins with `/`"),
            ("/aws/token", "`aws`"),
            ("/SSM-token", "`ssm`"),
        ] {
            let fault = fault(no);
            assert!(fault.as_ref().is_some_and(|fault| fault.contains(word)), "{no}: {fault:?}");
        }
    }
}
