//! SCF073: the parameter that keeps Slack's app configuration token.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::identifiers::is_parameter_name;
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
    if let Some(name) = value.as_str().filter(|name| !is_parameter_name(name)) {
        let message = format!(
            "`{name}` cannot be the name of an SSM parameter. It must begin with `/` and hold only letters, digits, `.`, `-` and `_` \
             between slashes, and may not begin with `aws` or `ssm`."
        );
        acc.push(BAD_PARAMETER_NAME.at(value, message));
    }
}
