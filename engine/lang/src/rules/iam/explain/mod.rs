//! What policies let containers do. No rule: nothing is judged here, but by the same statements that the rules go by.

mod grants;
mod risks;

use std::collections::HashSet;

use super::context::{PolicyContext, Reach, StatementContext, Target};
use super::{parameters, with_policy};
use crate::config::Value;
use crate::iam::policy::{Effect, Element, Reader, Written};
use crate::iam::reference::{AccessLevel, Action, reference};
use crate::iam::tables::default_grants::DEFAULT_GRANTS;
use crate::inputs::DocumentKind;
use crate::rules::RuleContext;

/// What one policy comes to.
#[derive(Debug)]
pub struct Explanation {
    /// The container that it belongs to; `None` for a policy that stands alone.
    pub container: Option<String>,
    /// How much of it could be read.
    pub source: PolicySource,
    /// What it allows, less what it takes back.
    pub grants: Vec<Grant>,
    /// What it denies, as it is written.
    pub denials: Vec<Denial>,
    /// What every container may do beside it, less what it takes back. Empty for a policy that stands alone.
    pub default_grants: Vec<Action<'static>>,
    /// Which of the known risks it has.
    pub risks: Vec<Risk>,
    /// What is written and has no part in the above.
    pub left_out: Vec<LeftOut>,
}

/// Where an explanation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// A policy.
    Policy,
    /// The container has none.
    None,
    /// Only a deployment knows the policy.
    Unknown,
    /// What stands there is no policy.
    Faulty,
}

/// What is done to a resource: the published levels, and what deletes told apart from what writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// Reads what is in a resource, or its settings.
    Read,
    /// Tells which resources there are.
    List,
    /// Makes or changes resources.
    Write,
    /// Removes resources or what is in them.
    Delete,
    /// Changes nothing but tags.
    Tag,
    /// Grants or changes permissions.
    Administer,
}

/// Actions of one ability that are allowed on the same resources under the same conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// What is done.
    pub ability: Ability,
    /// The actions, by name.
    pub actions: Vec<Action<'static>>,
    /// What the statement spares, where it is about every action but a few, or about all.
    pub every_but: Option<Vec<String>>,
    /// What it is done to.
    pub resources: Scope,
    /// When.
    pub conditions: Conditions,
    /// What a `Deny` takes back of it.
    pub exceptions: Vec<Exception>,
}

/// Actions or resources as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Whether all are meant but these: `NotAction`, `NotResource`.
    pub negated: bool,
    /// The texts.
    pub texts: Vec<String>,
}

/// The tests of a statement, all of which have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The tests.
    pub tests: Vec<Condition>,
    /// Whether there are more that cannot be read.
    pub has_unreadable: bool,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: String,
    /// The condition key.
    pub key: String,
    /// The values, one of which has to fit.
    pub values: Vec<String>,
}

/// What a `Deny` takes back of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The resources on which it does.
    pub resources: Scope,
    /// When it does.
    pub conditions: Conditions,
}

/// A `Deny`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The actions.
    pub actions: Scope,
    /// The resources.
    pub resources: Scope,
    /// When.
    pub conditions: Conditions,
}

/// Something for which an attacker would want the role.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// What it is.
    pub kind: RiskKind,
    /// The actions that it takes.
    pub actions: Vec<Action<'static>>,
    /// What stands in its way; nothing, and it is open.
    pub limits: Vec<Limit>,
}

/// The kinds of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskKind {
    /// Everything is allowed.
    Administrator,
    /// More permissions than were given, on the path of this name.
    Escalation(&'static str),
    /// The data of everything that an account keeps can be read.
    Exfiltration,
    /// Credentials are handed out that work without the role.
    Credentials,
}

/// What stands in the way of a risk, without keeping it away for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// The actions are allowed on some resources only.
    Resources,
    /// They are allowed under a condition.
    Condition,
    /// A `Deny` takes a part of them back.
    Deny,
}

/// Something that has no part in an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What is written.
    pub text: String,
    /// Why.
    pub reason: Reason,
}

/// Why something has no part in an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has a fault.
    Fault,
    /// Only a deployment knows it.
    Unknown,
    /// An action that is allowed, of which no more is known than its name.
    NameOnly,
    /// An action that none of the resources is for.
    NoResource,
    /// An allowed action that a `Deny` takes back altogether.
    TakenBack,
}

/// Explains the policies of a document, container by container.
pub(crate) fn explain(ctx: &RuleContext<'_>) -> Vec<Explanation> {
    match ctx.inputs.kind {
        DocumentKind::Policy => vec![of_policy(ctx, ctx.root(), None)],
        DocumentKind::Configuration => {
            let policy = |value: Value<'_>| !value.is_null();
            let containers = ctx.containers();
            containers
                .map(|container| {
                    let own = container.get(&["compute", "awsIam", "customPolicy"]).filter(|value| policy(*value));
                    of_policy(ctx, own, Some(container.name))
                })
                .collect()
        }
    }
}

fn of_policy<'a>(ctx: &RuleContext<'a>, value: Option<Value<'a>>, container: Option<&str>) -> Explanation {
    let mut explanation = Explanation {
        container: container.map(str::to_owned),
        source: PolicySource::Policy,
        grants: Vec::new(),
        denials: Vec::new(),
        default_grants: Vec::new(),
        risks: Vec::new(),
        left_out: Vec::new(),
    };
    let every_container = || {
        let granted = container.map(|_| DEFAULT_GRANTS).unwrap_or_default();
        granted.iter().filter_map(|name| reference().action(name)).collect()
    };
    let Some(value) = value else {
        let source = if container.is_some() { PolicySource::None } else { PolicySource::Faulty };
        return Explanation { source, default_grants: every_container(), ..explanation };
    };
    let reader = Reader::new(ctx.document, ctx.config);
    if reader.is_unknown(value) {
        return Explanation { source: PolicySource::Unknown, default_grants: every_container(), ..explanation };
    }
    if reader.written(value) != Written::Map {
        return Explanation { source: PolicySource::Faulty, default_grants: every_container(), ..explanation };
    }
    with_policy(ctx, value, None, &parameters(ctx), &mut Vec::new(), |context, _| {
        let allowed = grants::allowed(context);
        explanation.risks = risks::of(context, &allowed);
        explanation.grants = grants::grouped(context, &allowed);
        explanation.denials = context.statements.iter().filter(|statement| denies(statement)).map(denial).collect();
        explanation.default_grants = every_container();
        explanation
            .default_grants
            .retain(|action| !context.statements.iter().any(|denial| is_absolute(denial, *action)));
        explanation.left_out = left_out(context, &allowed);
    });
    explanation
}

fn denies(statement: &StatementContext<'_>) -> bool {
    statement.effect() == Some(Effect::Deny)
}

/// Whether a statement takes back an action wherever it is allowed.
fn is_absolute(statement: &StatementContext<'_>, action: Action<'static>) -> bool {
    let on_all = statement.star().is_some() && !statement.has_not_resource();
    denies(statement) && !statement.has_condition() && on_all && statement.is_about(action)
}

fn denial(statement: &StatementContext<'_>) -> Denial {
    Denial {
        actions: Scope::of(statement.statement.actions.as_ref()),
        resources: Scope::of(statement.statement.resources.as_ref()),
        conditions: Conditions::of(statement),
    }
}

/// What is written and not counted, each once, in the order of the text.
fn left_out(ctx: &PolicyContext<'_>, allowed: &[grants::Allowed<'_, '_>]) -> Vec<LeftOut> {
    let granted: HashSet<(*const StatementContext<'_>, Action<'static>)> =
        allowed.iter().map(|one| (std::ptr::from_ref(one.statement), one.action)).collect();
    let mut all: Vec<LeftOut> = Vec::new();
    let mut add = |text: &str, reason: Reason| {
        let entry = LeftOut { text: text.to_owned(), reason };
        if !all.contains(&entry) {
            all.push(entry);
        }
    };
    for statement in &ctx.statements {
        if statement.effect().is_none() {
            add("a statement without a valid Effect", Reason::Fault);
            continue;
        }
        for entry in &statement.actions {
            let is_granted = |action: &Action<'static>| granted.contains(&(std::ptr::from_ref(statement), *action));
            match &entry.reach {
                Reach::Faulty => add(entry.text.text, Reason::Fault),
                Reach::Unknown => add(entry.text.text, Reason::Unknown),
                Reach::Bare if statement.allows() => add(entry.text.text, Reason::NameOnly),
                Reach::One(_) | Reach::Pattern(_) if statement.allows() && !statement.has_not_action() => {
                    if entry.taken_back.is_some() {
                        add(entry.text.text, Reason::TakenBack);
                    } else if !entry.reach.actions().iter().any(is_granted) {
                        add(entry.text.text, Reason::NoResource);
                    }
                }
                _ => {}
            }
        }
        for entry in &statement.resources {
            if matches!(entry.target, Target::Faulty) {
                add(entry.text.text, Reason::Fault);
            }
        }
        for (element, name) in [(&statement.statement.actions, "Action"), (&statement.statement.resources, "Resource")]
        {
            match element {
                None => add(&format!("a statement that has no {name}, or two of them"), Reason::Fault),
                Some(element) if element.has_others => add(&format!("a part of {name} that is no text"), Reason::Fault),
                Some(_) => {}
            }
        }
    }
    all
}

impl Ability {
    /// Every ability, in the order in which they are told.
    pub const ALL: [Self; 6] = [Self::Read, Self::List, Self::Write, Self::Delete, Self::Tag, Self::Administer];

    /// What an action does.
    pub fn of(action: Action<'_>) -> Self {
        match action.level() {
            AccessLevel::List => Self::List,
            AccessLevel::Read => Self::Read,
            AccessLevel::Tagging => Self::Tag,
            AccessLevel::PermissionsManagement => Self::Administer,
            AccessLevel::Write if deletes(action.name()) => Self::Delete,
            AccessLevel::Write => Self::Write,
        }
    }

    /// The verb.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Tag => "tag",
            Self::Administer => "administer",
        }
    }
}

/// Whether a name speaks of removal: the published levels do not tell that from other writing.
fn deletes(name: &str) -> bool {
    const WORDS: [&str; 4] = ["Delete", "Destroy", "Purge", "Terminate"];
    let is_word = |word: &str| {
        name.match_indices(word).any(|(at, _)| !name[at + word.len()..].starts_with(|next: char| next.is_lowercase()))
    };
    WORDS.into_iter().any(is_word) || name == "ScheduleKeyDeletion"
}

impl Scope {
    fn of(element: Option<&Element<'_>>) -> Self {
        element.map_or_else(Self::default, |element| Self {
            negated: element.negated,
            texts: element.entries.iter().map(|entry| entry.text.to_owned()).collect(),
        })
    }

    /// Whether everything is meant.
    pub fn is_everything(&self) -> bool {
        !self.negated && self.texts.iter().any(|text| text == "*")
    }
}

impl Conditions {
    fn of(statement: &StatementContext<'_>) -> Self {
        let blocks = || statement.statement.condition.iter();
        let tests: Vec<Condition> = blocks()
            .flat_map(|block| block.tests.iter().map(move |test| (block, test)))
            .map(|(block, test)| Condition {
                operator: block.name.to_owned(),
                key: test.key.to_owned(),
                values: test.values.iter().map(|value| value.text.text.to_owned()).collect(),
            })
            .collect();
        let is_sound = blocks().all(|block| block.operator.is_some() && !block.tests.is_empty());
        let has_unreadable = statement.has_condition() && (tests.is_empty() || !is_sound);
        Self { tests, has_unreadable }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty() && !self.has_unreadable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleting_is_told_by_words() {
        for (name, expected) in [
            ("DeleteItem", true),
            ("BatchDeleteImage", true),
            ("TerminateInstances", true),
            ("PurgeQueue", true),
            ("ScheduleKeyDeletion", true),
            ("CancelKeyDeletion", false),
            ("UpdateTerminationProtection", false),
            ("PutDeletedThing", false),
            ("UndeleteThing", false),
        ] {
            assert_eq!(deletes(name), expected, "{name}");
        }
    }
}
