//! IAM040: what is not the name of an action.

use super::use_instead;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Statement, Text};
use crate::iam::reference::Service;
use crate::iam::tables::everyday_services::EVERYDAY_SERVICES;
use crate::rules::iam::PolicyScope;

declare_rule! {
    /// ## What it does
    /// Reports an action that is neither `*` nor the prefix of a service and a name, with one colon between them.
    ///
    /// ## Why it matters
    /// IAM refuses the policy.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - GetItem
    ///       - dynamodb.PutItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - dynamodb:GetItem
    ///       - dynamodb:PutItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    ACTION_FORMAT = "IAM040", "Malformed action", Error, fix: Unsafe
}

/// The prefix and the name of an action or a pattern of actions; `None` for what has not the form of one.
pub(super) fn parts(text: &str) -> Option<(&str, &str)> {
    let (prefix, name) = text.split_once(':')?;
    let is_prefix = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'?');
    let is_name = |byte: u8| is_prefix(byte) || byte == b'_';
    let fits = |text: &str, is_letter: &dyn Fn(u8) -> bool| !text.is_empty() && text.bytes().all(is_letter);
    (fits(prefix, &is_prefix) && fits(name, &is_name)).then_some((prefix, name))
}

pub(super) fn malformed<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &Text<'a>) -> Diagnostic {
    let likely = likely(scope, statement, text.text);
    let advice = likely.as_ref().map_or_else(
        || {
            "Write the prefix of the service and the name with one colon between them, such as `s3:GetObject`, or `*`."
                .to_owned()
        },
        |likely| format!("Did you mean `{likely}`?"),
    );
    let message = format!("`{}` is not an action, and IAM refuses it. {advice}", text.text);
    let fix = likely.and_then(|likely| use_instead(scope, text, &likely));
    scope.report(&ACTION_FORMAT, scope.at(text.value), message).fix(fix)
}

/// The action that is probably meant.
fn likely<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &str) -> Option<String> {
    if text.bytes().all(|byte| byte == b'*') {
        return Some("*".to_owned());
    }
    if let Some(at) = text.find([':', '.', '/']) {
        // The colon is another character, or there are more than one; what is between is a type of resource then.
        let name = text.rsplit([':', '.', '/']).next()?;
        return known(scope.reference.service(&text[..at])?, name);
    }
    // The prefix is missing: that of the other actions, else that of the one everyday service that has it.
    let entries = statement.actions.iter().flat_map(|element| &element.entries);
    let mut prefixes = entries.filter_map(|entry| parts(entry.text)).map(|(prefix, _)| prefix);
    let beside = prefixes.find_map(|prefix| known(scope.reference.service(prefix)?, text));
    beside.or_else(|| {
        let everyday = EVERYDAY_SERVICES.iter().filter_map(|prefix| known(scope.reference.service(prefix)?, text));
        let everyday: Vec<String> = everyday.take(2).collect();
        <[String; 1]>::try_from(everyday).ok().map(|[only]| only)
    })
}

/// An action of a service as it is published.
fn known(service: Service<'_>, name: &str) -> Option<String> {
    service.action(name).map(|action| action.to_string())
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn actions_are_told_from_other_text() {
        for yes in ["*:*", "s3:*", "s3:Get?bject", "execute-api:Invoke", "S3:getobject", "s*:Get", "a:b_c-d"] {
            assert!(parts(yes).is_some(), "{yes}");
        }
        for no in ["", "*", "GetItem", "s3:", ":GetObject", "s3:Get Object", "s3:Get:Object", "s3.GetObject", "s3 :Get"]
        {
            assert!(parts(no).is_none(), "{no}");
        }
    }
}
