//! IAM206 to IAM208: actions that read what is kept, hand out credentials, or change permissions.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use super::{names, scoped, whole_service};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::reference::{AccessLevel, Action, reference};
use crate::iam::tables::credential_actions::CREDENTIAL_ACTIONS;
use crate::rules::iam::PolicyContext;
use crate::rules::iam::context::StatementContext;
use crate::yaml::NodeId;

declare_rule! {
    /// ## What it does
    /// Reports that the container may read any object, parameter or secret, or decrypt with any key, under no condition.
    ///
    /// ## Why it matters
    /// Whoever takes over the container reads what all others of the account keep.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: secretsmanager:GetSecretValue
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: secretsmanager:GetSecretValue
    ///     Resource: arn:aws:secretsmanager:us-east-1:314159265358:secret:prod/db-??????
    /// ```
    ///
    /// ## Source
    /// [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    DATA_READ = "IAM206", "Any data can be read", Warning, fix: None;

    /// ## What it does
    /// Reports an action whose answer holds a password, a key or a token, under no condition.
    ///
    /// ## Why it matters
    /// Credentials work without the role, and may work after the container has gone.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sts:GetFederationToken
    ///     Resource: arn:aws:sts::314159265358:federated-user/*
    /// ```
    ///
    /// ## Use instead
    /// Leave it out if the container works without, or limit it by a condition:
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sts:GetFederationToken
    ///     Resource: arn:aws:sts::314159265358:federated-user/*
    ///     Condition:
    ///       StringEquals:
    ///         aws:SourceVpce: vpce-0123456789abcdef0
    /// ```
    ///
    /// ## Source
    /// [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    CREDENTIALS = "IAM207", "Credentials are handed out", Warning, fix: None;

    /// ## What it does
    /// Reports an action that changes who may do what, under no condition.
    ///
    /// ## Why it matters
    /// Whoever takes over the container can open a resource to others, and be let in again after the container has gone.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: secretsmanager:PutResourcePolicy
    ///     Resource: arn:aws:secretsmanager:us-east-1:314159265358:secret:prod/*
    /// ```
    ///
    /// ## Use instead
    /// Let a deployment grant permissions, not the container.
    ///
    /// ## Source
    /// [Access levels](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html)
    PERMISSIONS_MANAGEMENT = "IAM208", "Permissions can be changed", Warning, fix: None
}

/// Why an action deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Concern {
    /// It reads what is kept, wherever it is kept.
    DataRead,
    /// It hands out credentials.
    Credentials,
    /// It changes permissions.
    Permissions,
}

/// Actions that answer with what is kept.
pub(in crate::rules::iam) const READING: [&str; 9] = [
    "kms:Decrypt",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
];

/// Actions that change permissions and have rules of their own.
const WITH_OWN_RULE: [&str; 2] = ["iam:CreateServiceLinkedRole", "iam:PassRole"];

static CONCERNS: LazyLock<HashMap<Action<'static>, Option<Concern>>> = LazyLock::new(|| {
    let listed = |names: &'static [&'static str], concern: Option<Concern>| {
        names.iter().filter_map(move |name| Some((reference().action(name)?, concern)))
    };
    listed(&READING, Some(Concern::DataRead))
        .chain(listed(CREDENTIAL_ACTIONS, Some(Concern::Credentials)))
        .chain(listed(&WITH_OWN_RULE, None))
        .collect()
});

/// What is to be said about an action that a statement allows.
pub(super) fn concern(statement: &StatementContext<'_>, action: Action<'static>) -> Option<Concern> {
    let concern = match CONCERNS.get(&action) {
        Some(concern) => (*concern)?,
        None if action.level() == AccessLevel::PermissionsManagement => Concern::Permissions,
        None => return None,
    };
    let applies = !statement.has_condition() && (concern != Concern::DataRead || is_everywhere(statement, action));
    applies.then_some(concern)
}

/// Whether an action is allowed on everything, or on all resources of a type.
pub(in crate::rules::iam) fn is_everywhere(statement: &StatementContext<'_>, action: Action<'static>) -> bool {
    let covered =
        || action.resource_types().any(|(kind, _)| statement.resources.iter().any(|entry| entry.covers(kind)));
    !statement.has_not_resource() && (statement.star().is_some() || covered())
}

pub(super) fn check(ctx: &PolicyContext<'_>, escalating: &HashSet<NodeId>, acc: &mut Vec<Diagnostic>) {
    for statement in scoped(ctx).filter(|statement| !statement.has_not_action() && !statement.has_condition()) {
        let entries = statement.actions.iter().filter(|entry| entry.taken_back.is_none());
        for entry in entries.filter(|entry| whole_service(entry).is_none()) {
            let mut concerns: BTreeMap<Concern, Vec<Action<'static>>> = BTreeMap::new();
            for action in entry.reach.actions() {
                if let Some(concern) = concern(statement, *action) {
                    concerns.entry(concern).or_default().push(*action);
                }
            }
            for (concern, actions) in concerns {
                if concern == Concern::Permissions && escalating.contains(&entry.text.value.node()) {
                    continue;
                }
                let (rule, message) = words(concern, &names(actions));
                acc.push(ctx.report(rule, ctx.at(entry.text.value), message));
            }
        }
    }
}

fn words(concern: Concern, actions: &str) -> (&'static Rule, String) {
    match concern {
        Concern::DataRead => (
            &DATA_READ,
            format!(
                "This reads whatever the account keeps, by {actions}. Name the resources that the container reads."
            ),
        ),
        Concern::Credentials => (
            &CREDENTIALS,
            format!(
                "This hands out credentials that work without the role, by {actions}. Leave it out, or limit it by a condition."
            ),
        ),
        Concern::Permissions => (
            &PERMISSIONS_MANAGEMENT,
            format!(
                "This changes who may do what, by {actions}. Leave it to the deployment, or limit it by a condition."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known() {
        for name in READING.iter().chain(&WITH_OWN_RULE) {
            assert_eq!(reference().action(name).map(|action| action.to_string()).as_deref(), Some(*name));
        }
    }
}
