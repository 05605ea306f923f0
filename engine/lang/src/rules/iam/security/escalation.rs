//! IAM209: ways to more permissions than were given.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use super::{names, scoped, sensitive};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Effect, Family};
use crate::iam::reference::{Action, reference};
use crate::iam::tables::escalations::{ESCALATIONS, Escalation};
use crate::rules::iam::PolicyContext;
use crate::rules::iam::context::{Reach, StatementContext, Target};
use crate::yaml::NodeId;

declare_rule! {
    /// ## What it does
    /// Reports actions that together let the container gain permissions that it was not given: a change of its own policy, a new
    /// key for another user, code that runs under another role.
    ///
    /// ## Why it matters
    /// Such a role is as good as an administrator's for whoever takes over the container.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - iam:PassRole
    ///       - lambda:CreateFunction
    ///       - lambda:InvokeFunction
    ///     Resource: '*'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - lambda:CreateFunction
    ///       - lambda:InvokeFunction
    ///     Resource: arn:aws:lambda:us-east-1:314159265358:function:tenant-*
    ///   - Effect: Allow
    ///     Action: iam:PassRole
    ///     Resource: arn:aws:iam::314159265358:role/tenant-function
    ///     Condition:
    ///       StringEquals:
    ///         iam:PassedToService: lambda.amazonaws.com
    /// ```
    ///
    /// ## Source
    /// The names of the paths are those of [pathfinding.cloud](https://pathfinding.cloud/paths/); `ecs-006` and those with
    /// an `x` are our own.
    PRIVILEGE_ESCALATION = "IAM209", "Way to more permissions", Warning, fix: None
}

pub(in crate::rules::iam) const PASS_ROLE: &str = "iam:PassRole";

/// The path that is nothing but `sts:AssumeRole`, which has its own rule.
const ASSUME_ROLE_PATH: &str = "sts-001";

/// A path with its actions found.
struct Path {
    escalation: &'static Escalation,
    actions: Vec<Action<'static>>,
}

static PATHS: LazyLock<Vec<Path>> = LazyLock::new(|| {
    let path = |escalation: &'static Escalation| {
        let actions = escalation.actions.iter().map(|name| reference().action(name)).collect::<Option<_>>()?;
        Some(Path { escalation, actions })
    };
    ESCALATIONS.iter().filter(|escalation| escalation.id != ASSUME_ROLE_PATH).filter_map(path).collect()
});

static STEPS: LazyLock<HashSet<Action<'static>>> =
    LazyLock::new(|| PATHS.iter().flat_map(|path| path.actions.iter().copied()).collect());

/// A place that allows an action of a path.
struct Grant<'c, 'a> {
    statement: &'c StatementContext<'a>,
    place: Value<'a>,
}

/// Reports the paths, each at the first of its actions, and answers where it did.
pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) -> HashSet<NodeId> {
    let grants = grants(ctx);
    let mut found: BTreeMap<NodeId, (Value<'_>, Vec<&Path>, Vec<Value<'_>>)> = BTreeMap::new();
    for path in PATHS.iter() {
        let Some(places) = walk(path, &grants) else { continue };
        let (_, paths, members) = found.entry(places[0].node()).or_insert_with(|| (places[0], Vec::new(), Vec::new()));
        paths.push(path);
        for member in &places[1..] {
            if member.node() != places[0].node() && members.iter().all(|known| known.node() != member.node()) {
                members.push(*member);
            }
        }
    }
    for (value, paths, members) in found.values() {
        let text = |path: &&Path| format!("{} ({})", path.escalation.id, path.escalation.actions.join(", "));
        let listed = match &paths[..] {
            few if few.len() <= 3 => few.iter().map(text).collect::<Vec<_>>().join("; "),
            many => names(many.iter().map(|path| path.escalation.id)),
        };
        let message = format!(
            "With this the container can gain permissions that it was not given, by {listed}. Leave out one of the actions, or \
             name the resources they are for."
        );
        let place = if value.key().is_some_and(|key| key == "NotAction") { ctx.key(*value) } else { ctx.at(*value) };
        let diagnostic = ctx.report(&PRIVILEGE_ESCALATION, place, message);
        acc.push(members.iter().fold(diagnostic, |diagnostic, member| {
            diagnostic.related(ctx.at(*member).range, "This is needed as well.")
        }));
    }
    found.keys().copied().collect()
}

/// What allows the actions that paths are made of, unless a `Deny` on everything takes it back.
fn grants<'c, 'a>(ctx: &'c PolicyContext<'a>) -> HashMap<Action<'static>, Vec<Grant<'c, 'a>>> {
    let mut grants: HashMap<Action<'static>, Vec<Grant<'c, 'a>>> = HashMap::new();
    let mut add = |action, statement, place| grants.entry(action).or_default().push(Grant { statement, place });
    for statement in scoped(ctx) {
        if let Some(element) = statement.statement.actions.as_ref().filter(|element| element.negated) {
            let allowed = STEPS.iter().filter(|action| statement.is_about(**action));
            allowed.for_each(|action| add(*action, statement, element.value));
            continue;
        }
        for entry in statement.actions.iter().filter(|entry| entry.taken_back.is_none()) {
            let place = entry.text.value;
            match &entry.reach {
                Reach::Every => {
                    STEPS.iter().for_each(|action| add(*action, statement, place));
                }
                reach => {
                    let steps = reach.actions().iter().filter(|action| STEPS.contains(action));
                    steps.for_each(|action| add(*action, statement, place));
                }
            }
        }
    }
    let denials: Vec<&StatementContext<'_>> =
        ctx.statements.iter().filter(|statement| is_absolute(statement)).collect();
    grants.retain(|action, _| !denials.iter().any(|denial| denial.is_about(*action)));
    grants
}

/// Whether it is a `Deny` on everything without a condition.
fn is_absolute(statement: &StatementContext<'_>) -> bool {
    let on_all = statement.star().is_some() && !statement.has_not_resource();
    statement.effect() == Some(Effect::Deny) && !statement.has_condition() && on_all
}

/// The places that allow the actions of a path, if there is one for each.
fn walk<'a>(path: &Path, grants: &HashMap<Action<'static>, Vec<Grant<'_, 'a>>>) -> Option<Vec<Value<'a>>> {
    let step = |(action, name): (&Action<'static>, &&str)| {
        let open = |grant: &&Grant<'_, 'a>| match path.escalation.principal {
            Some(principal) if *name == PASS_ROLE => passes_roles_to(grant.statement, principal),
            // Who passes a role finds a way to use it: what limits the other actions is no obstacle.
            Some(_) => true,
            None => !grant.statement.has_condition() && sensitive::is_everywhere(grant.statement, *action),
        };
        grants.get(action)?.iter().find(open).map(|grant| grant.place)
    };
    path.actions.iter().zip(path.escalation.actions).map(step).collect()
}

/// Whether more than named roles can be passed to a service.
fn passes_roles_to(statement: &StatementContext<'_>, principal: &str) -> bool {
    passes_any_role(statement) && !excludes_service(statement, principal)
}

/// Whether the resources of a statement are more than named roles.
pub(in crate::rules::iam) fn passes_any_role(statement: &StatementContext<'_>) -> bool {
    let wide = |target: &Target<'_>| match target {
        Target::Every => true,
        Target::Arn(arn) => arn.service.pattern.matches("iam") && arn.resource.pattern.has_wildcard(),
        Target::Unknown | Target::Faulty => false,
    };
    statement.has_not_resource() || statement.resources.iter().any(|entry| wide(&entry.target))
}

/// Whether a condition on `iam:PassedToService` leaves out a service.
pub(in crate::rules::iam) fn excludes_service(statement: &StatementContext<'_>, principal: &str) -> bool {
    let tests =
        statement.statement.condition.iter().flat_map(|block| block.tests.iter().map(move |test| (block, test)));
    let mut about_service = tests.filter(|(_, test)| test.key.eq_ignore_ascii_case("iam:PassedToService"));
    about_service.any(|(block, test)| {
        let Some(operator) = block.operator.filter(|operator| operator.family == Family::String) else {
            return false;
        };
        let named = test.values.iter().any(|value| {
            if operator.takes_wildcards() {
                value.text.pattern().matches(principal)
            } else {
                value.text.text == principal
            }
        });
        named == operator.negated
    })
}
