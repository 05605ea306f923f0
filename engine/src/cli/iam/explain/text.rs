//! The explanation for people: what is done first, then to what, when, and with which exceptions.

use std::collections::BTreeMap;

use slipway_lang::iam::reference::{Action, Service};
use slipway_lang::iam::tables::default_grants::DEFAULT_GRANTS;
use slipway_lang::rules::explain::{
    Ability, Condition, Conditions, Denial, Exception, Explanation, Grant, LeftOut, Limit, PolicySource, Reason, Risk,
    RiskKind, Scope,
};

use super::ExplainedFile;

/// Where what is said of a heading begins.
const COLUMN: usize = 14;
/// Lines are broken behind this column where they can be.
const WIDTH: usize = 100;
/// More actions of one service than this are counted.
const MOST_ACTIONS: usize = 12;
/// More services than this are counted.
const MOST_SERVICES: usize = 8;

/// Prints the explanations, file by file.
pub(super) fn render(files: &[ExplainedFile]) -> String {
    let mut text = String::new();
    for file in files {
        for policy in &file.policies {
            if !text.is_empty() {
                text.push('\n');
            }
            let name = policy.container.as_deref().unwrap_or(&file.path);
            let file =
                if policy.container.is_some() && files.len() > 1 { format!(" ({})", file.path) } else { String::new() };
            text.push_str(&format!("{name}{file}\n"));
            policy_lines(policy, &mut Lines { text: &mut text, heading: "" });
        }
        if file.policies.is_empty() {
            text.push_str(&format!("{}: no container\n", file.path));
        }
    }
    text
}

/// Lines under headings that stand at the margin.
struct Lines<'t> {
    text: &'t mut String,
    heading: &'static str,
}

impl Lines<'_> {
    /// Names what the next lines are about.
    fn head(&mut self, heading: &'static str) {
        self.heading = heading;
    }

    /// A line, broken between words where it is too long; `depth` moves it to the right.
    fn add(&mut self, depth: usize, words: &str) {
        let margin = COLUMN + 2 * depth;
        let heading = std::mem::take(&mut self.heading);
        let mut line = format!("{:COLUMN$}{}", format!("  {heading}"), "  ".repeat(depth));
        let mut is_first = true;
        for word in words.split(' ') {
            if !is_first && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                line = " ".repeat(margin + 4);
            } else if !is_first {
                line.push(' ');
            }
            line.push_str(word);
            is_first = false;
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

fn policy_lines(policy: &Explanation, lines: &mut Lines<'_>) {
    let nothing = match policy.source {
        PolicySource::Policy if policy.grants.is_empty() => Some("The policy allows nothing."),
        PolicySource::Policy => None,
        PolicySource::None => Some("It has no policy."),
        PolicySource::Unknown => Some("Only a deployment knows its policy."),
        PolicySource::Faulty => Some("What stands there is no policy."),
    };
    if let Some(nothing) = nothing {
        lines.text.push_str(&format!("  {nothing}\n"));
    }
    for ability in Ability::ALL {
        lines.head(ability.name());
        policy.grants.iter().filter(|grant| grant.ability == ability).for_each(|grant| grant_lines(grant, lines));
    }
    lines.head("denied");
    policy.denials.iter().for_each(|denial| denial_lines(denial, lines));
    lines.head("risks");
    if policy.source == PolicySource::Policy && !policy.grants.is_empty() {
        risk_lines(&policy.risks, lines);
    }
    lines.head("not counted");
    left_out_lines(&policy.left_out, lines);
    if policy.container.is_some() {
        lines.head("beside it");
        lines.add(0, &beside(&policy.default_grants));
    }
}

/// What every container may do, and which of it this one may not.
fn beside(granted: &[Action<'_>]) -> String {
    let lost: Vec<&str> = DEFAULT_GRANTS
        .iter()
        .copied()
        .filter(|name| !granted.iter().any(|action| action.to_string() == *name))
        .collect();
    let all = "what every container may do: write logs, pull images, manage its network interfaces";
    if lost.is_empty() { all.to_owned() } else { format!("{all}; but a Deny takes back {}", lost.join(", ")) }
}

fn grant_lines(grant: &Grant, lines: &mut Lines<'_>) {
    let services = by_service(&grant.actions);
    if services.len() > MOST_SERVICES {
        let which = match grant.every_but.as_deref() {
            Some([]) => "everything".to_owned(),
            Some(spared) => format!("everything but {}", spared.join(", ")),
            None => format!("{} and so on", services.keys().take(3).copied().collect::<Vec<_>>().join(", ")),
        };
        lines.add(0, &format!("{} actions of {} services: {which}", grant.actions.len(), services.len()));
    } else {
        for actions in services.values() {
            lines.add(0, &of_service(grant.ability, actions));
        }
    }
    lines.add(1, &format!("on {}", resources(&grant.resources)));
    if let Some(conditions) = conditions(&grant.conditions) {
        lines.add(1, &format!("only if {conditions}"));
    }
    grant.exceptions.iter().for_each(|exception| lines.add(1, &exception_words(exception)));
}

fn exception_words(exception: &Exception) -> String {
    let time = conditions(&exception.conditions).map(|conditions| format!(" if {conditions}")).unwrap_or_default();
    match &exception.resources {
        everything if everything.is_everything() => format!("but not{time}"),
        Scope { negated: true, texts } => format!("but{time} only on {}", texts.join(", ")),
        Scope { texts, .. } => format!("but not on {}{time}", texts.join(", ")),
    }
}

fn denial_lines(denial: &Denial, lines: &mut Lines<'_>) {
    let actions = if denial.actions.negated {
        format!("every action but {}", denial.actions.texts.join(", "))
    } else {
        denial.actions.texts.join(", ")
    };
    lines.add(0, &actions);
    lines.add(1, &format!("on {}", resources(&denial.resources)));
    if let Some(conditions) = conditions(&denial.conditions) {
        lines.add(1, &format!("only if {conditions}"));
    }
}

/// The risks, the open ones first. A path that needs more than another one does is no news.
fn risk_lines(risks: &[Risk], lines: &mut Lines<'_>) {
    let is_open_admin = |risk: &Risk| risk.kind == RiskKind::Administrator && risk.limits.is_empty();
    if risks.iter().any(is_open_admin) {
        lines.add(0, "Administrator: everything is allowed on everything, so every other risk is there as well.");
        return;
    }
    let needs_more = |risk: &Risk| {
        let is_less = |other: &Risk| {
            other.actions.len() < risk.actions.len()
                && other.actions.iter().all(|action| risk.actions.contains(action))
                && other.limits.iter().all(|limit| risk.limits.contains(limit))
        };
        risks.iter().any(|other| matches!(other.kind, RiskKind::Escalation(_)) && is_less(other))
    };
    let mut told: Vec<&Risk> = risks.iter().filter(|risk| !needs_more(risk)).collect();
    told.sort_by_key(|risk| (risk.limits.len(), matches!(risk.kind, RiskKind::Escalation(_))));
    if told.is_empty() {
        lines.add(0, "none of those that are known");
    }
    for risk in told {
        let actions = named(&risk.actions);
        let what = match risk.kind {
            RiskKind::Administrator => "Administrator: everything is allowed on everything".to_owned(),
            RiskKind::Escalation(path) => format!("More permissions, path {path}: {actions}"),
            RiskKind::Exfiltration => format!("Any data can be read: {actions}"),
            RiskKind::Credentials => format!("Credentials are handed out: {actions}"),
        };
        lines.add(0, &what);
        let limits: Vec<&str> = risk.limits.iter().map(|limit| limit_words(*limit)).collect();
        if !limits.is_empty() {
            lines.add(1, &limits.join(", "));
        }
    }
}

/// The actions, or the first of many.
fn named(actions: &[Action<'_>]) -> String {
    let names = |actions: &[Action<'_>]| actions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if actions.len() <= MOST_ACTIONS {
        return names(actions);
    }
    let shown = MOST_ACTIONS / 2;
    format!("{} and {} more", names(&actions[..shown]), actions.len() - shown)
}

fn limit_words(limit: Limit) -> &'static str {
    match limit {
        Limit::Resources => "on the named resources only",
        Limit::Condition => "under a condition",
        Limit::Deny => "less what is denied",
    }
}

fn left_out_lines(left_out: &[LeftOut], lines: &mut Lines<'_>) {
    let reasons = [
        (Reason::Fault, "faulty"),
        (Reason::Unknown, "known to a deployment only"),
        (Reason::NameOnly, "allowed, but nothing is known of it but its name"),
        (Reason::NoResource, "never allowed, as no resource of the statement is one that it is for"),
        (Reason::TakenBack, "never allowed, as a Deny takes it back"),
    ];
    for (reason, words) in reasons {
        let texts: Vec<&str> =
            left_out.iter().filter(|entry| entry.reason == reason).map(|entry| entry.text.trim()).collect();
        if !texts.is_empty() {
            lines.add(0, &format!("{words}: {}", texts.join(", ")));
        }
    }
}

/// The actions, service by service.
fn by_service<'r>(actions: &[Action<'r>]) -> BTreeMap<&'r str, Vec<Action<'r>>> {
    let mut services: BTreeMap<&str, Vec<Action<'r>>> = BTreeMap::new();
    for action in actions {
        services.entry(action.service().prefix()).or_default().push(*action);
    }
    services
}

fn of_service(ability: Ability, actions: &[Action<'_>]) -> String {
    let service: Service<'_> = actions[0].service();
    let all = service.actions().filter(|action| Ability::of(*action) == ability).count();
    let prefix = service.prefix();
    match actions.len() {
        count if count > MOST_ACTIONS && count == all => {
            format!("{prefix}: all {count} actions that {}", ability.name())
        }
        count if count > MOST_ACTIONS => {
            let shown = MOST_ACTIONS / 2;
            format!("{prefix}: {} and {} more of {all}", bare_names(&actions[..shown]), count - shown)
        }
        _ => format!("{prefix}: {}", bare_names(actions)),
    }
}

fn bare_names(actions: &[Action<'_>]) -> String {
    actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ")
}

fn resources(scope: &Scope) -> String {
    match scope {
        scope if scope.is_everything() => "everything (*)".to_owned(),
        Scope { negated: true, texts } => format!("everything but {}", texts.join(", ")),
        Scope { texts, .. } => texts.join(", "),
    }
}

/// The tests in words; `None` where there are none.
fn conditions(conditions: &Conditions) -> Option<String> {
    let test = |Condition { operator, key, values }: &Condition| match &values[..] {
        [] => format!("{key} {operator} nothing"),
        values => format!("{key} {operator} {}", values.join(" or ")),
    };
    let unreadable = conditions.has_unreadable.then(|| "something holds that cannot be read".to_owned());
    let tests: Vec<String> = conditions.tests.iter().map(test).chain(unreadable).collect();
    (!tests.is_empty()).then(|| tests.join(", and "))
}
