//! IAM043 and IAM044: names that no action of a service has.

use super::use_instead;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Text;
use crate::iam::reference::{Action, Service};
use crate::iam::tables::{self, everyday_services::EVERYDAY_SERVICES};
use crate::rules::iam::PolicyScope;

declare_rule! {
    /// ## What it does
    /// Reports an action that its service does not have, where it is known which one is meant: a name is near, or another service has
    /// the action.
    ///
    /// ## Why it matters
    /// IAM takes the policy, and the action grants nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:BatchGetItems
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:BatchGetItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    UNKNOWN_ACTION = "IAM043", "Misspelt action", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an action that is not in the reference which Slipway carries, and that is near to none of its service.
    ///
    /// ## Why it matters
    /// If there is no such action, it grants nothing. If it is newer than the reference, a comment silences the rule for it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:TeleportEnvelope
    ///     Resource: arn:aws:sqs:${aws:region}:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:SendMessage
    ///     Resource: arn:aws:sqs:${aws:region}:${aws:accountId}:jobs
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    UNRECOGNISED_ACTION = "IAM044", "Unknown action", Warning, fix: None
}

pub(super) fn unknown<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, service: Service<'a>, name: &str) -> Diagnostic {
    let near = service.nearest(name).or_else(|| elsewhere(scope, service, name)).map(|action| action.to_string());
    let title = service.title();
    let Some(near) = near else {
        let message = format!(
            "{title} has no action `{name}`, as of {}. If it is misspelt, it grants nothing. Look up its name.",
            scope.reference.date()
        );
        return scope.report(&UNRECOGNISED_ACTION, scope.at(text.value), message);
    };
    let message = format!("{title} has no action `{name}`, so that it grants nothing. Did you mean `{near}`?");
    scope.report(&UNKNOWN_ACTION, scope.at(text.value), message).fix(use_instead(scope, text, &near))
}

/// The action of this name that exactly one other everyday service has, when the service is an everyday one, too.
fn elsewhere<'a>(scope: &PolicyScope<'a>, service: Service<'a>, name: &str) -> Option<Action<'a>> {
    if !tables::contains(EVERYDAY_SERVICES, service.prefix()) {
        return None;
    }
    let mut having = EVERYDAY_SERVICES.iter().filter_map(|prefix| scope.reference.service(prefix)?.action(name));
    having.next().filter(|_| having.next().is_none())
}
