//! IAM041, IAM042 and IAM045: prefixes of services that are unknown or of no use any more.

use super::use_instead;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Text;
use crate::iam::reference::Service;
use crate::iam::tables::{self, api_operations, closed_services, nicknames};
use crate::rules::iam::PolicyScope;

declare_rule! {
    /// ## What it does
    /// Reports an action with the prefix of no service, where it is known which one is meant: the prefix is misspelt, or is the name
    /// of a product, a command or a package.
    ///
    /// ## Why it matters
    /// IAM takes the policy, and the action grants nothing.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamo:GetItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/orders
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    UNKNOWN_SERVICE = "IAM041", "Misspelt service", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an action with a prefix that is not in the reference which Slipway carries, and that is near to none.
    ///
    /// ## Why it matters
    /// If there is no such service, the action grants nothing. If the service is newer than the reference, a comment silences the
    /// rule for it.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: acmewidgets:MakeThing
    ///     Resource: '*'
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
    UNRECOGNISED_SERVICE = "IAM042", "Unknown service", Warning, fix: None;

    /// ## What it does
    /// Reports an action of a service that AWS has closed, and one whose prefix has been replaced by another.
    ///
    /// ## Why it matters
    /// Such an action does nothing any more, or will not for long. Without it the policy is shorter.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: codestar-connections:UseConnection
    ///     Resource: 'arn:aws:codestar-connections:${aws:region}:${aws:accountId}:connection/*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: codeconnections:UseConnection
    ///     Resource: 'arn:aws:codeconnections:${aws:region}:${aws:accountId}:connection/*'
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    RETIRED = "IAM045", "Closed or renamed service", Warning, fix: Unsafe
}

/// What there is to say about a prefix that no service has.
pub(super) fn unknown<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, prefix: &str, name: &str) -> Diagnostic {
    let nickname = nicknames::prefix_of(prefix).and_then(|meant| scope.reference.service(meant));
    let Some(service) = nickname.or_else(|| scope.reference.nearest_service(prefix)) else {
        let message = format!(
            "No service has the prefix `{prefix}`, as of {}. If it is misspelt, the action grants nothing. Look up the service's prefix.",
            scope.reference.date()
        );
        return scope.report(&UNRECOGNISED_SERVICE, scope.part(text, 0..prefix.len()), message);
    };
    let likely = likely(service, name);
    let advice = match &likely {
        Some(likely) => format!("Did you mean `{likely}`?"),
        None => format!("{} has `{}`, but no action of this name.", service.title(), service.prefix()),
    };
    let message = format!("No service has the prefix `{prefix}`, so that the action grants nothing. {advice}");
    let fix = likely.and_then(|likely| use_instead(scope, text, &likely));
    scope.report(&UNKNOWN_SERVICE, scope.at(text.value), message).fix(fix)
}

/// What there is to say about a service that is closed, or has another prefix now.
pub(super) fn retired<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, prefix: &str, name: &str) -> Option<Diagnostic> {
    if tables::contains(closed_services::CLOSED_SERVICES, prefix) {
        let message = format!("AWS has closed the service of `{prefix}`, so that the action does nothing. Remove it.");
        return Some(scope.report(&RETIRED, scope.part(text, 0..prefix.len()), message));
    }
    let (_, successor) =
        closed_services::RENAMED_SERVICES.iter().find(|(former, _)| former.eq_ignore_ascii_case(prefix))?;
    let likely = likely(scope.reference.service(successor)?, name);
    let message = format!(
        "The prefix `{prefix}` has been replaced by `{successor}`. Use `{}`.",
        likely.as_deref().unwrap_or(successor)
    );
    let fix = likely.and_then(|likely| use_instead(scope, text, &likely));
    Some(scope.report(&RETIRED, scope.at(text.value), message).fix(fix))
}

/// The action of a service that a name stands for: the same one, what is checked in its place, or the nearest.
fn likely(service: Service<'_>, name: &str) -> Option<String> {
    let written = format!("{}:{name}", service.prefix());
    if name.contains(['*', '?']) {
        return service.matching(name).next().map(|_| written);
    }
    if let Some(action) = service.action(name) {
        return Some(action.to_string());
    }
    if let Some([checked]) = api_operations::checked_instead(&written) {
        return Some((*checked).to_owned());
    }
    if service.knows(name) {
        return Some(written);
    }
    service.nearest(name).map(|action| action.to_string())
}
