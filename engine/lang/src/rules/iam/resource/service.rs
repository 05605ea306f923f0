//! IAM063: the service in names of resources.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::arn::Arn;
use crate::iam::formats;
use crate::iam::policy::{Statement, Text};
use crate::iam::reference::Service;
use crate::iam::tables::{self, closed_services::CLOSED_SERVICES, nicknames};
use crate::rules::iam::{PolicyScope, edits};
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports an ARN whose third field is empty, has a wildcard or capitals, or is no service.
    ///
    /// ## Why it matters
    /// The ARN is that of no resource, and IAM refuses some of these. The field is the prefix of the service in lower case.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: arn:aws:dynamo:${aws:region}:${aws:accountId}:table/orders
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
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    ARN_SERVICE = "IAM063", "Unknown service in an ARN", Error, fix: Unsafe
}

pub(super) fn check<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    arn: &Arn<'a>,
) -> Option<Diagnostic> {
    let found = arn.service.text;
    if found.contains("${") || is_known(scope, found) {
        return None;
    }
    let lower = found.to_ascii_lowercase();
    let (what, near) = if found.is_empty() {
        ("The ARN names no service".to_owned(), of_actions(scope, statement))
    } else if arn.service.pattern.has_wildcard() {
        (
            format!("The service `{found}` of the ARN has a wildcard, which IAM does not take there"),
            of_actions(scope, statement),
        )
    } else if is_known(scope, &lower) {
        (format!("`{found}` has capitals, and services in ARNs have none"), Some(lower))
    } else {
        (format!("`{found}` is no service that ARNs have"), near(scope, &lower).map(str::to_owned))
    };
    let is_word = !found.is_empty() && !arn.service.pattern.has_wildcard();
    let (severity, advice) = match &near {
        Some(near) => (Severity::Error, format!(" Did you mean `{near}`?")),
        None if is_word => {
            (Severity::Warning, format!(" It is not known as of {}. Look up its name.", scope.reference.date()))
        }
        None => (Severity::Error, " Name the service.".to_owned()),
    };
    let place = if found.is_empty() { scope.at(text.value) } else { scope.part(text, arn.service.range.clone()) };
    let fix = near.and_then(|near| {
        let edits = edits::replace_part(scope, text, arn.service.range.clone(), &near);
        edits::suggestion(format!("Use `{near}`"), edits)
    });
    Some(scope.report(&ARN_SERVICE, place, format!("{what}.{advice}")).severity(severity).fix(fix))
}

fn is_known(scope: &PolicyScope<'_>, service: &str) -> bool {
    let is_prefix = || scope.reference.service(service).is_some_and(|known| known.prefix() == service);
    !formats::of_service(service).is_empty() || is_prefix() || CLOSED_SERVICES.contains(&service)
}

/// The service that a misspelt one means.
fn near<'a>(scope: &PolicyScope<'a>, service: &str) -> Option<&'a str> {
    nicknames::prefix_of(service).or_else(|| {
        let reach = match service.len() {
            0..=1 => 0,
            2..=5 => 1,
            _ => 2,
        };
        let prefixes = scope.reference.services().map(Service::prefix);
        closest(service, formats::services().chain(prefixes), reach)
    })
}

/// The one service that all actions of a statement are of.
fn of_actions<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>) -> Option<String> {
    let entries = statement.actions.iter().flat_map(|element| &element.entries);
    let mut prefixes = entries.map(|entry| entry.text.split_once(':').map_or("", |(prefix, _)| prefix));
    let first = scope.reference.service(prefixes.next()?)?.prefix();
    prefixes.all(|prefix| tables::contains(&[first], prefix)).then(|| first.to_owned())
}
