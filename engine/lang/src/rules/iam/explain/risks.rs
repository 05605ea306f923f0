//! Which of the tabled risks a policy has.

use std::collections::{BTreeSet, HashMap};

use super::grants::Allowed;
use super::{Limit, Risk, RiskKind};
use crate::iam::reference::{Action, reference};
use crate::iam::tables::credential_actions::CREDENTIAL_ACTIONS;
use crate::iam::tables::escalations::{ESCALATIONS, Escalation};
use crate::rules::iam::context::{PolicyContext, StatementContext};
use crate::rules::iam::security::{PASS_ROLE, READING, excludes_service, is_everywhere, passes_any_role};

/// What allows an action, by action.
type Grants<'g, 'c, 'a> = HashMap<Action<'static>, Vec<&'g Allowed<'c, 'a>>>;

/// The risks, by kind.
pub(super) fn of(ctx: &PolicyContext<'_>, allowed: &[Allowed<'_, '_>]) -> Vec<Risk> {
    let mut grants = Grants::new();
    for one in allowed {
        grants.entry(one.action).or_default().push(one);
    }
    let mut risks = Vec::new();
    if ctx.statements.iter().any(StatementContext::is_admin) {
        let denied = allowed.iter().any(|one| !one.exceptions.is_empty())
            || ctx.statements.iter().any(|statement| super::denies(statement));
        let limits = if denied { vec![Limit::Deny] } else { Vec::new() };
        risks.push(Risk { kind: RiskKind::Administrator, actions: Vec::new(), limits });
    }
    risks.extend(ESCALATIONS.iter().filter_map(|path| escalation(path, &grants)));
    // Reading what is named is what a container is there for.
    risks.extend(listed(RiskKind::Exfiltration, &READING, &grants, |one| is_everywhere(one.statement, one.action)));
    risks.extend(listed(RiskKind::Credentials, CREDENTIAL_ACTIONS, &grants, |_| true));
    risks
}

/// A path, if all of its actions are allowed in one way or another.
fn escalation(path: &Escalation, grants: &Grants<'_, '_, '_>) -> Option<Risk> {
    let actions: Vec<Action<'static>> =
        path.actions.iter().map(|name| reference().action(name)).collect::<Option<_>>()?;
    let mut limits = BTreeSet::new();
    for (action, name) in actions.iter().zip(path.actions) {
        let limits_of = |one: &&&Allowed<'_, '_>| {
            let mut limits = limits_of(one);
            match path.principal {
                Some(principal) if *name == PASS_ROLE => {
                    if excludes_service(one.statement, principal) {
                        return None;
                    }
                    if !passes_any_role(one.statement) {
                        limits.insert(Limit::Resources);
                    }
                    if only_asks_for_service(one) {
                        limits.remove(&Limit::Condition);
                    }
                }
                // Who passes a role finds a way to use it: what the other actions are allowed on is no obstacle.
                Some(_) => {}
                None if is_everywhere(one.statement, *action) => {}
                None => {
                    limits.insert(Limit::Resources);
                }
            }
            Some(limits)
        };
        let least = grants.get(action)?.iter().filter_map(|one| limits_of(&one)).min_by_key(BTreeSet::len)?;
        limits.extend(least);
    }
    Some(Risk { kind: RiskKind::Escalation(path.id), actions, limits: limits.into_iter().collect() })
}

/// The actions of a table that are allowed, in one risk for each way in which they are limited.
fn listed(
    kind: RiskKind,
    names: &[&str],
    grants: &Grants<'_, '_, '_>,
    counts: impl Fn(&Allowed<'_, '_>) -> bool,
) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Vec::new();
    for action in names.iter().filter_map(|name| reference().action(name)) {
        let own = grants.get(&action).into_iter().flatten().filter(|one| counts(one));
        let Some(limits) = own.map(|one| limits_of(one)).min_by_key(BTreeSet::len) else { continue };
        let limits: Vec<Limit> = limits.into_iter().collect();
        match risks.iter_mut().find(|risk| risk.limits == limits) {
            Some(risk) => risk.actions.push(action),
            None => risks.push(Risk { kind, actions: vec![action], limits }),
        }
    }
    risks
}

/// What limits an action wherever it may be used.
fn limits_of(one: &Allowed<'_, '_>) -> BTreeSet<Limit> {
    let condition = one.statement.has_condition().then_some(Limit::Condition);
    let denial = (!one.exceptions.is_empty()).then_some(Limit::Deny);
    condition.into_iter().chain(denial).collect()
}

/// Whether all that a statement asks for is the service that a role is passed to.
fn only_asks_for_service(one: &Allowed<'_, '_>) -> bool {
    let mut tests = one.statement.statement.condition.iter().flat_map(|block| &block.tests);
    tests.all(|test| test.key.eq_ignore_ascii_case("iam:PassedToService"))
}
