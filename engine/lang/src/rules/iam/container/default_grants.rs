//! IAM242 and IAM243: what every container may do anyway.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Effect;
use crate::iam::reference::{Action, reference};
use crate::iam::tables::{self, default_grants::DEFAULT_GRANTS};
use crate::rules::iam::context::{ActionEntry, Reach, StatementContext};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Marks an action on `*` that every container may do anyway.
    ///
    /// ## Why it matters
    /// Three policies of AWS are attached to the role of every container. They allow it to write logs, to pull its image and to
    /// join its network.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - logs:PutLogEvents
    ///       - sts:GetCallerIdentity
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sts:GetCallerIdentity
    ///     Resource: '*'
    /// ```
    GRANTED_BY_DEFAULT = "IAM242", "Allowed anyway", Hint, fix: Unsafe;

    /// ## What it does
    /// Reports a `Deny` without a condition that takes back what every container needs: to write logs, to pull its image, to join
    /// its network.
    ///
    /// ## Why it matters
    /// A `Deny` has the last word. The container may not start, or says nothing of what it does.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Deny
    ///     Action: logs:*
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Deny
    ///     Action: logs:Delete*
    ///     Resource: '*'
    /// ```
    DENY_BREAKS_DEFAULTS = "IAM243", "Denies what containers need", Warning, fix: None
}

const LOGS: &str = "logs";

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.statements {
        match statement.effect() {
            Some(Effect::Allow) => granted_by_default(ctx, statement, acc),
            Some(Effect::Deny) => deny_breaks_defaults(ctx, statement, acc),
            None => {}
        }
    }
}

fn granted_by_default(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, acc: &mut Vec<Diagnostic>) {
    if statement.star().is_none() || statement.has_not_resource() || statement.has_not_action() {
        return;
    }
    for entry in statement.actions.iter().filter(|entry| entry.taken_back.is_none()) {
        let Reach::One(action) = entry.reach else { continue };
        if !tables::contains(DEFAULT_GRANTS, entry.text.text) {
            continue;
        }
        let policy = match action.service().prefix() {
            "ec2" => "AWSLambdaENIManagementAccess",
            "ecr" => "AmazonECSTaskExecutionRolePolicy",
            _ => "AWSLambdaBasicExecutionRole",
        };
        let message =
            format!("Every container may do `{action}`, by the policy `{policy}` that its role has. Remove it.");
        let edits = edits::remove_entry(ctx, statement.statement, entry.text);
        acc.push(
            ctx.report(&GRANTED_BY_DEFAULT, ctx.at(entry.text.value), message)
                .unnecessary()
                .fix(edits::suggestion(format!("Remove `{}`", entry.text.text), edits)),
        );
    }
}

fn deny_breaks_defaults(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, acc: &mut Vec<Diagnostic>) {
    if statement.has_condition() || statement.has_not_resource() {
        return;
    }
    let on_all = statement.star().is_some();
    let on_all_logs = || {
        statement.arns().any(|(_, arn)| {
            arn.service.text == LOGS
                && [&arn.region, &arn.account].into_iter().all(|field| field.pattern.is_star())
                && matches!(arn.resource.text, "*" | "log-group:*")
        })
    };
    if !on_all && !on_all_logs() {
        return;
    }
    let grants = DEFAULT_GRANTS.iter().filter_map(|name| reference().action(name));
    let grants = grants.filter(|action| on_all || action.service().prefix() == LOGS);
    let lost: Vec<Action<'static>> = grants.filter(|action| statement.is_about(*action)).collect();
    let Some(element) = &statement.statement.actions else { return };
    let place = if element.negated {
        // Who spares what writes logs has thought of it.
        let writes = |action: &Action<'static>| action.service().prefix() == LOGS && action.name() != "CreateLogGroup";
        lost.iter().any(writes).then(|| ctx.key(element.value))
    } else {
        let takes_back = |entry: &&ActionEntry<'_>| lost.iter().any(|action| entry.reach.reaches(*action));
        statement.actions.iter().find(takes_back).map(|entry| ctx.at(entry.text.value))
    };
    let Some(place) = place else { return };
    let lost: Vec<String> = lost.iter().map(|action| format!("`{action}`")).collect();
    let message = format!("This takes back what every container needs: {}. Let the `Deny` spare it.", lost.join(", "));
    acc.push(ctx.report(&DENY_BREAKS_DEFAULTS, place, message));
}
